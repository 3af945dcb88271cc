/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep(struct rit_complaints *c, int line, int column, const char *format, va_list args)
{
    if (c->count < RIT_MAX_COMPLAINTS) {
        struct rit_complaint *new = &c->kept[c->count];
        new->from = c->from;
        new->line = line;
        new->column = column;
        vsnprintf(new->text, sizeof new->text, format, args);
    }
    c->count++;
}

void rit_complain(struct rit_complaints *c, yaml_mark_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    keep(c, (int)at.line + 1, (int)at.column + 1, format, args);
    va_end(args);
}

void rit_complain_of_all(struct rit_complaints *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    keep(c, 0, 0, format, args);
    va_end(args);
}

static int by_place(const void *a, const void *b)
{
    const struct rit_complaint *x = a, *y = b;
    if (x->from.order != y->from.order)
        return x->from.order < y->from.order ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return strcmp(x->text, y->text);
}

enum rit_status rit_complaints_end(struct rit_complaints *c, struct rit_error *err)
{
    if (c->count == 0)
        return RIT_OK;
    int kept = c->count < RIT_MAX_COMPLAINTS ? c->count : RIT_MAX_COMPLAINTS;
    qsort(c->kept, (size_t)kept, sizeof c->kept[0], by_place);
    struct rit_error all = {.status = RIT_OK};
    int told = 0;
    for (; told < kept; told++) {
        const struct rit_complaint *one = &c->kept[told];
        /* Only whole lines, and room for the last one that counts the rest. */
        if (strlen(all.text) + strlen(one->from.name) + strlen(one->text) + 100 > sizeof all.text)
            break;
        if (one->line == 0)
            rit_fail_also(&all, RIT_BAD_INPUT, "%s: %s", one->from.name, one->text);
        else
            rit_fail_also(&all, RIT_BAD_INPUT, "%s:%d:%d: %s", one->from.name, one->line, one->column,
                          one->text);
    }
    if (told < c->count)
        rit_fail_also(&all, RIT_BAD_INPUT, "%.200s: and %d more", c->kept[0].from.name, c->count - told);
    if (err)
        *err = all;
    return RIT_BAD_INPUT;
}
