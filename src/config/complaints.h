/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What is wrong with a config file and its overrides, gathered while it is read and handed over sorted by
 * place. */
#ifndef RITARDANDO_CONFIG_COMPLAINTS_H
#define RITARDANDO_CONFIG_COMPLAINTS_H

#include <ritardando/status.h>

#include <yaml.h>

enum { RIT_MAX_COMPLAINTS = 32, RIT_COMPLAINT_TEXT = 400 };

/** What is being read: the file, or an override that stands for a place in it. */
struct rit_origin {
    const char *name; /* in messages; borrowed */
    int order;        /* 0: the file; 1, 2, ...: overrides as they are given */
};

struct rit_complaints {
    struct rit_origin from; /* of what is complained of next */
    int count;              /* all of them, kept or not */
    struct rit_complaint {
        struct rit_origin from;
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
