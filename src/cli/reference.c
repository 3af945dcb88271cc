/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando reference p-spin`: models with known answers, in the form of a run. */
#include "cli/command.h"
#include "cli/usage/usage.h"

#include "base/pack.h"
#include "phase/pspin_reference.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_reference = {
    .name = "reference",
    .usage = "p-spin -o RUN [KEY=VALUE ...]",
    .summary =
        "a model whose aging is understood, solved and analysed like a run: the spherical p-spin glass",
    .options = "Writes RUN/phase-diagram.h5 and RUN/phase-analysis.h5. With -o SWEEP/p-spin it appears in\n"
               "the aging figures of SWEEP.\n"
               "\n"
               "  p=3                         spins per interaction\n"
               "  temperature=0               after the quench\n"
               "  step=0.05                   of time; errors fall as its square\n"
               "  end=150                     of time; costs its third power: 15 s for 150\n"
               "  waiting-times=3,6,12,24,48\n",
    .run = run,
};

/* KEY=VALUE into the point. A list needs no brackets, which a shell would have to be told about. */
static enum rit_status set(struct rit_point *point, const char *argument, struct rit_error *err)
{
    const char *equals = strchr(argument, '=');
    char key[64], value[RIT_MAX_TEXT], why[RIT_MAX_TEXT];
    if (snprintf(key, sizeof key, "p-spin.%.*s", (int)(equals - argument), argument) >= (int)sizeof key)
        return rit_fail(err, RIT_USAGE, "'%s' is not KEY=VALUE", argument);
    int i = rit_param_find(point->registry, key);
    if (i < 0)
        return rit_fail(err, RIT_USAGE, "'%s' is not known; 'ritardando help reference' lists the keys",
                        argument);
    const struct rit_param *param = point->registry->param[i];
    bool bare = param->kind == RIT_REALS && equals[1] != '[';
    snprintf(value, sizeof value, bare ? "[%s]" : "%s", equals + 1);
    if (!rit_value_parse(param, value, &point->value[i], why, sizeof why))
        return rit_fail(err, RIT_USAGE, "%s: %s", argument, why);
    return RIT_OK;
}

static int run(int argc, char **argv)
{
    struct rit_point point;
    struct rit_buffer text = {0};
    struct rit_error err = {0};
    const char *folder = NULL;
    rit_point_init(&point, rit_pspin_registry());
    enum rit_status status = RIT_OK;
    while (getopt(argc, argv, "o:") != -1)
        folder = optarg;
    for (int i = optind + 1; i < argc && status == RIT_OK; i++)
        status = set(&point, argv[i], &err);
    if (status == RIT_OK)
        status = rit_pspin_reference(&point, folder, &text, &err);
    if (status == RIT_OK)
        printf("%.*s", (int)text.size, (const char *)text.data);
    rit_buffer_release(&text);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
