/** lab/analysis/leak-rates.ts: the tables that are computed at the end, from values computed by hand. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import {
  leakRate,
  leakRatesTable,
  leaksLessLater,
  levelEstimate,
  meanOf,
  meansTable,
  rateEstimate,
  type LeakPart,
} from "../../../lab/analysis/leak-rates.ts";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import type { Findings } from "../../../lab/analysis/findings.ts";
import { mapEach } from "../../../lab/lists.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { scatterOfValues } from "../../../statistics/estimate.ts";
import { sparseEstimate } from "../../../statistics/sparse.ts";
import { arriving, experiment, memory, plan, results } from "../../support/fake-results.ts";

let findings: Findings;
const tables: Record<string, Record<string, string>[]> = {};

before(async () => {
  const { openTable, texts } = memory();
  findings = await aggregateResults(plan, arriving(results), openTable);
  for (const [file, csv] of Object.entries(await texts())) tables[file] = parse(csv, { columns: true });
});

/** The cells of a row, which are exactly these columns: numbers to 9 digits, words to the letter. */
function assertRow(row: Record<string, string>, expected: Record<string, number | string>): void {
  assert.deepEqual(Object.keys(row), Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === "string") assert.equal(row[name], value, name);
    else assert.ok(Math.abs(Number(row[name]) - value) <= 1e-9 * Math.abs(value), `${name} ${row[name]} is ${value}`);
  }
}

test("a leak rate is the amount leaked over the exposure, with the interval of counts between servers", () => {
  // Servers leak 0, 50, 100, and 50, 100, 150 bytes a day: mean 75, squares about it 13750, over 5; t(0.975) of 5
  // degrees of freedom is 2.5706, which reaches farther below than Garwood's limit and less far above.
  // Leaks of 100 bytes: 3 and 6, mean and variance 4.5; of 9 Garwood's limits are 4.115 and 17.085.
  // Of 6 servers, 3 are full after 0.5, 1 and 1.5 days: S = 5/6, 4/6, 3/6; the area to day 2 is 1.5 days.
  assertRow(tables["leak-rates.csv"][0], {
    site: "office",
    spooler: "buggy",
    resource: "bytes",
    unit: "B",
    servers: "3",
    replications: "2",
    exposureServerDays: "12",
    leaked: "900",
    ratePerServerDay: "75",
    lower: 75 - 2.57058183564 * Math.sqrt(2750 / 6),
    upper: (17.0848034508 * 100) / 12,
    between: "servers",
    betweenServers: Math.sqrt(2750),
    leaks: "9",
    dispersion: "1",
    ceilingReached: "3",
    ceilingDaysMedian: "1.5",
    ceilingDaysLower: "0.5",
    ceilingDaysUpper: "",
    ceilingDaysRestrictedMean: 1.5,
    // Servers were full, so the rate is a lower bound of the exact one.
    closedForm: "",
    z: "",
  });
});

test("without observed leaks the interval ends at Garwood's limit", () => {
  assertRow(tables["leak-rates.csv"][1], {
    site: "office",
    spooler: "fixed",
    resource: "bytes",
    unit: "B",
    servers: "3",
    replications: "2",
    exposureServerDays: "12",
    leaked: "0",
    ratePerServerDay: "0",
    lower: "0",
    upper: (3.68887945411 * 100) / 12,
    between: "servers",
    betweenServers: "0",
    leaks: "0",
    dispersion: "",
    ceilingReached: "0",
    ceilingDaysMedian: "",
    ceilingDaysLower: "",
    ceilingDaysUpper: "",
    ceilingDaysRestrictedMean: "2",
    closedForm: "100",
    z: "",
  });
});

test("a mean is a ratio of totals, with an interval between servers where these are independent", () => {
  // 200, 210, 220 and twice that for 20, 21, 22 jobs: 15 us; residuals of 100, 105, 110 either way, whose squares sum
  // to 66,250: standard error sqrt(66,250 / 5) / (21 sqrt 6).
  const error = Math.sqrt(66_250 / 5) / (21 * Math.sqrt(6));
  assertRow(tables["means.csv"][0], {
    site: "office",
    spooler: "buggy",
    mean: "busyUsMean",
    unit: "us",
    value: "15",
    lower: 15 - 2.5705818356 * error,
    upper: 15 + 2.5705818356 * error,
    between: "servers",
    closedForm: "10",
    z: 5 / error,
  });
});

test("one replication has intervals between its servers", async () => {
  const { openTable, texts } = memory();
  // This model's closed form also holds for servers that were full.
  const points = mapEach(plan.points, (point) => {
    const model = { ...point.resolved.model, closedFormFault: () => undefined };
    return { ...point, resolved: { ...point.resolved, model } };
  });
  const once: Plan = { ...plan, points, experiment: { ...experiment, replications: 1 } };
  await aggregateResults(once, arriving([results[0], results[2]]), openTable);
  const [row] = parse((await texts())["leak-rates.csv"], { columns: true }) as Record<string, string>[];
  const { ratePerServerDay, lower, upper, z } = row;
  // 0, 1 and 2 leaks in 2 days: t(0.975) of 2 degrees of freedom is 4.3027; of 3 leaks Garwood's lower limit is 0.6187.
  assert.equal(ratePerServerDay, "50");
  assert.ok(Math.abs(Number(lower) - (0.61867212 * 50) / 3) < 1e-6, lower);
  assert.ok(Math.abs(Number(upper) - (50 + (4.30265273 * 50) / Math.sqrt(3))) < 1e-6, upper);
  assert.ok(Math.abs(Number(z) + Math.sqrt(3)) < 1e-12, z);
});

test("a rate is a lower bound if a resource ran out, unless its closed form holds nevertheless", () => {
  const [point] = plan.points;
  assert.equal(findings.leakRates[0].isLowerBound, true);
  assert.equal(leaksLessLater(point, bytes), true);
  const model = { ...point.resolved.model, closedFormFault: () => undefined };
  assert.equal(leaksLessLater({ ...point, resolved: { ...point.resolved, model } }, bytes), false);
});

const [, bytes] = plan.points[0].resolved.model.responses;

test("the intervals of a family are those of counts and of sparse values at the family's level", () => {
  const [point] = plan.points;
  // Garwood: no leak of 100 B in 12 server-days, at 1 - 0.05 / 10: at most -ln 0.0025 = 5.99146 leaks.
  const none = rateEstimate(point, bytes, new Float64Array(6), 2, 10);
  assert.ok(Math.abs(none.upper - (5.99146454711 * 100) / 12) < 1e-6, `${none.upper}`);
  const { leakSize: _, ...unsized } = bytes;
  const some = Float64Array.of(0, 30, 0, 31, 0, 32);
  assert.deepEqual(rateEstimate(point, unsized, some, 2, 4), sparseEstimate(some, 2, 4));
});

test("a level of what leaked has the interval of its counts", () => {
  // 0, 100, 200 and 100, 200, 300 bytes are 9 leaks on 6 servers, mean 1.5 and variance 1.1.
  const scatter = scatterOfValues([0, 100, 200, 100, 200, 300]);
  const { value, lower, upper } = levelEstimate(plan.points[0], bytes, scatter, 1);
  assert.equal(value, 150);
  assert.ok(Math.abs(lower - (150 - 2.57058183564 * 100 * Math.sqrt(1.1 / 6))) < 1e-6, `${lower}`);
  assert.ok(Math.abs(upper - (17.0848034508 * 100) / 6) < 1e-6, `${upper}`);
});

/** A part of a fleet, whose closed form is this many bytes per server-day; 0: it cannot leak. */
function partOf(servers: number, horizonDays: number, closedForm: number, totals: number[], full: number): LeakPart {
  const [{ scenario, resolved, ...rest }] = plan.points;
  const always = () => undefined;
  const canLeak = () => closedForm > 0;
  const model = { ...resolved.model, closedForm: () => closedForm, closedFormFault: always, canLeak };
  const counted = (time: number, count: number) => ({ values: Float64Array.of(time), counts: Float64Array.of(count) });
  return {
    point: { ...rest, scenario: { ...scenario, servers, horizonDays }, resolved: { ...resolved, model } },
    response: bytes,
    totals: Float64Array.from(totals),
    observations: new Float64Array(2 * servers),
    servers: { count: 2 * servers, mean: 0, squares: 0 },
    lifetime: { events: counted(0.5, full), censored: counted(horizonDays, 2 * servers - full) },
    ranOut: full > 0,
  };
}

test("parts of a fleet are added: leaks in pairs, exposures with their closed forms, and lives up to the shortest horizon", () => {
  // 6, 2 and 8 server-days a replication; 3 and 6 leaks in one part, 1 and 0 in another; the third cannot leak.
  const parts = [partOf(3, 2, 100, [300, 600], 4), partOf(2, 1, 20, [100, 0], 2), partOf(4, 2, 0, [0, 0], 0)];
  const whole = leakRate(parts);
  assert.deepEqual(
    [whole.exposureServerDays, whole.leaked, whole.leaks, whole.between],
    [32, 1000, 10, "replications"],
  );
  assert.equal(whole.rate.value, 31.25);
  // Two parts may leak at once: 5 pairs, of which Garwood's lower limit is 1.623486; t reaches below 0.
  assert.ok(Math.abs(whole.rate.lower - (2 * 1.623486 * 100) / 32) < 1e-4, `${whole.rate.lower}`);
  assert.equal(whole.closedForm, (6 * 100 + 2 * 20) / 16);
  // 4 and 6 leaks: variance 2, mean 5.
  assert.equal(whole.dispersion, 0.4);
  assert.equal(whole.isLowerBound, false, "the closed forms hold although servers were full");
  // Of the first two parts, 6 of 10 are full after half a day, so the mean time up to day 1 is 0.5 + 0.5 * 0.4.
  const two = leakRate(parts.slice(0, 2));
  assert.deepEqual([two.ceilingReached, two.ceilingDaysMedian], [6, 0.5]);
  assert.ok(Math.abs(two.ceilingDaysRestrictedMean - 0.7) < 1e-12, `${two.ceilingDaysRestrictedMean}`);
  assert.deepEqual(two.ceilingDaysInterval, { lower: NaN, upper: NaN }, "parts share random numbers");
});

test("a mean or a level of which nothing was observed has no interval, unless it cannot be more than 0", () => {
  const [point] = plan.points;
  const { responses, means } = point.resolved.model;
  const zeros = new Float64Array(3);
  const jobs = Float64Array.of(20, 21, 22);
  const busy = meanOf(point, means![0]!, zeros, jobs);
  assert.deepEqual([busy.value, busy.lower, busy.upper], [0, NaN, NaN]);
  // Equal observations do not show how much others vary.
  const equal = meanOf(point, means![0]!, jobs, jobs);
  assert.deepEqual([equal.value, equal.lower, equal.upper], [1, NaN, NaN]);
  const level = levelEstimate(point, responses[0]!, { count: 3, mean: 0, squares: 0 }, 1);
  assert.deepEqual([level.value, level.lower, level.upper], [0, NaN, NaN]);
  const sound = { ...point, resolved: { ...point.resolved, model: { ...point.resolved.model, canLeak: () => false } } };
  const leaked = { ...means![0]!, of: "bytes" };
  assert.deepEqual(
    [point, sound].map((one) => meanOf(one, leaked, zeros, jobs).upper),
    [NaN, 0],
  );
});

test("the final report agrees with the tables", () => {
  assert.equal(findings.leakRates[0].rate.value, 75);
  assert.equal(findings.meanValues[0].ratio.value, 15);
});

test("every column of leak rates and means has a description, and a unit unless it is text", () => {
  for (const { columns } of [leakRatesTable(plan), meansTable(plan)]) {
    for (const { type, unit, description } of columns) {
      assert.notEqual(description, "");
      assert.equal(unit === "", type === "string");
    }
  }
});
