/**
 * A model assembled from parts: its state, its events and its responses, each defined once.
 *
 * `parts` creates the state of a slice of servers: timers, stations, queues, containers, columns. `on` has a handler
 * for each kind of event, in the order in which events of equal time happen. `responses` names the columns that are
 * measured.
 *
 * All state is in fields of the parts, so the model can be saved and restored. A handler gets the parts, the server,
 * the schedule and the event's object, and keeps no state of its own.
 */
import type { Kind, Time } from "../../sim/event-list.ts";
import { openStreams, type Law } from "../../sim/streams.ts";
import { exponentials } from "../../sim/variates.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { Parameters, Values } from "../contract/parameters.ts";
import type { Mean, Response } from "../contract/responses.ts";
import type { Model } from "../model.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { Container } from "./container.ts";
import { Gauge } from "./gauge.ts";
import { ListedTimes } from "./listed-times.ts";
import { Profile } from "./profile.ts";
import { Queue, type Discipline } from "./queue.ts";
import { Shifts } from "./shifts.ts";
import { Station, type StationOptions } from "./station.ts";
import { Timer } from "./timer.ts";

/** An event handler. It may read the time, `schedule.now`, and schedule events. */
export type Handler<Parts> = (parts: Parts, server: number, schedule: Schedule, object: number) => void;

/** A response without its name, and the column that holds it. */
export type Measured = Omit<Response, "name"> & { readonly column: Column };

/** total(of) / total(per), both responses. */
export type MeanOf = Omit<Mean, "name">;

type OfModel<P extends Parameters> = Omit<
  Model<P>,
  "kinds" | "create" | "responses" | "means" | "keepsStateInFields" | "parameters"
>;

export interface Assembly<P extends Parameters, Parts extends object, KindName extends string> extends OfModel<P> {
  readonly parameters: P;
  /** Creates the parts of a slice. */
  readonly parts: (values: Values<P>, kit: Kit<NoInfer<KindName>>) => Parts;
  /** The first events of a server. */
  readonly start: (parts: Parts, server: number, schedule: Schedule) => void;
  readonly on: Readonly<Record<KindName, Handler<Parts>>>;
  /** The responses: always the same ones, in the same order. */
  readonly responses: (parts: Parts) => Readonly<Record<string, Measured>>;
  readonly means?: Readonly<Record<string, MeanOf>>;
  /** Throws an error with the server and the numbers if an invariant does not hold; parts check themselves. */
  readonly check?: (parts: Parts, server: number) => void;
}

/** Creates parts for the servers of a slice. */
export class Kit<KindName extends string = string> {
  /** The number of servers of the slice. */
  readonly count: number;
  readonly open: OpenStreams;
  private readonly kinds: readonly string[];

  constructor(kinds: readonly string[], { count }: Slice, open: OpenStreams) {
    this.count = count;
    this.open = open;
    this.kinds = kinds;
  }

  /**
   * The number of a kind of event, for models that schedule it: schedule.after(delayUs, kind, server, object).
   */
  kind(name: KindName): Kind {
    const kind = this.kinds.indexOf(name);
    if (kind === -1) throw new Error(`"${name}" is not a kind of event; the model has ${this.kinds.join(", ")}`);
    return kind;
  }

  /**
   * A timer of a kind of event.
   *
   * @param purpose the name of its stream: small letters and hyphens
   * @param law what its numbers follow, such as `exponentials`, of mean 1
   * @param scaleUs what they are multiplied by [us]
   */
  timer(kind: KindName, purpose: string, law: Law, scaleUs: number): Timer {
    return new Timer(this.kind(kind), this.open(purpose, law), scaleUs);
  }

  station(options: StationOptions): Station {
    return new Station(this.count, options);
  }

  queue(discipline?: Discipline): Queue {
    return new Queue(this.count, discipline);
  }

  container(capacity: number, first?: number): Container {
    return new Container(this.count, capacity, first);
  }

  gauge(first?: number): Gauge {
    return new Gauge(this.count, first);
  }

  /** Arrivals at changing rates: one rate per step of this length [us]. */
  profile(kind: KindName, purpose: string, rates: readonly number[], stepUs: number): Profile {
    return new Profile(this.kind(kind), this.open(purpose, exponentials), rates, stepUs);
  }

  /** Arrivals at these times [us]. */
  listedTimes(kind: KindName, timesUs: readonly number[]): ListedTimes {
    return new ListedTimes(this.kind(kind), timesUs, this.count);
  }

  /** A repeating plan of numbers, each with its length in hours. */
  shifts(kind: KindName, ...plan: readonly (readonly [hours: number, number: number])[]): Shifts {
    return new Shifts(this.kind(kind), plan);
  }

  /** A column with one number per server. */
  column(first = 0): Float64Array {
    return new Float64Array(this.count).fill(first);
  }
}

/**
 * The model of an assembly.
 *
 * @example
 * export default assembleModel({
 *   name: "visits",
 *   meaning: "servers that are visited",
 *   parameters: { gapSeconds: number("s", 10, [0.001, 1e6], "mean time between two visits", "example") },
 *   parts: ({ gapSeconds }, kit) => ({
 *     gaps: kit.timer("VISIT", "visits", exponentials, gapSeconds * 1e6),
 *     visits: kit.column(),
 *   }),
 *   start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
 *   on: {
 *     VISIT({ gaps, visits }, server, schedule) {
 *       gaps.start(server, schedule);
 *       visits[server]++;
 *     },
 *   },
 *   responses: ({ visits }) => ({ visits: count("visits so far", visits) }),
 * });
 */
export function assembleModel<const P extends Parameters, Parts extends object, const KindName extends string>(
  assembly: Assembly<P, Parts, KindName>,
): Model<P> {
  const { parts, start, on, check, responses, means = {}, ...rest } = assembly;
  for (const [name, part] of Object.entries({ parts, start, responses, ...on })) {
    if (typeof part !== "function") throw new Error(`the model's ${name} is ${part}; it is a function`);
  }
  const kinds = Object.keys(on);
  const behaviour = { start, handlers: Object.freeze(Object.values<Handler<Parts>>(on)), check };
  const create: Model<P>["create"] = (values, slice, open) => {
    const made = parts(values, new Kit(kinds, slice, open));
    const columns = Object.values(responses(made)).map(({ column }) => column);
    return new Assembled(made, columns, behaviour, slice.count);
  };
  // The declarations of the responses are read from the parts of one server, which is never started.
  const specimen = parts(defaultsOf(assembly.parameters), new Kit(kinds, { first: 0, count: 1 }, openStreams("")));
  return {
    ...rest,
    kinds,
    responses: Object.entries(responses(specimen)).map(([name, { column: _, ...response }]) => ({ name, ...response })),
    means: Object.entries(means).map(([name, mean]) => ({ name, ...mean })),
    keepsStateInFields: true,
    create,
  };
}

function defaultsOf<P extends Parameters>(parameters: P): Values<P> {
  const defaults = Object.entries(parameters).map(([name, parameter]) => [
    name,
    parameter.kind === "part" ? parameter.catalogue[parameter.default] : parameter.default,
  ]);
  return Object.fromEntries(defaults) as Values<P>;
}

interface Behaviour<Parts> {
  readonly start: (parts: Parts, server: number, schedule: Schedule) => void;
  readonly handlers: readonly Handler<Parts>[];
  readonly check: ((parts: Parts, server: number) => void) | undefined;
}

/** A part that must be updated before it is read, or that can check itself. */
interface Part {
  readonly observe?: (now: Time) => void;
  readonly check?: () => void;
}

/**
 * The parts of one instance. A class, so that a snapshot can restore the parts of another design point into it
 * (state.ts).
 */
class Own {}

class Assembled<Parts extends object> implements Instance {
  readonly columns: readonly Column[];
  private readonly count: number;
  private readonly parts: Parts;
  private readonly behaviour: Behaviour<Parts>;
  private readonly handlers: readonly Handler<Parts>[];

  constructor(parts: Parts, columns: readonly Column[], behaviour: Behaviour<Parts>, count: number) {
    this.columns = columns;
    this.count = count;
    this.parts = Object.assign(new Own(), parts);
    this.behaviour = behaviour;
    this.handlers = behaviour.handlers;
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.count; server++) this.behaviour.start(this.parts, server, schedule);
  }

  handle(kind: Kind, server: number, object: number, schedule: Schedule): void {
    const { handlers, parts } = this;
    // One call per kind, because V8 inlines a call of a known function: elements of a frozen array are constants.
    switch (kind) {
      case 0:
        return handlers[0](parts, server, schedule, object);
      case 1:
        return handlers[1](parts, server, schedule, object);
      case 2:
        return handlers[2](parts, server, schedule, object);
      case 3:
        return handlers[3](parts, server, schedule, object);
      default:
        return handlers[kind](parts, server, schedule, object);
    }
  }

  observe(now: Time): void {
    for (const part of Object.values(this.parts) as Part[]) part.observe?.(now);
  }

  check(): void {
    for (const part of Object.values(this.parts) as Part[]) part.check?.();
    for (let server = 0; server < this.count; server++) this.behaviour.check?.(this.parts, server);
  }
}
