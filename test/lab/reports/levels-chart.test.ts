/** lab/reports/levels-chart.ts: the levels of a question as bars. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { curveLayout } from "../../../lab/reports/chart-layout.ts";
import { levelsGroup } from "../../../lab/reports/levels-chart.ts";
import { readResults, type Results } from "../../../lab/reports/results-reader.ts";
import { policies, remove, resultsOf } from "../../support/small-results.ts";

let folder = "";
let results: Results;
before(async () => {
  folder = await resultsOf(policies);
  results = await readResults(folder);
});
after(() => remove(folder));

test("an experiment with few levels has only curves", () => {
  assert.deepEqual(levelsGroup(results, curveLayout(results.plan)).charts, []);
});

test("with many levels, each primary response has bars with the means of the comparison", () => {
  const layout = curveLayout(results.plan);
  const { note, charts } = levelsGroup(results, { ...layout, series: [...layout.series, "a", "b", "c"] });
  assert.match(note, /95 % interval\. If the value of most servers is 0, the interval is too narrow\.$/);
  const [chart] = charts;
  assert.ok(chart?.kind === "intervals" && chart.bars === true);
  assert.deepEqual(
    chart.panels.map(({ name, y }) => [name, y]),
    [
      ["staff time", "per server-day [s]"],
      ["downtime", "per server-day [s]"],
    ],
  );
  const rows = results.findings.comparisons.filter(({ response }) => response.name === "downtimeUs");
  for (const { point, against, againstMean } of rows) {
    const bar = chart.panels[1]!.estimates.find(({ x }) => x === against.levels.policy)!;
    const expected = againstMean / point.scenario.horizonDays / 1e6;
    assert.ok(Math.abs(bar.value - expected) <= 1e-4 * expected, `${bar.value} is ${expected}`);
  }
});
