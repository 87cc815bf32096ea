/** spoolsim validate: a verdict for each target, and the reason where a number has none. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { validationStudy } from "../../cli/validate.ts";
import { open } from "../../lab/validation/catalogue.ts";
import { folderForEachTest } from "../support/folders.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

test("validate prints a line for each target with its verdict first, and writes them as CSV", { timeout }, async () => {
  const { status, stdout, stderr } = await spoolsim(cwd, "validate", "Erlang's formulas", "--out", "validation.csv");
  assert.deepEqual([status, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  const table = rows(join(cwd, "validation.csv"));
  const { length } = await table;
  for (const line of lines.slice(0, length))
    assert.match(line, /^pass {2}(31| {2}) {2}\S.*\d\.\d+ .* <= .* {2}computed from Erlang's formulas/);
  const [verdict, computed, simulated, ...rest] = lines.slice(length);
  assert.deepEqual([verdict, rest], [`all ${length} targets met`, []]);
  const counts = [computed, simulated].map((line) => Number(/^(\d+) (computed|simulated)/.exec(line)?.[1]));
  assert.equal(counts[0] + counts[1], length);
  assert.match(simulated, /misses one or more of the catalogue's \d+ simulated targets for at most 1 seed in 1000\.$/);
  for (const { verdict, number, kind } of await table) {
    assert.equal(verdict, "pass");
    assert.ok(["31", ""].includes(number) && ["formula", "simulation"].includes(kind));
  }
});

test("validate explains why a number has no target", { timeout }, async () => {
  const { status, stdout } = await spoolsim(cwd, "validate", "23");
  assert.equal(status, 0);
  assert.match(stdout, /^skip {2}23 {2}Philox4x32-10: a generator that the program does not use \(Random123\)\n$/);
});

test("the page says once why numbers are not compared, and names them", () => {
  const sentences = validationStudy([], open).more!.filter((sentence) => sentence.startsWith("Not compared"));
  const reasons = sentences.map((sentence) => sentence.slice(sentence.lastIndexOf(": ")));
  assert.equal(new Set(reasons).size, reasons.length);
  for (const { name, source } of open)
    assert.ok(sentences.some((sentence) => sentence.includes(`${name} (${source})`)));
});
