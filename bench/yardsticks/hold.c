/*
 * W1, the hold model (Jones 1986): N events are pending, and each that is handled schedules one other after Exp(1) at a
 * process drawn at random. Nothing but the future event list and the draws costs anything.
 *
 * Variants: `calendar` (calendar.h) and `heap` (heap.h). Both order events by time and then by sequence, so that they
 * handle the same events and print the same check. A warm-up of max(2 N, 10^6) events is not timed.
 *
 * Compiled with -DCHECK, delays are rounded down to 1/64, which makes thousands of ties, and the program aborts when an
 * event is popped out of order.
 */
#include "calendar.h"

static const char *USAGE = "hold calendar|heap PENDING EVENTS RUNS";

/* Most of the delays are within it; what it leaves to the far list is handled twice. */
static const double YEAR = 3;

typedef enum { CALENDAR, HEAP } ListKind;

typedef struct {
  Calendar calendar;
  Heap heap;
  Random random;
  uint32_t pending;
  uint32_t sequence;
  double now;
  uint64_t visited; /* The sum of the processes that handled an event. */
  Record last;
} Hold;

INLINE double delay(Random *random) {
#ifdef CHECK
  return floor(64 * exponential(random)) / 64;
#else
  return exponential(random);
#endif
}

INLINE void schedule(ListKind kind, Hold *hold, Random *random) {
  const double time = hold->now + delay(random);
  const Record record = record_of(time, hold->sequence++, (uint32_t)whole_below(random, hold->pending));
  if (kind == CALENDAR) {
    calendar_push(&hold->calendar, record);
  } else {
    heap_push(&hold->heap, record);
  }
}

INLINE Record next(ListKind kind, Hold *hold) {
  return kind == CALENDAR ? calendar_pop(&hold->calendar) : heap_pop(&hold->heap);
}

INLINE void check_order(Hold *hold, Record record) {
#ifdef CHECK
  if (record <= hold->last) abort();
  hold->last = record;
#else
  (void)hold;
  (void)record;
#endif
}

INLINE void handle(ListKind kind, Hold *hold, int64_t events) {
  Random random = hold->random;
  for (int64_t i = 0; i < events; i++) {
    const Record record = next(kind, hold);
    check_order(hold, record);
    hold->now = time_of(record);
    hold->visited += payload_of(record);
    schedule(kind, hold, &random);
  }
  hold->random = random;
}

INLINE void run(ListKind kind, int64_t pending, int64_t events) {
  Hold hold = {.pending = (uint32_t)pending, .sequence = 1, .random = random_from(1)};
  hold.calendar = calendar_open((double)pending, YEAR);
  hold.heap = heap_open((size_t)pending);
  for (int64_t i = 0; i < pending; i++) schedule(kind, &hold, &hold.random);
  handle(kind, &hold, 2 * pending > 1000000 ? 2 * pending : 1000000);
  const double start = seconds_now();
  handle(kind, &hold, events);
  const double seconds = seconds_now() - start;
  char name[64], check[96];
  snprintf(name, sizeof name, "hold %s %" PRId64, kind == CALENDAR ? "calendar" : "heap", pending);
  snprintf(check, sizeof check, "time %.9f, sum of processes %" PRIu64, hold.now, hold.visited);
  print_run(name, events, seconds, check);
  calendar_close(&hold.calendar);
  heap_close(&hold.heap);
}

static __attribute__((noinline)) void run_calendar(int64_t pending, int64_t events) {
  run(CALENDAR, pending, events);
}

static __attribute__((noinline)) void run_heap(int64_t pending, int64_t events) {
  run(HEAP, pending, events);
}

int main(int count, char **arguments) {
  if (count != 5) return refuse(USAGE);
  const int calendar = strcmp(arguments[1], "calendar") == 0;
  if (!calendar && strcmp(arguments[1], "heap") != 0) return refuse(USAGE);
  const int64_t pending = whole_argument(arguments[2], 100000000);
  const int64_t events = whole_argument(arguments[3], 3000000000);
  const int64_t runs = whole_argument(arguments[4], 1000);
  if (pending == 0 || events == 0 || runs == 0) return refuse(USAGE);
  build_ziggurat();
  for (int64_t i = 0; i < runs; i++) (calendar ? run_calendar : run_heap)(pending, events);
  return 0;
}
