/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The numbers 0..n-1, some of them waiting in a binary heap: the smallest key comes first, and among equal
 * keys the smallest number, or rank if there are ranks. Every operation is O(log n), and any number can be
 * taken out of the middle.
 */
#ifndef RITARDANDO_SWEEP_HEAP_H
#define RITARDANDO_SWEEP_HEAP_H

#include <stdbool.h>

struct rit_heap {
    int count;
    int *item;   /* [n] the heap itself; owned */
    int *place;  /* [n] where each number stands in it, or -1; owned */
    double *key; /* [n] owned */
    int *rank;   /* [n] all different; NULL: the numbers themselves; owned */
};

void rit_heap_init(struct rit_heap *heap, int n);
/** Numbers up to n - 1, more than before; what waits goes on waiting, and new numbers rank behind the old. */
void rit_heap_grow(struct rit_heap *heap, int old, int n);
void rit_heap_release(struct rit_heap *heap);
/** Rank the n numbers of an empty heap among equal keys. */
void rit_heap_rank(struct rit_heap *heap, const int *rank, int n);

/** Put a number in, or move it to its new key. */
void rit_heap_put(struct rit_heap *heap, int number, double key);
/** Take a number out; nothing happens if it is not in. */
void rit_heap_remove(struct rit_heap *heap, int number);
bool rit_heap_has(const struct rit_heap *heap, int number);
/** The first number, or -1. */
int rit_heap_first(const struct rit_heap *heap);

#endif
