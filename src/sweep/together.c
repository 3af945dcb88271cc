/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/together.h"

#include "base/process.h"
#include "sweep/gathering.h"
#include "sweep/guard.h"

#include <ritardando/wide.h>

#include <stdlib.h>

/* ---- which points ---- */

/* What the points of a look ask for. */
struct wishes {
    int together, stored, alone; /* kernels: of all ranks, found by an earlier start, of one worker */
    int largest;                 /* pairs of one that is for a worker alone */
};

static bool is_stored(const struct rit_conductor *c, const struct rit_point *point,
                      const struct rit_known_block *known)
{
    struct rit_hash kernel = rit_gathering_kernel(point, known);
    return rit_checkpoint_exists(c->options->run, &rit_spectra, &kernel);
}

static void look_at(struct rit_conductor *c, int p, struct rit_blocks *blocks, struct wishes *wishes)
{
    struct rit_point point;
    const struct rit_known_block *known;
    rit_plan_point(&c->config, c->roster.plan[p], &point);
    if (c->archive.have[p] || !rit_gathering_is_asked(&point) ||
        rit_blocks_get(blocks, &point, &known, NULL) != RIT_OK)
        return;
    if (c->post->apart || !rit_gathering_is_wanted(&known->block)) {
        wishes->alone++;
        wishes->largest = known->block.pairs > wishes->largest ? known->block.pairs : wishes->largest;
    } else if (is_stored(c, &point, known)) {
        wishes->stored++;
    } else {
        rit_master_together(c->master, p);
        wishes->together++;
    }
}

static const char *why_alone(const struct rit_conductor *c, int largest)
{
    return largest < RIT_WIDE_TOGETHER ? "they are small"
           : c->post->apart            ? c->post->apart
                                       : "the program was built without ScaLAPACK";
}

void rit_together_look(struct rit_conductor *c, int first)
{
    struct wishes wishes = {0};
    struct rit_blocks blocks = {0};
    for (int p = first; p < c->roster.count; p++)
        look_at(c, p, &blocks, &wishes);
    rit_blocks_release(&blocks);
    if (wishes.together > 0)
        RIT_DESK_SAY(
            c,
            "%d kernel%s of %d pairs or more: all %d ranks find the eigenvalues together, when everything "
            "else is done",
            wishes.together, wishes.together == 1 ? "" : "s", RIT_WIDE_TOGETHER, c->workers + 1);
    if (wishes.stored > 0)
        RIT_DESK_SAY(c, "%d kernel%s whose eigenvalues an earlier start has found", wishes.stored,
                     wishes.stored == 1 ? "" : "s");
    if (wishes.alone > 0)
        RIT_DESK_SAY(c, "%d kernel%s of up to %d pairs: one worker finds the eigenvalues of each, since %s",
                     wishes.alone, wishes.alone == 1 ? "" : "s", wishes.largest,
                     why_alone(c, wishes.largest));
}

/* ---- the work ---- */

void rit_together_call(struct rit_conductor *c, const struct rit_order *order)
{
    rit_desk_tell(c, order->worker, &(struct rit_message){.word = RIT_TELLS_CALL, .lease = order->lease});
}

static void say(void *self, const char *text)
{
    struct rit_conductor *c = self;
    RIT_DESK_SAY(c, "%s", text);
}

/* Everybody who takes part is sent in, with the same words. */
static void send_in(struct rit_conductor *c, const struct rit_order *order, const struct rit_point *point)
{
    struct rit_buffer text = {0}, bytes = {0};
    rit_point_print_identity(point, RIT_WHOLE, &text);
    rit_gathering_pack(c->party_count, c->party, text.data, text.size, &bytes);
    for (int i = 1; i < c->party_count; i++)
        rit_desk_tell(
            c, c->party[i] - 1,
            &(struct rit_message){
                .word = RIT_TELLS_GATHER, .lease = order->lease, .bytes = bytes.data, .size = bytes.size});
    rit_buffer_release(&text);
    rit_buffer_release(&bytes);
}

/* What is not stored, the worker who trains the point finds alone. */
static void store(struct rit_conductor *c, const struct rit_hash *kernel, const double *value, int n)
{
    struct rit_error err = {.status = RIT_OK};
    struct rit_span span = {value, (size_t)n * sizeof *value};
    if (rit_checkpoint_write(&c->archive.claim.fence, &rit_spectra, kernel, &span, 1, &err) != RIT_OK)
        RIT_DESK_SAY(c, "%s: one worker finds the eigenvalues again", err.text);
}

static enum rit_gathered enter(struct rit_conductor *c, const struct rit_order *order,
                               const struct rit_point *point, const struct rit_hash *kernel)
{
    char text[256];
    double *value;
    int n = 0;
    struct rit_error err = {.status = RIT_OK};
    struct rit_gathering gathering = {.ranks = c->party_count,
                                      .rank = c->party,
                                      .point = point,
                                      .until = rit_master_halts_at(c->master),
                                      .say = say,
                                      .self = c};
    send_in(c, order, point);
    struct rit_guard *guard = rit_guard_new(&c->self);
    for (int i = 1; i < c->party_count; i++)
        rit_guard_watch(guard, &c->colleague[c->party[i] - 1].peer);
    enum rit_gathered gathered = rit_gather(&gathering, &value, &n, &err);
    rit_guard_free(guard);
    if (gathered == RIT_GATHERED)
        store(c, kernel, value, n);
    else
        RIT_DESK_SAY(c, "the point%s waits: %s", rit_desk_label(c, order->point, text, sizeof text),
                     err.text);
    if (gathered == RIT_GATHERED_TOO_LARGE && c->fault == RIT_OK)
        c->fault = err.status;
    free(value);
    return gathered;
}

static void join(struct rit_conductor *c, int rank)
{
    c->party = realloc(c->party, ((size_t)c->party_count + 1) * sizeof *c->party);
    RIT_CHECK(c->party);
    c->party[c->party_count++] = rank;
}

void rit_together_gather(struct rit_conductor *c, const struct rit_order *order)
{
    struct rit_point point;
    struct rit_blocks blocks = {0};
    const struct rit_known_block *known;
    if (c->party_count == 0)
        join(c, 0);
    if (order->worker >= 0) {
        join(c, order->worker + 1);
        return;
    }
    rit_plan_point(&c->config, c->roster.plan[order->point], &point);
    RIT_CHECK(rit_blocks_get(&blocks, &point, &known, NULL) ==
              RIT_OK); /* it was there when it was looked at */
    struct rit_hash kernel = rit_gathering_kernel(&point, known);
    rit_blocks_release(&blocks);
    /* Another point may have had the same kernel: then they are called for nothing. */
    enum rit_gathered gathered = rit_checkpoint_exists(c->options->run, &rit_spectra, &kernel)
                                     ? RIT_GATHERED
                                     : enter(c, order, &point, &kernel);
    c->party_count = 0;
    rit_master_tick(c->master, rit_seconds());
    rit_master_gathered(c->master, order->point, gathered);
}
