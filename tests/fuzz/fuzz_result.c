/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a journal, and as a record whose checksum was right: refused, or a result that packs into the
 * same bytes. */
#include "store/frame.h"
#include "store/results.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_record(struct rit_reader record)
{
    struct rit_result result;
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = rit_result_read(&record, &result, &err);
    RIT_CHECK(err.status == status);
    if (status != RIT_OK) {
        RIT_CHECK(status == RIT_BAD_INPUT);
        return;
    }
    struct rit_buffer again = {0};
    rit_result_pack(&result, &again);
    RIT_CHECK(again.size == record.at && memcmp(again.data, record.data, again.size) == 0);
    rit_buffer_release(&again);
    rit_result_release(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rit_reader file = {.data = data, .size = size}, payload;
    while (rit_frame_next(&file, &payload) == RIT_FRAME_GOOD)
        try_record(payload);
    RIT_CHECK(file.at <= size);
    try_record((struct rit_reader){.data = data, .size = size});
    return 0;
}
