/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Which point a file is of that is made of one: the attributes that all such files begin with. */
#ifndef RITARDANDO_STORE_SIGNATURE_H
#define RITARDANDO_STORE_SIGNATURE_H

#include <ritardando/point.h>

#include "base/hash.h"
#include "store/h5.h"

/** Borrowed. */
struct rit_signature {
    const struct rit_hash *identity, *trajectory;
    const struct rit_point *point;
};

/** The title, the program, the point's hashes, and the parameters that have a meaning for it under their
 * keys. */
void rit_signature_put(struct rit_h5 *h5, const char *title, const struct rit_signature *signature);

#endif
