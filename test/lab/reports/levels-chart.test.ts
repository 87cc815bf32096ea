/** lab/reports/levels-chart.ts: the levels of a question as bars. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { curveLayout } from "../../../lab/reports/chart-layout.ts";
import { levelsGroup, narrowNote } from "../../../lab/reports/levels-chart.ts";
import { readResults, type Results } from "../../../lab/reports/results-reader.ts";
import { meanEstimate } from "../../../statistics/estimate.ts";
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

test("the note names what most servers have few or none of, unless it leaks", () => {
  const of = (name: string, value: number, p50: number) => {
    const response = results.plan.points[0].resolved.model.responses.find((one) => one.name === name)!;
    return { response, means: [meanEstimate([value, value])], p50: [p50] };
  };
  const note = (...series: ReturnType<typeof of>[]) => narrowNote(results.plan, series);
  assert.equal(note(of("jobsStarved", 5, 4), of("processorsLeaked", 5, 0), of("processorsOrphaned", 5, 0)), "");
  assert.equal(note(of("jobsStarved", 0, 0)), "");
  assert.equal(
    note(of("jobsStarved", 5, 0)),
    " The interval of jobs starved is too narrow where most servers have few or none.",
  );
});

test("with many levels, each primary response has bars with the means of the comparison", () => {
  const layout = curveLayout(results.plan);
  const { note, charts } = levelsGroup(results, { ...layout, series: [...layout.series, "a", "b", "c"] });
  assert.match(
    note,
    /Line: 95 % interval\.( The interval of .* is too narrow where most servers have few or none\.)?$/,
  );
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
