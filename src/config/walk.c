/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/walk.h"

#include "base/nearest.h"
#include "config/keys.h"

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

bool rit_walk_is_null(const yaml_node_t *node)
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
                        : rit_walk_is_null(node)          ? "nothing"
                                                          : "a single value";
    rit_complain(walk->complaints, node->start_mark, "%s needs %s, but there is %s", param->key,
                 kind_in_words(param->kind), found);
    return false;
}

bool rit_walk_scalar(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                     union rit_value *value)
{
    if (node->type != YAML_SCALAR_NODE || rit_walk_is_null(node))
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
