/**
 * Periodic rejuvenation that is skipped while the software is down: the study of oris-tool/sar in this simulator.
 *
 *     up -> error -> down, undetected -> detected, under repair -> up
 *
 * A clock with a constant period runs since the last renewal. When it expires, it rejuvenates the software if it is up,
 * with or without an error; if there is an undetected failure, it detects it, and repair starts. Then everything starts
 * again, including the clock.
 *
 * The study has two sets of timers: general ones (sums of two exponentials, a uniform detection, repairs with a
 * polynomial times exponential density), and exponential ones with the same means. The best period is 510 h with
 * the general timers and 1050 h with the exponential ones.
 *
 * Clock and failure compete as events; the later one is stale. A cycle counts when it ends.
 */
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import { Expolynomial } from "../../statistics/expolynomial.ts";
import { hypoexponential, type Hypoexponential } from "../../statistics/hypoexponential.ts";
import { integral } from "../../statistics/quadrature.ts";
import { periodicShares, type PeriodicRejuvenation } from "../../statistics/rejuvenation.ts";
import { choice, number } from "../define-parameters.ts";
import { EarlyCycles } from "./early-cycles.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import type { Mean, Response } from "../contract/responses.ts";
import type { Model } from "../model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import type { Kind, Time } from "../../sim/event-list.ts";
import type { Law, Stream } from "../../sim/streams.ts";
import { US_PER_HOUR } from "../../sim/time-units.ts";

const ERRED = 0;
const FAILED = 1;
const DETECTED = 2;
const RANG = 3;
const RENEWED = 4;

/** The states of a server. */
const UP = 0;
const IN_ERROR = 1;
const DOWN = 2;
const KNOWN = 3;

/** A duration: variates of a distribution, times the scale [h]. */
interface Timer {
  readonly law: Law;
  readonly hours: number;
  readonly meanHours: number;
}

interface Timers {
  /** The rates of the phases before an error, and of those from the error to the failure [1/h]. */
  readonly errorRates: readonly number[];
  readonly failureRates: readonly number[];
  readonly detection: Timer;
  readonly repair: Timer;
  readonly rejuvenation: Timer;
  readonly clearance: Timer;
  /** The mean of min(t, Z + detection), where Z is the time of the failure. */
  readonly undetectedUntil: (failure: Hypoexponential, rates: readonly number[]) => (t: number) => number;
}

function memoryless(rate: number): Timer {
  return { law: exponentials, hours: 1 / rate, meanHours: 1 / rate };
}

function fitted(density: Expolynomial): Timer {
  const law: Law = (numbers, from, to) => {
    for (let i = from; i < to; i++) numbers[i] = density.quantile(numbers[i]);
  };
  return { law, hours: 1, meanHours: density.mean };
}

const DETECTION_RATE = 0.5;
const DETECTION_HOURS_MAX = 4;

/** The constants of PeriodicRejuvenationSkipIfDown.java (oris-tool/sar). */
const timers: Readonly<Record<"exponential" | "general", Timers>> = {
  exponential: {
    errorRates: [0.004166666667],
    failureRates: [0.00119047619],
    detection: memoryless(DETECTION_RATE),
    repair: memoryless(0.148484493),
    rejuvenation: memoryless(0.6913621217),
    clearance: memoryless(0.5550375205),
    undetectedUntil: (_, rates) => hypoexponential([...rates, DETECTION_RATE]).meanUntil,
  },
  general: {
    errorRates: [0.00615, 0.01289],
    failureRates: [0.00208, 0.00277],
    detection: { law: () => {}, hours: DETECTION_HOURS_MAX, meanHours: DETECTION_HOURS_MAX / 2 },
    repair: fitted(new Expolynomial([-0.496617, 0.279347, -0.0155193], 0.250548, 2, 16)),
    rejuvenation: fitted(new Expolynomial([-58.9422, 88.4133, -29.4711], 1.08048, 1, 2)),
    clearance: fitted(new Expolynomial([-45.9805, 57.4756, -11.4951], 1.86195, 1, 4)),
    undetectedUntil: (failure) => (t) => {
      // Failures older than four hours have been detected; for the others, the mean of min(rest, uniform) is rest -
      // rest^2 / 8.
      const edge = Math.max(0, t - DETECTION_HOURS_MAX);
      const undetected = (rest: number) => rest - (rest * rest) / (2 * DETECTION_HOURS_MAX);
      const late = integral((time) => failure.density(time) * undetected(t - time), edge, t, 16);
      return failure.meanUntil(t) + (1 - failure.survival(edge)) * (DETECTION_HOURS_MAX / 2) + late;
    },
  },
};

const parameters = {
  periodHours: number("h", 510, [1e-3, 1e6], "period of the clock", "oris-tool/sar: the best of the general timers"),
  timers: choice(
    "general",
    ["exponential", "general"],
    "the study's set of timers",
    "oris-tool/sar, PeriodicRejuvenationSkipIfDown",
  ),
} as const satisfies Parameters;

type PeriodicValues = Values<typeof parameters>;

const responses = [
  { name: "cycles", unit: "1", role: "count", meaning: "cycles that ended" },
  { name: "failures", unit: "1", role: "count", meaning: "failures" },
  { name: "rejuvenations", unit: "1", role: "count", meaning: "rejuvenations" },
  { name: "undetectedUs", unit: "us", role: "total", meaning: "undetected downtime in early cycles" },
  {
    name: "downUs",
    unit: "us",
    role: "total",
    meaning: "downtime, repairs and rejuvenations included, in early cycles",
  },
  {
    name: "cycleUs",
    unit: "us",
    role: "total",
    meaning: "length of early cycles, which began so early that they have surely ended by now",
  },
] as const satisfies readonly Response[];

const means: readonly Mean[] = [
  { name: "unavailability", unit: "1", of: "downUs", per: "cycleUs", meaning: "share of time that is down" },
  {
    name: "undetectedShare",
    unit: "1",
    of: "undetectedUs",
    per: "cycleUs",
    meaning: "share of time in undetected downtime",
  },
];

/** Indexes of the sums over cycles. */
const UNDETECTED = 0;
const DOWNTIME = 1;
const LENGTH = 2;

/**
 * An upper bound of the length of a cycle [us]: the period, plus twenty times the mean of everything that can follow
 * it.
 */
function longestUs({ timers: of, periodHours }: PeriodicValues): number {
  const { detection, repair, rejuvenation, clearance } = timers[of];
  const after = [detection, repair, rejuvenation, clearance].reduce((hours, { meanHours }) => hours + meanHours, 0);
  return wholeMicroseconds((periodHours + 20 * after) * US_PER_HOUR);
}

class Clocks implements Instance {
  readonly columns: readonly Column[];
  private readonly cycles: Float64Array;
  private readonly failures: Float64Array;
  private readonly rejuvenations: Float64Array;
  private readonly undetectedUs: Float64Array;
  private readonly downUs: Float64Array;
  private readonly cycleUs: Float64Array;
  private readonly early: EarlyCycles;
  private readonly state: Uint8Array;
  /** The number of the cycle, from 0; events of earlier ones are stale. */
  private readonly cycle: Int32Array;
  /** When the server went down, and when that was known [us]; for a rejuvenation, these are equal. */
  private readonly downSinceUs: Float64Array;
  private readonly knownSinceUs: Float64Array;
  private readonly values: PeriodicValues;
  private readonly timers: Timers;
  private readonly errors;
  private readonly failureTimes;
  private readonly detections;
  private readonly repairs;
  private readonly rejuvenationTimes;
  private readonly clearances;

  constructor(values: PeriodicValues, { count }: Slice, open: OpenStreams) {
    this.values = values;
    this.timers = timers[values.timers];
    this.errors = open("errors", exponentials);
    this.failureTimes = open("failures", exponentials);
    this.detections = open("detections", this.timers.detection.law);
    this.repairs = open("repairs", this.timers.repair.law);
    this.rejuvenationTimes = open("rejuvenations", this.timers.rejuvenation.law);
    this.clearances = open("clearances", this.timers.clearance.law);
    const column = () => new Float64Array(count);
    this.cycles = column();
    this.failures = column();
    this.rejuvenations = column();
    this.undetectedUs = column();
    this.downUs = column();
    this.cycleUs = column();
    this.early = new EarlyCycles(count, 3, longestUs(values));
    this.state = new Uint8Array(count);
    this.cycle = new Int32Array(count);
    this.downSinceUs = column();
    this.knownSinceUs = column();
    this.columns = [this.cycles, this.failures, this.rejuvenations, this.undetectedUs, this.downUs, this.cycleUs];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.state.length; server++) this.begin(server, schedule);
  }

  handle(kind: Kind, server: number, cycle: number, schedule: Schedule): void {
    if (cycle !== this.cycle[server]) return;
    const state = this.state[server];
    if (kind === RENEWED) this.renew(server, schedule);
    else if (state === KNOWN) return;
    else if (kind === ERRED) {
      this.state[server] = IN_ERROR;
      schedule.after(phasesUs(this.failureTimes, server, this.timers.failureRates), FAILED, server, cycle);
    } else if (kind === FAILED) {
      this.state[server] = DOWN;
      this.failures[server]++;
      this.downSinceUs[server] = schedule.now;
      schedule.after(durationUs(this.detections, server, this.timers.detection), DETECTED, server, cycle);
    } else if (state === DOWN) {
      this.settle(server, this.repairs, this.timers.repair, schedule);
    } else {
      this.rejuvenations[server]++;
      this.downSinceUs[server] = schedule.now;
      if (state === UP) this.settle(server, this.rejuvenationTimes, this.timers.rejuvenation, schedule);
      else this.settle(server, this.clearances, this.timers.clearance, schedule);
    }
  }

  observe(now: Time): void {
    for (let server = 0; server < this.state.length; server++) {
      this.undetectedUs[server] = this.early.total(server, UNDETECTED, now);
      this.downUs[server] = this.early.total(server, DOWNTIME, now);
      this.cycleUs[server] = this.early.total(server, LENGTH, now);
    }
  }

  check(): void {
    for (let server = 0; server < this.state.length; server++) {
      const [failures, rejuvenations] = [this.failures[server], this.rejuvenations[server]];
      const cycles = this.cycles[server];
      const underWay = this.state[server] === DOWN || this.state[server] === KNOWN ? 1 : 0;
      if (failures + rejuvenations !== cycles + underWay) {
        throw new Error(
          `${failures} failures and ${rejuvenations} rejuvenations ended ${cycles} cycles at server ${server}, ` +
            `with ${underWay} under way`,
        );
      }
      const times = [this.undetectedUs[server], this.downUs[server], this.cycleUs[server]];
      if (times[0] > times[1] || times[1] > times[2]) {
        throw new Error(`undetected, down and cycle times are ${times.join(", ")} us at server ${server}`);
      }
    }
  }

  private begin(server: number, schedule: Schedule): void {
    const cycle = this.cycle[server];
    this.state[server] = UP;
    this.early.begunUs[server] = schedule.now;
    schedule.after(phasesUs(this.errors, server, this.timers.errorRates), ERRED, server, cycle);
    schedule.after(wholeMicroseconds(this.values.periodHours * US_PER_HOUR), RANG, server, cycle);
  }

  /** The server is known to be down; draws and schedules the end of the downtime. */
  private settle(server: number, stream: Stream, timer: Timer, schedule: Schedule): void {
    this.state[server] = KNOWN;
    this.knownSinceUs[server] = schedule.now;
    schedule.after(durationUs(stream, server, timer), RENEWED, server, this.cycle[server]);
  }

  private renew(server: number, schedule: Schedule): void {
    this.cycles[server]++;
    const { amounts, begunUs } = this.early;
    amounts[UNDETECTED] = this.knownSinceUs[server] - this.downSinceUs[server];
    amounts[DOWNTIME] = schedule.now - this.downSinceUs[server];
    amounts[LENGTH] = schedule.now - begunUs[server];
    this.early.end(server);
    this.cycle[server]++;
    this.begin(server, schedule);
  }
}

function durationUs(stream: Stream, server: number, { hours }: Timer): number {
  return wholeMicroseconds(stream.draw(server) * (hours * US_PER_HOUR));
}

/** The sum of exponential phases, with one draw each. */
function phasesUs(stream: Stream, server: number, rates: readonly number[]): number {
  let hours = 0;
  for (let i = 0; i < rates.length; i++) hours += stream.draw(server) / rates[i];
  return wholeMicroseconds(hours * US_PER_HOUR);
}

/** The constants of the closed form, for one set of timers. */
function cycleOf(of: PeriodicValues["timers"]): PeriodicRejuvenation {
  const { errorRates, failureRates, undetectedUntil, repair, rejuvenation, clearance } = timers[of];
  const rates = [...errorRates, ...failureRates];
  const failure = hypoexponential(rates);
  return {
    errorSurvival: hypoexponential(errorRates).survival,
    failureSurvival: failure.survival,
    upUntil: failure.meanUntil,
    undetectedUntil: undetectedUntil(failure, rates),
    repair: repair.meanHours,
    rejuvenateUp: rejuvenation.meanHours,
    rejuvenateError: clearance.meanHours,
  };
}

export const periodicRejuvenation: Model<typeof parameters> = {
  name: "periodic-rejuvenation",
  meaning: "software that a clock rejuvenates periodically unless it is down: the study of oris-tool/sar",
  kinds: ["ERRED", "FAILED", "DETECTED", "RANG", "RENEWED"],
  parameters,
  responses,
  means,
  create: (values, slice, open) => new Clocks(values, slice, open),
  keepsStateInFields: true,
  closedForm({ timers: of, periodHours }, name) {
    const { down, undetected } = periodicShares(cycleOf(of), periodHours);
    if (name === "unavailability") return down;
    return name === "undetectedShare" ? undetected : undefined;
  },
};
