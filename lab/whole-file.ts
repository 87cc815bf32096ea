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

/** A temporary file's name: .NAME.partial-HOST-PID-THREAD-NUMBER, unique to its process. */
const PARTIAL = /^\.(.+)\.partial-([0-9a-f]{8})-(\d+)-\d+-\d+$/s;

export interface WholeFileOptions {
  /** Whether the file must not exist yet; otherwise the former file is replaced. */
  readonly isNew?: boolean;
  /** Whether the file may be lost in a power failure, because its readers check it; default false. */
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

  /** Creates a temporary file. The caller must finish or discard it. @throws system errors */
  static async create(path: string, options: WholeFileOptions = {}): Promise<WholeFile> {
    const folder = dirname(path);
    if (!options.isDisposable) await removeStalePartials(folder, basename(path)).catch(at(path));
    const partial = partialOf(path);
    return new WholeFile(path, options, partial, await open(partial, "wx").catch(at(path)));
  }

  /** Writes the whole piece, or rejects. */
  async append(piece: string | Uint8Array): Promise<void> {
    await this.handle.writeFile(piece).catch(at(this.path));
  }

  /** Moves the file to its final name. @throws system errors: EEXIST when it must be new and is not */
  async finish(): Promise<void> {
    try {
      if (!this.options.isDisposable) await this.handle.sync().catch(at(this.path));
      await this.handle.close();
      await (this.options.isNew ? link : rename)(this.partial, this.path).catch(at(this.path));
    } finally {
      await this.discard();
    }
  }

  /** Removes an unfinished file. May be called more than once. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.partial, { force: true });
  }
}

/** A hidden, unique path beside a file; if the process is killed, the file is removed later. */
export function partialOf(path: string): string {
  const name = `.${basename(path)}.partial-${hostTag}-${process.pid}-${threadId}-${files++}`;
  return join(dirname(path), name);
}

/** Writes a file in one piece. @throws system errors */
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

/** Handles a rejection: a system error then names the intended file, not its temporary name. */
function at(path: string): (error: unknown) => never {
  return (error) => {
    throw isSystemError(error) ? Object.assign(error, { path }) : error;
  };
}

/**
 * Creates a folder and its missing parents; returns the outermost folder created, if any. Node's own recursive mkdir
 * never returns if the parent exists and the folder cannot (/proc), and reports a read-only disk as a missing folder.
 *
 * @throws system errors
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  const around = dirname(path);
  const made = around === path ? undefined : await makeFolder(around);
  try {
    await mkdir(path);
  } catch (error) {
    // Another process or thread may have created it meanwhile.
    if (await isFolder(path)) return made;
    throw error;
  }
  return made ?? path;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** Whether a file of this name was left behind by an ended process of this machine. */
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
  EACCES: "you have no permission",
  EPERM: "you have no permission",
  EROFS: "it is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "it is, or lies below, a file",
  EEXIST: "it is a file",
  EISDIR: "it is a folder",
  EBUSY: "it is in use",
  EXDEV: "it is a disk of its own",
  EMFILE: "too many files are open",
};

/** Describes why the system refuses to write or to read. */
export function obstacleOf(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return obstacles[code] ?? itemAt(message.split(","), 0);
}

/** Whether the error is a system error about reading or writing a file. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** Handles a rejection: throws the UserError that the path cannot be written. */
export function unwritable(path: string): (error: unknown) => never {
  return (error) => {
    if (!isSystemError(error)) throw error;
    throw new UserError(`${path} cannot be written: ${obstacleOf(error)}`);
  };
}
