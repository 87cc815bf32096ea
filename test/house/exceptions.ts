/** A rule of the house: an exception that nothing needs any more is a fault. */
import { TESTED_ELSEWHERE } from "../tested-elsewhere.ts";
import { CLOCK_READERS, CLOCKS } from "./determinism.ts";
import { DOORS, isThrough } from "./imports.ts";
import { OLD_WORDS_STAY, oldWordsIn, OPTION_TEXTS, optionsIn } from "./names.ts";
import type { Fault, Source } from "./source.ts";

/** An exception that nothing needs any more. */
export function exceptionsAreNeeded(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const faults: Fault[] = [];
  const forget = (path: string, what: string) =>
    void faults.push({ path, line: 1, what, instead: "take it out of its table in test/house/" });
  for (const [name, doors] of Object.entries(DOORS)) {
    for (const door of doors) {
      const behind = sources.filter(({ path }) => isThrough(door, path));
      const used = behind.some(({ imports }) => imports.some((one) => one.package === name));
      if (!used) forget(door, `is a door for ${name} that nothing goes through`);
    }
  }
  for (const path of Object.keys(CLOCK_READERS)) {
    if (byPath.get(path)?.code.match(CLOCKS.pattern) == null) forget(path, "may read a clock and does not");
  }
  for (const path of Object.keys(OPTION_TEXTS)) {
    const file = byPath.get(path);
    if (file === undefined || optionsIn(file.tree).length === 0) forget(path, "may name options and names none");
  }
  for (const path of Object.keys(OLD_WORDS_STAY)) {
    if (oldWordsIn(path, byPath.get(path)?.text ?? "").length === 0) forget(path, "may say an old word and does not");
  }
  for (const [path, reason] of Object.entries(TESTED_ELSEWHERE)) {
    for (const [file] of reason.matchAll(/\btest\/[\w./-]+\.ts\b/g)) {
      if (!byPath.has(file)) forget(path, `is said to be tested by ${file}, which does not exist`);
    }
    const mirror = `test/${path.replace(/\.ts$/, ".test.ts")}`;
    if (!byPath.has(path)) forget(path, "needs no test of its name and does not exist");
    else if (byPath.has(mirror)) forget(path, `needs no test of its name and has one: ${mirror}`);
  }
  return faults;
}
