/** lab/studies/outlook.ts: rates before exhaustion, and the day on which something runs out, against lives by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HorizonValues } from "../../../lab/analysis/horizon-values.ts";
import {
  chanceBy,
  chanceOnClock,
  firstOutDay,
  outlookOf,
  overshoot,
  rateBeforeExhaustion,
  type LeakRate,
  type Outlook,
} from "../../../lab/studies/outlook.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { integral } from "../../../statistics/quadrature.ts";
import { gammaQuantile } from "../../../statistics/gamma.ts";
import { erlangDensity } from "../../../statistics/erlang.ts";

const DAY_US = 86400e6;
const upkeep = { noticed: "noticedUs", fixed: "fixedUs" } as Upkeep;

/** A model whose servers have room for 40 units, of which a leak takes two. */
const model = {
  responses: [{ name: "units", unit: "1", role: "leak", meaning: "", ceiling: "fullUs", leakSize: "unitsPerLeak" }],
  limits: () => [{ response: "level", eventTime: "fullUs", level: 50, base: 10 }],
};

/** Servers sampled daily: of each, its units at the end of each day, and when it was noticed and fixed [d]. */
function planOf(units: readonly number[][], noticed: readonly number[] = [], fixed: readonly number[] = []) {
  const [days] = units.map((row) => row.length);
  const column = (name: string, sample: number) => {
    if (name === "units") return units.map((row) => row.at(sample)!);
    const list = name === "noticedUs" ? noticed : fixed;
    return units.map((_, server) => (list[server] ?? NaN) * DAY_US);
  };
  const values = {
    times: () => Array.from({ length: days }, (_, day) => (day + 1) * DAY_US),
    servers: (_: number, name: string, sample = -1) => Float64Array.from(column(name, sample)),
  } as unknown as HorizonValues;
  const point = { resolved: { model, values: { unitsPerLeak: 2 } }, scenario: { servers: units.length } };
  return { values, plan: { points: [point] } as unknown as Plan };
}

test("a server that has run out or was fixed adds nothing to the rate", () => {
  // Four a day until day 2, when both stop leaking. Over all five days it would be 1.6 a day.
  const rows = [
    [4, 8, 8, 8, 8],
    [4, 8, 8, 8, 8],
  ];
  const { values } = planOf(rows, [2.4], [NaN, 2]);
  const { perDay, interval, dispersion } = rateBeforeExhaustion(values, 0, upkeep, "units");
  assert.equal(perDay, 4);
  assert.equal(dispersion, 1);
  assert.ok(interval.lower < 4 && interval.upper > 4);
});

test("the forecast day is that of as many leaks as the room holds, within its interval", () => {
  const { plan, values } = planOf([
    [4, 8, 12],
    [4, 8, 12],
  ]);
  const outlook = outlookOf(plan, values, 0, upkeep)!;
  assert.equal(outlook.resource.name, "level");
  assert.equal(outlook.lifetime.leaks, 20, "40 units of room, two a leak");
  assert.equal(outlook.perDay, 4);
  assert.equal(outlook.days, 10);
  assert.ok(outlook.between.lower > 3 && outlook.between.lower < 10);
  assert.ok(outlook.between.upper > 10 && outlook.between.upper < 40);
});

test("without leaks the rule of three gives the least time to exhaustion", () => {
  const { plan, values } = planOf([[0, 0, 0]]);
  const outlook = outlookOf(plan, values, 0, upkeep)!;
  assert.equal(outlook.days, Infinity);
  assert.equal(outlook.between.upper, Infinity);
  // One leak a day at most: 20 of them, the earliest 2.5 %.
  assert.ok(outlook.between.lower > 10 && outlook.between.lower < 14, `${outlook.between.lower}`);
});

test("the mean overshoot of an interval over a cycle is the integral over its density", () => {
  const rate: LeakRate = { perDay: 9, interval: { lower: 8, upper: 10 }, dispersion: 1 };
  for (const days of [2.5, 4, 7]) {
    const [mean, square] = overshoot({ leaks: 40, rate }, 9, days);
    const over = (power: number) => {
      return integral((life) => 9 * erlangDensity(40, 9 * life) * (days - life) ** power, 0.01, days, 400);
    };
    assert.ok(Math.abs(mean - over(1)) < 1e-9 * Math.max(1, mean), `${days} d: ${mean}, not ${over(1)}`);
    assert.ok(Math.abs(square - over(2)) < 1e-9 * Math.max(1, square), `${days} d: ${square}, not ${over(2)}`);
  }
});

test("the chance that a lifetime has ended is that of a gamma law with the dispersion of its leaks", () => {
  const rate: LeakRate = { perDay: 2, interval: { lower: 1, upper: 3 }, dispersion: 2 };
  // Shape 4 / 2 and 3 * 2 / 2 scales: 1 - exp(-3) (1 + 3), Erlang's law.
  assert.ok(Math.abs(chanceBy({ leaks: 4, rate }, 3) - (1 - 4 * Math.exp(-3))) < 1e-12);
});

test("before the first day, none of the servers has run out with a probability of 0.975", () => {
  const rate: LeakRate = { perDay: 9, interval: { lower: 9, upper: 9 }, dispersion: 2 };
  const lifetime = { leaks: 40, rate };
  for (const servers of [1, 2, 400]) {
    const lower = (2 / 9) * gammaQuantile(0.025, 20);
    const day = firstOutDay({ lifetime, between: { lower, upper: Infinity } } as Outlook, servers);
    assert.ok(Math.abs((1 - chanceBy(lifetime, day)) ** servers - 0.975) < 1e-9, `${servers} servers: day ${day}`);
  }
});

test("whether some leaks fill their room before others reach a level depends on how they come together", () => {
  // Every leak raises the level by one and uses up one: 39 of them never need 40.
  const ticks = [100, 120, 80, 90, 110, 130];
  assert.equal(chanceOnClock(ticks, ticks, 40, 39), 0);
  assert.equal(chanceOnClock(ticks, ticks, 40, 40), 1);
  assert.equal(chanceOnClock([50, 60], [100, 120], 40, 79), 0, "every other one, on two servers");
  assert.equal(chanceOnClock([0, 0], [100, 120], 40, 1e9), 0, "none at all");
  assert.equal(chanceOnClock([], [], 40, 10), 0);
  // Half of them, by chance: of 70 leaks, at least 40 use up one with probability 0.14: R's pbinom(39, 70, 0.5, lower =
  // FALSE). Leaks that do not come together would do so with 0.22: pgamma(35, 40).
  const half = [50 - 5, 60 + 5.5, 40 + 4.5, 45 - 4.7, 55 - 5.2, 65 + 5.7];
  const chance = chanceOnClock(half, ticks, 40, 70);
  assert.ok(chance > 0.11 && chance < 0.17, String(chance));
  // Two servers are too few to see that they vary less than independent ones.
  assert.ok(chanceOnClock([45, 65], [100, 120], 40, 70) > 0.15);
});
