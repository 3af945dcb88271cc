/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Run by the build: `manual FOLDER` writes the manual pages and completions into FOLDER. Not installed. */
#include "cli/manual/manual.h"

#include "base/file.h"

#include <ritardando/status.h>

#include <stdlib.h>

static FILE *begin(const char *folder, const char *name, const char *ending)
{
    char path[RIT_PATH];
    struct rit_error err = {0};
    FILE *out =
        rit_file_path(path, &err, "%s/%s%s", folder, name, ending) == RIT_OK ? fopen(path, "w") : NULL;
    if (!out) {
        perror(path);
        exit(RIT_IO);
    }
    return out;
}

static void end(FILE *out)
{
    if (ferror(out) | fclose(out)) {
        perror("manual");
        exit(RIT_IO);
    }
}

static void write_one(const char *folder, const char *name, void (*print)(FILE *out))
{
    FILE *out = begin(folder, name, "");
    print(out);
    end(out);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return RIT_USAGE;
    for (int i = 0; rit_commands[i]; i++) {
        char name[64];
        snprintf(name, sizeof name, "ritardando-%s", rit_commands[i]->name);
        FILE *out = begin(argv[1], name, ".1");
        rit_manual_command(rit_commands[i], out);
        end(out);
    }
    write_one(argv[1], "ritardando.1", rit_manual_program);
    write_one(argv[1], "ritardando.bash", rit_manual_bash);
    write_one(argv[1], "_ritardando", rit_manual_zsh);
    write_one(argv[1], "ritardando.fish", rit_manual_fish);
    return RIT_OK;
}
