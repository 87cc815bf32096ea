/** lab/reports/charts.ts: what is drawn is what was found. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chartsOf } from "../../../lab/reports/charts.ts";
import { readResults, type Results } from "../../../lab/reports/results-reader.ts";
import type { Chart, ChartGroup } from "../../../page/chart.ts";
import { significant } from "../../../lab/reports/format.ts";
import { mean, meanEstimate } from "../../../statistics/estimate.ts";
import { survivalBands } from "../../../statistics/survival.ts";
import { leaking, queues, remove, resultsOf, single } from "../../support/small-results.ts";

const folders: string[] = [];
const known: { results: Results; groups: ChartGroup[] }[] = [];

before(async () => {
  for (const yaml of [leaking, queues, single]) {
    folders.push(await resultsOf(yaml));
    const results = await readResults(folders.at(-1)!);
    known.push({ results, groups: await chartsOf(results) });
  }
});
after(() => Promise.all(folders.map(remove)));

/** The chart of this name among those of the leaking fleet, of the kind that it is. */
function chart<Kind extends Chart["kind"]>(id: string, kind: Kind, of = 0): Extract<Chart, { kind: Kind }> {
  const found = known[of].groups.flatMap(({ charts }) => charts).find((one) => one.id === id);
  assert.equal(found?.kind, kind, id);
  return found as Extract<Chart, { kind: Kind }>;
}

test("each experiment has the charts that its results allow", () => {
  const ids = known.map(({ groups }) => groups.map(({ id }) => id).join(" "));
  assert.deepEqual(ids, ["courses survival pairs rates means servers", "means courses servers", "courses"]);
});

test("every chart has a unique name, a title and a summary, and no panel is empty", () => {
  for (const { groups } of known) {
    const charts = groups.flatMap((group) => group.charts);
    assert.equal(new Set(charts.map(({ id }) => id)).size, charts.length);
    for (const { id, title, summary, panels } of charts) {
      assert.match(id, /^[a-zA-Z-]+$/);
      assert.ok(title !== "" && /[^ ].*\.$/.test(summary), id);
      assert.ok(panels.length > 0, id);
    }
    assert.doesNotMatch(JSON.stringify(charts), /NaN|undefined/);
  }
});

test("quantiles over servers are given only if the nearest rank of each is near it", async (t) => {
  const folder = await resultsOf(single.replace("servers: 2", "servers: 10"));
  t.after(() => remove(folder));
  const ten = (await chartsOf(await readResults(folder))).flatMap((group) => group.charts)[0];
  assert.ok(ten?.kind === "curves");
  assert.deepEqual(
    ten.panels[0]!.curves[0]!.more?.map(({ name }) => name),
    ["median server", "90 % of servers below"],
  );
  // Of 3 servers, the greatest would be the one that 90 % are below.
  assert.equal(chart("over-time-processorsLeaked", "curves").panels[0]!.curves[0]!.more, undefined);
});

test("a leak chart begins at 0 and ends at the comparison's value", () => {
  const { results } = known[0];
  const { panels, series } = chart("over-time-processorsLeaked", "curves");
  assert.deepEqual(
    [series, panels.map(({ name }) => name)],
    [
      ["buggy", "fixed"],
      ["many", "few"],
    ],
  );
  for (const [p, { curves }] of panels.entries()) {
    const [buggy, fixed] = curves;
    assert.deepEqual([buggy.x[0], buggy.y[0], buggy.x.at(-1)], [0, 0, 3]);
    assert.ok(fixed.y.every((value) => value === 0));
    const found = results.findings.comparisons.filter(({ response }) => response.name === "processorsLeaked")[p];
    assert.equal(buggy.y.at(-1), Number(found.baselineMean.toPrecision(6)));
    assert.ok(buggy.lower!.every((lower, i) => lower! <= buggy.y[i]! && buggy.y[i]! <= buggy.upper![i]!));
  }
});

test("bytes are drawn in a unit of their size", () => {
  const { y, panels } = chart("over-time-leakedPrivateBytes", "curves");
  assert.match(y, /\[(MB|kB)\]$/);
  assert.ok(panels[0].curves[0].y.at(-1)! < 1000);
  const { summary } = chart("over-time-privateBytes", "curves");
  assert.match(summary, / The ceiling is [\d.]+ MB\.$/, "a ceiling has the unit of the estimates");
});

test("survival curves fall from 100 % as servers have the event", () => {
  const { panels, yMax, shape } = chart("survival-dcCeiling", "curves");
  assert.deepEqual([yMax, shape, panels.map(({ name }) => name)], [100, "step", ["few"]]);
  const [buggy, fixed] = panels[0].curves;
  assert.deepEqual([buggy.y[0], buggy.x.at(-1)], [100, 3]);
  assert.ok(buggy.y.every((share, i) => i === 0 || share! <= buggy.y[i - 1]!));
  assert.deepEqual([fixed.y, fixed.lower, fixed.upper], [[100, 100], undefined, undefined]);
});

test("a survival curve has Greenwood's band from its first step, and its text alternative gives an interval", () => {
  const { panels, summary } = chart("survival-dcCeiling", "curves");
  const [{ x, y, lower, upper }] = panels[0].curves;
  const within = y.flatMap((share, i) => (share! > 0 && share! < 100 ? [i] : []));
  assert.ok(within.length > 0);
  for (const i of within) assert.ok(lower![i]! < y[i]! && y[i]! < upper![i]!, `${x[i]} d`);
  assert.equal(lower![0], null);
  const { results } = known[0];
  const { steps } = results.survivals.find(({ response, reached }) => response.name === "dcCeilingUs" && reached > 0)!;
  const bands = survivalBands(steps);
  const six = (share: number) => Number((100 * share).toPrecision(6));
  assert.deepEqual([lower![1], upper![1]], [six(bands[0].lower), six(bands[0].upper)]);
  // The band ends where the curve reaches 0.
  const end = y.indexOf(0);
  if (end > 0) assert.deepEqual([lower![end], x[end - 1], lower![end - 1] !== null], [null, x[end], true]);
  assert.match(summary, /of \d+ servers, (half of them by [^(]+|[^(]+ % without it at the horizon) \(95 % interval /);
});

test("the points of the pairs are those of the comparison's interval, with the same mean", () => {
  const { results } = known[0];
  const { panels, x: axis, summary } = chart("pairs-processorsLeaked", "curves");
  assert.equal(axis, "server (of all replications)");
  for (const [p, panel] of panels.entries()) {
    const [{ x, y, level }] = panel.curves;
    const found = results.findings.comparisons.filter(({ response }) => response.name === "processorsLeaked")[p];
    assert.deepEqual(x, [...Array(9).keys()], "3 servers of 3 replications");
    assert.equal(level!.value, Number((found.difference.value / 3).toPrecision(6)));
    const points = y.map((value) => value!);
    assert.ok(Math.abs(mean(points) - level!.value) < 1e-4);
    // There are many leaks, so the interval is Student's of these points, or slightly wider.
    assert.ok(meanEstimate(points).halfWidth <= 1.001 * (level!.upper! - level!.value));
    const told = [level!.value, level!.lower!, level!.upper!].map(significant);
    assert.ok(summary.includes(`${told[0]} (${told[1]} to ${told[2]})`), summary);
  }
});

test("a difference of two lower bounds is not drawn, and the note says so", async () => {
  const { results } = known[0];
  const leakRates = results.findings.leakRates.map((row) => ({ ...row, isLowerBound: true }));
  const groups = await chartsOf({ ...results, findings: { ...results.findings, leakRates } });
  const { charts = [], note = "" } = groups.find(({ id }) => id === "pairs") ?? {};
  assert.ok(charts.every(({ id }) => id !== "pairs-processorsLeaked"));
  if (charts.length > 0) assert.match(note, / A difference of two lower bounds is not drawn\.$/);
});

test("estimates lie along numbers with their closed form, and at names where levels have names", () => {
  const wait = chart("means-waitUsMean", "intervals", 1);
  assert.equal(wait.x, "servicesPerSecond [1/s]");
  assert.deepEqual(
    wait.panels[0].estimates.map(({ x }) => x),
    [1, 2, 4],
  );
  // Wq = rho / (mu - lambda) at lambda = 0.8, in s.
  assert.deepEqual(
    wait.panels[0].estimates.map(({ closedForm }) => closedForm),
    [4, 0.333333, 0.0625],
  );
  const rates = chart("rates-processorsLeaked", "intervals");
  assert.deepEqual(
    rates.panels[0].estimates.map(({ x, series }) => [x, series]),
    [
      ["many", 0],
      ["many", 1],
      ["few", 0],
      ["few", 1],
    ],
  );
});

test("the rows of the heat map are servers, and their columns add up to the leaked total", () => {
  const { panels } = chart("servers-processorsLeaked", "heat");
  assert.deepEqual(
    panels.map(({ name }) => name),
    ["many, buggy", "few, buggy"],
  );
  const [{ rows, edges, values }] = panels;
  assert.deepEqual(rows.slice(0, 4), ["0:0", "0:1", "0:2", "1:0"]);
  assert.deepEqual(edges, [0, 0.5, 1, 1.5, 2, 2.5, 3]);
  const total = values.flat().reduce((sum, value) => sum + value * 0.5, 0);
  const { y } = chart("over-time-processorsLeaked", "curves").panels[0].curves[0];
  assert.ok(Math.abs(total - 9 * y.at(-1)!) < 1e-3 * total);
});
