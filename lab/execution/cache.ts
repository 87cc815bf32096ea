/**
 * The cache of runs: a folder of results with content-based keys, so that an experiment that was interrupted or
 * enlarged computes only what is missing. It changes no byte of any table.
 *
 * The key of an entry is the hash of everything that determines the result: the build of the program, the scenario with
 * all settings and with its modules by their bytes (lab/identity.ts), the seed, the replication, and the servers. Not
 * included are the name of the experiment, the position of the design point, the size of the fleet (servers are
 * independent), the threads and the slices. If a module imports a package or may read anything else, its results are
 * not cached, because they could change although its bytes do not.
 *
 * The size of the folder on disk is limited to BYTES_MAX or the user's limit, and the number of entries to ENTRIES_MAX.
 * When it is full, the entries that were unused for longest are removed, but none of this experiment; if only such
 * entries are left, further results are not cached. A folder that cannot be read is an error; an entry that cannot be
 * written is counted, and the next is tried.
 */
import { rmSync } from "node:fs";
import { open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { endianness } from "node:os";
import { join, resolve } from "node:path";
import { aboutOf, entryBytes, isFile, keepBytes, packed, readEntry } from "./cache-entry.ts";
import { CHECKPOINT } from "./checkpoint.ts";
import { canonicalJson } from "../canonical-json.ts";
import { modulePathsOf, type Scenario } from "../experiment/scenario.ts";
import { identityOf, scenarioIdentity, userModulesOf, type UserModules } from "../identity.ts";
import { isStalePartial, obstacleOf } from "../whole-file.ts";
import { programBuild } from "../program.ts";
import { runsOf } from "./partition.ts";
import { sampleTimes, type Entry, type Run, type RunResult } from "./run.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { sizeText } from "../reports/units.ts";
import { UserError, argument, type Wording } from "../user-error.ts";

/** In the working directory, beside the results. */
export const CACHE_FOLDER = "results/.cache";
/** The default limit on the size of the folder. */
export const BYTES_MAX = 1e9;
const ENTRIES_MAX = 100_000;
/** A file occupies a multiple of this on disk. */
const BLOCK_BYTES = 4096;

/** The first two digits of a key name a folder, the others a file in it. */
const ENTRY_FOLDER = /^[0-9a-f]{2}$/;
const ENTRY_FILE = /^[0-9a-f]{62}(?:\.checkpoint)?$/;

/** The folder of a cache and its size limit. */
export interface CacheSpace {
  readonly folder: string;
  /** The size limit; with Infinity everything is kept, in any number of files. */
  readonly bytesMax: number;
}

/** The runs whose results are kept. */
export interface Cacheable {
  readonly experiment: Pick<Plan["experiment"], "name" | "seed" | "replications">;
  readonly points: Plan["points"];
}

/** What is kept of a run in place of its samples. */
export interface Extract {
  /** The hash of everything that determines it beside the run. */
  readonly identity: string;
  /** The count of numbers. */
  readonly numbers: number;
}

/** A file in the cache. */
export interface Kept {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  /** When the file was last used [ms since 1970]. */
  readonly usedAt: number;
}

export class RunCache {
  /** Why some results are not kept, in one line; undefined while all are. */
  trouble: Wording | undefined;
  private readonly folder: string;
  private readonly plan: Cacheable;
  private readonly bytesMax: number;
  private readonly extract: Extract | undefined;
  /** By design point: the hash of what all its runs share; undefined if its results must not be cached. */
  private readonly shared: readonly (string | undefined)[];
  /** By design point: the number of sample values per server. */
  private readonly samplesOfServer: readonly number[];
  /** The keys of all entries, present or about to be written. */
  private readonly kept: Set<string>;
  /** The keys that this experiment has used; before the first entry is removed, all that it is going to use. */
  private readonly used: Set<string>;
  private isSpared: boolean;
  /** The entries that may be removed, the next one last. */
  private readonly removable: Kept[];
  private bytes: number;
  /** The number of results whose entries could not be written, and the reason of the first. */
  private notKept: number;
  private firstNotKept: string | undefined;

  private constructor(
    folder: string,
    bytesMax: number,
    plan: Cacheable,
    shared: readonly (string | undefined)[],
    kept: readonly Kept[],
    extract?: Extract,
  ) {
    this.extract = extract;
    this.folder = folder;
    this.plan = plan;
    this.bytesMax = bytesMax;
    this.shared = shared;
    this.samplesOfServer = plan.points.map(({ scenario, resolved }) => {
      return sampleTimes(scenario).length * resolved.model.responses.length;
    });
    this.kept = new Set(kept.map(({ key }) => key));
    this.used = new Set();
    this.isSpared = false;
    this.removable = [...kept].sort((a, b) => b.usedAt - a.usedAt);
    this.bytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    this.trouble = undefined;
    this.notKept = 0;
    this.firstNotKept = undefined;
  }

  /**
   * Opens the cache for the runs of the plan. The folder is created with its first entry. `trouble` is set before the
   * first run if not all results can be kept.
   *
   * @throws UserError when the folder cannot be read
   */
  static async open({ folder, bytesMax }: CacheSpace, plan: Cacheable, extract?: Extract): Promise<RunCache> {
    const path = resolve(folder);
    const modules = await userModulesOf(plan.points.map(({ scenario }) => scenario));
    const shared = plan.points.map((point) => sharedOf(point, plan.experiment.seed, modules, extract?.identity));
    const cache = new RunCache(path, bytesMax, plan, shared, await filesOf(path), extract);
    const unknown = [...modules.values()].find((one) => one.unknown !== undefined)?.unknown;
    if (unknown !== undefined) cache.trouble = [`results are not kept: ${unknown}, which may change unseen`];
    else if (extract === undefined) cache.trouble = tooMuch(plan, { folder, bytesMax });
    return cache;
  }

  /**
   * A cache for this experiment alone, in its own folder: it keeps the results of all runs, whatever they depend on.
   */
  static scratch(folder: string, plan: Plan): RunCache {
    return new RunCache(
      folder,
      BYTES_MAX,
      plan,
      plan.points.map(({ index }) => String(index)),
      [],
    );
  }

  /**
   * Returns the run with its entry in the cache, for which room is made if the result is not there yet. Returns the run
   * as it is if its result must not be kept or there is no room.
   */
  reserve(run: Run): Run {
    const entry = this.entryOf(run);
    return entry !== undefined && this.makeRoom(entry, run) ? { ...run, entry } : run;
  }

  /** Whether the cache has the result of the run. */
  isKept(run: Run): boolean {
    return this.kept.has(this.entryOf(run)?.key ?? "");
  }

  /** Returns the result of the run if it is there and undamaged. */
  async resultOf(run: Run): Promise<RunResult | undefined> {
    const entry = this.entryOf(run);
    return entry === undefined ? undefined : readEntry(entry, run);
  }

  /** The size of the run's entry [bytes on disk]; 0 when its result must not be cached. */
  bytesOf(run: Run): number {
    const entry = this.entryOf(run);
    if (entry === undefined) return 0;
    const samples = this.extract?.numbers ?? itemAt(this.samplesOfServer, run.point) * run.count;
    return onDisk(entryBytes(entry, run.count, samples));
  }

  /** Keeps what was extracted of a run. */
  async keep(run: Run, result: RunResult): Promise<void> {
    const { entry } = this.reserve(run);
    const notKept = entry && (await keepBytes(entry, packed(entry, result)));
    if (notKept !== undefined) this.note({ ...result, notKept });
  }

  private entryOf(run: Run): Entry | undefined {
    const shared = this.shared[run.point];
    if (shared === undefined) return undefined;
    const { replication, first, count, seed, scenario } = run;
    const key = keyOfRun(shared, replication, first, count);
    const { name } = this.plan.experiment;
    const about = { experiment: name, model: scenario.model, seed, replication, first, count };
    return { key, path: join(this.folder, key.slice(0, 2), key.slice(2)), about };
  }

  /** Records whether the entry of a result was written. */
  note({ notKept }: RunResult): void {
    if (notKept === undefined) return;
    this.notKept++;
    this.firstNotKept ??= notKept;
    this.trouble = [`results not kept: ${this.notKept}; the first: ${this.firstNotKept}`];
  }

  /** Counts the entry among those of the cache, and removes others for it. Returns false when there is no room. */
  private makeRoom(entry: Entry, run: Run): boolean {
    this.spare(entry);
    if (this.kept.has(entry.key)) return true;
    const bytes = this.bytesOf(run);
    const entriesMax = this.bytesMax === Infinity ? Infinity : ENTRIES_MAX;
    while (this.bytes + bytes > this.bytesMax || this.kept.size >= entriesMax) {
      if (!this.removeOne()) {
        this.trouble ??= [
          `some results are not kept: the limit of ${this.folder} is ${sizeText(this.bytesMax)}; see `,
          BOUND,
        ];
        return false;
      }
    }
    this.bytes += bytes;
    this.kept.add(entry.key);
    return true;
  }

  /** Removes the entry that was unused for longest; returns false when none may be removed. */
  private removeOne(): boolean {
    if (!this.isSpared) this.spareAll();
    for (let oldest = this.removable.pop(); oldest !== undefined; oldest = this.removable.pop()) {
      if (this.used.has(oldest.key)) continue;
      rmSync(oldest.path, { force: true });
      this.kept.delete(oldest.key);
      this.bytes -= oldest.bytes;
      return true;
    }
    return false;
  }

  private spare({ key }: Entry): void {
    this.used.add(key).add(key + CHECKPOINT);
  }

  /** Spares what the experiment is going to use. */
  private spareAll(): void {
    this.isSpared = true;
    for (const run of runsOf(this.plan, 1)) {
      const entry = this.entryOf(run);
      if (entry !== undefined) this.spare(entry);
    }
  }
}

/** Entries of the same experiment, model and seed. */
export interface CachedGroup {
  readonly experiment: string;
  readonly model: string;
  readonly seed: string;
  readonly runs: number;
  /** On disk. */
  readonly bytes: number;
}

/** The contents of the folder by experiment, model and seed, sorted. */
export async function listCache(folder: string): Promise<CachedGroup[]> {
  const groups = new Map<string, CachedGroup>();
  for (const { path, bytes } of await entriesOf(resolve(folder))) {
    const { experiment = "?", model = "?", seed = "?" } = await headOf(path);
    const key = canonicalJson([experiment, model, seed]);
    const { runs, bytes: former } = groups.get(key) ?? { runs: 0, bytes: 0 };
    groups.set(key, { experiment, model, seed, runs: runs + 1, bytes: former + bytes });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Removes every entry and the folders that become empty; other files stay. Returns the number of entries removed. */
export async function clearCache(folder: string): Promise<number> {
  const path = resolve(folder);
  const files = await filesOf(path);
  for (const file of files) await rm(file.path, { force: true });
  const folders = new Set(files.map(({ key }) => join(path, key.slice(0, 2))));
  if (files.length > 0) for (const one of [...folders, path]) await rmdir(one).catch(() => undefined);
  return files.filter(isEntry).length;
}

/** All entries, in the order of their keys. Removes half-written files of processes of this machine that have ended. */
export async function entriesOf(folder: string): Promise<Kept[]> {
  return (await filesOf(folder)).filter(isEntry).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function isEntry({ key }: Kept): boolean {
  return !key.endsWith(CHECKPOINT);
}

/** All entries and checkpoints; the key of a checkpoint is its entry's key followed by CHECKPOINT. */
async function filesOf(folder: string): Promise<Kept[]> {
  const found: Kept[] = [];
  for (const start of await namesIn(folder, "ENOENT")) {
    if (!ENTRY_FOLDER.test(start)) continue;
    for (const name of await namesIn(join(folder, start), "ENOENT", "ENOTDIR")) {
      const path = join(folder, start, name);
      if (isStalePartial(name)) await rm(path, { force: true }).catch(() => undefined);
      const facts = ENTRY_FILE.test(name) ? await stat(path).catch(() => undefined) : undefined;
      if (facts === undefined || facts.isDirectory()) continue;
      found.push({ key: start + name, path, bytes: onDisk(facts.size), usedAt: facts.mtimeMs });
    }
  }
  return found;
}

/** The names in a folder; none after one of these errors. @throws UserError after any other */
async function namesIn(folder: string, ...absent: readonly string[]): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (absent.includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw new UserError(`the cache ${folder} cannot be read: ${obstacleOf(error)}`);
  }
}

/** Reads the second line of an entry; returns nothing if the entry is damaged. */
async function headOf(path: string): Promise<Partial<NonNullable<ReturnType<typeof aboutOf>>>> {
  const head = Buffer.alloc(BLOCK_BYTES);
  if (!(await isFile(path))) return {};
  try {
    const file = await open(path);
    try {
      await file.read(head, 0, head.length, 0);
    } finally {
      await file.close();
    }
    return aboutOf(head.toString("utf8").split("\n")[1] ?? "") ?? {};
  } catch {
    return {};
  }
}

/** The key of the result of a run, the same on every machine; undefined when the result must not be cached. */
export async function keyOf(run: Run): Promise<string | undefined> {
  const { seed, replication, first, count } = run;
  const shared = sharedOf(run, seed, await userModulesOf([run.scenario]));
  return shared === undefined ? undefined : keyOfRun(shared, replication, first, count);
}

function keyOfRun(shared: string, replication: number, first: number, count: number): string {
  return identityOf({ shared, replication, first, count });
}

/** The hash of what all runs of a design point share; undefined when their results must not be cached. */
function sharedOf(
  { scenario }: Pick<Run, "scenario">,
  seed: string,
  modules: UserModules,
  extract?: string,
): string | undefined {
  if (modulePathsOf(scenario).some((path) => modules.get(path)?.unknown !== undefined)) return undefined;
  const { servers: _, ...alone } = scenario;
  const known = scenarioIdentity(alone as Scenario, modules);
  const run = { build: programBuild(), endianness: endianness(), scenario: known, seed };
  return identityOf(extract === undefined ? run : { ...run, extract });
}

/** The command-line argument that sets the limit. */
const BOUND = argument("cacheMax");

/** Returns a message if the runs of the plan need more room than the cache may take. */
function tooMuch({ points, experiment }: Cacheable, { folder, bytesMax }: CacheSpace): Wording | undefined {
  const bytes = points.reduce((sum, { scenario, resolved }) => {
    const perServer = 16 + 8 * sampleTimes(scenario).length * resolved.model.responses.length;
    return sum + onDisk(scenario.servers * perServer) * experiment.replications;
  }, 0);
  if (bytes <= bytesMax) return undefined;
  const sizes = `they need ${sizeText(bytes)}, and the limit of ${folder} is ${sizeText(bytesMax)}`;
  return [`not all results can be kept: ${sizes}; see `, BOUND];
}

function onDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
