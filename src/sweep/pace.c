/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/pace.h"

#include <ritardando/status.h>

#include "base/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct rit_hash kind_of(const struct rit_point *point)
{
    struct rit_buffer text = {0};
    for (int i = 0; i < point->registry->count; i++) {
        const char *key = point->registry->param[i]->key;
        bool counts = strncmp(key, "data.", 5) != 0 && rit_param_share(key) == RIT_TRAJECTORY;
        if (point->registry->param[i]->kind == RIT_NAME && counts && rit_param_applies(point, i))
            rit_buffer_printf(&text, "%s %s\n", key, point->value[i].name);
    }
    struct rit_hash kind = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return kind;
}

void rit_pace_add(struct rit_pace *pace, const struct rit_point *point, double work, double steps,
                  double seconds)
{
    if (!(work > 0 && steps > 0 && seconds > 0))
        return;
    if (pace->n == pace->room) {
        pace->room = pace->room ? 2 * pace->room : 64;
        pace->sample = realloc(pace->sample, (size_t)pace->room * sizeof *pace->sample);
        RIT_CHECK(pace->sample);
    }
    pace->sample[pace->n++] = (struct rit_pace_sample){kind_of(point), work, work * steps, seconds};
}

static int compare(const struct rit_hash *kind, double work, const struct rit_pace_sample *sample)
{
    int order = memcmp(kind->byte, sample->kind.byte, RIT_HASH_BYTES);
    return order ? order : (work > sample->work) - (work < sample->work);
}

static int by_kind(const void *a, const void *b)
{
    const struct rit_pace_sample *x = a;
    return compare(&x->kind, x->work, b);
}

void rit_pace_settle(struct rit_pace *pace)
{
    int kept = 0;
    if (pace->n > 0)
        qsort(pace->sample, (size_t)pace->n, sizeof *pace->sample, by_kind);
    for (int i = 0; i < pace->n; i++) {
        struct rit_pace_sample *last = &pace->sample[kept - 1];
        if (kept > 0 && by_kind(last, &pace->sample[i]) == 0) {
            last->operations += pace->sample[i].operations;
            last->seconds += pace->sample[i].seconds;
        } else {
            pace->sample[kept++] = pace->sample[i];
        }
    }
    pace->n = kept;
}

/* The first sample that is not before this kind and work. */
static int first_from(const struct rit_pace *pace, const struct rit_hash *kind, double work)
{
    int low = 0, high = pace->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (compare(kind, work, &pace->sample[middle]) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const struct rit_pace *pace, int i, const struct rit_hash *kind)
{
    return i >= 0 && i < pace->n && rit_hash_equal(&pace->sample[i].kind, kind);
}

static double pace_at(const struct rit_pace *pace, int i)
{
    return pace->sample[i].seconds / pace->sample[i].operations;
}

bool rit_pace_knows(const struct rit_pace *pace, const struct rit_point *point)
{
    struct rit_hash kind = kind_of(point);
    return is_of(pace, first_from(pace, &kind, 0), &kind);
}

double rit_pace_mean(const struct rit_pace *pace)
{
    double operations = 0, seconds = 0;
    for (int i = 0; i < pace->n; i++) {
        operations += pace->sample[i].operations;
        seconds += pace->sample[i].seconds;
    }
    return operations > 0 ? seconds / operations : NAN;
}

double rit_pace_of(const struct rit_pace *pace, const struct rit_point *point, double work)
{
    struct rit_hash kind = kind_of(point);
    int above = first_from(pace, &kind, work), below = above - 1;
    bool has_above = is_of(pace, above, &kind), has_below = is_of(pace, below, &kind);
    if (!has_above && !has_below)
        return rit_pace_mean(pace);
    if (!has_above || !has_below)
        return pace_at(pace, has_above ? above : below);
    double x =
        log(work / pace->sample[below].work) / log(pace->sample[above].work / pace->sample[below].work);
    return exp((1 - x) * log(pace_at(pace, below)) + x * log(pace_at(pace, above)));
}

void rit_pace_release(struct rit_pace *pace)
{
    free(pace->sample);
    *pace = (struct rit_pace){0};
}
