/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Training a stored result again and comparing bits: behind `replay` and `verify`. */
#ifndef RITARDANDO_CLI_AGAIN_H
#define RITARDANDO_CLI_AGAIN_H

#include <ritardando/status.h>

#include "config/config.h"
#include "store/results.h"

enum rit_verdict {
    RIT_SAME,      /* bit for bit */
    RIT_DIFFERENT, /* same point, other bits: silent corruption, or a bug */
    RIT_FOREIGN,   /* this program and this data make another point of the same parameters */
};

/**
 * Trains the point of `stored` from its own parameters and compares contents. What decides no bits, where the
 * data lie, is that of `config`. `what` gets a few words on the first difference. RIT_STOPPED when the
 * process is asked to stop; otherwise failures of loading its data.
 */
enum rit_status rit_train_again(const struct rit_result *stored, const struct rit_config *config,
                                enum rit_verdict *verdict, char *what, size_t what_size,
                                struct rit_error *err);

#endif
