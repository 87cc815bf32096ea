/**
 * The folder of an experiment's results: whole, or not there.
 *
 * Files are written to a partial folder inside it and renamed when all of them are whole, manifest.json last: a folder
 * without a manifest is no result. A run that is killed leaves its partial folder behind, which the next run removes.
 *
 * A folder that holds the same results (of the same identity) is written again, because that changes nothing. One that
 * holds anything else is refused before anything is simulated, and again before anything is renamed. What force
 * replaces are files of other results; what is nobody's stays.
 */
import { createHash, type Hash } from "node:crypto";
import { mkdir, open, readdir, rename, rm, rmdir, stat, type FileHandle } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { CsvWriter, type Table } from "./csv.ts";
import { dataPackage, type WrittenTable } from "./data-package.ts";
import { identityOf, readManifest, REPORT_FILE, type Manifest, type RunSummary, type WrittenFile } from "./manifest.ts";
import { isOtherProcess } from "../program.ts";
import type { Plan } from "../experiment/plan.ts";
import { UserError } from "../user-error.ts";

/** Partial folders of this process so far: a former process of the same number may have left one, too. */
const ours = new Set<string>();

/** Where results go, and whose they are. */
interface Target {
  readonly folder: string;
  readonly plan: Plan;
  readonly version: string;
  readonly force: boolean;
}

export class ResultsFolder {
  private readonly target: Target;
  private readonly partial: string;
  /** The outermost folder that had to be made for the target, if any. */
  private readonly made: string | undefined;
  private readonly tables: { readonly file: PartialFile; readonly writer: CsvWriter<never> }[];

  private constructor(target: Target, partial: string, made: string | undefined) {
    this.target = target;
    this.partial = partial;
    this.made = made;
    this.tables = [];
  }

  /**
   * Makes sure that results can be written, before they are simulated. Whoever prepares either finishes or discards.
   *
   * @param version of the program
   * @param force whether other results may be replaced
   * @throws UserError when the folder holds other results, or cannot be written to; nothing is touched then
   */
  static async prepare(folder: string, plan: Plan, version: string, force: boolean): Promise<ResultsFolder> {
    const target = { folder, plan, version, force };
    await presentResults(target);
    const path = resolve(folder);
    const made = await makeFolder(path).catch(unwritable(target));
    await removeStale(path);
    const partial = join(path, `.partial-${process.pid}-${ours.size}`);
    ours.add(partial);
    await mkdir(partial).catch(unwritable(target));
    return new ResultsFolder(target, partial, made);
  }

  /** Opens the file of a table. */
  async openTable<Row>(table: Table<Row>): Promise<CsvWriter<Row>> {
    const file = await this.create(table.file);
    const writer = new CsvWriter(table, (text) => file.append(text));
    this.tables.push({ file, writer });
    return writer;
  }

  /** A folder for what is needed until the results are finished. */
  get scratch(): string {
    return join(this.partial, "scratch");
  }

  /**
   * Gives all files their final names.
   *
   * @param plan as it was conducted: of the same identity, but it is known now how many replications suffice
   * @throws UserError when the folder has come to hold other results in the meantime
   */
  async finish(outcome: RunSummary, plan = this.target.plan): Promise<Manifest> {
    const { folder, version } = this.target;
    const tables = await this.finishTables();
    const packaged = await this.writeJson("datapackage.json", dataPackage(plan.experiment, tables));
    const finishedAt = new Date().toISOString();
    const manifest: Manifest = {
      program: "spoolsim",
      version,
      identity: identityOf(plan, version),
      ...outcome,
      experiment: { ...plan.experiment, places: {} },
      points: plan.points.map(({ index, levels, scenario }) => ({ index, levels, scenario })),
      files: [...tables.map(({ file }) => file), packaged],
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? "unknown",
      finishedAt,
      elapsedSeconds: (Date.parse(finishedAt) - Date.parse(outcome.startedAt)) / 1000,
    };
    const { path: last } = await this.writeJson("manifest.json", manifest);
    const former = await presentResults(this.target);
    if (former?.identity !== manifest.identity) await removeResults(folder, former);
    // It tells of the former manifest; whoever wants it makes it again.
    if (former !== undefined) await rm(join(folder, REPORT_FILE), { force: true });
    for (const { path } of manifest.files) await rename(join(this.partial, path), join(folder, path));
    await rename(join(this.partial, last), join(folder, last));
    await rm(this.partial, { recursive: true });
    return manifest;
  }

  /** Removes what is not finished, and the folder if it was made for it. */
  async discard(): Promise<void> {
    for (const { file } of this.tables) await file.close();
    await rm(this.partial, { recursive: true, force: true });
    const { made } = this;
    if (made === undefined) return;
    for (let path = resolve(this.target.folder); path.length >= made.length; path = dirname(path)) {
      const isRemoved = await rmdir(path).then(
        () => true,
        () => false,
      );
      if (!isRemoved) return;
    }
  }

  private async finishTables(): Promise<WrittenTable[]> {
    const tables: WrittenTable[] = [];
    for (const { file, writer } of this.tables) {
      await writer.flush();
      tables.push({ table: writer.table, file: { ...(await file.close()), rows: writer.rows } });
    }
    return tables;
  }

  private async writeJson(path: string, value: object): Promise<WrittenFile> {
    const file = await this.create(path);
    await file.append(`${JSON.stringify(value, null, 2)}\n`);
    return file.close();
  }

  private async create(path: string): Promise<PartialFile> {
    const handle = await open(join(this.partial, path), "wx").catch(unwritable(this.target));
    return new PartialFile(path, handle, unwritable(this.target));
  }
}

/** A file that is hashed while it is written. */
class PartialFile {
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly fail: (error: Error) => never;
  private readonly hash: Hash;
  private bytes: number;

  constructor(path: string, handle: FileHandle, fail: (error: Error) => never) {
    this.path = path;
    this.handle = handle;
    this.fail = fail;
    this.hash = createHash("sha256");
    this.bytes = 0;
  }

  async append(text: string): Promise<void> {
    const piece = Buffer.from(text);
    this.hash.update(piece);
    this.bytes += piece.length;
    await this.handle.writeFile(piece).catch(this.fail);
  }

  /** May be called again. */
  async close(): Promise<WrittenFile> {
    await this.handle.close();
    return { path: this.path, bytes: this.bytes, sha256: this.hash.copy().digest("hex") };
  }
}

/** The manifest of the results that are there, if any. @throws UserError when they are others and are to stay */
async function presentResults(target: Target): Promise<Manifest | undefined> {
  const { folder, plan, version, force } = target;
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    return error.code === "ENOENT" ? [] : unwritable(target)(error);
  });
  // What begins with a point is a partial folder, or none of our business.
  if (names.every((name) => name.startsWith("."))) return undefined;
  const manifest = await readManifest(folder).catch((error: Error) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (force || manifest?.identity === identityOf(plan, version)) return manifest;
  const held = manifest === undefined ? "files without a manifest of ours" : contents(manifest);
  throw new UserError(`${folder} holds ${held}; choose another with --out, or say --force`);
}

function contents({ experiment, version, points }: Manifest): string {
  const { name, seed, replications } = experiment;
  const size = `${points.length} design points, ${replications} replications, ${points[0].scenario.servers} servers`;
  return `other results (${name}, seed ${seed}, ${size}, spoolsim ${version})`;
}

/** Removes the manifest first, then the files it names: those of this folder, whatever a manifest may say. */
async function removeResults(folder: string, manifest: Manifest | undefined): Promise<void> {
  await rm(join(folder, "manifest.json"), { force: true });
  for (const { path } of manifest?.files ?? []) await rm(join(folder, basename(path)), { force: true });
}

/**
 * Makes a folder and those around it that are missing; returns the outermost that it made, if any. Node's own recursive
 * mkdir never returns where the parent exists and the folder cannot (/proc).
 */
async function makeFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return undefined;
  const around = dirname(path);
  const made = around === path ? undefined : await makeFolder(around);
  await mkdir(path);
  return made ?? path;
}

/** Removes the partial folders of processes that are no more. */
async function removeStale(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const pid = /^\.partial-(\d+)-\d+$/.exec(name)?.[1];
    const partial = join(path, name);
    if (pid === undefined || ours.has(partial) || isOtherProcess(Number(pid))) continue;
    await rm(partial, { recursive: true, force: true });
  }
}

const obstacles: Readonly<Record<string, string>> = {
  ENOTDIR: "it is, or lies below, a file; results go to a folder",
  EEXIST: "it is a file; results go to a folder",
  EACCES: "you may not write there",
  EROFS: "it is read-only",
  ENOENT: "nothing can be made there",
  ENOSPC: "the disk is full",
};

function unwritable({ folder }: Target): (error: Error) => never {
  return (error) => {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new UserError(`${folder} cannot hold results: ${obstacles[code] ?? message.split(",")[0]}`);
  };
}
