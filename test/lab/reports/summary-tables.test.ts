/** lab/reports/summary-tables.ts: what results say, in tables. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { mapEach } from "../../../lab/lists.ts";
import type { AnalyzedPlan } from "../../../lab/reports/summary-table.ts";
import { summaryTables } from "../../../lab/reports/summary-tables.ts";
import { countDifference } from "../../../statistics/counts.ts";
import { arriving, memory, plan, results } from "../../support/fake-results.ts";

/** Buggy leaks 50 bytes a server and day in one replication and 100 in the other: 75 +- 12.7 * 25. */
async function analyzed(changed: Partial<AnalyzedPlan["plan"]["experiment"]> = {}): Promise<AnalyzedPlan> {
  const changedPlan = { ...plan, experiment: { ...plan.experiment, ...changed } };
  return { plan: changedPlan, findings: await aggregateResults(changedPlan, arriving(results), memory().openTable) };
}

test("a table has as many cells in each row as headings", async () => {
  const { leaks, comparison, means } = summaryTables(await analyzed());
  for (const table of [leaks!, comparison!, means!]) {
    assert.ok(table.rows.length > 0);
    for (const row of table.rows) assert.equal(row.length, table.head.length);
  }
  assert.deepEqual(comparison!.rows[0].slice(0, 6), ["office", "bytes [B]", "75.0", "0", "75.0", "20 .. 142 \u2020"]);
  assert.match(
    comparison!.legend.at(-1)!,
    /^\u2020 a leak rate of this row is a lower bound: it is an average over all simulated days, and /,
  );
  const { leaks: alone } = summaryTables(await analyzed({ compare: undefined }));
  assert.deepEqual(alone!.rows[0]!.slice(2, 5), ["bytes [B]", "75.0", "20 .. 142 \u2020"]);
  assert.deepEqual(leaks!.rows, alone!.rows, "the table of the comparison has no closed forms");
  // 3 of 6 servers are full, after 0.5, 1 and 1.5 days; the upper end of the median's interval was not seen.
  const times = alone!.rows.map((row) => row[alone!.head.indexOf("median time to exhaustion")]);
  assert.deepEqual(times, ["1.50 d (0.500 .. > 2)", "> 2 d"]);
  assert.ok(
    alone!.rows.slice(1).every((row) => !row.join().includes("\u2020")),
    "nothing leaked, so nothing ran out",
  );
});

test("simultaneous intervals of k rows have the level 1 - 0.05 / k, and the legend says that they hold together", async () => {
  const choice = { simultaneous: true };
  const { leaks } = summaryTables(await analyzed({ compare: undefined }), choice);
  const column = leaks!.head.indexOf("simultaneous 95 % interval");
  assert.equal(leaks!.rows.length, 2);
  // Garwood: no leak of 100 B in 12 server-days, so at most -ln(0.05 / 2 / 2) * 100 / 12 = 36.5 B.
  assert.equal(leaks!.rows[1][column], "0 .. 36.5");
  assert.match(leaks!.legend[0], /all 2 intervals of this table hold/);

  const compare = { ...plan.experiment.compare!, responses: ["jobs"] };
  const { comparison } = summaryTables(await analyzed({ compare }), choice);
  const k = comparison!.rows.length;
  assert.equal(k, 2);
  // Leaks of 100 B in 2 days, server by server.
  const side = (...counts: number[]) => ({ counts, divisor: 2 / 100, isImpossible: false });
  const { lower, upper } = countDifference(side(0, 1, 2, 1, 2, 3), side(0, 0, 0, 0, 0, 0), k);
  const cell = comparison!.rows[1][comparison!.head.indexOf("simultaneous 95 % interval")];
  assert.equal(cell, `${lower.toFixed(0)} .. ${upper.toFixed(0)} \u2020`);
  assert.ok(comparison!.legend.some((line) => line.includes(`all ${k} intervals of this table hold`)));
});

test("intervals that cannot miss are not counted among those that may", async () => {
  const { plan, findings } = await analyzed();
  const [first] = findings.leakRates;
  const rows = (certain: number, upper: number) => {
    return Array.from({ length: 7 }, (_, i) => {
      const rate = i < certain ? { ...first.rate, value: 0, lower: 0, upper } : first.rate;
      return { ...first, rate, rateWithin: () => rate };
    });
  };
  const legendOf = (certain: number, upper = 0) => {
    return summaryTables({ plan, findings: { ...findings, fleetRates: rows(certain, upper) } }).fleet!.legend.join();
  };
  assert.match(legendOf(0), /about 0\.35 of 7 such intervals miss/);
  assert.match(legendOf(1), /about 0\.3 of 6 such intervals miss/);
  assert.doesNotMatch(legendOf(3), /such intervals/);
  assert.match(
    legendOf(1, 0.02),
    /of 7 such .*,a rate of 0: the end of its interval assumes that leaks do not come in bunches/,
  );
  assert.doesNotMatch(legendOf(1), /bunches/);
  // Not "because its servers are not independent": those of fleets of two sizes are.
  assert.match(legendOf(0), /,intervals: with replications, not servers, as independent observations(,|$)/);
});

test("a table of which only some rows are between replications says so", async () => {
  const { plan, findings } = await analyzed({ compare: undefined });
  const legendOf = (...betweens: readonly ("servers" | "replications")[]) => {
    const leakRates = findings.leakRates.map((row, i) => ({ ...row, between: betweens[i]! }));
    return summaryTables({ plan, findings: { ...findings, leakRates } }).leaks!.legend;
  };
  const mixed = "intervals: in some rows with replications instead of servers as independent observations";
  assert.ok(legendOf("replications", "servers").includes(mixed));
  assert.ok(legendOf("servers", "replications").includes(mixed));
  assert.ok(!legendOf("servers", "servers").join().includes("replications"));
});

test("a closed form that does not hold is empty, and the reason is below the table", async () => {
  const { plan, findings } = await analyzed({ compare: undefined });
  const { leaks } = summaryTables({ plan, findings });
  const at = leaks!.head.indexOf("closed form");
  assert.deepEqual(
    leaks!.rows.map((row) => row.slice(at, at + 3)),
    [
      ["", "", ""],
      ["100", "", ""],
    ],
  );
  const reason = "no closed form of bytes where a resource ran out before the horizon: the rate is a lower bound";
  assert.equal(leaks!.legend.filter((line) => line === reason).length, 1);
  const exact = { closedForm: NaN, closedFormFault: "a service takes less than 1 ms" };
  const meanValues = findings.meanValues.map((row) => Object.assign(Object.create(row), exact));
  const { means } = summaryTables({ plan, findings: { ...findings, meanValues } });
  assert.deepEqual(means!.head.slice(-2), ["simulated", "95 % interval"]);
  assert.ok(means!.legend.includes("no closed form of busyMean where a service takes less than 1 ms"));
});

test("what is fully compared has a table of leaks only for their closed forms", async () => {
  const { plan, findings } = await analyzed();
  const leakRates = findings.leakRates.map((row) => ({ ...row, closedForm: NaN, closedFormFault: "" }));
  assert.equal(summaryTables({ plan, findings: { ...findings, leakRates } }).leaks, undefined);
});

test("variance ratios are shown if common random numbers pay, and otherwise only in comparison.csv", async () => {
  const plain = await analyzed();
  assert.ok(!summaryTables(plain).comparison!.head.includes("variance ratio"));
  const comparisons = plain.findings.comparisons.map((row) => Object.assign(Object.create(row), { varianceRatio: 8 }));
  const { comparison } = summaryTables({ ...plain, findings: { ...plain.findings, comparisons } });
  assert.equal(comparison!.rows[0][comparison!.head.indexOf("variance ratio")], "8.00");
  assert.ok(comparison!.legend.some((line) => line.startsWith("variance ratio: ")));
});

test("without leaks all means are shown, with columns for closed forms only if there are any", async () => {
  const { plan, findings } = await analyzed({ compare: undefined });
  const meanValues = findings.meanValues.map((row) => Object.assign(Object.create(row), { closedForm: NaN }));
  assert.equal(summaryTables({ plan, findings: { ...findings, meanValues } }).means, undefined);
  const { means } = summaryTables({ plan, findings: { ...findings, leakRates: [], meanValues } });
  assert.equal(means!.rows.length, meanValues.length);
  assert.deepEqual(means!.head.slice(-2), ["simulated", "95 % interval"]);
  for (const row of means!.rows) assert.equal(row.length, means!.head.length);
});

test("a comparison without leaks shows every response", async () => {
  const { plan, findings } = await analyzed();
  const comparisons = findings.comparisons.filter(({ response }) => response.role !== "leak");
  assert.ok(comparisons.length > 0);
  const { comparison } = summaryTables({ plan, findings: { ...findings, leakRates: [], comparisons } });
  assert.equal(comparison!.rows.length, comparisons.length);
});

test("the difference of two lower bounds is empty, with its reason", async () => {
  const { plan, findings } = await analyzed();
  const leakRates = findings.leakRates.map((row) => ({ ...row, isLowerBound: true }));
  const { comparison } = summaryTables({ plan, findings: { ...findings, leakRates } });
  assert.deepEqual(comparison!.rows[0].slice(0, 6), ["office", "bytes [B]", "75.0", "0", "", "\u2020"]);
  assert.equal(comparison!.marks![0], undefined);
  assert.equal(
    comparison!.legend.at(-1),
    "\u2020 alone: both leak rates are lower bounds, so the difference of the rates is unknown",
  );
  // Several pairs have a p-value too.
  const first = findings.comparisons.find(({ response }) => response.role === "leak")!;
  const other = { ...first, against: { ...first.against, levels: { ...first.against.levels, spooler: "newer" } } };
  const { comparison: pairs } = summaryTables({
    plan,
    findings: { ...findings, leakRates, comparisons: [first, other] },
  });
  const at = (name: string) => pairs!.rows.map((row) => row[pairs!.head.indexOf(name)]);
  assert.deepEqual([at("difference"), at("simultaneous 95 % interval"), at("p")].map(String), [
    ",",
    "\u2020,\u2020",
    ",",
  ]);
});

test("the exposures of compared levels are given if they differ, not if only those of other factors do", async () => {
  const { plan, findings } = await analyzed();
  const legendOf = (servers: (index: number) => number) => {
    const changed = (point: (typeof plan.points)[number]) => {
      return { ...point, scenario: { ...point.scenario, servers: servers(point.index) } };
    };
    const comparisons = findings.comparisons.flatMap((row) => [
      { ...row, point: changed(row.point), against: changed(row.against) },
      { ...row, point: changed({ ...row.point, index: 2 }), against: changed({ ...row.against, index: 3 }) },
    ]);
    return summaryTables({ plan, findings: { ...findings, comparisons } }).comparison!.legend.join();
  };
  assert.match(
    legendOf((index) => 1 + index),
    /exposure: buggy 1 server for 2 days, fixed 2 servers for 2 days/,
  );
  assert.doesNotMatch(
    legendOf((index) => (index < 2 ? 3 : 5)),
    /exposure/,
  );
});

test("rates of no whole weeks are said to be those of the simulated days, if the model has days of the week", async () => {
  const legendOf = async (startsOnMonday: boolean | undefined, horizonDays: number) => {
    const { plan: planned, findings } = await analyzed();
    const points = mapEach(planned.points, (point) => {
      const model = { ...point.resolved.model, startsOnMonday } as typeof point.resolved.model;
      return { ...point, scenario: { ...point.scenario, horizonDays }, resolved: { ...point.resolved, model } };
    });
    const { comparison, leaks } = summaryTables({ plan: { ...planned, points }, findings });
    return [comparison, leaks].map((table) => table!.legend.some((line) => /^rates: .* Monday/.test(line)));
  };
  assert.deepEqual(await legendOf(true, 2), [true, true]);
  assert.deepEqual(await legendOf(true, 14), [false, false]);
  assert.deepEqual(await legendOf(undefined, 2), [false, false]);
});
