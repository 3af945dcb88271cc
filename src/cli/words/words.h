/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Numbers on a command line. */
#ifndef RITARDANDO_CLI_WORDS_H
#define RITARDANDO_CLI_WORDS_H

#include <ritardando/status.h>

/** The value of an option, within low .. high. RIT_USAGE, saying what it may be, for anything else. */
enum rit_status rit_words_number(const char *option, const char *text, double low, double high, double *x,
                                 struct rit_error *err);
/** The same of a whole number. */
enum rit_status rit_words_whole(const char *option, const char *text, long low, long high, long *i,
                                struct rit_error *err);
/** The same of at most `most` numbers with commas between them. */
enum rit_status rit_words_numbers(const char *option, const char *text, double low, double high, int most,
                                  double *x, int *n, struct rit_error *err);

#endif
