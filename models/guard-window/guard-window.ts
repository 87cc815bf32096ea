/**
 * The guard window by itself: the four readings of "the function is being re-entered", and nothing else of a spooler.
 *
 * Jobs print one after the other, each for a constant time, while alterations come in a Poisson stream that knows
 * nothing of them. What a window is, and who leaks, is the reading (statistics/reentry.ts, which has the theory):
 *
 * - once-per-close: a job's close takes the length of a window; the job leaks if an alteration comes within
 * - each-per-close: every alteration within that window leaks
 * - fixed: an alteration opens a window, and later ones within it leak
 * - extending: every alteration opens a window, and one that finds another's open leaks
 *
 * A window is half open: an alteration at its end is outside. Each job begins with no window open; in the last two
 * readings its close takes no time.
 */
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import {
  leaksExtending,
  leaksExtendingConstant,
  leaksFixedConstant,
  leaksFixedExponential,
} from "../../statistics/reentry.ts";
import { choice, number } from "../define-parameters.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import type { Mean, Response } from "../contract/responses.ts";
import type { Model } from "../model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { unitLawNames, unitLaws } from "../unit-laws.ts";
import type { Kind, Time } from "../../sim/event-list.ts";

const CLOSED = 0;
const PRINTED = 1;
const ALTERED = 2;

const SECONDS_PER_DAY = 86400;

const parameters = {
  reading: choice(
    "once-per-close",
    ["once-per-close", "each-per-close", "fixed", "extending"],
    "what opens a window, and who leaks",
    "Q223863 says only that the logic indicates re-entry",
  ),
  alterationsPerSecond: number("1/s", 0.2, [1e-6, 1e6], "a, the rate of alterations while a job exists", "example"),
  windowSeconds: number("s", 0.5, [1e-6, 1e6], "w, the mean length of a window", "example"),
  windowLaw: choice(
    "constant",
    unitLawNames,
    "law of the windows: squared coefficient of variation 1, 0, 1/2 or 4",
    "example",
  ),
  jobSeconds: number("s", 3, [1e-6, 1e9], "T, how long a job prints before it is closed", "example"),
} as const satisfies Parameters;

type GuardWindowValues = Values<typeof parameters>;

const responses = [
  { name: "jobsClosed", unit: "1", role: "count", meaning: "jobs that were closed" },
  { name: "alterations", unit: "1", role: "count", meaning: "alterations that came" },
  { name: "leaks", unit: "1", role: "leak", meaning: "print processors that a close skipped" },
] as const satisfies readonly Response[];

const means: readonly Mean[] = [
  { name: "leaksPerJob", unit: "1", of: "leaks", per: "jobsClosed", meaning: "leaks of a job" },
];

class Windows implements Instance {
  readonly columns: readonly Column[];
  private readonly closed: Float64Array;
  private readonly alterations: Float64Array;
  private readonly leaks: Float64Array;
  /** When the open window ends [us]: none is open from then on. */
  private readonly openUntilUs: Float64Array;
  /** Whether the job is being closed, and whether it has leaked. */
  private readonly isClosing: Uint8Array;
  private readonly hasLeaked: Uint8Array;
  private readonly values: GuardWindowValues;
  private readonly gaps;
  private readonly windows;

  constructor(values: GuardWindowValues, { count }: Slice, open: OpenStreams) {
    this.values = values;
    this.gaps = open("alterations", exponentials);
    this.windows = open("windows", unitLaws[values.windowLaw].law);
    this.closed = new Float64Array(count);
    this.alterations = new Float64Array(count);
    this.leaks = new Float64Array(count);
    this.openUntilUs = new Float64Array(count);
    this.isClosing = new Uint8Array(count);
    this.hasLeaked = new Uint8Array(count);
    this.columns = [this.closed, this.alterations, this.leaks];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.leaks.length; server++) {
      this.awaitAlteration(server, schedule);
      this.print(server, schedule);
    }
  }

  handle(kind: Kind, server: number, _object: number, schedule: Schedule): void {
    if (kind === ALTERED) {
      this.awaitAlteration(server, schedule);
      this.alterations[server]++;
      this.alter(server, schedule.now);
    } else if (kind === PRINTED && this.opensAtClose) {
      this.isClosing[server] = 1;
      schedule.after(this.windowUs(server), CLOSED, server, 0);
    } else {
      this.closed[server]++;
      this.print(server, schedule);
    }
  }

  observe(_now: Time): void {}

  check(): void {
    for (let server = 0; server < this.leaks.length; server++) {
      const [leaks, alterations, jobs] = [this.leaks[server], this.alterations[server], this.closed[server] + 1];
      if (leaks > alterations || (this.values.reading === "once-per-close" && leaks > jobs)) {
        throw new Error(`${leaks} leaks of ${jobs} jobs and ${alterations} alterations at server ${server}`);
      }
    }
  }

  private get opensAtClose(): boolean {
    const { reading } = this.values;
    return reading === "once-per-close" || reading === "each-per-close";
  }

  private awaitAlteration(server: number, schedule: Schedule): void {
    const gapUs = this.gaps.draw(server) * (1e6 / this.values.alterationsPerSecond);
    schedule.after(wholeMicroseconds(gapUs), ALTERED, server, 0);
  }

  /** The next job begins, and nothing is inside. */
  private print(server: number, schedule: Schedule): void {
    this.isClosing[server] = 0;
    this.hasLeaked[server] = 0;
    this.openUntilUs[server] = 0;
    schedule.after(wholeMicroseconds(this.values.jobSeconds * 1e6), PRINTED, server, 0);
  }

  private alter(server: number, now: Time): void {
    const { reading } = this.values;
    if (this.opensAtClose) {
      if (this.isClosing[server] === 0 || (reading === "once-per-close" && this.hasLeaked[server] === 1)) return;
      this.hasLeaked[server] = 1;
      this.leaks[server]++;
      return;
    }
    const isOpen = now < this.openUntilUs[server];
    if (isOpen) this.leaks[server]++;
    if (isOpen && reading === "fixed") return;
    this.openUntilUs[server] = Math.max(this.openUntilUs[server], now + this.windowUs(server));
  }

  private windowUs(server: number): number {
    return wholeMicroseconds(this.windows.draw(server) * (this.values.windowSeconds * 1e6));
  }
}

/** Expected leaks of a job; undefined for fixed windows of a law whose finite exposure nobody has in closed form. */
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
      // Beyond 160 windows nothing of the clean start is left: of the slowest phase e^-36.
      return leaksExtending(a, (t) => w * meanUntil(t / w), jobSeconds, 160 * w);
  }
}

export const guardWindow: Model<typeof parameters> = {
  name: "guard-window",
  meaning: "four readings of re-entry: which alterations leak, by themselves and beside their theory",
  kinds: ["CLOSED", "PRINTED", "ALTERED"],
  parameters,
  responses,
  means,
  create: (values, slice, open) => new Windows(values, slice, open),
  keepsStateInFields: true,
  closedForm(values, name) {
    const perJob = leaksPerJob(values);
    if (name === "leaksPerJob") return perJob;
    if (name !== "leaks" || perJob === undefined) return undefined;
    const closing = values.reading.endsWith("per-close") ? values.windowSeconds : 0;
    return (perJob * SECONDS_PER_DAY) / (values.jobSeconds + closing);
  },
};
