/** spoolsim trace: every event of a server, to a file or to a reader that may stop reading. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { results, withArticleResults } from "../support/article-results.ts";
import { refuses } from "../support/refuses.ts";
import { spoolsim, start, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

let cwd: string;
/** Results that the tests only read. */
let shared: string;
withArticleResults((...folders) => {
  [cwd, shared] = folders;
});

test("refused: a trace to a file that exists", { timeout }, async () => {
  await writeFile(join(cwd, "trace.csv"), "mine");
  await refuses(cwd, ["trace", "mm1", "--quick", "--out", "trace.csv"], /--out trace\.csv exists already/);
  assert.equal(await readFile(join(cwd, "trace.csv"), "utf8"), "mine");
});

test("trace writes every event of the servers, to a file or the standard output", { timeout }, async () => {
  const words = ["trace", results, "--at", "site=office,spooler=fixed", "--server", "1", "--replication", "1"];
  const { status, stdout, stderr } = await spoolsim(shared, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  const row = (await rows(join(shared, results, "servers.csv"))).find(
    ({ site, spooler, replication, server }) => [site, spooler, replication, server].join() === "office,fixed,1,1",
  );
  assert.ok(Number(row?.events) > 100);
  assert.equal(parse(stdout, { columns: true }).length, Number(row?.events));
  const file = join(cwd, "trace.csv");
  assert.deepEqual(await spoolsim(shared, ...words, "--out", file), { status: 0, stdout: "", stderr: "" });
  assert.equal(await readFile(file, "utf8"), stdout);
  const part = await spoolsim(shared, ...words, "--from", "8.125h", "--until", "0.34375d");
  const timeOf = (line: string) => Number(line.split(",", 1)[0]);
  const [header = "", ...lines] = stdout.split("\n");
  const inPart = lines.filter((line) => timeOf(line) >= 8.125 * 3600e6 && timeOf(line) < 8.25 * 3600e6);
  assert.ok(inPart.length > 0 && inPart.length < lines.length);
  assert.equal(part.stdout, [header, ...inPart, ""].join("\n"));
});

test("refused: a part of a trace that is not within the run", { timeout }, async () => {
  const trace = ["trace", "mm1", "--quick", "--set", "horizonDays=1"];
  for (const [words, message] of [
    [["--from", "2"], '--from is "2"; it must be a time such as 90s, 9h or 2.5d'],
    [["--until", "0s"], "--until is 0s; it must be after the start"],
    [["--until", "25h"], "--until is 25h; the run ends after 1 day"],
    [["--from", "24h"], "--from is 24h; it must be before the end; the run ends after 1 day"],
    [["--from", "2h", "--until", "90m"], "--from is 2h; it must be before --until 90m"],
  ] as const) {
    await refuses(cwd, [...trace, ...words], message);
  }
});

test("a reader of a trace may stop reading", { timeout }, async () => {
  const { child, ended } = start(cwd, ["trace", "mm1", "--server", "0", "--set", "horizonDays=1"]);
  // It rejects, because the output is cut off on purpose.
  ended.catch(() => undefined);
  child.stdout!.once("data", () => child.stdout!.destroy());
  assert.deepEqual(await once(child, "exit"), [0, null]);
});
