/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a learning time costs: `bench_flow [N_h ...]` trains two-layer networks on five chorales, those of
 * RITARDANDO_DATA or else composed ones, to .02 bits or tau = 300, by the gradient flow and by descent, and
 * prints learning times at .1 and .02 bits, gradients and seconds of CPU. What descent takes that is stable
 * all the way, eta = 2/lambda_max, is told by the largest curvature along the flow. Usual widths are well
 * above, near and below the transition of real chorales (N_c(.02) = 6).
 */
#include "running.h"

#include <time.h>

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void set_up(struct rit_point *point, struct rit_block *block, const char *width)
{
    struct rit_error err = {.text = ""};
    rit_point_init(point, rit_registry());
    bool real = getenv("RITARDANDO_DATA") != NULL;
    set_all(point, (const struct setting[]){{"data.source", real ? "chorales" : "composer"},
                                            {"data.first", "100"},
                                            {"data.chorales", "5"},
                                            {"model.depth", "2"},
                                            {"model.width", width},
                                            {"observe.thresholds", "[0.02, 0.1]"},
                                            {"stop.tau", "300"},
                                            {0}});
    if (rit_block_load(point, block, &err) != RIT_OK)
        fprintf(stderr, "bench_flow: %s\n", err.text), exit(1);
}

static void race(const struct rit_point *point, const struct rit_block *block, const char *label)
{
    double began = seconds();
    struct rit_outcome outcome = run_whole(point, block);
    double took = seconds() - began;
    const double *tau = values_of(&outcome, "learning_time");
    printf("| %s | %.1f | %.1f | %llu | %.2f |\n", label, tau[1], tau[0], (unsigned long long)outcome.steps,
           took);
    rit_outcome_release(&outcome);
}

/* Gradients of descent at the largest rate that is stable to the end of the flow's run. */
static void stable(struct rit_point *point, const struct rit_block *block, const char *width)
{
    rit_point_set(point, "observe.sharpness", "true");
    struct rit_outcome outcome = run_whole(point, block);
    const struct rit_variable *sharpness = rit_outcome_find(&outcome, "sharpness");
    double largest = 0.0;
    for (size_t i = 0; i < sharpness->count; i++)
        largest = fmax(largest, sharpness->data[i]); /* but for NaN */
    double gradients = outcome.tau * largest / 2.0;
    printf("| %s, sgd below 2/lambda_max = %.2g | | | %.0f, %.0f times as many | |\n", width, 2.0 / largest,
           gradients, gradients / (double)outcome.steps);
    rit_outcome_release(&outcome);
    rit_point_set(point, "observe.sharpness", "false");
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"24", "8", "5"};
    printf("| N_h, rule | tau(.1) | tau(.02) | gradients | CPU s |\n|:--|--:|--:|--:|--:|\n");
    for (int i = 0; i < (argc > 1 ? argc - 1 : 3); i++) {
        const char *width = argc > 1 ? argv[i + 1] : usual[i];
        struct rit_point point;
        struct rit_block block;
        char label[64];
        set_up(&point, &block, width);
        static const char *const ways[][3] = {{"flow", "rule.tolerance", "1e-3"},
                                              {"flow", "rule.tolerance", "1e-4"},
                                              {"sgd", "rule.eta", "0.05"},
                                              {"sgd", "rule.eta", "0.002"}};
        for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
            rit_point_set(&point, "rule.name", ways[k][0]);
            rit_point_set(&point, ways[k][1], ways[k][2]);
            snprintf(label, sizeof label, "%s, %s %s", width, ways[k][0], ways[k][2]);
            race(&point, &block, label);
            if (k == 1)
                stable(&point, &block, width);
        }
        rit_block_release(&block);
    }
    return 0;
}
