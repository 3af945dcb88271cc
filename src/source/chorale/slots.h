/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A row of a chorale: a chord as a bit mask. Bit i says that slot i sounds. */
#ifndef RITARDANDO_CHORALE_SLOTS_H
#define RITARDANDO_CHORALE_SLOTS_H

#include <ritardando/rows.h>

enum {
    RIT_SLOTS = 54,      /* visible units N_v */
    RIT_LOWEST_NOTE = 43 /* MIDI number of slot 0; slot i is note 43 + i, up to 96 */
};

#define RIT_CHORD_PORT ((struct rit_port){RIT_ROW_BITS, RIT_SLOTS})

#endif
