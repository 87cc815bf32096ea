/** lab/whole-file.ts: a file is whole, or not there. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { hostTag } from "../../lab/program.ts";
import { isSystemError, makeFolder, obstacleOf, unwritable, WholeFile, writeWhole } from "../../lab/whole-file.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "spoolsim-whole-"))));
afterEach(() => rm(folder, { recursive: true }));

test("a file gets its name only when it is complete", async () => {
  const file = await WholeFile.create(join(folder, "a.csv"));
  await file.append("one,");
  await file.append(Buffer.from("two"));
  assert.ok((await readdir(folder)).every((name) => name.startsWith(".a.csv.partial-")));
  await file.finish();
  assert.deepEqual(await readdir(folder), ["a.csv"]);
  assert.equal(await readFile(join(folder, "a.csv"), "utf8"), "one,two");
});

test("a discarded file leaves the previous one in place", async () => {
  await writeWhole(join(folder, "a"), "former");
  const file = await WholeFile.create(join(folder, "a"));
  await file.append("new");
  await file.discard();
  await file.discard();
  assert.deepEqual(await readdir(folder), ["a"]);
  assert.equal(await readFile(join(folder, "a"), "utf8"), "former");
});

test("a file that must be new does not replace one that appeared meanwhile", async () => {
  const file = await WholeFile.create(join(folder, "a"), { isNew: true });
  await writeFile(join(folder, "a"), "another's");
  await assert.rejects(file.finish(), { code: "EEXIST" });
  assert.deepEqual(await readdir(folder), ["a"]);
  assert.equal(await readFile(join(folder, "a"), "utf8"), "another's");
});

test("a file that the system cuts short is removed, and the obstacle is reported in words", async () => {
  const script = `
    const { unwritable, writeWhole } = await import(${JSON.stringify(new URL("../../lab/whole-file.js", import.meta.url))});
    await writeWhole("a", "x".repeat(10_000)).catch(unwritable("a")).catch(({ message }) => console.log(message));
  `;
  const limited = `ulimit -f 4; exec "${process.execPath}" --input-type=module`;
  const { stdout } = spawnSync("bash", ["-c", limited], { input: script, cwd: folder, encoding: "utf8" });
  assert.equal(stdout, "a cannot be written: a file may not become that large here\n");
  assert.deepEqual(await readdir(folder), []);
});

test("temporary files of a killed process are removed with the next file of that name", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  for (const of of ["a", "b"]) await writeFile(join(folder, `.${of}.partial-${hostTag}-${pid}-0-0`), "");
  await writeFile(join(folder, `.a.partial-${hostTag}-${process.ppid}-0-0`), "");
  await writeWhole(join(folder, "a"), "");
  assert.deepEqual(
    (await readdir(folder)).sort(),
    [`.a.partial-${hostTag}-${process.ppid}-0-0`, `.b.partial-${hostTag}-${pid}-0-0`, "a"].sort(),
  );
});

test("a system error is a user error, and other errors are not", async () => {
  const error = await writeWhole(join(folder, "none", "a"), "").catch((error: unknown) => error);
  assert.ok(isSystemError(error) && !isSystemError(new Error("bug")));
  assert.equal(obstacleOf(error), "its folder does not exist");
  assert.throws(() => unwritable("x")(error), {
    name: "UserError",
    message: "x cannot be written: its folder does not exist",
  });
  assert.throws(() => unwritable("x")(new TypeError("bug")), TypeError);
});

test("a folder that cannot be created is refused at once, even where Node's own mkdir never returns", async () => {
  await assert.rejects(makeFolder("/proc/none/inner"), { code: "ENOENT" });
  assert.equal(await makeFolder(join(folder, "a", "b")), join(folder, "a"));
  assert.equal(await makeFolder(join(folder, "a", "b")), undefined);
  const made = await Promise.all([makeFolder(join(folder, "c", "d")), makeFolder(join(folder, "c", "d"))]);
  assert.ok(made.includes(join(folder, "c")));
  await writeFile(join(folder, "file"), "");
  await assert.rejects(makeFolder(join(folder, "file", "x")), { code: "EEXIST" });
});

test("a system error names the intended file, not the temporary one", async () => {
  const file = join(folder, "none", "a");
  await assert.rejects(writeWhole(file, ""), { code: "ENOENT", path: file });
});
