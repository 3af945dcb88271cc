/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/usage/grammar.h"

#include "base/nearest.h"

#include <ritardando/status.h>

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void copy(char to[RIT_GRAMMAR_WORD], const char *from, size_t length)
{
    RIT_CHECK(length < RIT_GRAMMAR_WORD);
    memcpy(to, from, length);
    to[length] = 0;
}

/* A new word of the line: an option, or an argument, which "..." repeats. */
static struct rit_grammar_word *add(struct rit_grammar *grammar, const char *text, size_t length,
                                    int brackets)
{
    RIT_CHECK(grammar->n < RIT_GRAMMAR_WORDS);
    struct rit_grammar_word *word = &grammar->word[grammar->n++];
    *word = (struct rit_grammar_word){.option = text[0] == '-', .needed = brackets == 0, .choice = brackets};
    word->repeated = length > 3 && strncmp(text + length - 3, "...", 3) == 0;
    copy(word->name, text, word->repeated ? length - 3 : length);
    return word;
}

void rit_grammar_read(const char *usage, struct rit_grammar *grammar)
{
    struct rit_grammar_word *word = NULL;
    bool wants_value = false;
    int brackets = 0, pairs = 0;
    grammar->n = 0;
    for (const char *c = usage; *c;) {
        size_t length = strcspn(c, " []");
        if (*c == '[')
            brackets = ++pairs;
        else if (*c == ']')
            brackets = 0;
        if (length == 0) {
            wants_value = wants_value && *c == ' ';
            c++;
            continue;
        }
        if (strncmp(c, "|", length) == 0)
            wants_value = false;
        else if (strncmp(c, "...", length) == 0 && word)
            word->repeated = true;
        else if (wants_value && *c != '-') {
            copy(word->value, c, length);
            wants_value = false;
        } else {
            word = add(grammar, c, length, brackets);
            wants_value = word->option;
        }
        c += length;
    }
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != 0;
}

/* The option that begins with these letters, if only one does; one of exactly these letters is meant in any
 * case. */
static struct rit_grammar_word *find(struct rit_grammar *grammar, const char *text, size_t length)
{
    struct rit_grammar_word *found = NULL;
    int n = 0;
    for (int i = 0; i < grammar->n; i++) {
        struct rit_grammar_word *word = &grammar->word[i];
        if (!word->option || strncmp(word->name, text, length) != 0)
            continue;
        if (word->name[length] == 0)
            return word;
        found = word;
        n++;
    }
    return n == 1 && length > 2 ? found : NULL;
}

/* The option an argument means. *value is what is written in the same word, NULL if nothing is. */
static struct rit_grammar_word *meant(struct rit_grammar *grammar, char *argument, char **value)
{
    *value = NULL;
    if (argument[1] != '-') {
        *value = argument[2] ? argument + 2 : NULL;
        return find(grammar, argument, 2);
    }
    size_t length = strcspn(argument, "=");
    if (argument[length])
        *value = argument + length + 1;
    struct rit_grammar_word *word = find(grammar, argument, length);
    return word || strncmp(argument, "--output", length) != 0 || length < 4 ? word : find(grammar, "-o", 2);
}

/* "--" is needed where a name behind it begins with a dash. */
static int copy_rest(int argc, char **argv, char **out)
{
    bool needed = false;
    for (int i = 1; i < argc; i++)
        needed = needed || is_option(argv[i]);
    int n = argc - !needed;
    memcpy(out, argv + !needed, (size_t)n * sizeof *out);
    return n;
}

int rit_grammar_spell_out(struct rit_grammar *grammar, int argc, char **argv, char **out)
{
    int n = 0;
    for (int i = 0; i < argc; i++) {
        char *value = NULL;
        if (i > 0 && strcmp(argv[i], "--") == 0) {
            n += copy_rest(argc - i, argv + i, out + n);
            break;
        }
        struct rit_grammar_word *word = i > 0 && is_option(argv[i]) ? meant(grammar, argv[i], &value) : NULL;
        if (!word || (value && !word->value[0])) {
            out[n++] = argv[i];
            continue;
        }
        out[n++] = word->name;
        if (value)
            out[n++] = value;
        else if (word->value[0] && i + 1 < argc)
            out[n++] = argv[++i];
    }
    out[n] = NULL;
    return n;
}

static bool say(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool say(char *text, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(text, size, format, list);
    va_end(list);
    return true;
}

static bool no_such_option(const struct rit_grammar *grammar, const char *argument, char *text, size_t size)
{
    const char *known[RIT_GRAMMAR_WORDS];
    int n = 0;
    for (int i = 0; i < grammar->n; i++)
        if (grammar->word[i].option)
            known[n++] = grammar->word[i].name;
    const char *nearest = rit_nearest(argument, known, n);
    return say(text, size, "there is no option '%s'%s%s%s", argument, nearest ? " (did you mean '" : "",
               nearest ? nearest : "", nearest ? "'?)" : "");
}

/* The argument that the next word without a dash is; NULL if there are enough. */
static const struct rit_grammar_word *expected(const struct rit_grammar *grammar, const int *given)
{
    for (int i = 0; i < grammar->n; i++)
        if (!grammar->word[i].option && (given[i] == 0 || grammar->word[i].repeated))
            return &grammar->word[i];
    return NULL;
}

/* A word in small letters stands for itself: "p-spin". */
static bool fits(const struct rit_grammar_word *word, const char *argument)
{
    if (islower((unsigned char)word->name[0]))
        return strcmp(word->name, argument) == 0;
    return strcmp(word->name, "KEY=VALUE") != 0 || strchr(argument, '=');
}

/* What one argument is counted as; a name, whatever it begins with. Returns how many were used up, 0 with a
 * complaint. */
static int take(const struct rit_grammar *grammar, char **argv, bool name, int *given, char *text,
                size_t size)
{
    const struct rit_grammar_word *word = NULL;
    if (is_option(argv[0]) && !name) {
        for (int i = 0; i < grammar->n && !word; i++)
            if (strcmp(grammar->word[i].name, argv[0]) == 0)
                word = &grammar->word[i];
        if (!word)
            return !no_such_option(grammar, argv[0], text, size);
        if (word->value[0] && !argv[1])
            return !say(text, size, "%s: its %s is missing", word->name, word->value);
    } else {
        word = expected(grammar, given);
        if (!word)
            return !say(text, size, "'%s' is one argument too many", argv[0]);
        if (!fits(word, argv[0]))
            return !say(text, size, "'%s' stands where %s is expected", argv[0], word->name);
    }
    if (given[word - grammar->word]++ && word->option)
        return !say(text, size, "%s is there twice", word->name);
    return word->option && word->value[0] ? 2 : 1;
}

/* "FILE and -o RUN are missing". */
static bool missing(const struct rit_grammar *grammar, const int *given, char *text, size_t size)
{
    int n = 0, left = 0;
    for (int i = 0; i < grammar->n; i++)
        left += grammar->word[i].needed && given[i] == 0;
    size_t used = 0;
    text[0] = 0;
    for (int i = 0; i < grammar->n && used < size; i++) {
        const struct rit_grammar_word *word = &grammar->word[i];
        if (!word->needed || given[i] > 0)
            continue;
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s",
                                 n == 0          ? ""
                                 : n == left - 1 ? " and "
                                                 : ", ",
                                 word->name, word->value[0] ? " " : "", word->value);
        n++;
    }
    if (n > 0 && used < size)
        snprintf(text + used, size - used, " %s missing", n == 1 ? "is" : "are");
    return n > 0;
}

static bool exclude(const struct rit_grammar *grammar, const int *given, char *text, size_t size)
{
    for (int i = 0; i < grammar->n; i++)
        for (int j = i + 1; j < grammar->n; j++)
            if (given[i] && given[j] && grammar->word[i].choice &&
                grammar->word[i].choice == grammar->word[j].choice)
                return say(text, size, "%s and %s: take one of them", grammar->word[i].name,
                           grammar->word[j].name);
    return false;
}

bool rit_grammar_complain(const struct rit_grammar *grammar, int argc, char **argv, char *text, size_t size)
{
    int given[RIT_GRAMMAR_WORDS] = {0};
    text[0] = 0;
    bool names = false; /* from "--" on */
    for (int i = 1, used; i < argc; i += used) {
        used = 1;
        if (!names && strcmp(argv[i], "--") == 0)
            names = true;
        else
            used = take(grammar, argv + i, names, given, text, size);
        if (used == 0)
            return true;
    }
    return missing(grammar, given, text, size) || exclude(grammar, given, text, size);
}
