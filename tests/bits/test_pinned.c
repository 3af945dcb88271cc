/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outcomes of tiny points over all members, batches, precisions and observables, to the last bit.
 * pinned.txt has a line for each: the first half of the SHA-256 of its outcome's numbers, then what differs
 * from the point of running.h. Whoever changes a bit on purpose raises RIT_NUMERICS_VERSION, says CHANGES
 * RESULTS in the changelog and writes the new lines, which this test prints. A new member needs a line; it
 * changes none of the others.
 */
#include "running.h"

#include <ritardando/rule.h>

#include "base/hash.h"

#include <stdio.h>

enum { HEX = 32, MOST = 128 };

static struct rit_point points[MOST]; /* of all lines */
static int n_points;

/* "key=value key=value" into the point; a value has no spaces. */
static void set_line(struct rit_point *point, char *line)
{
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        assert_non_null(value);
        *value = 0;
        rit_point_set(point, word, value + 1);
    }
}

/* Of all numbers of an outcome; units and meanings are words. */
static void hash_of(const struct rit_outcome *outcome, char hex[HEX + 1])
{
    struct rit_buffer bytes = {0};
    rit_pack_u32(&bytes, (uint32_t)outcome->end);
    rit_pack_u64(&bytes, outcome->steps);
    rit_pack_f64(&bytes, outcome->tau);
    for (int i = 0; i < outcome->variables; i++) {
        const struct rit_variable *v = outcome->variable[i];
        rit_pack_text(&bytes, v->name);
        for (size_t k = 0; k < v->count; k++)
            rit_pack_f64(&bytes, isnan(v->data[k]) ? (double)NAN : v->data[k]);
    }
    struct rit_hash hash = rit_hash_of(bytes.data, bytes.size);
    rit_hash_hex(&hash, HEX, hex);
    rit_buffer_release(&bytes);
}

static void nothing_has_moved(void **state)
{
    (void)state;
    static char line[1024], text[MOST][1024]; /* texts of points are borrowed */
    int moved = 0;
    FILE *file = fopen(RIT_TEST_FOLDER "/pinned.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *settings = line + strcspn(line, " "), hex[HEX + 1];
        assert_true(n_points < MOST);
        snprintf(text[n_points], sizeof text[0], "%s", settings);
        struct rit_point *point = &points[n_points++];
        struct rit_block block;
        struct rit_error err;
        rit_point_init(point, rit_registry());
        set_all(point, (const struct setting[]){{"data.chorales", "3"},
                                                {"model.width", "5"},
                                                {"stop.tau", "3"},
                                                {"rule.eta", "0.05"},
                                                {"observe.thresholds", "[0.25,0.3]"},
                                                {"observe.per-decade", "4"},
                                                {"stop.when-learned", "false"},
                                                {0}});
        set_line(point, text[n_points - 1]);
        if (rit_block_load(point, &block, &err) != RIT_OK)
            fail_msg("%s: %s", settings, err.text);
        struct rit_outcome outcome = run_whole(point, &block);
        hash_of(&outcome, hex);
        if (strncmp(line, hex, HEX) != 0) {
            print_error("%s%s\n", hex, settings);
            moved++;
        }
        rit_outcome_release(&outcome);
        rit_block_release(&block);
    }
    fclose(file);
    if (moved > 0)
        fail_msg("%d of %d pinned outcomes have moved; the lines above are what they are now", moved,
                 n_points);
}

/* Whether some pinned point has this value of a parameter. */
static bool is_pinned(const char *key, const char *name)
{
    for (int i = 0; i < n_points; i++) {
        const struct rit_registry *registry = points[i].registry;
        int index = rit_param_find(registry, key);
        const union rit_value *value = &points[i].value[index];
        bool here = registry->param[index]->kind == RIT_BOOL ? value->b : strcmp(value->name, name) == 0;
        if (here && rit_param_applies(&points[i], index))
            return true;
    }
    return false;
}

/* Files are not at hand everywhere; batches of chorales are pinned. */
static bool reads_file(const char *name)
{
    static const char *const names[] = {"chorales", "series", "piano-rolls", "midi"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Every name that a parameter can have, and every switch turned on: that is every member of every family. */
static void everything_is_pinned(void **state)
{
    (void)state;
    const struct rit_registry *registry = rit_registry();
    int missing = 0;
    for (int i = 0; i < registry->count; i++) {
        const struct rit_param *param = registry->param[i];
        static const char *const on[] = {"true", NULL};
        const char *const *choice = param->kind == RIT_NAME   ? param->choices
                                    : param->kind == RIT_BOOL ? on
                                                              : NULL;
        for (; choice && *choice; choice++) {
            if (is_pinned(param->key, *choice) || reads_file(*choice))
                continue;
            print_error("pinned.txt has no point with %s=%s\n", param->key, *choice);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_has_moved),
        cmocka_unit_test(everything_is_pinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
