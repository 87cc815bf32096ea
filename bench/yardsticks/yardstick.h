/*
 * What the yardsticks in C share: random numbers, processor time, arguments, and one JSON line for each timed run.
 *
 * The uniform source is xoshiro256+ (Blackman and Vigna 2018) seeded by splitmix64. Its three lowest bits are weak, so
 * nothing here uses them: a draw takes its 53-bit fraction from the top, and the ziggurat its layer from bits 3 to 10.
 *
 * The exponential sampler is a ziggurat of 256 layers (Marsaglia and Tsang 2000), which accepts 98.9 % of the draws
 * after one multiplication and one comparison. The alternative, -log(1 - u), costs a call of the C library.
 *
 * A generator that is a local variable stays in registers, because only a copy of it is handed to the rare path, which
 * is not inlined.
 */
#ifndef YARDSTICK_H
#define YARDSTICK_H

/*
 * Where a generator is in memory, gcc would pack its four words into a vector only to store it, and read them singly
 * at the next draw, which costs W2 a fifth of its speed.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-slp-vectorize")
#endif

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define INLINE static inline __attribute__((always_inline))
#define RARE __attribute__((noinline, cold, unused))
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

typedef struct {
  uint64_t a, b, c, d;
} Random;

static inline uint64_t splitmix64(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static inline Random random_from(uint64_t seed) {
  Random random;
  random.a = splitmix64(&seed);
  random.b = splitmix64(&seed);
  random.c = splitmix64(&seed);
  random.d = splitmix64(&seed);
  return random;
}

INLINE uint64_t random_bits(Random *random) {
  const uint64_t bits = random->a + random->d;
  const uint64_t shifted = random->b << 17;
  random->c ^= random->a;
  random->d ^= random->b;
  random->b ^= random->c;
  random->a ^= random->d;
  random->c ^= shifted;
  random->d = random->d << 45 | random->d >> 19;
  return bits;
}

/* 53 bits of [0, 1). */
INLINE double uniform(Random *random) {
  return (double)(int64_t)(random_bits(random) >> 11) * 0x1p-53;
}

/* A whole number of 0 .. below - 1, for below <= 2^31; its bias is less than below / 2^32. */
INLINE int32_t whole_below(Random *random, uint32_t below) {
  return (int32_t)((random_bits(random) >> 32) * below >> 32);
}

#define ZIGGURAT_LAYERS 256

/* Layer 0 is the base, with the tail beyond its edge; the layers above it are ever narrower. */
typedef struct {
  double scale; /* The layer's width by 2^-53, so that it maps a 53-bit integer into the layer. */
  double edge;  /* Whatever is left of it lies under the density for certain. */
} ZigguratLayer;

static ZigguratLayer ziggurat[ZIGGURAT_LAYERS];

/* exp(-x) at the right end of each layer; the last is the top of the density. */
static double ziggurat_density[ZIGGURAT_LAYERS + 1];

/* Where the tail begins if there are 256 layers of equal area. */
static const double ZIGGURAT_TAIL = 7.69711747013104972;

/* To be called once, before the first draw. */
static inline void build_ziggurat(void) {
  const double area = (ZIGGURAT_TAIL + 1) * exp(-ZIGGURAT_TAIL);
  double width = area / exp(-ZIGGURAT_TAIL);
  double edge = ZIGGURAT_TAIL;
  for (int i = 0; i < ZIGGURAT_LAYERS; i++) {
    ziggurat[i] = (ZigguratLayer){width * 0x1p-53, edge};
    ziggurat_density[i] = exp(-width);
    width = edge;
    const double top = exp(-width) + area / width;
    edge = top < 1 ? -log(top) : 0;
  }
  ziggurat_density[ZIGGURAT_LAYERS] = 1;
}

/* The draw x of a layer was not left of its edge: in the tail start afresh, in a wedge compare with the density. */
RARE static double exponential_rare(Random *random, int layer, double x) {
  double tail = 0;
  for (;;) {
    if (x < ziggurat[layer].edge) return tail + x;
    if (layer == 0) {
      tail += ZIGGURAT_TAIL;
    } else {
      const double low = ziggurat_density[layer];
      const double high = ziggurat_density[layer + 1];
      if (low + uniform(random) * (high - low) < exp(-x)) return tail + x;
    }
    const uint64_t bits = random_bits(random);
    layer = bits >> 3 & (ZIGGURAT_LAYERS - 1);
    x = (double)(int64_t)(bits >> 11) * ziggurat[layer].scale;
  }
}

/* Exponential with mean 1. */
INLINE double exponential(Random *random) {
  const uint64_t bits = random_bits(random);
  const int layer = bits >> 3 & (ZIGGURAT_LAYERS - 1);
  const double x = (double)(int64_t)(bits >> 11) * ziggurat[layer].scale;
  if (__builtin_expect(x < ziggurat[layer].edge, 1)) return x;
  Random copy = *random;
  const double rare = exponential_rare(&copy, layer, x);
  *random = copy;
  return rare;
}

/* The same distribution by inversion. */
INLINE double exponential_by_log(Random *random) {
  return -log(1 - uniform(random));
}

/* Of this process on a processor: what others do on the machine does not count. */
static inline double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* One timed run, as one line that a harness can read while the program goes on. */
static inline void print_run(const char *name, int64_t events, double seconds, const char *check) {
  printf("{\"name\": \"%s\", \"events\": %" PRId64 ", \"seconds\": %.6f, \"check\": \"%s\"}\n", name, events, seconds,
         check);
  fflush(stdout);
}

/* A whole number of 1 .. most, or 0 if the text is anything else. */
static inline int64_t whole_argument(const char *text, int64_t most) {
  char *end;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  const int right = errno == 0 && end != text && *end == '\0' && value >= 1 && value <= most;
  return right ? value : 0;
}

static inline int refuse(const char *usage) {
  fprintf(stderr, "usage: %s\n", usage);
  return 2;
}

/* Memory on cache lines, or on huge pages if it is large and the system has them. Ends the program if there is none. */
static inline void *allocate(size_t bytes) {
  const size_t huge = 1 << 21;
  const size_t unit = bytes >= huge ? huge : 64;
  const size_t whole = (bytes + unit - 1) / unit * unit;
  void *memory = aligned_alloc(unit, whole);
  if (memory == NULL) {
    fprintf(stderr, "no memory\n");
    exit(1);
  }
  if (unit == huge) madvise(memory, whole, MADV_HUGEPAGE);
  return memory;
}

#endif
