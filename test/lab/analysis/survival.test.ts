/** lab/analysis/survival.ts: curves and tests between levels, from values computed by hand. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import {
  ceilingNames,
  CURVE_ROWS_MAX,
  curveRows,
  logRankTable,
  survivalTable,
} from "../../../lab/analysis/survival.ts";
import { summaryTables } from "../../../lab/reports/summary-tables.ts";
import { chiSquareTail } from "../../../statistics/chi-square.ts";
import { kaplanMeier } from "../../../statistics/survival.ts";
import { arriving, experiment, memory, plan, results, textOf } from "../../support/fake-results.ts";
import { mapEach } from "../../../lab/lists.ts";

const tables: Record<string, Record<string, string>[]> = {};

before(async () => {
  const { openTable, texts } = memory();
  await aggregateResults(plan, arriving(results), openTable);
  for (const [file, csv] of Object.entries(await texts())) tables[file] = parse(csv, { columns: true });
});

test("a curve has a row for each step and one at the horizon", () => {
  // Of 6 servers, three are full after 0.5, 1 and 1.5 days, and three are right-censored after 2.
  const rows = tables["survival.csv"].filter(({ spooler }) => spooler === "buggy");
  assert.deepEqual(
    rows.map(({ timeDays, atRisk, events }) => `${timeDays} ${atRisk} ${events}`),
    ["0.5 6 1", "1 5 1", "1.5 4 1", "2 3 0"],
  );
  const survival = [5 / 6, 4 / 6, 3 / 6, 3 / 6];
  rows.forEach((row, i) => {
    assert.equal(row.eventTime, "fullUs");
    assert.equal(Number(row.survival), survival[i]);
    assert.ok(Math.abs(Number(row.standardError) - Math.sqrt((survival[i] * (1 - survival[i])) / 6)) < 1e-15);
    assert.ok(Number(row.lower) < survival[i] && survival[i] < Number(row.upper));
  });
  assert.equal(Number(rows[3].cumulativeHazard), 1 / 6 + 1 / 5 + 1 / 4);
});

test("a ceiling that several leaks share is one curve and one test", () => {
  const sharing = mapEach(plan.points, (point) => {
    const { resolved } = point;
    const [jobs, bytes, ...others] = resolved.model.responses;
    const model = { ...resolved.model, responses: [jobs, bytes, { ...bytes, name: "moreBytes" }, ...others] };
    return { ...point, resolved: { ...resolved, model } };
  });
  assert.deepEqual(ceilingNames({ ...plan, points: sharing }), ["fullUs"]);
});

test("a curve without events has one row and no interval", () => {
  const [row, ...more] = tables["survival.csv"].filter(({ spooler }) => spooler === "fixed");
  assert.deepEqual(more, []);
  const { timeDays, atRisk, events, survival, lower, upper } = row;
  assert.deepEqual([timeDays, atRisk, events, survival, lower, upper], ["2", "6", "0", "1", "", ""]);
});

test("the compared levels are tested against each other", () => {
  // At 0.5, 1 and 1.5 days there are 6, 5 and 4 of the buggy at risk beside 6 fixed: expected 6/12 + 5/11 + 4/10.
  const expected = 6 / 12 + 5 / 11 + 4 / 10;
  const variance = 36 / 144 + 30 / 121 + 24 / 100;
  const [row, ...more] = tables["log-rank.csv"];
  assert.deepEqual(more, []);
  const { chiSquare, p, ...rest } = row;
  assert.deepEqual(rest, {
    site: "office",
    eventTime: "fullUs",
    levels: "buggy fixed",
    servers: "12",
    reached: "3",
    degreesOfFreedom: "1",
  });
  assert.ok(Math.abs(Number(chiSquare) - (3 - expected) ** 2 / variance) < 1e-12);
  assert.ok(Number(p) > 0.05 && Number(p) < 0.1);
});

test("a p-value too small to compute is printed as a bound, not as 0, in log-rank.csv and in words", async () => {
  // R's log.p of a chi-square of 1,938 with one degree of freedom is -422.57 / log10(e): no double holds it.
  const logRank = { observed: [], expected: [], chiSquare: 1938, degrees: 1, p: chiSquareTail(1938, 1) };
  assert.equal(logRank.p, 0);
  const row = { point: plan.points[0], points: plan.points, eventTime: "fullUs", servers: 9, reached: 9, ...logRank };
  const [written] = parse<Record<string, string>>(await textOf(logRankTable(plan, plan.experiment.compare!), [row]), {
    columns: true,
  });
  assert.equal(Number(written.p), 1e-300);
  const { openTable } = memory();
  const findings = { ...(await aggregateResults(plan, arriving(results), openTable)), levelsTests: [row] };
  assert.equal(summaryTables({ plan, findings }).eventTimes!.rows[0]!.at(-1), "< 1e-300");
});

test("a long curve is thinned to exact rows and loses no event", () => {
  const point = plan.points[0];
  const values = Float64Array.from({ length: 1234 }, (_, i) => (i + 1) / 1000);
  const counts = values.map((_, i) => 1 + ((i * 7) % 3));
  const censored = { values: Float64Array.of(2), counts: Float64Array.of(50) };
  const rows = curveRows(point, "fullUs", { events: { values, counts }, censored });
  assert.equal(rows.length, CURVE_ROWS_MAX + 1);
  const whole = new Map(kaplanMeier({ values, counts }, censored).map((step) => [step.time, step]));
  for (const { time, survival, atRisk } of rows.slice(0, -1)) {
    assert.deepEqual([survival, atRisk], [whole.get(time)!.survival, whole.get(time)!.atRisk]);
  }
  const count = (of: Iterable<number>) => [...of].reduce((sum, one) => sum + one, 0);
  assert.equal(count(rows.map(({ events }) => events)), count(counts));
  assert.equal(rows.at(-2)!.time, values.at(-1));
});

test("a curve of servers that depend on each other has no errors", () => {
  const [point] = plan.points;
  const model = { ...point.resolved.model, isCoordinated: () => true };
  const times = { values: Float64Array.of(1, 2), counts: Float64Array.of(2, 3) };
  const group = { events: times, censored: { values: Float64Array.of(3), counts: Float64Array.of(5) } };
  const [alone] = curveRows(point, "fullUs", group);
  // Of 10 servers, 2: Greenwood's error is sqrt(0.8 * 0.2 / 10).
  assert.ok(Math.abs(alone!.standardError - Math.sqrt(0.016)) < 1e-12);
  const rows = curveRows({ ...point, resolved: { ...point.resolved, model } }, "fullUs", group);
  assert.deepEqual(
    rows.map(({ survival }) => survival),
    [0.8, 0.5, 0.5],
  );
  for (const { standardError, lower, upper, hazardStandardError } of rows) {
    assert.deepEqual([standardError, lower, upper, hazardStandardError], [NaN, NaN, NaN, NaN]);
  }
});

test("every column of survival has a description, and a unit unless it is text", () => {
  for (const { columns } of [survivalTable(plan), logRankTable(plan, experiment.compare!)]) {
    for (const { type, unit, description } of columns) {
      assert.notEqual(description, "");
      assert.equal(unit === "", type === "string");
    }
  }
});
