/** lab/analysis/projection.ts: the room below a limit, divided by the rate, for the limit that comes first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { projectionOf } from "../../../lab/analysis/projection.ts";
import type { LeakRate } from "../../../lab/analysis/leak-rates.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";

const responses = [
  { name: "dcs", unit: "1", role: "gauge", meaning: "-" },
  { name: "bytes", unit: "B", role: "gauge", meaning: "-" },
];
const limits = [
  { response: "dcs", eventTime: "dcsGoneUs", level: 250, base: 10 },
  { response: "bytes", eventTime: "bytesGoneUs", level: 1000 },
];
const point = { index: 0, resolved: { model: { responses, limits: () => limits }, values: {} } };
const plan = { points: [point] } as unknown as Plan;

function leak(ceiling: string, value: number, lower: number, upper: number, ceilingReached = 0): LeakRate {
  return { point, response: { ceiling }, rate: { value, lower, upper }, ceilingReached } as unknown as LeakRate;
}

/** Leaks of one size on two servers, each watched for 5 days. */
function observedLeak(ceiling: string, leakSize: number | undefined, ...observed: number[]): LeakRate {
  const value = (observed[0]! + observed[1]!) / 10;
  return {
    ...leak(ceiling, value, NaN, NaN),
    response: { ceiling, ...(leakSize === undefined ? {} : { leakSize }) },
    observed: Float64Array.from(observed),
    exposureServerDays: 10,
  } as unknown as LeakRate;
}

const project = (...leaks: LeakRate[]) => projectionOf(plan, plan.points[0], leaks);

test("the limit that is reached first is projected, with the interval of its rate", () => {
  const dcs = leak("dcsGoneUs", 2, 1, 4);
  const first = project(dcs, leak("bytesGoneUs", 5, 4, 6));
  assert.deepEqual(first, {
    resource: responses[0],
    leaks: [dcs],
    rate: dcs.rate,
    days: 120,
    lower: 60,
    upper: 240,
    rivals: [],
  });
});

test("a rate that may be 0 never exhausts at its lower limit", () => {
  assert.equal(project(leak("dcsGoneUs", 2, 0, 4))!.upper, Infinity);
});

test("a resource of which nothing leaked may run out earlier at the end of its interval", () => {
  const dcs = leak("dcsGoneUs", 2, 1, 4);
  const rivalsAt = (upper: number) => project(dcs, leak("bytesGoneUs", 0, 0, upper))!.rivals.map(({ name }) => name);
  // 1000 bytes last 120 days at 8.33 a day.
  assert.deepEqual([8.3, 8.4, NaN, 0].map(rivalsAt), [[], ["bytes"], ["bytes"], []]);
  assert.deepEqual(project(dcs)!.rivals, [], "without a leak that fills it");
});

test("nothing is projected where nothing leaked or a resource already ran out", () => {
  assert.equal(project(leak("dcsGoneUs", 0, 0, 0.1)), undefined);
  assert.equal(project(leak("dcsGoneUs", 2, 1, 4), leak("bytesGoneUs", 5, 4, 6, 3)), undefined);
});

test("a leak that did not occur does not hide another of the same resource", () => {
  assert.equal(project(leak("dcsGoneUs", 2, 1, 4), leak("dcsGoneUs", 0, 0, 0.1))!.days, 120);
});

test("leaks of one resource fill it together, even where each alone would need longer than another resource lasts", () => {
  const both = [observedLeak("dcsGoneUs", 1, 10, 12), observedLeak("dcsGoneUs", 3, 9, 15)];
  const { resource, days, lower, upper, rate } = project(...both, leak("bytesGoneUs", 10, 9, 11))!;
  assert.equal(resource.name, "dcs");
  // Sums of 19 and 27, as a third as many leaks of size 3: R gives
  // -> qgamma(0.975, 46 / 3 + 1) * 3 / 10 = 7.54659; qgamma(0.025, 46 / 3) * 3 / 10 = 2.59334
  // and for t 4.6 + qt(0.975, 1) * sd(c(19, 27)) / sqrt(2) / 5 = 14.76496, with a negative lower end.
  assert.ok(Math.abs(rate.value - 4.6) < 1e-12 && Math.abs(days - 240 / 4.6) < 1e-9);
  assert.ok(Math.abs(lower - 240 / 14.76496) < 1e-4, String(lower));
  assert.ok(Math.abs(upper - 240 / 2.593343) < 1e-4, String(upper));
});

test("the interval of a projection is unknown if that of the rate is", () => {
  const { days, lower, upper } = project(leak("dcsGoneUs", 2, NaN, NaN))!;
  assert.deepEqual([days, lower, upper], [120, NaN, NaN]);
  const unsized = project(observedLeak("dcsGoneUs", undefined, 10, 12), observedLeak("dcsGoneUs", 3, 12, 10))!;
  assert.deepEqual([unsized.days, unsized.lower], [240 / 4.4, NaN]);
});
