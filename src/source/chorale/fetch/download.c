/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/fetch/download.h"

#include <curl/curl.h>

enum {
    CONNECT_SECONDS = 20,
    TOTAL_SECONDS = 300,
    STALLED_SECONDS = 30, /* below STALLED_RATE for so long is no download any more */
    STALLED_RATE = 100    /* bytes per second */
};

struct receiver {
    struct rit_buffer *body;
    size_t largest;
};

/* curl's callback; returning less than it was given ends the transfer. */
static size_t receive(char *data, size_t size, size_t n, void *context)
{
    struct receiver *to = context;
    if (size * n > to->largest - to->body->size)
        return 0;
    rit_pack_bytes(to->body, data, size * n);
    return size * n;
}

static void allow_protocols(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http,file");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https,http");
#else /* Rocky 9, Ubuntu 22.04 */
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTPS | CURLPROTO_HTTP | CURLPROTO_FILE));
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTPS | CURLPROTO_HTTP));
#endif
}

enum rit_status rit_download(const char *url, size_t largest, struct rit_buffer *body, struct rit_error *err)
{
    char reason[CURL_ERROR_SIZE] = "";
    struct receiver to = {.body = body, .largest = largest};
    CURL *curl = curl_easy_init();
    RIT_CHECK(curl);
    allow_protocols(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
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
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &to);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    if (code == CURLE_WRITE_ERROR)
        return rit_fail(err, RIT_BAD_INPUT, "%s: larger than the chorale file can be", url);
    if (code != CURLE_OK)
        return rit_fail(err, RIT_IO, "%s: cannot fetch it: %s", url,
                        reason[0] ? reason : curl_easy_strerror(code));
    return RIT_OK;
}
