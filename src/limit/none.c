/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network itself. */
#include <ritardando/limit.h>

const struct rit_limit rit_limit_none = {
    .member = {.name = "none", .meaning = "the network itself is trained, at its finite width"},
};
