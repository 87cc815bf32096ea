/**
 * lab/studies/observation-advice.ts: worlds as they are said, and what it is worth to know which of them is the true
 * one.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadExperiment } from "../../../lab/experiment/experiment.ts";
import { observationAdvice, worldsOf, type World } from "../../../lab/studies/observation-advice.ts";
import { type HorizonValues, planAtHorizon } from "../../../lab/analysis/horizon-values.ts";
import type { Costs } from "../../../lab/studies/policy-costs.ts";
import type { Plan, PlannedPoint } from "../../../lab/experiment/plan.ts";

let point: PlannedPoint;

before(async () => {
  const experiment = await loadExperiment("restart-or-patch");
  const { scenario } = experiment;
  [point] = (await planAtHorizon(experiment, [{ index: 0, levels: {}, scenario }])).points;
});

test("a name alone stands for a quarter of what is assumed, for that, twice as likely, and for four times it", () => {
  assert.deepEqual(worldsOf("controlMsMedian", point), [
    { value: 7.5, weight: 0.25, setting: { controlMsMedian: 7.5 }, isAssumed: false },
    { value: 30, weight: 0.5, setting: { controlMsMedian: 30 }, isAssumed: true },
    { value: 120, weight: 0.25, setting: { controlMsMedian: 120 }, isAssumed: false },
  ]);
});

test("weights are shares of their sum, and 1 where they are not said", () => {
  const worlds = worldsOf("guardMode=control-commands:3,level-changes-too", point);
  assert.deepEqual(
    worlds.map(({ value }) => value),
    ["control-commands", "level-changes-too"],
  );
  assert.deepEqual(
    worlds.map(({ weight }) => weight),
    [0.75, 0.25],
  );
});

for (const [said, message] of [
  ["controlMs", /controlMs is no parameter of print-servers/],
  ["", /nothing is no parameter/],
  ["toString", /toString is no parameter/],
  ["guardMode", /say what it may be/],
  ["controlMsMedian=abc:1,30:1", /controlMsMedian is "abc"; a number in/],
  ["controlMsMedian=,30", /not said as/],
  ["controlMsMedian=10:0,30", /0 is no weight/],
  ["controlMsMedian=10:x,30", /x is no weight/],
  ["controlMsMedian=10:,30", /nothing is no weight/],
  ["controlMsMedian=10:1:1,30", /"10:1:1" is not said/],
  ["controlMsMedian=30", /1 values/],
  ["controlMsMedian=30,30", /twice/],
  ["controlMsMedian=1=2", /an unknown is said/],
  ["textShare", /textShare is 3.2; a share/],
  ["hotfixed=yes,no", /hotfixed is "yes"; true or false/],
] as const)
  test(`--unknown "${said}" is refused`, () => assert.throws(() => worldsOf(said, point), message));

test("knowing is worth what deciding anew in each world saves; counts that tell worlds apart are worth as much", () => {
  // One server for 10 days. Waiting costs 0 or 10 a day, patching 4 in either world, which are equally likely: on the
  // average 5 against 4. Who knows pays 2 on the average, and so saves 2 a day.
  const plan = { points: [{ scenario: { servers: 1, horizonDays: 10 } }] } as unknown as Plan;
  const world = (value: number): World => ({ value, weight: 0.5, setting: { leak: value }, isAssumed: value === 1 });
  const cost = (perDay: number): Costs => ({ quantities: [], perReplication: [perDay, perDay] });
  const leaks = [
    [10, 10],
    [0, 0],
    [1000, 1010],
    [0, 0],
  ];
  const outcomes = { servers: (place: number) => Float64Array.from(leaks[place]) } as unknown as HorizonValues;
  const advice = observationAdvice(plan, outcomes, {
    asIs: 0,
    worlds: [world(1), world(9)],
    policies: 2,
    costs: [cost(0), cost(4), cost(10), cost(4)],
  });
  assert.deepEqual(
    advice.worlds.map(({ best, cost: least }) => [best, least]),
    [
      [0, 0],
      [1, 4],
    ],
  );
  assert.deepEqual(
    advice.worlds.map(({ leaks: count }) => Math.round(count * 1e9) / 1e9),
    [7, 703.5],
  );
  assert.equal(advice.best, 1);
  assert.ok(Math.abs(advice.perfect - 20) < 1e-9, `${advice.perfect}`);
  assert.ok(Math.abs(advice.week - 20) < 1e-6, `${advice.week}`);
  // A week of waiting costs 5 a day on the average, one of patching 4.
  assert.ok(Math.abs(advice.waiting - 7) < 1e-9, `${advice.waiting}`);
});
