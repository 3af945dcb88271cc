/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/rows.h>

int64_t rit_rows_count(const struct rit_rows *rows, int n)
{
    int64_t set = 0;
    size_t words = rows->bits ? (size_t)n * (size_t)rit_port_words(rows->port) : 0;
    for (size_t i = 0; i < words; i++)
        set += __builtin_popcountll(rows->bits[i]);
    return set;
}
