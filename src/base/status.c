/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/status.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*bug_hook)(void);

enum rit_status(rit_fail)(struct rit_error *err, enum rit_status status, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
        err->status = status;
    }
    return status;
}

enum rit_status rit_fail_also(struct rit_error *err, enum rit_status status, const char *format, ...)
{
    if (!err)
        return status;
    size_t used = err->status == RIT_OK ? 0 : strnlen(err->text, sizeof err->text - 1);
    if (used > 0 && used + 1 < sizeof err->text)
        err->text[used++] = '\n';
    va_list args;
    va_start(args, format);
    vsnprintf(err->text + used, sizeof err->text - used, format, args);
    va_end(args);
    if (err->status == RIT_OK)
        err->status = status;
    return err->status;
}

void rit_bug_hook(void (*hook)(void))
{
    bug_hook = hook;
}

void rit_bug(const char *file, int line, const char *condition)
{
    fprintf(stderr, "ritardando: bug at %s:%d: this should hold but does not: %s\n", file, line, condition);
    if (bug_hook)
        bug_hook();
    abort();
}
