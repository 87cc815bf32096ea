/** Merging caches: copies the entries of folders that were filled on other machines into one folder. */
import { join, resolve } from "node:path";
import { copyEntry, wholeResult } from "./cache-entry.ts";
import { entriesOf } from "./cache.ts";

export interface Merged {
  readonly copied: number;
  /** Entries that the folder already had. */
  readonly known: number;
  /** The files whose hash or key is wrong, which were not copied. */
  readonly damaged: readonly string[];
  /** Complete entries for which the folder has a different result: one of the two is wrong. */
  readonly contradicting: readonly string[];
}

/**
 * Copies the entries that the other cache does not have. An entry is copied only if its hash and its key are right. A
 * damaged entry in the destination is replaced.
 */
export async function mergeCache(from: string, into: string): Promise<Merged> {
  const folder = resolve(into);
  const merged = { copied: 0, known: 0, damaged: [] as string[], contradicting: [] as string[] };
  for (const { key, path } of await entriesOf(resolve(from))) {
    const target = join(folder, key.slice(0, 2), key.slice(2));
    const [there, here] = [await wholeResult(target, key), await wholeResult(path, key)];
    if (here === undefined) merged.damaged.push(path);
    else if (there?.equals(here) === true) merged.known++;
    else if (there !== undefined) merged.contradicting.push(path);
    else {
      await copyEntry(path, target);
      merged.copied++;
    }
  }
  return merged;
}
