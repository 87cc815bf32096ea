/** lab/fold.ts: neither arrival nor slicing changes a byte. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { foldResults } from "../../lab/fold.ts";
import type { RunResult } from "../../lab/run.ts";
import type { Plan } from "../../lab/tables.ts";
import { arriving, experiment, memory, plan, resultOf, results } from "./fake-results.ts";

async function tablesOf(inThisOrder: readonly RunResult[], of = plan): Promise<Record<string, string>> {
  const { openTable, texts } = memory();
  await foldResults(of, arriving(inThisOrder), openTable);
  return texts();
}

/** Every replication, cut in one of the ways in which three servers can be. */
const anySlices = fc.array(fc.constantFrom([3], [1, 2], [2, 1], [1, 1, 1]), { minLength: 4, maxLength: 4 })
  .map((cuts) => cuts.flatMap((counts, run) => {
    let first = 0;
    return counts.map((count) => resultOf(run >> 1, run & 1, (first += count) - count, count));
  }))
  .chain((slices) => fc.shuffledSubarray(slices, { minLength: slices.length }));

test("any order of arrival and any slicing of the fleet give the same bytes", async () => {
  const expected = await tablesOf(results);
  await fc.assert(fc.asyncProperty(anySlices, async (slices) => {
    assert.deepEqual(await tablesOf(slices), expected);
  }), { seed: 223863, numRuns: 200 });
});

test("rows come by design point, replication, then server or time", async () => {
  const tables = await tablesOf([...results].reverse());
  const rows = (file: string) => tables[file].split("\n").slice(1, -1);
  const keys = (file: string) => rows(file).map((row) => row.split(",").slice(1, 4).join(" "));
  assert.deepEqual(keys("servers.csv"), [
    "buggy 0 0", "buggy 0 1", "buggy 0 2", "buggy 1 0", "buggy 1 1", "buggy 1 2",
    "fixed 0 0", "fixed 0 1", "fixed 0 2", "fixed 1 0", "fixed 1 1", "fixed 1 2",
  ]);
  assert.deepEqual(keys("samples.csv"), [
    "buggy 0 86400000000", "buggy 0 172800000000", "buggy 1 86400000000", "buggy 1 172800000000",
    "fixed 0 86400000000", "fixed 0 172800000000", "fixed 1 86400000000", "fixed 1 172800000000",
  ]);
});

test("a sample has the sum, mean, quantiles and maximum of its fleet", async () => {
  const [, firstDay] = (await tablesOf(results))["samples.csv"].split("\n");
  // Jobs 10, 11, 12; bytes 0, 50, 100; handles 0, 0.5, 1; microseconds 100, 110, 120.
  assert.equal(firstDay, "office,buggy,0,86400000000,"
    + "33,11,11,12,12,12,150,50,50,100,100,100,1.5,0.5,0.5,1,1,1,330,110,110,120,120,120");
});

test("a run has the totals of its servers, and the sum of their digests modulo 2^32", async () => {
  const [, , second] = (await tablesOf(results))["runs.csv"].split("\n");
  // Low lanes 2^32 - 1, - 2, - 3 sum to 2^32 - 6; high lanes 16, 17, 18 to 51.
  assert.equal(second, "office,buggy,1,3,303,00000033fffffffa,63,600,1.5,2,1260,"
    + "spoolsim fake --point 0 --replication 1");
});

test("the digest of an experiment is the sum of its runs'", async () => {
  const { events, digest } = await foldResults(plan, arriving(results), memory().openTable);
  assert.equal(events, 1212);
  // Low lanes 4 (2^32 - 6); high lanes 2 (3 + 51).
  assert.equal(digest, "0000006cffffffe8");
});

test("a server's row is written when its turn comes, not when its replication is whole", async () => {
  const { openTable, texts } = memory();
  async function* watched(): AsyncIterable<RunResult> {
    yield resultOf(0, 0, 2, 1);
    assert.equal((await texts())["servers.csv"].split("\n").length, 2);
    yield resultOf(0, 0, 0, 1);
    assert.equal((await texts())["servers.csv"].split("\n").length, 3);
    yield resultOf(0, 0, 1, 1);
    assert.equal((await texts())["servers.csv"].split("\n").length, 5);
    yield* results.slice(1);
  }
  await foldResults(plan, watched(), openTable);
});

test("results that end too early are no result", async () => {
  await assert.rejects(tablesOf([results[0], resultOf(0, 1, 0, 2), results[3]]),
    /^Error: the result of design point 0, replication 1, server 2 is missing$/);
  await assert.rejects(tablesOf([]), /design point 0, replication 0, server 0 is missing/);
});

test("what is not leaked, meant or compared has no table", async () => {
  const { compare: _, ...alone } = experiment;
  const points = plan.points.map((point) => {
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

test("a factor's bad name is told before anything is simulated", async () => {
  const factors = [...experiment.factors, { name: "resource", levels: [] }];
  async function* simulating(): AsyncIterable<RunResult> {
    assert.fail("simulated");
  }
  const misnamed: Plan = { ...plan, experiment: { ...experiment, factors } };
  await assert.rejects(foldResults(misnamed, simulating(), memory().openTable), {
    name: "UserError", message: "resource would be two columns of leak-rates.csv; rename the factor",
  });
});
