/** lab/analysis/comparison.ts: paired differences, their families and their intervals, from values computed by hand. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sparseEstimate, sparsePValue } from "../../../statistics/sparse.ts";
import { parse } from "csv-parse/sync";
import { comparisons, comparisonTable, Sides, type Comparison } from "../../../lab/analysis/comparison.ts";
import type { Compare } from "../../../lab/experiment/experiment.ts";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { planResults } from "../../../lab/experiment/plan.ts";
import type { PlannedPoint } from "../../../lab/experiment/design-point.ts";
import type { Replication } from "../../../lab/analysis/replication.ts";
import { arriving, experiment, memory, plan, replicationOf, resultOf, results } from "../../support/fake-results.ts";
import { remove, resultsOf } from "../../support/small-results.ts";

/** t(0.975) with 5 degrees of freedom, from the tables. */
const T5 = 2.57058183564;

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

test("a comparison is paired by server and has the interval of counts", () => {
  // Leaks of 100 bytes on six servers: 0, 1, 2, 1, 2, 3, mean 1.5, variance 1.1; fixed has none. Of 9 leaks Garwood's
  // upper limit is 17.085, of none 3.689 that fixed may have: t reaches farther below, counts above.
  const standardError = 100 * Math.sqrt(1.1 / 6);
  const upper = (17.0848034508 * 100) / 6;
  // The interval of t reaches farther below, so p is that of t = 3.503 with 5 degrees of freedom (scipy).
  const p = 0.0172245496803414;
  const row = rows[1];
  assertRow(
    { ...row, p: "", pHolm: "" },
    {
      site: "office",
      baseline: "buggy",
      against: "fixed",
      response: "bytes",
      unit: "B",
      baselineMean: "150",
      againstMean: "0",
      difference: "150",
      halfWidth: upper - 150,
      lower: 150 - standardError * T5,
      upper,
      between: "servers",
      bootstrapLower: "",
      bootstrapUpper: "",
      simultaneousLower: 150 - standardError * T5,
      simultaneousUpper: upper,
      p: "",
      pHolm: "",
      varianceRatio: "",
      independentHalfWidth: "",
      replications: "2",
    },
  );
  assert.ok(Math.abs(Number(row.p) - p) < 1e-12 && row.pHolm === row.p, row.p);
});

/** The first row, of a count that the buggy office has so much of by server, and nobody else any. */
function rowOf(counts: readonly [Float64Array, Float64Array]) {
  const known = plan.points.flatMap((point, place) =>
    [0, 1].map((replication): Replication => {
      const one = replicationOf(point, replication, new Float64Array(plan.points[0].resolved.model.responses.length));
      const own = counts[replication]!;
      return { ...one, blocks: one.blocks.map(() => (place === 0 ? own : own.map(() => 0))) };
    }),
  );
  return comparisons(plan, plan.experiment.compare!, known)[0];
}

test("a difference on one server of six has no interval and no p", () => {
  const row = rowOf([Float64Array.of(0, 0, 0), Float64Array.of(0, 12, 0)]);
  assert.equal(row.response.role, "count");
  assert.equal(row.difference.value, 2);
  assert.deepEqual([row.difference.lower, row.differenceWithin(3).upper, row.p], [NaN, NaN, NaN]);
  assert.deepEqual(row.differences(), Float64Array.of(0, 0, 0, 0, 12, 0));
});

test("a variance ratio needs 8 observations, of which some differ", () => {
  const of = (first: readonly number[], second: readonly number[]) => {
    const { varianceRatio, independentHalfWidth } = rowOf([Float64Array.from(first), Float64Array.from(second)]);
    return [varianceRatio, independentHalfWidth] as const;
  };
  assert.deepEqual(of([1, 2, 1, 2], [1, 2, 1]), [NaN, NaN]);
  assert.deepEqual(of([3, 3, 3, 3], [3, 3, 3, 3]), [NaN, NaN]);
  const [ratio, halfWidth] = of([1, 2, 1, 2], [1, 2, 1, 2]);
  // The other level has none. The variance of four 1 and four 2 is 2 / 7; t(0.975) with 7 degrees of freedom is 2.3646.
  // The plan has 6 servers in all, so each of the 8 observations is of three quarters of a server.
  assert.ok(ratio === 1 && Math.abs(halfWidth - (2.36462425 * Math.sqrt(2 / 7 / 8)) / 0.75) < 1e-8, `${halfWidth}`);
});

test("a bootstrap interval needs 40 differences that are not 0", () => {
  const forty = Array.from({ length: 40 }, (_, i) => 1 + (i % 7));
  const of = (values: readonly number[]) => {
    const halves = [values.slice(0, 20), values.slice(20)].map((half) => Float64Array.from(half));
    return rowOf([halves[0]!, halves[1]!]).bootstrap;
  };
  const { lower, upper } = of(forty);
  assert.ok(lower > 0 && upper > lower, `${lower} .. ${upper}`);
  assert.deepEqual(of([0, ...forty.slice(1)]), { lower: NaN, upper: NaN });
});

test("with more than 512 observations, the bootstrap draws replications, and its interval is still per server", () => {
  const servers = 13;
  const points = plan.points.map((point) => ({ ...point, scenario: { ...point.scenario, servers } }));
  const large = planResults({ ...experiment, replications: 40 }, points);
  const replications = large.points.flatMap((point, place) =>
    Array.from({ length: 40 }, (_, replication): Replication => {
      const one = replicationOf(point, replication, new Float64Array(5));
      const own = new Float64Array(servers).fill(place === 0 ? 1 + (replication % 7) : 0);
      return { ...one, blocks: one.blocks.map(() => own) };
    }),
  );
  const { difference, bootstrap } = comparisons(large, experiment.compare!, replications)[0];
  assert.ok(bootstrap.lower > 3 && bootstrap.lower < difference.value, `${bootstrap.lower}`);
  assert.ok(bootstrap.upper > difference.value && bootstrap.upper < 5, `${bootstrap.upper}`);
});

/** The observations of a leak, one server and six replications, whose leaks have these sizes; 0: it cannot leak. */
function leaksOf(sizes: readonly [number, number], x: readonly number[], y: readonly number[]) {
  const [point, against] = plan.points.map((one, side): PlannedPoint => {
    const { model } = one.resolved;
    const response = { ...model.responses[1], leakSize: "size" } as const;
    const values = { size: sizes[side] } as never;
    const resolved = { ...one.resolved, values, model: { ...model, responses: [response] } };
    return { ...one, scenario: { ...one.scenario, servers: 1 }, resolved };
  });
  const [response] = point.resolved.model.responses;
  return new Sides(response, point, against, Float64Array.from(x), Float64Array.from(y), x.length);
}

test("leaks of different sizes are compared by their amounts, and counted by their own sizes", () => {
  // 2, 1 and 3 leaks of 100 bytes against 2, 4 and 3 leaks of 50, server by server.
  const { difference } = leaksOf([100, 50], [200, 100, 300], [100, 200, 150]).estimate();
  assert.equal(difference.value, 50);
  // Counted the other way round, the leaks have the same difference with the opposite sign.
  const mirrored = leaksOf([50, 100], [100, 200, 150], [200, 100, 300]).estimate().difference;
  assert.ok(Math.abs(mirrored.lower + difference.upper) < 1e-9 && Math.abs(mirrored.upper + difference.lower) < 1e-9);
});

test("where one level cannot leak, one leak is proof, and there is no p-value of t", () => {
  const sides = leaksOf([100, 0], [0, 100, 0, 0, 100, 0], [0, 0, 0, 0, 0, 0]);
  const { difference } = sides.estimate();
  assert.ok(difference.lower > 0);
  assert.equal(sides.pValue(difference), NaN);
  const able = leaksOf([100, 100], [0, 100, 0, 0, 100, 0], [0, 0, 0, 0, 0, 0]);
  assert.ok(able.pValue(able.estimate().difference) > 0.05);
});

test("a difference from a level that cannot leak is on one side of 0, also if leaks have no size", () => {
  const unsized = (canLeak: readonly [boolean, boolean], x: readonly number[], y: readonly number[]) => {
    const [point, against] = plan.points.map((one, side): PlannedPoint => {
      const { leakSize: _, ...response } = one.resolved.model.responses[1];
      const model = { ...one.resolved.model, responses: [response], canLeak: () => canLeak[side] };
      return { ...one, scenario: { ...one.scenario, servers: 1 }, resolved: { ...one.resolved, model } };
    });
    const [response] = point.resolved.model.responses;
    return new Sides(response, point, against, Float64Array.from(x), Float64Array.from(y), x.length);
  };
  const [leaked, none] = [
    [0, 1, 0, 90, 0, 0],
    [0, 0, 0, 0, 0, 0],
  ] as const;
  const of = (sides: Sides, family?: number) => sides.estimate(family).difference;
  const plain = sparseEstimate(leaked);
  // Leaks that another level was only not seen to have may be more at that level.
  assert.deepEqual(of(unsized([true, true], leaked, none)), plain);
  assert.ok(plain.lower < 0);
  assert.deepEqual(of(unsized([true, false], leaked, none)), {
    ...plain,
    lower: 0,
    halfWidth: plain.upper - plain.value,
  });
  assert.equal(of(unsized([true, false], leaked, none), 4).lower, 0);
  const mirrored = of(unsized([false, true], none, leaked));
  assert.deepEqual([mirrored.lower, mirrored.upper], [-plain.upper, 0]);
});

test("a response without events at either level has no interval, because it may be rare", () => {
  const { difference, p } = rowOf([Float64Array.of(0, 0, 0), Float64Array.of(0, 0, 0)]);
  assert.deepEqual([difference.value, difference.lower, difference.upper, p], [0, NaN, NaN, NaN]);
});

test("a difference on some of the servers has the interval and p of sparse differences", () => {
  const { difference, differenceWithin, p } = rowOf([Float64Array.of(0, 30, 0), Float64Array.of(31, 0, 32)]);
  const values = [0, 30, 0, 31, 0, 32];
  assert.deepEqual([difference, differenceWithin(4)], [sparseEstimate(values), sparseEstimate(values, 1, 4)]);
  assert.ok(difference.lower > 0 && p === sparsePValue(values) && p < 0.001, `${p}`);
});

test("a leak of unknown size has the p-value of its interval, and none without an interval", () => {
  const points = plan.points.map((point): PlannedPoint => {
    const { model } = point.resolved;
    const responses = model.responses.map(({ leakSize: _, ...response }) => response);
    return { ...point, resolved: { ...point.resolved, model: { ...model, responses } } };
  });
  const unsized = planResults(experiment, points);
  const of = (...leaked: readonly number[]) => {
    const replications = points.flatMap((point, index) =>
      [0, 1].map((replication): Replication => {
        const own = Float64Array.from(leaked.slice(3 * replication, 3 * replication + 3), (value) =>
          index === 0 ? value : 0,
        );
        const one = replicationOf(point, replication, new Float64Array(5));
        return { ...one, blocks: one.blocks.map(() => own) };
      }),
    );
    return comparisons(unsized, experiment.compare!, replications).find(({ response }) => response.name === "bytes")!;
  };
  const values = [0, 30, 0, 31, 0, 32];
  const some = of(...values);
  assert.deepEqual([some.difference, some.p], [sparseEstimate(values), sparsePValue(values)]);
  const one = of(0, 0, 0, 0, 12, 0);
  assert.deepEqual([one.difference.value, one.difference.lower, one.p], [2, NaN, NaN]);
});

test("the common part of compared levels cancels to the last bit", () => {
  // 200, 210, 220 and 400, 420, 440 us on servers of either side, halved and doubled again.
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
    between: "servers",
    bootstrapLower: "",
    bootstrapUpper: "",
    simultaneousLower: "0",
    simultaneousUpper: "0",
    p: "",
    pHolm: "",
    varianceRatio: "",
    independentHalfWidth: "",
    replications: "2",
  });
});

test("each level is divided by its own exposure, so equal rates over one and two days have difference 0", async () => {
  const [buggy, fixed] = plan.points;
  const shorter = { ...fixed, scenario: { ...fixed.scenario, horizonDays: 1, sampleEveryHours: 24 } };
  const points = [buggy, shorter] as const;
  // The second level leaks like the first, but is observed for one day of the two; server 0 gets 10 jobs a day.
  const replications = points.flatMap((point, index) =>
    [0, 1].map((replication) => {
      const days = 2 - index;
      const totals = Float64Array.of(10 * days, 100 * days, 7, 0, 50 * days);
      return replicationOf(point, replication, totals);
    }),
  );
  const two = { ...plan, points };
  const rates = comparisons(two, experiment.compare!, replications);
  const means = Object.fromEntries(
    rates.map(({ response, baselineMean, againstMean }) => [response.name, [baselineMean * 3, againstMean * 3]]),
  );
  assert.deepEqual(means, { jobs: [20, 20], bytes: [200, 200], handles: [7, 7], busyUs: [100, 100] });
  for (const { difference } of rates) assert.equal(difference.value, 0);
});

test("a comparison has a row for each response except event times", () => {
  assert.deepEqual(
    rows.map(({ response }) => response),
    ["jobs", "bytes", "handles", "busyUs"],
  );
});

test("fleets of different sizes are compared per server", async () => {
  const [buggy, fixed] = plan.points;
  const points = [buggy, { ...fixed, scenario: { ...fixed.scenario, servers: 1 } }] as const;
  const { openTable } = memory();
  const findings = await aggregateResults(
    { ...plan, points },
    arriving([resultOf(0, 0, 0, 3), resultOf(0, 1, 0, 3), resultOf(1, 0, 0, 1), resultOf(1, 1, 0, 1)]),
    openTable,
  );
  const { baselineMean, againstMean, difference } = findings.comparisons[0];
  assert.deepEqual([baselineMean, againstMean, difference.value], [21, 20, 1]);
});

/** Three levels, whose leaks of 100 bytes per fleet in 4 replications are these. */
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
  const many = planResults({ ...experiment, compare, replications: 4 }, points);
  const replications = points.flatMap((point) =>
    bytes[point.levels.spooler].map((total, replication): Replication => {
      return replicationOf(point, replication, Float64Array.of(6, 100 * total, 3, 1, 9));
    }),
  );
  const rows = comparisons(many, compare, replications).filter(({ response }) => response.name === "bytes");
  const { columns } = comparisonTable(many, compare);
  const cell = (name: string) => columns.find((column) => column.name === name)!.cell;
  return { rows, table: rows.map((row) => `${cell("baseline")(row)} ${cell("against")(row)}`) };
}

test("without `against` every other level is compared with the baseline; with all, every pair is", () => {
  assert.deepEqual(three("new").table, ["old new"]);
  assert.deepEqual(three().table, ["old new", "old newest"]);
  assert.deepEqual(three("all").table, ["old new", "old newest", "new newest"]);
});

test("simultaneous intervals of a family are wider, and p-values larger", () => {
  for (const { difference, simultaneous } of three("all").rows) {
    assert.equal(simultaneous.value, difference.value);
    assert.ok(simultaneous.lower < difference.lower && simultaneous.upper > difference.upper);
  }
  const [a, b, c] = three("all").rows;
  const least = Math.min(a.p, b.p, c.p);
  assert.ok(least > 0 && [a, b, c].some(({ p, pHolm }) => p === least && Math.abs(pHolm - 3 * p) < 1e-15));
  assert.equal(three("new").rows[0].pHolm, three("new").rows[0].p);
});

test("a row does not depend on the other pairs compared, except for simultaneous intervals", () => {
  const alone = three("new").rows[0];
  const [among] = three("all").rows;
  for (const key of ["difference", "bootstrap", "p", "varianceRatio", "independentHalfWidth"] as const) {
    assert.deepEqual(among[key], alone[key], key);
  }
});

test("every column of comparisons has a description, and a unit unless it is text", () => {
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

test("fleets with and without the fix get the same jobs: the variance ratio is at least 10 where both vary alike", async () => {
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
  // One side is constant, so there is no common variation to cancel.
  assert.equal(ratioOf("help-desk", "processorsLeaked"), 1);
  // Both fleets get the same jobs, but from some hour on most jobs of one fleet starve.
  assert.equal(ratioOf("mainframe", "jobsSubmitted"), Infinity);
  assert.ok(ratioOf("mainframe", "jobsPrinted") < 10);
});
