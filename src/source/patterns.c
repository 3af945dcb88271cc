/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random patterns with labels, each a sequence of one row: what is known exactly about learning is mostly
 * known about them. Signs and Gaussian numbers have labels of their own, at random (storage: Cover's and
 * Gardner's problem); in a mixture of two Gaussians the label says from which one a pattern is, and then all
 * labels of a pattern are the same. So they are of exclusive or: the first two numbers are (+-1/2, +-1/2) and
 * a spread, the label is the sign of the product, and other numbers are zero.
 */
#include <ritardando/source.h>

#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {"signs", "gauss", "mixture", "xor", "xor-uniform", NULL};

static const struct rit_param params[] = {
    {.key = "data.patterns",
     .kind = RIT_NAME,
     .fallback = "gauss",
     .choices = kinds,
     .unit = "1",
     .meaning =
         "random patterns: independent signs +-1, Gaussian numbers N(0, 1), a mixture of two Gaussians, or "
         "exclusive or of two numbers, four Gaussians or four squares"},
    {.key = "data.dimension",
     .kind = RIT_INT,
     .fallback = "20",
     .low = 1,
     .high = RIT_WIDEST_REALS,
     .unit = "1",
     .meaning = "numbers N in a pattern"},
    {.key = "data.labels",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 1,
     .high = RIT_WIDEST_BITS,
     .unit = "1",
     .meaning = "binary labels of a pattern"},
    {.key = "data.separation",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0,
     .high = 1e3,
     .unit = "1",
     .needs = "data.patterns: mixture",
     .meaning =
         "distance of each Gaussian's centre from the origin, in deviations; the centres are opposite"},
    {.key = "data.spread",
     .kind = RIT_REAL,
     .fallback = "0.1",
     .low = 0,
     .high = 1e3,
     .unit = "1",
     .needs = "data.patterns: xor xor-uniform",
     .meaning = "deviation of each Gaussian, or half the side of each square, about (+-1/2, +-1/2)"},
    {.key = "data.pattern-seed",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 0x1p53 - 1,
     .unit = "1",
     .meaning = "key of the patterns' random numbers; another seed, other patterns"},
};

/* One pattern: its row, with centre times its sign added, and its labels. */
struct pattern {
    uint64_t seed;
    const char *kind;
    bool xor ; /* of exclusive or, with this spread */
    double spread;
    int dimension, labels;
    float *row, *centre; /* [dimension]; no centre: NULL */
    uint64_t label[RIT_WIDEST_BITS / 64];
};

static void draw_labels(struct pattern *p, int number)
{
    struct rit_random random = rit_random_open(p->seed, RIT_FOR_PATTERNS, (uint64_t)number, 1);
    bool first = p->xor ? number % 4 < 2 : rit_random_below(&random, 2);
    memset(p->label, 0, sizeof p->label);
    for (int i = 0; i < p->labels; i++) {
        bool on = i == 0 || p->centre || p->xor ? first : rit_random_below(&random, 2);
        p->label[i / 64] |= (uint64_t)on << i % 64;
    }
}

/* x_0 = +-1/2, x_1 = that times the label's sign, both with their spread. */
static void draw_xor(struct pattern *p, int number, struct rit_random *random)
{
    double side = p->label[0] & 1 ? 1.0 : -1.0, first = number % 2 ? -0.5 : 0.5;
    bool uniform = strcmp(p->kind, "xor-uniform") == 0;
    memset(p->row, 0, (size_t)p->dimension * sizeof *p->row);
    for (int i = 0; i < 2; i++) {
        double e = uniform ? 2.0 * rit_random_uniform(random) - 1.0 : rit_random_gauss(random);
        p->row[i] = (float)((i == 0 ? first : first * side) + p->spread * e);
    }
}

static void draw_row(struct pattern *p, int number)
{
    struct rit_random random = rit_random_open(p->seed, RIT_FOR_PATTERNS, (uint64_t)number, 0);
    if (p->xor) {
        draw_xor(p, number, &random);
        return;
    }
    bool signs = strcmp(p->kind, "signs") == 0;
    double side = p->label[0] & 1 ? 1.0 : -1.0;
    for (int i = 0; i < p->dimension; i++) {
        double x = signs ? (rit_random_below(&random, 2) ? 1.0 : -1.0) : rit_random_gauss(&random);
        p->row[i] = (float)(p->centre ? x + side * (double)p->centre[i] : x);
    }
}

/* A random direction of the given length. */
static void draw_centre(uint64_t seed, double length, int n, float *centre)
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_PATTERNS, ~UINT64_C(0), 0);
    double square = 0.0;
    for (int i = 0; i < n; i++) {
        double x = rit_random_gauss(&random);
        centre[i] = (float)x;
        square += x * x;
    }
    for (int i = 0; i < n; i++)
        centre[i] = (float)((double)centre[i] * length / sqrt(square));
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    float row[RIT_WIDEST_REALS], centre[RIT_WIDEST_REALS];
    struct pattern p = {.seed = (uint64_t)rit_point_int(point, "data.pattern-seed"),
                        .kind = rit_point_name(point, "data.patterns"),
                        .dimension = (int)rit_point_int(point, "data.dimension"),
                        .labels = (int)rit_point_int(point, "data.labels"),
                        .row = row};
    p.xor = strncmp(p.kind, "xor", 3) == 0;
    if (p.xor &&p.dimension < 2)
        return rit_fail(err, RIT_BAD_INPUT, "data.dimension: exclusive or is of two numbers or more, not %d",
                        p.dimension);
    p.spread = p.xor ? rit_point_real(point, "data.spread") : 0.0;
    if (strcmp(p.kind, "mixture") == 0) {
        p.centre = centre;
        draw_centre(p.seed, rit_point_real(point, "data.separation"), p.dimension, centre);
    }
    *corpus = (struct rit_corpus){.port = {RIT_ROW_REALS, p.dimension},
                                  .label = {RIT_ROW_BITS, p.labels},
                                  .mean = 0.0,
                                  .deviation = 1.0};
    for (int k = 0; k < need; k++) {
        draw_labels(&p, k);
        draw_row(&p, k);
        rit_corpus_append(corpus, row, p.label, 1);
    }
    return RIT_OK;
}

const struct rit_source rit_source_patterns = {
    .member = {.name = "patterns",
               .meaning =
                   "random patterns with random labels, made by the program itself; for the task classify",
               RIT_PARAMS(params)},
    .noun = "pattern",
    .load = load,
};
