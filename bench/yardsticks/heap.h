/*
 * Event records, and a 4-ary heap of them.
 *
 * A record is one 128-bit integer: the bits of the time above, then the sequence number, then the payload. Times are
 * not negative, and the bits of such doubles are ordered as the doubles are, so that one integer comparison (two
 * instructions, no branch) orders records by time and then by sequence.
 *
 * The heap keeps the four children of a node on one cache line: the root has index 3, and the children of i are
 * 4 (i - 2) and the three that follow, so that every family begins at a multiple of four.
 *
 * A pop leaves a hole at the root, because most events schedule another: the next push fills it in one pass from the
 * root down. Only when a pop follows a pop is the last record moved there.
 */
#ifndef HEAP_H
#define HEAP_H

#include "yardstick.h"

typedef unsigned __int128 Record;

/* Later than every event. */
#define NEVER (~(Record)0)

INLINE Record record_of(double time, uint32_t sequence, uint32_t payload) {
  uint64_t bits;
  memcpy(&bits, &time, sizeof bits);
  return (Record)bits << 64 | (uint64_t)sequence << 32 | payload;
}

INLINE double time_of(Record record) {
  const uint64_t bits = (uint64_t)(record >> 64);
  double time;
  memcpy(&time, &bits, sizeof time);
  return time;
}

INLINE uint32_t payload_of(Record record) {
  return (uint32_t)record;
}

#define ROOT 3

typedef struct {
  Record *records;
  size_t end; /* One past the last record. */
  size_t room;
  int hole; /* Whether the root has been popped and nothing put in its place yet. */
} Heap;

static inline Heap heap_open(size_t most) {
  const size_t room = most + 2 * ROOT;
  return (Heap){allocate(room * sizeof(Record)), ROOT, room, 0};
}

static inline void heap_close(Heap *heap) {
  free(heap->records);
}

RARE static void heap_grow(Heap *heap) {
  Record *larger = allocate(2 * heap->room * sizeof(Record));
  memcpy(larger, heap->records, heap->end * sizeof(Record));
  free(heap->records);
  heap->records = larger;
  heap->room *= 2;
}

INLINE size_t heap_parent(size_t i) {
  return i / 4 + 2;
}

INLINE size_t heap_first_child(size_t i) {
  return 4 * (i - 2);
}

/* Puts a record at the hole i, or nearer to the root if it is earlier than what is above. */
INLINE void heap_rise(Record *records, size_t i, Record record) {
  while (i > ROOT) {
    const size_t parent = heap_parent(i);
    if (records[parent] <= record) break;
    records[i] = records[parent];
    i = parent;
  }
  records[i] = record;
}

typedef struct {
  Record record;
  size_t place;
} Placed;

/* Selects by a mask, as a branch here would be mispredicted every other time. */
INLINE Placed earlier(Placed a, Placed b) {
  const uint64_t second = -(uint64_t)(b.record < a.record);
  const Record wide = (Record)second << 64 | second;
  return (Placed){a.record ^ ((a.record ^ b.record) & wide), a.place ^ ((a.place ^ b.place) & second)};
}

INLINE Placed placed(const Record *records, size_t i) {
  return (Placed){records[i], i};
}

/*
 * Fills the hole at the root. It sinks to a leaf along the earliest children, and the record rises from there: most
 * records belong near the bottom, so that this saves a comparison with the record at every level.
 */
INLINE void heap_fill_root(Heap *heap, Record record) {
  Record *const records = heap->records;
  const size_t end = heap->end;
  size_t hole = ROOT;
  size_t child = heap_first_child(hole);
  while (child + 4 <= end) {
    const Placed low = earlier(placed(records, child), placed(records, child + 1));
    const Placed high = earlier(placed(records, child + 2), placed(records, child + 3));
    const Placed best = earlier(low, high);
    records[hole] = best.record;
    hole = best.place;
    child = heap_first_child(hole);
  }
  if (child < end) {
    Placed best = placed(records, child);
    while (++child < end) best = earlier(best, placed(records, child));
    records[hole] = best.record;
    hole = best.place;
  }
  heap_rise(records, hole, record);
  heap->hole = 0;
}

INLINE void heap_push(Heap *heap, Record record) {
  if (heap->hole) {
    heap_fill_root(heap, record);
    return;
  }
  if (UNLIKELY(heap->end == heap->room)) heap_grow(heap);
  heap_rise(heap->records, heap->end++, record);
}

/* Makes sure that there is no hole. */
INLINE void heap_settle(Heap *heap) {
  if (!heap->hole) return;
  heap->end--;
  if (heap->end == ROOT) {
    heap->hole = 0;
  } else {
    heap_fill_root(heap, heap->records[heap->end]);
  }
}

INLINE int heap_is_empty(const Heap *heap) {
  return heap->end == ROOT + (size_t)heap->hole;
}

/* The earliest record, which stays; the heap must not be empty. */
INLINE Record heap_first(Heap *heap) {
  heap_settle(heap);
  return heap->records[ROOT];
}

INLINE Record heap_pop(Heap *heap) {
  const Record first = heap_first(heap);
  heap->hole = 1;
  return first;
}

#endif
