/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The words of a config file: sections, keys inside them, axes. All follow from the declarations. */
#ifndef RITARDANDO_CONFIG_KEYS_H
#define RITARDANDO_CONFIG_KEYS_H

#include <ritardando/point.h>

#include "config/config.h"

enum { RIT_MAX_SECTIONS = 24, RIT_SECTION_NAME = 24, RIT_MAX_SETTINGS = 32 };

/** Sections in the order of their first parameter; a key without a dot has none. */
struct rit_sections {
    int n;
    char name[RIT_MAX_SECTIONS][RIT_SECTION_NAME];
};

struct rit_sections rit_sections(const struct rit_registry *registry);

/** "eta" of "rule.eta"; "seed" of "seed". */
const char *rit_key_tail(const char *key);
/** Whether `key` belongs to `section`; "" is the section of keys without a dot. */
bool rit_key_is_in(const char *key, const char *section);

/** The name of a parameter as an axis: "depth" for model.depth, else its key. */
const char *rit_axis_name(const char *key);
/** The key that an axis name stands for: "model.depth" for "depth", else the name itself. */
const char *rit_axis_key(const char *name);
/** Short axis names, n of them. */
extern const char *const rit_short_axes[];
extern const int rit_short_axes_n;
/** Whether a parameter can be an axis: numbers, names and switches can. */
bool rit_can_be_axis(const struct rit_param *param);

/** "chorales or time-points" of a registry's member list "chorales time-points". */
void rit_members_print(const char *members, char *out, size_t size);
/** What a family's member says of itself, by the parameter that chooses it; NULL if `key` chooses none. */
const char *rit_member_meaning(const char *key, const char *name);

/** Text without control characters in double quotes, as both YAML and JSON read it. */
void rit_quoted_print(const char *text, struct rit_buffer *out);

/** The settings, which are no parameters of a point: keys "refine.*" and "run.*". A RIT_TEXT among them is
 * the name of an axis. */
extern const struct rit_param rit_settings[];
extern const int rit_settings_n;
/** The sections of settings, NULL-terminated, and what is said of each. */
extern const char *const rit_settings_sections[];
extern const char *const rit_settings_about[];
/** Index of a setting, or -1. */
int rit_setting_find(const char *key);
void rit_setting_put(struct rit_config *config, int i, const union rit_value *value);
union rit_value rit_setting_get(const struct rit_config *config, int i);

#endif
