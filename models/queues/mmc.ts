/**
 * One queue, several clerks: M/M/c, and the same without a waiting room.
 *
 * Customers arrive in a Poisson stream; each is served by one of c clerks. A customer who finds all clerks busy waits,
 * or leaves immediately. With exponential service, the waits follow Erlang's delay formula C(c, a). The share of
 * customers who leave follows his loss formula B(c, a), which depends on the service time only by its mean. The
 * simulation uses neither.
 *
 * Individual waits are not recorded: the area under the number of waiting customers is their total wait (Little). A
 * fleet of this model is a number of independent queues.
 */
import { exponentials } from "../../sim/variates.ts";
import { erlangDelay, erlangLoss, meanWaitMg1, meanWaitMmc } from "../../statistics/queueing.ts";
import { choice, number, whole } from "../define-parameters.ts";
import { assembleModel } from "../kit/assemble-model.ts";
import { count, mean, total } from "../kit/measures.ts";
import { unitLawNames, unitLaws } from "../unit-laws.ts";
import { roundingFault } from "../whole-times.ts";

export const mmc = assembleModel({
  name: "mmc",
  meaning: "one queue with Poisson arrivals and several clerks: M/M/c, or Erlang's loss system M/G/c/c",
  parameters: {
    arrivalsPerSecond: number("1/s", 2, [1e-6, 1e6], "lambda, the arrival rate", "example"),
    servicesPerSecond: number("1/s", 1, [1e-6, 1e6], "mu, the service rate of one clerk", "example"),
    clerks: whole("1", 3, [1, 1000], "c, how many customers are served at a time", "example"),
    whenBusy: choice("wait", ["wait", "leave"], "what a customer does who finds all clerks busy", "example"),
    serviceLaw: choice(
      "exponential",
      unitLawNames,
      "distribution of the service times; squared coefficient of variation 1, 0, 1/2 or 4",
      "example",
    ),
  },
  parts: ({ arrivalsPerSecond, servicesPerSecond, clerks, whenBusy, serviceLaw }, kit) => ({
    clerks,
    whenBusy,
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, 1e6 / arrivalsPerSecond),
    services: kit.timer("DEPARTURE", "services", unitLaws[serviceLaw].law, 1e6 / servicesPerSecond),
    busy: kit.column(),
    waiting: kit.gauge(),
    arrived: kit.column(),
    delayed: kit.column(),
    lost: kit.column(),
    served: kit.column(),
  }),
  start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
  on: {
    DEPARTURE({ services, busy, waiting, served }, server, schedule) {
      served[server]++;
      if (waiting.level[server] > 0) {
        waiting.add(server, schedule, -1);
        services.start(server, schedule);
      } else busy[server]--;
    },
    ARRIVAL({ clerks, whenBusy, gaps, services, busy, waiting, arrived, delayed, lost }, server, schedule) {
      gaps.start(server, schedule);
      arrived[server]++;
      if (busy[server] < clerks) {
        busy[server]++;
        services.start(server, schedule);
      } else if (whenBusy === "leave") lost[server]++;
      else {
        delayed[server]++;
        waiting.add(server, schedule, 1);
      }
    },
  },
  responses: ({ arrived, delayed, lost, served, waiting }) => ({
    customersArrived: count("customers that arrived", arrived),
    customersDelayed: count("customers that found all clerks busy and waited", delayed),
    customersLost: count("customers that found all clerks busy and left", lost),
    customersServed: count("customers whose service ended", served),
    waitUs: total("us", "time that customers waited, up to now", waiting.areaUs),
  }),
  means: {
    waitUsMean: mean("us", "waitUs", "customersArrived", "mean wait"),
    delayedShare: mean("1", "customersDelayed", "customersArrived", "share of customers that waited"),
    lostShare: mean("1", "customersLost", "customersArrived", "share that left"),
  },
  check({ busy, waiting, arrived, lost, served }, server) {
    const here = arrived[server] - lost[server] - served[server];
    const present = busy[server] + waiting.level[server];
    if (here !== present) {
      throw new Error(`arrived - lost - served is ${here} but ${present} customers are present at queue ${server}`);
    }
  },
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
  closedFormFault({ arrivalsPerSecond: lambda, servicesPerSecond: mu, clerks, whenBusy }) {
    const [serviceUs, gapUs] = [1e6 / mu, 1e6 / lambda];
    // With many clerks, gaps are much shorter than services. Rounding changes the idle share, on which waits depend.
    const idleShare = whenBusy === "leave" ? 1 : 1 - lambda / (clerks * mu);
    return roundingFault({
      "a service": serviceUs,
      "a gap between arrivals, times the idle share,": idleShare * gapUs,
    });
  },
});
