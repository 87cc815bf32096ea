/** lab/experiment/trust.ts: reading results runs nothing of theirs; what must run it needs the user's word. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { spoolsim, spoolsimAlone, timeout } from "../../support/spoolsim.ts";

let cwd: string;

before(async () => {
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-trust-"));
  const words = ["run", "q223863", "--quick", "--only", "site=office", "--set", "horizonDays=0.1", "--workers", "1"];
  await spoolsim(cwd, ...words, "--out", "o");
  const manifest = join(cwd, "o", "manifest.json");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replaceAll('"fixed"', JSON.stringify(join(cwd, "evil.mjs"))));
  const verbs = "open() {}, close() {}, enterAlteration() {}, leaveAlteration() {}";
  const evil = `import { writeFileSync } from "node:fs";\nwriteFileSync("ran", "");\n`;
  await writeFile(join(cwd, "evil.mjs"), `${evil}export default { name: "evil", meaning: "-", ${verbs} };\n`);
});

after(() => rm(cwd, { recursive: true }));

for (const words of [
  ["report", "o"],
  ["verify", "o"],
  ["verify", "o", "--sample", "1"],
  ["detect", "o"],
  ["forecast", "o"],
  ["run", "./o", "--out", "p"],
  ["replay", "./o"],
  ["explain", "./o"],
  ["trace", "./o"],
]) {
  test(`${words.join(" ")} runs no module of the folder`, { timeout }, async () => {
    const { status, stderr } = await spoolsim(cwd, ...words);
    assert.equal(status, 2);
    const line =
      /^spoolsim: .*o names the module .*evil\.mjs \(sha256 [0-9a-f]{64}\), which this would run; to allow it, use --trust/;
    assert.match(stderr, line);
    assert.equal(stderr.split("\n").length, 2);
    assert.ok(!existsSync(join(cwd, "ran")));
  });
}

test("a module runs if the user trusts it, or a file with the same bytes", { timeout }, async () => {
  const ran = async (...words: string[]) => {
    const { stderr } = await spoolsimAlone(cwd, "replay", "./o", ...words);
    const isThere = existsSync(join(cwd, "ran"));
    await rm(join(cwd, "ran"), { force: true });
    return [isThere, /use --trust/.test(stderr)];
  };
  await copyFile(join(cwd, "evil.mjs"), join(cwd, "mine.mjs"));
  await writeFile(join(cwd, "other.mjs"), "export default 1;\n");
  assert.deepEqual(await ran("--trust", "other.mjs"), [false, true]);
  assert.deepEqual(await ran("--trust", "mine.mjs"), [true, false]);
  assert.deepEqual(await ran("--trust"), [true, false]);
});
