/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference: every key with its default, what it means and what it may be, as a config that works. */
#include <ritardando/status.h>

#include "base/pack.h"
#include "config/keys.h"
#include "config/plan.h"

#include <stdio.h>
#include <string.h>

enum { LINE = 100 };

/* A comment, broken into lines. */
static void print_comment(const char *indent, const char *text, struct rit_buffer *out)
{
    size_t column = 0;
    for (const char *word = text; *word; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");
        if (column == 0 || column + 1 + length > LINE) {
            rit_buffer_printf(out, "%s%s#", column ? "\n" : "", indent);
            column = strlen(indent) + 1;
        }
        rit_buffer_printf(out, " %.*s", (int)length, word);
        column += 1 + length;
        word += length;
    }
    rit_buffer_printf(out, "\n");
}

/* "whole number, 1 .. 30 [layers]": what may be written. */
static void print_allowed(const struct rit_param *param, char *out, size_t size)
{
    static const char *const words[] = {
        [RIT_INT] = "whole number, ", [RIT_REAL] = "number, ",
        [RIT_BOOL] = "true or false", [RIT_NAME] = "",
        [RIT_TEXT] = "text",          [RIT_REALS] = "ascending list of numbers, "};
    int used = snprintf(out, size, "%s", words[param->kind]);
    char *end = out + used;
    size -= (size_t)used;
    if (param->kind == RIT_NAME) {
        for (int i = 0; param->choices[i]; i++) {
            const char *before = i == 0 ? "" : param->choices[i + 1] ? ", " : " or ";
            snprintf(end, size, "%s%s", before, param->choices[i]);
            size -= strlen(end);
            end += strlen(end);
        }
    } else if (param->kind != RIT_BOOL && param->kind != RIT_TEXT) {
        char low[40], high[40];
        rit_bound_print(param->low, low, sizeof low);
        rit_bound_print(param->high, high, sizeof high);
        bool plain = strcmp(param->unit, "1") == 0;
        snprintf(end, size, "%s .. %s%s%s%s%s", low, high, param->or_infinite ? " or inf" : "",
                 plain ? "" : " [", plain ? "" : param->unit, plain ? "" : "]");
    }
}

/* What it means, the members to choose from, and the key with its default and what may be written. */
static void print_entry(const struct rit_param *param, const char *indent, bool active,
                        struct rit_buffer *out)
{
    char text[1200];
    print_comment(indent, param->meaning, out);
    for (int i = 0; param->kind == RIT_NAME && param->choices[i]; i++) {
        const char *meaning = rit_member_meaning(param->key, param->choices[i]);
        if (meaning) {
            snprintf(text, sizeof text, "- %s: %s", param->choices[i], meaning);
            print_comment(indent, text, out);
        }
    }
    union rit_value value;
    char fallback[1024];
    RIT_CHECK(rit_value_parse(param, param->fallback, &value, NULL, 0));
    rit_value_print(param, &value, fallback, sizeof fallback);
    const char *quote = param->kind == RIT_TEXT ? "\"" : "";
    snprintf(text, sizeof text, "%s%s%s: %s%s%s", indent, active ? "" : "# ", rit_key_tail(param->key), quote,
             fallback, quote);
    char allowed[400];
    print_allowed(param, allowed, sizeof allowed);
    rit_buffer_printf(out, "%-32s # %s\n", text, allowed);
}

static bool same_case(const struct rit_registry *registry, int a, int b)
{
    bool same = registry->conditions[a] == registry->conditions[b];
    for (int c = 0; same && c < registry->conditions[a]; c++) {
        const struct rit_condition *x = &registry->condition[a][c], *y = &registry->condition[b][c];
        same = x->selector == y->selector && strcmp(x->values, y->values) == 0;
    }
    return same;
}

/* The line above what has a meaning only in a certain case, once for neighbours with the same. */
static void print_case(const struct rit_registry *registry, int i, int last, struct rit_buffer *out)
{
    if (registry->conditions[i] == 0 || (last >= 0 && same_case(registry, last, i)))
        return;
    rit_buffer_printf(out, "  # --- only with ");
    const char *section = registry->param[i]->key, *before = "";
    size_t length = strcspn(section, ".") + 1;
    for (int c = 0; c < registry->conditions[i]; c++) {
        const struct rit_condition *condition = &registry->condition[i][c];
        const char *key = registry->param[condition->selector]->key;
        char values[RIT_MAX_TEXT];
        rit_members_print(condition->values, values, sizeof values);
        rit_buffer_printf(out, "%s%s: %s", before,
                          strncmp(key, section, length) == 0 ? rit_key_tail(key) : key, values);
        before = ", ";
    }
    rit_buffer_printf(out, " ---\n");
}

static void print_section(const struct rit_point *point, const char *section, struct rit_buffer *out)
{
    const struct rit_registry *registry = point->registry;
    const char *indent = *section ? "  " : "";
    int last = -1;
    for (int i = 0; i < registry->count; i++) {
        if (!rit_key_is_in(registry->param[i]->key, section))
            continue;
        if (last < 0 && *section)
            rit_buffer_printf(out, "\n%s:\n", section);
        else
            rit_buffer_printf(out, "\n");
        print_case(registry, i, last, out);
        print_entry(registry->param[i], indent, rit_param_applies(point, i), out);
        last = i;
    }
}

static const char head[] =
    "# Every key of a config with its default, what it means and what it may be. Made by\n"
    "# `ritardando describe`; `make reference` renews it. A config needs only the keys that differ. Keys\n"
    "# that are commented out here have a meaning only in the case named above them.\n"
    "\n"
    "# The grid of points to train. Any number, name or switch below can be an axis instead of standing in\n"
    "# its section, by its full key (rule.eta); model.depth, model.width and data.chorales are depth, width\n"
    "# and chorales for short. The first axis varies slowest. An axis is a value, a list or a range:\n"
    "#   grid:\n"
    "#     depth: [1, 2]\n"
    "#     width: {from: 10, to: 100, count: 6, scale: log}   # 10 16 25 40 63 100\n"
    "#     rule.eta: {from: 0.02, to: 0.1, by: 0.02}          # `by` or `count`; scale: linear or log\n"
    "#     seed: {from: 1, to: 3}                             # whole numbers go by 1\n"
    "# Where the values of one axis depend on another, the grid is a list of grids with the same axes:\n"
    "#   grid:\n"
    "#     - {depth: 1, width: [10, 20, 30]}\n"
    "#     - {depth: 2, width: [6, 12, 18]}\n"
    "# Axes below `zip` go together, value by value; several zips are a list:\n"
    "#   grid:\n"
    "#     zip: {depth: [1, 2, 5], rule.eta: [0.1, 0.05, 0.02]}\n"
    "#     seed: {from: 1, to: 3}\n"
    "grid: {}\n";

void rit_describe_yaml(struct rit_buffer *out)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_buffer_printf(out, "%s", head);
    print_section(&point, "", out);
    struct rit_sections sections = rit_sections(point.registry);
    for (int s = 0; s < sections.n; s++)
        print_section(&point, sections.name[s], out);
    for (int s = 0; rit_settings_sections[s]; s++) {
        const char *before = "";
        rit_buffer_printf(out, "\n");
        print_comment("", rit_settings_about[s], out);
        rit_buffer_printf(out, "%s:\n", rit_settings_sections[s]);
        for (int i = 0; i < rit_settings_n; i++) {
            if (!rit_key_is_in(rit_settings[i].key, rit_settings_sections[s]))
                continue;
            rit_buffer_printf(out, "%s", before);
            print_entry(&rit_settings[i], "  ", true, out);
            before = "\n";
        }
    }
}
