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
    struct rit_placed {
        bool given, refused;
        struct rit_origin from;
        yaml_mark_t at;
    } placed[RIT_MAX_SETTINGS];                /* where the settings that count stand */
    double asked[RIT_MAX_GRIDS][RIT_MAX_AXES]; /* values that an axis was to have; 0 after a complaint */
    yaml_mark_t grid_at;
};

/** A parameter's value, which stands in its section. */
void rit_walk_value(struct rit_walk *walk, const yaml_node_t *node, int index, yaml_mark_t key_at);

/** A setting's value; one that is not allowed is complained of. */
void rit_walk_setting(struct rit_walk *walk, const yaml_node_t *node, int setting);

/** Nothing where something could stand: "", "~", "null". */
bool rit_walk_is_null(const yaml_node_t *node);

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
