/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/manual/manual.h"
#include "cli/usage/grammar.h"
#include "cli/usage/usage.h"

#include "base/nearest.h"
#include "base/process.h"
#include "base/terminal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct rit_command *find(const char *name)
{
    for (int i = 0; rit_commands[i]; i++)
        if (strcmp(rit_commands[i]->name, name) == 0)
            return rit_commands[i];
    return NULL;
}

/* Words behind `indent` characters of a line; on a terminal, further lines begin where they do. */
static void print_words(const char *words, int indent, FILE *out)
{
    int line = rit_terminal_columns(fileno(out), INT_MAX), used = indent;
    for (const char *word = words; *word;) {
        int length = (int)strcspn(word, " ");
        if (word != words && used + 1 + length > line) {
            fprintf(out, "\n%*s", indent, "");
            used = indent;
        } else if (word != words)
            used += fprintf(out, " ");
        used += fprintf(out, "%.*s", length, word);
        word += length + (word[length] == ' ');
    }
    fprintf(out, "\n");
}

static void print_overview(FILE *out)
{
    fprintf(out, "Ritardando %s.\n\nusage: ritardando COMMAND ...\n\n", rit_manual_purpose);
    for (int i = 0; rit_commands[i]; i++)
        print_words(rit_commands[i]->summary, fprintf(out, "  %-16s ", rit_commands[i]->name), out);
    fprintf(out, "  %-16s %s\n  %-16s %s\n", "help [COMMAND]", "this overview, or how one command is used",
            "--version, -V", "the same as 'version'");
    fprintf(out, "\nExit codes:");
    for (const struct rit_exit_code *exit = rit_exit_codes; exit->meaning; exit++)
        fprintf(out, "%s%d %s%s", exit->code == 75 ? "\n" : " ", exit->code, exit->meaning,
                exit[1].meaning ? "," : ".\n");
}

static int print_help(const struct rit_command *command)
{
    print_words(command->usage, printf("usage: ritardando %s ", command->name), stdout);
    printf("\n");
    print_words(command->summary, 0, stdout);
    if (command->options)
        printf("\n%s", command->options);
    return RIT_OK;
}

static int unknown(const char *name)
{
    enum { MOST = 64 };
    const char *known[MOST];
    int n = 0;
    while (n < MOST && rit_commands[n]) {
        known[n] = rit_commands[n]->name;
        n++;
    }
    const char *meant = rit_nearest(name, known, n);
    fprintf(stderr, "ritardando: there is no command '%s'%s%s%s; 'ritardando help' lists them\n", name,
            meant ? " (did you mean '" : "", meant ? meant : "", meant ? "'?)" : "");
    return RIT_USAGE;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* Whether help is asked for, in whatever place: "sweep FILE --help". */
static bool asks_for_help(int n, char **argument)
{
    for (int i = 0; i < n && strcmp(argument[i], "--") != 0; i++)
        if (is_one_of(argument[i], "--help", "-h"))
            return true;
    return false;
}

/* What every command needs of its arguments is checked here, by its usage line. */
static int obey(const struct rit_command *command, int argc, char **argv)
{
    struct rit_grammar grammar;
    char wrong[1024];
    char **spelled = calloc(2 * (size_t)argc + 1, sizeof *spelled);
    RIT_CHECK(spelled);
    rit_grammar_read(command->usage, &grammar);
    argc = rit_grammar_spell_out(&grammar, argc, argv, spelled);
    int code = RIT_USAGE;
    if (rit_grammar_complain(&grammar, argc, spelled, wrong, sizeof wrong))
        fprintf(stderr, "ritardando: %s: %s\nusage: ritardando %s %s\n", command->name, wrong, command->name,
                command->usage);
    else
        code = command->run(argc, spelled);
    free(spelled);
    return code;
}

static int carry_out(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return RIT_USAGE;
    }
    const char *name = is_one_of(argv[1], "--version", "-V") ? "version" : argv[1];
    bool help = strcmp(name, "help") == 0 || is_one_of(name, "--help", "-h");
    if (help && (argc == 2 || is_one_of(argv[2], "help", name) || is_one_of(argv[2], "--help", "-h"))) {
        print_overview(stdout);
        return RIT_OK;
    }
    if (help)
        name = argv[2];
    const struct rit_command *command = find(name);
    if (!command)
        return unknown(name);
    if (help || asks_for_help(argc - 2, argv + 2))
        return print_help(command);
    return obey(command, argc - 1, argv + 1);
}

/* A reader that wants no more, as `head`, has lost nothing. */
static bool reader_has_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* The one place that sees whether everything that commands printed has arrived. Lost words turn whatever they
 * were about into RIT_IO; a complaint stays what it is. */
static int deliver(int code)
{
    errno = 0;
    bool lost = fflush(stdout) != 0 || ferror(stdout);
    if (!lost || reader_has_left() || (code != RIT_OK && code != RIT_SOME_FAILED && code != RIT_STOPPED))
        return code;
    struct rit_error err;
    rit_fail(&err, RIT_IO, "cannot write to standard output%s%s: what was printed is lost", errno ? ": " : "",
             errno ? strerror(errno) : "");
    return rit_command_fail(&err);
}

int main(int argc, char **argv)
{
    rit_process_begin();
    return deliver(carry_out(argc, argv));
}
