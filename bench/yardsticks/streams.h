/*
 * Our rules in C: the named 53-bit streams of sim/streams.ts, the exponential of sim/math.ts and the digest of
 * sim/digest.ts, to the last bit.
 *
 * A stream is Baagoe's Alea, seeded by the hash of "<server>.0.<purpose>.bench.". Its step is done in integers. Numbers
 * are drawn in blocks and turned into whole microseconds a block at a time. An exponential is inverted by a table of 128
 * intervals; log, for the rare arguments that the table has no place for, is FreeBSD's with the sum of sim/math.ts.
 */
#ifndef STREAMS_H
#define STREAMS_H

#include "yardstick.h"

/* As ours in slices of many servers. Ours use 32 in smaller ones; for these programs, 32 are no faster. */
#define BLOCK 8

static const double LN2_HIGH = 6.9314718036912381649e-1;
static const double LN2_LOW = 1.90821492927058770002e-10;

INLINE uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* log x for a normal x > 0. */
RARE static double log_as_ours(double x) {
  const int k = (int)((int32_t)((bits_of(x) >> 32) + (0x3ff00000 - 0x3fe6a09e)) >> 20) - 1023;
  const double f = ldexp(x, -k) - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const double odd =
      z * (6.66666666666673513e-1 +
           w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const double square = 0.5 * f * f;
  const double whole = k * LN2_HIGH;
  const double sum = whole + f;
  const double lost = whole - sum + f;
  return sum + (lost + (s * (square + (even + odd)) + (k * LN2_LOW + 0) - square));
}

typedef struct {
  double middle, inverse, logarithm, unused;
} Interval;

static Interval intervals[128];

/* To be called once, before the first draw. */
static inline void build_intervals(void) {
  for (int i = 0; i < 128; i++) {
    const double middle = i == 127 ? 1 : 0.5 + (i + 0.5) / 256;
    intervals[i] = (Interval){middle, 1 / middle, log_as_ours(middle), 0};
  }
}

/* -log(1 - u). */
INLINE double exponential_quantile(double u) {
  const double v = 1 - u;
  if (UNLIKELY(v < 0x1p-24 || v == 1)) return 0 - log_as_ours(v);
  const uint64_t bits = bits_of(v);
  const double k = (double)(1022 - (int64_t)(bits >> 52));
  const Interval interval = intervals[bits >> 45 & 127];
  const double r = (double_of((bits & 0xfffffffffffff) | 0x3fe0000000000000) - interval.middle) * interval.inverse;
  const double square = r * r;
  const double series = -0.5 + r * (1.0 / 3) + square * (-0.25 + r * 0.2 + square * (r * (1.0 / 7) - 1.0 / 6));
  return k * LN2_HIGH - interval.logarithm - (r + (square * series - k * LN2_LOW));
}

/* A substream for each of the servers at hand. With a mean of 0 its numbers are uniform, else microseconds. */
typedef struct {
  const char *purpose;
  double mean;
  int64_t (*states)[4];
  double (*numbers)[BLOCK];
  int32_t *places;
} Stream;

static inline Stream stream_open(const char *purpose, double mean, int64_t servers) {
  const size_t count = (size_t)servers;
  return (Stream){purpose, mean, allocate(count * sizeof(int64_t[4])), allocate(count * sizeof(double[BLOCK])),
                  allocate(count * sizeof(int32_t))};
}

static inline void stream_close(Stream *stream) {
  free(stream->states);
  free(stream->numbers);
  free(stream->places);
}

INLINE double hashed(double hash, double code) {
  const double product = 0.02519603282416938 * (hash + code);
  const double whole = floor(product);
  const double square = (product - whole) * whole;
  const double rest = floor(square);
  return rest + (square - rest) * 4294967296.0;
}

INLINE int64_t difference(double a, double b) {
  return (int64_t)(uint32_t)((uint32_t)(int64_t)a - (uint32_t)(int64_t)b);
}

/* The substream at `place` becomes that of the server. */
static inline void stream_seed(Stream *stream, int32_t place, int64_t server) {
  char name[64];
  const int length = snprintf(name, sizeof name, "%" PRId64 ".0.%s.bench.", server, stream->purpose);
  double hash = 4022871197.0;
  for (int i = 0; i < 3; i++) hash = hashed(hash, ' ');
  double blank = 4022871197.0;
  for (int i = 0; i < 3; i++) {
    for (int at = 0; at < length; at++) hash = hashed(hash, (unsigned char)name[at]);
    blank = hashed(blank, ' ');
    stream->states[place][i] = difference(blank, hash);
  }
  stream->states[place][3] = 1;
  stream->places[place] = 0;
}

static __attribute__((noinline)) void stream_fill(Stream *stream, int32_t place) {
  int64_t *state = stream->states[place];
  double *numbers = stream->numbers[place];
  int64_t s0 = state[0], s1 = state[1], s2 = state[2], carry = state[3];
  for (int i = 0; i < BLOCK; i++) {
    const int64_t first = 2091639 * s0 + carry;
    const int64_t second = 2091639 * s1 + (first >> 32);
    const int64_t high = first & 0xffffffff, low = second & 0xffffffff;
    carry = second >> 32;
    s0 = s2;
    s1 = high;
    s2 = low;
    numbers[i] = (double)(high << 21 | low >> 11) * 0x1p-53;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = carry;
  if (stream->mean == 0) return;
  for (int i = 0; i < BLOCK; i++) {
    const double duration = ceil(exponential_quantile(numbers[i]) * stream->mean);
    numbers[i] = duration < 1 ? 1 : duration;
  }
}

INLINE double stream_draw(Stream *stream, int32_t place) {
  int32_t next = stream->places[place] & (BLOCK - 1);
  if (next == 0) stream_fill(stream, place);
  stream->places[place] = next + 1;
  return stream->numbers[place][next];
}

/* The chain of one subject's events. */
typedef struct {
  uint32_t low, high, count, carry;
} Digest;

INLINE uint32_t mixed(uint32_t h) {
  h = (h ^ h >> 16) * 0x85ebca6b;
  h = (h ^ h >> 13) * 0xc2b2ae35;
  return h ^ h >> 16;
}

INLINE Digest digest_of(uint32_t subject) {
  return (Digest){mixed(subject + 1), mixed(~subject), 0, 0};
}

INLINE void digest_add(Digest *digest, int64_t time, int kind) {
  const uint32_t low_time = (uint32_t)time;
  const uint32_t rest = (uint32_t)(time >> 32) << 7 ^ (uint32_t)kind;
  const uint32_t low = (digest->low ^ (low_time + rest * 0x9e3779b1)) * 0x85ebca6b;
  const uint32_t high = (digest->high ^ (low_time * 0x27d4eb2f + rest)) * 0xc2b2ae35;
  digest->low = low ^ low >> 15;
  digest->high = high ^ high >> 16;
  if (++digest->count == 0) digest->carry++;
}

/* The events of all subjects, and the sum of their digests. */
typedef struct {
  int64_t events;
  uint32_t low, high;
} Total;

INLINE void total_add(Total *total, const Digest *digest) {
  total->events += (int64_t)digest->carry << 32 | digest->count;
  total->low += mixed(digest->low);
  total->high += mixed(digest->high);
}

static inline void print_total(const char *name, int64_t events, double seconds, const Total *total) {
  char text[18];
  snprintf(text, sizeof text, "x%08" PRIx32 "%08" PRIx32, total->high, total->low);
  print_run(name, events, seconds, text);
}

#endif
