/** lab/results/folder-lock.ts: one process writes a folder, and the other learns which. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { hostTag } from "../../../lab/program.ts";
import { lockFolder } from "../../../lab/results/folder-lock.ts";

let base: string;
beforeEach(async () => void (base = await mkdtemp(join(tmpdir(), "spoolsim-lock-"))));
afterEach(() => rm(base, { recursive: true }));

const owner = (pid: number, host = hostname()) => JSON.stringify({ pid, host, since: new Date(Date.now() - 121e3) });

test("a locked folder is refused in one line that names the owner", async () => {
  const folder = join(base, "fake");
  const unlock = await lockFolder(folder);
  await assert.rejects(lockFolder(folder), {
    name: "UserError",
    message:
      `${folder} is being written by process ${process.pid} on ${hostname()}, since 0 min; wait for it, choose another ` +
      `folder, or remove ${join(base, ".fake.lock")} if it has ended`,
  });
  await (await lockFolder(join(base, "other")))();
  await unlock();
  assert.deepEqual(await readdir(base), []);
  await (await lockFolder(folder))();
});

test("a lock of a live process, or of another machine, is respected", async () => {
  for (const text of [owner(process.ppid), owner(1, "elsewhere\u001b[2J")]) {
    await writeFile(join(base, ".fake.lock"), text);
    await assert.rejects(lockFolder(join(base, "fake")), (error: Error) => {
      return /^UserError: .* since 2 min;/.test(String(error)) && !error.message.includes("\u001b");
    });
  }
});

test("a lock of an ended process, or a malformed one, is taken over", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  for (const text of [owner(pid), owner(process.pid), "", "{}", '{"pid":"x"}']) {
    await writeFile(join(base, ".fake.lock"), text);
    await (await lockFolder(join(base, "fake")))();
    assert.deepEqual(await readdir(base), []);
  }
});

test("temporary files of a process that was killed while locking are removed", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await writeFile(join(base, `..fake.lock.partial-${hostTag}-${pid}-0-7`), owner(pid));
  await (await lockFolder(join(base, "fake")))();
  assert.deepEqual(await readdir(base), []);
});

test("one of many contenders for a stale lock gets it", async () => {
  await writeFile(join(base, ".fake.lock"), "");
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(join(base, "fake"))));
  assert.equal(attempts.filter(({ status }) => status === "fulfilled").length, 1);
});
