/** spoolsim export: the log of a server as Performance Monitor writes it, and tables as Parquet. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { results, withArticleResults } from "../support/article-results.ts";
import { filesBelow } from "../support/folders.ts";
import { spoolsim, startSignalled, tiny, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

let cwd: string;
/** Results that the tests only read. */
let shared: string;
withArticleResults((...folders) => {
  [cwd, shared] = folders;
});

test("export writes what Performance Monitor would have logged for a server", { timeout }, async () => {
  const words = ["export", results, "--format", "pdh-csv", "--server", "1", "--every", "15m"];
  const { status, stdout, stderr } = await spoolsim(shared, ...words, "--zone", "Paris, Madrid");
  assert.deepEqual([status, stderr], [0, ""]);
  const [header, ...log] = parse(stdout) as string[][];
  assert.equal(header[0], "(PDH-CSV 4.0) (Paris, Madrid)(0)");
  assert.equal(header[1], "\\\\PRN0001\\Process(spoolss)\\Private Bytes");
  assert.equal(log.length, Math.ceil(0.35 * 96));
  const row = (await rows(join(shared, results, "servers.csv"))).find(({ server }) => server === "1");
  assert.deepEqual(log.at(-1)!.slice(1, 4), [row?.privateBytes, row?.handles, row?.pagedPoolBytes]);
});

test("export writes Parquet next to the tables, and verify ignores it", { timeout }, async () => {
  await spoolsim(cwd, ...tiny);
  const { status, stdout, stderr } = await spoolsim(cwd, "export", "results/mm1", "--format", "parquet");
  assert.deepEqual([status, stderr], [0, ""]);
  const names = (await filesBelow(join(cwd, "results/mm1"))).filter((name) => name.endsWith(".parquet"));
  assert.equal(stdout.trim().split(": ")[1].split(", ").sort().join(), names.join());
  assert.ok(names.includes("servers.parquet"));
  assert.equal((await spoolsim(cwd, "verify", "results/mm1", "--workers", "1")).status, 0);
  // Running the experiment again, with equal results, still needs no --force.
  assert.equal((await spoolsim(cwd, ...tiny)).status, 0);
});

test("an interrupted export leaves no half-written file", { timeout }, async () => {
  await spoolsim(cwd, ...tiny);
  const instant = { signal: "SIGINT", count: 1, file: "/servers\\.parquet$" } as const;
  const words = ["export", "results/mm1", "--format", "parquet"];
  const { status, stdout, stderr } = await startSignalled(cwd, instant, words).ended;
  assert.deepEqual([status, stdout], [130, ""]);
  assert.match(stderr, /^spoolsim: interrupted; /);
  const names = (await filesBelow(join(cwd, "results/mm1"))).filter((name) => name.includes("parquet"));
  assert.deepEqual(names, ["servers.parquet"]);
});
