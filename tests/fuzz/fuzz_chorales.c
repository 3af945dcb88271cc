/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a chorale file: refused with a place and a complaint, or chorales that survive printing. */
#include <ritardando/status.h>

#include "base/pack.h"
#include "source/chorale/json/chorales.h"
#include "source/chorale/slots.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All chorales as the split train. */
static void print(const struct rit_corpus *corpus, struct rit_buffer *out)
{
    rit_buffer_printf(out, "{\"valid\": [], \"test\": [], \"train\": [");
    for (int c = 0; c < corpus->sequences; c++) {
        rit_buffer_printf(out, "%s[", c ? ", " : "");
        for (int t = corpus->start[c]; t < corpus->start[c + 1]; t++) {
            rit_buffer_printf(out, "%s[", t > corpus->start[c] ? ", " : "");
            for (uint64_t chord = corpus->bits[t]; chord; chord &= chord - 1)
                rit_buffer_printf(out, "%d%s", RIT_LOWEST_NOTE + __builtin_ctzll(chord),
                                  chord & (chord - 1) ? ", " : "");
            rit_buffer_printf(out, "]");
        }
        rit_buffer_printf(out, "]");
    }
    rit_buffer_printf(out, "]}\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rit_corpus corpus, again;
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = rit_chorales_parse("fuzz.json", data, size, &corpus, &err);
    RIT_CHECK(err.status == status);
    if (status != RIT_OK) {
        RIT_CHECK(status == RIT_BAD_INPUT);
        RIT_CHECK(strncmp(err.text, "fuzz.json:", 10) == 0);
        RIT_CHECK(corpus.sequences == 0 && !corpus.bits);
        return 0;
    }
    struct rit_buffer printed = {.data = NULL};
    print(&corpus, &printed);
    RIT_CHECK(rit_chorales_parse("again.json", printed.data, printed.size, &again, &err) == RIT_OK);
    RIT_CHECK(again.sequences == corpus.sequences);
    for (int c = 0; c < corpus.sequences; c++) {
        RIT_CHECK(again.start[c + 1] == corpus.start[c + 1] && corpus.start[c + 1] - corpus.start[c] >= 2);
        for (int t = corpus.start[c]; t < corpus.start[c + 1]; t++)
            RIT_CHECK(again.bits[t] == corpus.bits[t] && corpus.bits[t] >> RIT_SLOTS == 0);
    }
    rit_buffer_release(&printed);
    rit_corpus_release(&corpus);
    rit_corpus_release(&again);
    return 0;
}
