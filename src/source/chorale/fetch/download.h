/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The bytes behind a URL, by libcurl; a program that was built without it knows files only. */
#ifndef RITARDANDO_CHORALE_FETCH_DOWNLOAD_H
#define RITARDANDO_CHORALE_FETCH_DOWNLOAD_H

#include "base/pack.h"

#include <ritardando/status.h>

/**
 * Append what is at `url` (https, http or file) to `body`, whose owner is the caller. RIT_IO if it cannot be
 * had; RIT_BAD_INPUT if it is larger than `largest` bytes.
 */
enum rit_status rit_download(const char *url, size_t largest, struct rit_buffer *body, struct rit_error *err);

#endif
