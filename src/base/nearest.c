/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 40 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Damerau's distance in its restricted form (no letter is moved twice), by rows of the usual table. */
static int slips(const char *a, int n, const char *b, int m)
{
    int row[3][LONGEST + 1];
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int wrong = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            now[j] = least(before[j - 1] + wrong, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], two_before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *rit_nearest(const char *word, const char *const *known, int n)
{
    size_t length = strnlen(word, LONGEST + 1);
    if (length > LONGEST)
        return NULL;
    const char *nearest = NULL;
    int fewest = (int)(length + 2) / 3 + 1;
    for (int i = 0; i < n; i++) {
        size_t other = strnlen(known[i], LONGEST + 1);
        if (other > LONGEST)
            continue;
        int distance = slips(word, (int)length, known[i], (int)other);
        if (distance < fewest) {
            fewest = distance;
            nearest = known[i];
        }
    }
    return nearest;
}
