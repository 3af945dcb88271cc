/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The usage line of a command, read as the grammar of its arguments: "FILE -o RUN [--share I/N] [KEY=VALUE
 * ...]". */
#ifndef RITARDANDO_CLI_GRAMMAR_H
#define RITARDANDO_CLI_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

enum { RIT_GRAMMAR_WORDS = 24, RIT_GRAMMAR_WORD = 32 };

struct rit_grammar {
    int n;
    struct rit_grammar_word {
        char name[RIT_GRAMMAR_WORD];  /* "RUN"; of an option with its dashes */
        char value[RIT_GRAMMAR_WORD]; /* what an option takes, "I/N"; empty for none */
        bool option, needed, repeated;
        int choice; /* the brackets it is in, of whose words one is meant; 0: none */
    } word[RIT_GRAMMAR_WORDS];
};

/** Read a usage line. A usage line that is none is a bug of ours. */
void rit_grammar_read(const char *usage, struct rit_grammar *grammar);

/**
 * Copy argv[0..argc-1] to `out`, which has room for 2 argc + 1 and is ended by NULL, with options as the
 * usage line spells them and their values behind them: --sha=1/2 becomes --share 1/2, -oRUN and --output RUN
 * become -o RUN. What is not understood stays as it is. Returns how many there are; the strings belong to
 * argv or to the grammar.
 */
int rit_grammar_spell_out(struct rit_grammar *grammar, int argc, char **argv, char **out);

/** What is wrong with arguments that were spelled out, as one sentence; false, and an empty text, if nothing
 * is. */
bool rit_grammar_complain(const struct rit_grammar *grammar, int argc, char **argv, char *text, size_t size);

#endif
