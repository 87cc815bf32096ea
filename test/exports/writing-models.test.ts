/**
 * docs/writing-models.md, followed to the letter: its files are written into a folder outside the clone, in which the
 * package is installed, and its commands are executed there. So is the bank of examples/.
 */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { spoolsimAlone } from "../support/spoolsim.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const BLOCK = /```(\w+)\n([\s\S]*?)```/g;

let folder: string;
let blocks: readonly (readonly [language: string, text: string])[];

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "spoolsim-writing-")));
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules", "spoolsim"), "junction");
  const text = await readFile(join(root, "docs/writing-models.md"), "utf8");
  blocks = [...text.matchAll(BLOCK)].map(([, language, block]) => [language, block] as const);
});
after(() => rm(folder, { recursive: true, force: true }));

/** The rows of a table that the last run wrote, by column. */
async function means(experiment: string): Promise<Record<string, string>[]> {
  const text = await readFile(join(folder, "results", experiment, "means.csv"), "utf8");
  const [head, ...lines] = text.trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])));
}

test("every block of the document is executed and prints the closed form of the shop that it states", async () => {
  let commands = 0;
  for (const [language, text] of blocks) {
    const [, file] = /^(?:\/\/|#) (\S+)\n/.exec(text) ?? [];
    if (language === "sh") {
      const [npx, program, ...words] = text.trim().split(" ");
      assert.deepEqual([npx, program], ["npx", "spoolsim"]);
      const { status, stdout, stderr } = await spoolsimAlone(folder, ...words);
      assert.equal(status, 0, stderr);
      assert.match(stdout, [/waitMean \[s\].* 135 /, /fewer connections .*median time/s][commands++]);
    } else {
      assert.ok(["js", "yaml"].includes(language) && file !== undefined, `a block of ${language} that is not executed`);
      await writeFile(join(folder, file), text);
    }
  }
  assert.equal(commands, 2);
  const exact = (await means("shop")).map(({ closedForm }) => Number(closedForm) / 1e6);
  assert.deepEqual(exact, [30, 135]);
  const busy = await spoolsimAlone(
    folder,
    "run",
    "shop.yaml",
    "--set",
    "gapSeconds=40",
    "--set",
    "horizonDays=0.1",
    "--force",
  );
  assert.equal(busy.status, 0, busy.stderr);
  const known = (await means("shop")).map(({ closedForm }) => closedForm);
  assert.deepEqual(known, ["90000000", ""], "a clerk who never catches up has no mean wait");
});

test("the bank runs with the command, in at most forty lines, and its customers renege", async () => {
  for (const file of ["bank.mjs", "bank.yaml"]) await cp(join(root, "examples", file), join(folder, file));
  const lines = (await readFile(join(folder, "bank.mjs"), "utf8")).trimEnd().split("\n");
  assert.ok(lines.length <= 40, `${lines.length} lines`);
  const { status, stderr } = await spoolsimAlone(folder, "run", "bank.yaml", "--quick");
  assert.equal(status, 0, stderr);
  const shares = (await means("bank")).filter(({ mean }) => mean === "renegedShare").map(({ value }) => Number(value));
  assert.ok(shares.length === 2 && shares[0] > 0.2 && shares[1] > shares[0] && shares[1] < 0.7, shares.join());
});
