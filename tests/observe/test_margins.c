/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Violated margins against counts made by hand. */
#include "running.h"

/* Share of outputs of the net as it is with s H below the margin. */
static double share(struct rit_run *run, const struct rit_point *point, const struct rit_block *block,
                    double margin)
{
    int width = block->asked.port.width, violated = 0;
    size_t n = (size_t)block->pairs * (size_t)width;
    float *y = calloc(n, sizeof *y);
    struct rit_keep keep = {width, y};
    struct rit_criterion criterion = rit_keeping(&keep);
    struct rit_pass found;
    rit_model_of(point)->pass(rit_run_net(run), &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING,
                              &criterion, NULL, &found);
    for (size_t i = 0; i < n; i++)
        violated += rit_rows_target(&block->asked, (int)(i / (size_t)width), (int)(i % (size_t)width)) *
                        (double)y[i] <
                    margin;
    free(y);
    return (double)violated / (double)n;
}

/* At the start all outputs are the same and negative: the errors are the notes that sound. */
static void errors_at_the_start_are_the_notes(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block,
               (const struct setting[]){{"observe.margins", "true"}, {"stop.tau", "0.2"}, {0}});
    struct rit_outcome outcome = run_whole(&point, &block);
    rit_assert_near(values_of(&outcome, "violated")[0], 0.5 * (1.0 + block.target_mean), 1e-12);
    rit_outcome_release(&outcome);
    rit_block_release(&block);
}

static void counts_agree(void **state)
{
    (void)state;
    static const char *const precision[] = {"float32", "float64"}, *const margins[] = {"0", "0.7"};
    for (int c = 0; c < 4; c++) {
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block,
                   (const struct setting[]){{"observe.margins", "true"},
                                            {"observe.margin", margins[c / 2]},
                                            {"model.precision", precision[c % 2]},
                                            {"stop.when-learned", "false"},
                                            {"stop.tau", "5"},
                                            {"observe.first-tau", "5"},
                                            {0}});
        struct rit_run *run = start(&point, &block);
        while (!rit_run_advance(run, 1000000))
            continue;
        double wanted = share(run, &point, &block, rit_point_real(&point, "observe.margin"));
        struct rit_outcome outcome = outcome_of(run);
        assert_true(wanted > 0.0 && wanted < 1.0);
        rit_assert_near(values_of(&outcome, "violated")[1], wanted, 0.0);
        rit_outcome_release(&outcome);
        rit_block_release(&block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_at_the_start_are_the_notes),
        cmocka_unit_test(counts_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
