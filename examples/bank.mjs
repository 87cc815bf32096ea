/** A bank with one counter, whose customers lose patience: a queue with reneging, in forty lines. */
import { assembleModel, count, exponentials, mean, number, total, uniforms } from "spoolsim/kit";

const MINUTE_US = 60e6;

export default assembleModel({
  name: "bank",
  meaning: "a bank with one counter, whose customers lose patience",
  parameters: {
    gapMinutes: number("min", 10, [0.01, 1e4], "mean time between two customers", "example"),
    serviceMinutes: number("min", 12, [0.01, 1e4], "mean time at the counter", "example"),
  },
  parts: ({ gapMinutes, serviceMinutes }, kit) => ({
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, gapMinutes * MINUTE_US),
    counter: kit.station({
      service: kit.timer("DEPARTURE", "services", exponentials, serviceMinutes * MINUTE_US),
      patience: kit.timer("RENEGE", "patience", uniforms(1, 3), MINUTE_US),
    }),
  }),
  start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
  on: {
    DEPARTURE: ({ counter }, server, schedule, channel) => counter.depart(server, schedule, channel),
    RENEGE: ({ counter }, server, schedule, ticket) => counter.renege(server, schedule, ticket),
    ARRIVAL({ gaps, counter }, server, schedule) {
      gaps.start(server, schedule);
      counter.arrive(server, schedule);
    },
  },
  responses: ({ counter }) => ({
    customers: count("customers that came", counter.arrived),
    served: count("customers whose service began", counter.started),
    reneged: count("customers that left without service", counter.reneged),
    waitUs: total("us", "waits of those that were served", counter.waitUs),
  }),
  means: {
    renegedShare: mean("1", "reneged", "customers", "share that left without service"),
    waitUsMean: mean("us", "waitUs", "served", "mean wait of those that were served"),
  },
});
