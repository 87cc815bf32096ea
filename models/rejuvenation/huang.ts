/**
 * Software rejuvenation according to Huang, Kintala, Kolettis and Fulton (FTCS-25, 1995): four states with exponential
 * times.
 *
 *     robust -> failure-probable -> failed       -> robust
 *                                -> rejuvenating -> robust
 *
 * In the failure-probable state, failure and rejuvenation compete; only the one that comes first is scheduled. Both are
 * drawn from separate streams, so two rejuvenation rates get the same failures. Time in a state counts as it passes. A
 * fleet of this model is a number of independent servers.
 *
 * Servers have been running for a long time: the state of each at time 0 is drawn from the stationary distribution. The
 * remaining time in it is also exponential, so means have no initial transient at any horizon.
 */
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import { fourStateShares } from "../../statistics/rejuvenation.ts";
import { number } from "../define-parameters.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import type { Mean, Response } from "../contract/responses.ts";
import type { Model } from "../model.ts";
import type { Schedule, Clock } from "../../sim/simulation.ts";
import type { Kind, Time } from "../../sim/event-list.ts";
import type { Stream } from "../../sim/streams.ts";
import { US_PER_HOUR } from "../../sim/time-units.ts";

const DEGRADED = 0;
const FAILED = 1;
const REJUVENATED = 2;
const RECOVERED = 3;

/** The state that follows each state by default. A state is named by the event that leads to it. */
const nextStates = [FAILED, RECOVERED, RECOVERED, DEGRADED];

/** The stationary probabilities of the states, in the order of the kinds that lead to them. */
function sharesOf(values: RejuvenationValues): readonly number[] {
  const { robust, probable, failed, rejuvenating } = fourStateShares({
    degrade: 1 / values.robustHoursMean,
    fail: 1 / values.failHoursMean,
    repair: 1 / values.repairHoursMean,
    rejuvenate: values.waitHoursMean === 0 ? 0 : 1 / values.waitHoursMean,
    restart: 1 / values.rejuvenateHoursMean,
  });
  return [probable, failed, rejuvenating, robust];
}

const parameters = {
  robustHoursMean: number(
    "h",
    168,
    [1e-6, 1e9],
    "mean time until a fresh process is failure-probable, 1 / r2",
    "Huang and others 1995, example 1",
  ),
  failHoursMean: number(
    "h",
    8640,
    [1e-6, 1e9],
    "mean time from failure-probable to failed, 1 / lambda",
    "Huang and others 1995, example 1",
  ),
  repairHoursMean: number("h", 0.5, [1e-6, 1e9], "mean time of a repair, 1 / r1", "Huang and others 1995, example 1"),
  waitHoursMean: number(
    "h",
    336,
    [0, 1e9],
    "mean time that a failure-probable process waits for its rejuvenation, 1 / r4; 0 is never rejuvenated",
    "Huang and others 1995, example 1",
  ),
  rejuvenateHoursMean: number(
    "h",
    1 / 3,
    [1e-6, 1e9],
    "mean time of a rejuvenation, 1 / r3",
    "Huang and others 1995, example 1",
  ),
  failedPricePerHour: number("1/h", 1000, [0, 1e9], "price of an hour failed", "Huang and others 1995, example 1"),
  rejuvenatingPricePerHour: number(
    "1/h",
    40,
    [0, 1e9],
    "price of an hour of rejuvenation",
    "Huang and others 1995, example 1",
  ),
} as const satisfies Parameters;

type RejuvenationValues = Values<typeof parameters>;

const responses = [
  { name: "failures", unit: "1", role: "count", meaning: "failures" },
  { name: "rejuvenations", unit: "1", role: "count", meaning: "rejuvenations" },
  { name: "robustUs", unit: "us", role: "total", meaning: "time robust" },
  { name: "probableUs", unit: "us", role: "total", meaning: "time failure-probable" },
  { name: "failedUs", unit: "us", role: "total", meaning: "time failed" },
  { name: "rejuvenatingUs", unit: "us", role: "total", meaning: "time rejuvenating" },
  { name: "downUs", unit: "us", role: "total", meaning: "time failed or rejuvenating" },
  { name: "elapsedUs", unit: "us", role: "total", meaning: "elapsed time" },
  { name: "elapsedHours", unit: "h", role: "total", meaning: "elapsed time in hours" },
  { name: "price", unit: "1", role: "total", meaning: "what failing and rejuvenating cost" },
] as const satisfies readonly Response[];

const means: readonly Mean[] = [
  { name: "unavailability", unit: "1", of: "downUs", per: "elapsedUs", meaning: "share of time that is down" },
  { name: "pricePerHour", unit: "1/h", of: "price", per: "elapsedHours", meaning: "price of an hour" },
];

class Chains implements Instance {
  readonly columns: readonly Column[];
  private readonly failures: Float64Array;
  private readonly rejuvenations: Float64Array;
  /** Time in each state [us], in the order of the kinds that end it: robust after RECOVERED, and so on. */
  private readonly spentUs: readonly Float64Array[];
  private readonly downUs: Float64Array;
  private readonly elapsedUs: Float64Array;
  private readonly elapsedHours: Float64Array;
  private readonly price: Float64Array;
  /** The kind of the event that led to the current state, and the time up to which it is counted [us]. */
  private readonly state: Uint8Array;
  private readonly countedUs: Float64Array;
  private readonly values: RejuvenationValues;
  /** For each state, the stream of its times, and their mean. */
  private readonly streams: readonly Stream[];
  private readonly hoursMeans: Float64Array;
  private readonly waits: Stream;
  private readonly beginnings: Stream;

  constructor(values: RejuvenationValues, { count }: Slice, open: OpenStreams) {
    this.values = values;
    const stream = (purpose: string) => open(purpose, exponentials);
    this.streams = [stream("failures"), stream("repairs"), stream("restarts"), stream("degradations")];
    this.waits = stream("waits");
    this.beginnings = open("beginnings");
    const { failHoursMean, repairHoursMean, rejuvenateHoursMean, robustHoursMean } = values;
    this.hoursMeans = Float64Array.of(failHoursMean, repairHoursMean, rejuvenateHoursMean, robustHoursMean);
    const column = () => new Float64Array(count);
    this.failures = column();
    this.rejuvenations = column();
    this.spentUs = [column(), column(), column(), column()];
    this.downUs = column();
    this.elapsedUs = column();
    this.elapsedHours = column();
    this.price = column();
    this.state = new Uint8Array(count);
    this.countedUs = column();
    const [probable, failed, rejuvenating, robust] = this.spentUs;
    this.columns = [
      this.failures,
      this.rejuvenations,
      robust,
      probable,
      failed,
      rejuvenating,
      this.downUs,
      this.elapsedUs,
      this.elapsedHours,
      this.price,
    ];
  }

  start(schedule: Schedule): void {
    const shares = sharesOf(this.values);
    for (let server = 0; server < this.state.length; server++) {
      let rest = this.beginnings.draw(server);
      let state = RECOVERED;
      // A rounding error of the last share goes to the first state.
      while (state > DEGRADED && rest >= shares[state]) rest -= shares[state--];
      this.state[server] = state;
      this.leave(server, schedule);
    }
  }

  handle(kind: Kind, server: number, _object: number, schedule: Schedule): void {
    this.count(server, schedule);
    this.state[server] = kind;
    if (kind === FAILED) this.failures[server]++;
    else if (kind === REJUVENATED) this.rejuvenations[server]++;
    this.leave(server, schedule);
  }

  observe(now: Time): void {
    const [, failed, rejuvenating] = this.spentUs;
    const { failedPricePerHour, rejuvenatingPricePerHour } = this.values;
    const clock = { now };
    for (let server = 0; server < this.state.length; server++) {
      this.count(server, clock);
      this.downUs[server] = failed[server] + rejuvenating[server];
      this.elapsedUs[server] = now;
      this.elapsedHours[server] = now / US_PER_HOUR;
      this.price[server] =
        (failed[server] * failedPricePerHour + rejuvenating[server] * rejuvenatingPricePerHour) / US_PER_HOUR;
    }
  }

  check(): void {
    for (let server = 0; server < this.state.length; server++) {
      let spent = 0;
      for (const time of this.spentUs) spent += time[server];
      if (spent !== this.countedUs[server]) {
        throw new Error(`${spent} us are spent of ${this.countedUs[server]} us at server ${server}`);
      }
    }
  }

  /**
   * Schedules the one event that ends the current state. A failure-probable process fails or is rejuvenated, whichever
   * comes first.
   */
  private leave(server: number, schedule: Schedule): void {
    const state = this.state[server];
    const { waitHoursMean } = this.values;
    let next = nextStates[state];
    let hours = this.streams[state].draw(server) * this.hoursMeans[state];
    if (state === DEGRADED && waitHoursMean > 0) {
      const waitHours = this.waits.draw(server) * waitHoursMean;
      if (waitHours < hours) {
        next = REJUVENATED;
        hours = waitHours;
      }
    }
    schedule.after(wholeMicroseconds(hours * US_PER_HOUR), next, server, 0);
  }

  /** Adds the time in the current state since it was last counted. */
  private count(server: number, { now }: Clock): void {
    this.spentUs[this.state[server]][server] += now - this.countedUs[server];
    this.countedUs[server] = now;
  }
}

export const huang: Model<typeof parameters> = {
  name: "rejuvenation",
  meaning: "Huang's four states: robust, failure-probable, failed, rejuvenating",
  kinds: ["DEGRADED", "FAILED", "REJUVENATED", "RECOVERED"],
  parameters,
  responses,
  means,
  create: (values, slice, open) => new Chains(values, slice, open),
  keepsStateInFields: true,
  closedForm(values, name) {
    const [, failed, rejuvenating] = sharesOf(values);
    if (name === "unavailability") return failed + rejuvenating;
    if (name !== "pricePerHour") return undefined;
    return failed * values.failedPricePerHour + rejuvenating * values.rejuvenatingPricePerHour;
  },
};
