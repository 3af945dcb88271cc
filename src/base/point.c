/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/point.h>
#include <ritardando/status.h>

#include "base/pack.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int rit_param_find(const struct rit_registry *registry, const char *key)
{
    for (int i = 0; i < registry->count; i++)
        if (strcmp(registry->param[i]->key, key) == 0)
            return i;
    return -1;
}

bool rit_param_applies(const struct rit_point *point, int index)
{
    const struct rit_registry *registry = point->registry;
    int selector = registry->selector[index];
    if (selector < 0)
        return true;
    const union rit_value *chosen = &point->value[selector];
    if (registry->param[selector]->kind == RIT_BOOL)
        return chosen->b;
    return strcmp(chosen->name, registry->member[index]) == 0;
}

static bool complain(char *why, size_t size, const char *format, const char *a, double low, double high)
{
    if (why)
        snprintf(why, size, format, a, low, high);
    return false;
}

static const char *skip_space(const char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    return s;
}

/* One number within bounds; *end is left behind it. Hexadecimal floats are read too: they are what is
 * printed. */
static bool parse_number(const struct rit_param *param, const char *text, const char **end, double *x,
                         char *why, size_t why_size)
{
    char *stop;
    errno = 0;
    *x = strtod(text, &stop);
    if (stop == text || !isfinite(*x))
        return complain(why, why_size, "'%s' is not a number", text, 0, 0);
    if (!(param->low <= *x && *x <= param->high))
        return complain(why, why_size, "%s is outside the allowed range %.10g .. %.10g", text, param->low,
                        param->high);
    *end = stop;
    return true;
}

static bool parse_int(const struct rit_param *param, const char *text, int64_t *i, char *why, size_t why_size)
{
    char *stop;
    errno = 0;
    long long n = strtoll(text, &stop, 10);
    if (stop == text || *skip_space(stop) != 0 || errno == ERANGE)
        return complain(why, why_size, "'%s' is not a whole number", text, 0, 0);
    if (!(param->low <= (double)n && (double)n <= param->high))
        return complain(why, why_size, "%s is outside the allowed range %.10g .. %.10g", text, param->low,
                        param->high);
    *i = n;
    return true;
}

static bool parse_list(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                       size_t why_size)
{
    const char *at = skip_space(text);
    bool bracket = *at == '[';
    if (bracket)
        at = skip_space(at + 1);
    value->list.n = 0;
    while (*at && *at != ']') {
        if (value->list.n == RIT_MAX_LIST)
            return complain(why, why_size, "'%s' has more than the 16 numbers a list may have", text, 0, 0);
        double *x = &value->list.x[value->list.n];
        if (!parse_number(param, at, &at, x, why, why_size))
            return false;
        if (value->list.n > 0 && !(x[0] > x[-1]))
            return complain(why, why_size, "the numbers of '%s' must ascend", text, 0, 0);
        value->list.n++;
        at = skip_space(at);
        if (*at == ',')
            at = skip_space(at + 1);
        else if (*at && *at != ']')
            return complain(why, why_size, "'%s' is not a list of numbers", text, 0, 0);
    }
    if (bracket != (*at == ']') || (*at && *skip_space(at + 1)))
        return complain(why, why_size, "'%s' is not a list of numbers", text, 0, 0);
    return true;
}

static bool parse_choice(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                         size_t why_size)
{
    for (const char *const *choice = param->choices; *choice; choice++) {
        if (strcmp(*choice, text) == 0) {
            value->name = *choice;
            return true;
        }
    }
    if (why) {
        int used = snprintf(why, why_size, "'%s' is not one of", text);
        for (const char *const *choice = param->choices; *choice; choice++)
            if (used >= 0 && (size_t)used < why_size)
                used += snprintf(why + used, why_size - (size_t)used, "%s %s",
                                 choice == param->choices ? "" : ",", *choice);
    }
    return false;
}

bool rit_value_parse(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                     size_t why_size)
{
    const char *end;
    switch (param->kind) {
    case RIT_INT:
        return parse_int(param, text, &value->i, why, why_size);
    case RIT_REAL:
        if (!parse_number(param, text, &end, &value->x, why, why_size))
            return false;
        return *skip_space(end) == 0 || complain(why, why_size, "'%s' is not a number", text, 0, 0);
    case RIT_BOOL:
        value->b = strcmp(text, "true") == 0;
        return value->b || strcmp(text, "false") == 0 ||
               complain(why, why_size, "'%s' is neither true nor false", text, 0, 0);
    case RIT_NAME:
        return parse_choice(param, text, value, why, why_size);
    case RIT_TEXT:
        value->text = text;
        return strlen(text) < RIT_MAX_TEXT || complain(why, why_size, "'%s' is too long", text, 0, 0);
    case RIT_REALS:
        return parse_list(param, text, value, why, why_size);
    }
    return false;
}

/* The shortest decimal that reads back as x. */
static int print_real(double x, char *out, size_t size)
{
    int n = 0;
    for (int digits = 1; digits <= 17; digits++) {
        n = snprintf(out, size, "%.*g", digits, x);
        if (n > 0 && (size_t)n < size && strtod(out, NULL) == x)
            break;
    }
    return n;
}

int rit_value_print(const struct rit_param *param, const union rit_value *value, char *out, size_t size)
{
    switch (param->kind) {
    case RIT_INT:
        return snprintf(out, size, "%lld", (long long)value->i);
    case RIT_REAL:
        return print_real(value->x, out, size);
    case RIT_BOOL:
        return snprintf(out, size, "%s", value->b ? "true" : "false");
    case RIT_NAME:
        return snprintf(out, size, "%s", value->name);
    case RIT_TEXT:
        return snprintf(out, size, "%s", value->text);
    case RIT_REALS:
        break;
    }
    int used = snprintf(out, size, "[");
    for (int i = 0; i < value->list.n; i++) {
        char one[40];
        print_real(value->list.x[i], one, sizeof one);
        size_t at = (size_t)used < size ? (size_t)used : size;
        used += snprintf(out + at, size - at, "%s%s", i ? ", " : "", one);
    }
    size_t at = (size_t)used < size ? (size_t)used : size;
    return used + snprintf(out + at, size - at, "]");
}

void rit_point_init(struct rit_point *point, const struct rit_registry *registry)
{
    point->registry = registry;
    for (int i = 0; i < registry->count; i++) {
        const struct rit_param *param = registry->param[i];
        char why[RIT_MAX_TEXT] = "";
        if (!rit_value_parse(param, param->fallback, &point->value[i], why, sizeof why)) {
            fprintf(stderr, "the default of %s: %s\n", param->key, why);
            RIT_CHECK(!"a default must be allowed by its own declaration");
        }
    }
}

void rit_point_set(struct rit_point *point, const char *key, const char *text)
{
    int i = rit_param_find(point->registry, key);
    RIT_CHECK(i >= 0);
    RIT_CHECK(rit_value_parse(point->registry->param[i], text, &point->value[i], NULL, 0));
}

static const union rit_value *value_of(const struct rit_point *point, const char *key, enum rit_kind kind)
{
    int i = rit_param_find(point->registry, key);
    RIT_CHECK(i >= 0);
    RIT_CHECK(point->registry->param[i]->kind == kind);
    return &point->value[i];
}

int64_t rit_point_int(const struct rit_point *point, const char *key)
{
    return value_of(point, key, RIT_INT)->i;
}

double rit_point_real(const struct rit_point *point, const char *key)
{
    return value_of(point, key, RIT_REAL)->x;
}

bool rit_point_bool(const struct rit_point *point, const char *key)
{
    return value_of(point, key, RIT_BOOL)->b;
}

const char *rit_point_name(const struct rit_point *point, const char *key)
{
    return value_of(point, key, RIT_NAME)->name;
}

const char *rit_point_text(const struct rit_point *point, const char *key)
{
    return value_of(point, key, RIT_TEXT)->text;
}

int rit_point_reals(const struct rit_point *point, const char *key, const double **x)
{
    const union rit_value *value = value_of(point, key, RIT_REALS);
    *x = value->list.x;
    return value->list.n;
}

void rit_point_print_identity(const struct rit_point *point, struct rit_buffer *out)
{
    for (int i = 0; i < point->registry->count; i++) {
        const struct rit_param *param = point->registry->param[i];
        if (param->not_identity || !rit_param_applies(point, i))
            continue;
        char text[1024];
        int n = rit_value_print(param, &point->value[i], text, sizeof text);
        RIT_CHECK(n >= 0 && (size_t)n < sizeof text);
        rit_buffer_printf(out, "%s: %s\n", param->key, text);
    }
}
