/** A model that uses what the kit can do at once: classes, preemption, reneging, last come first served, a gauge. */
import { number } from "../../models/define-parameters.ts";
import { assembleModel } from "../../models/kit/assemble-model.ts";
import { count, eventTime, gauge, leak, mean, total } from "../../models/kit/measures.ts";
import type { Model } from "../../models/model.ts";
import { exponentials } from "../../sim/variates.ts";

export const clinic = assembleModel({
  name: "clinic",
  meaning: "patients who come, wait, lose patience and interrupt each other",
  parameters: { gapSeconds: number("s", 1, [0.1, 10], "mean gap", "example") },
  parts: ({ gapSeconds }, kit) => ({
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, gapSeconds * 1e6),
    urgency: kit.open("urgency"),
    present: kit.gauge(),
    pool: kit.container(40),
    station: kit.station({
      service: kit.timer("DEPARTURE", "services", exponentials, 1.5e6),
      patience: kit.timer("RENEGE", "patience", exponentials, 20e6),
      classes: 2,
      preemptive: true,
      capacity: 2,
      discipline: "last-come",
    }),
    firstLostUs: kit.column(NaN),
  }),
  start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
  on: {
    DEPARTURE({ station, present, pool }, server, schedule, place) {
      station.depart(server, schedule, place);
      present.set(server, schedule, station.busy[server] + station.waiting[server]);
      pool.put(server);
    },
    RENEGE({ station, firstLostUs }, server, schedule, ticket) {
      if (station.renege(server, schedule, ticket) && Number.isNaN(firstLostUs[server]))
        firstLostUs[server] = schedule.now;
    },
    ARRIVAL({ gaps, urgency, station, pool }, server, schedule) {
      gaps.start(server, schedule);
      pool.take(server);
      station.arrive(server, schedule, urgency.draw(server) < 0.3 ? 0 : 1);
    },
  },
  responses: ({ station, firstLostUs }) => ({
    arrived: count("patients", station.arrived),
    lost: leak("1", "patients lost", station.reneged, { ceiling: "firstLostUs", leakSize: 1 }),
    waiting: gauge("1", "patients who wait", station.waiting),
    waitingUs: total("us", "their waits", station.waitingUs),
    firstLostUs: eventTime("the first patient was lost", firstLostUs),
  }),
  means: { lostShare: mean("1", "lost", "arrived", "share lost") },
}) as unknown as Model;
