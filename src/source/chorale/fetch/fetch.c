/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/fetch/fetch.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/pack.h"
#include "source/chorale/place/place.h"

#include <curl/curl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    LARGEST = 16 << 20, /* bytes; the file has 0.4 million */
    CONNECT_SECONDS = 20,
    TOTAL_SECONDS = 300,
    STALLED_SECONDS = 30, /* below STALLED_RATE for so long is no download any more */
    STALLED_RATE = 100    /* bytes per second */
};

/* curl's callback; returning less than it was given ends the transfer. */
static size_t receive(char *data, size_t size, size_t n, void *context)
{
    struct rit_buffer *body = context;
    if (size * n > LARGEST - body->size)
        return 0;
    rit_pack_bytes(body, data, size * n);
    return size * n;
}

static enum rit_status download(const char *url, struct rit_buffer *body, struct rit_error *err)
{
    char reason[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    RIT_CHECK(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http,file");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TOTAL_SECONDS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)STALLED_SECONDS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)STALLED_RATE);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "ritardando");
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    if (code == CURLE_WRITE_ERROR)
        return rit_fail(err, RIT_BAD_INPUT, "%s: larger than the chorale file can be", url);
    if (code != CURLE_OK)
        return rit_fail(err, RIT_IO,
                        "%s: cannot fetch it: %s; any copy with SHA-256 %s will do: "
                        "--from file:///PATH",
                        url, reason[0] ? reason : curl_easy_strerror(code), RIT_CHORALES_SHA256);
    return RIT_OK;
}

static enum rit_status verify(const char *url, const struct rit_buffer *body, struct rit_error *err)
{
    char hex[RIT_HASH_HEX];
    struct rit_hash hash = rit_hash_of(body->data, body->size);
    rit_hash_hex(&hash, RIT_HASH_HEX - 1, hex);
    if (strcmp(hex, RIT_CHORALES_SHA256) != 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: is not the chorale file: its SHA-256 is %s, but should be %s", url, hex,
                        RIT_CHORALES_SHA256);
    return RIT_OK;
}

static enum rit_status place(const char *path, const struct rit_buffer *body, struct rit_error *err)
{
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return rit_fail(err, RIT_IO, "%s: the path is too long", path);
    RIT_TRY(rit_file_make_folder(dirname(copy), err));
    return rit_file_replace(path, body->data, body->size, err);
}

enum rit_status rit_fetch_data(const char *url, const char *path, struct rit_error *err)
{
    char home[PATH_MAX];
    if (!path) {
        rit_place_of_chorales(home, sizeof home);
        path = home;
    }
    if (!path[0])
        return rit_fail(err, RIT_USAGE,
                        "neither XDG_DATA_HOME nor HOME says where the file should go; name it");
    if (!url)
        url = RIT_CHORALES_URL;
    struct rit_buffer body = {0};
    enum rit_status status = download(url, &body, err);
    if (status == RIT_OK)
        status = verify(url, &body, err);
    if (status == RIT_OK)
        status = place(path, &body, err);
    rit_buffer_release(&body);
    return status;
}
