/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/fetch/fetch.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/pack.h"
#include "source/chorale/fetch/download.h"
#include "source/chorale/place/place.h"
#include "source/rolls/rolls.h"

#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST = 16 << 20 }; /* bytes; the file has 0.4 million */

#define REPOSITORY "https://raw.githubusercontent.com/czhuang/JSB-Chorales-dataset/master/"

const struct rit_data_set rit_data_sets[] = {
    {"chorales", "Bach's 382 chorales in quarter notes, for the source chorales", "jsb-chorales-quarter.json",
     "2db9329f1881a1d3f49703ec556bf1d6f84b4f6c1d702c156536e93cf31e1c91"},
    {"chorales-8th", "the same in eighths, for the source piano-rolls", "jsb-chorales-8th.json", NULL},
    {"chorales-16th", "in sixteenths, for the source piano-rolls", "jsb-chorales-16th.json", NULL},
    {"chorales-16th-separated", "in sixteenths, a list of four voices, for the source piano-rolls",
     "Jsb16thSeparated.json", NULL},
    {0}};

const struct rit_data_set *rit_data_set_find(const char *name)
{
    for (const struct rit_data_set *set = rit_data_sets; set->name; set++)
        if (strcmp(set->name, name) == 0)
            return set;
    return NULL;
}

static enum rit_status download(const struct rit_data_set *set, const char *url, struct rit_buffer *body,
                                struct rit_error *err)
{
    char why[RIT_ERROR_TEXT];
    enum rit_status status = rit_download(url, LARGEST, body, err);
    if (status != RIT_IO)
        return status;
    memcpy(why, err->text, sizeof why);
    return rit_fail(err, RIT_IO, "%.3800s; any copy%s%s will do: --from file:///PATH", why,
                    set->sha256 ? " with SHA-256 " : "", set->sha256 ? set->sha256 : "");
}

static enum rit_status verify(const struct rit_data_set *set, const char *url, const struct rit_buffer *body,
                              char sum[RIT_SUM_HEX], struct rit_error *err)
{
    struct rit_hash hash = rit_hash_of(body->data, body->size);
    rit_hash_hex(&hash, RIT_SUM_HEX - 1, sum);
    if (set->sha256 && strcmp(sum, set->sha256) != 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: is not the chorale file: its SHA-256 is %s, but should be %s", url, sum,
                        set->sha256);
    struct rit_roll_form form = {.window = {-1, 0}, .free = true, .piece = "piece", .row = "row"};
    struct rit_corpus corpus = {0};
    if (!set->sha256)
        RIT_TRY(rit_rolls_parse(url, body->data, body->size, form, &corpus, err));
    rit_corpus_release(&corpus);
    return RIT_OK;
}

/* The sum of a file that cannot be verified, for whoever wants to compare. */
static enum rit_status place_sum(const struct rit_data_set *set, const char *path, const char *sum,
                                 struct rit_error *err)
{
    char beside[PATH_MAX], line[RIT_SUM_HEX + NAME_MAX + 4];
    const char *slash = strrchr(path, '/');
    if (set->sha256)
        return RIT_OK;
    RIT_TRY(rit_file_path(beside, err, "%s.sha256", path));
    int n = snprintf(line, sizeof line, "%s  %s\n", sum, slash ? slash + 1 : path);
    return rit_file_replace(beside, line, (size_t)n, err);
}

static enum rit_status place(const char *path, const struct rit_buffer *body, struct rit_error *err)
{
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return rit_fail(err, RIT_IO, "%s: the path is too long", path);
    RIT_TRY(rit_file_make_folder(dirname(copy), err));
    return rit_file_replace(path, body->data, body->size, err);
}

enum rit_status rit_fetch_data(const struct rit_data_set *set, const char *url, const char *path,
                               char sum[RIT_SUM_HEX], struct rit_error *err)
{
    char home[PATH_MAX], origin[256];
    if (!path) {
        rit_place_of(set->file, home, sizeof home);
        path = home;
    }
    if (!path[0])
        return rit_fail(err, RIT_USAGE,
                        "neither XDG_DATA_HOME nor HOME says where the file should go; name it");
    snprintf(origin, sizeof origin, "%s%s", REPOSITORY, set->file);
    if (!url)
        url = origin;
    struct rit_buffer body = {0};
    enum rit_status status = download(set, url, &body, err);
    if (status == RIT_OK)
        status = verify(set, url, &body, sum, err);
    if (status == RIT_OK)
        status = place(path, &body, err);
    if (status == RIT_OK)
        status = place_sum(set, path, sum, err);
    rit_buffer_release(&body);
    return status;
}
