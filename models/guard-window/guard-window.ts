/**
 * The guard window alone: the four readings of "the function is being re-entered", without the rest of a spooler.
 *
 * Jobs print one after the other, each for a constant time, while alterations arrive in an independent Poisson stream.
 * The reading decides what opens a window and what leaks (closed forms: statistics/reentry.ts):
 *
 * - once-per-close: a job's close takes the length of a window; the job leaks if an alteration arrives within it
 * - each-per-close: every alteration within that window leaks
 * - fixed: an alteration opens a window, and later ones within it leak
 * - extending: every alteration opens a window, and one that arrives while another's is open leaks
 *
 * A window is half-open: an alteration at its end is outside. Each job begins with no window open; in the last two
 * readings its close takes no time.
 */
import type { Schedule } from "../../sim/simulation.ts";
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import {
  leaksExtending,
  leaksExtendingConstant,
  leaksFixedConstant,
  leaksFixedExponential,
} from "../../statistics/reentry.ts";
import { choice, number } from "../define-parameters.ts";
import { assembleModel, type Kit } from "../kit/assemble-model.ts";
import { count, leak, mean } from "../kit/measures.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import { unitLawNames, unitLaws } from "../unit-laws.ts";
import { roundingFault } from "../whole-times.ts";

const SECONDS_PER_DAY = 86400;

const parameters = {
  reading: choice(
    "once-per-close",
    ["once-per-close", "each-per-close", "fixed", "extending"],
    "which alterations open a window, and which of them leak",
    "Q223863 says only that the logic indicates re-entry",
  ),
  alterationsPerSecond: number("1/s", 0.2, [1e-6, 1e6], "a, the rate of alterations while a job exists", "example"),
  windowSeconds: number("s", 0.5, [1e-6, 1e6], "w, the mean length of a window", "example"),
  windowLaw: choice(
    "constant",
    unitLawNames,
    "distribution of the windows; squared coefficient of variation 1, 0, 1/2 or 4",
    "example",
  ),
  jobSeconds: number("s", 3, [1e-6, 1e9], "T, how long a job prints before it is closed", "example"),
} as const satisfies Parameters;

type GuardWindowValues = Values<typeof parameters>;

/** Expected leaks of a job; undefined for fixed windows whose distribution has no closed form for a finite exposure. */
function leaksPerJob(values: GuardWindowValues): number | undefined {
  const { reading, windowLaw, alterationsPerSecond: a, windowSeconds: w, jobSeconds } = values;
  const { laplace, meanUntil } = unitLaws[windowLaw];
  switch (reading) {
    case "once-per-close":
      return 1 - laplace(a * w);
    case "each-per-close":
      return a * w;
    case "fixed":
      if (windowLaw === "constant") return leaksFixedConstant(a, w, jobSeconds);
      return windowLaw === "exponential" ? leaksFixedExponential(a, w, jobSeconds) : undefined;
    case "extending":
      if (windowLaw === "constant") return leaksExtendingConstant(a, w, jobSeconds);
      // After 160 windows, the effect of the clean start is gone: e^-36 of the slowest phase remains.
      return leaksExtending(a, (t) => w * meanUntil(t / w), jobSeconds, 160 * w);
  }
}

function partsOf(values: GuardWindowValues, kit: Kit<"CLOSED" | "PRINTED" | "ALTERED">) {
  const { reading, alterationsPerSecond, windowSeconds, windowLaw, jobSeconds } = values;
  return {
    reading,
    /** Whether the close of a job opens the window, rather than an alteration. */
    opensAtClose: reading.endsWith("per-close"),
    jobUs: wholeMicroseconds(jobSeconds * 1e6),
    printed: kit.kind("PRINTED"),
    gaps: kit.timer("ALTERED", "alterations", exponentials, 1e6 / alterationsPerSecond),
    windows: kit.timer("CLOSED", "windows", unitLaws[windowLaw].law, windowSeconds * 1e6),
    closed: kit.column(),
    alterations: kit.column(),
    leaks: kit.column(),
    /** The end of the open window [us]; no window is open after it. */
    openUntilUs: kit.column(),
    /** Whether the job is being closed, and whether it has leaked: 1 or 0. */
    isClosing: kit.column(),
    hasLeaked: kit.column(),
  };
}

/** Closes the job, immediately or after its window. The next job begins with no window open. */
function close(parts: ReturnType<typeof partsOf>, server: number, schedule: Schedule): void {
  parts.closed[server]++;
  parts.isClosing[server] = 0;
  parts.hasLeaked[server] = 0;
  parts.openUntilUs[server] = 0;
  schedule.after(parts.jobUs, parts.printed, server, 0);
}

export const guardWindow = assembleModel({
  name: "guard-window",
  meaning: "four interpretations of re-entry, each with its closed form",
  parameters,
  parts: partsOf,
  start({ gaps, printed, jobUs }, server, schedule) {
    gaps.start(server, schedule);
    schedule.after(jobUs, printed, server, 0);
  },
  on: {
    CLOSED: close,
    PRINTED(parts, server, schedule) {
      if (!parts.opensAtClose) return close(parts, server, schedule);
      parts.isClosing[server] = 1;
      parts.windows.start(server, schedule);
    },
    ALTERED(parts, server, schedule) {
      const { reading, opensAtClose, gaps, windows, alterations, leaks, openUntilUs, isClosing, hasLeaked } = parts;
      gaps.start(server, schedule);
      alterations[server]++;
      if (opensAtClose) {
        if (isClosing[server] === 0 || (reading === "once-per-close" && hasLeaked[server] === 1)) return;
        hasLeaked[server] = 1;
        leaks[server]++;
        return;
      }
      const isOpen = schedule.now < openUntilUs[server];
      if (isOpen) leaks[server]++;
      if (isOpen && reading === "fixed") return;
      openUntilUs[server] = Math.max(openUntilUs[server], schedule.now + windows.delayUs(server));
    },
  },
  check({ reading, leaks, alterations, closed }, server) {
    const jobs = closed[server] + 1;
    if (leaks[server] > alterations[server] || (reading === "once-per-close" && leaks[server] > jobs)) {
      throw new Error(
        `${leaks[server]} leaks of ${jobs} jobs and ${alterations[server]} alterations at server ${server}`,
      );
    }
  },
  responses: ({ closed, alterations, leaks }) => ({
    jobsClosed: count("jobs that were closed", closed),
    alterations: count("number of alterations", alterations),
    leaks: leak("1", "print processors that a close skipped", leaks),
  }),
  means: { leaksPerJob: mean("1", "leaks", "jobsClosed", "leaks of a job") },
  closedForm(values, name) {
    const perJob = leaksPerJob(values);
    if (name === "leaksPerJob") return perJob;
    if (name !== "leaks" || perJob === undefined) return undefined;
    const closing = values.reading.endsWith("per-close") ? values.windowSeconds : 0;
    return (perJob * SECONDS_PER_DAY) / (values.jobSeconds + closing);
  },
  closedFormFault: ({ alterationsPerSecond, windowSeconds, jobSeconds }) =>
    roundingFault({
      "a gap between alterations": 1e6 / alterationsPerSecond,
      "a window": 1e6 * windowSeconds,
      "a job": 1e6 * jobSeconds,
    }),
});
