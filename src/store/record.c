/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rit_record_print(const struct rit_hash *content, const struct rit_outcome *outcome,
                      struct rit_buffer *out)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(content, 2 * RIT_HASH_BYTES, hex);
    rit_buffer_printf(out, "%s", hex);
    for (int i = 0; i < outcome->variables; i++) {
        const struct rit_variable *v = outcome->variable[i];
        rit_buffer_printf(out, " %s%s", v->library ? "~" : "", v->name);
        for (int d = 0; d < v->dims; d++)
            rit_buffer_printf(out, ":%zu", v->length[d]);
    }
    for (int i = 0; i < outcome->labelled; i++) {
        rit_buffer_printf(out, " @%s", outcome->labels[i]->dim);
        for (int k = 0; k < outcome->labels[i]->n; k++)
            rit_buffer_printf(out, "=%s", outcome->labels[i]->label[k]);
    }
    rit_pack_bytes(out, "", 1);
}

/* ---- the way back ---- */

static const char *text_of(const struct rit_dataset *dataset, const char *name, size_t row)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    return array && array->text && row < array->count ? array->text[row] : "";
}

static double number_of(const struct rit_dataset *dataset, const char *name, size_t row)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    return array && array->value && row < array->count ? array->value[row] : 0;
}

/* The array that holds a variable: over the points, or a coordinate that is the same for all. */
static const struct rit_array *array_of(const struct rit_dataset *dataset, const char *name)
{
    char clashing[RIT_VARIABLE_NAME + 16];
    snprintf(clashing, sizeof clashing, "%s_of_point", name);
    const struct rit_array *array = rit_dataset_find(dataset, clashing);
    return array ? array : rit_dataset_find(dataset, name);
}

/* Where place k of dimension d of a row stands in the array: at its label, or at k. */
static size_t place_of(const struct rit_dataset *dataset, const struct rit_outcome *outcome,
                       const struct rit_variable *v, int d, size_t k)
{
    const struct rit_labels *labels = rit_outcome_labels(outcome, v->dim[d]);
    const struct rit_array *among = rit_dataset_find(dataset, v->dim[d]);
    if (!labels || (size_t)labels->n != v->length[d] || !among || !among->text)
        return k;
    for (size_t i = 0; i < among->count; i++)
        if (strcmp(among->text[i], labels->label[k]) == 0)
            return i;
    return SIZE_MAX;
}

static bool copy_values(const struct rit_dataset *dataset, const struct rit_outcome *outcome,
                        const struct rit_array *array, size_t row, struct rit_variable *v)
{
    int first = array->dims - v->dims; /* 1 where the array is over the points */
    for (size_t i = 0; i < v->count; i++) {
        size_t rest = i, at = first ? row : 0, step = 1, offset = 0;
        for (int d = v->dims - 1; d >= 0; d--) {
            size_t place = place_of(dataset, outcome, v, d, rest % v->length[d]);
            if (place >= array->length[first + d])
                return false;
            offset += place * step;
            step *= array->length[first + d];
            rest /= v->length[d];
        }
        v->data[i] = array->value[at * step + offset];
    }
    return true;
}

/* "NAME:LENGTH:LENGTH", or "@DIM=LABEL=LABEL" in the first of two passes. No array is called ~NAME: numbers
 * of a library are in no hash, which could verify them, and are not taken back. */
static bool read_labels(char *word, struct rit_outcome *outcome)
{
    enum { MOST = 1024 };
    const char *label[MOST];
    int n = 0;
    char *at = strchr(word, '=');
    for (; at && n < MOST; at = strchr(at, '=')) {
        *at++ = 0;
        label[n++] = at;
    }
    if (at || strlen(word + 1) >= RIT_VARIABLE_NAME || outcome->labelled == RIT_MAX_LABELLED)
        return false;
    rit_outcome_label(outcome, word + 1, n, label);
    return true;
}

static bool read_variable(const struct rit_dataset *dataset, size_t row, char *word,
                          struct rit_outcome *outcome)
{
    size_t length[RIT_MAX_DIMS] = {0};
    int dims = 0;
    char *at = strchr(word, ':');
    for (; at && dims < RIT_MAX_DIMS; at = strchr(at, ':')) {
        *at++ = 0;
        length[dims++] = strtoull(at, NULL, 10);
    }
    const struct rit_array *array = array_of(dataset, word);
    if (at || !array || !array->value || outcome->variables == RIT_MAX_VARIABLES)
        return false;
    int first = array->dims - dims;
    if (first < 0 || first > 1 || (first == 1 && strcmp(array->dim[0], "point") != 0))
        return false;
    for (int d = 0; d < dims; d++)
        if (length[d] > array->length[first + d])
            return false;
    struct rit_variable *v = rit_outcome_add(outcome, word, array->unit, array->meaning, dims,
                                             (const char *const *)array->dim + first, length);
    return copy_values(dataset, outcome, array, row, v);
}

static bool read_words(const struct rit_dataset *dataset, size_t row, const char *record, bool labels,
                       struct rit_outcome *outcome)
{
    char *copy = strdup(record), *rest = NULL;
    RIT_CHECK(copy != NULL);
    bool good = true;
    strtok_r(copy, " ", &rest); /* the hash */
    for (char *word; good && (word = strtok_r(NULL, " ", &rest));)
        if ((word[0] == '@') == labels)
            good = labels ? read_labels(word, outcome) : read_variable(dataset, row, word, outcome);
    free(copy);
    return good;
}

bool rit_record_take(const struct rit_dataset *dataset, size_t row, struct rit_result *result)
{
    const char *record = text_of(dataset, "record", row);
    *result = (struct rit_result){0};
    if (!record[0] || !rit_hash_parse(text_of(dataset, "identity", row), &result->identity))
        return false;
    struct rit_outcome *o = &result->outcome;
    struct rit_provenance *p = &result->provenance;
    o->end = (enum rit_end)number_of(dataset, "end", row);
    o->steps = (uint64_t)number_of(dataset, "steps", row);
    o->tau = number_of(dataset, "tau", row);
    snprintf(o->reason, sizeof o->reason, "%s", text_of(dataset, "reason", row));
    snprintf(p->host, sizeof p->host, "%s", text_of(dataset, "host", row));
    snprintf(p->program, sizeof p->program, "%s", text_of(dataset, "program", row));
    snprintf(p->kernel, sizeof p->kernel, "%s", text_of(dataset, "kernel", row));
    p->seconds = number_of(dataset, "seconds", row);
    p->trained = o->steps;
    bool good = o->end != RIT_END_FAILED && read_words(dataset, row, record, true, o) &&
                read_words(dataset, row, record, false, o);
    char hex[RIT_HASH_HEX];
    struct rit_hash content = rit_result_content(result);
    rit_hash_hex(&content, 2 * RIT_HASH_BYTES, hex);
    good = good && strncmp(record, hex, RIT_HASH_HEX - 1) == 0;
    if (!good)
        rit_result_release(result);
    return good;
}
