/**
 * What the lab needs from its platform: the version for Node. lab/platform/browser.ts is the version for browsers;
 * `#platform` in package.json chooses between them.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import v8 from "node:v8";
import vm from "node:vm";
import { refuseUntrusted } from "../experiment/trust.ts";
import { itemAt } from "../lists.ts";
import type { Simulation } from "../../sim/simulation.ts";

/**
 * Makes a long simulation faster: it gets its own loop, in which V8 may inline more. A model's handler is spread over
 * small functions, and V8 stops inlining after 920 bytes of bytecode. The larger limits change no result, and an engine
 * ignores flags that it does not know. They are set this late because the common loop gains little from them and takes
 * twice as long to compile.
 */
export function specialize(simulation: Simulation): void {
  v8.setFlagsFromString("--max-inlined-bytecode-size=2000");
  v8.setFlagsFromString("--max-inlined-bytecode-size-cumulative=12000");
  v8.setFlagsFromString("--max-inlined-bytecode-size-absolute=36000");
  simulation.specialize();
}

let collect: (() => void) | undefined;

/** Frees what nothing refers to. V8 itself waits until columns take 64 MB. */
export function collectGarbage(): void {
  if (collect === undefined) {
    v8.setFlagsFromString("--expose-gc");
    collect = vm.runInNewContext("gc") as () => void;
  }
  collect();
}

/** Yields to the event loop, so that signals and messages are served. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}

/** The absolute path of a file named relative to a folder. */
export function absolutePath(folder: string, file: string): string {
  return resolve(folder, file);
}

/** The name of a module in a stack trace. */
export function moduleUrl(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * What is imported, by its address. A study loads its model for every run, and Node 20 asks another thread about every
 * import, even of what it has, once own-package.ts has registered its hook.
 */
const imports = new Map<string, Promise<{ readonly default?: unknown }>>();

/** A module is imported once; one that did not load is tried again. */
async function importOnce(url: string): Promise<{ readonly default?: unknown }> {
  const known = imports.get(url);
  if (known !== undefined) return known;
  const importing = import("../experiment/own-package.ts").then(() => import(url));
  imports.set(url, importing);
  importing.catch(() => imports.delete(url));
  return importing;
}

/**
 * The default export of a user's module, or the reason why it cannot be loaded. @throws UserError for an untrusted
 * module
 */
export async function importModule(path: string): Promise<{ exported: unknown } | { fault: string }> {
  if (!existsSync(path)) return { fault: `the module ${path} does not exist` };
  refuseUntrusted(path);
  try {
    return { exported: (await importOnce(moduleUrl(path))).default };
  } catch (error) {
    return { fault: `the module does not load: ${unloadable(error)}` };
  }
}

/** Describes in one line why a module cannot be loaded. */
function unloadable(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return `Node ${process.versions.node} does not run TypeScript; write the module as .mjs without types, or use Node 22.18 or newer`;
  }
  return itemAt(String(error).split("\n"), 0);
}
