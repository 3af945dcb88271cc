/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/pack.h"
#include "testing.h"
#include "train/identity.h"
#include "train/schedule.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_arena arena;
};

static struct rit_schedule open_schedule(struct fixture *f, const char *kind, const char *size)
{
    struct rit_error err;
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "data.chorales", "6");
    rit_point_set(&f->point, "rule.eta", "0.5");
    rit_point_set(&f->point, "rule.warmup", "1000");
    rit_point_set(&f->point, "batch.kind", kind);
    rit_point_set(&f->point, "batch.size", size);
    assert_int_equal(rit_block_load(&f->point, &f->block, &err), RIT_OK);
    f->arena = rit_arena_new(1 << 20);
    return rit_schedule_open(&f->point, &f->block, &f->arena);
}

static void close_schedule(struct fixture *f)
{
    free(f->arena.base);
    rit_block_release(&f->block);
}

/* physics.md: eta(step) = eta sin(pi step / 2s) for step < s; the sum over the warm-up is eta s 2/pi. */
static void warm_up_is_a_quarter_sine(void **state)
{
    (void)state;
    struct fixture f;
    struct rit_schedule schedule = open_schedule(&f, "full", "1");
    rit_assert_near(rit_clock_rate(&schedule.clock, 1), 0.5 * sin(acos(-1.0) / 2000), 1e-15);
    rit_assert_near(rit_clock_rate(&schedule.clock, 500), 0.5 * sqrt(0.5), 1e-15);
    rit_assert_near(rit_clock_rate(&schedule.clock, 1000), 0.5, 0.0);
    rit_assert_near(rit_clock_rate(&schedule.clock, 12345678), 0.5, 0.0);
    double tau = 0.0;
    for (uint64_t step = 1; step <= 1000; step++)
        tau += rit_clock_rate(&schedule.clock, step);
    rit_assert_near(tau, 0.5 * 1000 * 2 / acos(-1.0), 0.3);
    close_schedule(&f);
}

/* A batch depends on seed and step alone: not on which batches were drawn before it. */
static void batches_belong_to_their_step(void **state)
{
    (void)state;
    struct fixture f, again;
    struct rit_schedule schedule = open_schedule(&f, "time-points", "20");
    struct rit_schedule other = open_schedule(&again, "time-points", "20");
    for (uint64_t step = 1; step < 50; step++)
        rit_schedule_batch(&schedule, step);
    struct rit_batch a = rit_schedule_batch(&schedule, 50), b = rit_schedule_batch(&other, 50);
    assert_int_equal(a.n, 20);
    assert_memory_equal(a.index, b.index, 20 * sizeof *a.index);
    int first[20];
    memcpy(first, a.index, sizeof first);
    a = rit_schedule_batch(&schedule, 51);
    assert_memory_not_equal(a.index, first, sizeof first);
    close_schedule(&f);
    close_schedule(&again);
}

/* Every chorale is drawn equally often, two never twice in a batch. */
static void chorales_are_drawn_evenly(void **state)
{
    (void)state;
    struct fixture f;
    struct rit_schedule schedule = open_schedule(&f, "chorales", "2");
    int count[6] = {0};
    for (uint64_t step = 1; step <= 3000; step++) {
        struct rit_batch batch = rit_schedule_batch(&schedule, step);
        assert_true(0 <= batch.index[0] && batch.index[0] < batch.index[1] && batch.index[1] < 6);
        count[batch.index[0]]++;
        count[batch.index[1]]++;
    }
    for (int c = 0; c < 6; c++)
        assert_in_range(count[c], 1000 - 104, 1000 + 104); /* four standard deviations of 26 */
    close_schedule(&f);
}

/* What decides bits is in the identity, a path is not; what decides the weights is in the trajectory. */
static void identity_is_what_decides_bits(void **state)
{
    (void)state;
    struct fixture f;
    open_schedule(&f, "full", "1");
    struct rit_hash digest = rit_block_digest(&f.block);
    struct rit_hash path = rit_point_trajectory(&f.point, &digest), one = rit_point_identity(&f.point, &path);
    struct rit_point other = f.point;
    rit_point_set(&other, "data.file", "elsewhere.json");
    struct rit_hash same = rit_point_trajectory(&other, &digest);
    assert_true(rit_hash_equal(&path, &same));
    rit_point_set(&other, "stop.tau", "123"); /* another request of the same trajectory */
    same = rit_point_trajectory(&other, &digest);
    assert_true(rit_hash_equal(&path, &same));
    struct rit_hash different = rit_point_identity(&other, &path);
    assert_false(rit_hash_equal(&one, &different));
    rit_point_set(&other, "seed", "7");
    different = rit_point_trajectory(&other, &digest);
    assert_false(rit_hash_equal(&path, &different));
    digest.byte[0] ^= 1;
    different = rit_point_trajectory(&f.point, &digest);
    assert_false(rit_hash_equal(&path, &different));
    close_schedule(&f);
}

static struct rit_hash without_revisions(const struct rit_point *point, const struct rit_hash *digest)
{
    struct rit_buffer text = {0};
    char hex[RIT_HASH_HEX];
    rit_hash_hex(digest, RIT_HASH_HEX - 1, hex);
    rit_buffer_printf(&text, "numerics: %d\nblock: %s\n", RIT_NUMERICS_VERSION, hex);
    rit_point_print_identity(point, RIT_TRAJECTORY, &text);
    struct rit_hash hash = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return hash;
}

/* A network whose bits have changed alone is another point; all others stay what they were. */
static void revisions_are_in_the_identity(void **state)
{
    (void)state;
    struct fixture f;
    open_schedule(&f, "full", "1");
    struct rit_hash digest = rit_block_digest(&f.block);
    for (int dense = 0; dense < 2; dense++) {
        if (dense)
            rit_point_set(&f.point, "model.name", "dense");
        struct rit_hash before = without_revisions(&f.point, &digest),
                        now = rit_point_trajectory(&f.point, &digest);
        assert_int_equal(rit_hash_equal(&before, &now), !dense);
    }
    close_schedule(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warm_up_is_a_quarter_sine),     cmocka_unit_test(batches_belong_to_their_step),
        cmocka_unit_test(chorales_are_drawn_evenly),     cmocka_unit_test(identity_is_what_decides_bits),
        cmocka_unit_test(revisions_are_in_the_identity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
