/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/walk.h"

#include "base/nearest.h"
#include "config/keys.h"
#include "config/plan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int rit_walk_pairs(const yaml_node_t *mapping)
{
    return (int)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start);
}

const yaml_node_t *rit_walk_pair(struct rit_walk *walk, const yaml_node_t *mapping, int i, const char **key,
                                 yaml_mark_t *at)
{
    const yaml_node_pair_t *pair = &mapping->data.mapping.pairs.start[i];
    const yaml_node_t *node = yaml_document_get_node(walk->document, pair->key);
    *at = node->start_mark;
    *key = NULL;
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.length == 0 ||
        strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
        rit_complain(walk->complaints, *at, "a key must be a word");
    else
        *key = (const char *)node->data.scalar.value;
    return yaml_document_get_node(walk->document, pair->value);
}

static bool is_null(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    const char *text = (const char *)node->data.scalar.value;
    return *text == 0 || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static const char *kind_in_words(enum rit_kind kind)
{
    static const char *const words[] = {
        [RIT_INT] = "a whole number", [RIT_REAL] = "a number", [RIT_BOOL] = "true or false",
        [RIT_NAME] = "a name",        [RIT_TEXT] = "a text",   [RIT_REALS] = "a list of numbers"};
    return words[kind];
}

static bool complain_of_type(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param)
{
    const char *found = node->type == YAML_SEQUENCE_NODE  ? "a list"
                        : node->type == YAML_MAPPING_NODE ? "a section"
                        : is_null(node)                   ? "nothing"
                                                          : "a single value";
    rit_complain(walk->complaints, node->start_mark, "%s needs %s, but there is %s", param->key,
                 kind_in_words(param->kind), found);
    return false;
}

bool rit_walk_scalar(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                     union rit_value *value)
{
    if (node->type != YAML_SCALAR_NODE || is_null(node))
        return complain_of_type(walk, node, param);
    const char *text = (const char *)node->data.scalar.value;
    bool quoted = node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (strlen(text) != node->data.scalar.length) {
        rit_complain(walk->complaints, node->start_mark, "%s: there is a zero byte in the text", param->key);
        return false;
    }
    if (quoted && param->kind != RIT_NAME && param->kind != RIT_TEXT) {
        rit_complain(walk->complaints, node->start_mark, "%s needs %s, but quotes make it a text; drop them",
                     param->key, kind_in_words(param->kind));
        return false;
    }
    char why[RIT_COMPLAINT_TEXT];
    if (!rit_value_parse(param, text, value, why, sizeof why)) {
        rit_complain(walk->complaints, node->start_mark, "%s: %s", param->key, why);
        return false;
    }
    return true;
}

/* A list of numbers, each complained of where it stands. */
static bool walk_reals(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                       union rit_value *value)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return complain_of_type(walk, node, param);
    struct rit_param element = *param;
    element.kind = RIT_REAL;
    int n = (int)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (n > RIT_MAX_LIST) {
        rit_complain(walk->complaints, node->start_mark, "%s: a list has at most %d numbers", param->key,
                     RIT_MAX_LIST);
        return false;
    }
    if (n < param->fewest) {
        rit_complain(walk->complaints, node->start_mark, "%s: the list needs at least %d number%s",
                     param->key, param->fewest, param->fewest == 1 ? "" : "s");
        return false;
    }
    bool good = true;
    value->list.n = n;
    for (int i = 0; i < n; i++) {
        const yaml_node_t *item = yaml_document_get_node(walk->document, node->data.sequence.items.start[i]);
        union rit_value one = {.x = 0};
        bool number = rit_walk_scalar(walk, item, &element, &one);
        value->list.x[i] = one.x;
        if (number && good && i > 0 && !(value->list.x[i] > value->list.x[i - 1])) {
            rit_complain(walk->complaints, item->start_mark, "%s: the numbers must ascend", param->key);
            number = false;
        }
        good = good && number;
    }
    return good;
}

/* The folder that a file lies in, as an absolute path; false if there is none, as for text without a file. */
static bool folder_of(const char *file, char folder[PATH_MAX])
{
    char path[PATH_MAX];
    const char *slash = strrchr(file, '/');
    int n = snprintf(path, sizeof path, "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
    return n < (int)sizeof path && realpath(path, folder);
}

/* The document goes, the config stays: its texts too. A path means the same from everywhere then. */
static bool keep_text(struct rit_walk *walk, yaml_mark_t at, int index, union rit_value *value)
{
    const struct rit_param *param = walk->config->base.registry->param[index];
    char *own = walk->config->memory + (size_t)index * RIT_MAX_TEXT, folder[PATH_MAX];
    const char *text = value->text;
    value->text = own;
    const struct rit_origin *from = &walk->complaints->from;
    bool relative =
        param->is_path && text[0] && text[0] != '/' && folder_of(from->order > 0 ? "." : from->name, folder);
    int n = snprintf(own, RIT_MAX_TEXT, "%s%s%s", relative ? folder : "", relative ? "/" : "", text);
    if (n < RIT_MAX_TEXT)
        return true;
    rit_complain(walk->complaints, at, "%s: the path is longer than %d bytes with its folder before it",
                 param->key, RIT_MAX_TEXT - 1);
    return false;
}

void rit_walk_value(struct rit_walk *walk, const yaml_node_t *node, int index, yaml_mark_t key_at)
{
    struct rit_config *config = walk->config;
    const struct rit_param *param = config->base.registry->param[index];
    struct rit_given *given = &walk->given[index];
    if (given->in_section) {
        rit_complain(walk->complaints, key_at, "%s is given twice, first in line %zu", param->key,
                     given->at.line + 1);
        return;
    }
    given->in_section = true;
    given->from = walk->complaints->from;
    given->at = key_at;
    if (node->type == YAML_SEQUENCE_NODE && rit_can_be_axis(param)) {
        rit_complain(walk->complaints, node->start_mark,
                     "%s has one value here; several make an axis of `grid`", param->key);
        given->wrong = true;
        return;
    }
    union rit_value value;
    bool good = param->kind == RIT_REALS ? walk_reals(walk, node, param, &value)
                                         : rit_walk_scalar(walk, node, param, &value);
    given->wrong = !good;
    if (!good || (walk->overridden[index] && given->from.order == 0))
        return;
    if (param->kind == RIT_TEXT && !keep_text(walk, node->start_mark, index, &value))
        return;
    config->base.value[index] = value;
}

void rit_walk_unknown(struct rit_walk *walk, yaml_mark_t at, const char *key, const char *where,
                      const char *const *known, int n)
{
    const char *near = rit_nearest(key, known, n);
    if (near) {
        rit_complain(walk->complaints, at, "unknown key '%.60s'%s (did you mean '%s'?)", key, where, near);
        return;
    }
    const struct rit_registry *registry = walk->config->base.registry;
    for (int i = 0; i < registry->count; i++) {
        const char *other = registry->param[i]->key;
        if (strchr(other, '.') && (strcmp(rit_key_tail(other), key) == 0 || strcmp(other, key) == 0)) {
            rit_complain(walk->complaints, at, "unknown key '%s'%s (there is '%s' in section '%.*s')", key,
                         where, rit_key_tail(other), (int)strcspn(other, "."), other);
            return;
        }
    }
    char list[RIT_COMPLAINT_TEXT - 120] = "";
    for (int i = 0; i < n; i++) {
        size_t used = strlen(list);
        bool fits = used + strlen(known[i]) + 8 < sizeof list;
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", fits ? known[i] : "...");
        if (!fits)
            break;
    }
    rit_complain(walk->complaints, at, "unknown key '%.60s'%s; known are %s", key, where, list);
}

/* True if there is something to walk. A section may be empty: one that is all comments is. */
static bool is_section(struct rit_walk *walk, const yaml_node_t *node, const char *name)
{
    if (node->type == YAML_MAPPING_NODE)
        return true;
    if (!is_null(node))
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

static void walk_run(struct rit_walk *walk, const yaml_node_t *section)
{
    if (!is_section(walk, section, "run"))
        return;
    const char *known[RIT_MAX_SETTINGS];
    bool seen[RIT_MAX_SETTINGS] = {false};
    RIT_CHECK(rit_settings_n <= RIT_MAX_SETTINGS);
    for (int i = 0; i < rit_settings_n; i++)
        known[i] = rit_key_tail(rit_settings[i].key);
    for (int p = 0; p < rit_walk_pairs(section); p++) {
        const char *key;
        yaml_mark_t at;
        const yaml_node_t *node = rit_walk_pair(walk, section, p, &key, &at);
        int i = 0;
        while (key && i < rit_settings_n && strcmp(known[i], key) != 0)
            i++;
        union rit_value value;
        if (key && i == rit_settings_n)
            rit_walk_unknown(walk, at, key, " in section 'run'", known, rit_settings_n);
        else if (key && seen[i])
            rit_complain(walk->complaints, at, "%s is given twice", rit_settings[i].key);
        else if (key && rit_walk_scalar(walk, node, &rit_settings[i], &value) && !walk->overrides_setting[i])
            rit_setting_put(&walk->config->run, i, &value);
        if (key && i < rit_settings_n)
            seen[i] = true;
    }
}

/* What may stand at the left margin: sections first, then the keys without a section. */
struct top {
    struct rit_sections sections;
    int n, first_key;
    const char *name[RIT_MAX_SECTIONS + 2 + RIT_MAX_PARAMS];
    bool seen[RIT_MAX_SECTIONS + 2];
};

static void list_top(struct top *top, const struct rit_registry *registry)
{
    top->sections = rit_sections(registry);
    top->name[0] = "grid";
    top->name[1] = "run";
    top->n = 2;
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
        else if (i == 1)
            walk_run(walk, node);
        else if (i > 1)
            walk_section(walk, node, key);
    }
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
        char is[RIT_MAX_TEXT] = "", needs[RIT_MAX_TEXT];
        rit_value_print(chooser, &walk->config->base.value[missed->selector], is, sizeof is);
        rit_members_print(missed->values, needs, sizeof needs);
        rit_complain(walk->complaints, given->at, "%s has a meaning only with %s: %s, but it is %s", key,
                     chooser->key, needs, is);
    }
}

static void walk_root(struct rit_walk *walk)
{
    const yaml_node_t *root = yaml_document_get_root_node(walk->document);
    if (!root || is_null(root)) {
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
    complaints->from = file;
    for (int i = 0; i < overrides->n; i++)
        rit_override_release(&one[i]);
    free(one);
}
