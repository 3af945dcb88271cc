/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages, as bytes and under way. */
#include "testing.h"

#include "sweep/post.h"
#include "sweep/wire.h"

#include <stdlib.h>
#include <string.h>

static struct rit_message full_message(enum rit_word word)
{
    struct rit_message m = {.word = word, .lease = 0x123456789abcdefu};
    switch (word) {
    case RIT_SAYS_HELLO:
        m.peer = rit_peer_self();
        m.numerics = 7;
        m.asked = 0x123456789abcdef0;
        break;
    case RIT_SAYS_BEAT:
        m.beat = (struct rit_beat){0.25, 1.5, 2.5};
        break;
    case RIT_SAYS_UNFIT:
        m.status = 74;
        m.bytes = "no data file";
        m.size = 12;
        break;
    case RIT_SAYS_DECLINE:
        m.point = 41;
        m.status = 65;
        m.bytes = "no memory";
        m.size = 9;
        break;
    case RIT_SAYS_RESULT:
        m.point = 41;
        m.failed = true;
        m.bytes = "result";
        m.size = 6;
        break;
    case RIT_TELLS_WELCOME:
        m.peer = rit_peer_self();
        m.patience = 360;
        m.beat_every = 15;
        m.epoch = 3;
        strcpy(m.token, "0123456789abcdef0123456789abcdef");
        strcpy(m.run, "runs/a");
        strcpy(m.name, "a.yaml");
        m.bytes = "grid: {}";
        m.size = 8;
        break;
    case RIT_TELLS_ASSIGN:
        m.point = 41;
        m.identity = rit_hash_of("a", 1);
        m.from = rit_hash_of("b", 1);
        m.from_steps = 12345678901u;
        break;
    case RIT_TELLS_GATHER:
        m.bytes = "who, and what";
        m.size = 13;
        break;
    case RIT_TELLS_RELEASE:
        m.leave_at_once = true;
        break;
    default:
        break;
    }
    return m;
}

static void test_every_word_survives(void **state)
{
    (void)state;
    for (int word = RIT_SAYS_HELLO; word <= RIT_LAST_WORD; word++) {
        struct rit_message wanted = full_message((enum rit_word)word), got;
        struct rit_buffer bytes = {0}, again = {0};
        rit_message_pack(&wanted, &bytes);
        assert_true(rit_message_read(bytes.data, bytes.size, &got));
        assert_int_equal(got.size, wanted.size);
        assert_true(got.size == 0 || memcmp(got.bytes, wanted.bytes, got.size) == 0);
        got.bytes = wanted.bytes;
        rit_message_pack(&got, &again);
        assert_int_equal(again.size, bytes.size);
        assert_memory_equal(again.data, bytes.data, bytes.size);
        for (size_t cut = 0; cut < bytes.size; cut++) {
            unsigned char *piece = malloc(cut + 1); /* so that a sanitizer sees every byte beyond */
            memcpy(piece, bytes.data, cut);
            assert_false(rit_message_read(piece, cut, &got));
            free(piece);
        }
        rit_pack_u32(&bytes, 0);
        assert_false(rit_message_read(bytes.data, bytes.size, &got)); /* nothing may follow */
        rit_buffer_release(&bytes);
        rit_buffer_release(&again);
    }
    struct rit_message got;
    assert_false(rit_message_read("\0\0\0\0\0\0\0\0\0\0\0\0", 12, &got));
    assert_false(rit_message_read("\xff\0\0\0\0\0\0\0\0\0\0\0", 12, &got));
}

static void test_letters_arrive_in_order(void **state)
{
    (void)state;
    struct rit_post *post[3];
    struct rit_buffer bytes = {0};
    int from;
    rit_post_local(3, post);
    assert_false(post[0]->receive(post[0], &from, &bytes));
    post[1]->send(post[1], 0, "one", 3);
    post[2]->send(post[2], 0, "three", 5);
    post[1]->send(post[1], 0, "", 0);
    assert_true(post[0]->receive(post[0], &from, &bytes));
    assert_int_equal(from, 1);
    assert_int_equal(bytes.size, 3);
    assert_memory_equal(bytes.data, "one", 3);
    assert_true(post[0]->receive(post[0], &from, &bytes));
    assert_int_equal(from, 2);
    assert_true(post[0]->receive(post[0], &from, &bytes));
    assert_int_equal(bytes.size, 0);
    assert_false(post[0]->receive(post[0], &from, &bytes));
    post[0]->send(post[0], 1, "left lying", 10);
    post[1]->close(post[1]);
    post[0]->send(post[0], 1, "to nobody", 9);
    post[0]->close(post[0]);
    post[2]->close(post[2]);
    rit_buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_word_survives),
        cmocka_unit_test(test_letters_arrive_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
