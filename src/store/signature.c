/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/signature.h"

#include "base/version.h"

enum { VALUE_TEXT = 1024 };

static void put_hash(struct rit_h5 *h5, const char *name, const struct rit_hash *hash)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(hash, RIT_HASH_HEX - 1, hex);
    rit_h5_text_attribute(h5, h5->file, name, hex);
}

static void put_parameters(struct rit_h5 *h5, const struct rit_point *point)
{
    for (int i = 0; i < point->registry->count; i++) {
        const struct rit_param *param = point->registry->param[i];
        char text[VALUE_TEXT];
        if (param->not_identity || !rit_param_applies(point, i))
            continue;
        if (param->kind == RIT_INT) {
            rit_h5_int_attribute(h5, h5->file, param->key, point->value[i].i);
        } else if (param->kind == RIT_REAL) {
            rit_h5_real_attribute(h5, h5->file, param->key, point->value[i].x);
        } else {
            rit_value_print(param, &point->value[i], text, sizeof text);
            rit_h5_text_attribute(h5, h5->file, param->key, text);
        }
    }
}

void rit_signature_put(struct rit_h5 *h5, const char *title, const struct rit_signature *signature)
{
    rit_h5_text_attribute(h5, h5->file, "title", title);
    rit_h5_text_attribute(h5, h5->file, "program", rit_version());
    rit_h5_int_attribute(h5, h5->file, "numerics_version", RIT_NUMERICS_VERSION);
    put_hash(h5, "identity", signature->identity);
    put_hash(h5, "trajectory", signature->trajectory);
    put_parameters(h5, signature->point);
}
