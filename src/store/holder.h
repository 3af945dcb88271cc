/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Claims as files, RUN/claims/EPOCH: who holds a run folder, or held it. */
#ifndef RITARDANDO_STORE_HOLDER_H
#define RITARDANDO_STORE_HOLDER_H

#include <ritardando/status.h>

#include <stdbool.h>

enum { RIT_TOKEN = 33 }; /* 32 hexadecimal digits and a closing zero */

/** Who made a claim, as written in its file. */
struct rit_holder {
    char host[64];
    long pid;
    char since[32];
    char token[RIT_TOKEN];
    int workers; /* that train for it; 0: not known */
};

enum { RIT_HOLDER_NAME = 32 };

/** "claims/EPOCH" into name[RIT_HOLDER_NAME]. */
void rit_holder_name(int epoch, char *name);

/** Read a claim below the open folder `at`; `run` names that in messages. *there is false, with RIT_OK, if
 * nobody has made it. */
enum rit_status rit_holder_read(int at, const char *run, int epoch, struct rit_holder *holder, bool *there,
                                struct rit_error *err);

/** RIT_STOPPED, naming the holder. */
enum rit_status rit_holder_holds(const struct rit_holder *who, const char *run, int epoch,
                                 struct rit_error *err);
/** The same of the holder that stands in this claim. */
enum rit_status rit_holder_refuse(int at, const char *run, int epoch, struct rit_error *err);

#endif
