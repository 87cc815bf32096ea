/** spoolsim verify: results are computed again, whatever the cache holds, and a change is found. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { results, withArticleResults } from "../support/article-results.ts";
import { filesBelow } from "../support/folders.ts";
import { spoolsim, tiny, timeout } from "../support/spoolsim.ts";

let cwd: string;
/** Results that the tests only read. */
let shared: string;
withArticleResults((...folders) => {
  [cwd, shared] = folders;
});

test("verify computes again what the cache holds", { timeout }, async () => {
  await spoolsim(cwd, ...tiny);
  const entries = (await filesBelow(join(cwd, "results/.cache"))).filter((name) => name.length > 3);
  const had = await Promise.all(entries.map((name) => readFile(join(cwd, "results/.cache", name))));
  for (const name of entries) await writeFile(join(cwd, "results/.cache", name), "damaged");
  assert.match((await spoolsim(cwd, "verify", "results/mm1")).stdout, /every byte the same/);
  for (const name of entries) assert.equal(await readFile(join(cwd, "results/.cache", name), "utf8"), "damaged");
  assert.doesNotMatch((await spoolsim(cwd, ...tiny)).stdout, /cache/);
  for (const [i, name] of entries.entries()) {
    assert.deepEqual(await readFile(join(cwd, "results/.cache", name)), had[i]);
  }
});

test("verify accepts unchanged results, and reports a change with exit code 1", { timeout }, async () => {
  const same = await spoolsim(shared, "verify", results, "--workers", "2");
  assert.deepEqual([same.status, same.stderr], [0, ""]);
  assert.match(same.stdout, /^results\/q223863: 9 files compared, every byte the same; digest x[0-9a-f]{16}\n$/);
  await spoolsim(cwd, ...tiny);
  const file = join(cwd, "results/mm1/servers.csv");
  await writeFile(file, (await readFile(file, "utf8")).replace(/[0-9a-f]\n$/, "x\n"));
  const changed = await spoolsim(cwd, "verify", "results/mm1", "--sample", "4");
  assert.equal(changed.status, 1);
  assert.match(changed.stdout, /servers\.csv has sha256 .*\n.*servers\.csv line 5: spoolsim replay .* another row\n$/);
});
