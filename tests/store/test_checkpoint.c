/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "checkpointing.h"
#include "example.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char first[] = "state after 100 steps", second[] = "state after 200 steps, longer",
                  third[] = "state after 300";

static void write_state(const char *run, const char *text)
{
    struct rit_hash point = example_identity(1);
    assert_int_equal(write_checkpoint(example_fence(run), &point, text, strlen(text), NULL), RIT_OK);
}

/* The state that is read must be `text`; NULL: none. */
static void assert_state(const char *run, const char *text)
{
    struct rit_hash point = example_identity(1);
    struct rit_buffer bytes = {0};
    assert_int_equal(read_checkpoint(run, &point, &bytes), text != NULL);
    assert_int_equal(bytes.size, text ? strlen(text) : 0);
    if (text)
        assert_memory_equal(bytes.data, text, bytes.size);
    rit_buffer_release(&bytes);
}

static void slot_path(char *path, size_t size, const char *run, int slot)
{
    struct rit_hash point = example_identity(1);
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&point, 64, hex);
    snprintf(path, size, "%s/checkpoints/%s.%d", run, hex, slot);
}

static void test_newest_of_two_generations(void **state)
{
    const char *run = *state;
    assert_state(run, NULL);
    write_state(run, first);
    assert_state(run, first);
    write_state(run, second);
    assert_state(run, second);
    write_state(run, third);
    assert_state(run, third);
    char path[600];
    slot_path(path, sizeof path, run, 0); /* first, replaced by third */
    assert_int_equal(unlink(path), 0);
    assert_state(run, second);
    write_state(run, first);
    assert_state(run, first);
    struct rit_hash point = example_identity(1), other = example_identity(2);
    struct rit_buffer bytes = {0};
    assert_false(read_checkpoint(run, &other, &bytes));
    rit_checkpoint_remove(example_fence(run), &rit_checkpoints, &point);
    assert_state(run, NULL);
}

/* The log would have a line for each of the thousands of damaged files. */
static int silence(void)
{
    int kept = dup(2), null = open("/dev/null", O_WRONLY);
    assert_true(kept >= 0 && null >= 0);
    dup2(null, 2);
    close(null);
    return kept;
}

static void loud_again(int kept)
{
    dup2(kept, 2);
    close(kept);
}

static void test_every_flipped_byte_is_seen(void **state)
{
    const char *run = *state;
    char path[600];
    slot_path(path, sizeof path, run, 1);
    write_state(run, first);
    write_state(run, second);
    struct rit_buffer bytes = {0};
    assert_int_equal(rit_file_read(path, 1 << 20, &bytes, NULL), RIT_OK);
    int kept = silence();
    for (size_t at = 0; at < bytes.size; at++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes.data[at] ^= (unsigned char)(1u << bit);
            example_write(path, bytes.data, bytes.size);
            bytes.data[at] ^= (unsigned char)(1u << bit);
            assert_state(run, first); /* the older generation */
        }
    }
    for (size_t size = 0; size < bytes.size; size++) {
        example_write(path, bytes.data, size);
        assert_state(run, first);
    }
    loud_again(kept);
    print_message("%zu bits of a checkpoint flipped in turn, %zu cuts: all seen\n", 8 * bytes.size,
                  bytes.size);
    write_state(run, third); /* replaces the damaged one, not the good one */
    slot_path(path, sizeof path, run, 0);
    assert_int_equal(access(path, F_OK), 0);
    assert_state(run, third);
    rit_buffer_release(&bytes);
}

static void test_a_checkpoint_of_another_point_is_not_used(void **state)
{
    const char *run = *state;
    write_state(run, first);
    struct rit_hash other = example_identity(2);
    char from[600], to[600], hex[RIT_HASH_HEX];
    slot_path(from, sizeof from, run, 0);
    rit_hash_hex(&other, 64, hex);
    snprintf(to, sizeof to, "%s/checkpoints/%s.0", run, hex);
    assert_int_equal(rename(from, to), 0);
    struct rit_buffer bytes = {0};
    int kept = silence();
    bool found = read_checkpoint(run, &other, &bytes);
    loud_again(kept);
    assert_false(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_newest_of_two_generations),
        IN_FOLDER(test_every_flipped_byte_is_seen),
        IN_FOLDER(test_a_checkpoint_of_another_point_is_not_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
