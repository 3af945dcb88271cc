/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What is wrong with a config file, gathered while it is read and handed over sorted by place. */
#ifndef RITARDANDO_CONFIG_COMPLAINTS_H
#define RITARDANDO_CONFIG_COMPLAINTS_H

#include <ritardando/status.h>

#include <yaml.h>

enum { RIT_MAX_COMPLAINTS = 32, RIT_COMPLAINT_TEXT = 400 };

struct rit_complaints {
    const char *file; /* its name in messages; borrowed */
    int count;        /* all of them, kept or not */
    struct rit_complaint {
        int line, column; /* from 1; line 0: the file as a whole */
        char text[RIT_COMPLAINT_TEXT];
    } kept[RIT_MAX_COMPLAINTS];
};

void rit_complain(struct rit_complaints *c, yaml_mark_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/** About the file as a whole. */
void rit_complain_of_all(struct rit_complaints *c, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));

/** RIT_OK without a complaint; else RIT_BAD_INPUT and one line each, "file:line:column: sentence". */
enum rit_status rit_complaints_end(struct rit_complaints *c, struct rit_error *err);

#endif
