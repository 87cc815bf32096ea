/**
 * The workloads that are timed, through the interfaces that every model uses.
 *
 * - W1, hold: the classic test of a future event list (Jones 1986). N events are pending, and each event that is
 *   handled schedules another after Exp(1 s), for a process drawn at random. The processes schedule events for each
 *   other, so they are one subject, in a calendar. The first N events are not timed.
 * - W2, mm1: arrivals and departures of one queue at a load of 0.9; two events are pending.
 * - W3, guard fleet: the bug alone (guard-fleet.ts), server by server; and with all servers stopped at a barrier every
 *   simulated minute.
 * - W4, print servers: the purpose of the simulator.
 * - W5, DEVStone: the benchmark of DEVS engines (lab/validation/devstone.ts). An event is an internal transition with
 *   the external ones that its output leads to. Building the model is not timed.
 * - parts: event lists under the hold pattern without a simulation (an event is a push and a pop), and streams (an
 *   event is a draw, or the opening of a stream).
 */
import { specialize } from "#platform";
import { SLICE_SIZE } from "../lab/execution/run.ts";
import { SliceSimulator } from "../lab/execution/slice-simulator.ts";
import { resolveScenario } from "../lab/experiment/scenario.ts";
import { Devstone, type DevstoneKind } from "../lab/validation/devstone.ts";
import type { Parameters, Settings, Values } from "../models/contract/parameters.ts";
import type { Model } from "../models/model.ts";
import { Calendar } from "../sim/calendar.ts";
import { Digest, digestText } from "../sim/digest.ts";
import type { EventList, Kind } from "../sim/event-list.ts";
import { PerSubjectList } from "../sim/per-subject-list.ts";
import { QuaternaryHeap } from "../sim/quaternary-heap.ts";
import { Simulation, type Schedule, type System } from "../sim/simulation.ts";
import { SortedList } from "../sim/sorted-list.ts";
import { Stream, type Law } from "../sim/streams.ts";
import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "../sim/time-units.ts";
import { exponentials, lognormals, wholeMicroseconds } from "../sim/variates.ts";
import { guardFleet } from "./guard-fleet.ts";
import type { WorkDone, Task, Workload } from "./harness.ts";

const SEED = "bench";

/** The hold model: at any time, one event is pending per process. */
class Hold implements System {
  private readonly pending: number;
  private readonly delays: Stream;
  private readonly processes: Stream;

  constructor(pending: number) {
    this.pending = pending;
    this.delays = new Stream(SEED, "delays", 0, 0, 1, exponentials);
    this.processes = new Stream(SEED, "processes", 0, 0, 1);
  }

  start(schedule: Schedule): void {
    for (let process = 0; process < this.pending; process++) this.schedule(process, schedule);
  }

  handle(_kind: Kind, _subject: number, _process: number, schedule: Schedule): void {
    this.schedule(Math.floor(this.processes.draw(0) * this.pending), schedule);
  }

  private schedule(process: number, schedule: Schedule): void {
    schedule.after(wholeMicroseconds(this.delays.draw(0) * US_PER_SECOND), 0, 0, process);
  }
}

function hold(pending: number, sizes: Workload["sizes"]): Workload {
  return {
    name: `W1 hold, ${pending} pending`,
    meaning: `${pending} events pending, each followed by one other after Exp(1 s)`,
    sizes,
    unit: "events, about",
    entity: "event",
    begin(size) {
      const halfUs = Math.ceil((size / pending) * US_PER_SECOND);
      const simulation = new Simulation(new Hold(pending), new Digest(0, 1), new Calendar());
      // The specialized loop is compiled before the timed half, as a C program is compiled before it runs.
      simulation.run(halfUs / 2);
      specialize(simulation);
      simulation.run(halfUs);
      const before = simulation.digest.count;
      return {
        entities: pending,
        run() {
          simulation.run(2 * halfUs);
          const { events, digest } = new Total().add(simulation.digest).work;
          return { events: events - before, digest };
        },
      };
    },
  };
}

/** How to simulate a fleet: the horizon, the length of windows [us], and the number of servers side by side. */
interface RunPlan {
  readonly horizonUs: number;
  readonly windowUs?: number;
  readonly sliceSize?: number;
  readonly digest?: typeof Digest;
}

/** Counts events without digests, to measure the cost of digests. */
class NoDigest extends Digest {
  private events = 0;

  override begin(first: number): void {
    super.begin(first);
    this.events = 0;
  }

  override add(): void {
    this.events++;
  }

  override get count(): number {
    return this.events;
  }
}

interface Simulated {
  readonly model: Model;
  readonly values: Values<Parameters>;
}

function fleet(name: string, meaning: string, simulated: Simulated, plan: RunPlan, sizes: Workload["sizes"]): Workload {
  /** By slice size; kept from task to task, as the lab keeps them from run to run. */
  const simulators = new Map<number, SliceSimulator>();
  return {
    name,
    meaning,
    sizes,
    unit: "servers",
    entity: "server",
    begin: (size) => new FleetTask(simulated, simulators, plan, size),
    release: () => simulators.clear(),
  };
}

/** Simulates slice after slice; the last stays in memory, as one does at any time of a run. */
class FleetTask implements Task {
  readonly entities: number;
  private readonly simulated: Simulated;
  private readonly simulators: Map<number, SliceSimulator>;
  private readonly plan: RunPlan;
  private readonly size: number;
  private readonly sliceSize: number;

  constructor(simulated: Simulated, simulators: Map<number, SliceSimulator>, plan: RunPlan, size: number) {
    this.simulated = simulated;
    this.simulators = simulators;
    this.plan = plan;
    this.size = size;
    this.sliceSize = plan.sliceSize ?? SLICE_SIZE;
    this.entities = size % this.sliceSize || Math.min(size, this.sliceSize);
  }

  run(): WorkDone {
    const { horizonUs, windowUs = horizonUs } = this.plan;
    const total = new Total();
    for (let first = 0; first < this.size; first += this.sliceSize) {
      const count = Math.min(this.sliceSize, this.size - first);
      const { simulation, instance } = this.simulator(count).start(this.simulated.values, SEED, 0, first);
      for (let until = windowUs; until <= horizonUs; until += windowUs) {
        simulation.run(until);
        instance.observe(until);
      }
      instance.check();
      total.add(simulation.digest);
    }
    return total.work;
  }

  private simulator(count: number): SliceSimulator {
    const { model, values } = this.simulated;
    const made = this.simulators.get(count) ?? new SliceSimulator(model, values, count, this.plan.digest);
    this.simulators.set(count, made);
    return made;
  }
}

function devstone(kind: DevstoneKind, large: number): Workload {
  return {
    name: `W5 DEVStone, ${kind}`,
    meaning: "atomics without delays, as many wide as deep",
    sizes: { small: 10, large },
    unit: "atomics wide, and deep",
    entity: "model",
    begin(size) {
      const simulation = new Simulation(new Devstone(kind, size, size), new Digest(0, 1), new Calendar());
      return {
        entities: 1,
        run() {
          simulation.run(Infinity);
          return new Total().add(simulation.digest).work;
        },
      };
    },
  };
}

const guards: Simulated = { model: guardFleet as unknown as Model, values: {} };

async function simulatedAs(model: string, parameters: Settings): Promise<Simulated> {
  return resolveScenario({ model, servers: 1, horizonDays: 1, sampleEveryHours: 24, parameters });
}

const queue = await simulatedAs("mm1", { arrivalsPerSecond: 0.9, servicesPerSecond: 1 });
const office = await simulatedAs("print-servers", { site: "office", spooler: "buggy" });
const mainframe = await simulatedAs("print-servers", { site: "mainframe", spooler: "buggy" });

/** An event list under the hold model, with delays and subjects from a table. */
function list(name: string, create: () => EventList, pending: number, sizes: Workload["sizes"]): Workload {
  const delays = tabulated(4096);
  return {
    name: `${name}, ${pending} pending`,
    meaning: `a push and a pop with ${pending} events in the list`,
    sizes,
    unit: "pushes",
    entity: "event",
    begin(size) {
      const events = create();
      const digest = new Digest(0, 1);
      for (let i = 0; i < pending; i++) events.push(delays[i & 4095], 0, 0, i);
      return {
        entities: pending,
        run() {
          for (let i = 0; i < size; i++) {
            events.pop(Infinity);
            digest.add(events);
            events.push(events.time + delays[i & 4095], 0, 0, i);
          }
          return new Total().add(digest).work;
        },
      };
    },
  };
}

function tabulated(length: number): Float64Array {
  const stream = new Stream(SEED, "table", 0, 0, 1, exponentials);
  return Float64Array.from({ length }, () => wholeMicroseconds(stream.draw(0) * US_PER_SECOND));
}

/** Sums draws; the bits of the sum are the digest. */
function draws(name: string, law?: Law): Workload {
  return {
    name,
    meaning: "draws of one stream",
    sizes: { small: 10_000, large: 10_000_000 },
    unit: "draws",
    entity: "stream",
    begin(size) {
      const stream = new Stream(SEED, "draws", 0, 0, 1, law);
      return {
        entities: 1,
        run() {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += stream.draw(0);
          return { events: size, digest: bitsOf(sum) };
        },
      };
    },
  };
}

const opening: Workload = {
  name: "opening a stream",
  meaning: "seeding the streams of one purpose, one a server",
  sizes: { small: 200, large: 20_000 },
  unit: "streams",
  entity: "stream",
  begin(size) {
    const stream = new Stream(SEED, "opening", 0, 0, size);
    return {
      entities: size,
      run() {
        let sum = 0;
        for (let server = 0; server < size; server++) sum += stream.draw(server);
        return { events: size, digest: bitsOf(sum) };
      },
    };
  },
};

/** The events of all subjects and the sum of their digests, as in runs.csv. */
class Total {
  private events = 0;
  private low = 0;
  private high = 0;

  add(digest: Digest): this {
    this.events += digest.count;
    for (let subject = 0; subject < digest.subjects; subject++) {
      this.low = (this.low + digest.low(subject)) | 0;
      this.high = (this.high + digest.high(subject)) | 0;
    }
    return this;
  }

  get work(): WorkDone {
    return { events: this.events, digest: digestText(this.low, this.high) };
  }
}

function bitsOf(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return digestText(view.getInt32(4), view.getInt32(0));
}

const skipped = "jobs that are altered, and closes that are skipped under the guard";
const week = "Windows NT 4.0 print servers of an office, unfixed, for a week";

export const workloads: readonly Workload[] = [
  hold(1024, { small: 20_000, large: 5_000_000 }),
  hold(10_000, { small: 20_000, large: 5_000_000 }),
  hold(1_000_000, { small: 20_000, large: 5_000_000 }),
  fleet("W2 mm1", "one queue at a load of 0.9", queue, { horizonUs: 14 * US_PER_DAY }, { small: 1, large: 1 }),
  fleet("W3 guard fleet, 1000 servers", skipped, guards, { horizonUs: 50 * US_PER_HOUR }, { small: 10, large: 1000 }),
  fleet("W3 guard fleet, 10000 servers", skipped, guards, { horizonUs: 5 * US_PER_HOUR }, { small: 20, large: 10_000 }),
  fleet(
    "W3 guard fleet, 10000 servers, a barrier a minute",
    skipped,
    guards,
    { horizonUs: 5 * US_PER_HOUR, windowUs: US_PER_MINUTE, sliceSize: 10_000 },
    { small: 20, large: 10_000 },
  ),
  fleet("W4 print servers, office", week, office, { horizonUs: 7 * US_PER_DAY }, { small: 1, large: 64 }),
  fleet(
    "W4 print servers, office, sampled every hour",
    week,
    office,
    { horizonUs: 7 * US_PER_DAY, windowUs: US_PER_HOUR },
    { small: 1, large: 64 },
  ),
  fleet(
    "W4 print servers, office, without a digest",
    week,
    office,
    { horizonUs: 7 * US_PER_DAY, digest: NoDigest },
    { small: 1, large: 64 },
  ),
  fleet(
    "W4 print servers, mainframe",
    "Windows NT 4.0 print servers of a mainframe, unfixed, for a day",
    mainframe,
    { horizonUs: US_PER_DAY },
    { small: 1, large: 64 },
  ),
  devstone("LI", 400),
  devstone("HI", 100),
  devstone("HO", 100),
  devstone("HOmod", 20),
  list("lanes", () => new PerSubjectList(1), 8, { small: 5000, large: 2_000_000 }),
  list("heap", () => new QuaternaryHeap(), 8, { small: 5000, large: 2_000_000 }),
  list("heap", () => new QuaternaryHeap(), 1024, { small: 2000, large: 1_000_000 }),
  list("calendar", () => new Calendar(), 1024, { small: 2000, large: 2_000_000 }),
  list("sorted list", () => new SortedList(), 8, { small: 5000, large: 600_000 }),
  list("sorted list", () => new SortedList(), 1024, { small: 2000, large: 40_000 }),
  draws("uniform draw"),
  draws("exponential draw", exponentials),
  draws("lognormal draw", lognormals(0.5)),
  opening,
];
