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

const project = (...leaks: LeakRate[]) => projectionOf(plan, plan.points[0], leaks);

test("the limit that is reached first is projected, with the interval of its rate", () => {
  const dcs = leak("dcsGoneUs", 2, 1, 4);
  const first = project(dcs, leak("bytesGoneUs", 5, 4, 6));
  assert.deepEqual(first, { resource: responses[0], leak: dcs, days: 120, lower: 60, upper: 240 });
});

test("a rate that may be 0 never exhausts at its lower limit", () => {
  assert.equal(project(leak("dcsGoneUs", 2, 0, 4))!.upper, Infinity);
});

test("nothing is projected where nothing leaked or a resource already ran out", () => {
  assert.equal(project(leak("dcsGoneUs", 0, 0, 0.1)), undefined);
  assert.equal(project(leak("dcsGoneUs", 2, 1, 4), leak("bytesGoneUs", 5, 4, 6, 3)), undefined);
});

test("a leak that did not occur does not hide another of the same resource", () => {
  assert.equal(project(leak("dcsGoneUs", 2, 1, 4), leak("dcsGoneUs", 0, 0, 0.1))!.days, 120);
});
