/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual/manual.h"

#include "base/version.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

const char rit_manual_purpose[] = "maps where deep recurrent networks can learn, and how learning slows down";

const struct rit_exit_code rit_exit_codes[] = {
    {0, "complete"},   {1, "some points failed"},      {64, "wrong usage"},
    {65, "bad input"}, {74, "input or output failed"}, {75, "stopped cleanly: the same command continues"},
    {0, NULL},
};

/* Text as roff takes it: dashes that can be copied, and nothing at the start of a line that is a request. */
static void put(const char *text, size_t length, FILE *out)
{
    if (length > 0 && (text[0] == '.' || text[0] == '\''))
        fputs("\\&", out);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '-')
            fputs("\\-", out);
        else if (text[i] == '\\')
            fputs("\\e", out);
        else
            putc(text[i], out);
}

static void put_line(const char *text, FILE *out)
{
    put(text, strlen(text), out);
    putc('\n', out);
}

static void put_head(const char *name, const char *purpose, FILE *out)
{
    fputs(".\\\" Made by the build from the table of commands.\n.TH ", out);
    for (const char *c = name; *c; c++)
        if (*c == '-')
            fputs("\\-", out);
        else
            putc(toupper((unsigned char)*c), out);
    fprintf(out, " 1 \"\" \"Ritardando %.*s\" \"Ritardando\"\n.SH NAME\n", (int)strcspn(rit_version(), " "),
            rit_version());
    put(name, strlen(name), out);
    fputs(" \\- ", out);
    put_line(purpose, out);
}

static void put_exit_codes(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (const struct rit_exit_code *exit = rit_exit_codes; exit->meaning; exit++) {
        fprintf(out, ".TP\n.B %d\n", exit->code);
        put_line(exit->meaning, out);
    }
}

/* The lines of --help: two spaces begin an entry whose text stands behind two more, or in the next lines; a
 * line from the margin is prose. */
static void put_options(const char *options, FILE *out)
{
    bool prose = false; /* the line before */
    for (const char *line = options; *line;) {
        size_t length = strcspn(line, "\n"), margin = strspn(line, " ");
        const char *text = line + margin, *end = line + length;
        line = end + (*end == '\n');
        if (margin == 2) {
            const char *gap = strstr(text, "  ");
            size_t term = gap && gap < end ? (size_t)(gap - text) : (size_t)(end - text);
            fputs(".TP\n.B ", out);
            put(text, term, out);
            putc('\n', out);
            text += term;
            text += strspn(text, " ");
        } else if (length == 0 || (margin == 0 && !prose))
            fputs(".PP\n", out);
        prose = margin == 0 && length > 0;
        if (text < end) {
            put(text, (size_t)(end - text), out);
            putc('\n', out);
        }
    }
}

void rit_manual_command(const struct rit_command *command, FILE *out)
{
    char name[64];
    snprintf(name, sizeof name, "ritardando-%s", command->name);
    put_head(name, command->summary, out);
    fputs(".SH SYNOPSIS\n.B ritardando ", out);
    put_line(command->name, out);
    if (command->usage[0])
        put_line(command->usage, out);
    fputs(".SH DESCRIPTION\n", out);
    putc(toupper((unsigned char)command->summary[0]), out);
    put(command->summary + 1, strlen(command->summary + 1), out);
    fputs(".\n", out);
    if (command->options)
        put_options(command->options, out);
    put_exit_codes(out);
    fputs(".SH SEE ALSO\n.BR ritardando (1)\n", out);
}

void rit_manual_program(FILE *out)
{
    put_head("ritardando", rit_manual_purpose, out);
    fputs(".SH SYNOPSIS\n.B ritardando\n.I COMMAND\n\\&...\n.SH COMMANDS\n", out);
    for (int i = 0; rit_commands[i]; i++) {
        fputs(".TP\n.BR ritardando\\-", out);
        put(rit_commands[i]->name, strlen(rit_commands[i]->name), out);
        fputs(" (1)\n", out);
        put_line(rit_commands[i]->summary, out);
    }
    put_exit_codes(out);
    fputs(".SH ENVIRONMENT\n.TP\n.B RITARDANDO_DATA\nthe file of chorales, where no config names one\n", out);
}
