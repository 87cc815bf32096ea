/** Writes the jobs of a server as a script, line by line, and simplifies lines. */
import type { Scripted } from "../contract/narrative.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import { lineOf, linesOf, marksOf } from "./script.ts";
import {
  COMPLAIN_US,
  DELETES_IT,
  GAP_US,
  LEAVES_IT,
  ALTER_POSITION,
  NO_EPISODE,
  PAGES,
  PATIENCE_US,
  scriptWords,
  STAY0_US,
  STAY1_US,
  THINK_US,
  UNWINDING,
  Workload,
} from "./workload.ts";

/**
 * Simpler values of a key, the simplest first. A value is simpler if it has fewer digits or is nearer to the default.
 */
const simplerValues: Readonly<Record<string, (value: string) => readonly string[]>> = {
  seconds: (value) => ["0", ...rounded(value)],
  pages: (value) => [String(Math.floor(Number(value) / 2)), String(Number(value) - 1)],
  fraction: (value) => ["0", ...rounded(value)],
  thinkSeconds: rounded,
  stayMs: (value) => {
    const [first, second] = value.split(",");
    return second === undefined ? rounded(first) : [first, second, ...rounded(first).map((one) => `${one},${second}`)];
  },
  unwinding: rounded,
  alter: (value) => (value === "pauseDelete" ? ["delete"] : []),
  complaintSeconds: rounded,
  stuckSeconds: rounded,
};

/** The number rounded to fewer digits. */
function rounded(value: string): string[] {
  return [0, 1, 2, 3].map((digits) => String(Number(Number(value).toFixed(digits)))).filter((text) => text !== value);
}

export const scripted: Scripted<PrintServersValues> = {
  parameter: "jobScript",

  *record(values, open, until) {
    if (values.jobScript !== "") {
      yield* linesOf(values.jobScript).filter((line) => Number(marksOf(line).get("seconds")) * 1e6 < until);
      return;
    }
    const workload = new Workload(values, open, 1);
    const clock = { now: 0 };
    for (;;) {
      workload.drawGap(0, clock);
      clock.now += workload.reals[GAP_US];
      if (clock.now >= until) return;
      workload.drawJob(0);
      yield lineOfDraws(workload, clock.now);
    }
  },

  simpler(line) {
    const marks = [...marksOf(line)];
    const without = marks
      .filter(([key]) => key !== "seconds")
      .map(([key]) => lineOf(marks.filter(([other]) => other !== key)));
    const changed = marks.flatMap(([key, value]) => {
      const values = Object.hasOwn(simplerValues, key) ? simplerValues[key](value) : [];
      return values
        .filter((other) => other !== value)
        .map((other) => lineOf(marks.map((mark) => (mark[0] === key ? [key, other] : mark))));
    });
    return [...without, ...changed];
  },

  steps: new Set(["SUBMIT", "RESUBMIT", "ALTER", "CLOSE_ATTEMPT"]),
};

/** The most recent draws, as a line. */
function lineOfDraws({ dataType, printer, priority, episode, whenStuck, reals }: Workload, at: number): string {
  const isAltered = episode !== NO_EPISODE;
  const isStuck = whenStuck !== LEAVES_IT;
  return lineOf([
    ["seconds", at / 1e6],
    ["type", scriptWords.dataTypes[dataType]],
    ["pages", reals[PAGES]],
    ["printer", printer],
    ["priority", priority],
    ["alter", isAltered ? scriptWords.episodes[episode] : undefined],
    ["fraction", isAltered ? reals[ALTER_POSITION] : undefined],
    ["thinkSeconds", isAltered ? reals[THINK_US] / 1e6 : undefined],
    ["stayMs", isAltered ? `${reals[STAY0_US] / 1000},${reals[STAY1_US] / 1000}` : undefined],
    ["unwinding", reals[UNWINDING]],
    ["complaintSeconds", reals[COMPLAIN_US] / 1e6],
    ["stuck", isStuck ? (whenStuck === DELETES_IT ? "delete" : "resubmit") : undefined],
    ["stuckSeconds", isStuck ? reals[PATIENCE_US] / 1e6 : undefined],
  ]);
}
