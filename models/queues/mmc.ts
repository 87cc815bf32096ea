/**
 * One queue, several clerks: M/M/c, and the same without a waiting room.
 *
 * Customers arrive in a Poisson stream; each is served by one of c clerks. Who finds all of them busy waits, or leaves
 * at once. With exponential service the waits are Erlang's delay formula C(c, a); those who leave are a share given by
 * his loss formula B(c, a), which knows the law of service by its mean alone. The simulation knows neither.
 *
 * Nobody's own wait is kept: the area under the number of those who wait is what they wait together (Little), so the
 * state of a queue is one number. A fleet of this model is a number of independent queues.
 */
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import { erlangDelay, erlangLoss, meanWaitMg1, meanWaitMmc } from "../../statistics/queueing.ts";
import { choice, number, whole } from "../define-parameters.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import type { Mean, Response } from "../contract/responses.ts";
import type { Model } from "../model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { unitLawNames, unitLaws } from "../unit-laws.ts";
import type { Kind, Time } from "../../sim/event-list.ts";

const DEPARTURE = 0;
const ARRIVAL = 1;

const parameters = {
  arrivalsPerSecond: number("1/s", 2, [1e-6, 1e6], "lambda, the arrival rate", "example"),
  servicesPerSecond: number("1/s", 1, [1e-6, 1e6], "mu, the service rate of one clerk", "example"),
  clerks: whole("1", 3, [1, 1000], "c, how many customers are served at a time", "example"),
  whenBusy: choice("wait", ["wait", "leave"], "what a customer does who finds all clerks busy", "example"),
  serviceLaw: choice(
    "exponential",
    unitLawNames,
    "law of the service times: squared coefficient of variation 1, 0, 1/2 or 4",
    "example",
  ),
} as const satisfies Parameters;

type MmcValues = Values<typeof parameters>;

const responses = [
  { name: "customersArrived", unit: "1", role: "count", meaning: "customers that arrived" },
  { name: "customersDelayed", unit: "1", role: "count", meaning: "customers that found all clerks busy and waited" },
  { name: "customersLost", unit: "1", role: "count", meaning: "customers that found all clerks busy and left" },
  { name: "customersServed", unit: "1", role: "count", meaning: "customers whose service ended" },
  { name: "waitUs", unit: "us", role: "total", meaning: "time that customers waited, up to now" },
] as const satisfies readonly Response[];

const means: readonly Mean[] = [
  { name: "waitUsMean", unit: "us", of: "waitUs", per: "customersArrived", meaning: "mean wait" },
  {
    name: "delayedShare",
    unit: "1",
    of: "customersDelayed",
    per: "customersArrived",
    meaning: "share of customers that waited",
  },
  { name: "lostShare", unit: "1", of: "customersLost", per: "customersArrived", meaning: "share that left" },
];

class Counters implements Instance {
  readonly columns: readonly Column[];
  private readonly arrived: Float64Array;
  private readonly delayed: Float64Array;
  private readonly lost: Float64Array;
  private readonly served: Float64Array;
  private readonly waitUs: Float64Array;
  /** Customers in the system, in service or waiting. */
  private readonly present: Int32Array;
  /** Until when `waitUs` is counted [us]. */
  private readonly countedUs: Float64Array;
  private readonly values: MmcValues;
  private readonly arrivals;
  private readonly services;

  constructor(values: MmcValues, { count }: Slice, open: OpenStreams) {
    this.values = values;
    this.arrivals = open("arrivals", exponentials);
    this.services = open("services", unitLaws[values.serviceLaw].law);
    this.arrived = new Float64Array(count);
    this.delayed = new Float64Array(count);
    this.lost = new Float64Array(count);
    this.served = new Float64Array(count);
    this.waitUs = new Float64Array(count);
    this.present = new Int32Array(count);
    this.countedUs = new Float64Array(count);
    this.columns = [this.arrived, this.delayed, this.lost, this.served, this.waitUs];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.present.length; server++) this.awaitArrival(server, schedule);
  }

  handle(kind: Kind, server: number, _object: number, schedule: Schedule): void {
    const { clerks } = this.values;
    this.count(server, schedule.now);
    if (kind === ARRIVAL) {
      this.awaitArrival(server, schedule);
      this.arrived[server]++;
      if (this.present[server] < clerks) this.serve(server, schedule);
      else if (this.values.whenBusy === "leave") {
        this.lost[server]++;
        return;
      } else this.delayed[server]++;
      this.present[server]++;
    } else {
      this.served[server]++;
      this.present[server]--;
      // A clerk who is free takes the next who waits.
      if (this.present[server] >= clerks) this.serve(server, schedule);
    }
  }

  observe(now: Time): void {
    for (let server = 0; server < this.present.length; server++) this.count(server, now);
  }

  check(): void {
    for (let server = 0; server < this.present.length; server++) {
      const here = this.arrived[server] - this.lost[server] - this.served[server];
      if (here !== this.present[server]) {
        throw new Error(
          `arrived - lost - served is ${here} but ${this.present[server]} customers are present at queue ${server}`,
        );
      }
    }
  }

  private awaitArrival(server: number, schedule: Schedule): void {
    const gapUs = this.arrivals.draw(server) * (1e6 / this.values.arrivalsPerSecond);
    schedule.after(wholeMicroseconds(gapUs), ARRIVAL, server, 0);
  }

  private serve(server: number, schedule: Schedule): void {
    const serviceUs = this.services.draw(server) * (1e6 / this.values.servicesPerSecond);
    schedule.after(wholeMicroseconds(serviceUs), DEPARTURE, server, 0);
  }

  /** Adds what has been waited since it was counted last. */
  private count(server: number, now: Time): void {
    const waiting = Math.max(0, this.present[server] - this.values.clerks);
    this.waitUs[server] += waiting * (now - this.countedUs[server]);
    this.countedUs[server] = now;
  }
}

export const mmc: Model<typeof parameters> = {
  name: "mmc",
  meaning: "one queue with Poisson arrivals and several clerks: M/M/c, or Erlang's loss system M/G/c/c",
  kinds: ["DEPARTURE", "ARRIVAL"],
  parameters,
  responses,
  means,
  create: (values, slice, open) => new Counters(values, slice, open),
  keepsStateInFields: true,
  validate: ({ arrivalsPerSecond, servicesPerSecond, clerks, whenBusy }) =>
    whenBusy === "leave" || arrivalsPerSecond < servicesPerSecond * clerks
      ? undefined
      : `arrivalsPerSecond is ${arrivalsPerSecond}, clerks ${clerks} and servicesPerSecond ${servicesPerSecond}; ` +
        "a stable queue is served faster, or turns customers away",
  closedForm({ arrivalsPerSecond: lambda, servicesPerSecond: mu, clerks: c, whenBusy, serviceLaw }, name) {
    if (whenBusy === "leave") {
      if (name === "lostShare") return erlangLoss(c, lambda / mu);
      return name === "waitUsMean" || name === "delayedShare" ? 0 : undefined;
    }
    if (name === "lostShare") return 0;
    const { squaredVariation } = unitLaws[serviceLaw];
    if (name === "delayedShare" && (c === 1 || serviceLaw === "exponential")) return erlangDelay(c, lambda / mu);
    if (name === "waitUsMean" && c === 1) return meanWaitMg1(lambda, mu, squaredVariation) * 1e6;
    if (name === "waitUsMean" && serviceLaw === "exponential") return meanWaitMmc(lambda, mu, c) * 1e6;
    return undefined;
  },
};
