/**
 * What is timed, through the interfaces that every model uses.
 *
 * - hold: the classic test of a future event list (Jones 1986): N events are pending, and each that is handled
 *   schedules one other after Exp(1 s), at a process drawn at random. No model is lighter, so it shows what the loop
 *   itself costs.
 * - mm1: arrivals and departures of one queue at a load of 0.9; two events are pending.
 * - print servers: what the simulator is for; one server at a time, as the lab runs them.
 * - parts: the two lists under the same hold pattern without a simulation around them (an event is a push and a pop),
 *   and the streams (an event is a draw, or the opening of a stream).
 *
 * Importing engine-flags.ts first lets V8 inline as much as it does in the lab.
 */
import "../lab/engine-flags.ts";
import { resolveScenario } from "../lab/scenario.ts";
import type { Settings } from "../models/model.ts";
import { Digest, digestText } from "../sim/digest.ts";
import type { EventList, Kind } from "../sim/event-list.ts";
import { QuaternaryHeap } from "../sim/quaternary-heap.ts";
import { Simulation, type Schedule, type System } from "../sim/simulation.ts";
import { SortedList } from "../sim/sorted-list.ts";
import { openStreams, Stream } from "../sim/streams.ts";
import { exponential, wholeMicroseconds } from "../sim/variates.ts";
import type { Outcome, Workload } from "./harness.ts";

const SEED = "bench";
const SECOND_US = 1e6;
const DAY_US = 86400e6;

/** The hold model: as many events pending at any time as there are processes. */
class Hold implements System {
  private readonly pending: number;
  private readonly stream: Stream;

  constructor(pending: number) {
    this.pending = pending;
    this.stream = new Stream(SEED, "hold", 0, 0, 1);
  }

  start(schedule: Schedule): void {
    for (let i = 0; i < this.pending; i++) this.scheduleOne(schedule);
  }

  handle(_kind: Kind, _subject: number, _object: number, schedule: Schedule): void {
    this.scheduleOne(schedule);
  }

  private scheduleOne(schedule: Schedule): void {
    const delay = wholeMicroseconds(exponential(this.stream.uniform(0), SECOND_US));
    schedule.after(delay, 0, Math.floor(this.stream.uniform(0) * this.pending), 0);
  }
}

function hold(pending: number): Workload {
  return {
    name: `hold, ${pending} pending`,
    meaning: `${pending} events pending, each followed by one other after Exp(1 s)`,
    sizes: { small: 20_000, large: 400_000 },
    unit: "events, about",
    run(size) {
      const simulation = new Simulation(new Hold(pending), new Digest(0, pending));
      simulation.run(Math.ceil((size / pending) * SECOND_US));
      return outcomeOf([simulation.digest]);
    },
  };
}

/** The servers 0 .. servers - 1 of a fleet, one at a time, to the horizon. */
async function fleet(
  name: string, model: string, parameters: Settings, days: number, sizes: Workload["sizes"],
): Promise<Workload> {
  const scenario = { model, servers: sizes.large, horizonDays: days, sampleEveryHours: 24 * days, parameters };
  const { model: resolved, values } = await resolveScenario(scenario, "/");
  return {
    name,
    meaning: `${resolved.meaning}: ${JSON.stringify(parameters)}, ${days} days`,
    sizes,
    unit: "servers",
    run(size) {
      const digests: Digest[] = [];
      for (let first = 0; first < size; first++) {
        const slice = { first, count: 1 };
        const instance = resolved.create(values, slice, openStreams(SEED, 0, slice));
        const simulation = new Simulation(instance, new Digest(first, 1));
        simulation.run(days * DAY_US);
        instance.observe(simulation.now);
        instance.check();
        digests.push(simulation.digest);
      }
      return outcomeOf(digests);
    },
  };
}

function unfixed(site: string): Settings {
  return { site, spooler: "buggy" };
}

/** A future event list under the hold pattern, with delays and subjects from a table. */
function list(name: string, create: () => EventList, pending: number, sizes: Workload["sizes"]): Workload {
  const delays = tabulated(4096, (stream) => wholeMicroseconds(exponential(stream.uniform(0), SECOND_US)));
  return {
    name: `${name}, ${pending} pending`,
    meaning: `a push and a pop with ${pending} events in the list`,
    sizes,
    unit: "pushes",
    run(size) {
      const events = create();
      const digest = new Digest(0, 1);
      for (let i = 0; i < pending; i++) events.push(delays[i & 4095], 0, 0, i);
      for (let i = 0; i < size; i++) {
        events.pop();
        digest.add(events);
        events.push(events.time + delays[i & 4095], 0, 0, i);
      }
      return outcomeOf([digest]);
    },
  };
}

function tabulated(length: number, draw: (stream: Stream) => number): Float64Array {
  const stream = new Stream(SEED, "table", 0, 0, 1);
  return Float64Array.from({ length }, () => draw(stream));
}

/** Draws that are summed; the sum's bits are the digest. */
function draws(name: string, draw: (stream: Stream) => number): Workload {
  return {
    name,
    meaning: "draws of one stream",
    sizes: { small: 10_000, large: 2_000_000 },
    unit: "draws",
    run(size) {
      const stream = new Stream(SEED, "draws", 0, 0, 1);
      let sum = 0;
      for (let i = 0; i < size; i++) sum += draw(stream);
      return { events: size, digest: bitsOf(sum) };
    },
  };
}

const opening: Workload = {
  name: "opening a stream",
  meaning: "seeding the streams of one purpose, one a server",
  sizes: { small: 200, large: 20_000 },
  unit: "streams",
  run(size) {
    const stream = new Stream(SEED, "opening", 0, 0, size);
    let sum = 0;
    for (let server = 0; server < size; server++) sum += stream.uniform(server);
    return { events: size, digest: bitsOf(sum) };
  },
};

/** All events of all subjects, and the sum of their digests, as runs.csv has it. */
function outcomeOf(digests: readonly Digest[]): Outcome {
  let [events, low, high] = [0, 0, 0];
  for (const { counts, low: lows, high: highs } of digests) {
    for (let subject = 0; subject < counts.length; subject++) {
      events += counts[subject];
      low = (low + lows[subject]) | 0;
      high = (high + highs[subject]) | 0;
    }
  }
  return { events, digest: digestText(low, high) };
}

function bitsOf(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return digestText(view.getInt32(4), view.getInt32(0));
}

export const workloads: readonly Workload[] = [
  hold(1024),
  hold(10_000),
  await fleet("mm1, load 0.9", "mm1", { arrivalsPerSecond: 0.9, servicesPerSecond: 1 }, 1, { small: 1, large: 4 }),
  await fleet("print servers, office", "print-servers", unfixed("office"), 7, { small: 1, large: 12 }),
  await fleet("print servers, mainframe", "print-servers", unfixed("mainframe"), 1, { small: 1, large: 12 }),
  list("heap", () => new QuaternaryHeap(), 8, { small: 5000, large: 1_000_000 }),
  list("heap", () => new QuaternaryHeap(), 1024, { small: 2000, large: 600_000 }),
  list("sorted list", () => new SortedList(), 8, { small: 5000, large: 600_000 }),
  list("sorted list", () => new SortedList(), 1024, { small: 2000, large: 40_000 }),
  draws("uniform draw", (stream) => stream.uniform(0)),
  draws("exponential draw", (stream) => exponential(stream.uniform(0), 1)),
  opening,
];
