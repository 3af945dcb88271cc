/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a teacher says of each row: signs of tanh sums of committees, s_o = sign sum_k tanh(w_ok . x / sqrt
 * N), of task.committee random perceptrons each; one perceptron is Gardner and Derrida's teacher.
 */
#include "task/block/block.h"

#include "base/arena.h"
#include "base/exact.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

static const struct rit_param params[] = {
    {.key = "task.outputs",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 1,
     .high = RIT_WIDEST_BITS,
     .unit = "1",
     .meaning = "outputs of the teacher"},
    {.key = "task.committee",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 1,
     .high = 4096,
     .unit = "units",
     .meaning = "hidden units of the teacher behind each output"},
    {.key = "task.teacher-seed",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 0x1p53 - 1,
     .unit = "1",
     .meaning = "key of the teacher's random weights"},
};

struct teacher {
    int in, units; /* units of all outputs together */
    double *w;     /* [units][in] */
};

static struct teacher draw(const struct rit_point *point, int in)
{
    int outputs = (int)rit_point_int(point, "task.outputs"),
        committee = (int)rit_point_int(point, "task.committee");
    struct teacher teacher = {.in = in, .units = outputs * committee};
    size_t n = (size_t)teacher.units * (size_t)in;
    struct rit_random random =
        rit_random_open((uint64_t)rit_point_int(point, "task.teacher-seed"), RIT_FOR_TEACHER, 0, 0);
    teacher.w = calloc(n, sizeof *teacher.w);
    RIT_CHECK(teacher.w);
    for (size_t i = 0; i < n; i++)
        teacher.w[i] = rit_random_gauss(&random) / sqrt(in);
    return teacher;
}

/* The sum of one output's committee at pair t. */
static double field(const struct teacher *teacher, const struct rit_block *block, int t, int output,
                    int outputs)
{
    double sum = 0.0, off = (0.0 - block->mean) / block->deviation,
           on = (1.0 - block->mean) / block->deviation;
    for (int k = output; k < teacher->units; k += outputs) {
        double v = 0.0;
        for (int i = 0; i < teacher->in; i++)
            v = fma(teacher->w[(size_t)k * (size_t)teacher->in + (size_t)i],
                    rit_rows_value(&block->in, t, i, off, on), v);
        sum += rit_tanh(v);
    }
    return sum;
}

static enum rit_status cut(const struct rit_point *point, const struct rit_corpus *corpus, const char *noun,
                           int first, int count, struct rit_block *block, struct rit_error *err)
{
    struct rit_block_space space;
    struct rit_port asked = {RIT_ROW_BITS, (int)rit_point_int(point, "task.outputs")};
    RIT_TRY(rit_block_take(corpus, noun, first, count, 0, asked, block, &space, err));
    rit_rows_copy(corpus->port, rit_corpus_rows(corpus), corpus->start[first], block->pairs, space.in, 0);
    rit_block_standardise(corpus, first, &space, false, block);
    struct teacher teacher = draw(point, block->in.port.width);
    uint64_t *bits = space.asked;
    size_t words = (size_t)rit_port_words(asked);
    for (int t = 0; t < block->pairs; t++)
        for (int o = 0; o < asked.width; o++)
            bits[(size_t)t * words + (size_t)o / 64] |=
                (uint64_t)(field(&teacher, block, t, o, asked.width) > 0.0) << o % 64;
    free(teacher.w);
    return rit_block_finish(noun, first, block, err);
}

const struct rit_task rit_task_teacher = {
    .member = {.name = "teacher",
               .meaning =
                   "what a random teacher says of each row: signs of a perceptron's or committee's output",
               RIT_PARAMS(params)},
    .cut = cut,
};
