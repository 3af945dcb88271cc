/* SPDX-License-Identifier: GPL-3.0-or-later */
/** `ritardando fetch-data`: the real chorales, from where their file is public. */
#ifndef RITARDANDO_CHORALE_FETCH_H
#define RITARDANDO_CHORALE_FETCH_H

#include <ritardando/status.h>

/** What the file must be, byte for byte. */
#define RIT_CHORALES_SHA256 "2db9329f1881a1d3f49703ec556bf1d6f84b4f6c1d702c156536e93cf31e1c91"

/** Its public origin. */
#define RIT_CHORALES_URL                                                                                     \
    "https://raw.githubusercontent.com/czhuang/JSB-Chorales-dataset/master/jsb-chorales-quarter.json"

/**
 * Download the chorale file from `url` (NULL: RIT_CHORALES_URL; https, http and file are understood), check
 * its SHA-256 and put it at `path` in one piece, making the folder if need be. Without `path` (NULL) it goes
 * where the source `chorales` looks by itself: rit_place_of_chorales in data/place/place.h.
 * RIT_IO if it cannot be had or written; RIT_BAD_INPUT, with both sums, if it is another file. What stood
 * at `path` then still stands.
 */
enum rit_status rit_fetch_data(const char *url, const char *path, struct rit_error *err);

#endif
