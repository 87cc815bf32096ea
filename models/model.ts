/**
 * The contract of a model: everything that the rest of the program knows of it.
 *
 * A model is named by a string (its catalogue name or the path of a module) and described by data: the kinds of its
 * events, its parameters, its responses. The lab needs nothing else to check scenarios, document parameters, name the
 * columns of CSV files and run experiments, so a new model is registered nowhere else. The smallest example is
 * queues/mm1.ts: copy it.
 *
 * Required are name, meaning, kinds, parameters, responses and create. Every other field gives the model one more
 * ability, such as advice, calibration or the story of a leak. Its type is in the folder contract/.
 *
 * Life of an instance: create -> start -> (handle)* -> observe -> read columns -> (handle)* -> ... An instance
 * simulates a slice of the fleet, servers first .. first + count - 1. What a server does may depend on its own streams
 * only.
 */
import type { Time } from "../sim/event-list.ts";
import type { Decisions } from "./barrier.ts";
import type { Instance, OpenStreams, Slice } from "./contract/instance.ts";
import type { Calibration, Counter, JobLog, LoggedResponses } from "./contract/logs.ts";
import type { Impact, Price, Trial, Upkeep } from "./contract/operations.ts";
import type { Parameters, Settings, Values } from "./contract/parameters.ts";
import type { Background, Control, Scene, Timeline } from "./contract/pictures.ts";
import type { Narrative, Scripted } from "./contract/narrative.ts";
import type { ReferenceRun, TraceEvent } from "./contract/reference.ts";
import type { Limit, Mean, Response } from "./contract/responses.ts";

export interface Model<P extends Parameters = Parameters> {
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  /** The kinds of events. Events of equal time are handled in this order. */
  readonly kinds: readonly string[];
  readonly parameters: P;
  readonly responses: readonly Response[];
  readonly create: (values: Values<P>, slice: Slice, open: OpenStreams) => Instance;
  /**
   * The instance keeps its whole state in fields: numbers, strings, typed arrays, arrays, maps, sets, and objects of
   * these. Nothing that changes is in variables of closures or in #private fields, and `slice.first` and the streams
   * are used only from `start` on. Then one instance serves for slice after slice, and a simulation can be saved and
   * continued in another process. Otherwise every slice gets a new instance, which takes longer, and nothing can be
   * saved. An instance made of closures lists their typed arrays in an additional field with any name: `state: [queue,
   * busySince]`. It is made anew for every design point.
   */
  readonly keepsStateInFields?: true;

  /**
   * The time [us] until which two sets of values give the same events, responses and state; 0 if they may differ from
   * the start. Studies simulate this shared past once. Needs keepsStateInFields, and an instance whose functions refer
   * to no parameter that differs, so none made of closures; `start` must schedule everything that differs.
   */
  readonly partsAt?: (one: Values<P>, other: Values<P>) => Time;

  /** Renamed parameters: old name -> new name. The error about an old name gives the new one. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Names that people look for and that are not parameters -> a sentence that says what to set instead. */
  readonly hints?: Readonly<Record<string, string>>;
  /** Settings that follow from other settings, such as those of a site. They take precedence over the defaults. */
  readonly presets?: (settings: Settings) => Settings;
  /**
   * Says why a combination of values makes no sense; undefined if it does. Every single value is already in its range.
   * `servers` is the size of the fleet; undefined: as many as needed. A message that starts with the name of a
   * parameter is reported at the place where that was set: "waveServers is 50; a wave is no larger than the fleet of 10
   * servers".
   */
  readonly validate?: (values: Values<P>, servers?: number) => string | undefined;
  /** Whether these values make a coordinated fleet. One instance then simulates the whole fleet, with a controller. */
  readonly isCoordinated?: (values: Values<P>) => boolean;
  /** Simulated time starts on a Monday at midnight, and the load follows the week. */
  readonly startsOnMonday?: true;

  readonly means?: readonly Mean[];
  /** The resources of a server that can run out. Forecasts need them. */
  readonly limits?: (values: Values<P>) => readonly Limit[];
  /** Whether this response can leak with these values. Return false only if it cannot. [default: it can] */
  readonly canLeak?: (values: Values<P>, response: string) => boolean;
  /** The exact rate per server-day of a leak, or the exact value of a mean; undefined if it is not known. */
  readonly closedForm?: (values: Values<P>, name: string) => number | undefined;
  /**
   * Where a closed form does not hold, and why: "a service takes less than 1 ms: times are whole microseconds";
   * undefined if it holds. `ranOut`: a server ran out of a resource before the horizon. [default: the closed form of a
   * leak does not hold then]
   */
  readonly closedFormFault?: (values: Values<P>, name: string, ranOut: boolean) => string | undefined;

  readonly background?: Background;
  /**
   * Terms of its responses and parameters -> a sentence that explains them, with the address of an article if there is
   * one. Pages show them.
   */
  readonly terms?: Readonly<Record<string, string | { readonly meaning: string; readonly href: string }>>;
  /** The columns of the table of operational impact in order: those per server-day, then event times. */
  readonly impacts?: readonly Impact[];
  readonly prices?: readonly Price[];
  /** What advice can change and what it needs to know. It also needs `prices` and `limits`. */
  readonly upkeep?: Upkeep<Values<P>>;
  /** The trial that a fleet can make before a change goes to all its servers. */
  readonly trial?: Trial;

  /** The counters that Performance Monitor would show of a server. */
  readonly counters?: (values: Values<P>) => readonly Counter[];
  /** How logs of real servers are imported. */
  readonly logged?: LoggedResponses;
  /** Parameters that a job log determines. */
  readonly jobLog?: JobLog<Values<P>>;
  /** How parameters are estimated from counters. */
  readonly calibration?: Calibration;

  /** The model's reference. It must handle the same events as the instance that `create` returns. */
  readonly reference?: (
    values: Values<P>,
    seed: string,
    server: number,
    replication: number,
    decisions?: Decisions,
  ) => ReferenceRun;
  /** The story of a leak. Needs a reference. */
  readonly narrative?: Narrative;
  /** How the draws of a server are written as a script, which can be made shorter. Its steps need a narrative. */
  readonly scripted?: Scripted<Values<P>>;
  /** What a timeline shows of a server besides its gauges and leaks. Needs a reference. */
  readonly timeline?: () => Timeline;
  /** The settings that the live page offers. [default: the first parameters that are numbers] */
  readonly controls?: readonly Control[];
  /** Draws a server after an event of the reference, which changed its state from `before` to `after`. */
  readonly scene?: (values: Values<P>, before: object, event: TraceEvent | undefined, after: object) => Scene;
}
