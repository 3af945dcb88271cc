/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando replay RUN POINT`: train one stored point again and compare bits. */
#include "cli/again/again.h"
#include "cli/command.h"
#include "cli/stored/choice.h"
#include "cli/usage/usage.h"

#include "base/process.h"

#include <stdio.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_replay = {
    .name = "replay",
    .usage = "RUN POINT",
    .summary = "train one stored point again and compare every bit",
    .options = RIT_POINT_HELP "Exits with 0 if all bits agree and with 65 if they do not.\n",
    .run = run,
};

static enum rit_status train_again(const struct rit_result *stored, const struct rit_config *config,
                                   struct rit_error *err)
{
    enum rit_verdict verdict;
    char what[256] = "";
    printf("%s", stored->point);
    fflush(stdout);
    RIT_TRY(rit_train_again(stored, config, &verdict, what, sizeof what, err));
    if (verdict != RIT_SAME)
        return rit_fail(err, RIT_BAD_INPUT, "the point does not come out as stored: %s", what);
    printf("The same, bit for bit: %llu steps, tau = %g.\n", (unsigned long long)stored->outcome.steps,
           stored->outcome.tau);
    return RIT_OK;
}

static enum rit_status replay(const struct rit_holding *holding, const char *point, struct rit_error *err)
{
    const struct rit_stored *chosen;
    struct rit_result stored;
    rit_results_say(&holding->results);
    RIT_TRY(rit_holding_choose(holding, point, &chosen, err));
    RIT_TRY(rit_results_get(&holding->results, chosen, &stored, err));
    enum rit_status status = train_again(&stored, &holding->config, err);
    rit_result_release(&stored);
    return status;
}

static int run(int argc, char **argv)
{
    (void)argc;
    struct rit_holding holding;
    struct rit_error err = {0};
    rit_stop_on_signals();
    if (rit_holding_open(argv[1], &holding, &err) != RIT_OK)
        return rit_command_fail(&err);
    enum rit_status status = replay(&holding, argv[2], &err);
    rit_holding_close(&holding);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
