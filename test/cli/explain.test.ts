/** spoolsim explain: a leak in the words of the article, and the command that draws its server. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { results, withArticleResults } from "../support/article-results.ts";
import { refuses } from "../support/refuses.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

let cwd: string;
/** Results that the tests only read. */
let shared: string;
withArticleResults((...folders) => {
  [cwd, shared] = folders;
});

test("refused: a leak that does not exist", { timeout }, () =>
  refuses(shared, ["explain", results, "--at", "site=help-desk", "--leak", "9999"], /leak 9999 .*has \d+/),
);

test("explain describes a leak in the words of the article, with the counts of servers.csv", { timeout }, async () => {
  const words = ["explain", results, "--at", "site=help-desk", "--server", "1"];
  const { status, stdout, stderr } = await spoolsim(shared, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  const leaks = /^Leak 1 of (\d+) on server 1 /.exec(stdout)?.[1];
  const row = (await rows(join(shared, results, "servers.csv"))).find(
    ({ site, spooler, replication, server }) => [site, spooler, replication, server].join() === "help-desk,buggy,0,1",
  );
  assert.equal(leaks, row?.processorsLeaked);
  assert.match(stdout.replace(/\s+/g, " "), /the logic indicates the function is being re-entered/);
});

test("explain ends with the command that writes the timeline of its server for a viewer", { timeout }, async () => {
  const words = ["explain", results, "--at", "site=help-desk", "--server", "1"];
  const command = (await spoolsim(shared, ...words)).stdout.trimEnd().split("\n").at(-1)!.split(" ");
  assert.equal(command[0], "spoolsim");
  const file = join(cwd, "timeline.json");
  const { status, stderr } = await spoolsim(shared, ...command.slice(1, -1), file);
  assert.deepEqual([status, stderr], [0, ""]);
  const { traceEvents } = JSON.parse(await readFile(file, "utf8")) as { traceEvents: { name: string }[] };
  assert.ok(traceEvents.some(({ name }) => name === "the logic indicates the function is being re-entered"));
});

test("the printed command lists every change to the experiment", { timeout }, async () => {
  const args = ["--seed", "b", "--servers", "2", "--quick", "--set", "printers=7", "--only", "site=mainframe"];
  const { stdout } = await spoolsim(shared, "explain", "q223863", ...args);
  const command = stdout.trimEnd().split("\n").at(-1)!;
  const hours = "--from 0h --until 1h";
  const file = "--format perfetto --out server-0.json";
  assert.equal(command, `spoolsim trace q223863 --server 0 ${args.join(" ")} ${hours} ${file}`);
});
