/**
 * A script: the jobs that are submitted to a server and their alterations, one job per line.
 *
 *     seconds=0.5 type=TEXT pages=3 printer=2 alter=pauseDelete fraction=0.25 thinkSeconds=4
 *
 * Each key replaces a draw (docs/model.md, section 1), and all but `seconds` are optional. Lines end with a line break
 * or a semicolon, and may be in any order: jobs are submitted in the order of time.
 */
import type { Duration, Time } from "../../sim/event-list.ts";

const dataTypes = ["RAW", "TEXT", "EMF"] as const;

const episodes = [
  "delete",
  "pauseDelete",
  "restart",
  "pauseResume",
  "level",
  "waitingDelete",
  "waitingPauseResume",
] as const;

const acts = ["delete", "resubmit"] as const;

/** A scripted job. */
export interface ScriptedJob {
  readonly submittedAt: Time;
  readonly dataType: (typeof dataTypes)[number];
  readonly printer: number;
  readonly pages: number;
  readonly priority: number;
  /** The alteration episode; null if there is none. */
  readonly episode: (typeof episodes)[number] | null;
  /** The position of the first command within the printout or the wait, in [0, 1). */
  readonly alterPosition: number;
  readonly thinkUs: Duration;
  readonly staysUs: readonly [Duration, Duration];
  /** Factor on the median unwinding [1]. */
  readonly unwinding: number;
  /** The delay from starving to the user's complaint [us]; null if the user does not complain. */
  readonly complainUs: Duration | null;
  /** What a person does if the job is stuck, and how long after it was parked; null if nothing. */
  readonly whenStuck: { readonly does: (typeof acts)[number]; readonly us: Duration } | null;
}

/** The parameters of a script: its lines, and the values of keys that a line does not give. */
export interface ScriptValues {
  readonly jobScript: string;
  readonly printers: number;
  readonly controlMsMedian: number;
  readonly thinkSecondsMean: number;
}

/** A key: the rule for its value, and the check. */
interface Key {
  readonly rule: string;
  readonly takes: (value: string, values: ScriptValues) => boolean;
}

const numberIn = (min: number, max: number, isWhole = false): Key => ({
  rule: `a ${isWhole ? "whole number" : "number"} in [${min}, ${max}]`,
  takes: (value) => isNumber(value, min, max) && (!isWhole || Number.isInteger(Number(value))),
});
const oneOf = (words: readonly string[]): Key => ({
  rule: `one of ${words.join(", ")}`,
  takes: (value) => words.includes(value),
});

const SECONDS_MAX = 1e9;
const keys: Readonly<Record<string, Key>> = {
  seconds: numberIn(0, SECONDS_MAX),
  type: oneOf(dataTypes),
  printer: {
    rule: "a printer of the server, from 0",
    takes: (value, { printers }) => numberIn(0, printers - 1, true).takes(value, {} as ScriptValues),
  },
  pages: numberIn(0, 100_000, true),
  priority: numberIn(1, 99, true),
  alter: oneOf(episodes),
  fraction: {
    rule: "a number >= 0 and < 1",
    takes: (value) => isNumber(value, 0, 1) && Number(value) < 1,
  },
  thinkSeconds: numberIn(0, SECONDS_MAX),
  stayMs: {
    rule: "one or two numbers in [0, 1e9], with a comma between them",
    takes: (value) => /^[^,]+(,[^,]+)?$/.test(value) && value.split(",").every((one) => isNumber(one, 0, 1e9)),
  },
  unwinding: numberIn(0, 1e6),
  complaintSeconds: numberIn(0, SECONDS_MAX),
  stuck: oneOf(acts),
  stuckSeconds: numberIn(0, SECONDS_MAX),
};

function isNumber(value: string, min: number, max: number): boolean {
  return /^[\d.]+(e[+-]?\d+)?$/.test(value) && Number(value) >= min && Number(value) <= max;
}

/** The lines of a script. */
export function linesOf(script: string): string[] {
  return script
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The keys of a line and their values. */
export function marksOf(line: string): Map<string, string> {
  return new Map(line.split(/\s+/).map((word) => [word.split("=", 1)[0], word.slice(word.indexOf("=") + 1)]));
}

/** The line with these marks; NaN and undefined are left out. */
export function lineOf(marks: Iterable<readonly [key: string, value: string | number | undefined]>): string {
  return [...marks]
    .filter(([, value]) => value !== undefined && !Number.isNaN(value))
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}

/** What is wrong with the script, as the end of a sentence "jobScript ..."; undefined if nothing is. */
export function scriptFault(values: ScriptValues): string | undefined {
  for (const [i, line] of linesOf(values.jobScript).entries()) {
    const words = line.split(/\s+/);
    const where = `has in line ${i + 1}`;
    for (const word of words) {
      const [name, value] = [word.split("=", 1)[0], word.slice(word.indexOf("=") + 1)];
      if (!word.includes("=") || !Object.hasOwn(keys, name)) {
        return `${where} the word "${word}"; a line is made of KEY=VALUE, the keys are ${Object.keys(keys).join(", ")}`;
      }
      if (words.filter((other) => other.startsWith(`${name}=`)).length > 1)
        return `${where} ${name} twice; once is all`;
      if (!keys[name].takes(value, values)) return `${where} ${word}; it is ${keys[name].rule}`;
    }
    if (!marksOf(line).has("seconds")) return `${where} no seconds; they say when the job is submitted`;
  }
  return undefined;
}

/** The jobs of a valid script in the order of submission; undefined without a script. */
export function scriptedJobs(values: ScriptValues): ScriptedJob[] | undefined {
  if (linesOf(values.jobScript).length === 0) return undefined;
  const jobs = linesOf(values.jobScript).map((line) => jobOf(marksOf(line), values));
  return jobs.sort((a, b) => a.submittedAt - b.submittedAt);
}

function jobOf(marks: ReadonlyMap<string, string>, values: ScriptValues): ScriptedJob {
  const number = (key: string, otherwise: number) => Number(marks.get(key) ?? otherwise);
  const word = <Word extends string>(key: string) => (marks.get(key) ?? null) as Word | null;
  const [first, second = first] = (marks.get("stayMs") ?? String(values.controlMsMedian)).split(",").map(Number);
  const does = word<(typeof acts)[number]>("stuck");
  return {
    submittedAt: Math.round(number("seconds", 0) * 1e6),
    dataType: word("type") ?? "RAW",
    printer: number("printer", 0),
    pages: number("pages", 1),
    priority: number("priority", 1),
    episode: word("alter"),
    alterPosition: number("fraction", 0.5),
    thinkUs: atLeastOne(number("thinkSeconds", values.thinkSecondsMean) * 1e6),
    staysUs: [atLeastOne(first * 1000), atLeastOne(second * 1000)],
    unwinding: number("unwinding", 1),
    complainUs: marks.has("complaintSeconds") ? atLeastOne(number("complaintSeconds", 0) * 1e6) : null,
    whenStuck: does === null ? null : { does, us: atLeastOne(number("stuckSeconds", 0) * 1e6) },
  };
}

/**
 * A duration that was written in seconds with six decimals. It is rounded, because it is not an exact binary fraction.
 */
function atLeastOne(us: number): Duration {
  return Math.max(1, Math.round(us));
}
