/**
 * One queue, one server: the smallest model that ships. With a station in place of its queue and columns it would be
 * shorter, but 17 % slower (docs/writing-models.md).
 *
 * Customers arrive in a Poisson stream and are served in order of arrival; service times are independent. With
 * exponential service this is M/M/1; with other distributions, M/G/1, whose mean wait is the Pollaczek-Khinchine
 * formula:
 *
 *     Wq = lambda E[S^2] / (2 (1 - rho)),   E[S^2] = (1 + cs2) / mu^2,   rho = lambda / mu
 *
 * A fleet of this model is a number of independent queues. A customer's wait is known when its service begins.
 */
import { exponentials } from "../../sim/variates.ts";
import { meanWaitMg1 } from "../../statistics/queueing.ts";
import { choice, number } from "../define-parameters.ts";
import { assembleModel, type Handler, type Kit } from "../kit/assemble-model.ts";
import { count, mean, total } from "../kit/measures.ts";
import type { Values } from "../contract/parameters.ts";
import { unitLawNames, unitLaws } from "../unit-laws.ts";
import { roundingFault } from "../whole-times.ts";

const parameters = {
  arrivalsPerSecond: number("1/s", 0.8, [1e-6, 1e6], "lambda, the arrival rate", "example"),
  servicesPerSecond: number("1/s", 1, [1e-6, 1e6], "mu, the service rate", "example"),
  serviceLaw: choice(
    "exponential",
    unitLawNames,
    "distribution of the service times; squared coefficient of variation 1, 0, 1/2 or 4",
    "example",
  ),
} as const;

function partsOf(values: Values<typeof parameters>, kit: Kit<"DEPARTURE" | "ARRIVAL">) {
  const { law } = unitLaws[values.serviceLaw];
  return {
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, 1e6 / values.arrivalsPerSecond),
    services: kit.timer("DEPARTURE", "services", law, 1e6 / values.servicesPerSecond),
    /** The arrival times of the customers in the system; the first one is being served. */
    present: kit.queue(),
    arrived: kit.column(),
    started: kit.column(),
    served: kit.column(),
    waitUs: kit.column(),
    sojournUs: kit.column(),
  };
}

/** Begins the service of the customer at the head of the queue. */
const serve: Handler<ReturnType<typeof partsOf>> = ({ services, present, started, waitUs }, server, schedule) => {
  started[server]++;
  waitUs[server] += schedule.now - present.next(server);
  services.start(server, schedule);
};

export const mm1 = assembleModel({
  name: "mm1",
  meaning: "one queue with Poisson arrivals and one server: M/M/1, or M/G/1 with other service times",
  parameters,
  parts: partsOf,
  start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
  on: {
    DEPARTURE(parts, server, schedule, object) {
      const { present, served, sojournUs } = parts;
      served[server]++;
      sojournUs[server] += schedule.now - present.shift(server);
      if (present.lengths[server] > 0) serve(parts, server, schedule, object);
    },
    ARRIVAL(parts, server, schedule, object) {
      const { gaps, present, arrived } = parts;
      gaps.start(server, schedule);
      arrived[server]++;
      present.push(server, schedule.now);
      if (present.lengths[server] === 1) serve(parts, server, schedule, object);
    },
  },
  responses: ({ arrived, started, served, waitUs, sojournUs }) => ({
    customersArrived: count("customers that arrived", arrived),
    customersStarted: count("customers whose service began", started),
    customersServed: count("customers that left", served),
    waitUs: total("us", "time that customers waited, counted when their service begins", waitUs),
    sojournUs: total("us", "time that customers spent in the system, counted when they leave", sojournUs),
  }),
  means: {
    waitUsMean: mean("us", "waitUs", "customersStarted", "mean wait"),
    sojournUsMean: mean("us", "sojournUs", "customersServed", "mean time in the system"),
  },
  check({ present, arrived, served }, server) {
    const gone = arrived[server] - served[server];
    const here = present.lengths[server];
    if (gone !== here) {
      throw new Error(`arrived - served is ${gone} but ${here} customers are present at queue ${server}`);
    }
  },
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
  closedFormFault: ({ servicesPerSecond: mu }) => roundingFault({ "a service": 1e6 / mu }),
});
