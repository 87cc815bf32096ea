/**
 * lab/execution/worker.ts: a worker hands over what execute gives, its columns moved; thread-runner.test.ts has the
 * rest.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { transferableSymbol, valueSymbol } from "piscina";
import { execute } from "../../../lab/execution/run.ts";
import work, { type Worked } from "../../../lab/execution/worker.ts";

test("every column of a result is moved, not copied", async () => {
  const scenario = { model: "mm1", servers: 2, horizonDays: 0.01, sampleEveryHours: 1, parameters: {} };
  const run = { point: 0, replication: 0, seed: "1", scenario, first: 0, count: 2, sliceSize: 1 };
  const moved = (await work([run])) as Record<symbol, unknown>;
  const [result] = (moved[valueSymbol] as Worked).results;
  assert.deepEqual(result, await execute(run));
  const columns = Object.values(result).filter((value) => ArrayBuffer.isView(value));
  assert.deepEqual(new Set(moved[transferableSymbol] as ArrayBuffer[]), new Set(columns.map(({ buffer }) => buffer)));
});
