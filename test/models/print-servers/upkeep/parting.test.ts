/** models/print-servers/upkeep/parting.ts: policies are the same until they part, and not much longer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SliceSimulator } from "../../../../lab/execution/slice-simulator.ts";
import type { Settings } from "../../../../models/contract/parameters.ts";
import { catalogue } from "../../../../models/catalogue.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { partsAt } from "../../../../models/print-servers/upkeep/parting.ts";
import { attendedScenarios, valuesOf } from "../lockstep.ts";

const HOUR_US = 3600e6;
const COUNT = 2;
const hours = (one: Settings, other: Settings) =>
  partsAt(valuesOf(printServers, one), valuesOf(printServers, other)) / HOUR_US;

test("policies diverge at the first restart or visit of either", () => {
  assert.equal(hours({}, { restartEveryHours: 168 }), 168);
  assert.equal(hours({ restartEveryHours: 24 }, { restartEveryHours: 168 }), 24);
  assert.equal(hours({}, { restartEveryHours: 24, restartOn: "weekend", restartAtHour: 3 }), 5 * 24 + 3);
  const patched = { patchOrder: "hotfix", patchAtDays: 2, windowStartHour: 0, windowHours: 24 };
  assert.equal(hours({}, patched), 48);
  assert.equal(hours({ restartEveryHours: 36 }, patched), 36);
  assert.equal(hours({}, { ...patched, windowDays: "weekend", windowStartHour: 6, windowHours: 6 }), 5 * 24 + 6);
});

test("other differences count from the start, and equal lists have none", () => {
  assert.equal(hours({}, { restartEveryHours: 168, thinkSecondsMean: 7 }), 0);
  assert.equal(hours({}, { restartEveryHours: 168, restartKind: "reboot" }), 0);
  const hourShares = Array(24)
    .fill(1 / 24)
    .join(" ");
  assert.equal(hours({ hourShares }, { hourShares, restartEveryHours: 9 }), 9);
});

const policies = fc.record({
  restartEveryHours: fc.constantFrom(0, 0.05, 0.1, 0.3),
  patchOrder: fc.constantFrom("none", "hotfix", "hotfix-sp6"),
  patchAtDays: fc.constantFrom(0, 0.003, 0.01),
  staggerMinutes: fc.constantFrom(0, 0.5),
});

test("a slice that continues the past of another policy gives the same results as alone", () => {
  let shared = 0;
  fc.assert(
    fc.property(
      attendedScenarios,
      policies,
      policies,
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      (one, was, will, at) => {
        const settings = { ...one.settings, sp5Share: 0, sp6Share: 0, servicePack: "4", edition: "NTS" };
        const values = [was, will].map((policy) => valuesOf(printServers, { ...settings, ...policy }));
        const horizon = one.minutes * 60e6;
        const parting = Math.min(partsAt(values[0], values[1]), horizon);
        const resultOf = ({ simulation, instance }: ReturnType<SliceSimulator["start"]>) => {
          simulation.run(horizon);
          instance.observe(horizon);
          instance.check();
          const digests = [...Array(COUNT).keys()].map((subject) => simulation.digest.of(subject));
          return [...digests, ...instance.columns.map((column) => column.join())].join("\n");
        };
        const starts = [one.seed, one.replication, 4] as const;
        const simulator = new SliceSimulator(catalogue["print-servers"], values[0], COUNT);
        const expected = values.map((each) => {
          return resultOf(new SliceSimulator(catalogue["print-servers"], each, COUNT).start(each, ...starts));
        });
        for (let time = 0; time < 2; time++) {
          simulator.start(values[0], ...starts).simulation.run(Math.floor(at * parting));
          const past = simulator.past();
          // Another slice in between has no effect.
          resultOf(simulator.started);
          const continued = simulator.continue(past, values[1], ...starts);
          if (continued === undefined) return;
          if (parting > 0) shared++;
          assert.equal(resultOf(continued), expected[1]);
          assert.equal(resultOf(simulator.start(values[0], ...starts)), expected[0]);
        }
      },
    ),
    { numRuns: 30 },
  );
  assert.ok(shared > 10, `${shared} shared`);
});
