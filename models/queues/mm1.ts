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
import { exponentials } from "../../sim/variates.ts";
import { meanWaitMg1 } from "../../statistics/queueing.ts";
import { choice, number } from "../define-parameters.ts";
import { assembleModel } from "../kit/assemble-model.ts";
import { count, mean, total } from "../kit/measures.ts";
import { unitLawNames, unitLaws } from "../unit-laws.ts";

export const mm1 = assembleModel({
  name: "mm1",
  meaning: "one queue with Poisson arrivals and one server: M/M/1, or M/G/1 with another law of service",
  parameters: {
    arrivalsPerSecond: number("1/s", 0.8, [1e-6, 1e6], "lambda, the arrival rate", "example"),
    servicesPerSecond: number("1/s", 1, [1e-6, 1e6], "mu, the service rate", "example"),
    serviceLaw: choice(
      "exponential",
      unitLawNames,
      "law of the service times: squared coefficient of variation 1, 0, 1/2 or 4",
      "example",
    ),
  },
  parts: ({ arrivalsPerSecond, servicesPerSecond, serviceLaw }, kit) => ({
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, 1e6 / arrivalsPerSecond),
    station: kit.station({
      service: kit.timer("DEPARTURE", "services", unitLaws[serviceLaw].law, 1e6 / servicesPerSecond),
    }),
  }),
  start: ({ gaps }, server, clock) => gaps.start(server, clock),
  on: {
    DEPARTURE: ({ station }, server, clock, place) => station.depart(server, clock, place),
    ARRIVAL({ gaps, station }, server, clock) {
      gaps.start(server, clock);
      station.arrive(server, clock);
    },
  },
  responses: ({ station }) => ({
    customersArrived: count("customers that arrived", station.arrived),
    customersStarted: count("customers whose service began", station.started),
    customersServed: count("customers that left", station.served),
    waitUs: total("us", "time they waited, each counted when its service began", station.waitUs),
    sojournUs: total("us", "time they spent in the system, each counted when it left", station.sojournUs),
  }),
  means: {
    waitUsMean: mean("us", "waitUs", "customersStarted", "mean wait"),
    sojournUsMean: mean("us", "sojournUs", "customersServed", "mean time in the system"),
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
});
