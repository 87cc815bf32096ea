/*
 * A future event list for a large pending set: a circular array calendar.
 *
 * Time is cut into days of equal width, and day d has the bucket d mod the number of buckets. A bucket is one cache
 * line with room for four records; its count is kept apart, in one byte, so that a push reads a small array and only
 * writes the large one. With about 1.5 events a day most days fit.
 *
 * - Sixteen days at a time become the current ones: each bucket is sorted by a network of comparisons without branches
 *   and appended to one sorted array, from which events are popped. A push into a current day is inserted there.
 * - A push into a later day waits in the inbox until the current days are used up, while its bucket's cache line is on
 *   its way from memory.
 * - What finds its bucket full goes to the spill heap. The count goes on counting, so that a day knows how many of its
 *   records were spilled.
 * - What is more than a year (once around the array) ahead goes to the far list, which is gone through once a year.
 *
 * Records are compared by time and then by sequence (heap.h), as neither spill nor far list keeps the order of arrival.
 * Day numbers are the whole part of time by days a unit, which never decreases with time; so no record can be on the
 * wrong side of another's day. The width is set from the known rate of events: nothing here tunes itself.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include "heap.h"

#define DAY_ROOM 4
#define CURRENT_DAYS 16
#define INBOX_ROOM 32
#define DAYS_AHEAD 16
#define EVENTS_A_DAY 1.5
#define MOST_COUNTED 255

typedef struct {
  Record *records;
  size_t length, room;
} RecordList;

typedef struct {
  double days_a_unit;
  int64_t first_day; /* The current days are this one and those up to next_day. */
  int64_t next_day;
  int64_t days; /* How many there are in a year; a power of two. */
  Record (*buckets)[DAY_ROOM];
  uint8_t *counts;
  RecordList current; /* Sorted; what comes before `popped` is gone. */
  size_t popped;
  Record inbox[INBOX_ROOM];
  int inbox_length;
  Heap spill;
  RecordList far;
} Calendar;

RARE static void list_grow(RecordList *list, size_t room) {
  Record *larger = allocate(room * sizeof(Record));
  memcpy(larger, list->records, list->length * sizeof(Record));
  free(list->records);
  list->records = larger;
  list->room = room;
}

INLINE void list_append(RecordList *list, Record record) {
  if (UNLIKELY(list->length == list->room)) list_grow(list, 2 * list->room);
  list->records[list->length++] = record;
}

static inline RecordList list_open(size_t room) {
  return (RecordList){allocate(room * sizeof(Record)), 0, room};
}

/* events_a_unit: how many are handled in a unit of time; most delays should be less than `span` units. */
static inline Calendar calendar_open(double events_a_unit, double span) {
  Calendar calendar = {.days_a_unit = events_a_unit / EVENTS_A_DAY, .days = 64};
  while ((double)calendar.days < span * calendar.days_a_unit) calendar.days *= 2;
  const size_t days = (size_t)calendar.days;
  calendar.buckets = allocate(days * sizeof *calendar.buckets);
  calendar.counts = allocate(days);
  memset(calendar.buckets, 0, days * sizeof *calendar.buckets);
  memset(calendar.counts, 0, days);
  calendar.current = list_open(16 * CURRENT_DAYS * DAY_ROOM);
  calendar.spill = heap_open(1024);
  calendar.far = list_open(1024);
  return calendar;
}

static inline void calendar_close(Calendar *calendar) {
  free(calendar->buckets);
  free(calendar->counts);
  free(calendar->current.records);
  free(calendar->far.records);
  heap_close(&calendar->spill);
}

INLINE int64_t calendar_day(const Calendar *calendar, Record record) {
  return (int64_t)(time_of(record) * calendar->days_a_unit);
}

/* Inserts from the end, which is at most a few days away. */
RARE static void calendar_insert_current(Calendar *calendar, Record record) {
  RecordList *current = &calendar->current;
  list_append(current, record);
  size_t i = current->length - 1;
  for (; i > calendar->popped && record < current->records[i - 1]; i--) current->records[i] = current->records[i - 1];
  current->records[i] = record;
}

INLINE void calendar_file(Calendar *calendar, Record record) {
  const int64_t day = calendar_day(calendar, record);
  const size_t bucket = (size_t)(day & (calendar->days - 1));
  if (UNLIKELY(day >= calendar->first_day + calendar->days)) {
    list_append(&calendar->far, record);
    return;
  }
  const unsigned count = calendar->counts[bucket];
  if (UNLIKELY(count >= DAY_ROOM)) {
    heap_push(&calendar->spill, record);
  } else {
    calendar->buckets[bucket][count] = record;
  }
  calendar->counts[bucket] = (uint8_t)(count + (count < MOST_COUNTED));
}

INLINE void calendar_empty_inbox(Calendar *calendar) {
  for (int i = 0; i < calendar->inbox_length; i++) calendar_file(calendar, calendar->inbox[i]);
  calendar->inbox_length = 0;
}

INLINE void calendar_push(Calendar *calendar, Record record) {
  const int64_t day = calendar_day(calendar, record);
  if (UNLIKELY(day < calendar->next_day)) {
    calendar_insert_current(calendar, record);
    return;
  }
  __builtin_prefetch(calendar->buckets[day & (calendar->days - 1)], 1);
  if (UNLIKELY(calendar->inbox_length == INBOX_ROOM)) calendar_empty_inbox(calendar);
  calendar->inbox[calendar->inbox_length++] = record;
}

/* At the beginning of a year: files what the far list has for it. */
RARE static void calendar_begin_year(Calendar *calendar) {
  const int64_t end = calendar->first_day + calendar->days;
  RecordList *far = &calendar->far;
  const size_t length = far->length;
  far->length = 0;
  for (size_t i = 0; i < length; i++) {
    const Record record = far->records[i];
    if (calendar_day(calendar, record) < end) {
      calendar_file(calendar, record);
    } else {
      far->records[far->length++] = record;
    }
  }
}

/* Adds what was spilled of a day that has just been appended. */
RARE static void calendar_collect_spill(Calendar *calendar, int64_t day) {
  Heap *spill = &calendar->spill;
  while (!heap_is_empty(spill) && calendar_day(calendar, heap_first(spill)) == day) {
    calendar_insert_current(calendar, heap_pop(spill));
  }
}

/* A mask that turns a record into one later than every event, or leaves it. */
INLINE Record never_if(int condition) {
  return -(Record)condition;
}

INLINE void order(Record *a, Record *b) {
  const Record low = *a < *b ? *a : *b;
  const Record high = *a < *b ? *b : *a;
  *a = low;
  *b = high;
}

/* Appends a day's records in order. All four places are written, but only the records counted. */
INLINE void calendar_append_day(Calendar *calendar, int64_t day) {
  const size_t bucket = (size_t)(day & (calendar->days - 1));
  const Record *records = calendar->buckets[bucket];
  const unsigned count = calendar->counts[bucket];
  Record a = records[0] | never_if(count <= 0);
  Record b = records[1] | never_if(count <= 1);
  Record c = records[2] | never_if(count <= 2);
  Record d = records[3] | never_if(count <= 3);
  order(&a, &b);
  order(&c, &d);
  order(&a, &c);
  order(&b, &d);
  order(&b, &c);
  RecordList *current = &calendar->current;
  Record *out = current->records + current->length;
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
  current->length += count < DAY_ROOM ? count : DAY_ROOM;
  calendar->counts[bucket] = 0;
  if (UNLIKELY(count > DAY_ROOM)) calendar_collect_spill(calendar, day);
}

/* Goes on to the next days that have events; there must be one. */
static __attribute__((noinline)) void calendar_turn(Calendar *calendar) {
  calendar_empty_inbox(calendar);
  calendar->current.length = calendar->popped = 0;
  do {
    calendar->first_day = calendar->next_day;
    calendar->next_day += CURRENT_DAYS;
    if (UNLIKELY((calendar->first_day & (calendar->days - 1)) == 0)) calendar_begin_year(calendar);
    for (int64_t day = calendar->first_day; day < calendar->next_day; day++) {
      __builtin_prefetch(calendar->buckets[(day + DAYS_AHEAD) & (calendar->days - 1)], 1);
      if (UNLIKELY(calendar->current.length + DAY_ROOM > calendar->current.room)) {
        list_grow(&calendar->current, 2 * calendar->current.room);
      }
      calendar_append_day(calendar, day);
    }
  } while (calendar->current.length == 0);
}

/* The earliest record, which stays. */
INLINE Record calendar_first(Calendar *calendar) {
  if (UNLIKELY(calendar->popped == calendar->current.length)) calendar_turn(calendar);
  return calendar->current.records[calendar->popped];
}

INLINE Record calendar_pop(Calendar *calendar) {
  const Record first = calendar_first(calendar);
  calendar->popped++;
  return first;
}

/*
 * After a pop: a record that may be popped about `ahead` pops later, for fetching what its event will need. As the
 * current days are sorted beforehand, this costs next to nothing.
 */
INLINE Record calendar_glimpse(const Calendar *calendar, size_t ahead) {
  const size_t last = calendar->current.length - 1;
  const size_t place = calendar->popped + ahead;
  return calendar->current.records[place < last ? place : last];
}

#endif
