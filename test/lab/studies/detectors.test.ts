/** lab/studies/detectors.ts: which detector alarms on which readings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../../sim/streams.ts";
import { detectors, type Watch } from "../../../lab/studies/detectors.ts";

/** Four weeks of readings every so many hours, of what the hour since Monday at midnight gives. */
function watchOf(everyHours: number, at: (hour: number) => number, days = 28): Watch {
  const readings = Float64Array.from({ length: (24 * days) / everyHours }, (_, i) => at((i + 1) * everyHours));
  const quiet = readings.map(() => 0);
  return { readings, twin: quiet, peer: quiet, readingsPerDay: 24 / everyHours, level: 0.05 };
}

function alarmsOf(watch: Watch): string[] {
  return detectors.filter((one) => one.applies(watch) && one.alarms(watch)).map(({ name }) => name);
}

/** High by day, low by night, on working days. */
const load = (hour: number) => (hour % 24 >= 8 && hour % 24 < 18 && hour % 168 < 120 ? 100 + ((hour * 37) % 11) : 0);

const names = detectors.map(({ name }) => name);

test("every detector finds an obvious leak", () => {
  assert.deepEqual(alarmsOf(watchOf(6, (hour) => 1000 + hour)), names);
});

test("no detector alarms on a constant or falling gauge", () => {
  assert.deepEqual(alarmsOf(watchOf(6, () => 7)), []);
  assert.deepEqual(alarmsOf(watchOf(6, (hour) => -hour)), []);
});

test("Hamed and Rao's variance does not alarm on a leak beneath a regular cycle", () => {
  const others = names.filter((name) => name !== "hamed-rao");
  assert.deepEqual(alarmsOf(watchOf(6, (hour) => load(hour) + 10 * hour)), others);
});

test("on a server without leaks, the first morning alarms detectors that ignore nights", () => {
  const alarms = alarmsOf(watchOf(1, load, 0.5));
  for (const name of ["mann-kendall", "pettitt"]) assert.ok(alarms.includes(name), `${name} alarms`);
  const calm = ["seasonal-day", "day-minima", "less-twin"];
  for (const name of calm) assert.ok(!alarms.includes(name), `${name} does not`);
});

test("the lowest reading of a day detects a leak beneath a varying load", () => {
  // On every other day nobody prints, and the last days are quieter than the first: the load falls, the leak does not.
  const fading = (hour: number) => (hour % 48 < 24 ? load(hour % 24) * (400 - hour) : 0) + hour / 24;
  const alarms = alarmsOf(watchOf(1, fading, 12));
  assert.ok(alarms.includes("day-minima"));
  assert.ok(!alarms.includes("day-means"));
});

test("no detector decides on fewer than eight values, and none that compares weeks on one week", () => {
  const verdicts = (everyHours: number, days: number) => {
    const watch = watchOf(everyHours, (hour) => hour, days);
    return new Map(detectors.filter((one) => one.applies(watch)).map((one) => [one.name, one.alarms(watch)]));
  };
  for (const [name, verdict] of verdicts(6, 1.75)) assert.equal(verdict, undefined, name);
  const week = verdicts(6, 7);
  for (const name of ["cusum", "day-means", "day-minima", "seasonal-week"])
    assert.equal(week.get(name), undefined, name);
  assert.equal(week.get("mann-kendall"), true);
});

test("a detector is not run on readings that it cannot use", () => {
  const tried = (watch: Watch) => detectors.filter(({ applies }) => applies(watch)).map(({ name }) => name);
  const daily = tried(watchOf(24, load));
  for (const name of ["seasonal-day", "day-means", "day-minima"]) assert.ok(!daily.includes(name), name);
  assert.ok(daily.includes("seasonal-week"));
  assert.ok(!tried(watchOf(48, load)).includes("seasonal-week"), "3.5 readings a week");
  const alone = tried({ ...watchOf(6, load), twin: undefined, peer: undefined });
  assert.deepEqual(
    alone,
    names.filter((name) => !name.startsWith("less-")),
  );
});

test("a detector that subtracts another server's load needs that server's load", () => {
  const shared = watchOf(6, (hour) => load(hour) + hour / 10);
  const less = { ...shared, twin: watchOf(6, load).readings, peer: shared.readings };
  assert.ok(alarmsOf(less).includes("less-twin"));
  assert.ok(!alarmsOf(less).includes("less-peer"));
});

test("CUSUM finds a step soon and does not alarm on daily and weekly cycles", () => {
  const cusum = detectors.find(({ name }) => name === "cusum")!;
  const steps = watchOf(6, (hour) => ((hour * 37) % 11) + (hour > 24 * 14 ? 20 : 0));
  const until = (days: number) => ({ ...steps, readings: steps.readings.subarray(0, days * 4) });
  assert.ok(!cusum.alarms(until(14)));
  assert.ok(cusum.alarms(until(24)));
  for (const everyHours of [1, 6, 24]) assert.ok(!cusum.alarms(watchOf(everyHours, load)), `every ${everyHours} h`);
});

test("CUSUM keeps its false alarm rate on noise with daily and weekly cycles, on which plain tests alarm daily", () => {
  const cusum = detectors.find(({ name }) => name === "cusum")!;
  const noise = new Stream("detectors", "noise", 0, 0, 1);
  let alarms = 0;
  const servers = 300;
  for (let server = 0; server < servers; server++) {
    if (cusum.alarms(watchOf(6, (hour) => load(hour) * (1 + noise.draw(0))))) alarms++;
  }
  assert.ok(alarms <= 0.05 * servers, `${alarms} of ${servers}`);
});
