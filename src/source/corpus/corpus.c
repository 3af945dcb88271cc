/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/source.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* `array`, of `before` rows of this port, with n more behind. */
static void *extend(void *array, struct rit_port port, int before, const void *rows, int n)
{
    size_t bytes = rit_port_bytes(port);
    if (bytes == 0)
        return NULL;
    array = realloc(array, ((size_t)before + (size_t)n + 1) * bytes);
    RIT_CHECK(array);
    memcpy((char *)array + (size_t)before * bytes, rows, (size_t)n * bytes);
    return array;
}

void rit_corpus_append(struct rit_corpus *corpus, const void *rows, const void *labels, int n)
{
    int before = corpus->sequences ? corpus->start[corpus->sequences] : 0;
    RIT_CHECK(n >= 0 && n <= INT_MAX - before);
    corpus->start = realloc(corpus->start, (size_t)(corpus->sequences + 2) * sizeof *corpus->start);
    RIT_CHECK(corpus->start);
    if (corpus->port.kind == RIT_ROW_BITS)
        corpus->bits = extend(corpus->bits, corpus->port, before, rows, n);
    else
        corpus->real = extend(corpus->real, corpus->port, before, rows, n);
    if (corpus->label.kind == RIT_ROW_BITS)
        corpus->label_bits = extend(corpus->label_bits, corpus->label, before, labels, n);
    else
        corpus->label_real = extend(corpus->label_real, corpus->label, before, labels, n);
    corpus->start[corpus->sequences] = before;
    corpus->start[++corpus->sequences] = before + n;
}

enum rit_status rit_corpus_too_few(const struct rit_point *point, const struct rit_corpus *corpus,
                                   const char *path, const char *noun, int need, struct rit_error *err)
{
    return rit_fail(err, RIT_BAD_INPUT, "%s: has %d %ss, but %d are asked for (data.first + data.chorales%s)",
                    path, corpus->sequences, noun, need,
                    rit_point_int(point, "data.test") > 0 ? ", data.test" : "");
}

void rit_corpus_release(struct rit_corpus *corpus)
{
    free(corpus->start);
    free(corpus->bits);
    free(corpus->real);
    free(corpus->label_bits);
    free(corpus->label_real);
    *corpus = (struct rit_corpus){0};
}
