/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/wire.h"

#include <string.h>

static void pack_peer(const struct rit_peer *peer, struct rit_buffer *out)
{
    rit_pack_text(out, peer->host);
    rit_pack_text(out, peer->machine);
    rit_pack_u64(out, (uint64_t)peer->pid);
    rit_pack_u64(out, peer->started);
}

static void read_peer(struct rit_reader *in, struct rit_peer *peer)
{
    rit_read_text(in, peer->host, sizeof peer->host);
    rit_read_text(in, peer->machine, sizeof peer->machine);
    peer->pid = (int64_t)rit_read_u64(in);
    peer->started = rit_read_u64(in);
}

static void pack_bytes(const struct rit_message *m, struct rit_buffer *out)
{
    rit_pack_u64(out, m->size);
    rit_pack_bytes(out, m->bytes, m->size);
}

static void read_bytes(struct rit_reader *in, struct rit_message *m)
{
    m->size = rit_read_u64(in);
    m->bytes = rit_read_bytes(in, m->size);
}

void rit_message_pack(const struct rit_message *m, struct rit_buffer *out)
{
    rit_pack_u32(out, (uint32_t)m->word);
    rit_pack_u64(out, m->lease);
    switch (m->word) {
    case RIT_SAYS_HELLO:
        pack_peer(&m->peer, out);
        rit_pack_u32(out, m->numerics);
        rit_pack_u64(out, m->asked);
        break;
    case RIT_SAYS_BEAT:
        rit_pack_f64(out, m->beat.progress);
        rit_pack_f64(out, m->beat.save_seconds);
        rit_pack_f64(out, m->beat.open_seconds);
        break;
    case RIT_SAYS_RESULT:
        rit_pack_u32(out, (uint32_t)m->point);
        rit_pack_u32(out, m->failed);
        pack_bytes(m, out);
        break;
    case RIT_SAYS_UNFIT:
        rit_pack_u32(out, (uint32_t)m->status);
        pack_bytes(m, out);
        break;
    case RIT_SAYS_DECLINE:
        rit_pack_u32(out, (uint32_t)m->point);
        rit_pack_u32(out, (uint32_t)m->status);
        pack_bytes(m, out);
        break;
    case RIT_TELLS_WELCOME:
        pack_peer(&m->peer, out);
        rit_pack_f64(out, m->patience);
        rit_pack_f64(out, m->beat_every);
        rit_pack_u32(out, (uint32_t)m->epoch);
        rit_pack_text(out, m->token);
        rit_pack_text(out, m->run);
        rit_pack_text(out, m->name);
        pack_bytes(m, out);
        break;
    case RIT_TELLS_ASSIGN:
        rit_pack_u32(out, (uint32_t)m->point);
        rit_pack_bytes(out, m->identity.byte, RIT_HASH_BYTES);
        rit_pack_bytes(out, m->from.byte, RIT_HASH_BYTES);
        rit_pack_u64(out, m->from_steps);
        pack_bytes(m, out);
        break;
    case RIT_TELLS_GATHER:
        pack_bytes(m, out);
        break;
    case RIT_TELLS_RELEASE:
        rit_pack_u32(out, m->leave_at_once);
        break;
    case RIT_SAYS_BACK:
    case RIT_SAYS_READY:
    case RIT_TELLS_CALL:
    case RIT_TELLS_ACKNOWLEDGE:
    case RIT_TELLS_DROP:
    case RIT_TELLS_HALT:
    case RIT_TELLS_PULSE:
        break;
    }
}

bool rit_message_read(const void *bytes, size_t size, struct rit_message *m)
{
    struct rit_reader in = {.data = bytes, .size = size};
    *m = (struct rit_message){0};
    uint32_t word = rit_read_u32(&in);
    if (word < RIT_SAYS_HELLO || word > RIT_LAST_WORD)
        return false;
    m->word = (enum rit_word)word;
    m->lease = rit_read_u64(&in);
    switch (m->word) {
    case RIT_SAYS_HELLO:
        read_peer(&in, &m->peer);
        m->numerics = rit_read_u32(&in);
        m->asked = rit_read_u64(&in);
        break;
    case RIT_SAYS_BEAT:
        m->beat.progress = rit_read_f64(&in);
        m->beat.save_seconds = rit_read_f64(&in);
        m->beat.open_seconds = rit_read_f64(&in);
        break;
    case RIT_SAYS_RESULT:
        m->point = (int)rit_read_u32(&in);
        m->failed = rit_read_u32(&in) != 0;
        read_bytes(&in, m);
        break;
    case RIT_SAYS_UNFIT:
        m->status = (int)rit_read_u32(&in);
        read_bytes(&in, m);
        break;
    case RIT_SAYS_DECLINE:
        m->point = (int)rit_read_u32(&in);
        m->status = (int)rit_read_u32(&in);
        read_bytes(&in, m);
        break;
    case RIT_TELLS_WELCOME:
        read_peer(&in, &m->peer);
        m->patience = rit_read_f64(&in);
        m->beat_every = rit_read_f64(&in);
        m->epoch = (int)rit_read_u32(&in);
        rit_read_text(&in, m->token, sizeof m->token);
        rit_read_text(&in, m->run, sizeof m->run);
        rit_read_text(&in, m->name, sizeof m->name);
        read_bytes(&in, m);
        break;
    case RIT_TELLS_ASSIGN: {
        m->point = (int)rit_read_u32(&in);
        const void *identity = rit_read_bytes(&in, RIT_HASH_BYTES);
        if (identity)
            memcpy(m->identity.byte, identity, RIT_HASH_BYTES);
        const void *from = rit_read_bytes(&in, RIT_HASH_BYTES);
        if (from)
            memcpy(m->from.byte, from, RIT_HASH_BYTES);
        m->from_steps = rit_read_u64(&in);
        read_bytes(&in, m);
        break;
    }
    case RIT_TELLS_GATHER:
        read_bytes(&in, m);
        break;
    case RIT_TELLS_RELEASE:
        m->leave_at_once = rit_read_u32(&in) != 0;
        break;
    case RIT_SAYS_BACK:
    case RIT_SAYS_READY:
    case RIT_TELLS_CALL:
    case RIT_TELLS_ACKNOWLEDGE:
    case RIT_TELLS_DROP:
    case RIT_TELLS_HALT:
    case RIT_TELLS_PULSE:
        break;
    }
    return !in.bad && in.at == in.size;
}
