/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/growth.h"

#include "store/checkpoint.h"
#include "train/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The results of a run by trajectory. */
struct finder {
    const struct rit_config *config;
    const struct rit_results *results;
    const char *run;
    const struct rit_stored **sorted; /* [results->count] */
};

static int by_trajectory(const void *a, const void *b)
{
    const struct rit_stored *const *x = a, *const *y = b;
    int order = memcmp((*x)->trajectory.byte, (*y)->trajectory.byte, RIT_HASH_BYTES);
    return order ? order : memcmp((*x)->identity.byte, (*y)->identity.byte, RIT_HASH_BYTES);
}

/* Index of the first result of this trajectory, or of what follows it. */
static int first_of(const struct finder *f, const struct rit_hash *trajectory)
{
    int low = 0, high = f->results->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (memcmp(f->sorted[middle]->trajectory.byte, trajectory->byte, RIT_HASH_BYTES) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether `wanted` can go on from this result; else the reason. */
static bool can_extend(const struct finder *f, const struct rit_stored *stored,
                       const struct rit_point *wanted, char why[RIT_WHY])
{
    struct rit_result result;
    struct rit_point had;
    struct rit_error err = {0};
    if (!rit_checkpoint_exists(f->run, &rit_end_states, &stored->identity)) {
        snprintf(why, RIT_WHY, "run.keep: the end state was not kept");
        return false;
    }
    if (rit_results_get(f->results, stored, &result, &err) != RIT_OK) {
        snprintf(why, RIT_WHY, "the stored result cannot be read");
        return false;
    }
    bool good = rit_point_read_identity(&had, wanted->registry, result.point, &err) == RIT_OK;
    if (good)
        good = rit_request_extends(&had, &result.outcome, wanted, why, RIT_WHY);
    else
        snprintf(why, RIT_WHY, "%.*s", RIT_WHY - 1, err.text);
    rit_result_release(&result);
    return good;
}

static void look(const struct finder *f, const struct rit_roster *roster, int p, struct rit_todo *todo)
{
    struct rit_point wanted;
    char why[RIT_WHY] = "", reason[RIT_WHY] = "";
    uint64_t furthest = 0;
    const struct rit_hash *trajectory = &roster->trajectory[p];
    todo->work = RIT_WORK_NEW;
    rit_plan_point(f->config, roster->plan[p], &wanted);
    for (int i = first_of(f, trajectory); i < f->results->count; i++) {
        const struct rit_stored *stored = f->sorted[i];
        if (!rit_hash_equal(&stored->trajectory, trajectory))
            break;
        if (stored->end == RIT_END_FAILED)
            continue;
        bool longer = todo->work != RIT_WORK_EXTEND || stored->steps > todo->steps;
        if (longer && can_extend(f, stored, &wanted, why)) {
            *todo = (struct rit_todo){RIT_WORK_EXTEND, stored->identity, stored->steps, NULL};
        } else if (todo->work != RIT_WORK_EXTEND && stored->steps >= furthest) {
            todo->work = RIT_WORK_AGAIN;
            furthest = stored->steps;
            memcpy(reason, why, sizeof reason);
        }
    }
    if (todo->work == RIT_WORK_AGAIN) {
        todo->why = strdup(reason);
        RIT_CHECK(todo->why);
    }
}

void rit_growth_find(const struct rit_config *config, const struct rit_roster *roster,
                     const struct rit_results *results, const char *run, struct rit_growth *growth)
{
    struct finder f = {.config = config, .results = results, .run = run};
    *growth = (struct rit_growth){.count = roster->count,
                                  .todo = calloc((size_t)roster->count + 1, sizeof *growth->todo)};
    f.sorted = malloc(((size_t)results->count + 1) * sizeof *f.sorted);
    RIT_CHECK(growth->todo && f.sorted);
    for (int i = 0; i < results->count; i++)
        f.sorted[i] = &results->stored[i];
    qsort(f.sorted, (size_t)results->count, sizeof *f.sorted, by_trajectory);
    for (int p = 0; p < roster->count; p++) {
        const struct rit_stored *stored = rit_results_find(results, &roster->identity[p]);
        if (!stored || stored->end == RIT_END_FAILED)
            look(&f, roster, p, &growth->todo[p]);
    }
    free(f.sorted);
}

void rit_growth_add(const struct rit_config *config, const struct rit_roster *roster,
                    const struct rit_results *results, const struct rit_stored *const *from, const char *run,
                    struct rit_growth *growth)
{
    struct finder f = {.config = config, .results = results, .run = run};
    growth->todo = realloc(growth->todo, ((size_t)roster->count + 1) * sizeof *growth->todo);
    RIT_CHECK(growth->todo);
    for (int p = growth->count; p < roster->count; p++) {
        struct rit_point wanted;
        char why[RIT_WHY];
        const struct rit_stored *stored = from[p - growth->count];
        growth->todo[p] = (struct rit_todo){.work = RIT_WORK_NEW};
        for (int i = 0; i < results->count && !stored; i++)
            if (rit_hash_equal(&results->stored[i].trajectory, &roster->trajectory[p]))
                stored = &results->stored[i];
        rit_plan_point(config, roster->plan[p], &wanted);
        if (stored && stored->end != RIT_END_FAILED && can_extend(&f, stored, &wanted, why))
            growth->todo[p] = (struct rit_todo){RIT_WORK_EXTEND, stored->identity, stored->steps, NULL};
    }
    growth->count = roster->count;
}

void rit_growth_release(struct rit_growth *growth)
{
    for (int p = 0; p < growth->count; p++)
        free(growth->todo[p].why);
    free(growth->todo);
    *growth = (struct rit_growth){0};
}

static int by_reason(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *points(int n)
{
    return n == 1 ? "point" : "points";
}

static void print_reasons(const struct rit_growth *growth, int n, struct rit_buffer *out)
{
    const char **why = malloc(((size_t)n + 1) * sizeof *why);
    RIT_CHECK(why);
    int at = 0;
    for (int p = 0; p < growth->count; p++)
        if (growth->todo[p].work == RIT_WORK_AGAIN)
            why[at++] = growth->todo[p].why;
    qsort(why, (size_t)n, sizeof *why, by_reason);
    for (int first = 0, i = 1; i <= n; i++) {
        if (i < n && strcmp(why[i], why[first]) == 0)
            continue;
        rit_buffer_printf(out, "  %d %s must be trained again: %s\n", i - first, points(i - first),
                          why[first]);
        first = i;
    }
    free(why);
}

void rit_growth_print(const struct rit_growth *growth, struct rit_buffer *out)
{
    static const char *const what[RIT_WORKS] = {
        [RIT_WORK_NONE] = "there already",
        [RIT_WORK_EXTEND] = "to go on from kept end states, with what is asked beyond them",
        [RIT_WORK_NEW] = "new"};
    int n[RIT_WORKS] = {0};
    for (int p = 0; p < growth->count; p++)
        n[growth->todo[p].work]++;
    for (int w = 0; w < RIT_WORKS; w++)
        if (n[w] > 0 && what[w])
            rit_buffer_printf(out, "  %d %s %s\n", n[w], points(n[w]), what[w]);
    print_reasons(growth, n[RIT_WORK_AGAIN], out);
}
