/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando weights RUN POINT -o F.h5`: the network of a point at any time of its training. */
#include "cli/again/again.h"
#include "cli/command.h"
#include "cli/stored/choice.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/file.h"
#include "base/process.h"
#include "store/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TIMES = 1000 };

static int run(int argc, char **argv);

const struct rit_command rit_command_weights = {
    .name = "weights",
    .usage = "RUN POINT [--at TAU,TAU,...] -o FILE.h5",
    .summary = "write the weights of a point at any proper times as HDF5, for h5py and PyTorch",
    .options = RIT_POINT_HELP
    "\n"
    "  --at TAU,...  proper times, each the first step that has reached it (of the flow exactly); default: "
    "the\n"
    "                end of the run. They may lie beyond it: the network then goes on as it would have done\n"
    "  -o FILE.h5    docs/weights.md says what is in it, and how it becomes a PyTorch module\n"
    "\n"
    "The end comes from the state that the run has kept; any other time is trained again, exactly.\n",
    .run = run,
};

struct request {
    const char *run, *point, *out;
    int times; /* 0: the end of the run */
    double tau[MOST_TIMES];
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum rit_status read_request(int argc, char **argv, struct request *request, struct rit_error *err)
{
    *request = (struct request){.times = 0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--at") == 0)
            RIT_TRY(rit_words_numbers("--at", argv[++i], 0, 1e15, MOST_TIMES, request->tau, &request->times,
                                      err));
        else if (strcmp(argv[i], "-o") == 0)
            request->out = argv[++i];
        else if (!request->run)
            request->run = argv[i];
        else
            request->point = argv[i];
    }
    qsort(request->tau, (size_t)request->times, sizeof request->tau[0], by_size);
    return RIT_OK;
}

static enum rit_status write(const struct request *request, struct rit_trail *trail, struct rit_error *err)
{
    const struct rit_layout *layout;
    int times = request->times > 0 ? request->times : 1;
    rit_run_weights(trail->run, &layout);
    double *w = malloc((size_t)times * layout->size * sizeof *w), tau[MOST_TIMES];
    int64_t step[MOST_TIMES];
    if (!w)
        return rit_fail(err, RIT_BAD_INPUT, "--at: no memory for the weights at %d times", times);
    enum rit_status status = RIT_OK;
    for (int t = 0; t < times && status == RIT_OK; t++) {
        double wanted = request->times > 0 ? request->tau[t] : trail->stored.outcome.tau;
        status = rit_trail_reach(trail, wanted, err);
        memcpy(w + (size_t)t * layout->size, rit_run_weights(trail->run, NULL), layout->size * sizeof *w);
        tau[t] = trail->tau;
        step[t] = (int64_t)trail->step;
    }
    struct rit_weights_sheet sheet = {
        .signature = {&trail->stored.identity, &trail->stored.trajectory, &trail->point},
        .block = &trail->block,
        .layout = layout,
        .times = times,
        .tau = tau,
        .step = step,
        .w = w};
    if (status == RIT_OK)
        status = rit_weights_write(request->out, &sheet, err);
    if (status == RIT_OK)
        printf("%s: %zu weights in %d matrices at %d %s, tau = %g%s%g.\n", request->out, layout->size,
               layout->blocks, times, times == 1 ? "time" : "times", tau[0], times == 1 ? ", step " : " .. ",
               times == 1 ? (double)step[0] : tau[times - 1]);
    free(w);
    return status;
}

static enum rit_status weights(const struct request *request, struct rit_error *err)
{
    struct rit_holding holding;
    struct rit_trail trail;
    double furthest = request->times > 0 ? request->tau[request->times - 1] : 0.0;
    RIT_TRY(rit_holding_open(request->run, &holding, err));
    rit_results_say(&holding.results);
    enum rit_status status = rit_trail_open(&holding, request->point, furthest, &trail, err);
    if (status == RIT_OK)
        status = write(request, &trail, err);
    rit_trail_close(&trail);
    rit_holding_close(&holding);
    return status;
}

static int run(int argc, char **argv)
{
    static struct request request;
    struct rit_error err = {0};
    rit_stop_on_signals();
    enum rit_status status = read_request(argc, argv, &request, &err);
    if (status == RIT_OK)
        status = rit_file_check_place(request.out, &err);
    if (status == RIT_OK)
        status = weights(&request, &err);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
