/**
 * One queue, one server: the smallest model, and the one to copy.
 *
 * Customers arrive in a Poisson stream, wait first come first served, and are served for times that are independent
 * of everything else. With exponential service this is M/M/1; other laws make it M/G/1, whose mean wait Pollaczek and
 * Khinchine gave:
 *
 *     Wq = lambda E[S^2] / (2 (1 - rho)),   E[S^2] = (1 + cs2) / mu^2,   rho = lambda / mu
 *
 * A fleet of this model is a number of independent queues. A customer's wait is known when its service begins.
 */
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import { meanWaitMg1 } from "../../statistics/queueing.ts";
import { choice, number } from "../define-parameters.ts";
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
  arrivalsPerSecond: number("1/s", 0.8, [1e-6, 1e6], "lambda, the arrival rate", "example"),
  servicesPerSecond: number("1/s", 1, [1e-6, 1e6], "mu, the service rate", "example"),
  serviceLaw: choice(
    "exponential",
    unitLawNames,
    "law of the service times: squared coefficient of variation 1, 0, 1/2 or 4",
    "example",
  ),
} as const satisfies Parameters;

type Mm1Values = Values<typeof parameters>;

const responses = [
  { name: "customersArrived", unit: "1", role: "count", meaning: "customers that arrived" },
  { name: "customersStarted", unit: "1", role: "count", meaning: "customers whose service began" },
  { name: "customersServed", unit: "1", role: "count", meaning: "customers that left" },
  { name: "waitUs", unit: "us", role: "total", meaning: "time they waited, each counted when its service began" },
  {
    name: "sojournUs",
    unit: "us",
    role: "total",
    meaning: "time they spent in the system, each counted when it left",
  },
] as const satisfies readonly Response[];

const means: readonly Mean[] = [
  { name: "waitUsMean", unit: "us", of: "waitUs", per: "customersStarted", meaning: "mean wait" },
  { name: "sojournUsMean", unit: "us", of: "sojournUs", per: "customersServed", meaning: "mean time in the system" },
];

class Queues implements Instance {
  readonly columns: readonly Column[];
  private readonly arrived: Float64Array;
  private readonly started: Float64Array;
  private readonly served: Float64Array;
  private readonly waitUs: Float64Array;
  private readonly sojournUs: Float64Array;
  /** Customers in the system, in service or waiting. */
  private readonly present: Int32Array;
  /** Arrival times of the customers present [us], a ring per queue, as long as a power of two. */
  private readonly arrivalTimes: Float64Array[];
  private readonly heads: Int32Array;
  private readonly values: Mm1Values;
  private readonly arrivals;
  private readonly services;

  constructor(values: Mm1Values, slice: Slice, open: OpenStreams) {
    const { count } = slice;
    this.values = values;
    this.arrivals = open("arrivals", exponentials);
    this.services = open("services", unitLaws[values.serviceLaw].law);
    this.arrived = new Float64Array(count);
    this.started = new Float64Array(count);
    this.served = new Float64Array(count);
    this.waitUs = new Float64Array(count);
    this.sojournUs = new Float64Array(count);
    this.present = new Int32Array(count);
    this.heads = new Int32Array(count);
    this.arrivalTimes = Array.from({ length: count }, () => new Float64Array(16));
    this.columns = [this.arrived, this.started, this.served, this.waitUs, this.sojournUs];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.present.length; server++) this.awaitArrival(server, schedule);
  }

  handle(kind: Kind, server: number, _object: number, schedule: Schedule): void {
    if (kind === ARRIVAL) {
      this.awaitArrival(server, schedule);
      this.arrived[server]++;
      this.enqueue(server, schedule.now);
      if (this.present[server] === 1) this.serve(server, schedule);
    } else {
      this.served[server]++;
      this.sojournUs[server] += schedule.now - this.dequeue(server);
      if (this.present[server] > 0) this.serve(server, schedule);
    }
  }

  observe(_now: Time): void {}

  check(): void {
    for (let server = 0; server < this.present.length; server++) {
      const gone = this.arrived[server] - this.served[server];
      if (gone !== this.present[server]) {
        throw new Error(
          `arrived - served is ${gone} but ${this.present[server]} customers are present at queue ${server}`,
        );
      }
    }
  }

  private awaitArrival(server: number, schedule: Schedule): void {
    const gapUs = this.arrivals.draw(server) * (1e6 / this.values.arrivalsPerSecond);
    schedule.after(wholeMicroseconds(gapUs), ARRIVAL, server, 0);
  }

  /** The customer at the head begins its service. */
  private serve(server: number, schedule: Schedule): void {
    this.started[server]++;
    this.waitUs[server] += schedule.now - this.arrivalTimes[server][this.heads[server]];
    const serviceUs = this.services.draw(server) * (1e6 / this.values.servicesPerSecond);
    schedule.after(wholeMicroseconds(serviceUs), DEPARTURE, server, 0);
  }

  /** A ring that is full doubles. */
  private enqueue(server: number, time: Time): void {
    let ring = this.arrivalTimes[server];
    if (this.present[server] === ring.length) {
      const head = this.heads[server];
      const larger = new Float64Array(2 * ring.length);
      larger.set(ring.subarray(head), 0);
      larger.set(ring.subarray(0, head), ring.length - head);
      this.heads[server] = 0;
      this.arrivalTimes[server] = ring = larger;
    }
    ring[(this.heads[server] + this.present[server]) & (ring.length - 1)] = time;
    this.present[server]++;
  }

  private dequeue(server: number): Time {
    const ring = this.arrivalTimes[server];
    const time = ring[this.heads[server]];
    this.heads[server] = (this.heads[server] + 1) & (ring.length - 1);
    this.present[server]--;
    return time;
  }
}

export const mm1: Model<typeof parameters> = {
  name: "mm1",
  meaning: "one queue with Poisson arrivals and one server: M/M/1, or M/G/1 with another law of service",
  kinds: ["DEPARTURE", "ARRIVAL"],
  parameters,
  responses,
  means,
  create: (values, slice, open) => new Queues(values, slice, open),
  keepsStateInFields: true,
  jobLog: { rate: { parameter: "arrivalsPerSecond", hours: 1 / 3600 } },
  validate: ({ arrivalsPerSecond, servicesPerSecond }) =>
    arrivalsPerSecond < servicesPerSecond
      ? undefined
      : `arrivalsPerSecond is ${arrivalsPerSecond} and servicesPerSecond ${servicesPerSecond}; ` +
        "a stable queue is served faster",
  closedForm({ arrivalsPerSecond: lambda, servicesPerSecond: mu, serviceLaw }, name) {
    const waitUs = meanWaitMg1(lambda, mu, unitLaws[serviceLaw].squaredVariation) * 1e6;
    if (name === "waitUsMean") return waitUs;
    if (name === "sojournUsMean") return waitUs + 1e6 / mu;
    return undefined;
  },
};
