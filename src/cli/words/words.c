/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/words/words.h"

#include <ritardando/point.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One number at *text, which moves on to what follows it. */
static enum rit_status read(const char *option, const char **text, double low, double high, const char *ends,
                            double *x, struct rit_error *err)
{
    char *end, least[32], most[32];
    *x = strtod(*text, &end);
    if (end != *text && strchr(ends, *end) && *x >= low && *x <= high) {
        *text = end;
        return RIT_OK;
    }
    rit_bound_print(low, least, sizeof least);
    rit_bound_print(high, most, sizeof most);
    return rit_fail(err, RIT_USAGE, "%s: '%s' is not a number within %s .. %s", option, *text, least, most);
}

enum rit_status rit_words_number(const char *option, const char *text, double low, double high, double *x,
                                 struct rit_error *err)
{
    return read(option, &text, low, high, "", x, err);
}

enum rit_status rit_words_whole(const char *option, const char *text, long low, long high, long *i,
                                struct rit_error *err)
{
    double x;
    RIT_TRY(rit_words_number(option, text, (double)low, (double)high, &x, err));
    if (x != rint(x))
        return rit_fail(err, RIT_USAGE, "%s: '%s' is not a whole number", option, text);
    *i = (long)x;
    return RIT_OK;
}

enum rit_status rit_words_numbers(const char *option, const char *text, double low, double high, int most,
                                  double *x, int *n, struct rit_error *err)
{
    for (*n = 0;; text++) {
        if (*n == most)
            return rit_fail(err, RIT_USAGE, "%s: at most %d numbers", option, most);
        RIT_TRY(read(option, &text, low, high, ",", &x[(*n)++], err));
        if (*text == 0)
            return RIT_OK;
    }
}
