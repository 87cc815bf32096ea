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
 * When it is full, the entries that were unused for longest are removed, but none that this experiment has used; if
 * only such entries are left, further results are not cached. A folder that cannot be written to is reported once.
 */
import { rmSync } from "node:fs";
import { open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { endianness } from "node:os";
import { basename, join, resolve } from "node:path";
import { aboutOf, entryBytes, isFile, readEntry } from "./cache-entry.ts";
import { CHECKPOINT } from "./checkpoint.ts";
import { canonicalJson } from "../canonical-json.ts";
import { modulePathsOf, type Scenario } from "../experiment/scenario.ts";
import { identityOf, scenarioIdentity, userModulesOf, type UserModules } from "../identity.ts";
import { isStalePartial } from "../whole-file.ts";
import { programBuild } from "../program.ts";
import { sampleTimes, type Entry, type Run, type RunResult } from "./run.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { argument, type Wording } from "../user-error.ts";

/** Beside the results, in the working directory. */
export const CACHE_FOLDER = "results/.cache";
/** What the folder takes at most unless somebody says otherwise. */
export const BYTES_MAX = 1e9;
const ENTRIES_MAX = 100_000;
/** What a file takes of a disk is a multiple of this. */
const BLOCK_BYTES = 4096;

/** Two digits of the key are a folder, the others a file in it. */
const ENTRY = /^([0-9a-f]{2})[/\\]([0-9a-f]{62}(?:\.checkpoint)?)$/;

/** Where a cache is, and how large it may be. */
export interface CacheSpace {
  readonly folder: string;
  /** What the folder may take; with Infinity everything is kept, in however many files. */
  readonly bytesMax: number;
}

/** A file that is kept. */
export interface Kept {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was used last [ms since 1970]. */
  readonly usedAt: number;
}

export class RunCache {
  /** Why not everything is kept, in a line; undefined while everything is. */
  trouble: Wording | undefined;
  private readonly folder: string;
  private readonly plan: Plan;
  private readonly bytesMax: number;
  /** The hash of what all runs of a design point share; undefined where they are not to be kept. */
  private readonly shared: readonly (string | undefined)[];
  /** By design point, how many numbers the samples of one server are. */
  private readonly samplesOfServer: readonly number[];
  /** The keys of the entries that are there, or will be. */
  private readonly kept: Set<string>;
  /** Of these, those of this experiment. */
  private readonly used: Set<string>;
  /** Entries that may go, the next one last. */
  private readonly removable: Kept[];
  private bytes: number;
  private isBroken: boolean;

  private constructor(
    folder: string,
    bytesMax: number,
    plan: Plan,
    shared: readonly (string | undefined)[],
    kept: readonly Kept[],
  ) {
    this.folder = folder;
    this.plan = plan;
    this.bytesMax = bytesMax;
    this.shared = shared;
    this.samplesOfServer = plan.points.map(({ scenario, resolved }) => {
      return sampleTimes(scenario).length * resolved.model.responses.length;
    });
    this.kept = new Set(kept.map(({ key }) => key));
    this.used = new Set();
    this.removable = [...kept].sort((a, b) => b.usedAt - a.usedAt);
    this.bytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    this.trouble = undefined;
    this.isBroken = false;
  }

  /**
   * The cache in the folder, for the runs of the plan. The folder is made with its first entry. Whether all of them can
   * be kept is known before the first is executed, and reported as its trouble.
   */
  static async open({ folder, bytesMax }: CacheSpace, plan: Plan): Promise<RunCache> {
    const path = resolve(folder);
    const modules = await userModulesOf(plan.points.map(({ scenario }) => scenario));
    const shared = plan.points.map((point) => sharedOf(point, plan.experiment.seed, modules));
    const cache = new RunCache(path, bytesMax, plan, shared, await filesOf(path));
    const unknown = [...modules.values()].find((one) => one.unknown !== undefined)?.unknown;
    if (unknown !== undefined) cache.trouble = [`results are not kept: ${unknown}, which may change unseen`];
    else cache.trouble = tooMuch(plan, { folder, bytesMax });
    return cache;
  }

  /** A cache for this experiment alone, in a folder of its own: all of its runs are kept, whatever they depend on. */
  static scratch(folder: string, plan: Plan): RunCache {
    return new RunCache(
      folder,
      BYTES_MAX,
      plan,
      plan.points.map(({ index }) => String(index)),
      [],
    );
  }

  /** The run with an entry, if its result is to be kept or is there already. */
  withEntry(run: Run): Run {
    const entry = this.isBroken ? undefined : this.entryOf(run);
    return entry !== undefined && this.holds(entry, run) ? { ...run, entry } : run;
  }

  /** Whether the result of the run is there. */
  isKept(run: Run): boolean {
    return this.kept.has(this.entryOf(run)?.key ?? "");
  }

  /** The result of the run, if it is there and undamaged. */
  async resultOf(run: Run): Promise<RunResult | undefined> {
    const entry = this.entryOf(run);
    return entry === undefined ? undefined : readEntry(entry, run);
  }

  /** What the result of the run takes, or would take [bytes on disk]; 0 when it is not to be kept. */
  bytesOf(run: Run): number {
    const entry = this.entryOf(run);
    if (entry === undefined) return 0;
    return onDisk(entryBytes(entry, run.count, itemAt(this.samplesOfServer, run.point) * run.count));
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

  /** Notes what became of the entry of a result. */
  note({ notKept }: RunResult): void {
    if (notKept === undefined) return;
    this.isBroken = true;
    this.trouble = [`results are not kept: ${this.folder} cannot be written to (${notKept})`];
  }

  /** Whether there is, or can be made, room for the entry. */
  private holds(entry: Entry, run: Run): boolean {
    this.used.add(entry.key).add(entry.key + CHECKPOINT);
    if (this.kept.has(entry.key)) return true;
    const bytes = this.bytesOf(run);
    const entriesMax = this.bytesMax === Infinity ? Infinity : ENTRIES_MAX;
    while (this.bytes + bytes > this.bytesMax || this.kept.size >= entriesMax) {
      if (!this.removeOne()) {
        this.trouble ??= [`some results are not kept: ${this.folder} may take ${this.bytesMax / 1e9} GB; see `, BOUND];
        return false;
      }
    }
    this.bytes += bytes;
    this.kept.add(entry.key);
    return true;
  }

  /** Removes the entry that was not used for longest; false when there is none that may go. */
  private removeOne(): boolean {
    for (let oldest = this.removable.pop(); oldest !== undefined; oldest = this.removable.pop()) {
      if (this.used.has(oldest.key)) continue;
      rmSync(oldest.path, { force: true });
      this.kept.delete(oldest.key);
      this.bytes -= oldest.bytes;
      return true;
    }
    return false;
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

/** What the folder holds, by experiment, model and seed, sorted. */
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

/** Removes every entry, and what is empty then; what is not ours stays. How many entries there were. */
export async function clearCache(folder: string): Promise<number> {
  const path = resolve(folder);
  const files = await filesOf(path);
  for (const file of files) await rm(file.path, { force: true });
  const folders = new Set(files.map(({ key }) => join(path, key.slice(0, 2))));
  for (const one of [...folders, path]) await rmdir(one).catch(() => undefined);
  return files.filter(isEntry).length;
}

/**
 * All entries, in the order of their keys. Half-written files of processes of this machine that have ended are removed.
 */
export async function entriesOf(folder: string): Promise<Kept[]> {
  return (await filesOf(folder)).filter(isEntry).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function isEntry({ key }: Kept): boolean {
  return !key.endsWith(CHECKPOINT);
}

/** The same, and the checkpoints, whose keys are those of their entries and CHECKPOINT. */
async function filesOf(folder: string): Promise<Kept[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found: Kept[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (isStalePartial(basename(name))) await rm(path, { force: true }).catch(() => undefined);
    const parts = ENTRY.exec(name);
    const facts = parts === null ? undefined : await stat(path).catch(() => undefined);
    if (parts === null || facts === undefined || facts.isDirectory()) continue;
    found.push({ key: itemAt(parts, 1) + itemAt(parts, 2), path, bytes: onDisk(facts.size), usedAt: facts.mtimeMs });
  }
  return found;
}

/** What the second line of an entry says; nothing of one that is damaged. */
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

/** The key of the result of a run, wherever it is computed; undefined when its result is not to be kept. */
export async function keyOf(run: Run): Promise<string | undefined> {
  const { seed, replication, first, count } = run;
  const shared = sharedOf(run, seed, await userModulesOf([run.scenario]));
  return shared === undefined ? undefined : keyOfRun(shared, replication, first, count);
}

function keyOfRun(shared: string, replication: number, first: number, count: number): string {
  return identityOf({ shared, replication, first, count });
}

/** The hash of what all runs of a design point share; undefined when they are not to be kept. */
function sharedOf({ scenario }: Pick<Run, "scenario">, seed: string, modules: UserModules): string | undefined {
  if (modulePathsOf(scenario).some((path) => modules.get(path)?.unknown !== undefined)) return undefined;
  const { servers: _, ...alone } = scenario;
  const known = scenarioIdentity(alone as Scenario, modules);
  return identityOf({ build: programBuild(), endianness: endianness(), scenario: known, seed });
}

/** The argument that bounds the folder. */
const BOUND = argument("cacheMax");

/** Says that the runs of the plan take more than the cache may, before they run; undefined when they do not. */
function tooMuch({ points, experiment }: Plan, { folder, bytesMax }: CacheSpace): Wording | undefined {
  const bytes = points.reduce((sum, { scenario, resolved }) => {
    const perServer = 16 + 8 * sampleTimes(scenario).length * resolved.model.responses.length;
    return sum + onDisk(scenario.servers * perServer) * experiment.replications;
  }, 0);
  if (bytes <= bytesMax) return undefined;
  const gigabytes = (size: number) => `${Number((size / 1e9).toPrecision(2))} GB`;
  const sizes = `they take ${gigabytes(bytes)} and ${folder} may take ${gigabytes(bytesMax)}`;
  return [`not all results can be kept: ${sizes}; see `, BOUND];
}

function onDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
