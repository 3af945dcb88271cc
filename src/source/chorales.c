/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chorales of J. S. Bach in the quarter-note quantisation of Boulanger-Lewandowski, Bengio and Vincent
 * (ICML 2012), from a file in the format of source/chorale/json/chorales.h.
 */
#include <ritardando/source.h>

#include "base/file.h"
#include "base/pack.h"
#include "source/chorale/json/chorales.h"
#include "source/chorale/place/place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { LARGEST_FILE = 16 << 20 }; /* bytes; the file of all 382 chorales has 0.4 million */

/* data.file, else RITARDANDO_DATA, else where fetch-data puts it. */
static const char *find(const struct rit_point *point, char *home, size_t size)
{
    const char *named = rit_point_text(point, "data.file");
    const char *environment = getenv("RITARDANDO_DATA");
    if (named[0])
        return named;
    if (environment && environment[0])
        return environment;
    rit_place_of_chorales(home, size);
    return home;
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    *corpus = (struct rit_corpus){0};
    char home[PATH_MAX];
    const char *path = find(point, home, sizeof home);
    struct stat about;
    if (!path[0] || (stat(path, &about) != 0 && (errno == ENOENT || errno == ENOTDIR)))
        return rit_fail(
            err, RIT_IO,
            "%s: there is no chorale file here; name it in data.file (seen from the config file's "
            "folder) or in the environment variable RITARDANDO_DATA, run 'ritardando fetch-data', or use "
            "data.source: composer",
            path[0] ? path : "(no home folder)");
    struct rit_buffer text = {0};
    enum rit_status status = rit_file_read(path, LARGEST_FILE, &text, err);
    if (status == RIT_OK)
        status = rit_chorales_parse(path, text.data, text.size, corpus, err);
    rit_buffer_release(&text);
    if (status == RIT_OK && corpus->sequences < need)
        status = rit_corpus_too_few(point, corpus, path, "chorale", need, err);
    if (status != RIT_OK)
        rit_corpus_release(corpus);
    return status;
}

static const struct rit_param params[] = {
    {.key = "data.file",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "the chorales as JSON, seen from the folder of the config file; empty: environment variable "
                "RITARDANDO_DATA, then where "
                "'ritardando fetch-data' puts it",
     .not_identity = true,
     .is_path = true},
};

const struct rit_source rit_source_chorales = {
    .member = {.name = "chorales",
               .meaning = "Bach's chorales in quarter notes, read from a JSON file",
               RIT_PARAMS(params)},
    .noun = "chorale",
    .load = load,
};
