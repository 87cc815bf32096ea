/** spoolsim replay: a row of runs.csv carries the command that simulates it again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { articleResults, results } from "../support/article-results.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

/** Results that the tests only read. */
let shared: string;
before(async () => {
  shared = await articleResults();
});

test("the command of a row of runs.csv replays it to the same digest", { timeout }, async () => {
  const run = (await rows(join(shared, results, "runs.csv"))).at(-1)!;
  const { status, stdout } = await spoolsim(join(shared, results), ...run.replay.split(" ").slice(1));
  assert.deepEqual([status, stdout], [0, `${run.events} events, digest ${run.digest}\n`]);
});
