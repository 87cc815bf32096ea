/**
 * lab/analysis/horizon-values.ts: what responses came to, server by server, whatever the order in which results
 * arrive.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { HorizonValues, planAtHorizon } from "../../../lab/analysis/horizon-values.ts";
import { changed } from "../../../lab/experiment/design-point.ts";
import { arriving, plan, resultOf, results } from "../../support/fake-results.ts";

const DAY_US = 86400e6;
const names = ["fullUs", "bytes"];

test("servers are listed replication by replication, at the horizon", async () => {
  const outcomes = await HorizonValues.from(plan, names, arriving(results));
  assert.deepEqual([...outcomes.servers(0, "bytes")], [0, 100, 200, 100, 200, 300]);
  assert.deepEqual([...outcomes.servers(1, "bytes")], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...outcomes.servers(0, "fullUs")], [NaN, NaN, DAY_US, NaN, 1.5 * DAY_US, DAY_US / 2]);
});

test("a total is that of the fleet in each replication, and for an event time the number of servers with the event", async () => {
  const outcomes = await HorizonValues.from(plan, names, arriving(results));
  assert.deepEqual([...outcomes.totals(0, "bytes")], [300, 600]);
  assert.deepEqual([...outcomes.totals(0, "fullUs")], [1, 2]);
  assert.deepEqual([...outcomes.totals(1, "fullUs")], [0, 0]);
});

test("earlier sample times are included, and the last is the horizon", async () => {
  const outcomes = await HorizonValues.from(plan, names, arriving(results));
  const times = outcomes.times(0);
  assert.ok(times.length > 1);
  assert.deepEqual(outcomes.servers(0, "bytes", times.length - 1), outcomes.servers(0, "bytes"));
  assert.notDeepEqual(outcomes.servers(0, "bytes", 0), outcomes.servers(0, "bytes"));
});

test("totals since a sample time are those that came after it, and all of them without one", async () => {
  const outcomes = await HorizonValues.from(plan, names, arriving(results));
  const times = outcomes.times(0);
  const [early, all] = [outcomes.totals(0, "bytes", 0), outcomes.totals(0, "bytes")];
  assert.deepEqual(outcomes.totalsSince(0, "bytes", undefined), all);
  assert.deepEqual([...outcomes.totalsSince(0, "bytes", 0)], [all[0]! - early[0]!, all[1]! - early[1]!]);
  assert.deepEqual([...outcomes.totalsSince(0, "bytes", times.length - 1)], [0, 0]);
  assert.equal(outcomes.daysSince(0, undefined), times.at(-1)! / DAY_US);
  assert.equal(outcomes.daysSince(0, 0), (times.at(-1)! - times[0]!) / DAY_US);
});

test("slices that arrive in any order give the same values", async () => {
  const whole = await HorizonValues.from(plan, names, arriving(results));
  const slices = [
    resultOf(1, 1, 0, 3),
    resultOf(0, 1, 2, 1),
    resultOf(0, 0, 1, 2),
    resultOf(1, 0, 0, 3),
    resultOf(0, 1, 0, 2),
    resultOf(0, 0, 0, 1),
  ];
  const sliced = await HorizonValues.from(plan, names, arriving(slices));
  for (const point of [0, 1]) {
    for (const name of names) assert.deepEqual(sliced.servers(point, name), whole.servers(point, name));
  }
});

test("a plan has one sample time at the horizon, and the initial number of replications", async () => {
  const experiment = await loadExperiment("restart-or-patch");
  const [point] = plan.points;
  const { scenario } = experiment;
  const made = await planAtHorizon({ ...experiment, until: { response: "x" } as never }, [
    changed({ ...point, scenario }, { restartEveryHours: 5 }, { horizonDays: 2 }),
  ]);
  assert.equal(made.experiment.until, undefined);
  assert.equal(made.points[0].scenario.sampleEveryHours, 48);
  assert.equal(made.points[0].resolved.values.restartEveryHours, 5);
  assert.equal(made.points[0].scenario.servers, scenario.servers);
});
