/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/document.h"

#include "config/grid.h"
#include "config/keys.h"
#include "config/override.h"
#include "config/plan.h"
#include "config/refine.h"
#include "config/walk.h"

#include <stdio.h>
#include <string.h>

/* True if there is something to walk. A section may be empty: one that is all comments is. */
static bool is_section(struct rit_walk *walk, const yaml_node_t *node, const char *name)
{
    if (node->type == YAML_MAPPING_NODE)
        return true;
    if (!rit_walk_is_null(node))
        rit_complain(walk->complaints, node->start_mark, "'%s' must be a section: keys with values", name);
    return false;
}

static void walk_section(struct rit_walk *walk, const yaml_node_t *section, const char *name)
{
    if (!is_section(walk, section, name))
        return;
    const struct rit_registry *registry = walk->config->base.registry;
    const char *known[RIT_MAX_PARAMS];
    int index[RIT_MAX_PARAMS], n = 0;
    for (int i = 0; i < registry->count; i++) {
        if (rit_key_is_in(registry->param[i]->key, name)) {
            known[n] = rit_key_tail(registry->param[i]->key);
            index[n++] = i;
        }
    }
    for (int p = 0; p < rit_walk_pairs(section); p++) {
        const char *key;
        yaml_mark_t at;
        const yaml_node_t *value = rit_walk_pair(walk, section, p, &key, &at);
        int i = 0;
        while (key && i < n && strcmp(known[i], key) != 0)
            i++;
        if (key && i < n) {
            rit_walk_value(walk, value, index[i], at);
        } else if (key) {
            char where[64];
            snprintf(where, sizeof where, " in section '%s'", name);
            rit_walk_unknown(walk, at, key, where, known, n);
        }
    }
}

static void walk_settings(struct rit_walk *walk, const yaml_node_t *section, const char *name)
{
    if (!is_section(walk, section, name))
        return;
    const char *known[RIT_MAX_SETTINGS];
    int index[RIT_MAX_SETTINGS], n = 0;
    bool seen[RIT_MAX_SETTINGS] = {false};
    RIT_CHECK(rit_settings_n <= RIT_MAX_SETTINGS);
    for (int i = 0; i < rit_settings_n; i++)
        if (rit_key_is_in(rit_settings[i].key, name)) {
            known[n] = rit_key_tail(rit_settings[i].key);
            index[n++] = i;
        }
    for (int p = 0; p < rit_walk_pairs(section); p++) {
        const char *key;
        yaml_mark_t at;
        const yaml_node_t *node = rit_walk_pair(walk, section, p, &key, &at);
        int i = 0;
        while (key && i < n && strcmp(known[i], key) != 0)
            i++;
        char where[64];
        snprintf(where, sizeof where, " in section '%s'", name);
        if (key && i == n)
            rit_walk_unknown(walk, at, key, where, known, n);
        else if (key && seen[i])
            rit_complain(walk->complaints, at, "%s is given twice", rit_settings[index[i]].key);
        else if (key)
            rit_walk_setting(walk, node, index[i]);
        if (key && i < n)
            seen[i] = true;
    }
}

/* What may stand at the left margin: sections first, then the keys without a section. */
struct top {
    struct rit_sections sections;
    int n, first_key;
    const char *name[RIT_MAX_SECTIONS + 3 + RIT_MAX_PARAMS];
    bool seen[RIT_MAX_SECTIONS + 3];
};

static void list_top(struct top *top, const struct rit_registry *registry)
{
    top->sections = rit_sections(registry);
    top->name[0] = "grid";
    top->name[1] = "refine";
    top->name[2] = "run";
    top->n = 3;
    for (int i = 0; i < top->sections.n; i++)
        top->name[top->n++] = top->sections.name[i];
    top->first_key = top->n;
    for (int i = 0; i < registry->count; i++)
        if (!strchr(registry->param[i]->key, '.'))
            top->name[top->n++] = registry->param[i]->key;
}

static void walk_top_entry(struct rit_walk *walk, struct top *top, const char *key, yaml_mark_t at,
                           const yaml_node_t *node)
{
    int i = 0;
    while (i < top->n && strcmp(top->name[i], key) != 0)
        i++;
    if (i == top->n) {
        rit_walk_unknown(walk, at, key, "", top->name, top->n);
    } else if (i >= top->first_key) {
        rit_walk_value(walk, node, rit_param_find(walk->config->base.registry, key), at);
    } else if (top->seen[i]) {
        rit_complain(walk->complaints, at, "section '%s' is given twice; put its keys together", key);
    } else {
        top->seen[i] = true;
        if (i == 0 && (node->type == YAML_SEQUENCE_NODE || is_section(walk, node, "grid")))
            rit_walk_grid(walk, node);
        else if (i == 1 || i == 2)
            walk_settings(walk, node, key);
        else if (i > 2)
            walk_section(walk, node, key);
    }
}

/* The one value that a parameter has in all points; NULL if there are several. */
static const union rit_value *only_value(const struct rit_walk *walk, int param)
{
    const struct rit_config *config = walk->config;
    const union rit_value *only = walk->given[param].in_grid ? NULL : &config->base.value[param];
    for (int a = 0; a < config->axes && config->grids == 1; a++)
        if (config->grid[0].axis[a].param == param && config->grid[0].axis[a].n == 1)
            only = &config->grid[0].axis[a].value[0];
    return only;
}

/* What only shows once everything is read: a parameter in two places, or without a meaning. */
static void complain_of_strays(struct rit_walk *walk)
{
    const struct rit_registry *registry = walk->config->base.registry;
    for (int i = 0; i < registry->count; i++) {
        const struct rit_given *given = &walk->given[i];
        const char *key = registry->param[i]->key;
        walk->complaints->from = given->from;
        if (given->in_section && given->in_grid)
            rit_complain(walk->complaints, given->at, "%s is given here and as an axis of the grid; drop one",
                         key);
        const struct rit_condition *missed = rit_config_misses(walk->config, i);
        if ((!given->in_section && !given->in_grid) || !missed || walk->given[missed->selector].wrong)
            continue;
        const struct rit_param *chooser = registry->param[missed->selector];
        const union rit_value *only = only_value(walk, missed->selector);
        char is[RIT_MAX_TEXT] = "", needs[RIT_MAX_TEXT];
        if (only)
            rit_value_print(chooser, only, is, sizeof is);
        rit_members_print(missed->values, needs, sizeof needs);
        rit_complain(walk->complaints, given->at, "%s has a meaning only with %s: %s, but %s%s", key,
                     chooser->key, needs, only ? "it is " : "the grid has none of these", is);
    }
}

static void walk_root(struct rit_walk *walk)
{
    const yaml_node_t *root = yaml_document_get_root_node(walk->document);
    if (!root || rit_walk_is_null(root)) {
        rit_complain_of_all(walk->complaints, "there is nothing in this config");
        return;
    }
    if (root->type != YAML_MAPPING_NODE) {
        rit_complain(walk->complaints, root->start_mark, "a config begins with a section such as `grid:`");
        return;
    }
    struct top top = {.n = 0};
    list_top(&top, walk->config->base.registry);
    for (int p = 0; p < rit_walk_pairs(root); p++) {
        const char *key;
        yaml_mark_t at;
        const yaml_node_t *value = rit_walk_pair(walk, root, p, &key, &at);
        if (key)
            walk_top_entry(walk, &top, key, at, value);
    }
}

/* What the file said of these does not count. */
static void forget_overridden(struct rit_walk *walk)
{
    for (int i = 0; i < RIT_MAX_PARAMS; i++)
        if (walk->overridden[i])
            walk->given[i] = (struct rit_given){.in_section = false};
}

void rit_walk_file(struct rit_walk *walk, const struct rit_overrides *overrides)
{
    struct rit_complaints *complaints = walk->complaints;
    struct rit_origin file = complaints->from;
    struct rit_override *one = calloc((size_t)overrides->n + 1, sizeof *one);
    RIT_CHECK(one != NULL);
    for (int i = 0; i < overrides->n; i++)
        rit_override_load(walk, overrides->text[i], i + 1, &one[i]);
    complaints->from = file;
    walk_root(walk);
    forget_overridden(walk);
    for (int i = 0; i < overrides->n; i++)
        rit_override_apply(walk, &one[i]);
    complaints->from = file;
    rit_walk_grid_end(walk);
    complain_of_strays(walk);
    rit_refine_check(walk);
    complaints->from = file;
    for (int i = 0; i < overrides->n; i++)
        rit_override_release(&one[i]);
    free(one);
}
