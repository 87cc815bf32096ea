/**
 * Leaks that add up to a ceiling: a server runs until the total reaches it, is down for a while, and starts again; or
 * it is restarted earlier, at a planned age.
 *
 * Leaks are a Poisson process while the server runs. With leaks of equal size the time to exhaustion has an Erlang
 * distribution; with exponential sizes it is also known exactly (statistics/exhaustion.ts). What a planned restart
 * saves is age replacement (statistics/rejuvenation.ts). The simulation uses none of this: it only adds.
 *
 * Means are over the cycles (uptime, then downtime) that started so early that they must have ended (early-cycles.ts).
 * If the horizon is too near there are none, and only the first exhaustions are informative.
 */
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import {
  exponentialLeaksMeanUntil,
  exponentialLeaksSurvival,
  exponentialLeaksTime,
  leaksToCeiling,
} from "../../statistics/exhaustion.ts";
import { erlangLifetime, pricePerUpTime, unavailability, type Lifetime } from "../../statistics/rejuvenation.ts";
import { choice, number } from "../define-parameters.ts";
import { EarlyCycles } from "./early-cycles.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import type { Mean, Response } from "../contract/responses.ts";
import type { Model } from "../model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { unitLaws } from "../unit-laws.ts";
import { roundingFault } from "../whole-times.ts";
import type { Kind, Time } from "../../sim/event-list.ts";
import { durationUs, US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";

const LEAKED = 0;
const DUE = 1;
const BACK = 2;

const HOURS_PER_DAY = 24;

const parameters = {
  leaksPerDay: number("1/d", 3, [1e-6, 1e9], "nu, the rate of leaks while the server runs", "example"),
  leakBytesMean: number("B", 4, [1e-6, 1e12], "beta, the mean size of a leak", "example"),
  leakLaw: choice("exponential", ["constant", "exponential"], "distribution of the sizes", "example"),
  ceilingBytes: number("B", 1000, [1e-6, 1e15], "C, what the server can lose before it is exhausted", "example"),
  restartDays: number("d", 0, [0, 36600], "age at which a running server is restarted; 0 for never", "example"),
  exhaustedHours: number("h", 0, [0, 1e6], "how long an exhausted server is down", "example"),
  restartHours: number("h", 0, [0, 1e6], "how long a planned restart takes", "example"),
  exhaustedPrice: number("1", 10, [0, 1e9], "what an exhaustion costs", "example"),
  restartPrice: number("1", 1, [0, 1e9], "what a planned restart costs", "example"),
} as const satisfies Parameters;

type ExhaustionValues = Values<typeof parameters>;

const responses = [
  { name: "leaks", unit: "1", role: "count", meaning: "number of leaks" },
  {
    name: "leakedBytes",
    unit: "B",
    role: "leak",
    ceiling: "exhaustedUs",
    fractional: true,
    meaning: "total that leaked",
  },
  { name: "exhaustedUs", unit: "us", role: "eventTime", meaning: "the server is exhausted for the first time" },
  { name: "exhaustions", unit: "1", role: "count", meaning: "cycles that ended at the ceiling" },
  { name: "restarts", unit: "1", role: "count", meaning: "cycles that a planned restart ended" },
  { name: "earlyExhaustions", unit: "1", role: "count", meaning: "early cycles that ended at the ceiling" },
  { name: "earlyRestarts", unit: "1", role: "count", meaning: "early cycles that a planned restart ended" },
  {
    name: "lifeUs",
    unit: "us",
    role: "total",
    meaning: "uptime of the early cycles, which began so early that they have surely ended by now",
  },
  { name: "lifeDays", unit: "d", role: "total", meaning: "uptime of the early cycles, in days" },
  { name: "downUs", unit: "us", role: "total", meaning: "downtime of the early cycles" },
  { name: "cycleUs", unit: "us", role: "total", meaning: "lifeUs and downUs together" },
  {
    name: "price",
    unit: "1",
    role: "total",
    meaning: "price of the exhaustions and restarts that ended the early cycles",
  },
] as const satisfies readonly Response[];

const means: readonly Mean[] = [
  {
    name: "lifeUsPerExhaustion",
    unit: "us",
    of: "lifeUs",
    per: "earlyExhaustions",
    meaning: "time that a server ran per exhaustion, without restarts the mean time to exhaustion",
  },
  { name: "unavailability", unit: "1", of: "downUs", per: "cycleUs", meaning: "share of time that is down" },
  { name: "pricePerDay", unit: "1/d", of: "price", per: "lifeDays", meaning: "price of a day that a server ran" },
];

/** Indexes of the sums over cycles. */
const EXHAUSTED = 0;
const RESTARTED = 1;
const LENGTH = 2;

/**
 * An upper bound of the uptime of a cycle [us]: the age of the planned restart. Without one, the mean time to
 * exhaustion plus ten standard deviations (Erlang), and a margin that exponential sizes need.
 */
function longestUs({ restartDays, leaksPerDay, leakBytesMean, ceilingBytes }: ExhaustionValues): number {
  const leaks = ceilingBytes / leakBytesMean + 1;
  return wholeMicroseconds(US_PER_DAY * (restartDays || (leaks + 10 * Math.sqrt(leaks) + 40) / leaksPerDay));
}

class Leakers implements Instance {
  readonly columns: readonly Column[];
  private readonly leaks: Float64Array;
  private readonly leakedBytes: Float64Array;
  private readonly exhaustedUs: Float64Array;
  private readonly exhaustions: Float64Array;
  private readonly restarts: Float64Array;
  private readonly earlyExhaustions: Float64Array;
  private readonly earlyRestarts: Float64Array;
  private readonly lifeUs: Float64Array;
  private readonly lifeDays: Float64Array;
  private readonly downUs: Float64Array;
  private readonly cycleUs: Float64Array;
  private readonly price: Float64Array;
  /** The bytes that the process holds until it ends. */
  private readonly heldBytes: Float64Array;
  /** The number of the cycle, from 0; events of earlier ones are stale. */
  private readonly cycle: Int32Array;
  private readonly early: EarlyCycles;
  private readonly values: ExhaustionValues;
  private readonly gaps;
  private readonly sizes;

  constructor(values: ExhaustionValues, { count }: Slice, open: OpenStreams) {
    this.values = values;
    this.gaps = open("leaks", exponentials);
    this.sizes = open("sizes", unitLaws[values.leakLaw].law);
    const column = () => new Float64Array(count);
    this.leaks = column();
    this.leakedBytes = column();
    this.exhaustedUs = column().fill(NaN);
    this.exhaustions = column();
    this.restarts = column();
    this.earlyExhaustions = column();
    this.earlyRestarts = column();
    this.lifeUs = column();
    this.lifeDays = column();
    this.downUs = column();
    this.cycleUs = column();
    this.price = column();
    this.heldBytes = column();
    this.cycle = new Int32Array(count);
    this.early = new EarlyCycles(count, 3, longestUs(values));
    this.columns = [
      this.leaks,
      this.leakedBytes,
      this.exhaustedUs,
      this.exhaustions,
      this.restarts,
      this.earlyExhaustions,
      this.earlyRestarts,
      this.lifeUs,
      this.lifeDays,
      this.downUs,
      this.cycleUs,
      this.price,
    ];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.cycle.length; server++) this.begin(server, schedule);
  }

  handle(kind: Kind, server: number, cycle: number, schedule: Schedule): void {
    if (cycle !== this.cycle[server]) return;
    const { ceilingBytes, exhaustedHours, restartHours } = this.values;
    if (kind === BACK) this.begin(server, schedule);
    else if (kind === DUE) {
      this.restarts[server]++;
      this.end(server, RESTARTED, restartHours, schedule);
    } else {
      this.leak(server);
      if (this.heldBytes[server] < ceilingBytes) {
        this.awaitLeak(server, schedule);
        return;
      }
      this.exhaustions[server]++;
      if (Number.isNaN(this.exhaustedUs[server])) this.exhaustedUs[server] = schedule.now;
      this.end(server, EXHAUSTED, exhaustedHours, schedule);
    }
  }

  observe(now: Time): void {
    const { exhaustedHours, exhaustedPrice, restartHours, restartPrice } = this.values;
    for (let server = 0; server < this.cycle.length; server++) {
      const exhaustions = this.early.total(server, EXHAUSTED, now);
      const restarts = this.early.total(server, RESTARTED, now);
      this.earlyExhaustions[server] = exhaustions;
      this.earlyRestarts[server] = restarts;
      this.lifeUs[server] = this.early.total(server, LENGTH, now);
      this.lifeDays[server] = this.lifeUs[server] / US_PER_DAY;
      this.downUs[server] =
        exhaustions * durationUs(exhaustedHours, US_PER_HOUR) + restarts * durationUs(restartHours, US_PER_HOUR);
      this.price[server] = exhaustions * exhaustedPrice + restarts * restartPrice;
      this.cycleUs[server] = this.lifeUs[server] + this.downUs[server];
    }
  }

  check(): void {
    const { ceilingBytes } = this.values;
    for (let server = 0; server < this.cycle.length; server++) {
      const [held, leaked] = [this.heldBytes[server], this.leakedBytes[server]];
      if (held >= ceilingBytes || held > leaked) {
        throw new Error(`${held} B of ${leaked} B are held below a ceiling of ${ceilingBytes} B at server ${server}`);
      }
      const [exhausted, restarted] = [this.early.ended(server, EXHAUSTED), this.early.ended(server, RESTARTED)];
      if (exhausted !== this.exhaustions[server] || restarted !== this.restarts[server]) {
        throw new Error(`${exhausted} exhaustions and ${restarted} restarts are summed up at server ${server}`);
      }
    }
  }

  private begin(server: number, schedule: Schedule): void {
    this.early.begunUs[server] = schedule.now;
    this.cycle[server]++;
    this.awaitLeak(server, schedule);
    const { restartDays } = this.values;
    if (restartDays > 0) schedule.after(wholeMicroseconds(restartDays * US_PER_DAY), DUE, server, this.cycle[server]);
  }

  private awaitLeak(server: number, schedule: Schedule): void {
    const gapUs = this.gaps.draw(server) * (US_PER_DAY / this.values.leaksPerDay);
    schedule.after(wholeMicroseconds(gapUs), LEAKED, server, this.cycle[server]);
  }

  private leak(server: number): void {
    const bytes = this.sizes.draw(server) * this.values.leakBytesMean;
    this.leaks[server]++;
    this.leakedBytes[server] += bytes;
    this.heldBytes[server] += bytes;
  }

  /** The uptime ends and the memory is released; the next cycle begins when the server is back. */
  private end(server: number, how: number, hours: number, schedule: Schedule): void {
    const { amounts, begunUs } = this.early;
    amounts[EXHAUSTED] = how === EXHAUSTED ? 1 : 0;
    amounts[RESTARTED] = how === RESTARTED ? 1 : 0;
    amounts[LENGTH] = schedule.now - begunUs[server];
    this.early.end(server);
    this.heldBytes[server] = 0;
    this.cycle[server]++;
    schedule.after(durationUs(hours, US_PER_HOUR), BACK, server, this.cycle[server]);
  }
}

/** The uptime of a server without planned restarts [d]. */
function lifetimeOf({
  leaksPerDay: nu,
  leakBytesMean: size,
  leakLaw,
  ceilingBytes: ceiling,
}: ExhaustionValues): Lifetime {
  if (leakLaw === "constant") return erlangLifetime(leaksToCeiling(ceiling, size), nu);
  const survival = (days: number) => exponentialLeaksSurvival(ceiling, size, nu, days);
  return {
    survival,
    cdf: (days) => 1 - survival(days),
    meanUntil: (days) => exponentialLeaksMeanUntil(ceiling, size, nu, days),
  };
}

/** The uptime when it always ends at the ceiling. */
function wholeLifetime({ leaksPerDay: nu, leakBytesMean: size, leakLaw, ceilingBytes: ceiling }: ExhaustionValues) {
  const constant = leakLaw === "constant";
  const mean = constant ? leaksToCeiling(ceiling, size) / nu : exponentialLeaksTime(ceiling, size, nu).mean;
  return { survival: () => 0, cdf: () => 1, meanUntil: () => mean };
}

export const exhaustion: Model<typeof parameters> = {
  name: "exhaustion",
  meaning: "leaks that form a Poisson process and add up to a ceiling, with or without restarts at a planned age",
  kinds: ["LEAKED", "DUE", "BACK"],
  parameters,
  responses,
  means,
  limits: ({ ceilingBytes }) => [{ response: "leakedBytes", eventTime: "exhaustedUs", level: ceilingBytes }],
  create: (values, slice, open) => new Leakers(values, slice, open),
  keepsStateInFields: true,
  closedForm(values, name) {
    const { restartDays: age } = values;
    const lifetime = age === 0 ? wholeLifetime(values) : lifetimeOf(values);
    const hours = { failure: values.exhaustedHours / HOURS_PER_DAY, restart: values.restartHours / HOURS_PER_DAY };
    const prices = { failure: values.exhaustedPrice, restart: values.restartPrice };
    switch (name) {
      case "lifeUsPerExhaustion":
        return (lifetime.meanUntil(age) / lifetime.cdf(age)) * US_PER_DAY;
      case "unavailability":
        return unavailability(lifetime, hours, age);
      case "pricePerDay":
        return pricePerUpTime(lifetime, prices, age);
      case "leakedBytes":
        return values.leaksPerDay * values.leakBytesMean * (1 - unavailability(lifetime, hours, age));
    }
    return undefined;
  },
  closedFormFault: ({ leaksPerDay }) => roundingFault({ "a gap between leaks": US_PER_DAY / leaksPerDay }),
};
