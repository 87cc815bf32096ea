/** `spoolsim cache`: lists, clears or merges caches of runs. */
import { statSync } from "node:fs";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { counted } from "../lab/reports/format.ts";
import { sizeText } from "../lab/reports/units.ts";
import { CACHE_FOLDER, clearCache, listCache } from "../lab/execution/cache.ts";
import { mergeCache } from "../lab/execution/cache-merge.ts";
import { UserError } from "../lab/user-error.ts";
import { once, ownCacheOf } from "./options.ts";
import { EXIT_DIFFERENT } from "./exit.ts";
import { print } from "./output.ts";

const mergeOptions = {
  cache: { type: "string", requiresArg: true, describe: "folder to copy to; other runs remove nothing from it" },
} as const satisfies Record<string, Options>;

const options = {
  cache: {
    type: "string",
    global: false,
    default: CACHE_FOLDER,
    requiresArg: true,
    describe: "the cache folder",
  },
  list: { type: "boolean", global: false, describe: "list the contents (default)" },
  clear: { type: "boolean", global: false, describe: "remove everything" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options>;
type MergeArguments = InferredOptionTypes<typeof mergeOptions> & { from: string[] };

const mergeCommand: CommandModule<object, MergeArguments> = {
  command: "merge <from..>",
  describe: "Copy the runs of other caches into one, after checking their hashes",
  builder: (argv) =>
    argv
      // Or else --help says that the default of a required argument is [].
      .positional("from", {
        type: "string",
        array: true,
        default: undefined,
        demandOption: true,
        describe: "folders to copy from",
      })
      .options(mergeOptions)
      .check(once(mergeOptions)),
  async handler(args) {
    const { from } = args;
    from.forEach(refuseNoFolder);
    const cache = ownCacheOf("cache merge", args.cache);
    for (const folder of from) {
      const { copied, known, damaged, contradicting } = await mergeCache(folder, cache);
      print(`${folder}: ${counted(copied, "run")} copied to ${cache}, ${known} already there\n`);
      for (const path of damaged) print(`${path}: damaged, not copied\n`);
      for (const path of contradicting)
        print(`${path}: another result than in ${cache}, not copied; one of them is wrong\n`);
      if (contradicting.length > 0) process.exitCode = EXIT_DIFFERENT;
    }
  },
};

export const cacheCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    argv
      .command(mergeCommand as CommandModule)
      .options(options)
      .conflicts("list", "clear")
      .check(once(options)),
  async handler({ clear, cache }) {
    if (cache !== CACHE_FOLDER) refuseNoFolder(cache);
    if (!clear) print(await listed(cache));
    else print(`${counted(await clearCache(cache), "run")} removed from ${cache}\n`);
  },
};

/** @throws UserError when there is no such folder; the folder that runs use by default may be missing */
function refuseNoFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UserError(`${path} is not a folder; name the folder of a cache`);
}

async function listed(folder: string): Promise<string> {
  const groups = await listCache(folder);
  const lines = groups.map(({ experiment, model, seed, runs, bytes }) => {
    return `${experiment}, ${model}, seed ${seed}: ${counted(runs, "run")}, ${sizeText(bytes)}`;
  });
  const runs = groups.reduce((sum, group) => sum + group.runs, 0);
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
  return [...lines, `${folder}: ${counted(runs, "run")}, ${sizeText(bytes)}`, ""].join("\n");
}
