/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The typed walk over a config's document tree. Each step either fills the config or complains. */
#ifndef RITARDANDO_CONFIG_WALK_H
#define RITARDANDO_CONFIG_WALK_H

#include "config/complaints.h"
#include "config/config.h"
#include "config/keys.h"

struct rit_walk {
    yaml_document_t *document;
    struct rit_complaints *complaints;
    struct rit_config *config;
    struct rit_given {
        bool in_section, in_grid;
        bool wrong; /* given, but with a value that was complained of */
        struct rit_origin from;
        yaml_mark_t at;
    } given[RIT_MAX_PARAMS];
    bool overridden[RIT_MAX_PARAMS]; /* what the file says of it is checked, and does not count */
    bool overrides_setting[RIT_MAX_SETTINGS];
    double asked[RIT_MAX_GRIDS][RIT_MAX_AXES]; /* values that an axis was to have; 0 after a complaint */
    yaml_mark_t grid_at;
};

/** The whole file, from its root, then what is given instead of parts of it. */
void rit_walk_file(struct rit_walk *walk, const struct rit_overrides *overrides);

/** A parameter's value, which stands in its section. */
void rit_walk_value(struct rit_walk *walk, const yaml_node_t *node, int index, yaml_mark_t key_at);

/** Section `grid`: fills the axes of one grid, or of a list of them. */
void rit_walk_grid(struct rit_walk *walk, const yaml_node_t *grid);
/** Other values for the axis of this parameter in all grids, or one more axis. */
void rit_walk_axis(struct rit_walk *walk, const yaml_node_t *values, int param, yaml_mark_t at);
/** What only shows when all axes are there: unequal ones that go together, and too many points. */
void rit_walk_grid_end(struct rit_walk *walk);
/** The parameter of an axis, or -1 with a complaint. */
int rit_walk_axis_param(struct rit_walk *walk, const char *name, yaml_mark_t at);

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

/** One value of any kind but RIT_REALS. False with a complaint if it is not allowed. A TEXT borrows the
 * node's. */
bool rit_walk_scalar(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                     union rit_value *value);

/** Entry `i` of a mapping: its value, and its key in *key (NULL with a complaint if that is no word). */
const yaml_node_t *rit_walk_pair(struct rit_walk *walk, const yaml_node_t *mapping, int i, const char **key,
                                 yaml_mark_t *at);
int rit_walk_pairs(const yaml_node_t *mapping);

/** Complain of `key`, with the nearest of known[0..n-1] or, where none is near, all of them. */
void rit_walk_unknown(struct rit_walk *walk, yaml_mark_t at, const char *key, const char *where,
                      const char *const *known, int n);

#endif
