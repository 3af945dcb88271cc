/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/heap.h"

#include <ritardando/status.h>

#include <stdlib.h>

void rit_heap_init(struct rit_heap *heap, int n)
{
    size_t room = (size_t)n + 1; /* malloc(0) may be NULL */
    heap->count = 0;
    heap->rank = NULL;
    heap->item = malloc(room * sizeof *heap->item);
    heap->place = malloc(room * sizeof *heap->place);
    heap->key = malloc(room * sizeof *heap->key);
    RIT_CHECK(heap->item && heap->place && heap->key);
    for (int i = 0; i < n; i++)
        heap->place[i] = -1;
}

void rit_heap_grow(struct rit_heap *heap, int old, int n)
{
    size_t room = (size_t)n + 1;
    heap->item = realloc(heap->item, room * sizeof *heap->item);
    heap->place = realloc(heap->place, room * sizeof *heap->place);
    heap->key = realloc(heap->key, room * sizeof *heap->key);
    if (heap->rank)
        heap->rank = realloc(heap->rank, room * sizeof *heap->rank);
    RIT_CHECK(heap->item && heap->place && heap->key);
    for (int i = old; i < n; i++) {
        heap->place[i] = -1;
        if (heap->rank)
            heap->rank[i] = i;
    }
}

void rit_heap_release(struct rit_heap *heap)
{
    free(heap->item);
    free(heap->place);
    free(heap->key);
    free(heap->rank);
    *heap = (struct rit_heap){0};
}

void rit_heap_rank(struct rit_heap *heap, const int *rank, int n)
{
    RIT_CHECK(heap->count == 0 && !heap->rank);
    heap->rank = malloc(((size_t)n + 1) * sizeof *heap->rank);
    RIT_CHECK(heap->rank);
    for (int i = 0; i < n; i++)
        heap->rank[i] = rank[i];
}

static bool before(const struct rit_heap *heap, int a, int b)
{
    if (heap->key[a] != heap->key[b])
        return heap->key[a] < heap->key[b];
    return heap->rank ? heap->rank[a] < heap->rank[b] : a < b;
}

static void set(struct rit_heap *heap, int place, int number)
{
    heap->item[place] = number;
    heap->place[number] = place;
}

static void rise(struct rit_heap *heap, int number)
{
    int at = heap->place[number];
    while (at > 0 && before(heap, number, heap->item[(at - 1) / 2])) {
        set(heap, at, heap->item[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    set(heap, at, number);
}

static void sink(struct rit_heap *heap, int number)
{
    int at = heap->place[number];
    for (;;) {
        int child = 2 * at + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && before(heap, heap->item[child + 1], heap->item[child]))
            child++;
        if (!before(heap, heap->item[child], number))
            break;
        set(heap, at, heap->item[child]);
        at = child;
    }
    set(heap, at, number);
}

void rit_heap_put(struct rit_heap *heap, int number, double key)
{
    RIT_CHECK(key == key); /* a NaN has no order */
    heap->key[number] = key;
    if (heap->place[number] < 0)
        set(heap, heap->count++, number);
    rise(heap, number);
    sink(heap, number);
}

void rit_heap_remove(struct rit_heap *heap, int number)
{
    int at = heap->place[number];
    if (at < 0)
        return;
    heap->place[number] = -1;
    int last = heap->item[--heap->count];
    if (last == number)
        return;
    set(heap, at, last);
    rise(heap, last);
    sink(heap, last);
}

bool rit_heap_has(const struct rit_heap *heap, int number)
{
    return heap->place[number] >= 0;
}

int rit_heap_first(const struct rit_heap *heap)
{
    return heap->count > 0 ? heap->item[0] : -1;
}
