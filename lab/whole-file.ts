/**
 * The only way to write a file: it is either complete or absent.
 *
 * The file is written under a hidden name in the same folder, flushed to the disk, and only then renamed, in one step.
 * A full disk, a quota, an error or a kill leaves the former file, or none.
 */
import { link, mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { hostTag, isOtherProcess } from "./program.ts";
import { UserError } from "./user-error.ts";
import { itemAt } from "./lists.ts";

/** What a file under its hidden name is called: .NAME.partial-HOST-PID-THREAD-NUMBER, which nobody else gives. */
const PARTIAL = /^\.(.+)\.partial-([0-9a-f]{8})-(\d+)-\d+-\d+$/s;

export interface WholeFileOptions {
  /** Whether it must not exist yet; otherwise it takes the place of the former file. */
  readonly isNew?: boolean;
  /** Whether it need not survive a loss of power, because what reads it checks it; false when not given. */
  readonly isDisposable?: boolean;
}

let files = 0;

export class WholeFile {
  private readonly path: string;
  private readonly options: WholeFileOptions;
  private readonly partial: string;
  private readonly handle: FileHandle;

  private constructor(path: string, options: WholeFileOptions, partial: string, handle: FileHandle) {
    this.path = path;
    this.options = options;
    this.partial = partial;
    this.handle = handle;
  }

  /** Whoever creates a file finishes or discards it. @throws the error of the system */
  static async create(path: string, options: WholeFileOptions = {}): Promise<WholeFile> {
    const folder = dirname(path);
    if (!options.isDisposable) await removeStalePartials(folder, basename(path)).catch(at(path));
    const partial = partialOf(path);
    return new WholeFile(path, options, partial, await open(partial, "wx").catch(at(path)));
  }

  /** All of the piece is written, or the promise rejects. */
  async append(piece: string | Uint8Array): Promise<void> {
    await this.handle.writeFile(piece).catch(at(this.path));
  }

  /** Gives the file its name. @throws the error of the system: EEXIST when it must be new and is not */
  async finish(): Promise<void> {
    try {
      if (!this.options.isDisposable) await this.handle.sync().catch(at(this.path));
      await this.handle.close();
      if (this.options.isNew) await link(this.partial, this.path);
      else await rename(this.partial, this.path);
    } finally {
      await this.discard();
    }
  }

  /** Removes what is not finished. May be called again. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.partial, { force: true });
  }
}

/** A hidden path beside a file, which nobody else uses; what a killed process leaves there is removed some time. */
export function partialOf(path: string): string {
  const name = `.${basename(path)}.partial-${hostTag}-${process.pid}-${threadId}-${files++}`;
  return join(dirname(path), name);
}

/** Writes a file in one piece. @throws the error of the system */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  options: WholeFileOptions = {},
): Promise<void> {
  const file = await WholeFile.create(path, options);
  try {
    await file.append(content);
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** A handler of a rejection: an error of the system names the file that is meant, and not its hidden name, or none. */
function at(path: string): (error: unknown) => never {
  return (error) => {
    throw isSystemError(error) ? Object.assign(error, { path }) : error;
  };
}

/**
 * Makes a folder and those around it that are missing; returns the outermost that it made, if any. Node's own recursive
 * mkdir never returns where the parent exists and the folder cannot (/proc), and calls a read-only disk a missing one.
 *
 * @throws the error of the system
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  const around = dirname(path);
  const made = around === path ? undefined : await makeFolder(around);
  try {
    await mkdir(path);
  } catch (error) {
    // Another process, or thread, may have made it meanwhile.
    if (await isFolder(path)) return made;
    throw error;
  }
  return made ?? path;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** Whether a file of this name is what a process of this machine that has ended left of a file. */
export function isStalePartial(name: string): boolean {
  const [, , host, pid] = PARTIAL.exec(name) ?? [];
  return host === hostTag && Number(pid) !== process.pid && !isOtherProcess(Number(pid));
}

async function removeStalePartials(folder: string, of: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (PARTIAL.exec(name)?.[1] === of && isStalePartial(name)) await rm(join(folder, name), { force: true });
  }
}

const obstacles: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "a file may not become that large here",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "it is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "it is, or lies below, a file",
  EEXIST: "it is a file",
  EISDIR: "it is a folder",
  EBUSY: "it is in use",
  EXDEV: "it is a disk of its own",
  EMFILE: "too many files are open",
};

/** Why the system refuses to write, in words. */
export function obstacleOf(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return obstacles[code] ?? itemAt(message.split(","), 0);
}

/** Whether an error is one of the system that keeps a file from being written or read. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** A handler of a rejection: throws the user's mistake that the path cannot be written. */
export function unwritable(path: string): (error: unknown) => never {
  return (error) => {
    if (!isSystemError(error)) throw error;
    throw new UserError(`${path} cannot be written: ${obstacleOf(error)}`);
  };
}
