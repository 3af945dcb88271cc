/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The float32 engine equals the float64 reference, and gives the same bits from every instruction set. */
#include "model/layered/fast.h"
#include "model/netting.h"

#include <string.h>

struct setting {
    const char *depth, *width, *chorales, *bias, *cost;
    struct rit_port in, asked; /* of a block of random rows; no kind: of composed chorales */
};

/* The ports of a setting on composed chorales. */
#define COMPOSED                                                                                             \
    {RIT_ROW_NONE, 0},                                                                                       \
    {                                                                                                        \
        RIT_ROW_NONE, 0                                                                                      \
    }

static void open_layered(struct fixture *f, struct setting s, const char *precision)
{
    struct rit_error err;
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.precision", precision);
    rit_point_set(&f->point, "model.depth", s.depth);
    rit_point_set(&f->point, "model.width", s.width);
    rit_point_set(&f->point, "model.hidden-bias", s.bias);
    rit_point_set(&f->point, "data.chorales", s.chorales);
    rit_point_set(&f->point, "cost.name", s.cost);
    if (s.in.kind != RIT_ROW_NONE)
        f->block = rit_test_block(s.in, s.asked);
    else
        assert_int_equal(rit_block_load(&f->point, &f->block, &err), RIT_OK);
    assert_true(open_net(f, &err));
}

/* Widths at which vectors and panels of some instruction set end. */
static const char *const edges[] = {"1",  "2",  "3",  "7",  "8",  "9",  "15", "16", "17", "24",
                                    "31", "32", "33", "48", "49", "64", "65", "80", "81"};
enum { EDGES = sizeof edges / sizeof edges[0] };

/* A batch of `n` examples, the same for the same n; the caller frees the index. */
static struct rit_batch batch_of(const struct rit_block *block, enum rit_batch_kind kind, int n, int **index)
{
    int of = kind == RIT_TIME_POINTS ? block->pairs : block->sequences;
    unsigned char *mark = calloc((size_t)of, 1);
    struct rit_random random = rit_random_open(2, RIT_FOR_TEST, (uint64_t)kind, (uint64_t)n);
    *index = calloc((size_t)of, sizeof **index);
    rit_random_subset(&random, of, n, *index, mark);
    free(mark);
    return (struct rit_batch){.kind = kind, .n = n, .index = *index};
}

static void assert_equal_moments(const struct fixture *exact, const struct fixture *fast)
{
    for (int b = 0; b < exact->layout.blocks; b++) {
        double pair = exact->found.second_pair[b], chorale = exact->found.second_sequence[b];
        rit_assert_near(fast->found.second_pair[b], pair, 5e-6 * pair);
        if (isnan(chorale))
            assert_true(isnan(fast->found.second_sequence[b]));
        else
            rit_assert_near(fast->found.second_sequence[b], chorale, 1e-5 * chorale);
    }
}

/* Each block's error is measured against its largest element and that of a typical pair's: they may cancel.
 */
static void assert_equal_gradients(const struct fixture *exact, const struct fixture *fast)
{
    for (int b = 0; b < exact->layout.blocks; b++) {
        const struct rit_weights *w = &exact->layout.block[b];
        size_t n = (size_t)w->rows * (size_t)w->cols;
        double largest = sqrt(exact->found.second_pair[b] / (double)n);
        for (size_t i = 0; i < n; i++)
            largest = fmax(largest, fabs(exact->g[w->offset + i]));
        for (size_t i = 0; i < n; i++)
            rit_assert_near(fast->g[w->offset + i], exact->g[w->offset + i], 5e-6 * largest);
    }
}

static void compare(struct setting s, enum rit_batch_kind kind, int n)
{
    struct fixture exact = {0}, fast = {0};
    int *index;
    open_layered(&exact, s, "float64");
    open_layered(&fast, s, "float32");
    struct rit_batch batch = batch_of(&exact.block, kind, n, &index);
    pass(&exact, &batch, RIT_WANT_NOISE);
    pass(&fast, &batch, RIT_WANT_NOISE);
    rit_assert_near(fast.found.loss, exact.found.loss, 1e-6 * exact.found.loss);
    assert_equal_gradients(&exact, &fast);
    assert_equal_moments(&exact, &fast);
    double nll = rit_test_nll(exact.model, exact.net, &exact.block);
    rit_assert_near(rit_test_nll(fast.model, fast.net, &fast.block), nll, 1e-6 * nll);
    struct rit_hash with = hash_of_gradient(&fast), without;
    pass(&fast, &batch, RIT_WANT_NOTHING);
    without = hash_of_gradient(&fast);
    assert_memory_equal(&with, &without, sizeof with);
    free(index);
    close_net(&exact);
    close_net(&fast);
}

static void equals_the_reference(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"1", "1", "3", "false", "nll", COMPOSED},
                                              {"1", "25", "5", "false", "nll", COMPOSED},
                                              {"2", "30", "4", "true", "nll", COMPOSED},
                                              {"3", "70", "3", "true", "nll", COMPOSED},
                                              {"2", "101", "3", "false", "nll", COMPOSED}};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        compare(settings[i], RIT_FULL, 0);
        compare(settings[i], RIT_SEQUENCES, 1);
        compare(settings[i], RIT_SEQUENCES, 2);
        compare(settings[i], RIT_TIME_POINTS, 1);
        compare(settings[i], RIT_TIME_POINTS, 40);
    }
    for (int i = 0; i < EDGES; i++)
        compare((struct setting){"2", edges[i], "1", "true", "nll", COMPOSED}, RIT_FULL, 0);
}

/* Rows of any width in and out, bits and reals. */
static void equals_the_reference_at_all_widths(void **state)
{
    (void)state;
    static const int bits[] = {1, 5, 16, 17, 54, 63, 64, 65, 88, 127, 128}, reals[] = {1, 3, 16, 33, 100};
    enum { BITS = sizeof bits / sizeof bits[0], REALS = sizeof reals / sizeof reals[0] };
    for (int i = 0; i < BITS + REALS; i++) {
        struct rit_port port = {i < BITS ? RIT_ROW_BITS : RIT_ROW_REALS,
                                i < BITS ? bits[i] : reals[i - BITS]};
        struct rit_port other = {i % 2 ? RIT_ROW_BITS : RIT_ROW_REALS, 7};
        const char *cost = port.kind == RIT_ROW_BITS ? "nll" : "square", *bias = i % 3 ? "true" : "false";
        struct setting s = {"2", "19", "1", bias, cost, port, port};
        compare(s, RIT_FULL, 0);
        compare(s, RIT_SEQUENCES, 2);
        compare(s, RIT_TIME_POINTS, 13);
        s = (struct setting){"1", "19", "1", bias, i % 2 ? "nll" : "square", port, other};
        compare(s, RIT_FULL, 0);
        compare(s, RIT_TIME_POINTS, 13);
    }
}

/* Any cost, through its rows_f32. */
static void serves_every_cost(void **state)
{
    (void)state;
    for (int c = 0; rit_costs[c]; c++) {
        if (!(((const struct rit_cost *)rit_costs[c])->asks & RIT_ASKS_BITS))
            continue;
        compare((struct setting){"2", "20", "3", "false", rit_costs[c]->name, COMPOSED}, RIT_FULL, 0);
        compare((struct setting){"2", "20", "3", "false", rit_costs[c]->name, COMPOSED}, RIT_TIME_POINTS, 30);
    }
}

static void fields_equal_the_reference(void **state)
{
    (void)state;
    struct setting s = {"2", "33", "4", "false", "nll", COMPOSED};
    struct fixture exact = {0}, fast = {0};
    open_layered(&exact, s, "float64");
    open_layered(&fast, s, "float32");
    size_t n = (size_t)exact.block.pairs * (size_t)exact.block.asked.port.width;
    float *a = calloc(n, sizeof *a), *b = calloc(n, sizeof *b);
    rit_test_outputs(exact.model, exact.net, &exact.block, a);
    rit_test_outputs(fast.model, fast.net, &fast.block, b);
    for (size_t i = 0; i < n; i++)
        rit_assert_near(b[i], a[i], 1e-5);
    free(a);
    free(b);
    close_net(&exact);
    close_net(&fast);
}

static struct rit_hash bits_of_pass(struct setting s, enum rit_batch_kind kind, int n)
{
    struct fixture f = {0};
    int *index;
    open_layered(&f, s, "float32");
    struct rit_batch batch = batch_of(&f.block, kind, n, &index);
    pass(&f, &batch, RIT_WANT_NOISE);
    double more[] = {f.found.loss, rit_test_nll(f.model, f.net, &f.block)};
    struct rit_hash part[4] = {hash_of_gradient(&f), rit_hash_of(more, sizeof more),
                               rit_hash_of(f.found.second_pair, sizeof(double) * (size_t)f.layout.blocks)};
    if (kind != RIT_TIME_POINTS) /* the bits of a NaN are the machine's */
        part[3] = rit_hash_of(f.found.second_sequence, sizeof(double) * (size_t)f.layout.blocks);
    free(index);
    close_net(&f);
    return rit_hash_of(part, sizeof part);
}

/* Everything a pass returns, of several networks, as one hash. */
static struct rit_hash bits_of_passes(void)
{
    static const struct setting settings[] = {
        {"1", "25", "7", "false", "nll", COMPOSED},
        {"2", "70", "5", "true", "nll", COMPOSED},
        {"1", "131", "2", "false", "nll", COMPOSED},
        {"2", "33", "1", "true", "nll", {RIT_ROW_BITS, 88}, {RIT_ROW_BITS, 88}},
        {"2", "33", "1", "true", "square", {RIT_ROW_REALS, 16}, {RIT_ROW_REALS, 16}}};
    static const struct {
        enum rit_batch_kind kind;
        int n;
    } batches[] = {{RIT_FULL, 0}, {RIT_SEQUENCES, 2}, {RIT_TIME_POINTS, 20}};
    struct rit_hash all[15 + EDGES] = {0};
    for (int i = 0; i < 15; i++)
        all[i] = bits_of_pass(settings[i / 3], batches[i % 3].kind, batches[i % 3].n);
    for (int i = 0; i < EDGES; i++)
        all[15 + i] =
            bits_of_pass((struct setting){"2", edges[i], "1", "true", "nll", COMPOSED}, RIT_FULL, 0);
    return rit_hash_of(all, sizeof all);
}

static struct rit_layered shape_of(const struct rit_point *point, const struct rit_block *block,
                                   const struct rit_layout *layout)
{
    struct rit_layered shape = {.depth = (int)rit_point_int(point, "model.depth"),
                                .width = (int)rit_point_int(point, "model.width"),
                                .in = block->in.port.width,
                                .out = block->asked.port.width};
    memset(shape.b, -1, sizeof shape.b);
    for (int i = 0; i < layout->blocks; i++) {
        const char *name = layout->block[i].name;
        int a = atoi(name + 1) - 1;
        *(name[0] == 'J'   ? &shape.j[a]
          : name[0] == 'M' ? &shape.m[a]
          : name[0] == 'b' ? &shape.b[a]
          : name[0] == 'K' ? &shape.k
          : name[0] == 'W' ? &shape.w
                           : &shape.h) = i;
    }
    return shape;
}

/* Gradient, second moments, NLL and fields of a batch, from chunks and chains of these sizes (0: the usual).
 */
static struct rit_hash bits_in_chunks(const struct fixture *f, const struct rit_batch *batch, int rows,
                                      int chains, int *chunks)
{
    const struct rit_layered_engine *engine = &rit_layered_fast;
    struct rit_layered_site site = {shape_of(&f->point, &f->block, &f->layout), &f->layout, &f->block};
    struct rit_arena measure = {0};
    engine->open(&site, &measure);
    struct rit_arena arena = rit_arena_new(measure.used);
    struct rit_fast *net = engine->open(&site, &arena);
    assert_in_range(rows, 0, net->capacity);
    net->capacity = rows ? rows : net->capacity;
    net->chains = chains ? chains : net->chains;
    engine->load(net, f->w);
    *chunks = 0;
    for (int next = 0; next < f->block.sequences; ++*chunks)
        next = rit_chunk_fill(net, NULL, f->block.sequences, next);

    struct rit_pass found;
    float *h = calloc((size_t)f->block.pairs * (size_t)f->block.asked.port.width, sizeof *h);
    struct rit_keep keep = {f->block.asked.port.width, h};
    struct rit_criterion keeping = rit_keeping(&keep);
    engine->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &keeping, NULL, &found);
    engine->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &f->criterion, NULL, &found);
    double more[] = {0.0, found.sum};
    engine->pass(net, batch, RIT_WANT_NOISE, &f->criterion, f->g, &found);
    more[0] = found.loss;
    if (batch->kind == RIT_TIME_POINTS) /* the bits of a NaN are the machine's */
        memset(found.second_sequence, 0, sizeof found.second_sequence);
    struct rit_hash part[] = {
        hash_of_gradient(f),
        rit_hash_of(h, sizeof *h * (size_t)f->block.pairs * (size_t)f->block.asked.port.width),
        rit_hash_of(more, sizeof more), rit_hash_of(found.second_pair, sizeof found.second_pair),
        rit_hash_of(found.second_sequence, sizeof found.second_sequence)};
    free(h);
    free(arena.base);
    return rit_hash_of(part, sizeof part);
}

/* Small blocks fit into one chunk; here they are cut into as many as possible, and into a few. */
static void neither_chunks_nor_chains_show(void **state)
{
    (void)state;
    static const struct {
        enum rit_batch_kind kind;
        int n;
    } batches[] = {{RIT_FULL, 0}, {RIT_SEQUENCES, 7}, {RIT_TIME_POINTS, 90}};
    static const int chains[] = {1, 2, 5, RIT_MAX_CHAINS};
    struct fixture f = {0};
    open_layered(&f, (struct setting){"2", "21", "12", "true", "nll", COMPOSED}, "float32");
    for (int b = 0; b < 3; b++) {
        int *index, chunks, longest = f.block.longest;
        const int rows[] = {longest + 2, 2 * longest, 3 * longest};
        struct rit_batch batch = batch_of(&f.block, batches[b].kind, batches[b].n, &index);
        struct rit_hash usual = bits_in_chunks(&f, &batch, 0, 0, &chunks);
        assert_int_equal(chunks, 1);
        for (int i = 0; i < 12; i++) {
            struct rit_hash hash = bits_in_chunks(&f, &batch, rows[i / 4], chains[i % 4], &chunks);
            assert_true(chunks > 2);
            assert_memory_equal(&hash, &usual, sizeof hash);
        }
        free(index);
    }
    close_net(&f);
}

static void same_bits_from_every_instruction_set(void **state)
{
    (void)state;
    assert_same_from_every_set(bits_of_passes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_from_every_instruction_set), /* first: no kernels are chosen here yet */
        cmocka_unit_test(equals_the_reference),
        cmocka_unit_test(equals_the_reference_at_all_widths),
        cmocka_unit_test(serves_every_cost),
        cmocka_unit_test(fields_equal_the_reference),
        cmocka_unit_test(neither_chunks_nor_chains_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
