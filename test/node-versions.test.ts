/**
 * The same bytes on every version of Node, also when several versions share the work; a user's TypeScript where Node
 * runs it; and the doors of the package.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { shellWords } from "./support/shell-words.ts";
import { needsNodes, otherNodes, stripsTypes } from "./support/nodes.ts";
import { start, timeout } from "./support/spoolsim.ts";
import { textsOf } from "./support/texts.ts";

const experiment = ["run", "q223863", "--quick", "--no-report", "--no-chart"];

let cwd: string;
/** What this Node writes. */
let expected: Record<string, string>;
before(async () => {
  if (needsNodes !== "") return;
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-nodes-"));
  await succeeds([...experiment, "--no-cache", "--out", "here"]);
  expected = await tablesOf("here");
  assert.ok(Object.keys(expected).length > 5);
});
after(async () => {
  if (needsNodes === "") await rm(cwd, { recursive: true, force: true });
});

async function succeeds(words: readonly string[], node?: string): Promise<string> {
  const { status, stdout, stderr } = await start(cwd, words, { node }).ended;
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The tables of a results folder. */
const tablesOf = (folder: string) => textsOf(join(cwd, folder), (name) => name.endsWith(".csv"));

for (const { path, version } of otherNodes) {
  test(`Node ${version} writes the tables of Node ${process.versions.node}`, { timeout }, async () => {
    await succeeds([...experiment, "--no-cache", "--out", version], path);
    assert.deepEqual(await tablesOf(version), expected);
  });
}

test(`parts on several versions of Node are one experiment${needsNodes}`, { timeout }, async () => {
  if (needsNodes !== "") return;
  const nodes = [process.execPath, ...otherNodes.map(({ path }) => path)];
  for (const [index, node] of nodes.entries()) {
    await succeeds([...experiment.slice(0, 3), "--part", `${index + 1}/${nodes.length}`, "--cache", "c"], node);
  }
  const stdout = await succeeds([...experiment, "--cache", "c", "--out", "parts"]);
  assert.match(stdout, /^(\d+) of \1 runs from the cache$/m);
  assert.deepEqual(await tablesOf("parts"), expected);
});

for (const node of otherNodes.filter(stripsTypes)) {
  test(`Node ${node.version} runs a model, a spooler and their tests in TypeScript`, { timeout }, async () => {
    for (const kind of ["model", "spooler"]) {
      const name = `${kind}-${node.version.split(".")[0]}`;
      const written = await succeeds(["init", `--${kind}`, `${name}.ts`], node.path);
      await succeeds(["run", `${name}.yaml`, "--quick", "--no-report", "--no-chart", "--workers", "2"], node.path);
      const words = shellWords(written.trim().split("\n").at(-1)!).slice(1);
      const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
      const { stdout } = await promisify(execFile)(node.path, words, { cwd, env });
      assert.match(stdout, /^(#|ℹ) pass 2$/m);
    }
  });
}
