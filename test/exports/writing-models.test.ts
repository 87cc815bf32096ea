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
import { spoolsim, spoolsimAlone } from "../support/spoolsim.ts";

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
      const { status, stdout, stderr } = await spoolsim(folder, ...words);
      assert.equal(status, 0, stderr);
      const expected = [
        /waitMean \[s\].* 135 /,
        /\b0\.002 .* 1\.[56]\d d .*\n.*\b0\.001 .* 3\.[234]\d d /,
        /\b0\.002 .* 28\.8 .* agrees .*\n.*\b0\.001 .* 14\.4 .* agrees /,
      ];
      assert.match(stdout, expected[commands++]);
    } else {
      assert.ok(["js", "yaml"].includes(language) && file !== undefined, `a block of ${language} that is not executed`);
      await writeFile(join(folder, file), text);
    }
  }
  assert.equal(commands, 3);
  const exact = (await means("shop")).map(({ closedForm }) => Number(closedForm) / 1e6);
  assert.deepEqual(exact, [30, 135]);
  const busy = await spoolsim(
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
  const { status, stderr } = await spoolsim(folder, "run", "bank.yaml", "--quick");
  assert.equal(status, 0, stderr);
  const shares = (await means("bank")).filter(({ mean }) => mean === "renegedShare").map(({ value }) => Number(value));
  assert.ok(shares.length === 2 && shares[0] > 0.2 && shares[1] > shares[0] && shares[1] < 0.7, shares.join());
});

test("with the recipe of a restart every midnight, the pool is never empty, and the leak goes on rising", async () => {
  const text = await readFile(join(root, "docs/writing-models.md"), "utf8");
  const [recipe] = /- \*\*A restart every midnight\*\*[\s\S]*?\n(?=- |\s*`leaked` goes on)/.exec(text)!;
  const [nights, , lost, , handler] = [...recipe.matchAll(/`([^`]*)`/g)].map(([, code]) => code);
  assert.match(`${nights} ${lost}`, /^nights: kit\.shifts\(.* lost: kit\.column\(\)$/);
  const [, pool] = blocks.find(([, block]) => block.startsWith("// pool.mjs"))!;
  const changes = [
    ["leaked: kit.column(),", `leaked: kit.column(), ${nights}, ${lost},`],
    [
      "({ gaps }, server, schedule) => gaps.start(server, schedule)",
      "({ gaps, nights }, server, schedule) => { gaps.start(server, schedule); nights.start(server, schedule); }",
    ],
    ["on: {", `on: { ${handler},`],
    [
      "pool, leaked, refused, emptyUs }, server, schedule) {",
      "pool, leaked, lost, refused, emptyUs }, server, schedule) {",
    ],
    ["leaked[server]++;", "{ leaked[server]++; lost[server]++; }"],
  ] as const;
  for (const [old] of changes) assert.ok(pool.includes(old), old);
  const nightly = changes.reduce((program, [old, changed]) => program.replace(old, changed), pool);
  await writeFile(join(folder, "pool.mjs"), nightly);
  const { status, stderr } = await spoolsimAlone(folder, "run", "pool.yaml", "--force", "--only", "forgetShare=0.002");
  assert.equal(status, 0, stderr);
  const [head, ...rows] = (await readFile(join(folder, "results/pool/servers.csv"), "utf8")).trim().split("\n");
  const column = (name: string) => rows.map((row) => Number(row.split(",")[head.split(",").indexOf(name)]));
  assert.equal(rows.length, 20);
  assert.ok(
    column("leakedConnections").every((leaked) => leaked > 50),
    "more than the pool holds",
  );
  assert.ok(column("refused").every((refused) => refused === 0));
});
