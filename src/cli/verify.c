/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando verify RUN --sample 1%`: train a random sample of the stored points again and compare bits. */
#include "cli/again/again.h"
#include "cli/command.h"
#include "cli/stored/stored.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/process.h"
#include "base/random.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_verify = {
    .name = "verify",
    .usage = "RUN [--sample N|P%] [--key K]",
    .summary = "train a random sample of the stored points again and compare every bit",
    .options = "  --sample N|P%  how many points: a number or a share of all (default 1%, at least one)\n"
               "  --key K        key of the random choice (default 1); another key takes other points\n"
               "\nExits with 0 if all bits agree and with 65 if they do not, or if a journal is damaged.\n",
    .run = run,
};

/* Reads "12" or "1.5%" as a number of points out of n, at least one; 0 if it is neither or too many. */
static int sample_size(const char *text, int n)
{
    char *end;
    double x = strtod(text, &end);
    if (end == text || !(x > 0.0))
        return 0;
    if (strcmp(end, "%") == 0)
        x *= 0.01 * n;
    else if (*end != 0)
        return 0;
    return x > n ? 0 : x < 1.0 ? 1 : (int)x;
}

/* Train one point again and say how it came out; `same` is unchanged if it did as stored, `library` if it has
 * no numbers of a library. */
static enum rit_status verify_one(struct rit_reading *reading, const struct rit_stored *stored,
                                  const struct rit_config *config, bool *same, bool *library,
                                  struct rit_error *err)
{
    struct rit_result result;
    enum rit_verdict verdict = RIT_SAME;
    char hex[17], what[256] = "";
    RIT_TRY(rit_reading_get(reading, stored, &result, NULL, err));
    rit_hash_hex(&stored->identity, 16, hex);
    enum rit_status status = RIT_OK;
    if (stored->end == RIT_END_FAILED)
        printf("%s  skipped: it failed: %s\n", hex, result.outcome.reason);
    else if ((status = rit_train_again(&result, config, &verdict, what, sizeof what, err)) == RIT_OK)
        printf("%s  %s%s\n", hex, verdict == RIT_SAME ? "same" : "DIFFERENT: ", what);
    fflush(stdout);
    *same = *same && verdict == RIT_SAME;
    for (int v = 0; v < result.outcome.variables; v++)
        *library = *library || result.outcome.variable[v]->library;
    rit_result_release(&result);
    return status;
}

static enum rit_status verify(const struct rit_results *results, const struct rit_config *config, int sample,
                              uint64_t key, struct rit_error *err)
{
    int *chosen = calloc((size_t)sample, sizeof *chosen), bad = 0;
    unsigned char *mark = calloc((size_t)results->count, 1);
    RIT_CHECK(chosen && mark);
    struct rit_random random = rit_random_open(key, RIT_FOR_VERIFY, 0, 0);
    rit_random_subset(&random, results->count, sample, chosen, mark);
    struct rit_reading reading;
    rit_reading_begin(&reading, results->file, results->files);
    enum rit_status status = RIT_OK;
    bool library = false;
    for (int i = 0; i < sample && status == RIT_OK; i++) {
        bool same = true;
        status = verify_one(&reading, &results->stored[chosen[i]], config, &same, &library, err);
        bad += !same;
    }
    rit_reading_end(&reading);
    free(chosen);
    free(mark);
    if (status == RIT_OK && bad > 0)
        return rit_fail(err, RIT_BAD_INPUT, "%d of %d points did not come out as stored", bad, sample);
    if (status == RIT_OK)
        printf("%d of %d points trained again: the same, bit for bit%s\n", sample, results->count,
               library ? ", and numbers of a library to 1e-10" : "");
    if (status == RIT_OK && results->damages > 0)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "the journals are damaged at %d place%s; the next `ritardando sweep` keeps the damaged "
            "files aside and trains again what is lost",
            results->damages, results->damages == 1 ? "" : "s");
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        {"sample", required_argument, NULL, 's'}, {"key", required_argument, NULL, 'k'}, {0}};
    const char *sample = "1%";
    long key = 1;
    struct rit_error err = {0};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 's')
            sample = optarg;
        else if (rit_words_whole("--key", optarg, 0, 9000000000000000, &key, &err) != RIT_OK)
            return rit_command_fail(&err);
    }
    struct rit_holding holding;
    rit_stop_on_signals();
    if (rit_holding_open(argv[optind], &holding, &err) != RIT_OK)
        return rit_command_fail(&err);
    rit_results_say(&holding.results);
    int n = holding.results.count > 0 ? sample_size(sample, holding.results.count) : 1;
    enum rit_status status;
    if (holding.results.count == 0)
        status = rit_fail(&err, RIT_BAD_INPUT, "%s: there is no finished point yet", argv[optind]);
    else if (n == 0)
        status =
            rit_fail(&err, RIT_USAGE,
                     "--sample: '%s' is neither a number of points that there are nor a percentage", sample);
    else
        status = verify(&holding.results, &holding.config, n, (uint64_t)key, &err);
    rit_holding_close(&holding);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
