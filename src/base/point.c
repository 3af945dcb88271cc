/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/point.h>
#include <ritardando/status.h>

#include "base/nearest.h"
#include "base/pack.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

unsigned rit_param_slot(const char *key)
{
    unsigned hash = 5381;
    while (*key)
        hash = 33 * hash + (unsigned char)*key++;
    return hash % RIT_PARAM_SLOTS;
}

int rit_param_find(const struct rit_registry *registry, const char *key)
{
    int likely = registry->likely[rit_param_slot(key)];
    if (likely < registry->count && strcmp(registry->param[likely]->key, key) == 0)
        return likely;
    for (int i = 0; i < registry->count; i++)
        if (strcmp(registry->param[i]->key, key) == 0)
            return i;
    return -1;
}

/* Whether `word` is one of the words of `list`, which a single space separates. */
static bool among_words(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at++)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0))
            return true;
    return false;
}

bool rit_condition_holds(const struct rit_registry *registry, const struct rit_condition *condition,
                         const union rit_value *selector)
{
    switch (registry->param[condition->selector]->kind) {
    case RIT_BOOL:
        return selector->b;
    case RIT_INT:
        return selector->i >= strtoll(condition->values, NULL, 10);
    case RIT_NAME:
        return among_words(condition->values, selector->name);
    default:
        RIT_CHECK(!"a kind that decides nothing");
    }
}

bool rit_param_applies_by(const struct rit_registry *registry, int index,
                          const union rit_value *(*value)(const void *self, int index), const void *self)
{
    for (int i = 0; i < registry->conditions[index]; i++) {
        const struct rit_condition *condition = &registry->condition[index][i];
        if (!rit_param_applies_by(registry, condition->selector, value, self) ||
            !rit_condition_holds(registry, condition, value(self, condition->selector)))
            return false;
    }
    return true;
}

static const union rit_value *value_at(const void *point, int index)
{
    return &((const struct rit_point *)point)->value[index];
}

bool rit_param_applies(const struct rit_point *point, int index)
{
    return rit_param_applies_by(point->registry, index, value_at, point);
}

bool rit_value_equal(const struct rit_param *param, const union rit_value *a, const union rit_value *b)
{
    switch (param->kind) {
    case RIT_INT:
        return a->i == b->i;
    case RIT_REAL:
        return a->x == b->x;
    case RIT_BOOL:
        return a->b == b->b;
    case RIT_NAME:
        return strcmp(a->name, b->name) == 0;
    case RIT_TEXT:
        return strcmp(a->text, b->text) == 0;
    case RIT_REALS:
        return a->list.n == b->list.n &&
               memcmp(a->list.x, b->list.x, (size_t)a->list.n * sizeof a->list.x[0]) == 0;
    }
    return false;
}

static bool complain(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool complain(char *why, size_t size, const char *format, ...)
{
    if (why) {
        va_list args;
        va_start(args, format);
        vsnprintf(why, size, format, args);
        va_end(args);
    }
    return false;
}

static const char *skip_space(const char *s)
{
    while (*s == ' ')
        s++;
    return s;
}

/* Length of the decimal number at the start of `s`, 0 if there is none. A grammar of our own, because strtod
 * also takes "inf", "0x10" and leading space, and because "010" means eight to some readers of YAML. */
static size_t number_length(const char *s)
{
    const char *at = s;
    if (*at == '-' || *at == '+')
        at++;
    if (at[0] == '0' && isdigit((unsigned char)at[1]))
        return 0;
    size_t whole = strspn(at, "0123456789");
    at += whole;
    size_t fraction = 0;
    if (*at == '.') {
        fraction = strspn(at + 1, "0123456789");
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return 0;
    if (*at == 'e' || *at == 'E') {
        const char *digits = at + 1 + (at[1] == '-' || at[1] == '+');
        size_t exponent = strspn(digits, "0123456789");
        if (exponent > 0)
            at = digits + exponent;
    }
    return (size_t)(at - s);
}

/* What is shown of a text that is wrong: not more than fits a line. */
#define SHOWN "%.60s"

/* One number within bounds; *end is left behind it. */
static bool parse_number(const struct rit_param *param, const char *text, const char **end, double *x,
                         char *why, size_t why_size)
{
    size_t length = number_length(text);
    *end = text + length;
    if (length == 0 || (**end && !strchr(" ,]", **end)))
        return complain(why, why_size, "'" SHOWN "' is not a number", text);
    *x = strtod(text, NULL) + 0.0; /* no minus zero: it would be a second identity of the same point */
    if (!(param->low <= *x && *x <= param->high)) {
        char low[40], high[40];
        rit_bound_print(param->low, low, sizeof low);
        rit_bound_print(param->high, high, sizeof high);
        return complain(why, why_size, "%.*s is outside the allowed range %s .. %s%s", (int)(*end - text),
                        text, low, high, param->or_infinite ? " or inf" : "");
    }
    return true;
}

static bool parse_real(const struct rit_param *param, const char *text, double *x, char *why, size_t why_size)
{
    const char *end;
    if (!parse_number(param, text, &end, x, why, why_size))
        return false;
    return *end == 0 || complain(why, why_size, "'" SHOWN "' is not a number", text);
}

/* A number of any notation whose value is whole: 2000, 2e3. */
static bool parse_int(const struct rit_param *param, const char *text, int64_t *i, char *why, size_t why_size)
{
    double x = 0.0;
    if (param->or_infinite && (strcmp(text, "inf") == 0 || strcmp(text, ".inf") == 0)) {
        *i = RIT_INFINITE;
        return true;
    }
    if (!parse_real(param, text, &x, why, why_size))
        return false;
    if (x != rint(x) || fabs(x) >= 0x1p53) /* beyond it, two texts could read as one number */
        return complain(why, why_size, SHOWN " is not a whole number", text);
    *i = (int64_t)x;
    return true;
}

static bool parse_list(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                       size_t why_size)
{
    static const char no_list[] = "'" SHOWN "' is not a list of numbers such as [0.01, 0.1]";
    const char *at = skip_space(text);
    if (*at != '[')
        return complain(why, why_size, no_list, text);
    at = skip_space(at + 1);
    value->list.n = 0;
    while (*at != ']') {
        if (value->list.n == RIT_MAX_LIST)
            return complain(why, why_size, "a list has at most %d numbers", RIT_MAX_LIST);
        double *x = &value->list.x[value->list.n];
        if (!parse_number(param, at, &at, x, why, why_size))
            return false;
        if (value->list.n > 0 && !(x[0] > x[-1]))
            return complain(why, why_size, "the numbers of '" SHOWN "' must ascend", text);
        value->list.n++;
        at = skip_space(at);
        if (*at == ',')
            at = skip_space(at + 1);
        else if (*at != ']')
            return complain(why, why_size, no_list, text);
    }
    if (value->list.n < param->fewest)
        return complain(why, why_size, "'" SHOWN "' has too few numbers, %d at least", text, param->fewest);
    return *skip_space(at + 1) == 0 || complain(why, why_size, no_list, text);
}

static bool parse_bool(const char *text, bool *b, char *why, size_t why_size)
{
    static const char *const other[][2] = {
        {"yes", "true"}, {"on", "true"},   {"y", "true"},  {"1", "true"},  {"true", "true"},
        {"no", "false"}, {"off", "false"}, {"n", "false"}, {"0", "false"}, {"false", "false"}};
    *b = strcmp(text, "true") == 0;
    if (*b || strcmp(text, "false") == 0)
        return true;
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        if (strcasecmp(text, other[i][0]) == 0)
            return complain(why, why_size, "'%s' is neither true nor false (write %s)", text, other[i][1]);
    return complain(why, why_size, "'" SHOWN "' is neither true nor false", text);
}

static bool parse_choice(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                         size_t why_size)
{
    int n = 0;
    for (; param->choices[n]; n++) {
        if (strcmp(param->choices[n], text) == 0) {
            value->name = param->choices[n];
            return true;
        }
    }
    if (!why)
        return false;
    const char *meant = rit_nearest(text, param->choices, n);
    complain(why, why_size, "'" SHOWN "' is not known here; choose from", text);
    for (int i = 0; i < n; i++) {
        size_t used = strlen(why);
        snprintf(why + used, why_size - used, "%s %s", i ? "," : "", param->choices[i]);
    }
    size_t used = strlen(why);
    if (meant)
        snprintf(why + used, why_size - used, " (did you mean '%s'?)", meant);
    return false;
}

static bool parse_text(const char *text, const char **value, char *why, size_t why_size)
{
    *value = text;
    if (strlen(text) >= RIT_MAX_TEXT)
        return complain(why, why_size, "a text has at most %d bytes", RIT_MAX_TEXT - 1);
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return complain(why, why_size, "a text has no control characters, tabs or line breaks");
    return true;
}

bool rit_value_parse(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                     size_t why_size)
{
    switch (param->kind) {
    case RIT_INT:
        return parse_int(param, text, &value->i, why, why_size);
    case RIT_REAL:
        return parse_real(param, text, &value->x, why, why_size);
    case RIT_BOOL:
        return parse_bool(text, &value->b, why, why_size);
    case RIT_NAME:
        return parse_choice(param, text, value, why, why_size);
    case RIT_TEXT:
        return parse_text(text, &value->text, why, why_size);
    case RIT_REALS:
        return parse_list(param, text, value, why, why_size);
    }
    return false;
}

/* The fewest digits that read back as x, written out where that is short, and always with a point before an
 * exponent: YAML 1.1 takes "1e-12" for a text. */
int rit_real_print(double x, char *out, size_t size)
{
    char shortest[40];
    int digits = 0;
    do
        snprintf(shortest, sizeof shortest, "%.*e", digits, x);
    while (strtod(shortest, NULL) != x && ++digits < 17);
    int exponent = (int)strtol(strchr(shortest, 'e') + 1, NULL, 10);
    if (-5 <= exponent && exponent < 16)
        return snprintf(out, size, "%.*f", digits > exponent ? digits - exponent : 0, x);
    return snprintf(out, size, "%.*e", digits > 0 ? digits : 1, x);
}

int rit_bound_print(double x, char *out, size_t size)
{
    char rounded[40]; /* d e+dd */
    snprintf(rounded, sizeof rounded, "%.0e", x);
    char *e = strchr(rounded, 'e');
    int exponent = e ? (int)strtol(e + 1, NULL, 10) : 0;
    if ((-4 < exponent && exponent < 6) || strtod(rounded, NULL) != x)
        return rit_real_print(x, out, size);
    return snprintf(out, size, "%.*se%d", (int)(e - rounded), rounded, exponent);
}

int rit_value_print(const struct rit_param *param, const union rit_value *value, char *out, size_t size)
{
    switch (param->kind) {
    case RIT_INT:
        if (param->or_infinite && value->i == RIT_INFINITE)
            return snprintf(out, size, "inf");
        return snprintf(out, size, "%lld", (long long)value->i);
    case RIT_REAL:
        return rit_real_print(value->x, out, size);
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
        rit_real_print(value->list.x[i], one, sizeof one);
        size_t at = (size_t)used < size ? (size_t)used : size;
        used += snprintf(out + at, size - at, "%s%s", i ? ", " : "", one);
    }
    size_t at = (size_t)used < size ? (size_t)used : size;
    return used + snprintf(out + at, size - at, "]");
}

void rit_point_init(struct rit_point *point, const struct rit_registry *registry)
{
    point->registry = registry;
    if (registry->fallback) {
        memcpy(point->value, registry->fallback, (size_t)registry->count * sizeof *point->value);
        return;
    }
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

bool rit_param_is_default(const struct rit_point *point, int index)
{
    const struct rit_param *param = point->registry->param[index];
    union rit_value fallback = {0};
    if (point->registry->fallback)
        return rit_value_equal(param, &point->value[index], &point->registry->fallback[index]);
    RIT_CHECK(rit_value_parse(param, param->fallback, &fallback, NULL, 0));
    return rit_value_equal(param, &point->value[index], &fallback);
}

enum rit_share rit_param_share(const char *key)
{
    bool request = strncmp(key, "stop.", 5) == 0 || strncmp(key, "observe.", 8) == 0;
    return request ? RIT_REQUEST : RIT_TRAJECTORY;
}

static int by_key(const void *a, const void *b)
{
    const struct rit_param *const *x = *(const struct rit_param *const *const *)a,
                                  *const *y = *(const struct rit_param *const *const *)b;
    return strcmp((*x)->key, (*y)->key);
}

void rit_point_print_identity(const struct rit_point *point, enum rit_share share, struct rit_buffer *out)
{
    const struct rit_registry *registry = point->registry;
    const struct rit_param *const *sorted[RIT_MAX_PARAMS]; /* into registry->param */
    int n = 0;
    for (int i = 0; i < registry->count; i++) {
        const struct rit_param *param = registry->param[i];
        if (!param->not_identity && !rit_param_is_default(point, i) &&
            (rit_param_share(param->key) & share) && rit_param_applies(point, i))
            sorted[n++] = &registry->param[i];
    }
    qsort(sorted, (size_t)n, sizeof sorted[0], by_key);
    for (int k = 0; k < n; k++) {
        char text[1024];
        int length =
            rit_value_print(*sorted[k], &point->value[sorted[k] - registry->param], text, sizeof text);
        RIT_CHECK(length >= 0 && (size_t)length < sizeof text);
        rit_buffer_printf(out, "%s: %s\n", (*sorted[k])->key, text);
    }
}

enum rit_status rit_point_read_identity(struct rit_point *point, const struct rit_registry *registry,
                                        const char *text, struct rit_error *err)
{
    rit_point_init(point, registry);
    while (*text) {
        char line[1024], why[RIT_MAX_TEXT] = "";
        size_t length = strcspn(text, "\n");
        if (length >= sizeof line)
            return rit_fail(err, RIT_BAD_INPUT, "a stored parameter line is too long");
        memcpy(line, text, length);
        line[length] = 0;
        text += length + (text[length] == '\n');
        char *value = strstr(line, ": ");
        if (value)
            *value = 0;
        int i = value ? rit_param_find(registry, line) : -1;
        if (i < 0 || registry->param[i]->kind == RIT_TEXT)
            return rit_fail(err, RIT_BAD_INPUT, "the stored parameter '%s' is unknown to this program", line);
        if (!rit_value_parse(registry->param[i], value + 2, &point->value[i], why, sizeof why))
            return rit_fail(err, RIT_BAD_INPUT, "the stored parameter %s: %s", line, why);
    }
    return RIT_OK;
}
