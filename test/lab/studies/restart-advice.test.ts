/**
 * lab/studies/restart-advice.ts: the interval of a fleet whose best one is known, and intervals that a calendar
 * keeps.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineRunner } from "../../../lab/execution/inline-runner.ts";
import { execute, type Runner } from "../../../lab/execution/run.ts";
import { restartAdvice } from "../../../lab/studies/restart-advice.ts";
import type { PolicyYear } from "../../../lab/studies/policy-costs.ts";
import { restartHoursOf } from "../../../lab/studies/restart-calendar.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { prices, simulatedByHand, upkeep } from "../../cases/year-by-hand.ts";
import { recommended } from "../../cases/known-optimum.ts";

test("intervals longer than the horizon, or different from the calendar's, are not tried", () => {
  const weeks = (...counts: number[]) => counts.map((count) => 168 * count);
  assert.deepEqual(restartHoursOf(2, 1), { hours: [6, 12, 24, 48], longerHours: [] });
  assert.deepEqual(restartHoursOf(0.2, 1), { hours: [], longerHours: [] });
  assert.deepEqual(restartHoursOf(28, 24), { hours: [24, 48, 96, 168, 336], longerHours: weeks(3, 4) });
  assert.deepEqual(restartHoursOf(28, 168), { hours: weeks(1, 2), longerHours: weeks(3, 4) });
  assert.deepEqual(restartHoursOf(364, 1).longerHours, weeks(3, 4, 6, 8, 12, 16, 24, 32, 48, 52));
  assert.deepEqual(restartHoursOf(10.3, 24), { hours: [24, 48, 96, 168], longerHours: [240] });
});

test("intervals are not compared if the fleet's first server runs out of what restarts keep, within the year", async () => {
  // Ten leaks in 300 days: the first of 400 servers may have 40 on day 329, and one server on day 466
  // (policy-fate.test.ts).
  const keeping = { ...upkeep, restart: { ...upkeep.restart, keeps: () => ["units"] } };
  const { plan, values } = simulatedByHand({ units: (day) => Math.floor(day / 30) }, 0, 300);
  const isKept = async (scale: number, kept: Upkeep = keeping) => {
    const simulated = { plan, values, unattended: 0, hours: [], longerHours: [] };
    const none = () => Promise.reject(new Error("nothing to simulate"));
    return (await restartAdvice(simulated, { prices, upkeep: kept, scale }, { seen: none, fresh: none })).isKept;
  };
  assert.deepEqual([await isKept(1), await isKept(400), await isKept(400, upkeep)], [undefined, true, undefined]);
});

test("the chosen interval is near the best, between those tried, and its confidence interval covers it", async () => {
  const ran: { readonly seed: string; readonly hours: unknown }[] = [];
  const recording: Runner = (runs, signal) => {
    return inlineRunner((run) => {
      ran.push({ seed: run.seed, hours: run.scenario.parameters.restartEveryHours });
      return execute(run, signal);
    })(runs, signal);
  };
  const { chosen, rows } = await recommended("restart-advice", {}, recording);
  assert.equal(chosen!.by, "formula");
  const judging = ran.filter(({ seed }) => seed !== "restart-advice");
  assert.ok(judging.length > 0, "what was chosen is judged on replications that did not choose it");
  assert.ok(judging.every(({ hours }) => hours === chosen!.hours));
  assert.ok(chosen!.hours > 48 && chosen!.hours < 84, `${chosen!.hours} h`);
  const { value, lower, upper } = chosen!.cost;
  assert.ok(lower <= value && value <= upper);
  const tried = rows.map(({ cost }) => cost.value);
  assert.ok(value < Math.min(...tried), "cheaper than every interval that was tried");
});

test("an interval of the formula that costs more than a simulated one is not chosen", async () => {
  const dear = (year: PolicyYear, hours: number, isFresh: boolean) => {
    return isFresh && hours !== 48 ? { ...year, costs: year.costs.map((cost) => 2 * cost) } : year;
  };
  const { chosen } = await recommended("restart-advice", {}, undefined, [], dear);
  assert.deepEqual([chosen!.hours, chosen!.by], [48, "simulation"]);
});

test("the formula has one price of restarts at one hour of the day, and another of those at all hours", async () => {
  const busyAtMidnight = (year: PolicyYear, hours: number) => {
    const factor = hours % 24 === 0 ? 1.4 : 1;
    const [amounts, costs] = [year.amounts.map((own) => own.map((one) => factor * one)), year.costs];
    return { ...year, amounts, costs: costs.map((cost) => factor * cost) };
  };
  const { chosen, rows } = await recommended("restart-advice", {}, undefined, [], busyAtMidnight);
  assert.equal(chosen!.by, "formula");
  assert.notEqual(chosen!.hours % 24, 0);
  for (const { cost, formula } of rows.filter(({ hours }) => hours <= 48)) {
    assert.ok(Math.abs(formula / cost.value - 1) < 0.1, `${cost.value}, by the formula ${formula}`);
  }
});

test("an interval after which the queue may keep growing is not chosen, and does not refute the formula", async () => {
  // If it costs nothing that jobs wait, the formula knows no cost of a late restart, and half of the lives of 40 leaks
  // are shorter than 96 h.
  const free = ["staffHour=0", "stuckJobHour=0", "unprintedJob=0"];
  const { chosen, rows } = await recommended("restart-advice", {}, undefined, free);
  assert.deepEqual(rows.at(-1), { ...rows.at(-1), hours: 96, drains: false });
  assert.deepEqual([chosen!.hours, chosen!.by], [48, "simulation"]);
  const growing = (year: PolicyYear, hours: number, isFresh: boolean) => {
    if (isFresh || hours !== 48) return year;
    return { ...year, drains: false, amounts: year.amounts.map((amounts) => amounts.map((amount) => 3 * amount)) };
  };
  const other = await recommended("restart-advice", {}, undefined, [], growing);
  assert.equal(other.chosen!.by, "formula");
});

test("a formula that agrees with no simulated interval chooses none", async () => {
  const seen = (year: PolicyYear, _: number, isFresh: boolean) => ({ ...year, drains: isFresh });
  assert.equal((await recommended("first", {}, undefined, [], seen)).chosen, undefined);
});

test("a longer interval whose consequences are not known fits into the simulated days all the same", async () => {
  const of = async (unseen: "calendar" | "consequences") => {
    const like = (year: PolicyYear, hours: number) =>
      hours > 48 ? { ...year, fate: { ...year.fate, kind: "unseen" as const, unseen } } : year;
    const { chosen } = await recommended("restart-advice", {}, undefined, [], like);
    return [chosen!.hours, chosen!.isLongest];
  };
  assert.deepEqual(await of("calendar"), [48, true]);
  assert.deepEqual(await of("consequences"), [48, false]);
});

test("an interval that the simulation chose has no confidence interval if too few servers ran out", async () => {
  // Servers that are restarted today give no formula. Few lives of 34 leaks are shorter than 48 h.
  const { chosen } = await recommended("restart-advice", { dcsMax: 34, restartEveryHours: 200 });
  assert.deepEqual([chosen!.by, chosen!.hours], ["simulation", 48]);
  assert.deepEqual([chosen!.cost.lower, chosen!.cost.upper], [NaN, NaN]);
  assert.ok(chosen!.cost.value > 1095 * 0.3);
});

test("an interval that was the cheapest by luck is not chosen", async () => {
  // With this seed, few of the lives of 46 leaks are shorter than 96 h: that interval costs 0.35 a day, and 0.67 on
  // fresh replications. Every 48 h costs 0.40 on both.
  const { chosen, rows } = await recommended("b", { dcsMax: 46, restartEveryHours: 200 });
  assert.ok(rows.at(-1)!.hours === 96 && rows.at(-1)!.cost.value < 1095 * 0.35);
  assert.deepEqual([chosen!.hours, chosen!.by], [48, "simulation"]);
  assert.ok(Math.abs(chosen!.cost.value / 1095 - 0.4) < 0.01, String(chosen!.cost.value));
});

test("if restarts have a day and an hour, the advised interval is one that the calendar keeps", async () => {
  const { chosen } = await recommended("restart-advice", { restartAtHour: 3 });
  assert.equal(chosen!.hours % 24, 0);
});
