/** lab/reports/chart-layout.ts: series, panels and axes out of design points. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisLayout, curveLayout, levelName, PANELS_MAX } from "../../../lab/reports/chart-layout.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { planResults, type Plan } from "../../../lab/experiment/plan.ts";
import { plan } from "../../support/fake-results.ts";

/** A plan of these factors, fully crossed. */
function crossed(factors: Readonly<Record<string, readonly string[]>>, compared?: string): Plan {
  const all = Object.entries(factors);
  const levels = all.reduce<Record<string, string>[]>(
    (rows, [name, own]) => rows.flatMap((row) => own.map((level) => ({ ...row, [name]: level }))),
    [{}],
  );
  const named = all.map(([name, own]) => ({ name, levels: own.map((level) => ({ name: level, settings: {} })) }));
  const compare = compared && { factor: compared, baseline: factors[compared][0], against: factors[compared][1] };
  const points = levels.map((own, index) => ({ ...plan.points[0], index, levels: own }));
  return planResults({ ...plan.experiment, factors: named, compare: compare || undefined }, points);
}

const words = (count: number, stem = "level") => Array.from({ length: count }, (_, i) => `${stem}${i}`);

test("the compared factor makes the series, and the others make the panels", () => {
  const factors = { spooler: ["buggy", "fixed"], site: ["office", "mainframe"], load: ["1", "2"] };
  const layout = curveLayout(crossed(factors, "spooler"));
  assert.deepEqual(layout.series, ["buggy", "fixed"]);
  assert.deepEqual(
    layout.panels.map(({ name }) => name),
    ["office, load 1", "office, load 2", "mainframe, load 1", "mainframe, load 2"],
  );
  assert.deepEqual(
    layout.panels[0].points.map(({ series, point }) => [series, point.index]),
    [
      [0, 0],
      [1, 4],
    ],
  );
});

test("without a comparison the last factor with few levels makes the series", () => {
  const layout = curveLayout(crossed({ few: words(3), many: words(9) }));
  assert.deepEqual([layout.series, layout.panels.length], [words(3), 9]);
  const alone = curveLayout(crossed({}));
  assert.deepEqual([alone.series, alone.panels.map(({ name }) => name)], [["all"], [""]]);
});

test("with too many levels the two compared ones are drawn, and with too many panels the first ones", () => {
  const layout = curveLayout(crossed({ a: words(20), b: words(21) }, "b"));
  assert.deepEqual(layout.series, ["level0", "level1"]);
  assert.deepEqual([layout.panels.length, layout.left], [PANELS_MAX, 20 - PANELS_MAX]);
});

test("all upgrade paths are drawn, including the trap", async () => {
  const experiment = await loadExperiment("restart-or-patch");
  const layout = curveLayout(planResults(experiment, await designPoints(experiment)));
  assert.deepEqual(layout.series.slice(-4), ["hotfix", "sp6", "hotfix-then-sp6", "hotfix-key-sp6"]);
  assert.deepEqual([layout.series[0], layout.levelsLeft], ["wait", 0]);
});

test("numbers lie along the axis, and words where there are no numbers", () => {
  const numbers = axisLayout(crossed({ rate: ["1", "2", "4"], site: ["a", "b"] }));
  assert.deepEqual([numbers.axis!.name, numbers.axis!.isOfNumbers, numbers.series], ["rate", true, ["a", "b"]]);
  const named = axisLayout(crossed({ spooler: ["buggy", "fixed"], site: ["a", "b"] }, "spooler"));
  assert.deepEqual([named.axis!.name, named.axis!.isOfNumbers, named.series], ["site", false, ["buggy", "fixed"]]);
  assert.equal(axisLayout(crossed({})).axis, undefined);
});

test("the points of a sample lie along the axis and make no panels", () => {
  const sampled = crossed({ spooler: ["buggy", "fixed"], a: ["0.1", "0.7"], b: ["3", "9"] });
  const [spooler] = sampled.experiment.factors;
  const range = (name: string) => ({ name, path: name, from: 0, to: 1, scale: "linear", whole: false }) as const;
  const sample = { method: "sobol" as const, points: 2, ranges: [range("a"), range("b")] };
  const layout = axisLayout({ ...sampled, experiment: { ...sampled.experiment, factors: [spooler], sample } });
  assert.deepEqual([layout.axis!.name, layout.panels.map(({ name }) => name)], ["a", [""]]);
});

test("a numeric level is named with its factor, a word by itself", () => {
  assert.deepEqual([levelName("rate", "2"), levelName("site", "office")], ["rate 2", "office"]);
});
