/** Options that several commands share, and the experiment that they select. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Argv, InferredOptionTypes, Options } from "yargs";
import { withOverrides } from "../lab/experiment/override.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import { findExperiment } from "../lab/results/find-experiment.ts";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { BYTES_MAX, CACHE_FOLDER, type CacheSpace } from "../lab/execution/cache.ts";
import { SLICE_SIZE } from "../lab/execution/run.ts";
import type { ServerSelector } from "../lab/traces/trace.ts";
import { UserError } from "../lab/user-error.ts";
import { shellLine } from "./shell-line.ts";
import { itemAt } from "../lab/lists.ts";

/** Headings of --help. Options without one are listed under "Options:". */
const EXPERIMENT_GROUP = "Change the experiment:";
const CHOICE_GROUP = "Choose the design point:";
export const COMPUTING_GROUP = "Computing:";

/** Options that change an experiment. */
export const changes = {
  seed: { group: EXPERIMENT_GROUP, type: "string", requiresArg: true, describe: "use another seed" },
  replications: {
    group: EXPERIMENT_GROUP,
    type: "string",
    requiresArg: true,
    describe: "number of replications of each design point",
  },
  servers: {
    group: EXPERIMENT_GROUP,
    type: "string",
    requiresArg: true,
    describe: "number of servers in each replication",
  },
  set: {
    group: EXPERIMENT_GROUP,
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "change a setting, as name=value, such as horizonDays=7; can be repeated",
  },
  add: {
    group: EXPERIMENT_GROUP,
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "add levels to a factor, as factor=level,level, such as spooler=./mine.mjs; can be repeated",
  },
  only: {
    group: EXPERIMENT_GROUP,
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "keep only these levels of a factor, as factor=level,level; can be repeated",
  },
  quick: {
    group: EXPERIMENT_GROUP,
    type: "boolean",
    describe: "run the smaller version of the experiment, for a first look",
  },
  small: { type: "boolean", hidden: true },
} as const satisfies Record<string, Options>;

/** Options that select one server of one replication of one design point. */
export const choice = {
  at: {
    group: CHOICE_GROUP,
    type: "string",
    default: "",
    requiresArg: true,
    defaultDescription: "first levels",
    describe: "the design point, as factor=level,factor=level",
  },
  replication: {
    group: CHOICE_GROUP,
    type: "string",
    default: "0",
    requiresArg: true,
    describe: "the replication, counted from 0",
  },
} as const satisfies Record<string, Options>;

/** Options that affect only the speed, not the results. */
export const machine = {
  workers: {
    group: COMPUTING_GROUP,
    type: "string",
    requiresArg: true,
    defaultDescription: "one per core",
    describe: "number of threads; does not affect results",
  },
  slice: {
    group: COMPUTING_GROUP,
    type: "string",
    default: String(SLICE_SIZE),
    requiresArg: true,
    describe: "number of servers simulated together; does not affect results",
  },
} as const satisfies Record<string, Options>;

/** Options of the cache of finished runs. */
export const caching = {
  cache: {
    group: COMPUTING_GROUP,
    type: "string",
    requiresArg: true,
    defaultDescription: CACHE_FOLDER,
    describe: "folder that keeps finished runs; --no-cache keeps none",
  },
  "cache-max": {
    group: COMPUTING_GROUP,
    type: "string",
    requiresArg: true,
    defaultDescription: `${BYTES_MAX / 1e9}; unlimited with --cache`,
    describe: "maximum size of the cache in GB",
  },
} as const satisfies Record<string, Options>;

/** Options of the intervals that are printed. */
export const intervals = {
  simultaneous: {
    type: "boolean",
    defaultDescription: "as in an existing report.html; else false",
    describe: "widen the intervals of each table so that, with 95 % confidence, all of them hold at once",
  },
} as const satisfies Record<string, Options>;

/** The option that selects design points of results. */
export const levels = {
  type: "string",
  default: "",
  defaultDescription: "all",
  requiresArg: true,
  describe: "only design points with these levels, as factor=level,factor=level",
} as const satisfies Options;

/** The option for the file of a table. */
export const tableOut = {
  type: "string",
  requiresArg: true,
  describe: "write the table to this new CSV file",
} as const satisfies Options;

/** The option for the file of a page. */
export const paging = {
  page: { type: "string", requiresArg: true, describe: "also write the answer as a page to this new HTML file" },
} as const satisfies Record<string, Options>;

/** The option that selects a queue. */
export const queueing = {
  queue: {
    type: "string",
    requiresArg: true,
    describe:
      "use this queue of simulation runs: postgres://USER@HOST:PORT/DATABASE; the password comes from PGPASSWORD, " +
      "~/.pgpass or a service file",
  },
} as const satisfies Record<string, Options>;

export type Changes = InferredOptionTypes<typeof changes>;
export type Choice = InferredOptionTypes<typeof choice>;

/** The terms of the options that choose and change design points, for the end of --help. */
export const TERMS =
  "Terms: a factor is what an experiment varies, and a level is one of its values. A design point has one level of every " +
  "factor. A replication simulates a design point once. Each replication has its own random numbers, and uses the same ones " +
  "at every design point. A response is a number that is recorded for each server.";

export function withExperiment<T>(argv: Argv<T>, describe = "name, YAML file or results folder") {
  return argv.epilogue(TERMS).positional("experiment", {
    type: "string",
    demandOption: true,
    describe,
  });
}

export function withResults<T>(argv: Argv<T>, describe = "the results folder") {
  return argv.positional("results", { type: "string", demandOption: true, describe });
}

/** What a command reads that takes what spoolsim import wrote, too. */
export const IMPORT_OR_RESULTS = "an import or a results folder";

/**
 * Refuses options that an import would ignore.
 *
 * @param reasons by the name of the option
 * @throws UserError
 */
export function refuseForImport(
  args: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, Options>>,
  reasons: Readonly<Record<string, string>>,
): void {
  for (const [name, reason] of Object.entries(reasons)) {
    if (args[name] !== itemAt(options, name).default)
      throw new UserError(`--${name} is for simulated results; ${reason}`);
  }
}

/**
 * A yargs check that no option is empty, for instance because a variable is not set, that options are given only once,
 * except lists, and that just those have a value that take one; yargs would turn a repeated option into a list,
 * `--no-seed` into a seed that is false, and `--quick=3` into the contrary of `--quick`.
 */
export function once(options: Readonly<Record<string, Options>>): (args: Readonly<Record<string, unknown>>) => true {
  return (args) => {
    for (const [name, option] of Object.entries(options)) {
      if (option.type === "boolean") refuseValue(name);
      else if ([args[name]].flat().includes(false) && option !== caching.cache) {
        throw new UserError(negatedText(name));
      }
    }
    const twice = Object.keys(options).find(
      (name) => Array.isArray(args[name]) && itemAt(options, name).array !== true,
    );
    if (twice !== undefined) throw new UserError(`--${twice} is given twice`);
    const empty = Object.entries(options).find(([name, { default: usual }]) => {
      return usual !== "" && args[name] === "";
    });
    if (empty !== undefined) throw new UserError(`--${empty[0]} is empty; it takes a value`);
    return true;
  };
}

/** For `--no-NAME`, of which yargs makes an option that is false, whatever its type. */
export function negatedText(name: string): string {
  return `--no-${name} is not an option; --${name} takes a value`;
}

/** @throws UserError when the option, which takes no value, was given with one */
function refuseValue(name: string): void {
  const word = process.argv.find((one) => one.startsWith(`--${name}=`));
  const value = word?.slice(`--${name}=`.length);
  if (value === undefined || value === "true" || value === "false") return;
  throw new UserError(`--${name} is ${value || '""'}; it takes no value`);
}

/** The experiment with the options applied. @throws UserError */
export async function experimentOf(nameOrPath: string, args: Changes): Promise<Experiment> {
  const experiment = await findExperiment(nameOrPath);
  return withOverrides(experiment, {
    seed: args.seed,
    replications: args.replications === undefined ? undefined : number("--replications", args.replications),
    servers: args.servers === undefined ? undefined : number("--servers", args.servers),
    quick: args.quick || args.small,
    set: args.set,
    add: args.add,
    only: args.only,
  });
}

/** The options that change the experiment, as given. */
export function changeWords({
  seed,
  replications,
  servers,
  set = [],
  add = [],
  only = [],
  quick,
  small,
}: Changes): string[] {
  return [
    ...(seed === undefined ? [] : ["--seed", seed]),
    ...(replications === undefined ? [] : ["--replications", replications]),
    ...(servers === undefined ? [] : ["--servers", servers]),
    ...(quick || small ? ["--quick"] : []),
    ...set.flatMap((setting) => ["--set", setting]),
    ...add.flatMap((levels) => ["--add", levels]),
    ...only.flatMap((levels) => ["--only", levels]),
  ];
}

/** Parses a whole number of at least `min`. @throws UserError */
export function wholeNumber(name: string, word: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = word.trim() === "" ? NaN : Number(word);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `>= ${min}` : `in [${min}, ${max}]`;
  throw new UserError(`${name} is ${word}; it must be a whole number ${range}`);
}

/** Parses distinct words separated by commas. @throws UserError */
export function wordsOf(name: string, word: string): string[] {
  const words = word.split(",");
  const twice = words.find((one, i) => words.indexOf(one) < i);
  if (twice !== undefined) throw new UserError(`${name} ${word}: ${twice} is given twice`);
  return words;
}

/** Options arrive as text, so that 1e3 is a number and 1O00 is reported instead of becoming NaN. */
export function number(name: string, word: string): number {
  const value = Number(word);
  if (word.trim() === "" || !Number.isFinite(value)) {
    throw new UserError(`${name} is ${word}; it must be a number`);
  }
  return value;
}

/** The selected replication of a design point, with server 0. @throws UserError */
export async function selectorOf(experiment: Experiment, args: Choice): Promise<ServerSelector> {
  const point = await findPoint(experiment, args.at);
  const replication = replicationOf(experiment, args);
  return { resolved: point.resolved, seed: experiment.seed, replication, server: 0 };
}

/** The number of the selected replication. @throws UserError */
export function replicationOf({ replications }: Experiment, args: Choice): number {
  return wholeNumber("--replication", args.replication, 0, replications - 1);
}

/** The requested threads and slice size. @throws UserError */
export function machineOf(args: InferredOptionTypes<typeof machine>): { workers: number; sliceSize: number } {
  const workers = args.workers === undefined ? availableParallelism() : wholeNumber("--workers", args.workers, 1, 1024);
  return { workers, sliceSize: wholeNumber("--slice", args.slice, 1, 1e6) };
}

/** The requested cache, if any; a folder given by the user has no size limit. @throws UserError */
export function cacheOf(args: InferredOptionTypes<typeof caching>): CacheSpace | undefined {
  const word = args["cache-max"] ?? String(args.cache === undefined ? BYTES_MAX / 1e9 : Infinity);
  const gigabytes = Number(word);
  if (args["cache-max"] !== undefined && !(word.trim() !== "" && gigabytes >= 0 && gigabytes <= 1e6)) {
    throw new UserError(`--cache-max is ${word}; it must be a number of gigabytes in [0, 1000000]`);
  }
  // yargs sets it to false for --no-cache, which its types do not say.
  if ((args.cache as unknown) === false) {
    if (args["cache-max"] !== undefined) throw new UserError("--cache-max has no meaning with --no-cache");
    return undefined;
  }
  return { folder: args.cache ?? CACHE_FOLDER, bytesMax: gigabytes * 1e9 };
}

/**
 * The cache folder of work that several machines do. It has no size limit, and no other run removes anything from it.
 *
 * @param user the option or command that needs it
 * @throws UserError when no folder is named, or the default one
 */
export function ownCacheOf(user: string, folder: string | undefined): string {
  // --cache without a value and --no-cache give no string.
  if (typeof folder !== "string") throw new UserError(`${user} needs --cache and a folder, which keeps the results`);
  if (resolve(folder) !== resolve(CACHE_FOLDER)) return folder;
  const why = `other runs remove results from ${CACHE_FOLDER} when it is full`;
  throw new UserError(`${user} needs --cache and a folder of its own; ${why}`);
}

/** The command line, as given. */
export function commandLine(): string {
  return shellLine(["spoolsim", ...process.argv.slice(2)]);
}
