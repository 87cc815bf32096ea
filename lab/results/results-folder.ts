/**
 * The folder of an experiment's results: either complete or absent.
 *
 * New results are written to a folder beside it, under a lock, and take its place when they are complete
 * (folder-swap.ts). The next process removes what a killed one has left.
 *
 * A folder with the same results (the same identity) is written again, because that changes nothing. Any other folder
 * is refused before the simulation starts, and again before it would be replaced. `force` replaces other results; files
 * that do not belong to results are moved to the new folder.
 */
import { mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { CsvWriter, type Table } from "./csv.ts";
import { dataPackage, type WrittenTable } from "./data-package.ts";
import { beside, refuseUnmovable, settle, takeName, type IsOwn } from "./folder-swap.ts";
import { HashedFile } from "./hashed-file.ts";
import { lockFolder } from "./folder-lock.ts";
import {
  readManifest,
  REPORT_FILE,
  resultsIdentity,
  type Manifest,
  type RunSummary,
  type WrittenFile,
} from "./manifest.ts";
import { filesOf, userModuleOf, userModulesOf, type UserModules } from "../identity.ts";
import type { Plan } from "../experiment/plan.ts";
import { UserError, argument } from "../user-error.ts";
import { isSystemError, makeFolder, obstacleOf } from "../whole-file.ts";
import { counted } from "../reports/format.ts";
import { itemAt } from "../lists.ts";

/** The destination of the results. */
interface Target {
  /** As the user gave it, for messages. */
  readonly folder: string;
  /** The absolute path. */
  readonly path: string;
  readonly plan: Plan;
  readonly version: string;
  readonly modules: UserModules;
  readonly force: boolean;
}

export class ResultsFolder {
  private readonly target: Target;
  private readonly partial: string;
  private readonly unlock: () => Promise<void>;
  /** The outermost parent folder that had to be created, if any. */
  private readonly made: string | undefined;
  private readonly tables: { readonly file: HashedFile; readonly writer: CsvWriter<never> }[];

  private constructor(target: Target, unlock: () => Promise<void>, made: string | undefined) {
    this.target = target;
    this.partial = beside(target.path, "partial");
    this.unlock = unlock;
    this.made = made;
    this.tables = [];
  }

  /**
   * Makes sure, before the simulation, that the results can be written. The caller must then call finish or discard.
   *
   * @param version of the program
   * @param force whether other results may be replaced
   * @throws UserError when the folder has other results, is locked by another process, or is not writable; nothing is
   *   changed then
   */
  static async prepare(folder: string, plan: Plan, version: string, force: boolean): Promise<ResultsFolder> {
    const path = resolve(folder);
    const modules = await userModulesOf(plan.points.map(({ scenario }) => scenario));
    const target = { folder, path, plan, version, modules, force };
    await refuseFile(target).catch(unwritable(target));
    await refuseUnmovable(folder, path).catch(unwritable(target));
    await presentResults(target);
    const made = await makeFolder(dirname(path)).catch(unwritable(target));
    const unlock = await lockFolder(path).catch(unwritable(target));
    const results = new ResultsFolder(target, unlock, made);
    try {
      await settle(path, async (own) => isResultOf(await manifestOf(own), false));
      await presentResults(target);
      await rm(results.partial, { recursive: true, force: true });
      await mkdir(results.partial);
    } catch (error) {
      await results.discard();
      unwritable(target)(error);
    }
    return results;
  }

  /** Opens the file of a table. */
  async openTable<Row>(table: Table<Row>): Promise<CsvWriter<Row>> {
    const file = await this.create(table.file);
    const writer = new CsvWriter(table, (text) => file.append(text));
    this.tables.push({ file, writer });
    return writer;
  }

  /** A folder for temporary data, removed with the unfinished results. */
  get scratch(): string {
    return join(this.partial, "scratch");
  }

  /**
   * Completes the results and moves them to their final name.
   *
   * @param plan the executed plan: its identity is the same, but a stopping rule has now fixed the number of
   *   replications
   * @throws UserError when the folder has received other results in the meantime, or a module has changed
   */
  async finish(summary: RunSummary, plan = this.target.plan): Promise<Manifest> {
    const { path, version, modules } = this.target;
    await refuseChangedModules(modules);
    const tables = await this.finishTables();
    const packaged = await this.writeJson("datapackage.json", dataPackage(plan.experiment, tables));
    const finishedAt = new Date().toISOString();
    const files = filesOf(modules);
    const manifest: Manifest = {
      program: "spoolsim",
      version,
      identity: resultsIdentity(plan, version, modules),
      ...summary,
      experiment: { ...plan.experiment, positions: {} },
      points: plan.points.map(({ index, levels, scenario }) => ({ index, levels, scenario })),
      ...(files.length === 0 ? {} : { modules: files }),
      files: [...tables.map(({ file }) => file), packaged],
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? "unknown",
      finishedAt,
      elapsedSeconds: (Date.parse(finishedAt) - Date.parse(summary.startedAt)) / 1000,
    };
    await this.writeJson("manifest.json", manifest);
    await rm(this.scratch, { recursive: true, force: true });
    const former = await presentResults(this.target);
    const isResult = isResultOf(former, former?.identity === manifest.identity);
    await takeName(path, isResult).catch(unwritable(this.target));
    await this.unlock();
    return manifest;
  }

  /** Removes unfinished results and the parent folders that were created for them. */
  async discard(): Promise<void> {
    for (const { file } of this.tables) await file.close();
    await rm(this.partial, { recursive: true, force: true });
    await this.unlock();
    const { made } = this;
    if (made === undefined) return;
    for (let path = dirname(this.target.path); path.length >= made.length; path = dirname(path)) {
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
      tables.push({ table: writer.table, file: { ...(await file.finish()), rows: writer.rows } });
    }
    return tables;
  }

  private async writeJson(path: string, value: object): Promise<WrittenFile> {
    const file = await this.create(path);
    await file.append(`${JSON.stringify(value, null, 2)}\n`);
    return file.finish();
  }

  private async create(path: string): Promise<HashedFile> {
    const handle = await open(join(this.partial, path), "wx").catch(unwritable(this.target));
    return new HashedFile(path, handle, unwritable(this.target));
  }
}

/** @param isSame whether the new results are the same, so that tables in other formats are still valid */
function isResultOf(former: Manifest | undefined, isSame: boolean): IsOwn {
  const results = namesOf(former);
  return (name) => results.has(name) || (!isSame && results.has(name.replace(/\.parquet$/, ".csv")));
}

/** The file names of the results in the folder itself, whatever the manifest says. */
function namesOf(manifest: Manifest | undefined): ReadonlySet<string> {
  const files = manifest?.files ?? [];
  // The report quotes the former manifest; it can be made again.
  return new Set(["manifest.json", REPORT_FILE, ...files.map(({ path }) => basename(path))]);
}

/** The manifest of the folder, if spoolsim wrote it. */
async function manifestOf(folder: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/**
 * The manifest of the present results, if any. @throws UserError when they are other results and must not be replaced
 */
async function presentResults(target: Target): Promise<Manifest | undefined> {
  const { folder, path, plan, version, modules, force } = target;
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    return error.code === "ENOENT" ? [] : unwritable(target)(error);
  });
  // Names that begin with a dot belong to others.
  if (names.every((name) => name.startsWith("."))) return undefined;
  const manifest = await manifestOf(path);
  if (force || manifest?.identity === resultsIdentity(plan, version, modules)) return manifest;
  const held = manifest === undefined ? "files that spoolsim did not write" : contents(manifest);
  throw new UserError(`${folder} holds ${held}; choose another with `, argument("out"), ", or use ", argument("force"));
}

/** @throws UserError when the path is a file */
async function refuseFile({ folder, path }: Target): Promise<void> {
  const own = await stat(path).catch(() => undefined);
  if (own?.isDirectory() === false)
    throw new UserError(`${folder} cannot hold results: it is, or lies below, a file; results go to a folder`);
}

/** @throws UserError when a module changed during the simulation */
async function refuseChangedModules(modules: UserModules): Promise<void> {
  for (const { path, sha256 } of filesOf(modules)) {
    const now = await userModuleOf(path).catch(() => undefined);
    if (now?.sha256 !== sha256) throw new UserError(`${path} was changed while the experiment ran; run it again`);
  }
}

function contents({ experiment, version, points }: Manifest): string {
  const { name, seed, replications } = experiment;
  const counts = [
    counted(points.length, "design point"),
    counted(replications, "replication"),
    counted(itemAt(points, 0).scenario.servers, "server"),
  ];
  return `other results (${name}, seed ${seed}, ${counts.join(", ")}, spoolsim ${version})`;
}

const obstacles: Readonly<Record<string, string>> = {
  ENOTDIR: "it is, or lies below, a file; results go to a folder",
  EEXIST: "it is a file; results go to a folder",
  ENOENT: "nothing can be made there",
};

function unwritable({ folder }: Target): (error: unknown) => never {
  return (error) => {
    if (!isSystemError(error)) throw error;
    throw new UserError(`${folder} cannot hold results: ${obstacles[error.code ?? ""] ?? obstacleOf(error)}`);
  };
}
