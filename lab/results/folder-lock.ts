/**
 * The lock of a results folder: a file beside it that names the process that is writing it. No other process writes
 * meanwhile.
 *
 * If the process was on this machine and has ended, its lock is taken over. A lock from another machine that shares the
 * disk is respected until somebody removes it.
 */
import { readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { isOtherProcess } from "../program.ts";
import { UserError } from "../user-error.ts";
import { visible } from "../visible.ts";
import { writeWhole } from "../whole-file.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** A date and time in ISO 8601. */
  readonly since: string;
}

/** Since when this process has held, or tried to get, each lock. */
const ours = new Map<string, string>();

/**
 * Locks the folder and returns the function that unlocks it.
 *
 * @throws UserError that names the owner when the folder is locked, and system errors
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const whole = resolve(folder);
  const path = join(dirname(whole), `.${basename(whole)}.lock`);
  const [pid, host, since] = [process.pid, hostname(), new Date().toISOString()];
  const before = ours.get(path);
  if (before !== undefined) throw taken(folder, path, { pid, host, since: before });
  ours.set(path, since);
  const text = JSON.stringify({ pid, host, since } satisfies Owner);
  try {
    while (!(await isWritten(path, text))) await removeIfStale(path, folder, text);
  } catch (error) {
    ours.delete(path);
    throw error;
  }
  return async () => {
    if ((await textOf(path)) === text) await rm(path, { force: true });
    ours.delete(path);
  };
}

/** Writes the lock if there is none, in one step, so that a lock always contains its owner. */
async function isWritten(path: string, text: string): Promise<boolean> {
  try {
    await writeWhole(path, text, { isNew: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * One process at a time removes a stale lock. Otherwise, one could remove the lock that another has just written in its
 * place.
 *
 * @param text says who removes it
 * @throws UserError when the owner is running, or may be running on another machine, or when a process was killed while
 *   it removed the lock
 */
async function removeIfStale(path: string, folder: string, text: string): Promise<void> {
  const found = await textOf(path);
  if (found === undefined) return;
  const owner = ownerOf(found);
  const mayRun = owner.host === hostname() ? isOtherProcess(owner.pid) : owner.host !== "";
  if (mayRun) throw taken(folder, path, owner);
  const removal = `${path}.removal`;
  if (await isWritten(removal, text)) {
    try {
      if ((await textOf(path)) === found) await rm(path, { force: true });
    } finally {
      await rm(removal, { force: true });
    }
    return;
  }
  const removing = await textOf(removal);
  if (removing === undefined) return;
  const remover = ownerOf(removing);
  if (remover.host === hostname() && isOtherProcess(remover.pid)) return;
  // If the file is still there after its process ended, that process was killed.
  if ((await textOf(removal)) === removing) throw taken(folder, removal, remover);
}

/** Undefined if there is no such file. */
function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

function ownerOf(text: string): Owner {
  try {
    const { pid, host, since } = JSON.parse(text) as Partial<Record<keyof Owner, unknown>>;
    if (Number.isInteger(pid) && typeof host === "string") return { pid: Number(pid), host, since: String(since) };
  } catch {
    // A file that is not one of our locks locks nothing.
  }
  return { pid: 0, host: "", since: "" };
}

function taken(folder: string, path: string, { pid, host, since }: Owner): UserError {
  const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  const age = Number.isNaN(minutes) ? "" : `, since ${minutes} min`;
  const where = `process ${pid} on ${visible(host)}`;
  return new UserError(
    `${folder} is being written by ${where}${age}; wait for it, choose another folder, or remove ${path} if it has ended`,
  );
}
