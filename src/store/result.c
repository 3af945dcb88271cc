/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/result.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_POINT_TEXT = 1 << 20 };

void rit_result_release(struct rit_result *result)
{
    free(result->point);
    result->point = NULL;
    rit_outcome_release(&result->outcome);
}

void rit_result_pack(const struct rit_result *result, struct rit_buffer *out)
{
    rit_pack_bytes(out, result->identity.byte, RIT_HASH_BYTES);
    rit_pack_bytes(out, result->trajectory.byte, RIT_HASH_BYTES);
    rit_pack_text(out, result->point);
    rit_pack_text(out, result->provenance.host);
    rit_pack_text(out, result->provenance.program);
    rit_pack_text(out, result->provenance.kernel);
    rit_pack_f64(out, result->provenance.seconds);
    rit_pack_u64(out, result->provenance.trained);
    rit_outcome_pack(&result->outcome, out);
}

static char *read_point(struct rit_reader *in)
{
    struct rit_reader peek = *in;
    uint32_t length = rit_read_u32(&peek);
    if (length > MAX_POINT_TEXT || length > peek.size - peek.at)
        in->bad = true;
    char *text = malloc(in->bad ? 1 : length + (size_t)1);
    RIT_CHECK(text != NULL);
    rit_read_text(in, text, in->bad ? 1 : length + (size_t)1);
    return text;
}

static void read_hash(struct rit_reader *in, struct rit_hash *hash)
{
    const void *bytes = rit_read_bytes(in, RIT_HASH_BYTES);
    if (bytes)
        memcpy(hash->byte, bytes, RIT_HASH_BYTES);
}

/* All but the outcome. */
static void read_front(struct rit_reader *in, struct rit_result *result)
{
    memset(result, 0, sizeof *result);
    read_hash(in, &result->identity);
    read_hash(in, &result->trajectory);
    result->point = read_point(in);
    struct rit_provenance *p = &result->provenance;
    rit_read_text(in, p->host, sizeof p->host);
    rit_read_text(in, p->program, sizeof p->program);
    rit_read_text(in, p->kernel, sizeof p->kernel);
    p->seconds = rit_read_f64(in);
    p->trained = rit_read_u64(in);
}

static enum rit_status no_result(struct rit_error *err)
{
    return rit_fail(err, RIT_BAD_INPUT, "these bytes are no result of a point");
}

enum rit_status rit_result_read(struct rit_reader *in, struct rit_result *result, struct rit_error *err)
{
    read_front(in, result);
    enum rit_status status = in->bad ? no_result(err) : rit_outcome_read(in, &result->outcome, err);
    if (status != RIT_OK)
        rit_result_release(result);
    return status;
}

enum rit_status rit_result_glance(struct rit_reader *in, struct rit_stored *stored, struct rit_error *err)
{
    struct rit_result result;
    read_front(in, &result);
    rit_outcome_glance(in, &result.outcome);
    stored->identity = result.identity;
    stored->trajectory = result.trajectory;
    stored->point = rit_hash_of(result.point, strlen(result.point));
    stored->steps = result.outcome.steps;
    stored->tau = result.outcome.tau;
    stored->end = result.outcome.end;
    stored->trained = result.provenance.trained;
    stored->seconds = result.provenance.seconds;
    rit_result_release(&result);
    return in->bad ? no_result(err) : RIT_OK;
}

static struct rit_hash content_of(const struct rit_hash *identity, enum rit_end end, const void *outcome,
                                  size_t size, bool *library)
{
    struct rit_buffer bytes = {0};
    *library = false;
    if (end == RIT_END_FAILED)
        rit_outcome_pack(&(struct rit_outcome){.end = RIT_END_FAILED}, &bytes);
    else
        *library = rit_outcome_content(outcome, size, &bytes);
    struct rit_hash hash = rit_hash_of_two(identity->byte, RIT_HASH_BYTES, bytes.data, bytes.size);
    rit_buffer_release(&bytes);
    return hash;
}

struct rit_hash rit_result_content(const struct rit_result *result)
{
    struct rit_buffer bytes = {0};
    bool library;
    rit_outcome_pack(&result->outcome, &bytes);
    struct rit_hash hash =
        content_of(&result->identity, result->outcome.end, bytes.data, bytes.size, &library);
    rit_buffer_release(&bytes);
    return hash;
}

struct rit_hash rit_result_packed_content(const struct rit_reader *packed, bool *library)
{
    struct rit_reader in = {.data = packed->data, .size = packed->size};
    struct rit_result result;
    read_front(&in, &result);
    const unsigned char *outcome = in.data + in.at;
    size_t size = in.size - in.at;
    rit_outcome_glance(&in, &result.outcome);
    struct rit_hash hash = content_of(&result.identity, result.outcome.end, outcome, size, library);
    rit_result_release(&result);
    return hash;
}
