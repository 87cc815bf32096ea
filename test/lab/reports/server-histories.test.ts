/** lab/reports/server-histories.ts tells of single servers what the run computed. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { clearCache, RunCache, type CacheSpace } from "../../../lab/execution/cache.ts";
import { historiesOf, historyBudget } from "../../../lab/reports/server-histories.ts";
import { readResults, type Results } from "../../../lab/reports/results-reader.ts";
import { leaking, remove, resultsOf } from "../../support/small-results.ts";

let folder: string;
let space: CacheSpace;
let results: Results;

before(async () => {
  space = { folder: await mkdtemp(join(tmpdir(), "spoolsim-cache-")), bytesMax: 1e9 };
  folder = await resultsOf(leaking, "small", space);
  results = await readResults(folder);
});
after(async () => {
  await remove(folder);
  await rm(space.folder, { recursive: true, force: true });
});

test("cached results are recalled unchanged", async () => {
  const cache = await RunCache.open(space, results.plan);
  const { points } = results.plan;
  const simulated = await historiesOf(results, points, "processorsLeaked");
  assert.deepEqual(await historiesOf(results, points, "processorsLeaked", AbortSignal.abort(), cache), simulated);
  await clearCache(space.folder);
  assert.deepEqual(await historiesOf(results, points, "processorsLeaked", undefined, cache), simulated);
  await assert.rejects(historiesOf(results, points, "processorsLeaked", AbortSignal.abort(), cache));
});

test("a server of a coordinated fleet is not recalled alone, because alone it would behave differently", async () => {
  const [point] = results.plan.points;
  const model = { ...point.resolved.model, isCoordinated: () => true };
  const coordinated = { ...point, resolved: { ...point.resolved, model } };
  const servers = results.servers.map((server) =>
    server.point === point ? { ...server, point: coordinated } : server,
  );
  const asked = { ...results, servers };
  const cache = { resultOf: () => assert.fail("it was recalled") } as unknown as RunCache;
  await historiesOf(asked, [coordinated], "processorsLeaked", undefined, cache);
});

test("the servers of a fleet, simulated one by one, add up to the fleet", async () => {
  const [point] = results.plan.points;
  const [history] = (await historiesOf(results, [point], "processorsLeaked"))!;
  assert.equal(history.servers.length, 9);
  const course = results.timeSeries.find((one) => one.point === point && one.response.name === "processorsLeaked")!;
  assert.deepEqual(history.times, course.times);
  for (const i of history.times.keys()) {
    const sum = history.servers.reduce((total, { values }) => total + values[i], 0);
    assert.ok(Math.abs(sum / 9 - course.means[i].value) < 1e-9);
  }
});

test("at most the budget of events is simulated again, for fewer servers if necessary", async () => {
  const many = { ...results, servers: results.servers.map((server) => ({ ...server, events: 5e5 })) };
  const histories = (await historiesOf(many, results.plan.points, "processorsLeaked"))!;
  assert.deepEqual(
    histories.map(({ servers }) => servers.length),
    [1, 1, 1, 1],
  );
  const huge = { ...results, servers: results.servers.map((server) => ({ ...server, events: 1e9 })) };
  assert.deepEqual(await historiesOf(huge, results.plan.points, "processorsLeaked"), []);
});

test("the budget is a tenth of the events of the run, within bounds", () => {
  const of = (events: number) => historyBudget({ ...results, manifest: { ...results.manifest, events } });
  assert.deepEqual([of(1000), of(50e6), of(1e12)], [2e6, 5e6, 12e6]);
});

test("a server that now behaves differently is left out", async () => {
  const other = { ...results, servers: results.servers.map((server) => ({ ...server, digest: "x0000000000000000" })) };
  assert.equal(await historiesOf(other, results.plan.points, "processorsLeaked"), undefined);
});
