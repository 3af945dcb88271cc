/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A config file from its root. */
#ifndef RITARDANDO_CONFIG_DOCUMENT_H
#define RITARDANDO_CONFIG_DOCUMENT_H

#include "config/walk.h"

/** The whole file, from its root, then what is given instead of parts of it. */
void rit_walk_file(struct rit_walk *walk, const struct rit_overrides *overrides);

#endif
