/**
 * The lock of a results folder: a file beside it that names the process which writes it. Nobody else writes meanwhile.
 *
 * A lock of a process of this machine that has ended is taken over. One of another machine, with which the disk is
 * shared, is believed until somebody removes it.
 */
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isOtherProcess } from "../program.ts";
import { UserError } from "../user-error.ts";
import { visible } from "../visible.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Locks that this process holds. */
const held = new Set<string>();
let attempts = 0;

/**
 * Takes the lock of the folder and returns the function that gives it back.
 * @throws UserError that names the owner when another holds it, and the error of the system
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(dirname(folder), `.${basename(folder)}.lock`);
  const own = `${path}-${process.pid}-${attempts++}`;
  const text = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() } satisfies Owner);
  await writeFile(own, text, { flag: "wx" });
  try {
    while (!(await isLinked(own, path))) await removeIfStale(path, `${own}-former`, folder);
    held.add(path);
  } finally {
    await rm(own, { force: true });
  }
  return async () => {
    held.delete(path);
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) await rm(path, { force: true });
  };
}

/** Gives a file a second name, if nobody has it: one step, in which a lock is there with its owner in it. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** @throws UserError when the owner lives, or may live on another machine */
async function removeIfStale(path: string, aside: string, folder: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const owner = ownerOf(text);
  const isOurs = owner.host === hostname();
  const lives = isOurs && (owner.pid === process.pid ? held.has(path) : isOtherProcess(owner.pid));
  if (lives || (!isOurs && owner.host !== "")) throw taken(folder, path, owner);
  // Whoever is faster takes the stale lock away; what was taken away and is another's by now goes back.
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
    // A file that is none of our locks holds nothing.
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
