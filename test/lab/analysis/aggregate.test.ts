/** lab/analysis/aggregate.ts: neither arrival nor slicing changes a byte. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { collectGarbage } from "#platform";
import { CsvWriter } from "../../../lab/results/csv.ts";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import type { RunResult } from "../../../lab/execution/run.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { arriving, experiment, memory, plan, resultOf, results } from "../../support/fake-results.ts";
import { mapEach } from "../../../lab/lists.ts";

async function tablesOf(inThisOrder: readonly RunResult[], of = plan): Promise<Record<string, string>> {
  const { openTable, texts } = memory();
  await aggregateResults(of, arriving(inThisOrder), openTable);
  return texts();
}

/** The plan with a fleet of this size at its first point, of which there is one replication and nothing to compare. */
function fleetOf(servers: number): Plan {
  const { compare: _, ...alone } = experiment;
  const [{ scenario, ...point }] = plan.points;
  return {
    ...plan,
    experiment: { ...alone, replications: 1 },
    points: [{ ...point, scenario: { ...scenario, servers } }],
  };
}

/** Results of a fleet of any size: jobs are the server's number, and one server in ten fills up, each at a time. */
function* resultsOf(servers: number, size: number): Iterable<RunResult> {
  for (let first = 0; first < servers; first += size) {
    const count = Math.min(size, servers - first);
    const ofServers = (cell: (server: number) => number) => Array.from({ length: count }, (_, i) => cell(first + i));
    const oneDay = [
      ...ofServers((server) => server),
      ...ofServers(() => 0),
      ...ofServers(() => 0.5),
      ...ofServers((server) => (server % 10 === 0 ? 3600e6 + server : NaN)),
      ...ofServers((server) => server % 7),
    ];
    yield {
      point: 0,
      replication: 0,
      first,
      count,
      eventCounts: new Float64Array(count).fill(3),
      digestLow: new Uint32Array(count),
      digestHigh: new Uint32Array(count),
      samples: Float64Array.from([...oneDay, ...oneDay]),
    };
  }
}

/** What is still referred to [bytes]. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Every replication, cut in one of the ways in which three servers can be. */
const anySlices = fc
  .array(fc.constantFrom([3], [1, 2], [2, 1], [1, 1, 1]), { minLength: 4, maxLength: 4 })
  .map((cuts) =>
    cuts.flatMap((counts, run) => {
      let first = 0;
      return counts.map((count) => resultOf(run >> 1, run & 1, (first += count) - count, count));
    }),
  )
  .chain((slices) => fc.shuffledSubarray(slices, { minLength: slices.length }));

test("any order of arrival and any slicing of the fleet give the same bytes", async () => {
  const expected = await tablesOf(results);
  await fc.assert(
    fc.asyncProperty(anySlices, async (slices) => {
      assert.deepEqual(await tablesOf(slices), expected);
    }),
    { seed: 223863, numRuns: 200 },
  );
});

test("rows are ordered by design point, replication, then server or time", async () => {
  const tables = await tablesOf([...results].reverse());
  const rows = (file: string) => tables[file].split("\n").slice(1, -1);
  const keys = (file: string) => rows(file).map((row) => row.split(",").slice(1, 4).join(" "));
  assert.deepEqual(keys("servers.csv"), [
    "buggy 0 0",
    "buggy 0 1",
    "buggy 0 2",
    "buggy 1 0",
    "buggy 1 1",
    "buggy 1 2",
    "fixed 0 0",
    "fixed 0 1",
    "fixed 0 2",
    "fixed 1 0",
    "fixed 1 1",
    "fixed 1 2",
  ]);
  assert.deepEqual(keys("samples.csv"), [
    "buggy 0 86400000000",
    "buggy 0 172800000000",
    "buggy 1 86400000000",
    "buggy 1 172800000000",
    "fixed 0 86400000000",
    "fixed 0 172800000000",
    "fixed 1 86400000000",
    "fixed 1 172800000000",
  ]);
});

test("a sample has the sum, mean, standard deviation, quantiles and maximum of its fleet", async () => {
  const [, firstDay] = (await tablesOf(results))["samples.csv"].split("\n");
  // Jobs 10, 11, 12; bytes 0, 50, 100; handles 0, 0.5, 1; microseconds 100, 110, 120.
  assert.equal(
    firstDay,
    "office,buggy,0,86400000000," +
      "33,11,1,11,12,12,12,150,50,50,50,100,100,100,1.5,0.5,0.5,0.5,1,1,1,330,110,10,110,120,120,120",
  );
});

test("a run has the totals of its servers and the sum of their digests modulo 2^32", async () => {
  const [, , second] = (await tablesOf(results))["runs.csv"].split("\n");
  // Low lanes 2^32 - 1, - 2, - 3 sum to 2^32 - 6; high lanes 16, 17, 18 to 51.
  assert.equal(
    second,
    "office,buggy,1,3,303,x00000033fffffffa,63,600,1.5,2,1260," +
      '"spoolsim replay manifest.json --at site=office,spooler=buggy --replication 1"',
  );
});

test("the digest of an experiment is the sum of its runs'", async () => {
  const { events, digest } = await aggregateResults(plan, arriving(results), memory().openTable);
  assert.equal(events, 1212);
  // Low lanes 4 (2^32 - 6); high lanes 2 (3 + 51).
  assert.equal(digest, "x0000006cffffffe8");
});

test("a server's row is written in its turn, not when its replication is complete", async () => {
  const { openTable, texts } = memory();
  async function* recorded(): AsyncIterable<RunResult> {
    yield resultOf(0, 0, 2, 1);
    assert.equal((await texts())["servers.csv"].split("\n").length, 2);
    yield resultOf(0, 0, 0, 1);
    assert.equal((await texts())["servers.csv"].split("\n").length, 3);
    yield resultOf(0, 0, 1, 1);
    assert.equal((await texts())["servers.csv"].split("\n").length, 5);
    yield* results.slice(1);
  }
  await aggregateResults(plan, recorded(), openTable);
});

test("the quantiles of a fleet of 4,096 are exact, and those of a larger one slightly below", async () => {
  for (const servers of [4096, 40_000]) {
    const tables = await tablesOf([...resultsOf(servers, 500)], fleetOf(servers));
    const cells = tables["samples.csv"].split("\n")[1].split(",").slice(4, 11).map(Number);
    const ranks = [50, 90, 99].map((percent) => Math.ceil((percent * servers) / 100) - 1);
    assert.deepEqual([cells[0], cells[1], cells[6]], [(servers * (servers - 1)) / 2, (servers - 1) / 2, servers - 1]);
    const deviation = Math.sqrt((servers * (servers + 1)) / 12);
    assert.ok(Math.abs(cells[2] / deviation - 1) < (servers === 4096 ? 1e-12 : 2 ** -8), `${cells[2]}, ${deviation}`);
    if (servers === 4096) assert.deepEqual(cells.slice(3, 6), ranks);
    else
      assert.ok(
        ranks.every((rank, i) => cells[3 + i] <= rank && cells[3 + i] > rank * (1 - 2 ** -8)),
        `${cells}`,
      );
  }
});

test("the curve of a ceiling counts the servers of every replication, with or without the event", async () => {
  const {
    leakRates: [{ ceilingReached, ceilingDaysMedian, ceilingDaysRestrictedMean }],
  } = await aggregateResults(fleetOf(10_000), arriving([...resultsOf(10_000, 500)]), memory().openTable);
  assert.deepEqual([ceilingReached, ceilingDaysMedian], [1000, NaN]);
  // Nine in ten stay for two days, the others for an hour and a few milliseconds.
  assert.ok(Math.abs(ceilingDaysRestrictedMean - (0.9 * 2 + 0.1 / 24)) < 1e-6);
});

test("nothing is kept of a server whose turn is over", async () => {
  const held: number[] = [];
  async function* recorded(): AsyncIterable<RunResult> {
    for (const result of resultsOf(300_000, 500)) {
      yield result;
      if (result.first === 50_000 || result.first === 299_500) held.push(memoryInUse());
    }
  }
  const { leakRates } = await aggregateResults(fleetOf(300_000), recorded(), async (table) => {
    return new CsvWriter(table, async () => undefined);
  });
  assert.equal(leakRates[0].ceilingReached, 30_000);
  // A quarter of a million servers have samples of 20 MB; the table of the event time grows by 1 MB.
  assert.ok(held[1] - held[0] < 5e6, `${held[1] - held[0]} bytes more`);
});

test("results that end too early are not accepted", async () => {
  await assert.rejects(
    tablesOf([results[0], resultOf(0, 1, 0, 2), results[3]]),
    /^Error: the result of design point 0, replication 1, server 2 is missing$/,
  );
  await assert.rejects(tablesOf([]), /design point 0, replication 0, server 0 is missing/);
});

test("a result without leaks, means or comparisons has no such table", async () => {
  const { compare: _, ...alone } = experiment;
  const points = mapEach(plan.points, (point) => {
    const responses = point.resolved.model.responses.filter(({ role }) => role === "count");
    return { ...point, resolved: { ...point.resolved, model: { ...point.resolved.model, responses, means: [] } } };
  });
  const counted = results.map((result): RunResult => {
    // Only the first response of both sample times.
    return { ...result, samples: Float64Array.of(...result.samples.slice(0, 3), ...result.samples.slice(15, 18)) };
  });
  const bare: Plan = { ...plan, experiment: alone, points };
  assert.deepEqual(Object.keys(await tablesOf(counted, bare)), ["servers.csv", "samples.csv", "runs.csv"]);
});

test("a factor's bad name is reported before anything is simulated", async () => {
  const factors = [...experiment.factors, { name: "resource", levels: [] }];
  async function* simulating(): AsyncIterable<RunResult> {
    assert.fail("simulated");
  }
  const misnamed: Plan = { ...plan, experiment: { ...experiment, factors } };
  await assert.rejects(aggregateResults(misnamed, simulating(), memory().openTable), {
    name: "UserError",
    message: "factors.resource would be two columns of leak-rates.csv; rename the factor",
  });
});
