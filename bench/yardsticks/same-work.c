/*
 * The workloads of bench/workloads.ts under our own rules: the same draws, the same events in the same order, and the
 * same digest, which is printed as the check. What this program needs is the limit for ours; the other yardsticks are
 * free to draw and to order as they like.
 *
 * - `guard-fleet`: 64 servers side by side, each from the beginning of a window to its end; without windows, one is the
 *   whole horizon. With windows all servers stop at the end of each.
 * - `mm1`: one queue.
 * - `hold`: the calendar of the free yardstick. As many events again come first and are not timed.
 */
#include "calendar.h"
#include "streams.h"

static const char *USAGE =
    "same-work guard-fleet SERVERS HORIZON_SECONDS RUNS\n"
    "       same-work guard-fleet-windows SERVERS HORIZON_SECONDS RUNS\n"
    "       same-work mm1 HORIZON_SECONDS RUNS\n"
    "       same-work hold PENDING EVENTS RUNS";

static const double SECOND_US = 1e6;

/*
 * The events of one subject, latest first behind a sentinel that is never due. A key is the time, and below it seven
 * bits of kind, so that one comparison orders both; equal keys leave in the order in which they came.
 */
#define LANE_ROOM 16

typedef struct {
  int64_t keys[LANE_ROOM];
  int32_t top;
} Lane;

INLINE void lane_clear(Lane *lane) {
  lane->keys[0] = INT64_MAX;
  lane->top = 0;
}

INLINE void lane_push(Lane *lane, int64_t now, double delay, int kind) {
  const int64_t span = (int64_t)delay;
  if (UNLIKELY(span < 0 || (double)span != delay || lane->top == LANE_ROOM - 1)) abort();
  const int64_t key = (now + span) << 7 | kind;
  int32_t at = lane->top++;
  for (; lane->keys[at] <= key; at--) lane->keys[at + 1] = lane->keys[at];
  lane->keys[at + 1] = key;
}

/* W3. What is in memory are the servers of a slice. */
enum { CLEAR, ALTER, CLOSE, SUBMIT };

typedef struct {
  Lane lane;
  Digest digest;
  int32_t present;
  double guard_until, jobs, leaked_handles, leaked_bytes;
} Server;

typedef struct {
  Stream gaps, services, alterations, guards;
  Server *servers;
} Slice;

INLINE void serve(Slice *slice, int32_t at, int64_t now) {
  Lane *lane = &slice->servers[at].lane;
  const double service = stream_draw(&slice->services, at);
  const double u = stream_draw(&slice->alterations, at);
  if (u < 0.2) lane_push(lane, now, floor(u / 0.2 * service), ALTER);
  lane_push(lane, now, service, CLOSE);
}

INLINE void handle(Slice *slice, int32_t at, int64_t now, int kind) {
  Server *server = &slice->servers[at];
  switch (kind) {
    case SUBMIT:
      lane_push(&server->lane, now, stream_draw(&slice->gaps, at), SUBMIT);
      server->jobs++;
      if (++server->present == 1) serve(slice, at, now);
      break;
    case ALTER: {
      const double stay = stream_draw(&slice->guards, at);
      server->guard_until = (double)now + stay;
      lane_push(&server->lane, now, stay, CLEAR);
      break;
    }
    case CLOSE:
      if (server->guard_until > (double)now) {
        server->leaked_handles++;
        server->leaked_bytes += 4096;
      }
      if (--server->present > 0) serve(slice, at, now);
      break;
  }
}

static __attribute__((noinline)) void run_window(Slice *slice, int32_t count, int64_t until) {
  for (int32_t at = 0; at < count; at++) {
    Server *server = &slice->servers[at];
    for (;;) {
      const int64_t key = server->lane.keys[server->lane.top];
      if (key >= until << 7) break;
      server->lane.top--;
      const int64_t now = key >> 7;
      const int kind = (int)(key & 127);
      digest_add(&server->digest, now, kind);
      handle(slice, at, now, kind);
    }
  }
}

static void begin_slice(Slice *slice, int64_t first, int32_t count) {
  Stream *const streams[] = {&slice->gaps, &slice->services, &slice->alterations, &slice->guards};
  for (int32_t at = 0; at < count; at++) {
    Server *server = &slice->servers[at];
    *server = (Server){.digest = digest_of((uint32_t)(first + at))};
    for (int i = 0; i < 4; i++) stream_seed(streams[i], at, first + at);
    lane_clear(&server->lane);
    lane_push(&server->lane, 0, stream_draw(&slice->gaps, at), SUBMIT);
  }
}

static void guard_fleet(const char *name, int64_t servers, int64_t room, int64_t horizon, int64_t window) {
  const double start = seconds_now();
  Slice slice = {stream_open("gaps", 60e6, room), stream_open("services", 20e6, room),
                 stream_open("alterations", 0, room), stream_open("guards", 0.5e6, room),
                 allocate((size_t)room * sizeof(Server))};
  Total total = {0};
  for (int64_t first = 0; first < servers; first += room) {
    const int32_t count = (int32_t)(servers - first < room ? servers - first : room);
    begin_slice(&slice, first, count);
    for (int64_t until = window; until <= horizon; until += window) run_window(&slice, count, until);
    for (int32_t at = 0; at < count; at++) total_add(&total, &slice.servers[at].digest);
  }
  stream_close(&slice.gaps);
  stream_close(&slice.services);
  stream_close(&slice.alterations);
  stream_close(&slice.guards);
  free(slice.servers);
  print_total(name, total.events, seconds_now() - start, &total);
}

/* W2. At a load of 0.9 there are ever as many in the line with probability 0.9^4096. */
enum { DEPARTURE, ARRIVAL };

#define LINE_ROOM 4096

typedef struct {
  Stream gaps, services;
  Lane lane;
  Digest digest;
  double line[LINE_ROOM];
  uint32_t head, present;
  double arrived, started, served, wait, sojourn;
} Queue;

INLINE void serve_customer(Queue *queue, int64_t now) {
  queue->started++;
  queue->wait += (double)now - queue->line[queue->head % LINE_ROOM];
  lane_push(&queue->lane, now, stream_draw(&queue->services, 0), DEPARTURE);
}

INLINE void arrive(Queue *queue, int64_t now) {
  lane_push(&queue->lane, now, stream_draw(&queue->gaps, 0), ARRIVAL);
  queue->arrived++;
  if (UNLIKELY(queue->present == LINE_ROOM)) abort();
  queue->line[(queue->head + queue->present++) % LINE_ROOM] = (double)now;
  if (queue->present == 1) serve_customer(queue, now);
}

INLINE void depart(Queue *queue, int64_t now) {
  queue->served++;
  queue->sojourn += (double)now - queue->line[queue->head++ % LINE_ROOM];
  if (--queue->present > 0) serve_customer(queue, now);
}

static __attribute__((noinline)) void run_queue(Queue *queue, int64_t until) {
  for (;;) {
    const int64_t key = queue->lane.keys[queue->lane.top];
    if (key >= until << 7) return;
    queue->lane.top--;
    const int64_t now = key >> 7;
    const int kind = (int)(key & 127);
    digest_add(&queue->digest, now, kind);
    if (kind == ARRIVAL) {
      arrive(queue, now);
    } else {
      depart(queue, now);
    }
  }
}

static void mm1(int64_t horizon) {
  const double start = seconds_now();
  Queue *queue = allocate(sizeof *queue);
  *queue = (Queue){.gaps = stream_open("arrivals", 1e6 / 0.9, 1), .services = stream_open("services", 1e6 / 1, 1)};
  queue->digest = digest_of(0);
  stream_seed(&queue->gaps, 0, 0);
  stream_seed(&queue->services, 0, 0);
  lane_clear(&queue->lane);
  lane_push(&queue->lane, 0, stream_draw(&queue->gaps, 0), ARRIVAL);
  run_queue(queue, horizon);
  Total total = {0};
  total_add(&total, &queue->digest);
  stream_close(&queue->gaps);
  stream_close(&queue->services);
  free(queue);
  print_total("same-work mm1", total.events, seconds_now() - start, &total);
}

/* W1. */
typedef struct {
  Calendar calendar;
  Stream delays, processes;
  Digest digest;
  double pending;
  uint32_t sequence;
} Hold;

INLINE void schedule(Hold *hold, double now, uint32_t process) {
  const double time = now + stream_draw(&hold->delays, 0);
  if (UNLIKELY(time != floor(time))) abort();
  calendar_push(&hold->calendar, record_of(time, hold->sequence++, process));
}

static __attribute__((noinline)) void run_hold(Hold *hold, double until) {
  for (;;) {
    const Record record = calendar_first(&hold->calendar);
    const double now = time_of(record);
    if (now >= until) return;
    calendar_pop(&hold->calendar);
    digest_add(&hold->digest, (int64_t)now, 0);
    schedule(hold, now, (uint32_t)floor(stream_draw(&hold->processes, 0) * hold->pending));
  }
}

static void hold(int64_t pending, int64_t events) {
  const double half = ceil((double)events / (double)pending * SECOND_US);
  Hold hold = {.calendar = calendar_open((double)pending / SECOND_US, 3 * SECOND_US),
               .delays = stream_open("delays", SECOND_US, 1),
               .processes = stream_open("processes", 0, 1),
               .digest = digest_of(0),
               .pending = (double)pending};
  stream_seed(&hold.delays, 0, 0);
  stream_seed(&hold.processes, 0, 0);
  for (int64_t i = 0; i < pending; i++) schedule(&hold, 0, (uint32_t)i);
  run_hold(&hold, half);
  Total before = {0}, total = {0};
  total_add(&before, &hold.digest);
  const double start = seconds_now();
  run_hold(&hold, 2 * half);
  const double seconds = seconds_now() - start;
  total_add(&total, &hold.digest);
  stream_close(&hold.delays);
  stream_close(&hold.processes);
  calendar_close(&hold.calendar);
  print_total("same-work hold", total.events - before.events, seconds, &total);
}

#define SLICE 64

/* An event has 53 bits of time. */
static const int64_t MOST_SECONDS = 1000000000;

int main(int count, char **arguments) {
  if (count < 4) return refuse(USAGE);
  const char *name = arguments[1];
  const int64_t first = whole_argument(arguments[2], MOST_SECONDS);
  const int64_t second = count == 5 ? whole_argument(arguments[3], MOST_SECONDS) : 1;
  const int64_t runs = whole_argument(arguments[count - 1], 1000);
  if (first == 0 || second == 0 || runs == 0) return refuse(USAGE);
  build_intervals();
  for (int64_t i = 0; i < runs; i++) {
    const int64_t horizon = second * (int64_t)SECOND_US;
    if (count == 5 && strcmp(name, "guard-fleet") == 0) {
      guard_fleet("same-work guard-fleet", first, SLICE, horizon, horizon);
    } else if (count == 5 && strcmp(name, "guard-fleet-windows") == 0) {
      guard_fleet("same-work guard-fleet-windows", first, first, horizon, 60 * (int64_t)SECOND_US);
    } else if (count == 4 && strcmp(name, "mm1") == 0) {
      mm1(first * (int64_t)SECOND_US);
    } else if (count == 5 && strcmp(name, "hold") == 0) {
      hold(first, second);
    } else {
      return refuse(USAGE);
    }
  }
  return 0;
}
