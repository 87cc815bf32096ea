/** lab/results/folder-lock.ts: one process writes a folder, and the other learns which. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
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

test("one of many calls of a process for a stale lock gets it", async () => {
  await writeFile(join(base, ".fake.lock"), "");
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(join(base, "fake"))));
  assert.equal(attempts.filter(({ status }) => status === "fulfilled").length, 1);
});

test("one of many processes that find a stale lock gets it", async () => {
  const stale = 40;
  for (let i = 0; i < stale; i++) await writeFile(join(base, `.${i}.lock`), "");
  // Each process tries every folder, keeps what it gets until all have tried, and prints the names.
  const program = `
    const { lockFolder } = await import(${JSON.stringify(import.meta.resolve("../../../lab/results/folder-lock.js"))});
    const all = Array.from({ length: ${stale} }, (_, i) => String(i));
    process.send("ready");
    await new Promise((resolve) => process.once("message", resolve));
    const tried = await Promise.allSettled(all.map((name) => lockFolder(${JSON.stringify(base)} + "/" + name)));
    process.send(all.filter((_, i) => tried[i].status === "fulfilled"));
    process.once("message", () => process.exit());`;
  const processes = Array.from({ length: 4 }, () => {
    return spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  });
  const answers = async () => (await Promise.all(processes.map((one) => once(one, "message")))).map(([said]) => said);
  assert.deepEqual(new Set(await answers()), new Set(["ready"]));
  const got = answers();
  for (const one of processes) one.send("go");
  const names = ((await got) as string[][]).flat();
  for (const one of processes) one.send("end");
  assert.deepEqual(
    names.sort((a, b) => Number(a) - Number(b)),
    Array.from({ length: stale }, (_, i) => String(i)),
  );
});

test("a process that was killed while it removed a stale lock is named, with the file to remove", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await writeFile(join(base, ".fake.lock"), owner(pid));
  await writeFile(join(base, ".fake.lock.removal"), owner(pid));
  await assert.rejects(lockFolder(join(base, "fake")), {
    name: "UserError",
    message:
      `${join(base, "fake")} is being written by process ${pid} on ${hostname()}, since 2 min; wait for it, choose ` +
      `another folder, or remove ${join(base, ".fake.lock.removal")} if it has ended`,
  });
  await rm(join(base, ".fake.lock.removal"));
  await (await lockFolder(join(base, "fake")))();
  assert.deepEqual(await readdir(base), []);
});
