/** lab/reports/results-reader.ts reads back what a run found. */
import { meanEstimate } from "../../../statistics/estimate.ts";
import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { readResults, TIMES_MAX, type Results } from "../../../lab/reports/results-reader.ts";
import { leaking, queues, remove, resultsOf } from "../../support/small-results.ts";

let folder: string;
let results: Results;

before(async () => {
  folder = await resultsOf(leaking);
  results = await readResults(folder);
});
after(() => remove(folder));

type Row = Record<string, string>;

async function rowsOf(file: string): Promise<Row[]> {
  return parse(await readFile(join(folder, file)), { columns: true }) as Row[];
}

test("the findings are those of the run to the last digit", async () => {
  const rates = await rowsOf("leak-rates.csv");
  assert.deepEqual(
    results.findings.leakRates.map(({ rate, ceilingReached }) => [rate.value, rate.lower, ceilingReached || 0]),
    rates.map((row) => [Number(row.ratePerServerDay), Number(row.lower), Number(row.ceilingReached)]),
  );
  const known = (value: number) => (Number.isNaN(value) ? "" : String(value));
  assert.deepEqual(
    results.findings.leakRates.map(({ ceilingDaysMedian }) => known(ceilingDaysMedian)),
    rates.map(({ ceilingDaysMedian }) => ceilingDaysMedian),
  );
  const compared = await rowsOf("comparison.csv");
  assert.deepEqual(
    results.findings.comparisons.map(({ difference: { value, upper }, againstMean }) =>
      [value, upper, againstMean].map(known),
    ),
    compared.map(({ difference, upper, againstMean }) => [difference, upper, againstMean]),
  );
  const means = await rowsOf("means.csv");
  assert.deepEqual(
    results.findings.meanValues.map(({ ratio }) => known(ratio.value)),
    means.map(({ value }) => value),
  );
});

test("a time series is the mean of the replications at every sample time", async () => {
  const rows = (await rowsOf("samples.csv")).filter(({ dcs, spooler }) => dcs === "few" && spooler === "buggy");
  const course = results.timeSeries.find(({ point, response }) => {
    return point.levels.dcs === "few" && point.levels.spooler === "buggy" && response.name === "processorsLeaked";
  })!;
  const times = [...new Set(rows.map(({ timeUs }) => Number(timeUs)))];
  assert.deepEqual(course.times, times);
  for (const [i, time] of times.entries()) {
    const at = rows.filter(({ timeUs }) => Number(timeUs) === time);
    const mean = (column: string) => at.reduce((sum, row) => sum + Number(row[column]), 0) / at.length;
    assert.equal(at.length, 3);
    assert.ok(Math.abs(course.means[i].value - mean("processorsLeaked_mean")) < 1e-12 * mean("processorsLeaked_mean"));
    assert.equal(course.p90[i], mean("processorsLeaked_p90"));
    assert.ok(course.means[i].lower <= course.means[i].value);
  }
});

test("the band of a time series is between all servers, whatever their replication", async () => {
  const servers = (await rowsOf("servers.csv")).filter(({ dcs, spooler }) => dcs === "few" && spooler === "buggy");
  const course = results.timeSeries.find(({ point, response }) => {
    return point.levels.dcs === "few" && point.levels.spooler === "buggy" && response.name === "handles";
  })!;
  const of = meanEstimate(servers.map(({ handles }) => Number(handles)));
  const band = course.means.at(-1)!;
  assert.equal(servers.length, 9);
  for (const end of ["value", "lower", "upper"] as const) assert.ok(Math.abs(band[end] / of[end] - 1) < 1e-12, end);
});

test("a survival curve counts every server that had its event", async () => {
  const rows = (await rowsOf("servers.csv")).filter(({ dcs, spooler }) => dcs === "few" && spooler === "buggy");
  const survival = results.survivals.find(({ point, response }) => {
    return point.levels.dcs === "few" && point.levels.spooler === "buggy" && response.name === "dcCeilingUs";
  })!;
  const cells = rows.map(({ dcCeilingUs }) => dcCeilingUs).filter((cell) => cell !== "");
  const reached = cells.map(Number).sort((a, b) => a - b);
  assert.ok(reached.length > 3, "the small ceiling is reached");
  assert.deepEqual([survival.observations, survival.reached], [9, reached.length]);
  assert.equal(survival.steps[0].time, reached[0] / 86400e6);
  assert.ok(Math.abs(survival.steps.at(-1)!.survival - (9 - reached.length) / 9) < 1e-12);
});

test("an event of the whole fleet is one observation per replication, however many servers it has", async () => {
  const folder = await resultsOf(`question: Does the judge pass the canaries?
seed: fleets
replications: 4
scenario:
  model: print-servers
  servers: 12
  horizonDays: 8
  sampleEveryHours: 192
  parameters: {jobsPerDay: 100, printers: 5, patchOrder: hotfix, judge: sequential, canaryServers: 5, canaryDays: 4}
`);
  try {
    const { findings, survivals } = await readResults(folder);
    const { passed, halted, total } = findings.operationalImpact[0].rollouts;
    assert.ok(passed > 0 && halted > 0 && passed + halted === total, "both verdicts are seen");
    const of = (wanted: string) => survivals.find(({ response: { name } }) => name === wanted)!;
    for (const [name, reached] of [
      ["canaryPassedUs", passed],
      ["rolloutHaltedUs", halted],
    ] as const) {
      const survival = of(name);
      assert.deepEqual([survival.observations, survival.reached], [4, reached]);
      assert.ok(Math.abs(survival.steps.at(-1)!.survival - (4 - reached) / 4) < 1e-12);
    }
    assert.equal(of("firstLeakUs").observations, 48);
    const canaries = findings.operationalImpact[0].eventTimes.find(
      ({ eventTime: { name } }) => name === "canaryPassedUs",
    )!;
    assert.deepEqual([canaries.reached, canaries.observations], [passed, 4]);
  } finally {
    await remove(folder);
  }
});

test("the first servers of each design point are selected by number", async () => {
  const rows = await rowsOf("servers.csv");
  assert.equal(results.servers.length, rows.length);
  assert.deepEqual(
    results.servers.map(({ digest }) => digest),
    rows.map(({ digest }) => digest),
  );
  const { replication, server, events } = results.servers[4];
  assert.deepEqual([replication, server, events], [1, 1, Number(rows[4].events)]);
});

test("a chart with too many sample times keeps as many as it can show, evenly, with the horizon last", async () => {
  const many = await resultsOf(queues.replace("sampleEveryHours: 0.2", "sampleEveryHours: 0.002"));
  try {
    const { timeSeries } = await readResults(many);
    const { times } = timeSeries[0];
    assert.equal(times.length, TIMES_MAX);
    assert.equal(times.at(-1), 0.05 * 86400e6);
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    assert.ok(Math.max(...gaps) <= 2 * Math.min(...gaps), "evenly");
    for (const { means } of timeSeries) {
      assert.equal(means.length, TIMES_MAX);
      assert.ok(!means.some(({ value }) => Number.isNaN(value)));
    }
  } finally {
    await remove(many);
  }
});

test("tables that differ from the manifest are refused, and so is a folder without one", async () => {
  const changed = await resultsOf(queues);
  try {
    await appendFile(join(changed, "runs.csv"), "\n");
    await assert.rejects(readResults(changed), /was changed: runs\.csv has sha256/);
  } finally {
    await remove(changed);
  }
  await assert.rejects(readResults(join(folder, "nowhere")), /holds no results/);
});

test("tables with more or fewer rows than the plan of the manifest are refused in one line", async () => {
  const changed = await resultsOf(queues);
  try {
    const manifest = join(changed, "manifest.json");
    const text = await readFile(manifest, "utf8");
    for (const [replications, refusal] of [
      [3, "runs.csv has more rows than its plan"],
      [5, "runs.csv has 12 of the 15 rows of its plan"],
    ] as const) {
      await writeFile(manifest, text.replace('"replications": 4', `"replications": ${replications}`));
      await assert.rejects(readResults(changed), { name: "UserError", message: refusal });
    }
  } finally {
    await remove(changed);
  }
});
