/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/conductor.h"

#include "sweep/desk.h"
#include "sweep/opening.h"
#include "sweep/orders.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGES_PER_TURN = 4096 }; /* before the journal is synced and the clock looked at */

static const double sync_after = 0.1; /* seconds that a result may wait to become durable */
static const double look_every = 0.5; /* seconds between two looks at stop files and at near workers */

struct rit_conductor *rit_conductor_new(const struct rit_sweep_options *options, struct rit_post *post,
                                        int workers, const struct rit_walltime *walltime, bool recovery,
                                        struct rit_error *err)
{
    struct rit_conductor *c = calloc(1, sizeof *c);
    RIT_CHECK(c);
    c->options = options;
    c->post = post;
    c->workers = workers;
    c->recovery = recovery;
    c->self = rit_peer_self();
    c->began = walltime->began;
    c->progress = rit_progress_begin(rit_seconds());
    c->archive.claim = RIT_CLAIM_NONE;
    c->events = RIT_EVENTS_NONE;
    c->colleague = calloc((size_t)workers, sizeof *c->colleague);
    RIT_CHECK(c->colleague);
    if (rit_opening(c, walltime, err) == RIT_OK)
        return c;
    rit_conductor_free(c);
    return NULL;
}

void rit_conductor_free(struct rit_conductor *c)
{
    if (!c)
        return;
    rit_master_free(c->master);
    rit_refinement_free(c->refinement);
    if (c->archive.run)
        rit_archive_close(&c->archive);
    for (int p = 0; c->doubt && p < c->roster.count; p++)
        free(c->doubt[p]);
    free(c->doubt);
    free(c->price);
    free(c->most);
    free(c->party);
    rit_tail_release(&c->tail);
    rit_events_close(&c->events);
    rit_roster_release(&c->roster);
    if (c->has_config)
        rit_config_release(&c->config);
    rit_buffer_release(&c->in);
    rit_buffer_release(&c->out);
    free(c->colleague);
    free(c);
}

/* The sentence is said once a machine. */
static void part_with(struct rit_conductor *c, int worker, enum rit_status status, const char *why)
{
    struct rit_colleague *colleague = &c->colleague[worker];
    bool said = false;
    for (int w = 0; w < c->workers; w++)
        said |= c->colleague[w].unfit && c->colleague[w].machine == colleague->machine;
    if (!said)
        RIT_DESK_SAY(c, "worker %d on %s gets no work: %s", worker + 1, colleague->peer.host, why);
    colleague->unfit = true;
    if (c->fault == RIT_OK)
        c->fault = status;
    rit_master_unfit(c->master, worker);
    rit_orders_carry_out(c, NULL);
}

static void get_to_know(struct rit_conductor *c, int worker, const struct rit_peer *peer)
{
    struct rit_colleague *colleague = &c->colleague[worker];
    c->met += !colleague->known;
    *colleague = (struct rit_colleague){.peer = *peer, .known = true};
    while (strcmp(c->colleague[colleague->machine].peer.host, peer->host) != 0)
        colleague->machine++;
}

uint64_t rit_sweep_options_digest(const struct rit_sweep_options *options)
{
    struct rit_buffer text = {0};
    rit_buffer_printf(&text, "%s\n%s\n%d/%d\n", options->config, options->run, options->share,
                      options->shares);
    for (int i = 0; i < options->overrides.n; i++)
        rit_buffer_printf(&text, "%s\n", options->overrides.text[i]);
    struct rit_hash hash = rit_hash_of(text.data, text.size);
    uint64_t digest;
    memcpy(&digest, hash.byte, sizeof digest);
    rit_buffer_release(&text);
    return digest;
}

static void hear_hello(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    get_to_know(c, worker, &message->peer);
    if (message->numerics != RIT_NUMERICS_VERSION) {
        part_with(c, worker, RIT_BAD_INPUT, "it runs another version of the program");
        return;
    }
    if (message->asked != rit_sweep_options_digest(c->options)) {
        part_with(
            c, worker, RIT_USAGE,
            "it was started with other arguments than process 0; all parts of one mpirun sweep together");
        return;
    }
    struct rit_message welcome = {.word = RIT_TELLS_WELCOME,
                                  .peer = c->self,
                                  .patience = 3 * c->lease,
                                  .beat_every = c->beat_every,
                                  .epoch = c->archive.claim.fence.epoch,
                                  .bytes = c->archive.config_text.data,
                                  .size = c->archive.config_text.size - 1}; /* without its closing zero */
    snprintf(welcome.token, sizeof welcome.token, "%s", c->archive.claim.fence.token);
    snprintf(welcome.run, sizeof welcome.run, "%s", c->options->run);
    snprintf(welcome.name, sizeof welcome.name, "%s", c->options->config);
    rit_desk_tell(c, worker, &welcome);
    rit_master_joined(c->master, worker, c->colleague[worker].machine);
    rit_orders_carry_out(c, NULL);
}

static void hear_result(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    struct rit_reader in = {.data = message->bytes, .size = message->size};
    struct rit_result result;
    struct rit_error err = {0};
    bool good = message->point >= 0 && message->point < c->roster.count &&
                rit_result_read(&in, &result, &err) == RIT_OK;
    /* Only a bug or broken memory makes a result that cannot be read or is of another point. */
    RIT_CHECK(good && rit_hash_equal(&result.identity, &c->roster.identity[message->point]));
    rit_master_result(c->master, worker, message->lease, message->point, message->failed);
    rit_orders_carry_out(c, &result);
}

static void hear_unfit(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    char why[1024];
    snprintf(why, sizeof why, "%.*s", (int)message->size, (const char *)message->bytes);
    part_with(c, worker, (enum rit_status)message->status, why);
}

/* The sentence is said once a machine. */
static void hear_decline(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    struct rit_colleague *machine = &c->colleague[c->colleague[worker].machine];
    char text[256];
    RIT_CHECK(message->point >= 0 && message->point < c->roster.count);
    if (!machine->declined)
        RIT_DESK_SAY(c, "worker %d on %s does not train the point%s: %.*s", worker + 1, machine->peer.host,
                     rit_desk_label(c, message->point, text, sizeof text), (int)message->size,
                     (const char *)message->bytes);
    machine->declined = true;
    if (c->fault == RIT_OK)
        c->fault = (enum rit_status)message->status;
    rit_master_declined(c->master, worker, message->lease, message->point);
    rit_orders_carry_out(c, NULL);
}

static void hear(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    switch (message->word) {
    case RIT_SAYS_HELLO:
        hear_hello(c, worker, message);
        break;
    case RIT_SAYS_BEAT:
        rit_desk_tell(c, worker, &(struct rit_message){.word = RIT_TELLS_PULSE});
        rit_master_beat(c->master, worker, message->lease, &message->beat);
        rit_orders_carry_out(c, NULL);
        break;
    case RIT_SAYS_RESULT:
        hear_result(c, worker, message);
        break;
    case RIT_SAYS_UNFIT:
        hear_unfit(c, worker, message);
        break;
    case RIT_SAYS_DECLINE:
        hear_decline(c, worker, message);
        break;
    case RIT_SAYS_READY:
        rit_master_ready(c->master, worker, message->lease);
        rit_orders_carry_out(c, NULL);
        break;
    case RIT_SAYS_BACK:
        rit_master_given_back(c->master, worker);
        rit_orders_carry_out(c, NULL);
        break;
    default:
        RIT_CHECK(!"a word that no worker says");
    }
}

static void stop(struct rit_conductor *c, const char *why)
{
    if (!c->stop_passed)
        RIT_DESK_SAY(c, "%s: everybody writes a checkpoint and leaves", why);
    c->stop_passed = true;
    rit_master_stop(c->master);
    rit_orders_carry_out(c, NULL);
}

static bool file_is_there(const struct rit_conductor *c, const char *name)
{
    char path[RIT_PATH];
    return rit_file_path(path, NULL, "%s/%s", c->options->run, name) == RIT_OK && access(path, F_OK) == 0;
}

/* What nobody sends a message about. */
static void look_around(struct rit_conductor *c)
{
    struct rit_error err = {0};
    if (rit_archive_check(&c->archive, &err) != RIT_OK)
        rit_desk_give_up(c, &err);
    rit_events_flush(&c->events);
    for (int w = 0; w < c->workers && !c->over; w++) {
        struct rit_colleague *colleague = &c->colleague[w];
        if (!colleague->known || colleague->dead || !rit_peer_is_dead(&c->self, &colleague->peer))
            continue;
        colleague->dead = true;
        rit_master_lost(c->master, w);
        rit_orders_carry_out(c, NULL);
    }
    if (!c->over && file_is_there(c, "stop"))
        stop(c, "the run folder holds a file stop");
    if (!c->over && file_is_there(c, "drain")) {
        rit_master_drain(c->master);
        rit_orders_carry_out(c, NULL);
    }
}

/* Results are made durable together, soon after the first of them: a sync may take as long as a short point.
 * Nobody waits for it but the end. */
static bool must_sync(const struct rit_conductor *c, double now)
{
    struct rit_tally tally;
    if (c->appended == 0 || now >= c->appended + sync_after)
        return c->appended > 0;
    rit_master_tally(c->master, &tally);
    return tally.running == 0;
}

static void sync_results(struct rit_conductor *c)
{
    struct rit_error err = {0};
    if (rit_archive_sync(&c->archive, &err) != RIT_OK) {
        rit_desk_give_up(c, &err);
        return;
    }
    c->appended = 0;
    rit_events_flush(&c->events);
    rit_master_synced(c->master);
    rit_orders_carry_out(c, NULL);
}

bool rit_conductor_turn(struct rit_conductor *c)
{
    int from, heard = 0;
    if (rit_stop_asked() != RIT_GO && !c->stop_passed && !c->over)
        stop(c, "asked by a signal");
    while (!c->over && heard < MESSAGES_PER_TURN && c->post->receive(c->post, &from, &c->in)) {
        struct rit_message message;
        RIT_CHECK(from > 0 && from <= c->workers && rit_message_read(c->in.data, c->in.size, &message));
        hear(c, from - 1, &message);
        heard++;
    }
    double now = rit_seconds();
    if (!c->over && must_sync(c, now))
        sync_results(c);
    now = rit_seconds();
    if (!c->over && now >= c->look_at) {
        look_around(c);
        c->look_at = now + look_every;
    }
    if (!c->over) {
        rit_orders_tend_dataset(c);
        rit_master_tick(c->master, now);
        rit_orders_carry_out(c, NULL);
    }
    return heard > 0;
}

bool rit_conductor_has_met_all(const struct rit_conductor *c)
{
    return c->met == c->workers;
}

bool rit_conductor_is_over(const struct rit_conductor *c, enum rit_status *status, bool *at_once)
{
    struct rit_tally tally;
    rit_master_tally(c->master, &tally);
    *status = c->status;
    *at_once = c->recovery || tally.lost > 0;
    return c->over;
}
