/*
 * W2, one queue M/M/1: customers arrive at a rate of 0.9 and are served first come, first served, at a rate of 1.0. An
 * arrival and a departure are an event each, and a run ends with the last customer's departure. The check is the mean
 * time in system, which is near 10.
 *
 * Variants:
 * - `generic`: what any model could be run by: a binary heap of events, each with a time, a sequence number and a
 *   function to call; ties go by sequence. With two events pending a wider heap would have nothing to gain.
 * - `scalar`: the times of the next arrival and of the next departure in two variables, compared directly.
 *
 * Both draw in the same order, so that they print the same check.
 */
#include "yardstick.h"

static const char *USAGE = "mm1 generic|scalar CUSTOMERS RUNS";
static const double MEAN_GAP = 1 / 0.9;
static const double MEAN_SERVICE = 1 / 1.0;

/* Who is in the system, by arrival time. At a load of 0.9 there are ever as many with probability 0.9^4096. */
#define LINE_ROOM 4096

typedef struct {
  double arrived[LINE_ROOM];
  uint32_t first, end;
} Line;

INLINE void line_join(Line *line, double now) {
  if (UNLIKELY(line->end - line->first == LINE_ROOM)) abort();
  line->arrived[line->end++ % LINE_ROOM] = now;
}

INLINE double line_leave(Line *line) {
  return line->arrived[line->first++ % LINE_ROOM];
}

INLINE uint32_t line_length(const Line *line) {
  return line->end - line->first;
}

typedef struct Queue Queue;
typedef void Handler(Queue *queue);

typedef struct {
  double time;
  uint64_t sequence;
  Handler *handle;
} Event;

#define MOST_EVENTS 1024

typedef struct {
  Event events[MOST_EVENTS + 1]; /* The first is at 1; the children of i are at 2 i and 2 i + 1. */
  size_t length;
  uint64_t sequence;
} EventHeap;

struct Queue {
  Random random;
  double now;
  int64_t to_arrive;
  double time_in_system; /* Of all customers together. */
  Line line;
  EventHeap pending;
};

INLINE int comes_before(const Event *a, const Event *b) {
  return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

INLINE void schedule(Queue *queue, double delay, Handler *handle) {
  EventHeap *heap = &queue->pending;
  if (UNLIKELY(heap->length == MOST_EVENTS)) abort();
  const Event event = {queue->now + delay, heap->sequence++, handle};
  size_t i = ++heap->length;
  for (; i > 1 && comes_before(&event, &heap->events[i / 2]); i /= 2) heap->events[i] = heap->events[i / 2];
  heap->events[i] = event;
}

INLINE Event take_next(EventHeap *heap) {
  const Event top = heap->events[1];
  const Event last = heap->events[heap->length--];
  size_t i = 1;
  for (size_t child = 2; child <= heap->length; child = 2 * i) {
    if (child < heap->length && comes_before(&heap->events[child + 1], &heap->events[child])) child++;
    if (!comes_before(&heap->events[child], &last)) break;
    heap->events[i] = heap->events[child];
    i = child;
  }
  heap->events[i] = last;
  return top;
}

static void depart(Queue *queue) {
  queue->time_in_system += queue->now - line_leave(&queue->line);
  if (line_length(&queue->line) > 0) schedule(queue, MEAN_SERVICE * exponential(&queue->random), depart);
}

static void arrive(Queue *queue) {
  line_join(&queue->line, queue->now);
  if (--queue->to_arrive > 0) schedule(queue, MEAN_GAP * exponential(&queue->random), arrive);
  if (line_length(&queue->line) == 1) schedule(queue, MEAN_SERVICE * exponential(&queue->random), depart);
}

static __attribute__((noinline)) int64_t run_generic(Queue *queue) {
  int64_t events = 0;
  schedule(queue, MEAN_GAP * exponential(&queue->random), arrive);
  for (; queue->pending.length > 0; events++) {
    const Event event = take_next(&queue->pending);
    queue->now = event.time;
    event.handle(queue);
  }
  return events;
}

static __attribute__((noinline)) int64_t run_scalar(Queue *queue) {
  Random random = queue->random;
  Line *line = &queue->line;
  int64_t to_arrive = queue->to_arrive;
  int64_t events = 0;
  double time_in_system = 0;
  double arrival = MEAN_GAP * exponential(&random);
  double departure = INFINITY;
  for (; arrival < INFINITY || departure < INFINITY; events++) {
    if (arrival < departure) {
      const double now = arrival;
      line_join(line, now);
      arrival = --to_arrive > 0 ? now + MEAN_GAP * exponential(&random) : INFINITY;
      if (line_length(line) == 1) departure = now + MEAN_SERVICE * exponential(&random);
    } else {
      const double now = departure;
      time_in_system += now - line_leave(line);
      departure = line_length(line) > 0 ? now + MEAN_SERVICE * exponential(&random) : INFINITY;
    }
  }
  queue->time_in_system = time_in_system;
  return events;
}

static void run(int generic, int64_t customers) {
  static Queue queue;
  queue = (Queue){.random = random_from(1), .to_arrive = customers};
  const double start = seconds_now();
  const int64_t events = generic ? run_generic(&queue) : run_scalar(&queue);
  const double seconds = seconds_now() - start;
  char check[64];
  snprintf(check, sizeof check, "mean time in system %.6f", queue.time_in_system / (double)customers);
  print_run(generic ? "mm1 generic" : "mm1 scalar", events, seconds, check);
}

int main(int count, char **arguments) {
  if (count != 4) return refuse(USAGE);
  const int generic = strcmp(arguments[1], "generic") == 0;
  if (!generic && strcmp(arguments[1], "scalar") != 0) return refuse(USAGE);
  const int64_t customers = whole_argument(arguments[2], 1000000000000);
  const int64_t runs = whole_argument(arguments[3], 1000);
  if (customers == 0 || runs == 0) return refuse(USAGE);
  build_ziggurat();
  for (int64_t i = 0; i < runs; i++) run(generic, customers);
  return 0;
}
