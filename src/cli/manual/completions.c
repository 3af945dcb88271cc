/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual/manual.h"

#include <string.h>

/* The options of a command, as its usage and the entries of its help name them, one after the other. */
struct options {
    char text[32][32];
    int n;
};

static void add(struct options *options, const char *word, size_t length)
{
    if (length >= sizeof options->text[0] || options->n == 32)
        return;
    for (int i = 0; i < options->n; i++)
        if (strlen(options->text[i]) == length && strncmp(options->text[i], word, length) == 0)
            return;
    memcpy(options->text[options->n], word, length);
    options->text[options->n++][length] = 0;
}

/* Words of a text that begin with a dash; a dash between spaces is none. */
static void add_from(struct options *options, const char *text, size_t length)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    for (size_t i = 0; i < length; i++)
        if (text[i] == '-' && (i == 0 || strchr(" [|,", text[i - 1]))) {
            size_t word = strspn(text + i, letters);
            if (word > 1)
                add(options, text + i, word);
            i += word - 1;
        }
}

static struct options options_of(const struct rit_command *command)
{
    struct options options = {.n = 0};
    add_from(&options, command->usage, strlen(command->usage));
    for (const char *line = command->options; line && *line;) {
        size_t length = strcspn(line, "\n");
        const char *gap = length > 2 ? strstr(line + 2, "  ") : NULL;
        if (strncmp(line, "  -", 3) == 0)
            add_from(&options, line, gap && gap < line + length ? (size_t)(gap - line) : length);
        line += length + (line[length] == '\n');
    }
    add(&options, "--help", 6);
    return options;
}

static void put_options(const struct options *options, FILE *out)
{
    for (int i = 0; i < options->n; i++)
        fprintf(out, "%s%s", i ? " " : "", options->text[i]);
}

/* Text within single quotes; `before` is put before each of `marks`. */
static void put_quoted(const char *text, const char *marks, FILE *out)
{
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fprintf(out, "%s%c", strchr(marks, *text) ? "\\" : "", *text);
}

void rit_manual_bash(FILE *out)
{
    fputs("# Made by the build from the table of commands.\n"
          "_ritardando() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} words=''\n"
          "    COMPREPLY=()\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        words='help --version",
          out);
    for (int i = 0; rit_commands[i]; i++)
        fprintf(out, " %s", rit_commands[i]->name);
    fputs("'\n    elif [[ $word == -* ]]; then\n        case ${COMP_WORDS[1]} in\n", out);
    for (int i = 0; rit_commands[i]; i++) {
        struct options options = options_of(rit_commands[i]);
        fprintf(out, "        %s) words='", rit_commands[i]->name);
        put_options(&options, out);
        fputs("' ;;\n", out);
    }
    fputs("        esac\n    fi\n"
          "    while IFS='' read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen -W \"$words\" -- "
          "\"$word\")\n"
          "}\n"
          "complete -o bashdefault -o default -F _ritardando ritardando\n",
          out);
}

void rit_manual_zsh(FILE *out)
{
    fputs("#compdef ritardando\n"
          "# Made by the build from the table of commands.\n"
          "local -a commands=(\n",
          out);
    for (int i = 0; rit_commands[i]; i++) {
        fprintf(out, "    '%s:", rit_commands[i]->name);
        put_quoted(rit_commands[i]->summary, ":", out);
        fputs("'\n", out);
    }
    fputs("    'help:how a command is used'\n)\n"
          "if ((CURRENT == 2)); then\n    _describe command commands\n    return\nfi\n"
          "if [[ $PREFIX == -* ]]; then\n    case $words[2] in\n",
          out);
    for (int i = 0; rit_commands[i]; i++) {
        struct options options = options_of(rit_commands[i]);
        fprintf(out, "    %s) compadd -- ", rit_commands[i]->name);
        put_options(&options, out);
        fputs(" ;;\n", out);
    }
    fputs("    esac\n    return\nfi\n_files\n", out);
}

void rit_manual_fish(FILE *out)
{
    fputs("# Made by the build from the table of commands.\n"
          "complete -c ritardando -n __fish_use_subcommand -f -a help -d 'how a command is used'\n",
          out);
    for (int i = 0; rit_commands[i]; i++) {
        struct options options = options_of(rit_commands[i]);
        const char *name = rit_commands[i]->name;
        fprintf(out, "complete -c ritardando -n __fish_use_subcommand -f -a %s -d '", name);
        for (const char *c = rit_commands[i]->summary; *c; c++)
            fprintf(out, "%s%c", strchr("\\'", *c) ? "\\" : "", *c);
        fputs("'\n", out);
        for (int o = 0; o < options.n; o++) {
            const char *text = options.text[o];
            fprintf(out, "complete -c ritardando -n '__fish_seen_subcommand_from %s' -%c %s\n", name,
                    text[1] == '-' ? 'l' : 's', text + (text[1] == '-' ? 2 : 1));
        }
    }
}
