/** A rule of the house: nothing that decides a result is left to the engine, the clock or the place. */
import { type Ban, type Fault, isIn, matches, type Source } from "./source.ts";

/** Math functions that the standard fixes to the last bit. */
const EXACT = "abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|PI|E|LN2|LN10|SQRT2|SQRT1_2";

const RANDOM: Ban = { pattern: /\bMath\s*\.\s*random\b/g, instead: "Stream.uniform of sim/streams.ts" };
const LOCALE: Ban = {
  pattern: /\b(toLocale\w+|localeCompare|Intl)\b/g,
  instead: "toString, toFixed, or < on the texts: the same everywhere",
};
export const CLOCKS: Ban = { pattern: /\b(Date|performance)\b/g, instead: "Schedule.now, or a file of CLOCK_READERS" };
const TRANSCENDENTAL: Ban = {
  pattern: new RegExp(`\\bMath\\b(?!\\s*\\.\\s*(${EXACT}|random)\\b)(\\s*\\.\\s*\\w+)?`, "g"),
  instead: "exp, log, log1p, pow of sim/math.ts: the last bits of Math's differ between engines",
};
const POWER: Ban = { pattern: /\*\*=?/g, instead: "x * x, or pow of sim/math.ts" };

const SIMULATION_BANS: readonly Ban[] = [
  RANDOM,
  LOCALE,
  { ...CLOCKS, instead: "Schedule.now" },
  TRANSCENDENTAL,
  POWER,
  { pattern: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, instead: "Schedule.after" },
  { pattern: /\b(async|await|Promise)\b/g, instead: "plain calls: a run is one uninterrupted computation" },
  { pattern: /\b(process\s*\.|globalThis|crypto\s*\.)/g, instead: "a parameter of the model" },
  { pattern: /\bfor\s*\(\s*(const|let|var)\s+[\w$]+\s+in\b/g, instead: "for ... of over an array" },
];

/** Files outside sim, statistics and models that read a clock, none of which reaches a result. */
export const CLOCK_READERS: Readonly<Record<string, string>> = {
  "lab/run-experiment.ts": "the manifest says when the experiment began",
  "lab/results/results-folder.ts": "the manifest says when it ended",
  "lab/results/folder-lock.ts": "a lock says since when it is held",
  "lab/execution/checkpoint.ts": "a run is saved every so often",
  "lab/execution/cache-entry.ts": "an entry says when it was used last",
  "cli/run.ts": "says how long it took",
  "cli/progress.ts": "says how long it will take",
};

export function nothingIsLeftToTheEngine(file: Source): Fault[] {
  const { path } = file;
  const bans = isIn(path, "sim", "statistics", "models")
    ? SIMULATION_BANS
    : !isIn(path, "page", "lab", "live", "cli")
      ? []
      : [RANDOM, LOCALE, TRANSCENDENTAL, POWER, ...(path in CLOCK_READERS ? [] : [CLOCKS])];
  const what = ([token]: RegExpMatchArray) => `${token.trim()} is banned`;
  return bans.flatMap(({ pattern, instead }) => matches(file, pattern, what, instead));
}
