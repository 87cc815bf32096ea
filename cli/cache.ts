/** `spoolsim cache`: what the cache of runs holds, or nothing any more. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { CACHE_FOLDER, clearCache, listCache } from "../lab/execution/cache.ts";
import { once } from "./options.ts";

const options = {
  list: { type: "boolean", describe: "list what it holds; so does the command without options" },
  clear: { type: "boolean", describe: "remove all of it" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options>;

export const cacheCommand: CommandModule<object, Arguments> = {
  command: "cache",
  describe: `List or clear the cache of runs in ${CACHE_FOLDER}`,
  builder: (argv) => argv.options(options).conflicts("list", "clear").check(once(options)),
  async handler({ clear }) {
    if (!clear) process.stdout.write(await listed());
    else process.stdout.write(`${await clearCache(CACHE_FOLDER)} runs removed from ${CACHE_FOLDER}\n`);
  },
};

async function listed(): Promise<string> {
  const groups = await listCache(CACHE_FOLDER);
  const lines = groups.map(({ experiment, model, seed, runs, bytes }) => {
    return `${experiment}, ${model}, seed ${seed}: ${runs} runs, ${megabytes(bytes)}`;
  });
  const runs = groups.reduce((sum, group) => sum + group.runs, 0);
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
  return [...lines, `${CACHE_FOLDER}: ${runs} runs, ${megabytes(bytes)}`, ""].join("\n");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
