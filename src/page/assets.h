/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The files of src/page/assets, as the build put them into the program. */
#ifndef RITARDANDO_PAGE_ASSETS_H
#define RITARDANDO_PAGE_ASSETS_H

#include <stddef.h>

struct rit_asset {
    const char *name; /* NULL ends the list */
    const unsigned char *data;
    size_t size; /* without the zero that follows */
};

extern const struct rit_asset rit_assets[];

#endif
