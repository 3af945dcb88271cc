/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/stored/choice.h"

#include <ritardando/model.h>

#include "base/nearest.h"
#include "config/keys.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_PARTS = 32, WORD = 96 };

/* ---- by identity ---- */

static bool is_hex(const char *text)
{
    return *text && text[strspn(text, "0123456789abcdefABCDEF")] == 0;
}

static enum rit_status by_identity(const struct rit_results *results, const char *text,
                                   const struct rit_stored **chosen, struct rit_error *err)
{
    char prefix[RIT_HASH_HEX] = "";
    bool fits = strlen(text) < sizeof prefix;
    for (size_t i = 0; fits && text[i]; i++)
        prefix[i] = (char)tolower((unsigned char)text[i]);
    for (int i = 0; fits && i < results->count; i++) {
        char hex[RIT_HASH_HEX];
        rit_hash_hex(&results->stored[i].identity, RIT_HASH_HEX - 1, hex);
        if (strncmp(hex, prefix, strlen(prefix)) != 0)
            continue;
        if (*chosen)
            return rit_fail(err, RIT_USAGE, "more than one point starts with '%s': give more digits", text);
        *chosen = &results->stored[i];
    }
    if (!*chosen)
        return rit_fail(err, RIT_USAGE,
                        "none of the %d finished points has an identity that starts with '%s'",
                        results->count, text);
    return RIT_OK;
}

/* ---- by phrase ---- */

struct part {
    int param; /* index in the registry */
    union rit_value value;
};

struct phrase {
    const char *text; /* as typed */
    int n;
    struct part part[MOST_PARTS];
};

/* What fits a phrase. */
struct match {
    int count, finished;
    const struct rit_stored *stored; /* one of the finished */
    struct rit_point first;
    bool differs[RIT_MAX_PARAMS]; /* parameters that are not the same in all */
};

/* Dots and dashes are underscores in the names of the dataset, which tables print. */
static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !(*a == '_' && (*b == '.' || *b == '-')))
            return false;
    return *a == *b;
}

static bool has_tail(const struct rit_registry *registry, int param, const char *name)
{
    return strcmp(rit_key_tail(registry->param[param]->key), name) == 0;
}

/* Index of the only parameter with this tail, or of the only one that is an axis; -1 for none, -2 for
 * several. */
static int by_tail(const struct rit_config *config, const char *name)
{
    const struct rit_registry *registry = rit_registry();
    int found = -1, axis = -1;
    for (int i = 0; i < registry->count; i++)
        if (has_tail(registry, i, name))
            found = found == -1 ? i : -2;
    for (int a = 0; a < config->axes; a++)
        if (has_tail(registry, config->grid[0].axis[a].param, name))
            axis = axis == -1 ? config->grid[0].axis[a].param : -2;
    return found == -2 && axis >= 0 ? axis : found;
}

static enum rit_status find_param(const struct rit_config *config, const char *name, int *param,
                                  struct rit_error *err)
{
    const struct rit_registry *registry = rit_registry();
    const char *known[RIT_MAX_PARAMS + 8];
    int n = 0;
    *param = -1;
    for (int i = 0; *param < 0 && i < registry->count; i++)
        if (same_name(rit_axis_key(name), registry->param[i]->key))
            *param = i;
    if (*param < 0)
        *param = by_tail(config, name);
    if (*param >= 0 && !rit_can_be_axis(registry->param[*param]))
        return rit_fail(err, RIT_USAGE, "%s is no number, name or switch that a point could be known by",
                        registry->param[*param]->key);
    if (*param >= 0)
        return RIT_OK;
    if (*param == -2)
        return rit_fail(err, RIT_USAGE, "'%s' may mean more than one parameter: give its whole key", name);
    for (int i = 0; i < rit_short_axes_n; i++)
        known[n++] = rit_short_axes[i];
    for (int i = 0; i < registry->count; i++)
        known[n++] = rit_axis_name(registry->param[i]->key);
    const char *nearest = rit_nearest(name, known, n);
    return rit_fail(err, RIT_USAGE, "'%s' is no parameter of a point%s%s%s", name,
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* "width 20", "width: 20" or "width=20", from `at` up to `end`. */
static enum rit_status read_part(const struct rit_config *config, const char *at, const char *end,
                                 struct part *part, struct rit_error *err)
{
    char name[WORD], text[WORD], why[RIT_ERROR_TEXT / 2];
    while (at < end && *at == ' ')
        at++;
    while (end > at && end[-1] == ' ')
        end--;
    size_t word = strcspn(at, " :=,"), gap = strspn(at + word, " :=");
    const char *value = at + word + gap;
    if (word == 0 || gap == 0 || value >= end || word >= sizeof name || end - value >= WORD)
        return rit_fail(err, RIT_USAGE,
                        "'%.*s' is neither the beginning of an identity nor a name and a value, such as in "
                        "\"depth 2, width 20, seed 1\"",
                        (int)(end - at), at);
    snprintf(name, sizeof name, "%.*s", (int)word, at);
    snprintf(text, sizeof text, "%.*s", (int)(end - value), value);
    RIT_TRY(find_param(config, name, &part->param, err));
    if (!rit_value_parse(rit_registry()->param[part->param], text, &part->value, why, sizeof why))
        return rit_fail(err, RIT_USAGE, "%s: %s", name, why);
    return RIT_OK;
}

static enum rit_status read_phrase(const struct rit_config *config, const char *text, struct phrase *phrase,
                                   struct rit_error *err)
{
    *phrase = (struct phrase){.text = text};
    for (const char *at = text, *end; at; at = *end ? end + 1 : NULL) {
        end = at + strcspn(at, ",");
        if (phrase->n == MOST_PARTS)
            return rit_fail(err, RIT_USAGE, "a point is known by at most %d values", MOST_PARTS);
        RIT_TRY(read_part(config, at, end, &phrase->part[phrase->n++], err));
    }
    return RIT_OK;
}

/* Tables print reals with %g: what they print is the number that it stands for. */
static bool same_real(double a, double b)
{
    char one[32], other[32];
    snprintf(one, sizeof one, "%g", a);
    snprintf(other, sizeof other, "%g", b);
    return a == b || strcmp(one, other) == 0;
}

static bool fits(const struct phrase *phrase, const struct rit_point *point)
{
    for (int i = 0; i < phrase->n; i++) {
        const struct part *part = &phrase->part[i];
        const struct rit_param *param = point->registry->param[part->param];
        bool same;
        if (strcmp(param->key, "model.width") == 0) /* as tables have it: the size, whatever its key */
            same =
                rit_model_size(point) == (part->value.i == RIT_INFINITE ? INFINITY : (double)part->value.i);
        else if (!rit_param_applies(point, part->param))
            same = false;
        else if (param->kind == RIT_REAL)
            same = same_real(point->value[part->param].x, part->value.x);
        else
            same = rit_value_equal(param, &point->value[part->param], &part->value);
        if (!same)
            return false;
    }
    return true;
}

static void add_match(struct match *match, const struct rit_point *point, const struct rit_stored *stored)
{
    if (match->count++ == 0)
        match->first = *point;
    for (int i = 0; i < point->registry->count; i++)
        if (!rit_value_equal(point->registry->param[i], &match->first.value[i], &point->value[i]))
            match->differs[i] = true;
    if (stored) {
        match->finished++;
        match->stored = stored;
    }
}

/* Through the plan: a phrase names a point of the sweep as it is asked now. */
static void match_plan(const struct rit_holding *holding, const struct phrase *phrase, struct match *match)
{
    struct rit_roster roster;
    rit_roster_recall(&holding->config, &holding->results, &roster);
    for (int p = 0; p < roster.count; p++) {
        struct rit_point point;
        rit_plan_point(&holding->config, roster.plan[p], &point);
        if (fits(phrase, &point))
            add_match(match, &point, rit_results_find(&holding->results, &roster.identity[p]));
    }
    rit_roster_release(&roster);
}

/* Through the results, where nobody knows the plan. */
static enum rit_status match_results(const struct rit_holding *holding, const struct phrase *phrase,
                                     struct match *match, struct rit_error *err)
{
    struct rit_reading reading;
    enum rit_status status = RIT_OK;
    rit_reading_begin(&reading, holding->results.file, holding->results.files);
    for (int i = 0; i < holding->results.count && status == RIT_OK; i++) {
        const struct rit_stored *stored = &holding->results.stored[i];
        struct rit_result result;
        struct rit_point point;
        if ((status = rit_reading_get(&reading, stored, &result, NULL, err)) != RIT_OK)
            break;
        status = rit_point_read_identity(&point, rit_registry(), result.point, err);
        if (status == RIT_OK && fits(phrase, &point))
            add_match(match, &point, stored);
        rit_result_release(&result);
    }
    rit_reading_end(&reading);
    return status;
}

static enum rit_status say_ambiguous(const struct phrase *phrase, const struct match *match,
                                     struct rit_error *err)
{
    const struct rit_registry *registry = match->first.registry;
    char names[512] = "";
    for (int i = 0; i < registry->count; i++) {
        size_t used = strlen(names);
        if (match->differs[i])
            snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                     rit_axis_name(registry->param[i]->key));
    }
    return rit_fail(err, RIT_USAGE, "%d points fit '%s': they differ in %s", match->count, phrase->text,
                    names);
}

static enum rit_status by_phrase(const struct rit_holding *holding, const char *text,
                                 const struct rit_stored **chosen, struct rit_error *err)
{
    struct phrase phrase;
    struct match match = {.count = 0};
    RIT_TRY(read_phrase(&holding->config, text, &phrase, err));
    if (holding->planned)
        match_plan(holding, &phrase, &match);
    else
        RIT_TRY(match_results(holding, &phrase, &match, err));
    if (match.count == 0)
        return rit_fail(err, RIT_USAGE, "no point of the run fits '%s'", text);
    if (match.count > 1)
        return say_ambiguous(&phrase, &match, err);
    if (match.finished == 0)
        return rit_fail(err, RIT_BAD_INPUT, "the point '%s' is not finished yet", text);
    *chosen = match.stored;
    return RIT_OK;
}

enum rit_status rit_holding_choose(const struct rit_holding *holding, const char *text,
                                   const struct rit_stored **chosen, struct rit_error *err)
{
    *chosen = NULL;
    if (holding->results.count == 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s: there is no finished point yet", holding->run);
    return is_hex(text) ? by_identity(&holding->results, text, chosen, err)
                        : by_phrase(holding, text, chosen, err);
}
