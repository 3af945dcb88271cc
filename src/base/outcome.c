/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/outcome.h>

#include "base/pack.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *rit_end_name(enum rit_end end)
{
    static const char *const name[RIT_ENDS] = {[RIT_END_LEARNED] = "learned",
                                               [RIT_END_CENSORED] = "censored",
                                               [RIT_END_DIVERGED] = "diverged",
                                               [RIT_END_FAILED] = "failed",
                                               [RIT_END_FINISHED] = "finished"};
    return name[end];
}

int rit_ends_print(const int count[RIT_ENDS], char *out, size_t size)
{
    int used = 0;
    for (enum rit_end end = 0; end < RIT_ENDS; end++) {
        size_t at = (size_t)used < size ? (size_t)used : size;
        if (end != RIT_END_FINISHED || count[end] > 0)
            used += snprintf(out + at, size - at, "%s%d %s", used ? ", " : "", count[end], rit_end_name(end));
    }
    return used;
}

static bool is_letter(char c)
{
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z');
}

/* A name that HDF5, netCDF and Python take as it is. */
static bool is_name(const char *name)
{
    if (!is_letter(*name))
        return false;
    for (; *name; name++)
        if (!is_letter(*name) && !('0' <= *name && *name <= '9') && *name != '_')
            return false;
    return true;
}

static const char *keep_text(char **at, const char *text)
{
    size_t size = strlen(text) + 1;
    const char *kept = memcpy(*at, text, size);
    *at += size;
    return kept;
}

/* The product of the lengths, or false when it is no size in memory. */
static bool count_of(int dims, const size_t *length, size_t *count)
{
    *count = 1;
    for (int i = 0; i < dims; i++) {
        if (length[i] > RIT_MAX_LENGTH)
            return false;
        if (length[i] > 0 && *count > SIZE_MAX / 4 / sizeof(double) / length[i])
            return false;
        *count *= length[i];
    }
    return true;
}

struct rit_variable *rit_outcome_add(struct rit_outcome *outcome, const char *name, const char *unit,
                                     const char *meaning, int dims, const char *const *dim,
                                     const size_t *length)
{
    RIT_CHECK(outcome->variables < RIT_MAX_VARIABLES);
    RIT_CHECK(0 <= dims && dims <= RIT_MAX_DIMS);
    RIT_CHECK(is_name(name) && !rit_outcome_find(outcome, name));
    RIT_CHECK(strlen(name) < RIT_VARIABLE_NAME && strlen(unit) < RIT_VARIABLE_NAME);
    RIT_CHECK(strlen(meaning) < RIT_VARIABLE_TEXT);
    size_t texts = strlen(name) + strlen(unit) + strlen(meaning) + 3;
    for (int i = 0; i < dims; i++) {
        RIT_CHECK(is_name(dim[i]) && strlen(dim[i]) < RIT_VARIABLE_NAME);
        texts += strlen(dim[i]) + 1;
    }
    size_t count;
    RIT_CHECK(count_of(dims, length, &count));

    struct rit_variable *v = malloc(sizeof *v + count * sizeof(double) + texts);
    RIT_CHECK(v != NULL);
    v->data = (double *)(v + 1);
    v->count = count;
    for (size_t i = 0; i < count; i++)
        v->data[i] = NAN;
    char *at = (char *)(v->data + count);
    v->name = keep_text(&at, name);
    v->unit = keep_text(&at, unit);
    v->meaning = keep_text(&at, meaning);
    v->dims = dims;
    v->library = false;
    for (int i = 0; i < dims; i++) {
        v->dim[i] = keep_text(&at, dim[i]);
        v->length[i] = length[i];
    }
    outcome->variable[outcome->variables++] = v;
    return v;
}

void rit_outcome_put(struct rit_outcome *outcome, const char *name, const char *unit, const char *meaning,
                     int dims, const char *const *dim, const size_t *length, const double *values)
{
    struct rit_variable *v = rit_outcome_add(outcome, name, unit, meaning, dims, dim, length);
    memcpy(v->data, values, v->count * sizeof *values);
}

const struct rit_variable *rit_outcome_find(const struct rit_outcome *outcome, const char *name)
{
    for (int i = 0; i < outcome->variables; i++)
        if (strcmp(outcome->variable[i]->name, name) == 0)
            return outcome->variable[i];
    return NULL;
}

void rit_outcome_label(struct rit_outcome *outcome, const char *dim, int n, const char *const *label)
{
    RIT_CHECK(outcome->labelled < RIT_MAX_LABELLED && n >= 0);
    RIT_CHECK(is_name(dim) && strlen(dim) < RIT_VARIABLE_NAME && !rit_outcome_labels(outcome, dim));
    size_t texts = strlen(dim) + 1;
    for (int i = 0; i < n; i++) {
        RIT_CHECK(strlen(label[i]) < RIT_VARIABLE_NAME);
        texts += strlen(label[i]) + 1;
    }
    struct rit_labels *labels = malloc(sizeof *labels + (size_t)n * sizeof *label + texts);
    RIT_CHECK(labels != NULL);
    const char **kept = (const char **)(labels + 1);
    char *at = (char *)(kept + n);
    labels->dim = keep_text(&at, dim);
    labels->n = n;
    labels->label = kept;
    for (int i = 0; i < n; i++)
        kept[i] = keep_text(&at, label[i]);
    outcome->labels[outcome->labelled++] = labels;
}

const struct rit_labels *rit_outcome_labels(const struct rit_outcome *outcome, const char *dim)
{
    for (int i = 0; i < outcome->labelled; i++)
        if (strcmp(outcome->labels[i]->dim, dim) == 0)
            return outcome->labels[i];
    return NULL;
}

void rit_outcome_release(struct rit_outcome *outcome)
{
    for (int i = 0; i < outcome->variables; i++)
        free(outcome->variable[i]);
    for (int i = 0; i < outcome->labelled; i++)
        free(outcome->labels[i]);
    outcome->variables = outcome->labelled = 0;
}

/* Beside the number of dimensions: the numbers are a library's. */
static const uint32_t library_mark = 0x100;

/* The bits of NaN, the only NaN that is written. */
static const uint64_t nan_bits = 0x7ff8000000000000u;

static void pack_number(struct rit_buffer *out, double x)
{
    if (isnan(x))
        rit_pack_u64(out, nan_bits);
    else
        rit_pack_f64(out, x);
}

static double read_number(struct rit_reader *in)
{
    uint64_t bits = rit_read_u64(in);
    double x;
    memcpy(&x, &bits, sizeof x);
    if (isnan(x) && bits != nan_bits)
        in->bad = true;
    return x;
}

static int by_name(const void *a, const void *b)
{
    const struct rit_variable *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int by_dim(const void *a, const void *b)
{
    const struct rit_labels *const *x = a, *const *y = b;
    return strcmp((*x)->dim, (*y)->dim);
}

static void pack_labels(const struct rit_outcome *outcome, struct rit_buffer *out)
{
    const struct rit_labels *sorted[RIT_MAX_LABELLED];
    for (int i = 0; i < outcome->labelled; i++)
        sorted[i] = outcome->labels[i];
    qsort(sorted, (size_t)outcome->labelled, sizeof sorted[0], by_dim);
    rit_pack_u32(out, (uint32_t)outcome->labelled);
    for (int i = 0; i < outcome->labelled; i++) {
        rit_pack_text(out, sorted[i]->dim);
        rit_pack_u32(out, (uint32_t)sorted[i]->n);
        for (int k = 0; k < sorted[i]->n; k++)
            rit_pack_text(out, sorted[i]->label[k]);
    }
}

void rit_outcome_pack(const struct rit_outcome *outcome, struct rit_buffer *out)
{
    const struct rit_variable *sorted[RIT_MAX_VARIABLES];
    for (int i = 0; i < outcome->variables; i++)
        sorted[i] = outcome->variable[i];
    qsort(sorted, (size_t)outcome->variables, sizeof sorted[0], by_name);

    rit_pack_u32(out, (uint32_t)outcome->end);
    rit_pack_text(out, outcome->reason);
    rit_pack_u64(out, outcome->steps);
    pack_number(out, outcome->tau);
    rit_pack_u32(out, (uint32_t)outcome->variables);
    for (int i = 0; i < outcome->variables; i++) {
        const struct rit_variable *v = sorted[i];
        rit_pack_text(out, v->name);
        rit_pack_text(out, v->unit);
        rit_pack_text(out, v->meaning);
        rit_pack_u32(out, (uint32_t)v->dims | (v->library ? library_mark : 0));
        for (int d = 0; d < v->dims; d++) {
            rit_pack_text(out, v->dim[d]);
            rit_pack_u64(out, v->length[d]);
        }
        for (size_t k = 0; k < v->count; k++)
            pack_number(out, v->data[k]);
    }
    pack_labels(outcome, out);
}

/* One variable. Nothing is allocated before its size is known to fit into what is left of the input. */
static void read_variable(struct rit_reader *in, struct rit_outcome *outcome)
{
    char name[RIT_VARIABLE_NAME], unit[RIT_VARIABLE_NAME], meaning[RIT_VARIABLE_TEXT];
    char dim[RIT_MAX_DIMS][RIT_VARIABLE_NAME];
    const char *dims_of[RIT_MAX_DIMS] = {NULL};
    size_t length[RIT_MAX_DIMS] = {0}, count;
    rit_read_text(in, name, sizeof name);
    rit_read_text(in, unit, sizeof unit);
    rit_read_text(in, meaning, sizeof meaning);
    uint32_t form = rit_read_u32(in), dims = form & ~library_mark;
    const char *last = outcome->variables ? outcome->variable[outcome->variables - 1]->name : "";
    if (!is_name(name) || strcmp(last, name) >= 0 || dims > RIT_MAX_DIMS)
        in->bad = true;
    for (uint32_t i = 0; i < dims && !in->bad; i++) {
        rit_read_text(in, dim[i], sizeof dim[i]);
        length[i] = rit_read_u64(in);
        dims_of[i] = dim[i];
        in->bad = in->bad || !is_name(dim[i]);
    }
    if (in->bad || !count_of((int)dims, length, &count) || count > (in->size - in->at) / sizeof(double)) {
        in->bad = true;
        return;
    }
    struct rit_variable *v = rit_outcome_add(outcome, name, unit, meaning, (int)dims, dims_of, length);
    v->library = (form & library_mark) != 0;
    for (size_t k = 0; k < count; k++)
        v->data[k] = read_number(in);
}

/* The labels of one dimension. A label takes at least four bytes of the input, so that no more room is asked
 * for than there can be labels. */
static void read_labels(struct rit_reader *in, struct rit_outcome *outcome)
{
    char dim[RIT_VARIABLE_NAME];
    rit_read_text(in, dim, sizeof dim);
    uint32_t n = rit_read_u32(in);
    const char *last = outcome->labelled ? outcome->labels[outcome->labelled - 1]->dim : "";
    if (in->bad || !is_name(dim) || strcmp(last, dim) >= 0 || n > (in->size - in->at) / 4) {
        in->bad = true;
        return;
    }
    char(*text)[RIT_VARIABLE_NAME] = calloc((size_t)n + 1, sizeof *text);
    const char **label = calloc((size_t)n + 1, sizeof *label);
    RIT_CHECK(text && label);
    for (uint32_t i = 0; i < n; i++) {
        rit_read_text(in, text[i], sizeof text[i]);
        label[i] = text[i];
    }
    if (!in->bad)
        rit_outcome_label(outcome, dim, (int)n, label);
    free(text);
    free(label);
}

void rit_outcome_glance(struct rit_reader *in, struct rit_outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    uint32_t end = rit_read_u32(in);
    rit_read_text(in, outcome->reason, sizeof outcome->reason);
    outcome->steps = rit_read_u64(in);
    outcome->tau = read_number(in);
    if (end >= RIT_ENDS)
        in->bad = true;
    else
        outcome->end = (enum rit_end)end;
}

enum rit_status rit_outcome_read(struct rit_reader *in, struct rit_outcome *outcome, struct rit_error *err)
{
    rit_outcome_glance(in, outcome);
    uint32_t variables = rit_read_u32(in);
    if (variables > RIT_MAX_VARIABLES)
        in->bad = true;
    for (uint32_t i = 0; i < variables && !in->bad; i++)
        read_variable(in, outcome);
    uint32_t labelled = rit_read_u32(in);
    if (labelled > RIT_MAX_LABELLED)
        in->bad = true;
    for (uint32_t i = 0; i < labelled && !in->bad; i++)
        read_labels(in, outcome);
    if (!in->bad)
        return RIT_OK;
    rit_outcome_release(outcome);
    return rit_fail(err, RIT_BAD_INPUT, "these bytes are no outcome of a run");
}

/* ---- what counts ---- */

/* Passes over one packed variable; *numbers is where its numbers begin, and whether they are a library's. */
static bool pass_variable(struct rit_reader *in, size_t *numbers)
{
    size_t count = 1;
    for (int i = 0; i < 3; i++) /* name, unit, meaning */
        rit_read_bytes(in, rit_read_u32(in));
    uint32_t form = rit_read_u32(in);
    for (uint32_t d = 0; d < (form & ~library_mark) && !in->bad; d++) {
        rit_read_bytes(in, rit_read_u32(in));
        count *= rit_read_u64(in);
    }
    *numbers = in->at;
    rit_read_bytes(in, count * sizeof(double));
    return (form & library_mark) != 0;
}

bool rit_outcome_content(const void *bytes, size_t size, struct rit_buffer *out)
{
    struct rit_reader in = {.data = bytes, .size = size};
    struct rit_outcome front;
    size_t taken = 0, numbers, before = out->size;
    bool any = false;
    rit_outcome_glance(&in, &front);
    for (uint32_t left = rit_read_u32(&in); left > 0 && !in.bad; left--) {
        if (!pass_variable(&in, &numbers))
            continue;
        rit_pack_bytes(out, in.data + taken, numbers - taken);
        taken = in.at;
        any = true;
    }
    if (in.bad) { /* no outcome: all of it counts */
        out->size = before;
        taken = 0;
    }
    rit_pack_bytes(out, in.data + taken, size - taken);
    return any && !in.bad;
}

/* ---- comparing ---- */

static bool same_number(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static bool same_labels(const struct rit_labels *a, const struct rit_labels *b)
{
    bool same = b && a->n == b->n;
    for (int i = 0; same && i < a->n; i++)
        same = strcmp(a->label[i], b->label[i]) == 0;
    return same;
}

/* How far two numbers of this variable may be apart. */
static double room_of(const struct rit_variable *v)
{
    double largest = 0.0;
    for (size_t i = 0; v->library && i < v->count; i++)
        if (isfinite(v->data[i]))
            largest = fmax(largest, fabs(v->data[i]));
    return RIT_LIBRARY_ACCURACY * largest;
}

/* In words, where a stored variable came out otherwise; else `what` stays. */
static void compare(const struct rit_variable *a, const struct rit_variable *b, char *what, size_t size)
{
    if (!b)
        snprintf(what, size, "the variable %s is no longer made", a->name);
    else if (a->count != b->count)
        snprintf(what, size, "%s had %zu values, and has %zu", a->name, a->count, b->count);
    double room = room_of(a);
    for (size_t i = 0; b && a->count == b->count && i < a->count; i++)
        if (!same_number(a->data[i], b->data[i]) && !(a->library && fabs(a->data[i] - b->data[i]) <= room)) {
            snprintf(what, size, "%s[%zu] was %.17g and is now %.17g", a->name, i, a->data[i], b->data[i]);
            break;
        }
}

bool rit_outcome_differs(const struct rit_outcome *stored, const struct rit_outcome *now, char *what,
                         size_t size)
{
    what[0] = 0;
    if (stored->end != now->end)
        snprintf(what, size, "it ended %s, now %s", rit_end_name(stored->end), rit_end_name(now->end));
    else if (stored->steps != now->steps || !same_number(stored->tau, now->tau))
        snprintf(what, size, "it ended after %llu steps, now after %llu", (unsigned long long)stored->steps,
                 (unsigned long long)now->steps);
    for (int v = 0; what[0] == 0 && v < stored->variables; v++)
        compare(stored->variable[v], rit_outcome_find(now, stored->variable[v]->name), what, size);
    for (int l = 0; what[0] == 0 && l < stored->labelled; l++)
        if (!same_labels(stored->labels[l], rit_outcome_labels(now, stored->labels[l]->dim)))
            snprintf(what, size, "the places along %s are others", stored->labels[l]->dim);
    return what[0] != 0;
}
