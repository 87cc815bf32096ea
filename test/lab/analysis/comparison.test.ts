/** lab/analysis/comparison.ts: paired differences, their families and their intervals, from values computed by hand. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { comparisons, comparisonTable, type Comparison } from "../../../lab/analysis/comparison.ts";
import type { Compare } from "../../../lab/experiment/experiment.ts";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import type { Plan, PlannedPoint, Replication } from "../../../lab/analysis/tables.ts";
import { arriving, experiment, memory, plan, resultOf, results } from "../../support/fake-results.ts";
import { remove, resultsOf } from "../../support/small-results.ts";

/** t(0.975) with 1 degree of freedom, from the tables. */
const T1 = 12.7062047364;

let rows: Record<string, string>[];

before(async () => {
  const { openTable, texts } = memory();
  await aggregateResults(plan, arriving(results), openTable);
  rows = parse((await texts())["comparison.csv"], { columns: true });
});

/** The cells of a row, which are exactly these columns: numbers to 9 digits, words to the letter. */
function assertRow(row: Record<string, string>, expected: Record<string, number | string>): void {
  assert.deepEqual(Object.keys(row), Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === "string") assert.equal(row[name], value, name);
    else assert.ok(Math.abs(Number(row[name]) - value) <= 1e-9 * Math.abs(value), `${name} ${row[name]} is ${value}`);
  }
}

test("a comparison is paired by replication", () => {
  // Differences per server: 100 and 200 bytes, mean 150, standard error 50. Fixed never leaks: pairing gains nothing.
  // t = 3 with 1 degree of freedom: p = 1 - 2 atan(3) / pi. Two values are resampled as (1, 1), (1, 2) or (2, 2).
  const p = 1 - (2 * Math.atan(3)) / Math.PI;
  assertRow(rows[1], {
    site: "office",
    baseline: "buggy",
    against: "fixed",
    response: "bytes",
    unit: "B",
    baselineMean: "150",
    againstMean: "0",
    difference: "150",
    halfWidth: 50 * T1,
    lower: 150 - 50 * T1,
    upper: 150 + 50 * T1,
    bootstrapLower: "100",
    bootstrapUpper: "200",
    simultaneousLower: 150 - 50 * T1,
    simultaneousUpper: 150 + 50 * T1,
    p,
    pHolm: p,
    varianceRatio: 1,
    independentHalfWidth: 50 * T1,
    replications: "2",
  });
});

test("what the compared levels have in common cancels to the last bit", () => {
  // 210 and 420 us per server on either side: independent numbers would have known the difference to 105 sqrt 2 t.
  assertRow(rows[3], {
    site: "office",
    baseline: "buggy",
    against: "fixed",
    response: "busyUs",
    unit: "us",
    baselineMean: "315",
    againstMean: "315",
    difference: "0",
    halfWidth: "0",
    lower: "0",
    upper: "0",
    bootstrapLower: "0",
    bootstrapUpper: "0",
    simultaneousLower: "0",
    simultaneousUpper: "0",
    p: "",
    pHolm: "",
    varianceRatio: "",
    independentHalfWidth: 105 * Math.SQRT2 * T1,
    replications: "2",
  });
});

test("a comparison has a row for each response but the moments", () => {
  assert.deepEqual(
    rows.map(({ response }) => response),
    ["jobs", "bytes", "handles", "busyUs"],
  );
});

test("fleets of different sizes are compared per server", async () => {
  const [buggy, fixed] = plan.points;
  const points = [buggy, { ...fixed, scenario: { ...fixed.scenario, servers: 1 } }];
  const { openTable } = memory();
  const findings = await aggregateResults(
    { ...plan, points },
    arriving([resultOf(0, 0, 0, 3), resultOf(0, 1, 0, 3), resultOf(1, 0, 0, 1), resultOf(1, 1, 0, 1)]),
    openTable,
  );
  const { baselineMean, againstMean, difference } = findings.comparisons[0];
  assert.deepEqual([baselineMean, againstMean, difference.value], [21, 20, 1]);
});

/** Three levels, whose bytes per fleet in 4 replications are these. */
const bytes: Readonly<Record<string, readonly number[]>> = {
  old: [30, 60, 90, 60],
  new: [27, 54, 84, 57],
  newest: [3, 6, 12, 9],
};

function three(against?: string): { rows: readonly Comparison[]; table: string[] } {
  const compare: Compare = { factor: "spooler", baseline: "old", against };
  const points = Object.keys(bytes).map((spooler, index): PlannedPoint => {
    return { ...plan.points[0], index, levels: { site: "office", spooler } };
  });
  const many: Plan = { ...plan, experiment: { ...experiment, compare, replications: 4 }, points };
  const replications = points.flatMap((point) =>
    bytes[point.levels.spooler].map((total, replication): Replication => {
      return { point, replication, events: 1, digestLow: 0, digestHigh: 0, totals: Float64Array.of(6, total, 3, 1, 9) };
    }),
  );
  const rows = comparisons(many, compare, replications).filter(({ response }) => response.name === "bytes");
  const { columns } = comparisonTable(many, compare);
  const cell = (name: string) => columns.find((column) => column.name === name)!.cell;
  return { rows, table: rows.map((row) => `${cell("baseline")(row)} ${cell("against")(row)}`) };
}

test("without against, every other level is compared with the baseline; with all, every pair is", () => {
  assert.deepEqual(three("new").table, ["old new"]);
  assert.deepEqual(three().table, ["old new", "old newest"]);
  assert.deepEqual(three("all").table, ["old new", "old newest", "new newest"]);
});

test("intervals of a family are wider, so that they hold together, and p-values greater", () => {
  // t(1 - 0.025 / 3) = 4.856656 and t(0.975) = 3.182446 with 3 degrees of freedom, from the tables.
  for (const { difference, simultaneous } of three("all").rows) {
    const { halfWidth, value } = simultaneous;
    assert.equal(value, difference.value);
    assert.ok(Math.abs(halfWidth / difference.halfWidth - 4.856656 / 3.182446) < 1e-5, `${halfWidth}`);
  }
  const [a, b, c] = three("all").rows;
  const least = Math.min(a.p, b.p, c.p);
  assert.ok(least > 0 && [a, b, c].some(({ p, pHolm }) => p === least && Math.abs(pHolm - 3 * p) < 1e-15));
  assert.equal(three("new").rows[0].pHolm, three("new").rows[0].p);
});

test("a row says the same whatever other pairs are compared, but for what holds together", () => {
  const alone = three("new").rows[0];
  const [among] = three("all").rows;
  for (const key of ["difference", "bootstrap", "p", "varianceRatio", "independentHalfWidth"] as const) {
    assert.deepEqual(among[key], alone[key], key);
  }
});

test("every column has a description, and a unit unless it is text", () => {
  for (const { type, unit, description } of comparisonTable(plan, experiment.compare!).columns) {
    assert.notEqual(description, "");
    assert.equal(unit === "", type === "string");
  }
});

/** Two sites, of which the mainframe runs out of printer DCs within hours and the help desk does not. */
const sites = `
question: What do common random numbers buy?
seed: Q223863
replications: 10
scenario: {model: print-servers, servers: 1, horizonDays: 1, parameters: {dcsMax: 40}}
factors: {site: [help-desk, mainframe], spooler: [buggy, fixed]}
compare: {factor: spooler, baseline: buggy, against: fixed}
`;

test("fix and no fix meet the same jobs: the variance ratio is at least 10 where both fleets vary alike", async () => {
  const folder = await resultsOf(sites, "sites");
  const { findings } = await readResults(folder);
  await remove(folder);
  const ratioOf = (site: string, response: string) =>
    findings.comparisons.find((row) => {
      return row.point.levels.site === site && row.response.name === response;
    })!.varianceRatio;
  const untouched = ["jobsSubmitted", "jobsPrinted", "jobsDeleted", "alterations", "processorsOpened", "lockRequests"];
  for (const response of untouched) assert.equal(ratioOf("help-desk", response), Infinity, response);
  assert.ok(ratioOf("help-desk", "processorsClosed") >= 10, `${ratioOf("help-desk", "processorsClosed")}`);
  // One side is constant, so there is nothing in common that could cancel.
  assert.equal(ratioOf("help-desk", "processorsLeaked"), 1);
  // The same jobs come, but most of them starve from some hour on that only one of the fleets has.
  assert.equal(ratioOf("mainframe", "jobsSubmitted"), Infinity);
  assert.ok(ratioOf("mainframe", "jobsPrinted") < 10);
});
