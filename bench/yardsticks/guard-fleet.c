/*
 * W3, the guard fleet: independent print servers with one first-in-first-out port each.
 *
 * - submit: jobs arrive with gaps Exp(60 s), the first after one gap. A job draws its service, Exp(20 s), and a uniform
 *   u: if u < 0.2, it is altered once, at the fraction u / 0.2 of its service.
 * - alter: raises the server's guard for Exp(0.5 s); a later alteration replaces the time at which it is cleared.
 * - guard-clear: the guard is down again.
 * - close: the service ends. If the guard is up, the close is skipped, and 4096 bytes and one handle leak. The next
 *   waiting job starts, and with it its close and its alteration are scheduled.
 *
 * Events strictly before the horizon are counted. A guard-clear that was replaced is no event in any variant.
 *
 * Variants, the first two of which go through the whole horizon with one server before they take up the next:
 * - `by-server`: a server's four next-event times are variables, compared in a tree of branches.
 * - `by-server-log`: the same with -log(1 - u) instead of the ziggurat.
 * - `heap` and `calendar`: all servers advance together in the order of time, on one event list (heap.h, calendar.h).
 *   That is what servers that meet would need. Waiting jobs are in lists of one shared pool, so that a server's state
 *   is 24 bytes.
 *
 * Compiled with -DCHECK, the coupled variants draw from one generator a server, as the others always do. Then all but
 * `by-server-log` must come to the same counts.
 */
#include "calendar.h"

static const char *USAGE = "guard-fleet by-server|by-server-log|heap|calendar SERVERS HORIZON_SECONDS RUNS";

static const double MEAN_GAP = 60;
static const double MEAN_SERVICE = 20;
static const double MEAN_STAY = 0.5;
static const double ALTERED_SHARE = 0.2;
static const int64_t CLOSE_BYTES = 4096;

/* Servers by seconds; keeps the number of events below 2^32, where sequence numbers would start again. */
static const int64_t MOST_SERVER_SECONDS = 60000000000;

typedef struct {
  int64_t submits, alters, clears, closes, leaked_handles, leaked_bytes;
} Tally;

typedef enum { ZIGGURAT, LOG } Sampler;

INLINE double draw(Sampler sampler, Random *random) {
  return sampler == ZIGGURAT ? exponential(random) : exponential_by_log(random);
}

typedef struct {
  double service;
  double alteration; /* After the start of service; infinite if there is none. */
} Job;

INLINE Job draw_job(Sampler sampler, Random *random) {
  const double service = MEAN_SERVICE * draw(sampler, random);
  const double u = uniform(random);
  return (Job){service, u < ALTERED_SHARE ? u * (1 / ALTERED_SHARE) * service : INFINITY};
}

INLINE void skip_close(Tally *tally) {
  tally->leaked_handles++;
  tally->leaked_bytes += CLOSE_BYTES;
}

/* Server by server. At a load of one third a longer line is as likely as 3^-64. */
#define LINE_ROOM 64

typedef struct {
  Job jobs[LINE_ROOM];
  uint32_t first, end;
} Line;

/* Small and without arrays, so that it is kept in registers. */
typedef struct {
  Random random;
  double submit_at, close_at, alter_at, clear_at; /* Infinite if the event is not scheduled. */
} LoneServer;

INLINE void lone_start(LoneServer *server, double now, Job job) {
  server->close_at = now + job.service;
  server->alter_at = now + job.alteration;
}

/* No submission is scheduled beyond the horizon, so that the one at the horizon is the first event to stop at. */
INLINE void lone_await_job(Sampler sampler, LoneServer *server, double now, double horizon) {
  const double at = now + MEAN_GAP * draw(sampler, &server->random);
  server->submit_at = at < horizon ? at : horizon;
}

INLINE void lone_submit(Sampler sampler, LoneServer *server, Line *line, double horizon) {
  const double now = server->submit_at;
  lone_await_job(sampler, server, now, horizon);
  const Job job = draw_job(sampler, &server->random);
  if (server->close_at == INFINITY) {
    lone_start(server, now, job);
  } else {
    if (UNLIKELY(line->end - line->first == LINE_ROOM)) abort();
    line->jobs[line->end++ % LINE_ROOM] = job;
  }
}

INLINE void lone_alter(Sampler sampler, LoneServer *server) {
  server->clear_at = server->alter_at + MEAN_STAY * draw(sampler, &server->random);
  server->alter_at = INFINITY;
}

INLINE void lone_close(LoneServer *server, Line *line, Tally *tally) {
  const double now = server->close_at;
  if (server->clear_at < INFINITY) skip_close(tally);
  if (line->first == line->end) {
    server->close_at = INFINITY;
  } else {
    lone_start(server, now, line->jobs[line->first++ % LINE_ROOM]);
  }
}

INLINE void lone_run(Sampler sampler, uint64_t seed, double horizon, Line *line, Tally *tally) {
  LoneServer server = {random_from(seed), INFINITY, INFINITY, INFINITY, INFINITY};
  line->first = line->end = 0;
  lone_await_job(sampler, &server, 0, horizon);
  for (;;) {
    const int close_first = server.close_at < server.submit_at;
    const double sooner = close_first ? server.close_at : server.submit_at;
    if (server.alter_at < sooner && server.alter_at <= server.clear_at) {
      tally->alters++;
      lone_alter(sampler, &server);
    } else if (server.clear_at < sooner) {
      tally->clears++;
      server.clear_at = INFINITY;
    } else if (close_first) {
      tally->closes++;
      lone_close(&server, line, tally);
    } else {
      if (UNLIKELY(server.submit_at >= horizon)) return;
      tally->submits++;
      lone_submit(sampler, &server, line, horizon);
    }
  }
}

INLINE Tally run_by_server(Sampler sampler, int64_t servers, double horizon) {
  Tally tally = {0};
  Line line;
  for (int64_t i = 0; i < servers; i++) lone_run(sampler, (uint64_t)i, horizon, &line, &tally);
  return tally;
}

/* All servers together. */
typedef enum { HEAP, CALENDAR } ListKind;
typedef enum { SUBMIT, ALTER, CLEAR, CLOSE } EventKind;

#define NOBODY (-1)

/* How many events before its own a server's state is fetched; a memory access takes about as long. */
#define POPS_AHEAD 6

typedef struct {
  double guard_until;
  int32_t first_waiting; /* NOBODY if the line is empty. */
  int32_t last_waiting;
  int32_t busy;
#ifdef CHECK
  Random random;
#endif
} Server;

typedef struct {
  Job job;
  int32_t next; /* Behind it in the line, or in the list of free places. */
} Waiting;

typedef struct {
  Server *servers;
  Waiting *pool;
  int32_t pool_room, free;
  Heap heap;
  Calendar calendar;
  uint32_t sequence;
  double now;
  Tally tally;
} Fleet;

/* Which generator a server draws from: its own, or the one of all, which is a local variable of the run. */
INLINE Random *source(Fleet *fleet, uint32_t server, Random *common) {
#ifdef CHECK
  (void)common;
  return &fleet->servers[server].random;
#else
  (void)fleet;
  (void)server;
  return common;
#endif
}

INLINE void schedule(ListKind list, Fleet *fleet, double delay, EventKind kind, uint32_t server) {
  const Record record = record_of(fleet->now + delay, fleet->sequence++, server << 2 | kind);
  if (list == CALENDAR) {
    calendar_push(&fleet->calendar, record);
  } else {
    heap_push(&fleet->heap, record);
  }
}

INLINE Record next(ListKind list, Fleet *fleet) {
  return list == CALENDAR ? calendar_pop(&fleet->calendar) : heap_pop(&fleet->heap);
}

/* Chains the places from `begin` on into the list of free ones, which must be empty. */
static void free_places(Fleet *fleet, int32_t begin) {
  for (int32_t i = begin; i < fleet->pool_room; i++) fleet->pool[i].next = i + 1;
  fleet->pool[fleet->pool_room - 1].next = NOBODY;
  fleet->free = begin;
}

RARE static void enlarge_pool(Fleet *fleet) {
  const int32_t begin = fleet->pool_room;
  Waiting *larger = allocate(2 * (size_t)begin * sizeof *larger);
  memcpy(larger, fleet->pool, (size_t)begin * sizeof *larger);
  free(fleet->pool);
  fleet->pool = larger;
  fleet->pool_room = 2 * begin;
  free_places(fleet, begin);
}

INLINE void join_line(Fleet *fleet, Server *server, Job job) {
  if (UNLIKELY(fleet->free == NOBODY)) enlarge_pool(fleet);
  const int32_t place = fleet->free;
  fleet->free = fleet->pool[place].next;
  fleet->pool[place] = (Waiting){job, NOBODY};
  if (server->first_waiting == NOBODY) {
    server->first_waiting = place;
  } else {
    fleet->pool[server->last_waiting].next = place;
  }
  server->last_waiting = place;
}

INLINE Job leave_line(Fleet *fleet, Server *server) {
  const int32_t place = server->first_waiting;
  const Waiting first = fleet->pool[place];
  server->first_waiting = first.next;
  fleet->pool[place].next = fleet->free;
  fleet->free = place;
  return first.job;
}

INLINE void start_job(ListKind list, Fleet *fleet, uint32_t server, Job job) {
  schedule(list, fleet, job.service, CLOSE, server);
  if (job.alteration < INFINITY) schedule(list, fleet, job.alteration, ALTER, server);
}

INLINE void await_job(ListKind list, Fleet *fleet, uint32_t server, Random *random) {
  schedule(list, fleet, MEAN_GAP * exponential(random), SUBMIT, server);
}

INLINE void submit(ListKind list, Fleet *fleet, uint32_t server, Random *random) {
  Server *state = &fleet->servers[server];
  fleet->tally.submits++;
  await_job(list, fleet, server, random);
  const Job job = draw_job(ZIGGURAT, random);
  if (state->busy) {
    join_line(fleet, state, job);
  } else {
    state->busy = 1;
    start_job(list, fleet, server, job);
  }
}

INLINE void alter(ListKind list, Fleet *fleet, uint32_t server, Random *random) {
  const double stay = MEAN_STAY * exponential(random);
  fleet->tally.alters++;
  fleet->servers[server].guard_until = fleet->now + stay;
  schedule(list, fleet, stay, CLEAR, server);
}

/* A clearing that a later alteration replaced comes at another time than the guard's. */
INLINE void clear(Fleet *fleet, uint32_t server) {
  fleet->tally.clears += fleet->servers[server].guard_until == fleet->now;
}

INLINE void close_job(ListKind list, Fleet *fleet, uint32_t server) {
  Server *state = &fleet->servers[server];
  fleet->tally.closes++;
  if (state->guard_until > fleet->now) skip_close(&fleet->tally);
  if (state->first_waiting == NOBODY) {
    state->busy = 0;
  } else {
    start_job(list, fleet, server, leave_line(fleet, state));
  }
}

INLINE void handle(ListKind list, Fleet *fleet, EventKind kind, uint32_t server, Random *random) {
  switch (kind) {
    case SUBMIT: submit(list, fleet, server, random); break;
    case ALTER: alter(list, fleet, server, random); break;
    case CLEAR: clear(fleet, server); break;
    case CLOSE: close_job(list, fleet, server); break;
  }
}

static Fleet fleet_open(int64_t servers) {
  const double events_a_second = 2.4 / MEAN_GAP * (double)servers;
  const double year = 3 * MEAN_GAP;
  Fleet fleet = {.pool_room = (int32_t)(servers / 2 + 64)};
  fleet.servers = allocate((size_t)servers * sizeof *fleet.servers);
  fleet.pool = allocate((size_t)fleet.pool_room * sizeof *fleet.pool);
  free_places(&fleet, 0);
  fleet.heap = heap_open(2 * (size_t)servers);
  fleet.calendar = calendar_open(events_a_second, year);
  for (int64_t i = 0; i < servers; i++) {
    fleet.servers[i] = (Server){.guard_until = 0, .first_waiting = NOBODY, .last_waiting = NOBODY};
#ifdef CHECK
    fleet.servers[i].random = random_from((uint64_t)i);
#endif
  }
  return fleet;
}

static void fleet_close(Fleet *fleet) {
  free(fleet->servers);
  free(fleet->pool);
  heap_close(&fleet->heap);
  calendar_close(&fleet->calendar);
}

INLINE void fetch_server_ahead(const Fleet *fleet) {
  const Record record = calendar_glimpse(&fleet->calendar, POPS_AHEAD);
  __builtin_prefetch(&fleet->servers[payload_of(record) >> 2], 1);
}

INLINE Tally run_together(ListKind list, int64_t servers, double horizon) {
  Fleet fleet = fleet_open(servers);
  Random random = random_from(1);
  for (uint32_t i = 0; i < servers; i++) await_job(list, &fleet, i, source(&fleet, i, &random));
  for (;;) {
    const Record record = next(list, &fleet);
    fleet.now = time_of(record);
    if (list == CALENDAR) fetch_server_ahead(&fleet);
    if (UNLIKELY(fleet.now >= horizon)) break;
    const uint32_t payload = payload_of(record);
    const uint32_t server = payload >> 2;
    handle(list, &fleet, payload & 3, server, source(&fleet, server, &random));
  }
  const Tally tally = fleet.tally;
  fleet_close(&fleet);
  return tally;
}

typedef Tally Variant(int64_t servers, double horizon);

static Tally by_server(int64_t servers, double horizon) {
  return run_by_server(ZIGGURAT, servers, horizon);
}

static Tally by_server_log(int64_t servers, double horizon) {
  return run_by_server(LOG, servers, horizon);
}

static Tally heap(int64_t servers, double horizon) {
  return run_together(HEAP, servers, horizon);
}

static Tally calendar(int64_t servers, double horizon) {
  return run_together(CALENDAR, servers, horizon);
}

static Variant *variant_named(const char *name) {
  static const struct {
    const char *name;
    Variant *run;
  } variants[] = {{"by-server", by_server}, {"by-server-log", by_server_log}, {"heap", heap}, {"calendar", calendar}};
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
    if (strcmp(name, variants[i].name) == 0) return variants[i].run;
  }
  return NULL;
}

static void run(const char *variant, int64_t servers, int64_t horizon) {
  const double start = seconds_now();
  const Tally tally = variant_named(variant)(servers, (double)horizon);
  const double seconds = seconds_now() - start;
  const int64_t events = tally.submits + tally.alters + tally.clears + tally.closes;
  char name[64], check[256];
  snprintf(name, sizeof name, "guard-fleet %s %" PRId64, variant, servers);
  snprintf(check, sizeof check,
           "leaked %" PRId64 " handles, %" PRId64 " bytes; %" PRId64 " submits, %" PRId64 " alters, %" PRId64
           " clears, %" PRId64 " closes; %.4f events a job",
           tally.leaked_handles, tally.leaked_bytes, tally.submits, tally.alters, tally.clears, tally.closes,
           (double)events / (double)tally.submits);
  print_run(name, events, seconds, check);
}

int main(int count, char **arguments) {
  if (count != 5 || variant_named(arguments[1]) == NULL) return refuse(USAGE);
  const int64_t servers = whole_argument(arguments[2], 100000000);
  const int64_t horizon = whole_argument(arguments[3], MOST_SERVER_SECONDS);
  const int64_t runs = whole_argument(arguments[4], 1000);
  if (servers == 0 || horizon == 0 || runs == 0 || horizon > MOST_SERVER_SECONDS / servers) return refuse(USAGE);
  build_ziggurat();
  for (int64_t i = 0; i < runs; i++) run(arguments[1], servers, horizon);
  return 0;
}
