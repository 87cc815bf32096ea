/** Leaks to a ceiling: against exact laws, against a sum by hand, and what a restart changes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exhaustion } from "../../../models/rejuvenation/exhaustion.ts";
import { openStreams } from "../../../sim/streams.ts";
import { exponential } from "../../../sim/variates.ts";
import { sum } from "../../../statistics/estimate.ts";
import { exponentialLeaksSurvival } from "../../../statistics/exhaustion.ts";
import { assertAgrees, assertSliceInvariant, simulated } from "../print-servers/against-theory.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

const DAY = 86400e6;
const means = ["lifeUsPerExhaustion", "unavailability", "pricePerDay", "leakedBytes"];

test("exponential leaks exhaust a server after (1 + C / beta) / nu days on average", () => {
  assertAgrees(exhaustion, { exhaustedHours: 3 }, 20_000, means);
});

test("leaks of one size exhaust a resource after Erlang's time, and the last one counts whole", () => {
  // 1000 B take 143 leaks of 7 B.
  const settings = { leakLaw: "constant", leakBytesMean: 7, exhaustedHours: 3 };
  assertAgrees(exhaustion, settings, 20_000, means);
  const theory = exhaustion.closedForm!(valuesOf(exhaustion, settings), "lifeUsPerExhaustion")!;
  assert.ok(Math.abs(theory / DAY - 143 / 3) < 1e-9);
});

test("a restart at a planned age has the cost and the benefit of age replacement", () => {
  const planned = { restartDays: 80, exhaustedHours: 5, restartHours: 1 };
  assertAgrees(exhaustion, planned, 20_000, means, 0.05);
  assertAgrees(exhaustion, { ...planned, leakLaw: "constant" }, 20_000, means, 0.05);
});

test("the mean cycle length is unbiased with three cycles per server, where the cycles ended by the horizon are too short", () => {
  // Lives of ten leaks, one a day: the mean is 10 days; 20,000 servers give it a standard error of 0.02 days.
  const settings = { leakLaw: "constant", leaksPerDay: 1, leakBytesMean: 1, ceilingBytes: 10 };
  const { column } = simulated(exhaustion, settings, 180, 20_000);
  const total = (name: string) => sum(column(name));
  const [lives, mean] = [total("earlyExhaustions"), total("lifeDays") / total("earlyExhaustions")];
  assert.ok(lives > 8 * 20_000, `${lives} lives`);
  assert.ok(Math.abs(mean - 10) < 4 * Math.sqrt(10 / lives), `${mean} days`);
});

test("the first exhaustion has the survival of the exact law", () => {
  // 4,000 servers; 99.9 % bounds on the binomial share that is left.
  const exhausted = simulated(exhaustion, {}, 120, 4000).column("exhaustedUs");
  for (const days of [70, 80, 90, 100]) {
    const left = exhausted.filter((time) => !(time <= days * DAY)).length / 4000;
    const survival = exponentialLeaksSurvival(1000, 4, 3, days);
    const bound = 3.2905 * Math.sqrt((survival * (1 - survival)) / 4000);
    assert.ok(Math.abs(left - survival) <= bound, `after ${days} d ${left} are left, theory ${survival} +- ${bound}`);
  }
});

test("a server is exhausted by the hand-calculated leak", () => {
  const open = openStreams("theory", 0, { first: 0, count: 1 });
  const [gaps, sizes] = [open("leaks"), open("sizes")];
  let [now, held, leaks] = [0, 0, 0];
  while (held < 1000) {
    now += Math.max(1, Math.ceil(exponential(gaps.draw(0), DAY / 3)));
    held += exponential(sizes.draw(0), 4);
    leaks++;
  }
  const { column } = simulated(exhaustion, { exhaustedHours: 1e6 }, 400);
  assert.deepEqual(
    ["leaks", "leakedBytes", "exhaustedUs", "exhaustions"].map((name) => column(name)[0]),
    [leaks, held, now, 1],
  );
  // No life is longer than (251 + 10 sqrt(251) + 40) / 3 = 149.8 days; the first one counts after two of these.
  assert.deepEqual(
    ["earlyExhaustions", "lifeUs", "price"].map((name) => column(name)[0]),
    [1, now, 10],
  );
  const soon = simulated(exhaustion, { exhaustedHours: 1e6 }, 299).column;
  assert.deepEqual([soon("exhaustions")[0], soon("earlyExhaustions")[0], soon("lifeUs")[0]], [1, 0, 0]);
});

test("an early restart prevents exhaustion, and a leak at the same time comes first", () => {
  const { column } = simulated(exhaustion, { restartDays: 1 }, 1000);
  assert.deepEqual([column("exhaustions")[0], column("restarts")[0]], [0, 999]);
  assert.ok(Number.isNaN(column("exhaustedUs")[0]));
  assert.ok(exhaustion.kinds.indexOf("LEAKED") < exhaustion.kinds.indexOf("DUE"));
});

test("restarts change no leak before the first restart", () => {
  // The gaps and sizes of both are the same draws.
  const never = simulated(exhaustion, {}, 50).column("leakedBytes")[0];
  assert.equal(simulated(exhaustion, { restartDays: 60 }, 50).column("leakedBytes")[0], never);
});

test("a server of exhaustion is the same alone and next to others, sampled or not", () => {
  assertSliceInvariant(exhaustion, { restartDays: 80, exhaustedHours: 5, restartHours: 1 }, 1000);
});

test("a server that holds more than its ceiling is detected, and so is a wrong price sum", () => {
  const { instance } = simulated(exhaustion, {}, 10);
  instance.columns[1][0] = 0;
  assert.throws(() => instance.check(), /B of 0 B are held below a ceiling of 1000 B at server 0/);
  const other = simulated(exhaustion, {}, 200).instance;
  other.columns[3][0] += 1;
  assert.throws(() => other.check(), /2 exhaustions and 0 restarts are summed up at server 0/);
});
