/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The training engine as bench.py's counterpart: reads one command a line, answers with one line. Times are
 * CPU seconds of this thread.
 *     open KEY=VALUE ...   a network on its block      -> pairs, chorales, weights, instruction set
 *     steps N | noise N    N steps; noise: with second moments -> seconds, dense flops, executed flops
 *     train N              N steps of a whole run, observers and all -> seconds
 *     nll N | retract N    N evaluations, N projections        -> seconds
 *     gradient FILE        weights and full gradient as raw doubles -> loss
 *     data FILE            the block: mean, deviation; P, T; starts; inputs; targets -> ok
 *     peak                 multiply-adds in registers  -> GFLOP/s
 */
#include <ritardando/cost.h>
#include <ritardando/model.h>
#include <ritardando/rule.h>
#include <ritardando/run.h>

#include "base/arena.h"
#include "bench/peak.h"
#include "kernel/kernels.h"
#include "train/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bench {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_measure measure;
    struct rit_criterion criterion, measured;
    const struct rit_model *model;
    struct rit_rule_use rule;
    struct rit_net *net;
    struct rit_run *run; /* of its own; NULL before the first "train" */
    struct rit_schedule schedule;
    struct rit_arena arena;
    double *w, *g;
    uint64_t step;
    double dense, executed; /* flops since the last answer */
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const char *why)
{
    fprintf(stderr, "bench: %s\n", why);
    exit(1);
}

static void take(struct bench *b, struct rit_arena *arena)
{
    b->net = b->model->open(&b->point, &b->layout, &b->block, arena);
    b->schedule = rit_schedule_open(&b->point, &b->block, arena);
    b->w = RIT_TAKE(arena, b->layout.size, double);
    b->g = RIT_TAKE(arena, b->layout.size, double);
}

static void close_net(struct bench *b)
{
    free(b->arena.base);
    rit_run_free(b->run);
    rit_block_release(&b->block);
    memset(b, 0, sizeof *b);
}

static void open_net(struct bench *b, char *settings)
{
    struct rit_error err;
    close_net(b);
    rit_point_init(&b->point, rit_registry());
    for (char *word = strtok(settings, " \n"); word; word = strtok(NULL, " \n")) {
        char *value = strchr(word, '=');
        if (!value)
            stop("open wants KEY=VALUE");
        *value++ = '\0';
        rit_point_set(&b->point, word, value);
    }
    if (rit_block_load(&b->point, &b->block, &err) != RIT_OK ||
        rit_schedule_check(&b->point, &b->block, &err) != RIT_OK)
        stop(err.text);
    b->model = rit_model_of(&b->point);
    b->rule = rit_rule_open(&b->point);
    b->criterion = rit_cost_criterion(&b->cost);
    b->measure = rit_measure_of(&b->block);
    b->measured = rit_cost_criterion(&b->measure.use);
    if (rit_cost_open(&b->point, &b->block, &b->cost, &err) != RIT_OK ||
        b->model->layout(&b->point, b->block.in.port, b->block.asked.port, &b->layout, &err) != RIT_OK)
        stop(err.text);
    struct rit_arena measure = {0};
    take(b, &measure);
    b->arena = rit_arena_new(measure.used);
    take(b, &b->arena);
    b->model->init(&b->point, &b->layout, &b->block, b->w);
    printf("%d %d %zu %s\n", b->block.pairs, b->block.sequences, b->layout.size, rit_kernels()->name);
}

/*
 * Multiply-adds of a sweep, times two. Dense: every product as a full matrix product, inputs included;
 * executed: without those with the binary input, which are made of sums of rows.
 */
static void count_flops(struct bench *b, const struct rit_batch *batch)
{
    double n = (double)rit_point_int(&b->point, "model.width"),
           depth = (double)rit_point_int(&b->point, "model.depth");
    double pairs = b->block.pairs;
    if (batch->kind == RIT_SEQUENCES) {
        pairs = 0.0;
        for (int i = 0; i < batch->n; i++)
            pairs += b->block.start[batch->index[i] + 1] - b->block.start[batch->index[i]];
    }
    double summed = batch->kind == RIT_TIME_POINTS ? batch->n : pairs; /* pairs in the weight gradient */
    double in = b->block.in.port.width, out = b->block.asked.port.width;
    double binary = in * n + in * out, inner = (2.0 * depth - 1.0) * n * n + out * n;
    b->executed += 2.0 * (pairs * 2.0 * inner + summed * inner);
    b->dense += 2.0 * (pairs * (2.0 * inner + binary) + summed * (inner + binary));
}

static void steps(struct bench *b, int n, enum rit_want want)
{
    double eta = rit_point_real(&b->point, "rule.eta");
    b->dense = b->executed = 0.0;
    double start = cpu_seconds();
    for (int i = 0; i < n; i++) {
        struct rit_pass sweep;
        struct rit_batch batch = rit_schedule_batch(&b->schedule, ++b->step);
        b->model->load(b->net, b->w);
        b->model->pass(b->net, &batch, want, &b->criterion, b->g, &sweep);
        b->rule.rule->update(
            &b->rule,
            &(struct rit_stride){
                .layout = &b->layout, .seed = 1, .step = b->step, .eta = eta, .g = b->g, .w = b->w});
        count_flops(b, &batch);
    }
    printf("%.9g %.9g %.9g\n", cpu_seconds() - start, b->dense, b->executed);
}

static void train(struct bench *b, int n)
{
    struct rit_error err;
    if (!b->run)
        b->run = rit_run_new(&b->point, &b->block, &err);
    if (!b->run)
        stop(err.text);
    double start = cpu_seconds();
    if (rit_run_advance(b->run, (uint64_t)n))
        stop("the run is over");
    printf("%.9g\n", cpu_seconds() - start);
}

static void evaluations(struct bench *b, int n)
{
    struct rit_batch full = {.kind = RIT_FULL};
    double start = cpu_seconds(), sum = 0.0;
    for (int i = 0; i < n; i++) {
        struct rit_pass sweep;
        b->model->load(b->net, b->w);
        b->model->pass(b->net, &full, RIT_WANT_NOTHING, &b->measured, NULL, &sweep);
        sum += sweep.sum;
    }
    printf("%.9g %.9g\n", cpu_seconds() - start, sum / n);
}

/* From where 200 steps of drift would have brought the matrices. */
static void projections(struct bench *b, int n)
{
    double seconds = 0.0;
    for (int i = 0; i < n; i++) {
        for (size_t k = 0; k < b->layout.size; k++)
            b->g[k] = b->w[k] + 1e-4 * (double)((k * 2654435761u >> 7) % 64) / 64.0;
        double start = cpu_seconds();
        if (!b->model->retract(b->net, b->g))
            stop("a matrix has no polar factor");
        seconds += cpu_seconds() - start;
    }
    printf("%.9g\n", seconds);
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        stop(path);
    return file;
}

static void write_gradient(struct bench *b, const char *path)
{
    FILE *file = create(path);
    struct rit_batch full = {.kind = RIT_FULL};
    struct rit_pass sweep;
    for (size_t i = 0; i < b->layout.size; i++) /* away from the zeros of K and W */
        b->w[i] += 1e-3 * ((double)((i * 2654435761u >> 7) % 64) - 31.5);
    b->model->load(b->net, b->w);
    b->model->pass(b->net, &full, RIT_WANT_NOTHING, &b->criterion, b->g, &sweep);
    fwrite(b->w, sizeof *b->w, b->layout.size, file);
    fwrite(b->g, sizeof *b->g, b->layout.size, file);
    if (fclose(file) != 0)
        stop(path);
    printf("%.17g\n", sweep.loss);
}

static void write_data(const struct bench *b, const char *path)
{
    FILE *file = create(path);
    double standard[2] = {b->block.mean, b->block.deviation};
    int sizes[2] = {b->block.sequences, b->block.pairs};
    fwrite(standard, sizeof standard, 1, file);
    fwrite(sizes, sizeof sizes, 1, file);
    fwrite(b->block.start, sizeof *b->block.start, (size_t)b->block.sequences + 1, file);
    fwrite(b->block.in.bits, sizeof *b->block.in.bits, (size_t)b->block.pairs, file);
    fwrite(b->block.asked.bits, sizeof *b->block.asked.bits, (size_t)b->block.pairs, file);
    if (fclose(file) != 0)
        stop(path);
    printf("ok\n");
}

int main(void)
{
    static struct bench b;
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        char *argument = strchr(line, ' ');
        if (argument)
            *argument++ = '\0';
        if (strcmp(line, "open") == 0 && argument)
            open_net(&b, argument);
        else if (strcmp(line, "steps") == 0 && argument)
            steps(&b, atoi(argument), RIT_WANT_NOTHING);
        else if (strcmp(line, "noise") == 0 && argument)
            steps(&b, atoi(argument), RIT_WANT_NOISE);
        else if (strcmp(line, "train") == 0 && argument)
            train(&b, atoi(argument));
        else if (strcmp(line, "nll") == 0 && argument)
            evaluations(&b, atoi(argument));
        else if (strcmp(line, "retract") == 0 && argument)
            projections(&b, atoi(argument));
        else if (strcmp(line, "gradient") == 0 && argument)
            write_gradient(&b, argument);
        else if (strcmp(line, "data") == 0 && argument)
            write_data(&b, argument);
        else if (strcmp(line, "peak") == 0)
            printf("%.9g\n", rit_peak(rit_kernels()->name));
        else
            stop("unknown command");
        fflush(stdout);
    }
    close_net(&b);
    return 0;
}
