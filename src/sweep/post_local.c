/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/post.h"

#include <ritardando/status.h>

#include <stdlib.h>

struct letter {
    struct letter *next;
    int from;
    struct rit_buffer bytes;
};

struct local {
    struct rit_post post; /* first, so that a post is its local */
    struct letter *first, **last;
    struct local **everybody;
    int n;
};

static void send(struct rit_post *post, int to, const void *bytes, size_t size)
{
    struct local *self = (struct local *)post;
    RIT_CHECK(to >= 0 && to < self->n);
    struct local *other = self->everybody[to];
    if (!other)
        return; /* has left */
    struct letter *letter = calloc(1, sizeof *letter);
    RIT_CHECK(letter);
    letter->from = post->self;
    rit_pack_bytes(&letter->bytes, bytes, size);
    *other->last = letter;
    other->last = &letter->next;
}

static bool receive(struct rit_post *post, int *from, struct rit_buffer *bytes)
{
    struct local *self = (struct local *)post;
    struct letter *letter = self->first;
    if (!letter)
        return false;
    self->first = letter->next;
    if (!self->first)
        self->last = &self->first;
    *from = letter->from;
    rit_buffer_release(bytes);
    *bytes = letter->bytes;
    free(letter);
    return true;
}

static bool is_sent(struct rit_post *post)
{
    (void)post;
    return true;
}

static void close_local(struct rit_post *post)
{
    struct local *self = (struct local *)post;
    struct rit_buffer bytes = {0};
    for (int from; receive(post, &from, &bytes);)
        continue;
    rit_buffer_release(&bytes);
    self->everybody[post->self] = NULL;
    bool last = true;
    for (int i = 0; i < self->n; i++)
        last &= self->everybody[i] == NULL;
    if (last)
        free(self->everybody);
    free(self);
}

void rit_post_local(int n, struct rit_post **post)
{
    struct local **everybody = calloc((size_t)n, sizeof *everybody);
    RIT_CHECK(n > 0 && everybody);
    for (int i = 0; i < n; i++) {
        struct local *self = everybody[i] = calloc(1, sizeof *self);
        RIT_CHECK(self);
        self->post = (struct rit_post){.self = i,
                                       .apart = "the sweep is one process",
                                       .send = send,
                                       .receive = receive,
                                       .is_sent = is_sent,
                                       .close = close_local};
        self->last = &self->first;
        self->everybody = everybody;
        self->n = n;
        post[i] = &self->post;
    }
}
