/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of all parameters: the core ones below, then those that the families' members declare. */
#include <ritardando/cost.h>
#include <ritardando/model.h>
#include <ritardando/observe.h>
#include <ritardando/point.h>
#include <ritardando/rule.h>
#include <ritardando/source.h>
#include <ritardando/status.h>
#include <ritardando/task.h>

#include "config/keys.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { MAX_MEMBERS = 32 };

static const char *source_names[MAX_MEMBERS + 1];
static const char *task_names[MAX_MEMBERS + 1];
static const char *model_names[MAX_MEMBERS + 1];
static const char *cost_names[MAX_MEMBERS + 1];
static const char *rule_names[MAX_MEMBERS + 1];
static const char *const batch_kinds[] = {"full", "chorales", "time-points", NULL};

static const struct rit_param core[] = {
    {.key = "seed",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 0x1p53 - 1,
     .unit = "1",
     .meaning = "key of every random number of the run: weights and batches"},
    {.key = "data.source",
     .kind = RIT_NAME,
     .fallback = "composer",
     .choices = source_names,
     .unit = "1",
     .meaning = "where the chorales come from"},
    {.key = "data.first",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e6,
     .unit = "chorales",
     .meaning = "first chorale of the training block (train, valid, test counted on in that order)"},
    {.key = "data.chorales",
     .kind = RIT_INT,
     .fallback = "5",
     .low = 1,
     .high = 1e6,
     .unit = "chorales",
     .meaning = "number of chorales P in the training block"},
    {.key = "data.test",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e6,
     .unit = "chorales",
     .meaning = "number of sequences in a held-out block, on which the loss is measured but which is never "
                "trained on"},
    {.key = "data.test-first",
     .kind = RIT_INT,
     .fallback = "-1",
     .low = -1,
     .high = 1e6,
     .unit = "chorales",
     .needs = "data.test: 1..",
     .meaning = "first sequence of the held-out block; -1: the one behind the training block"},
    {.key = "data.slots",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = RIT_WIDEST_BITS,
     .unit = "1",
     .needs = "data.source: piano-rolls midi",
     .meaning =
         "slots of a row, which are notes data.lowest, data.lowest + 1, ...; 0: up to the highest note of "
         "the data"},
    {.key = "data.lowest",
     .kind = RIT_INT,
     .fallback = "-1",
     .low = -1,
     .high = 127,
     .unit = "1",
     .needs = "data.source: piano-rolls midi",
     .meaning = "MIDI note of slot 0; -1: the lowest note of the data"},
    {.key = "task.name",
     .kind = RIT_NAME,
     .fallback = "next-step",
     .choices = task_names,
     .unit = "1",
     .meaning = "what is to be learned of the sequences"},
    {.key = "model.name",
     .kind = RIT_NAME,
     .fallback = "layered-tanh",
     .choices = model_names,
     .unit = "1",
     .meaning = "architecture"},
    {.key = "model.depth",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = RIT_MAX_DEPTH,
     .unit = "layers",
     .meaning = "number of hidden layers N_L"},
    {.key = "model.width",
     .kind = RIT_INT,
     .fallback = "20",
     .low = 1,
     .high = 4096,
     .unit = "units",
     .needs = "model.depth: 1..",
     .meaning = "units per hidden layer N_h"},
    {.key = "cost.name",
     .kind = RIT_NAME,
     .fallback = "nll",
     .choices = cost_names,
     .unit = "1",
     .meaning = "what training minimises; learning times are read off the NLL whatever the cost"},
    {.key = "rule.name",
     .kind = RIT_NAME,
     .fallback = "sgd",
     .choices = rule_names,
     .unit = "1",
     .meaning = "learning rule"},
    {.key = "rule.eta",
     .kind = RIT_REAL,
     .fallback = "0.1",
     .low = 1e-12,
     .high = 1e3,
     .unit = "w^2/nat",
     .meaning = "learning rate eta; proper time tau is its sum over steps"},
    {.key = "rule.warmup",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e9,
     .unit = "steps",
     .meaning = "length s of the warm-up: step n < s (n = 1, 2, ...) uses eta sin(pi n / 2s)"},
    {.key = "batch.kind",
     .kind = RIT_NAME,
     .fallback = "full",
     .choices = batch_kinds,
     .unit = "1",
     .meaning = "examples of one step: the full block, whole chorales, or time points"},
    {.key = "batch.size",
     .kind = RIT_INT,
     .fallback = "10",
     .low = 1,
     .high = 1e7,
     .unit = "examples",
     .needs = "batch.kind: chorales time-points",
     .meaning = "chorales or time points per step, drawn afresh without replacement inside a step"},
    {.key = "stage2.enabled",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "a second stage that goes on from the weights of the first with another rate or batch size"},
    {.key = "stop.tau",
     .kind = RIT_REAL,
     .fallback = "1000",
     .low = 1e-9,
     .high = 1e12,
     .unit = "tau",
     .meaning = "proper time at which a run ends, censored if it has not learned"},
    {.key = "stop.when-learned",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .meaning = "end a run as soon as every threshold is reached"},
    {.key = "observe.first-tau",
     .kind = RIT_REAL,
     .fallback = "0.01",
     .low = 1e-9,
     .high = 1e9,
     .unit = "tau",
     .meaning = "first time of the logarithmic measurement grid after tau = 0"},
    {.key = "observe.per-decade",
     .kind = RIT_INT,
     .fallback = "32",
     .low = 1,
     .high = 1000,
     .unit = "1",
     .meaning = "measurement times per decade of tau"},
};

static const struct rit_param stage2[] = {
    {.key = "stage2.at-tau",
     .kind = RIT_REAL,
     .fallback = "100",
     .low = 1e-9,
     .high = 1e12,
     .unit = "tau",
     .meaning = "proper time at which the second stage begins"},
    {.key = "stage2.eta",
     .kind = RIT_REAL,
     .fallback = "0.1",
     .low = 1e-12,
     .high = 1e3,
     .unit = "w^2/nat",
     .meaning = "learning rate of the second stage"},
    {.key = "stage2.batch-size",
     .kind = RIT_INT,
     .fallback = "10",
     .low = 1,
     .high = 1e7,
     .unit = "examples",
     .needs = "batch.kind: chorales time-points",
     .meaning = "chorales or time points per step of the second stage"},
};

static struct rit_registry registry;

/* What YAML 1.1, which Python still reads, takes for true, false or nothing is no word for a key. */
static bool is_safe_word(const char *word)
{
    static const char *const others[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(word, others[i]) == 0)
            return false;
    return true;
}

static void add_condition(int index, const char *selector, const char *values)
{
    int *n = &registry.conditions[index], chooser = rit_param_find(&registry, selector);
    RIT_CHECK(chooser >= 0 && *n < RIT_CONDITIONS);
    registry.condition[index][(*n)++] = (struct rit_condition){chooser, values};
}

/* The words of a condition, with one more at their end. */
static void extend_condition(struct rit_condition *condition, const char *value)
{
    static char words[RIT_MAX_PARAMS][RIT_MAX_TEXT];
    static int n;
    RIT_CHECK(n < RIT_MAX_PARAMS);
    int length = snprintf(words[n], RIT_MAX_TEXT, "%s %s", condition->values, value);
    RIT_CHECK(length < RIT_MAX_TEXT);
    condition->values = words[n++];
}

static void add(const struct rit_param *params, int n, const char *selector, const char *values)
{
    for (int i = 0; i < n; i++) {
        RIT_CHECK(registry.count < RIT_MAX_PARAMS);
        RIT_CHECK(rit_param_find(&registry, params[i].key) < 0);
        RIT_CHECK(params[i].kind != RIT_INT || (-0x1p53 < params[i].low && params[i].high < 0x1p53));
        RIT_CHECK(params[i].kind != RIT_NAME || params[i].choices);
        const char *dot = strchr(params[i].key, '.');
        RIT_CHECK(!dot || !strchr(dot + 1, '.')); /* a key is "name" or "section.name" */
        RIT_CHECK(is_safe_word(rit_key_tail(params[i].key)));
        int at = registry.count++;
        registry.param[at] = &params[i];
        if (selector)
            add_condition(at, selector, values);
    }
}

/* "KEY: VALUES" of what a parameter needs, once all parameters are known. */
static void add_needs(int index)
{
    const char *needs = registry.param[index]->needs, *colon = needs ? strstr(needs, ": ") : NULL;
    if (!needs)
        return;
    RIT_CHECK(colon && colon - needs < RIT_MAX_TEXT);
    char key[RIT_MAX_TEXT];
    memcpy(key, needs, (size_t)(colon - needs));
    key[colon - needs] = 0;
    add_condition(index, key, colon + 2);
}

/* What one parameter chooses between: the families with one member to a run. */
static const struct family {
    const char *selector;
    const struct rit_member *const *members;
    const char **names;
} families[] = {
    {"data.source", rit_sources, source_names}, {"task.name", rit_tasks, task_names},
    {"model.name", rit_models, model_names},    {"cost.name", rit_costs, cost_names},
    {"rule.name", rit_rules, rule_names},
};
enum { FAMILIES = sizeof families / sizeof families[0] };

/* The first of the members that share a parameter adds it; the others add themselves to its condition. */
static void add_shared(const struct rit_param *params, int n, const char *selector, const char *value)
{
    for (int i = 0; i < n; i++) {
        int at = rit_param_find(&registry, params[i].key);
        if (at < 0)
            add(&params[i], 1, selector, value);
        else {
            RIT_CHECK(registry.param[at] == &params[i] && registry.conditions[at] == 1);
            extend_condition(&registry.condition[at][0], value);
        }
    }
}

static void add_family(const struct family *family)
{
    for (int m = 0; family->members[m]; m++) {
        const struct rit_member *member = family->members[m];
        RIT_CHECK(m < MAX_MEMBERS);
        family->names[m] = member->name;
        add(member->params, member->n_params, family->selector, member->name);
        add_shared(member->shared, member->n_shared, family->selector, member->name);
    }
}

static void build(void)
{
    add(core, (int)(sizeof core / sizeof core[0]), NULL, NULL);
    add(stage2, (int)(sizeof stage2 / sizeof stage2[0]), "stage2.enabled", "true");
    for (int f = 0; f < FAMILIES; f++)
        add_family(&families[f]);
    /* An observable's first parameter is its switch; the others apply where it is on. */
    for (int m = 0; rit_observables[m]; m++) {
        const struct rit_member *o = rit_observables[m];
        RIT_CHECK(o->n_params >= 1 && o->params[0].kind == RIT_BOOL);
        add(o->params, 1, NULL, NULL);
        add(o->params + 1, o->n_params - 1, o->params[0].key, "true");
    }
    for (int i = 0; i < registry.count; i++)
        add_needs(i);
}

const struct rit_registry *rit_registry(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, build);
    return &registry;
}

const char *rit_member_meaning(const char *key, const char *name)
{
    for (int f = 0; f < FAMILIES; f++)
        for (int m = 0; strcmp(families[f].selector, key) == 0 && families[f].members[m]; m++)
            if (strcmp(families[f].members[m]->name, name) == 0)
                return families[f].members[m]->meaning;
    return NULL;
}
