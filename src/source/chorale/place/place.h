/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Where files that fetch-data has fetched lie when nobody says. */
#ifndef RITARDANDO_CHORALE_PLACE_H
#define RITARDANDO_CHORALE_PLACE_H

#include <stddef.h>

/**
 * $XDG_DATA_HOME/ritardando/FILE, with $HOME/.local/share where XDG_DATA_HOME is not set; an empty text if
 * HOME is not set either or the path does not fit.
 */
void rit_place_of(const char *file, char *path, size_t size);

/** The same of the chorale file, jsb-chorales-quarter.json. */
void rit_place_of_chorales(char *path, size_t size);

#endif
