/**
 * The lock of a results folder: a file beside it that names the process that is writing it. No other process writes
 * meanwhile.
 *
 * If the process was on this machine and has ended, its lock is taken over. A lock from another machine that shares the
 * disk is respected until somebody removes it.
 */
import { link, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isOtherProcess } from "../program.ts";
import { UserError } from "../user-error.ts";
import { visible } from "../visible.ts";
import { partialOf, writeWhole } from "../whole-file.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** A date and time in ISO 8601. */
  readonly since: string;
}

/** Locks that this process holds. */
const held = new Set<string>();

/**
 * Locks the folder and returns the function that unlocks it.
 *
 * @throws UserError that names the owner when the folder is locked, and system errors
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(dirname(folder), `.${basename(folder)}.lock`);
  const text = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() } satisfies Owner);
  while (!(await isWritten(path, text))) await removeIfStale(path, folder);
  held.add(path);
  return async () => {
    held.delete(path);
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) await rm(path, { force: true });
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

/** @throws UserError when the owner is running, or may be running on another machine */
async function removeIfStale(path: string, folder: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const owner = ownerOf(text);
  const isOurs = owner.host === hostname();
  const lives = isOurs && (owner.pid === process.pid ? held.has(path) : isOtherProcess(owner.pid));
  if (lives || (!isOurs && owner.host !== "")) throw taken(folder, path, owner);
  const aside = partialOf(path);
  // Two processes may both try to remove a stale lock. If the one moved aside is a new lock by now, it is put back.
  await rename(path, aside).catch(() => undefined);
  const removed = await readFile(aside, "utf8").catch(() => undefined);
  if (removed !== undefined && removed !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
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
