/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What came out of a sweep, in a line or two, and its exit code. */
#ifndef RITARDANDO_SWEEP_SUMMARY_H
#define RITARDANDO_SWEEP_SUMMARY_H

#include "sweep/conductor.h"

/** Say it, and decide the status of the conductor. */
void rit_summary(struct rit_conductor *c);

#endif
