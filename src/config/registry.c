/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of all parameters: those that the rooms declare, then those of the families' members. */
#include <ritardando/clock.h>
#include <ritardando/cost.h>
#include <ritardando/limit.h>
#include <ritardando/model.h>
#include <ritardando/observe.h>
#include <ritardando/point.h>
#include <ritardando/rule.h>
#include <ritardando/source.h>
#include <ritardando/status.h>
#include <ritardando/task.h>

#include "base/random.h"
#include "config/keys.h"
#include "source/rolls/window.h"
#include "train/request.h"
#include "train/schedule.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The families with one member to a run. */
enum family { SOURCE, TASK, MODEL, COST, RULE, LIMIT, FAMILIES };
enum { MAX_MEMBERS = 32 };

static const struct rit_member *const *const members[FAMILIES] = {rit_sources, rit_tasks, rit_models,
                                                                  rit_costs,   rit_rules, rit_limits};
static const char *names[FAMILIES][MAX_MEMBERS + 1];

/* What chooses the member. */
static const struct rit_param choice[FAMILIES] = {
    [SOURCE] = {.key = "data.source",
                .kind = RIT_NAME,
                .fallback = "composer",
                .choices = names[SOURCE],
                .unit = "1",
                .meaning = "where the chorales come from"},
    [TASK] = {.key = "task.name",
              .kind = RIT_NAME,
              .fallback = "next-step",
              .choices = names[TASK],
              .unit = "1",
              .meaning = "what is to be learned of the sequences"},
    [MODEL] = {.key = "model.name",
               .kind = RIT_NAME,
               .fallback = "layered-tanh",
               .choices = names[MODEL],
               .unit = "1",
               .meaning = "architecture"},
    [COST] = {.key = "cost.name",
              .kind = RIT_NAME,
              .fallback = "nll",
              .choices = names[COST],
              .unit = "1",
              .meaning = "what training minimises; learning times are read off the NLL whatever the cost"},
    [RULE] = {.key = "rule.name",
              .kind = RIT_NAME,
              .fallback = "sgd",
              .choices = names[RULE],
              .unit = "1",
              .meaning = "learning rule"},
    [LIMIT] = {.key = "limit.name",
               .kind = RIT_NAME,
               .fallback = "none",
               .choices = names[LIMIT],
               .unit = "1",
               .meaning = "whether the network is of infinite width, and what is made of it then"},
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
        registry.likely[rit_param_slot(params[i].key)] = at;
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

static void add_members(enum family family)
{
    for (int m = 0; members[family][m]; m++) {
        const struct rit_member *member = members[family][m];
        add(member->params, member->n_params, choice[family].key, member->name);
        add_shared(member->shared, member->n_shared, choice[family].key, member->name);
    }
}

static void add_choice(enum family family)
{
    for (int m = 0; members[family][m]; m++) {
        RIT_CHECK(m < MAX_MEMBERS);
        names[family][m] = members[family][m]->name;
    }
    add(&choice[family], 1, NULL, NULL);
}

static void add_table(const struct rit_param_table *table)
{
    add(table->param, table->n, NULL, NULL);
}

/* What the rooms declare, in the order of the reference. */
static void add_rooms(void)
{
    add_table(&rit_seed_params);
    add_choice(SOURCE);
    add_table(&rit_block_params);
    add_table(&rit_window_params);
    add_choice(TASK);
    add_choice(MODEL);
    add_table(&rit_layers_params);
    add_choice(LIMIT);
    add_choice(COST);
    add_choice(RULE);
    add_table(&rit_rate_params);
    add_table(&rit_batch_params);
    add_table(&rit_stages_params);
    add_table(&rit_end_params);
    add_table(&rit_request_params);
    add_table(&rit_grid_params);
    add(rit_stage2_params.param, rit_stage2_params.n, "stage2.enabled", "true");
    add(rit_batch2_params.param, rit_batch2_params.n, "stage2.enabled", "true");
}

/* What has a meaning only in training: where the limit does not survey networks at their start. */
static void add_training(void)
{
    static const char *const sections[] = {"cost.", "rule.", "batch.", "stop.", "observe.", "stage2."};
    static char trained[RIT_MAX_TEXT];
    for (int m = 0; rit_limits[m]; m++) {
        size_t used = strlen(trained);
        if (!((const struct rit_limit *)rit_limits[m])->survey)
            RIT_CHECK((size_t)snprintf(trained + used, sizeof trained - used, "%s%s", used ? " " : "",
                                       rit_limits[m]->name) < sizeof trained - used);
    }
    for (int i = 0; i < registry.count; i++)
        for (size_t s = 0; registry.conditions[i] == 0 && s < sizeof sections / sizeof sections[0]; s++)
            if (strncmp(registry.param[i]->key, sections[s], strlen(sections[s])) == 0)
                add_condition(i, choice[LIMIT].key, trained);
}

/* What has a meaning only with a rate: where the rule has one. */
static void add_rates(void)
{
    static const char *const keys[] = {"rule.eta", "rule.warmup", "stage2.enabled", "model.retract-every"};
    static char rated[RIT_MAX_TEXT];
    for (int m = 0; rit_rules[m]; m++) {
        size_t used = strlen(rated);
        if (!((const struct rit_rule *)rit_rules[m])->gait)
            RIT_CHECK((size_t)snprintf(rated + used, sizeof rated - used, "%s%s", used ? " " : "",
                                       rit_rules[m]->name) < sizeof rated - used);
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        add_condition(rit_param_find(&registry, keys[i]), "rule.name", rated);
}

static void build(void)
{
    add_rooms();
    for (int f = 0; f < FAMILIES; f++)
        add_members((enum family)f);
    /* An observable's first parameter is its switch; the others apply where it is on. */
    for (int m = 0; rit_observables[m]; m++) {
        const struct rit_member *o = rit_observables[m];
        RIT_CHECK(o->n_params >= 1 && o->params[0].kind == RIT_BOOL);
        add(o->params, 1, NULL, NULL);
        add(o->params + 1, o->n_params - 1, o->params[0].key, "true");
    }
    for (int i = 0; i < registry.count; i++)
        add_needs(i);
    add_rates();
    add_training();
    static struct rit_point defaults;
    rit_point_init(&defaults, &registry);
    registry.fallback = defaults.value; /* every point begins with them, and they are in no identity */
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
        for (int m = 0; strcmp(choice[f].key, key) == 0 && members[f][m]; m++)
            if (strcmp(members[f][m]->name, name) == 0)
                return members[f][m]->meaning;
    return NULL;
}
