/** cli/output.ts: nothing of others' is obeyed by a terminal, and an output that is cut is reported. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { programFolder } from "../../lab/program.ts";
import { spoolsim, start, timeout } from "../support/spoolsim.ts";

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
let cwd: string;
before(async () => void (cwd = await mkdtemp(join(tmpdir(), "spoolsim-output-"))));
after(() => rm(cwd, { recursive: true }));

function shell(command: string): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(
    "bash",
    ["-c", command.replaceAll("SPOOLSIM", `"${process.execPath}" "${main}"`)],
    {
      cwd,
      encoding: "utf8",
    },
  );
  return { status, stderr };
}

test("only cli/output.ts writes to the streams, and bypasses are reported first", () => {
  for (const name of readdirSync(join(programFolder, "cli")).filter((one) => one.endsWith(".ts"))) {
    if (name === "output.ts") continue;
    const lines = readFileSync(join(programFolder, "cli", name), "utf8").split("\n");
    const writes = lines.filter((line) => /\b(stdout|stderr)\.write\(|console\.|[^.]writeSync\(/.test(line));
    assert.ok(
      writes.every((line) => line.includes("visible(")),
      `${name}: ${writes.join()}`,
    );
  }
});

const hostile = "\u001b]0;TITLE\u0007\u001b[31mred\u202e";

test("control characters in a name are escaped in tables and sentences, with and without colours", {
  timeout,
}, async () => {
  const levels = JSON.stringify({ [hostile]: { servicesPerSecond: 2 }, plain: { servicesPerSecond: 1 } });
  const compare = JSON.stringify({
    factor: "speed",
    baseline: hostile,
    against: "plain",
    responses: ["customersServed"],
  });
  await writeFile(
    join(cwd, "x.yaml"),
    `question: "${"\\e[2J"}q"\nseed: 1\nreplications: 2\nscenario: {model: mm1, horizonDays: 0.01}\n` +
      `factors: {speed: ${levels}}\ncompare: ${compare}\n`,
  );
  const words = ["run", "x.yaml", "--force", "--workers", "1"];
  const plain = await spoolsim(cwd, ...words);
  const env = { ...process.env, FORCE_COLOR: "1" };
  const coloured = await start(cwd, words, { env }).ended;
  assert.match(coloured.stdout, /\x1b\[/);
  for (const { stdout, stderr } of [plain, coloured]) {
    const printed = stdout + stderr;
    assert.match(printed, /\\u001b\]0;TITLE\\u0007\\u001b\[31mred\\u202e/);
    // What remains are the program's own colours.
    assert.doesNotMatch(printed.replace(/\x1b\[(?:1|2|22|31|39)m/g, ""), /[^\n\P{C}]/u);
  }
});

test("control characters in a command-line word are escaped, and a long word is shortened", { timeout }, async () => {
  for (const words of [
    ["export", "mm1", "--format", "pdh-csv", "--every", hostile],
    ["run", "mm1", "--set", `${hostile}=1`],
    ["run", "mm1", "--slice", hostile],
    [hostile],
    ["run", "mm1", "--set", `${"x".repeat(100_000)}=1`],
  ]) {
    const { status, stderr } = await spoolsim(cwd, ...words);
    assert.equal(status, 2, words.join(" ").slice(0, 100));
    assert.doesNotMatch(stderr, /[^\n\P{C}]/u);
    assert.ok(stderr.length < 2200 && stderr.split("\n").length === 2, stderr.slice(0, 300));
  }
});

test("a full output and one that exceeds a size limit are reported in one line with code 2", { timeout }, () => {
  const full = "spoolsim: standard output cannot be written: the disk is full\n";
  for (const words of ["trace mm1 --small", "describe mm1", "--help", "run --help", "--version", "completion bash"]) {
    assert.deepEqual(shell(`SPOOLSIM ${words} > /dev/full`), { status: 2, stderr: full }, words);
  }
  const large = "spoolsim: standard output cannot be written: a file may not become that large here\n";
  assert.deepEqual(shell("ulimit -f 4; SPOOLSIM trace mm1 --small > t.csv"), { status: 2, stderr: large });
});

test("a new file that would exceed the size limit is removed and reported in one line with code 2", {
  timeout,
}, async () => {
  const { status, stderr } = shell("ulimit -f 4; SPOOLSIM trace mm1 --small --out n.csv");
  assert.deepEqual(
    [status, stderr],
    [2, "spoolsim: --out n.csv cannot be written: a file may not become that large here\n"],
  );
  assert.ok((await readdir(cwd)).every((name) => !name.includes("n.csv")));
});

test("a reader that closes early is not an error", { timeout }, () => {
  const { status, stderr } = shell("set -o pipefail; SPOOLSIM trace mm1 --small | head -1 > /dev/null");
  assert.deepEqual([status, stderr], [0, ""]);
});
