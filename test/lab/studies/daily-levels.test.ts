/** lab/studies/daily-levels.ts: what is held from day to day, its slope, and the days left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dailyLevels, daysLeft, isSteady, joined, riseOf, slopeOf } from "../../../lab/studies/daily-levels.ts";
import { driftInterval } from "../../../statistics/slope.ts";
import { random } from "../../cases/damage.ts";

const HOUR = 3600e6;

/** Hourly readings; what is undefined was not read. */
function levelsOf(hours: number, at: (hour: number) => number | undefined, restarts: readonly number[] = []) {
  const read = Array.from({ length: hours }, (_, i) => i + 1).filter((hour) => at(hour) !== undefined);
  const times = Float64Array.from(read, (hour) => hour * HOUR);
  const begins = [1, ...restarts];
  const parts = begins.map((hour, i) => ({ fromUs: hour * HOUR, untilUs: ((begins[i + 1] ?? hours + 1) - 1) * HOUR }));
  return dailyLevels(
    times,
    Float64Array.from(read, (hour) => at(hour)!),
    parts,
  );
}

test("the level of a day is its lowest reading, and a day is complete with 18 of its hours", () => {
  const levels = levelsOf(96, (hour) => {
    if (hour > 24 && hour <= 31) return undefined;
    return hour > 72 && hour <= 78 ? undefined : 100 + (hour % 24);
  });
  assert.deepEqual(levels, [
    { day: 0, part: 0, level: 100 },
    { day: 2, part: 0, level: 100 },
    { day: 3, part: 0, level: 100 },
  ]);
});

test("with rarer readings than hourly, a day is complete with three quarters of them", () => {
  const every = (hours: number, isMissing: (hour: number) => boolean) =>
    levelsOf(96, (hour) => (hour % hours === 0 && !isMissing(hour) ? hour : undefined)).map(({ level }) => level);
  // Of four readings a day, one is missing on the second day and two on the third.
  const missing = [30, 54, 60];
  assert.deepEqual(
    every(6, (hour) => missing.includes(hour)),
    [6, 36, 78],
  );
  assert.deepEqual(
    every(24, (hour) => hour === 48),
    [24, 72, 96],
  );
  assert.deepEqual(
    every(48, () => false),
    [48, 96],
    "they are of days without neighbours",
  );
  assert.deepEqual(
    every(96, () => false),
    [],
    "one reading is no day",
  );
});

test("changes across restarts and gaps are not leaks, and the last level is the current one", () => {
  const level = (day: number, part: number, value: number) => ({ day, part, level: value });
  const walk = joined([
    level(0, 0, 10),
    level(1, 0, 13),
    level(2, 1, 5),
    level(3, 1, 6),
    level(6, 1, 60),
    level(7, 1, 62),
  ]);
  // Changes of 3, 1 and 2, and 62 now.
  assert.deepEqual(walk, Float64Array.of(56, 59, 60, 62));
  assert.deepEqual(joined([]), new Float64Array(0));
});

test("the days of a process that starts at night are counted from its start, so that none is short of a few hours", () => {
  // One handle an hour, and a restart every other night at 3: 21 hours of the day of a restart are not a day's leak.
  const restarts = Array.from({ length: 10 }, (_, i) => 27 + 48 * i);
  const begin = (hour: number) => restarts.findLast((restart) => restart <= hour) ?? 1;
  const levels = levelsOf(22 * 24, (hour) => 100 + hour - begin(hour), restarts);
  const slope = slopeOf(joined(levels))!;
  assert.deepEqual([slope.value, slope.changes], [24, 11]);
  // A log that begins at night is like a process that does.
  const late = levelsOf(10 * 24, (hour) => (hour < 5 ? undefined : 100 + hour), [5]);
  assert.equal(slopeOf(joined(late))!.value, 24);
});

/** Weekly restarts on Sundays at 3, in six weeks that begin on a Monday. */
const SUNDAYS = Array.from({ length: 6 }, (_, week) => 24 * (6 + 7 * week) + 3);
const sinceRestart = (hour: number) => hour - (SUNDAYS.findLast((restart) => restart <= hour) ?? 0);

/** Ten handles on each working day, at noon. */
function leakedAt(hour: number): number {
  const begin = hour - sinceRestart(hour);
  const noons = Array.from({ length: 42 }, (_, day) => 24 * day + 12).filter((_, day) => day % 7 < 5);
  return 10 * noons.filter((noon) => noon > begin && noon <= hour).length;
}

test("restarts on Sundays hide no weekday: a leak of working days has the rate of whole weeks", () => {
  const { slope } = riseOf(levelsOf(42 * 24, (hour) => 100 + leakedAt(hour), SUNDAYS));
  // Without the ends of processes, each week has six changes, and Saturday's 0 is missing: 50 / 6.
  assert.deepEqual([slope!.value, slope!.changes, slope!.startUp], [50 / 7, 42 - 1 - 6, undefined]);
});

/** What a process takes once, when people begin to print after a restart. */
function startUpAt(hour: number, amount: number): number {
  const since = sinceRestart(hour);
  return hour === since || since > 48 ? amount : 0;
}

test("what every process takes once after a restart is no leak: it has no date, whatever the load at its end", () => {
  const atEnd = (hour: number) => (sinceRestart(hour + 5) < 5 ? 3 : 0);
  const { walk, slope } = riseOf(levelsOf(42 * 24, (hour) => 100 + startUpAt(hour, 20) + atEnd(hour), SUNDAYS));
  assert.equal(slope!.startUp, "may be all");
  assert.ok(slope!.isWeekly && slope!.interval.lower > 0 && !isSteady(slope!));
  assert.equal(daysLeft(walk, 1000, slope), undefined);
});

test("a leak on top of a start-up has a date from the days after it, counted from the present level", () => {
  const levels = levelsOf(42 * 24, (hour) => 100 + leakedAt(hour) + startUpAt(hour, 50), SUNDAYS);
  const { walk, slope } = riseOf(levels);
  assert.equal(slope!.startUp, "left out");
  assert.ok(slope!.value < 10, "with the start-up it would be 14.3");
  assert.equal(walk.at(-1), levels.at(-1)!.level);
  const left = daysLeft(walk, 1000, slope)!;
  assert.ok(left.lower < left.median && Math.abs(left.median * slope!.value - (1000 - walk.at(-1)!)) < 50);
});

test("a process that has run for less than a day gives the present level", () => {
  const restart = 9 * 24 + 21;
  const levels = levelsOf(10 * 24, (hour) => 100 + (hour < restart ? hour : hour - restart), [restart]);
  const walk = joined(levels);
  assert.deepEqual(levels.at(-1), { day: 9, part: 1, level: 100 });
  assert.equal(walk.at(-1), 100);
  assert.equal(slopeOf(walk)!.value, 24, "the slope is that of the process before it");
  assert.equal(daysLeft(walk, 340)!.median, 10);
});

test("a slope across weekly restarts is that of the leak, where a line through all readings would be flat", () => {
  const week = (hour: number) => (hour - 1) % (7 * 24);
  const levels = levelsOf(4 * 7 * 24, (hour) => 150 + Math.floor((week(hour) + 12) / 24) * 10, [169, 337, 505]);
  const slope = slopeOf(joined(levels))!;
  assert.equal(slope.value, 10);
  assert.equal(slope.changes, 21);
  assert.ok(slope.isOfWholeWeeks);
});

test("the interval is that of a random walk, that of leaks if few days change, and missing without enough days", () => {
  const walk = Float64Array.of(0, 3, 2, 6, 9, 8, 12);
  const slope = slopeOf(walk)!;
  assert.deepEqual([slope.value, slope.method], [2, "walk"]);
  assert.deepEqual(slope.interval, driftInterval(walk, 2, "endPoint"));
  const rare = slopeOf(Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2))!;
  // Two leaks in ten days: Garwood's interval of 2 is 0.2422 to 7.2247.
  assert.equal(rare.method, "leaks");
  assert.ok(Math.abs(rare.interval.lower - 0.02422) < 1e-5 && Math.abs(rare.interval.upper - 0.72247) < 1e-5);
  for (const still of [Float64Array.of(5, 5, 5, 5, 5, 5, 5), Float64Array.of(0, 1, 2, 4)]) {
    const none = slopeOf(still)!;
    assert.equal(none.method, "none");
    assert.ok(Number.isNaN(none.interval.lower));
  }
  assert.equal(slopeOf(Float64Array.of(1)), undefined);
});

test("intervals of the slope cover in at least 95 of 100 histories of a working week with restarts", () => {
  const next = random(20261128);
  let held = 0;
  for (let world = 0; world < 200; world++) {
    let level = 0;
    const days = Array.from({ length: 28 }, (_, day) => {
      if (day % 9 === 0) level = 0;
      // Twelve leaks a working day on the average, none at weekends: binomial of 40.
      if (day % 7 < 5) for (let i = 0; i < 40; i++) level += Number(next() < 0.3);
      return { day, part: Math.floor(day / 9), level };
    });
    const { lower, upper } = slopeOf(joined(days))!.interval;
    held += Number(lower <= (12 * 5) / 7 && (12 * 5) / 7 <= upper);
  }
  assert.ok(held >= 186, `${held} of 200`);
});

test("days left are room over slope, with an interval, and unknown without a rise or past the limit", () => {
  const walk = Float64Array.from({ length: 29 }, (_, day) => 100 + 10 * day + (day % 2));
  const left = daysLeft(walk, 1380)!;
  assert.ok(Math.abs(left.median - 100) < 2, String(left.median));
  assert.ok(left.lower < left.median && left.median < left.upper);
  assert.equal(daysLeft(Float64Array.of(9, 8, 7, 6, 5, 4, 3), 100), undefined);
  assert.equal(daysLeft(walk, 200), undefined);
});

test("slope and days left come from the same days: what rose before the last whole weeks has no days left", () => {
  const walk = Float64Array.from({ length: 20 }, (_, d) => {
    return 600 + Math.min(d, 5) * 300 - Math.max(0, d - 5) * 5 + ((d * 7919) % 5);
  });
  const slope = slopeOf(walk)!;
  assert.ok(slope.interval.upper < 0, "it falls in the last two weeks");
  assert.equal(daysLeft(walk, 15_001), undefined);
  // Turned over, it fell before and rises now.
  const back = Float64Array.from(walk, (_, d) => walk[19]! + walk[0]! - walk[d]!);
  const left = daysLeft(back, 15_001)!;
  const expected = (15_001 - back.at(-1)!) / slopeOf(back)!.value;
  assert.ok(Math.abs(left.median / expected - 1) < 0.02, `${left.median}, not ${expected}`);
});

test("there are no days left while the interval of the slope contains 0", () => {
  const walk = Float64Array.of(0, 40, 5, 50, 10, 60, 15, 70, 20);
  const { lower, upper } = slopeOf(walk)!.interval;
  assert.ok(lower < 0 && upper > 0);
  assert.equal(daysLeft(walk, 1000), undefined);
});

test("a leak that sleeps on most days is steady by the week, after four weeks", () => {
  const next = random(20261129);
  const noise = (size: number) => size * (next() - 0.5);
  for (const [name, rise, size] of [
    ["Monday to Wednesday", [20, 20, 20, 0, 0, 0, 0], 0],
    ["Monday to Wednesday, with noise", [20, 20, 20, 0, 0, 0, 0], 5],
    ["one night a week", [0, 0, 100, 0, 0, 0, 0], 0],
    ["one night a week, with noise", [0, 0, 100, 0, 0, 0, 0], 5],
  ] as const) {
    let level = 500;
    const walk = Float64Array.from({ length: 36 }, (_, day) => (level += rise[day % 7]!) + noise(size));
    const slope = slopeOf(walk)!;
    const weekly = rise.reduce<number>((sum, one) => sum + one, 0);
    assert.ok(slope.isWeekly || slope.rises > slope.changes / 2, name);
    assert.ok(Math.abs(7 * slope.value - weekly) < 2, name);
    const left = daysLeft(walk, 20_000)!;
    const expected = (7 * (20_000 - walk.at(-1)!)) / weekly;
    assert.ok(left.lower <= left.median && left.median <= left.upper, name);
    assert.ok(Math.abs(left.median / expected - 1) < 0.05, `${name}: ${left.median}, not ${expected}`);
    if (size === 0) assert.equal(daysLeft(walk.subarray(0, 25), 20_000), undefined, `${name}: three weeks are too few`);
  }
});

test("what does not leak has no days left, whatever it does", () => {
  const next = random(20261130);
  const noise = (size: number) => size * (next() + next() + next() + next() - 2);
  const kinds: Readonly<Record<string, (days: number) => (day: number) => number>> = {
    noise: () => () => 500 + noise(20),
    "a busy week": () => (day) => 500 + (day % 7 < 5 ? 60 : 0) + noise(10),
    "one jump": (days) => {
      const at = days * next();
      return (day) => 500 + (day >= at ? 300 : 0) + noise(5);
    },
    "two jumps": (days) => {
      const [at, then] = [days * next(), days * next()];
      return (day) => 500 + (day >= at ? 300 : 0) + (day >= then ? 200 : 0);
    },
    "a cache that fills": () => (day) => 1500 - 1000 / (1 + day * day) + noise(3),
  };
  for (const [name, kind] of Object.entries(kinds)) {
    let dated = 0;
    for (let world = 0; world < 200; world++) {
      const days = 29 + 7 * (world % 4);
      const at = kind(days);
      const walk = Float64Array.from({ length: days }, (_, day) => at(day));
      dated += Number(daysLeft(walk, 1e5) !== undefined);
    }
    assert.ok(dated <= 1, `${name}: ${dated} of 200`);
  }
  // The interval of a random walk is above 0 in 2.5 % of cases, of which no test can know that it does not rise.
  let dated = 0;
  for (let world = 0; world < 400; world++) {
    let level = 500;
    const walk = Float64Array.from({ length: 29 }, () => (level += noise(10)));
    dated += Number(daysLeft(walk, 1e5) !== undefined);
  }
  assert.ok(dated <= 20, `${dated} of 400`);
});
