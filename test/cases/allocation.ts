/**
 * Says how many bytes are allocated per event of the case that is named on the command line: a process for each,
 * because V8 compiles the loop for all that the process has seen.
 *
 * The loop is one of its own, as that of every simulation that goes on for long.
 *
 * After a warm-up the heap is looked at before and after windows of many events. The median window counts: in some
 * windows garbage is collected, in a few V8 compiles something. Looking costs a thousand bytes a window.
 */
import v8 from "node:v8";
import { specialize } from "#platform";
import { guardFleet } from "../../bench/guard-fleet.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { catalogue } from "../../models/catalogue.ts";
import { Calendar } from "../../sim/calendar.ts";
import { Digest } from "../../sim/digest.ts";
import type { EventList } from "../../sim/event-list.ts";
import { QuaternaryHeap } from "../../sim/quaternary-heap.ts";
import { Simulation, type System } from "../../sim/simulation.ts";
import { SortedList } from "../../sim/sorted-list.ts";
import { openStreams } from "../../sim/streams.ts";
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";
import { valuesOf } from "../models/print-servers/lockstep.ts";
import { clinic } from "./clinic.ts";

const WINDOWS = 20;
const SERVERS = 4;
const HOUR_US = 3600e6;

const slice = { first: 0, count: SERVERS };
const open = openStreams("allocation", 0, slice);

/** Times from here on are beyond 2^31, so none of them is a small integer to V8. */
const LATE_US = 1e12;

/** As many events as pending, each followed by one other. */
function hold(pending: number): System {
  const delays = open("delays", exponentials);
  return {
    start: (schedule) => {
      for (let i = 0; i < pending; i++) schedule.after(LATE_US + i, 0, 0, i);
    },
    handle: (_kind, _subject, object, schedule) => {
      schedule.after(wholeMicroseconds(delays.draw(0) * 1e6 * pending), 0, 0, object);
    },
  };
}

/** What is simulated from `startUs` on, in windows of so many microseconds; in lanes, unless there is another list. */
interface Case {
  readonly system: System;
  readonly startUs: number;
  readonly windowUs: number;
  readonly events?: EventList;
}

function holdIn(events: EventList | undefined, pending: number, windowUs: number): Case {
  const held = { system: hold(pending), startUs: LATE_US, windowUs };
  return events === undefined ? held : { ...held, events };
}

/** A model of the catalogue, in windows of so many hours. */
function of(model: Model, settings: Settings, hours: number): Case {
  return { system: model.create(valuesOf(model, settings), slice, open), startUs: 0, windowUs: hours * HOUR_US };
}

const cases: Record<string, () => Case> = {
  lanes: () => holdIn(undefined, 4, 1e11),
  heap: () => holdIn(new QuaternaryHeap(128), 100, 1e11),
  calendar: () => holdIn(new Calendar(), 2000, 1e11),
  "sorted list": () => holdIn(new SortedList(), 4, 2e9),
  "guard fleet": () => ({ system: guardFleet.create({}, slice, open), startUs: 0, windowUs: 200 * HOUR_US }),
  mm1: () => of(catalogue.mm1, {}, 5),
  mmc: () => of(catalogue.mmc, {}, 2),
  "guard-window": () => of(catalogue["guard-window"], { reading: "extending", windowLaw: "exponential" }, 10),
  clinic: () => of(clinic, {}, 5),
  exhaustion: () => of(catalogue.exhaustion, { restartDays: 70, restartHours: 1 }, 24_000),
  rejuvenation: () => of(catalogue.rejuvenation, { waitHoursMean: 1, robustHoursMean: 1 }, 4000),
  "periodic-rejuvenation": () => of(catalogue["periodic-rejuvenation"], { periodHours: 0.5 }, 10_000),
  "print servers": () => of(catalogue["print-servers"], { site: "mainframe" }, 6),
};

const { system, startUs, windowUs, events } = cases[process.argv[2]]();
const simulation = new Simulation(system, new Digest(0, SERVERS), events);
const bytesPerEvent: number[] = [];
for (let window = 1; window <= 2 * WINDOWS; window++) {
  if (window === 2) specialize(simulation);
  const [count, bytes] = [simulation.eventCount, v8.getHeapStatistics().used_heap_size];
  simulation.run(startUs + window * windowUs);
  const grown = v8.getHeapStatistics().used_heap_size - bytes;
  if (window > WINDOWS) bytesPerEvent.push(grown / (simulation.eventCount - count));
}
bytesPerEvent.sort((a, b) => a - b);
process.stdout.write(String(bytesPerEvent[WINDOWS / 2]));
