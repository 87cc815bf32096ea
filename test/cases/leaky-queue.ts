/**
 * A model as a stranger would write it, in one file: an M/M/1 queue each of whose customers leaks with a probability.
 * It says of itself all that tables, answers, charts, logs and stories are made from.
 */
import type {
  Column,
  Instance,
  Model,
  OpenStreams,
  Parameters,
  ReferenceRun,
  Response,
  Schedule,
  Slice,
  Time,
  TraceEvent,
  Values,
} from "../../exports/index.ts";
import { openStreams } from "../../sim/streams.ts";
import { exponentials, wholeMicroseconds } from "../../sim/variates.ts";

const DEPARTURE = 0;
const ARRIVAL = 1;
const kinds = ["DEPARTURE", "ARRIVAL"];

const parameters = {
  gapSeconds: {
    kind: "number",
    unit: "s",
    default: 60,
    min: 1,
    max: 1e6,
    meaning: "mean time between arrivals",
    source: "decision",
  },
  leakShare: {
    kind: "number",
    unit: "1",
    default: 0.2,
    min: 0,
    max: 1,
    meaning: "customers who leak",
    source: "decision",
  },
} as const satisfies Parameters;

type LeakyValues = Values<typeof parameters>;

const responses = [
  { name: "served", unit: "1", role: "count", meaning: "customers served", headline: "when-levels-differ" },
  { name: "umbrellas", unit: "1", role: "leak", meaning: "umbrellas left behind", ceiling: "tripUs", leakSize: 1 },
  { name: "cleanerUs", unit: "us", role: "total", meaning: "time of the cleaner" },
  { name: "tripUs", unit: "us", role: "eventTime", meaning: "somebody trips over an umbrella", symptom: true },
  { name: "heap", unit: "1", role: "gauge", meaning: "umbrellas that lie there", label: "umbrellas on the floor" },
] as const satisfies readonly Response[];

/** What a customer draws on arrival: the next gap, the service, and whether an umbrella stays. */
class Draws {
  private readonly gaps;
  private readonly services;
  private readonly chances;
  private readonly values: LeakyValues;

  constructor(values: LeakyValues, open: OpenStreams) {
    this.values = values;
    this.gaps = open("gaps", exponentials);
    this.services = open("services", exponentials);
    this.chances = open("umbrellas");
  }

  gap(server: number): number {
    return wholeMicroseconds(this.gaps.draw(server) * this.values.gapSeconds * 1e6);
  }

  service(server: number): number {
    return wholeMicroseconds(this.services.draw(server) * 10e6);
  }

  leaks(server: number): boolean {
    return this.chances.draw(server) < this.values.leakShare;
  }
}

class LeakyQueues implements Instance {
  readonly columns: readonly Column[];
  private readonly present: Int32Array;
  private readonly draws: Draws;

  constructor(values: LeakyValues, { count }: Slice, open: OpenStreams) {
    this.draws = new Draws(values, open);
    this.present = new Int32Array(count);
    this.columns = responses.map(({ role }) => new Float64Array(count).fill(role === "eventTime" ? NaN : 0));
  }

  start(schedule: Schedule): void {
    this.present.forEach((_, server) => schedule.after(this.draws.gap(server), ARRIVAL, server, 0));
  }

  handle(kind: number, server: number, _: number, schedule: Schedule): void {
    const [served, umbrellas, cleanerUs, tripUs, heap] = this.columns;
    if (kind === ARRIVAL) {
      schedule.after(this.draws.gap(server), ARRIVAL, server, 0);
      if (++this.present[server] === 1) schedule.after(this.draws.service(server), DEPARTURE, server, 0);
      return;
    }
    served[server]++;
    if (--this.present[server] > 0) schedule.after(this.draws.service(server), DEPARTURE, server, 0);
    if (!this.draws.leaks(server)) return;
    umbrellas[server]++;
    heap[server]++;
    cleanerUs[server] += 120e6;
    if (umbrellas[server] === 3) tripUs[server] = schedule.now;
  }

  observe(): void {}

  check(): void {}
}

/** The same queue for one server, by hand. */
class LeakyReference implements ReferenceRun {
  private arrival: Time;
  private departure: Time = Infinity;
  private present = 0;
  private served = 0;
  private umbrellas = 0;
  private readonly draws: Draws;

  constructor(values: LeakyValues, seed: string, server: number, replication: number) {
    this.draws = new Draws(values, openStreams(seed, replication, { first: server, count: 1 }));
    this.arrival = this.draws.gap(0);
  }

  get nextTime(): Time {
    return Math.min(this.arrival, this.departure);
  }

  step(): TraceEvent {
    const time = this.nextTime;
    if (time === this.departure) {
      this.departure = --this.present > 0 ? time + this.draws.service(0) : Infinity;
      this.served++;
      const leaks = this.draws.leaks(0);
      if (leaks) this.umbrellas++;
      const patch = { op: "replace", path: ["umbrellas"], value: this.umbrellas };
      const patches = leaks ? [patch] : [];
      const detail = leaks ? "an umbrella stays" : "";
      return { time, kind: "DEPARTURE", job: this.served, instance: undefined, event: "LEAVES", detail, patches };
    }
    this.arrival = time + this.draws.gap(0);
    if (++this.present === 1) this.departure = time + this.draws.service(0);
    const job = this.served + this.present;
    return { time, kind: "ARRIVAL", job, instance: undefined, event: "COMES", detail: "", patches: [] };
  }
}

const leakyQueue: Model<typeof parameters> = {
  name: "leaky-queue",
  meaning: "one queue whose customers leave umbrellas behind",
  kinds,
  parameters,
  responses,
  impacts: [
    { response: "cleanerUs", heading: "cleaner [min]", size: 60e6, attended: true },
    { response: "tripUs", heading: "tripped" },
  ],
  prices: [
    {
      name: "cleanerHour",
      meaning: "an hour of the cleaner",
      unit: "hour",
      default: 15,
      response: "cleanerUs",
      size: 3600e6,
    },
  ],
  counters: () => [{ path: "Queue(%s)\\Umbrellas", response: "heap", plus: 1 }],
  narrative: {
    leaks: "umbrellas",
    isLeak: ({ detail }) => detail !== "",
    cause: ({ detail }) => detail,
    subject: ({ job }) => `customer ${job} and an umbrella`,
    sentence: ({ job, event, detail }) => `customer ${job} ${event.toLowerCase()}${detail === "" ? "" : `: ${detail}`}`,
    changes: ({ patches }) => patches.map(({ path, value }) => `${path.join("/")} = ${String(value)}`),
  },
  create: (values, slice, open) => new LeakyQueues(values, slice, open),
  reference: (values, seed, server, replication) => new LeakyReference(values, seed, server, replication),
};

export default leakyQueue;
