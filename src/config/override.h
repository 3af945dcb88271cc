/* SPDX-License-Identifier: GPL-3.0-or-later */
/** "KEY=VALUE" on the command line. */
#ifndef RITARDANDO_CONFIG_OVERRIDE_H
#define RITARDANDO_CONFIG_OVERRIDE_H

#include "config/walk.h"

/** "KEY=VALUE" that stand for parts of a file: read them and mark what they are for, before the file is
 * walked; then put them in. */
struct rit_override {
    char *text; /* spaces for what is before VALUE, so that places in it are those of the argument; owned */
    yaml_document_t document;
    struct rit_origin from;
    bool loaded;
    int param, setting; /* -1: not of this kind */
};
void rit_override_load(struct rit_walk *walk, const char *argument, int order, struct rit_override *one);
void rit_override_apply(struct rit_walk *walk, struct rit_override *one);
void rit_override_release(struct rit_override *one);

#endif
