/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * HDF5 serves one thread at a time: a dataset may be in the making in one while another reads a table. Every
 * function that calls it begins with RIT_HDF5_TURN, and has its turn until it returns. Turns may be nested.
 */
#ifndef RITARDANDO_BASE_TURN_H
#define RITARDANDO_BASE_TURN_H

struct rit_turn {
    int nothing;
};

struct rit_turn rit_turn_begin(void);
void rit_turn_end(struct rit_turn *turn);

#define RIT_HDF5_TURN                                                                                        \
    __attribute__((cleanup(rit_turn_end))) struct rit_turn turn = rit_turn_begin();                          \
    (void)turn

#endif
