/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/usage/usage.h"

#include "base/pack.h"
#include "config/config.h"

#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_describe = {
    .name = "describe",
    .usage = "[--schema]",
    .summary = "print every key of a config with its default, or the JSON Schema for editors",
    .run = run,
};

static int run(int argc, char **argv)
{
    (void)argv;
    bool schema = argc == 2; /* the only thing that may be there */
    struct rit_buffer text = {.data = NULL};
    if (schema)
        rit_describe_schema(&text);
    else
        rit_describe_yaml(&text);
    fwrite(text.data, 1, text.size, stdout);
    rit_buffer_release(&text);
    return RIT_OK;
}
