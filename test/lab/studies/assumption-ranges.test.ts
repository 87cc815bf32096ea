/** lab/studies/assumption-ranges.ts: what is an assumption, and how far it may be off. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assumedRangesOf,
  settingsAt,
  settingsOfTrajectory,
  trajectoriesForAllPairs,
  type AssumedRange,
} from "../../../lab/studies/assumption-ranges.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import { planResults } from "../../../lab/experiment/plan.ts";

async function assumptions(experiment: Experiment, factor = 2): Promise<Map<string, AssumedRange>> {
  const { points } = planResults(experiment, await designPoints(experiment));
  return new Map(assumedRangesOf(experiment, points[0], factor).map((one) => [one.name, one]));
}

test("an assumption is every parameter that no article, decision, setting, factor or exclusion covers", async () => {
  const found = await assumptions(await loadExperiment("q223863"));
  assert.ok(found.has("controlMsMedian") && found.has("jobsPerDay") && found.has("emfHoldsDc"));
  // The article gives none of them; the sources of their defaults are samples, surveys and another product.
  for (const name of ["pagesMean", "rawChunkBytes", "portBytesPerSecond", "dcsMax"]) assert.ok(found.has(name), name);
  // Whatever the source says: the fleet's memory, and a switch that a manual describes.
  for (const name of ["ramBytes", "pagefileBytes", "printWhileSpooling"]) assert.ok(found.has(name), name);
  for (const name of ["edition", "hotfixed", "restartKind", "judge"]) assert.ok(!found.has(name), name);
  // Varied by the experiment; given by an article; assumed to be 0.
  for (const name of ["site", "spooler", "pagedPoolBytesMax", "emptyShare"]) assert.ok(!found.has(name), name);
  const guard = await assumptions(await loadExperiment("guard-window"));
  for (const name of ["controlMsMedian", "profile", "jobsPerDay", "unwindSigma"]) assert.ok(!guard.has(name), name);
});

test("a number ranges from a fraction to a multiple of the design point's value, within its limits", async () => {
  const found = await assumptions(await loadExperiment("q223863"), 4);
  const range = (name: string) => found.get(name)?.values;
  assert.deepEqual(range("controlMsMedian"), { from: 7.5, to: 120, scale: "logarithmic", whole: false });
  assert.deepEqual(range("controlSigma"), { from: 0.2, to: 3, scale: "logarithmic", whole: false });
  assert.deepEqual(range("printers"), { from: 10, to: 160, scale: "logarithmic", whole: true });
  // The office's, not the default of the parameter.
  assert.deepEqual(
    [found.get("deleteShare")?.assumed, range("deleteShare")],
    [0.02, { from: 0.005, to: 0.08, scale: "logarithmic", whole: false }],
  );
  assert.deepEqual(range("emfHoldsDc"), [false, true]);
  assert.deepEqual(range("guardMode"), ["control-commands", "level-changes-too"]);
});

test("a range of the sample has priority over any other source", async () => {
  const experiment = await loadExperiment("q223863");
  const range = (name: string, from: number, to: number) => {
    return { name, path: `parameters.${name}`, from, to, scale: "linear", whole: false } as const;
  };
  const ranges = [range("emptyShare", 0, 0.2), range("pagesMean", 1, 9)];
  const found = await assumptions({ ...experiment, sample: { method: "sobol", points: 1, ranges } });
  for (const one of ranges) assert.equal(found.get(one.name)?.values, one);
});

test("a point of the unit cube gives a setting of each range", () => {
  const common = { unit: "1", assumed: 1, min: 0, max: 9 };
  const all: AssumedRange[] = [
    { ...common, name: "a", values: { from: 1, to: 100, scale: "logarithmic", whole: false } },
    { ...common, name: "b", values: ["x", "y", "z"] },
  ];
  assert.deepEqual(settingsAt(all, [0, 0]), { a: 1, b: "x" });
  assert.deepEqual(settingsAt(all, [0.5, 0.4]), { a: 10, b: "y" });
  assert.deepEqual(settingsAt(all, [1, 1]), { a: 100, b: "z" });
});

test("as many trajectories as the longest list has pairs of values cover all pairs", () => {
  const word = (values: string[]): AssumedRange => ({ name: "b", unit: "", assumed: "x", values, min: NaN, max: NaN });
  assert.equal(trajectoriesForAllPairs([]), 0);
  const five = word(["v", "w", "x", "y", "z"]);
  const trajectories = trajectoriesForAllPairs([word(["x", "y"]), five]);
  assert.equal(trajectories, 10);
  const pairs = Array.from({ length: trajectories }, (_, i) =>
    [0, 1].map((level) => settingsOfTrajectory([five], [level], i).b).join(),
  );
  assert.equal(new Set(pairs).size, 10);
});

test("a trajectory changes a word from one value to another, and trajectories cover all pairs in turn", () => {
  const word: AssumedRange = { name: "b", unit: "", assumed: "x", values: ["x", "y", "z"], min: NaN, max: NaN };
  const ends = (trajectory: number) => [0, 2 / 3].map((level) => settingsOfTrajectory([word], [level], trajectory).b);
  assert.deepEqual([0, 1, 2, 3].map(ends), [
    ["x", "y"],
    ["x", "z"],
    ["y", "z"],
    ["x", "y"],
  ]);
});
