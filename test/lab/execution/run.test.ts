/**
 * lab/execution/run.ts: a run is pure, a server does not know its fleet, and a broken invariant is reported with its
 * place.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BrokenInvariant, execute, sampleTimes, type Run, type RunResult } from "../../../lab/execution/run.ts";
import { userModelFile } from "../../cases/runner.ts";

const HOUR_US = 3600e6;

const run: Run = {
  point: 1,
  replication: 2,
  seed: "run",
  first: 0,
  count: 6,
  sliceSize: 1,
  scenario: { model: "mm1", servers: 6, horizonDays: 0.1, sampleEveryHours: 1, parameters: {} },
};

/** Digests, event counts and samples of one server of a result. */
function serverOf({ eventCounts, digestLow, digestHigh, samples, count }: RunResult, place: number): number[][] {
  const own = samples.filter((_, i) => i % count === place);
  return [[eventCounts[place], digestLow[place], digestHigh[place]], [...own]];
}

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-run-"));
});

after(() => rm(folder, { recursive: true }));

test("samples are taken at each interval, and once at the horizon", () => {
  const times = (horizonDays: number, sampleEveryHours: number) =>
    sampleTimes({ ...run.scenario, horizonDays, sampleEveryHours }).map((time) => time / HOUR_US);
  assert.deepEqual(times(1, 10), [10, 20, 24]);
  assert.deepEqual(times(1, 12), [12, 24]);
  assert.deepEqual(times(1, 100), [24]);
});

test("the same run gives the same result, and another seed, replication or server a different one", async () => {
  const result = await execute(run);
  assert.deepEqual(await execute(run), result);
  const digest = ({ digestLow }: RunResult) => digestLow[0];
  for (const other of [{ seed: "ruN" }, { replication: 3 }, { first: 1, count: 5 }]) {
    assert.notEqual(digest(await execute({ ...run, ...other })), digest(result), JSON.stringify(other));
  }
});

test("a result has a column of servers for each response at each sample time, the horizon last", async () => {
  const { point, replication, first, count, samples, eventCounts } = await execute(run);
  assert.deepEqual({ point, replication, first, count }, { point: 1, replication: 2, first: 0, count: 6 });
  assert.equal(samples.length, 3 * 5 * 6);
  // Every event of mm1 is an arrival or a departure: its first and third responses.
  const horizon = 2 * 5 * 6;
  for (let server = 0; server < 6; server++) {
    assert.equal(samples[horizon + server] + samples[horizon + 2 * 6 + server], eventCounts[server]);
    assert.ok(samples[server] < samples[horizon + server]);
  }
});

test("a server does the same in any run, slice and fleet", async () => {
  const whole = await execute(run);
  const later = await execute({ ...run, first: 4, count: 2 });
  const sideBySide = await execute({ ...run, sliceSize: 4 });
  const larger = await execute({ ...run, count: 8, scenario: { ...run.scenario, servers: 8 } });
  assert.deepEqual(serverOf(later, 1), serverOf(whole, 5));
  assert.deepEqual(sideBySide, whole);
  for (let server = 0; server < 6; server++) assert.deepEqual(serverOf(larger, server), serverOf(whole, server));
});

test("a user's module is written once, because a thread of an earlier test may be importing it", async () => {
  const model = await userModelFile(folder, "exit");
  await writeFile(model, "changed");
  assert.equal(await userModelFile(folder, "exit"), model);
  assert.equal(await readFile(model, "utf8"), "changed");
});

test("an invariant is checked at every sample time and reported with the place where it fails", async () => {
  const model = await userModelFile(folder, "check");
  const broken = { ...run, first: 2, count: 4, sliceSize: 3, scenario: { ...run.scenario, model } };
  await assert.rejects(execute(broken), (error) => {
    assert.ok(error instanceof BrokenInvariant);
    assert.match(error.message, /^ticks is \d+, and five are enough \(design point 1, replication 2, /);
    assert.match(error.message, /servers 2 to 4, time 3600000000 us\)$/);
    return true;
  });
});

test("an invalid scenario is a user error", async () => {
  const wrong = { ...run, scenario: { ...run.scenario, parameters: { serviceLaw: "erlang3" } } };
  await assert.rejects(execute(wrong), { name: "UserError", message: /serviceLaw is "erlang3"; one of .*erlang2/ });
});
