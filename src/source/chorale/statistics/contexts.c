/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The context of a chord is what came before it, as far back as a predictor may look. Contexts are
 * numbered in the order in which they first occur; each is one that is shorter by a chord (its parent, of the
 * beat before) followed by a chord.
 */
#define _GNU_SOURCE /* tdestroy */
#include "source/chorale/statistics/contexts.h"

#include "base/exact.h"
#include "source/chorale/slots.h"
#include "source/chorale/statistics/statistics.h"

#include <search.h>
#include <stdlib.h>

enum { ROOT = -1 }; /* the empty context */

struct context {
    int parent;
    uint64_t chord;
    int number;
};

/* number[t]: the context that ends with chord t. */
struct contexts {
    int count;
    int *number;
};

static int compare(const void *left, const void *right)
{
    const struct context *a = left, *b = right;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    return (a->chord > b->chord) - (a->chord < b->chord);
}

static void keep_node(void *node)
{
    (void)node; /* it lies in the array of all */
}

/* `shorter`: the contexts one chord shorter; NULL: those themselves, which makes them endless. */
static struct contexts number_contexts(const struct rit_corpus *corpus, const struct contexts *shorter)
{
    int chords = corpus->start[corpus->sequences];
    struct contexts found = {0, calloc((size_t)chords, sizeof(int))};
    struct context *node = calloc((size_t)chords, sizeof *node);
    RIT_CHECK(found.number && node);
    const int *parent = shorter ? shorter->number : found.number;
    void *tree = NULL;
    for (int c = 0; c < corpus->sequences; c++) {
        for (int t = corpus->start[c]; t < corpus->start[c + 1]; t++) {
            struct context *new = &node[found.count];
            *new =
                (struct context){t > corpus->start[c] ? parent[t - 1] : ROOT, corpus->bits[t], found.count};
            struct context **place = tsearch(new, &tree, compare);
            RIT_CHECK(place);
            found.count += *place == new;
            found.number[t] = (*place)->number;
        }
    }
    tdestroy(tree, keep_node);
    free(node);
    return found;
}

/* The empty context of every chord: parents of the chords themselves. */
static struct contexts empty_contexts(const struct rit_corpus *corpus)
{
    struct contexts empty = {1, calloc((size_t)corpus->start[corpus->sequences], sizeof(int))};
    RIT_CHECK(empty.number);
    for (int t = 0; t < corpus->start[corpus->sequences]; t++)
        empty.number[t] = ROOT;
    return empty;
}

/* n times the entropy in bits of a note that sounds k times in n. */
static double bits(int k, int n)
{
    if (k == 0 || k == n)
        return 0.0;
    double p = (double)k / n;
    return -n * (p * rit_log(p) + (1.0 - p) * rit_log(1.0 - p)) / rit_log(2.0);
}

/* NLL of a predictor that has a rate for each note in each context. `contexts` NULL: one context. */
static double conditional_nll(const struct rit_corpus *corpus, const struct contexts *contexts)
{
    size_t count = contexts ? (size_t)contexts->count : 1;
    int(*times)[RIT_SLOTS + 1] = calloc(count, sizeof *times); /* the last: of the context itself */
    RIT_CHECK(times);
    int pairs = 0;
    for (int c = 0; c < corpus->sequences; c++) {
        for (int t = corpus->start[c]; t + 1 < corpus->start[c + 1]; t++, pairs++) {
            int *here = times[contexts ? contexts->number[t] : 0];
            here[RIT_SLOTS]++;
            for (uint64_t next = corpus->bits[t + 1]; next; next &= next - 1)
                here[__builtin_ctzll(next)]++;
        }
    }
    double sum = 0.0;
    for (size_t k = 0; k < count; k++)
        for (int i = 0; i < RIT_SLOTS; i++)
            sum += bits(times[k][i], times[k][RIT_SLOTS]);
    free(times);
    return sum / pairs / RIT_SLOTS;
}

static double constant_nll(const struct rit_corpus *corpus)
{
    int notes = 0, places = 0;
    for (int c = 0; c < corpus->sequences; c++) {
        for (int t = corpus->start[c] + 1; t < corpus->start[c + 1]; t++) {
            notes += __builtin_popcountll(corpus->bits[t]);
            places += RIT_SLOTS;
        }
    }
    return bits(notes, places) / places;
}

/* Share of the second half's chords whose context is one of the first half's. `skip`: chords at the
 * beginning of a chorale that have no context of full length. */
static double seen(const struct rit_corpus *corpus, const struct contexts *contexts, int skip)
{
    int half = corpus->sequences / 2, known = -1, all = 0, old = 0;
    for (int t = 0; t < corpus->start[half]; t++)
        known = contexts->number[t] > known ? contexts->number[t] : known;
    for (int c = half; c < corpus->sequences; c++) {
        for (int t = corpus->start[c] + skip; t < corpus->start[c + 1]; t++, all++)
            old += contexts->number[t] <= known;
    }
    return all ? (double)old / all : 0.0;
}

void rit_contexts_measure(const struct rit_corpus *corpus, double *value)
{
    struct contexts zero = empty_contexts(corpus);
    struct contexts one = number_contexts(corpus, &zero);
    struct contexts two = number_contexts(corpus, &one);
    struct contexts three = number_contexts(corpus, &two);
    struct contexts all = number_contexts(corpus, NULL);
    value[RIT_STAT_DISTINCT] = one.count;
    value[RIT_STAT_SEEN] = seen(corpus, &one, 0);
    value[RIT_STAT_SEEN_CHANGES] = seen(corpus, &two, 1);
    value[RIT_STAT_CONSTANT_RATE] = constant_nll(corpus);
    value[RIT_STAT_NOTE_RATES] = conditional_nll(corpus, NULL);
    value[RIT_STAT_ONE_CHORD] = conditional_nll(corpus, &one);
    value[RIT_STAT_TWO_CHORDS] = conditional_nll(corpus, &two);
    value[RIT_STAT_THREE_CHORDS] = conditional_nll(corpus, &three);
    value[RIT_STAT_ALL_CHORDS] = conditional_nll(corpus, &all);
    free(zero.number);
    free(one.number);
    free(two.number);
    free(three.number);
    free(all.number);
}
