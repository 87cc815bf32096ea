/**
 * What a model says of itself.
 *
 * A model is named by a string (its catalogue name or a module path) and described by data: the kinds of its events,
 * its
 * parameters, its responses. From this alone the lab validates scenarios, documents parameters, names CSV columns and
 * runs experiments, so a new model needs no other registration. The smallest example is mm1.ts: copy it.
 *
 * Life of an instance: create -> start -> (handle)* -> observe -> read columns -> (handle)* -> ... One instance
 * simulates a slice of the fleet, servers first .. first + count - 1; what one server does may depend on its own
 * streams only.
 */
import type { Schedule, System } from "../sim/simulation.ts";
import type { Law, Stream } from "../sim/streams.ts";
import type { Time } from "../sim/event-list.ts";
import type { Decisions, FleetController } from "./barrier.ts";

/** The servers first, first + 1, ..., first + count - 1 of a fleet. */
export interface Slice {
  readonly first: number;
  readonly count: number;
}

/** Opens the slice's streams of one purpose; opening a purpose twice would repeat its numbers, and throws. */
export type OpenStreams = (purpose: string, law?: Law) => Stream;

interface Described {
  /** What it means, in a sentence without its name. */
  readonly meaning: string;
  /**
   * Where the default comes from: an article, a document, or "assumption: why" of what nobody has measured; of what is
   * up to people, "decision", and of what each of them knows of the own fleet, "fact of the fleet".
   */
  readonly source: string;
}

/** A number in [min, max]; whole when it says so. */
export interface NumberParameter extends Described {
  readonly kind: "number";
  /** Unit, "1" for a pure number or a share. */
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
  /** Where its value is likely to lie when nobody has measured it; all that it allows is often no range. */
  readonly plausible?: readonly [number, number];
}

/** One of a list of words. */
export interface ChoiceParameter<Choice extends string = string> extends Described {
  readonly kind: "choice";
  readonly default: Choice;
  readonly choices: readonly Choice[];
}

/** A list of numbers in [min, max], set as a text with blanks between them: "0.1 0.2"; "" has none. */
export interface ListParameter extends Described {
  readonly kind: "list";
  readonly unit: string;
  readonly default: string;
  readonly min: number;
  readonly max: number;
  /** How many numbers it may have. */
  readonly lengths: readonly number[];
}

/** On or off. */
export interface SwitchParameter extends Described {
  readonly kind: "switch";
  readonly default: boolean;
}

/**
 * A part of the model that can be swapped: a catalogue name, or the path of a module whose default export is such a
 * part.
 */
export interface PartParameter<Part = unknown> extends Described {
  readonly kind: "part";
  readonly default: string;
  readonly catalogue: Readonly<Record<string, Part>>;
  /** Says what is wrong with a would-be part (of a user's module), or nothing. */
  readonly validate: (part: unknown) => string | undefined;
}

/** A text, which the model's `validate` reads. */
export interface TextParameter extends Described {
  readonly kind: "text";
  readonly default: string;
  /** What is written, in a few words: "a job a line". */
  readonly rule: string;
}

export type Parameter =
  | NumberParameter
  | ChoiceParameter
  | ListParameter
  | SwitchParameter
  | PartParameter
  | TextParameter;
export type Parameters = Readonly<Record<string, Parameter>>;

/** What a scenario may say of a parameter: plain JSON. */
export type Setting = number | string | boolean;
export type Settings = Readonly<Record<string, Setting>>;

/** The values a model is created with: settings with every default filled in and every part in place of its name. */
export type Values<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends NumberParameter
    ? number
    : P[Name] extends ChoiceParameter<infer Choice>
      ? Choice
      : P[Name] extends ListParameter
        ? readonly number[]
        : P[Name] extends SwitchParameter
          ? boolean
          : P[Name] extends PartParameter<infer Part>
            ? Part
            : P[Name] extends TextParameter
              ? string
              : never;
};

/**
 * A response: a column of servers.csv.
 *
 * - count: how often something happened, or how many there are now [whole]
 * - gauge: what an administrator would read off now, but for one that is `unseen`: no counter shows it
 * - leak: a running total of a resource that was never given back; its rate is total / exposure, and `ceiling` names
 *   the event time at which the leak is noticed: that resource has run out; `leakSize` is what every leak adds, a
 * number or
 *   the parameter that says it, so that leaks can be counted
 * - eventTime: the time [us] at which something first happened; NaN while it has not; one that is `ofFleet` happens to
 * all
 *   servers of a fleet at once, and is one observation
 * - total: a running sum, [us] or other
 *
 * Counts, and what is in us or B, is whole, unless it says that it is `fractional`.
 */
export interface Response {
  readonly name: string;
  readonly unit: string;
  readonly role: "count" | "gauge" | "leak" | "eventTime" | "total";
  readonly meaning: string;
  readonly ceiling?: string;
  readonly leakSize?: number | string;
  /** Of a leak: the response that says how much of it is held now, which is less where a restart gave some back. */
  readonly heldBy?: string;
  readonly unseen?: true;
  /** Of a count: how many there are now, which is a level and has no rate. */
  readonly now?: true;
  readonly ofFleet?: true;
  readonly fractional?: true;
  /**
   * What tables, charts and answers call it, without its unit: "printer DCs". Needed only where the words of the name
   * (without a leading "leaked" and a trailing "Us") do not say it well.
   */
  readonly label?: string;
  /**
   * Of a response that is no leak: a comparison of levels shows it beside the leaks, whenever it happened at any of the
   * levels, or only when the levels differ in it. The first leak of a model is always shown, any other where it leaks.
   */
  readonly headline?: "when-it-happened" | "when-levels-differ";
  /** Of an event time: the first leak. Without one, it is dated by the first reading at which something has leaked. */
  readonly firstLeak?: true;
  /** Of an event time: users notice it. Any other ceiling is a resource that has run out. */
  readonly symptom?: true;
}

/**
 * A column of the table of operational impact: what the trouble and its remedies take of those who print and those who
 * administer. A count or a total is shown per server-day, an event time as the number of servers (or fleets) on which
 * it came.
 */
export interface Impact {
  readonly response: string;
  /** The head of its column, with the unit in which it is shown: "staff [min]". */
  readonly heading: string;
  /** How much of the response's unit one of the heading's unit is [default: 1]: 60e6 us are a minute. */
  readonly size?: number;
  /** It happens only to those who administer their servers, so the experiment is about how to administer them. */
  readonly attended?: true;
}

/**
 * What one unit of a response costs, so that ways to run the servers can be compared by one number. The amounts belong
 * to whoever asks: the default is an assumption, in any currency.
 */
export interface Price {
  /** As it is set on the command line: staffHour. */
  readonly name: string;
  /** What one unit is, as the end of "the price of ...": "an hour of those who administer". */
  readonly meaning: string;
  /** What is paid for, one of it: "hour", "job", "server". */
  readonly unit: string;
  /** The amount for one unit, in [0, 1e9]. */
  readonly default: number;
  /** The response that it multiplies, added up over servers; of an event time, the servers on which it came. */
  readonly response: string;
  /** How much of the response's own unit one unit is [default: 1]: 3600e6 us are an hour. */
  readonly size?: number;
}

/** A counter of Performance Monitor: a response, a constant, or their sum. */
export interface Counter {
  /** Its path without the computer: "Process(%s)\Handle Count"; %s stands for the name of the process. */
  readonly path: string;
  /** The response that it shows, if it shows one. */
  readonly response?: string;
  /** What is added to it [default: 0]. */
  readonly plus?: number;
}

/** Where the logs of others show something: counters of Performance Monitor, and metrics of Prometheus. */
export interface LoggedSeries {
  /** Paths without the computer, as of a Counter. */
  readonly counters: readonly string[];
  /** Metrics; the labels that a sample must have, if any, with their values. */
  readonly metrics: readonly { readonly name: string; readonly labels?: Readonly<Record<string, string>> }[];
  /** Several samples of one time are parts of one whole: a metric for each printer. */
  readonly isSum?: true;
}

/** How logs of real servers are read as responses of the model. */
export interface LoggedResponses<Name extends string = string> {
  /** What the process is called: what %s stands for in the path of a counter, and a metric's label `process`. */
  readonly processes: readonly string[];
  /** In the order of preference where a response has several. */
  readonly responses: readonly (LoggedSeries & { readonly response: Name })[];
  /** What has another value for each process: its number, or when it started. */
  readonly process: LoggedSeries;
  /** Responses that belong to the process: when it ends, they fall back to where they began. */
  readonly givenBack: readonly Name[];
}

/** A trial that ends in a verdict, by fleet: which event times the verdicts are, and how an answer says so. */
export interface Trial {
  /** What is tried, one of them: "roll-out". */
  readonly noun: string;
  /** The event time of the verdict that lets it go on; "the judge passes the canaries in" 3 of 20 roll-outs. */
  readonly passed: { readonly eventTime: string; readonly words: string };
  /** The event time of the verdict that ends it; "halts" 2. */
  readonly halted: { readonly eventTime: string; readonly words: string };
}

/** What whoever decides about a fleet may change, and must know of it: advice rests on this. */
export interface Upkeep<V = Values<Parameters>> {
  readonly restart: {
    /** The parameter that says how often the service is restarted by the calendar [h]; 0 for never. */
    readonly parameter: string;
    /** The calendar keeps the multiples of this [h], and no other interval. */
    readonly stepHours: (values: V) => number;
    /** When the calendar restarts every service until then [us], the earliest first. */
    readonly times: (values: V, until: Time) => readonly Time[];
    /** The response that counts the restarts, of whatever cause; each gives back what has leaked. */
    readonly response: string;
    /** Priced responses that say how many there are now: a restart takes them back. */
    readonly takesBack: readonly string[];
  };
  /** The event time of being noticed by users. */
  readonly noticed: string;
  /** A total [us]: for how long jobs have been stuck. Its pace is how many are stuck now. */
  readonly waiting: string;
  /** The event times from which a server leaks no more because of a change, and at which a change did harm. */
  readonly fixed: string;
  readonly harmed: string;
  /** The leak that a trial of canaries compares. */
  readonly leak: string;
  /** The parameter that advice takes to be unknown unless another is named. */
  readonly unknown: string;
  readonly canaries: {
    /** Settings with which so many canaries are changed at once and judged after so many days. */
    readonly settings: (canaries: number, days: number) => Settings;
    /** Settings of a change that brings no fix. */
    readonly placebo: Settings;
    /** The parameter that is the confidence of the judge. */
    readonly confidence: string;
    /** The event time of the verdict, and the response that counts changes that were made. */
    readonly passed: string;
    readonly made: string;
  };
}

/**
 * How a log of jobs says parameters; each is named by the model. What a log does not have, or the model does not name,
 * keeps its value.
 */
export interface JobLog<V = Values<Parameters>> {
  /** Jobs of each server in so many hours: of a working day where there are shares of hours, else of any time. */
  readonly rate: { readonly parameter: string; readonly hours: number };
  /** A list of 168: the jobs of each hour of the week as a share of those of a working day, Monday 0:00 first. */
  readonly hours?: string;
  readonly pages?: {
    /** The mean of jobs that are not empty, their largest number, and the share of jobs that are. */
    readonly mean: string;
    readonly largest: string;
    readonly empty: string;
    /** The share of jobs that have so many pages or fewer, of those that are not empty. */
    readonly cumulative: (values: V, pages: number) => number;
  };
  /** Types of jobs. A job is of the first that its logged type matches, and of the last where it matches none. */
  readonly types?: readonly {
    readonly name: string;
    readonly matches: RegExp;
    /** Of jobs; the last type has the rest. */
    readonly share?: string;
    readonly bytesPerPage: string;
  }[];
}

/** What the counters of a server can teach of the model's parameters. */
export interface Calibration {
  /** Parameters that no counter shows by itself, and that are learned unless somebody names others. */
  readonly unknown: readonly string[];
  /** Of a gauge, the parameter that lifts all its readings: gauge -> parameter. */
  readonly bases: Readonly<Record<string, string>>;
  /** Other readings of the same trouble, to be compared; the first is the model as it is. */
  readonly rivals: readonly Rival[];
}

/** A reading of the trouble: settings, and what is unknown if it is right. */
export interface Rival {
  readonly name: string;
  /** A sentence without its name. */
  readonly meaning: string;
  readonly settings: Settings;
  /** In place of what calibration takes to be unknown. */
  readonly unknown: readonly string[];
}

/** What an event changed of what a timeline draws, in the order in which it is drawn. */
export type Drawn =
  /** What a thread of the server does from now on, or nothing; threads are numbered from 0 in the order of display. */
  | { readonly thread: number; readonly name: string; readonly does: string | undefined }
  /** When what the thread does is blocked, and by what: from a time that may yet come, or (null) no longer. */
  | { readonly thread: number; readonly blocked: string; readonly at: Time | null }
  /** What a thing is now, "" for nothing of note, or (undefined) that it is gone; `about` is shown when it begins. */
  | {
      readonly track: string;
      readonly id: string;
      readonly is: string | undefined;
      readonly about: Readonly<Record<string, unknown>>;
    };

/** Follows one server through the events of the model's reference. */
export interface Timeline {
  /** The name of thread 0. */
  readonly main: string;
  read(event: TraceEvent): readonly Drawn[];
}

/** How the story of one leak is made from the events of the model's reference. */
export interface Narrative {
  /** The response that counts the leaks. */
  readonly leaks: string;
  /** Whether something leaks by this event; the story is of the event's job. */
  readonly isLeak: (event: TraceEvent) => boolean;
  /** Whether the event is what may lead to a leak of its job: where somebody who looks on wants to begin. */
  readonly begins?: (event: TraceEvent) => boolean;
  /** Why it leaked, as the title of an instant of a timeline. */
  readonly cause: (leak: TraceEvent) => string;
  /** What leaked, in a few words: "job 7 and its print processor 3". */
  readonly subject: (leak: TraceEvent) => string;
  /** What happened, as a sentence without its full stop; undefined when the story is better without it. */
  readonly sentence: (event: TraceEvent) => string | undefined;
  /** What the event changed that matters to the story, a few words each: "guard of print processor 3 = 1". */
  readonly changes: (event: TraceEvent) => readonly string[];
  /**
   * Begins with the leak, and says of it and of each event after it whether the story is over. Without it a story is
   * over with its leak.
   */
  readonly follow?: (leak: TraceEvent) => (event: TraceEvent) => boolean;
  /** Draws the story from the events of its job, in order. */
  readonly picture?: (events: readonly TraceEvent[]) => StoryPicture;
}

export interface Background {
  readonly text: string;
  readonly links: readonly { readonly title: string; readonly href: string }[];
}

/** A story as a picture: a lane for each thing, and the moments that decide it. */
export interface StoryPicture {
  readonly lanes: readonly Lane[];
  readonly marks: readonly { readonly at: Time; readonly label: string; readonly tone: Tone }[];
}

/** What one thing does from when to when. */
export interface Lane {
  readonly name: string;
  readonly spans: readonly LaneSpan[];
}

export interface LaneSpan {
  readonly from: Time;
  /** Infinity for what does not end. */
  readonly to: Time;
  readonly label: string;
  readonly tone: Tone;
  /** The time in which other things go wrong: it is shaded across all lanes. */
  readonly isWindow?: true;
}

/** Whether something works, waits, is watched out for, or is lost for good. */
export type Tone = "busy" | "waiting" | "alert" | "lost";

/** How what is drawn for a server is written down as a script, which a parameter takes in place of the draws. */
export interface Scripted<V = Values<Parameters>> {
  /** The parameter that takes a script: its lines, one after the other; with "" everything is drawn. */
  readonly parameter: string;
  /** The lines that say what is drawn for the one server of the streams before `until` [us], in the order of time. */
  readonly record: (values: V, open: OpenStreams, until: Time) => readonly string[];
  /** Lines that say less than this one and may do in its place, the simplest first. */
  readonly simpler: (line: string) => readonly string[];
  /** Which events of a trace are steps, in whose words a script is said: those of its `event`. */
  readonly steps: ReadonlySet<string>;
}

/** A mean per event: total(of) / total(per), estimated per replication, with its closed form where there is one. */
export interface Mean {
  readonly name: string;
  readonly unit: string;
  readonly of: string;
  readonly per: string;
  readonly meaning: string;
}

/** Something that a server can run out of. */
export interface Limit {
  /** The response, a gauge or a leak, whose level rises to it. */
  readonly response: string;
  /** The response that tells when it happened. */
  readonly eventTime: string;
  /** In the unit of the response: the least level at which it happens. */
  readonly level: number;
  /** Its level when nothing has leaked [default: 0]. */
  readonly base?: number;
}

/** One number per server of the slice, in server order. */
export type Column = Float64Array | Int32Array | Uint32Array;

export interface Instance extends System {
  /** One column per response of the model, in the same order. */
  readonly columns: readonly Column[];
  /** Brings the columns up to `now`, after every event before `now` was handled. */
  observe(now: Time): void;
  /** Throws, naming the server and the numbers, when an invariant of the model does not hold. */
  check(): void;
  /** Who decides at barriers of a coordinated fleet; such an instance simulates the whole fleet. */
  readonly controller?: FleetController | undefined;
}

/** What a model's reference tells of one handled event. */
export interface TraceEvent {
  readonly time: Time;
  /** Its kind, as the model lists it. */
  readonly kind: string;
  /** What it happened to, where the model numbers such things. */
  readonly job: number | undefined;
  readonly instance: number | undefined;
  /** What it came to, and a few words on it. */
  readonly event: string;
  readonly detail: string;
  /** What it changed in the reference's state, as JSON patches; none where nobody watches. */
  readonly patches: readonly {
    readonly op: string;
    readonly path: readonly (string | number)[];
    readonly value?: unknown;
  }[];
}

/** A setting that people turn while they look on, and how far. */
export interface Control {
  /** The parameter; its unit and its meaning are the parameter's own. */
  readonly parameter: string;
  /** A few words: "jobs a day". */
  readonly label: string;
  /** Of a number: the range that is worth a look, within the parameter's own. */
  readonly min?: number;
  readonly max?: number;
  /** Of a number that is > 0: equal steps are equal factors. */
  readonly isLogarithmic?: true;
}

/** A server between two events, as it is drawn for somebody who steps through them. */
export interface Scene {
  readonly groups: readonly SceneGroup[];
  readonly gauges: readonly SceneGauge[];
  readonly code: SceneCode;
}

/** Things of one kind. */
export interface SceneGroup {
  readonly heading: string;
  readonly things: readonly SceneThing[];
  /** Said when there are none. */
  readonly none: string;
}

export interface SceneThing {
  readonly name: string;
  readonly does: string;
  readonly tone: Tone;
}

export interface SceneGauge {
  readonly label: string;
  readonly value: number;
  /** The level at which it has run out. */
  readonly ceiling?: number;
}

/** The program of the part that is looked at, and what of it the last event ran. */
export interface SceneCode {
  readonly title: string;
  readonly lines: readonly string[];
  /** Indices of the lines that ran. */
  readonly ran: readonly number[];
}

/** The same model said again, slowly and obviously, for one server: it makes traces and explanations. */
export interface ReferenceRun {
  /** The time of the next event [us]. */
  readonly nextTime: Time;
  /** What the server is now; an event that is watched never changes it, but replaces it. Needed for scenes. */
  readonly state?: object;
  /** Handles the earliest event. @param isWatched whether it says what the event changed, if that takes long */
  step(isWatched?: boolean): TraceEvent;
}

export interface Model<P extends Parameters = Parameters> {
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  /** The kinds of events, in the order in which events of equal time happen. */
  readonly kinds: readonly string[];
  readonly parameters: P;
  /** Parameters that had other names: old -> new. The old name is refused with the new one. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** What people look for that is no parameter, and in a sentence what to set instead. */
  readonly hints?: Readonly<Record<string, string>>;
  /** Settings that another setting implies, before the defaults: for example those of a site. */
  readonly presets?: (settings: Settings) => Settings;
  /**
   * Says which combination of values makes no sense, or nothing; every single value is already in its range; `servers`
   * are those of the fleet, as many as needed when not said. What begins with a parameter's name is reported where that
   * was set: "waveServers is 50; a wave is no larger than the fleet of 10 servers".
   */
  readonly validate?: (values: Values<P>, servers?: number) => string | undefined;
  /**
   * Whether the fleet is coordinated with these values: then an instance is created for the whole fleet, and has a
   * controller.
   */
  readonly isCoordinated?: (values: Values<P>) => boolean;
  readonly responses: readonly Response[];
  readonly means?: readonly Mean[];
  /** What it is about, in two or three sentences for somebody who has never heard of it, and where to read more. */
  readonly background?: Background;
  /**
   * What the words of its responses and parameters mean to somebody who does not know the field, each in a sentence:
   * reports explain them where they first appear.
   */
  readonly terms?: Readonly<Record<string, string>>;
  /** Simulated time begins on a Monday at midnight: the load follows the week. */
  readonly startsOnMonday?: true;
  /** What a server can run out of, so that it can be forecast when. */
  readonly limits?: (values: Values<P>) => readonly Limit[];
  /** Whether a leak can happen at all with these values: false only where it cannot; that it can when not said. */
  readonly canLeak?: (values: Values<P>, response: string) => boolean;
  /** The columns of the table of operational impact, in its order: first what is per server-day, then event times. */
  readonly impacts?: readonly Impact[];
  /** The prices of what happens, so that ways to run the servers can be compared. */
  readonly prices?: readonly Price[];
  /** What Performance Monitor would show of a server. */
  readonly counters?: (values: Values<P>) => readonly Counter[];
  /** How logs of real servers are imported. */
  readonly logged?: LoggedResponses;
  /** What advice may change and must know; needs prices and limits. */
  readonly upkeep?: Upkeep<Values<P>>;
  /** What a log of jobs says of its parameters. */
  readonly jobLog?: JobLog<Values<P>>;
  /** What can be learned of its parameters from counters. */
  readonly calibration?: Calibration;
  /** The trial that a fleet may make before a change goes to all its servers. */
  readonly trial?: Trial;
  /** The story of a leak; needs a reference. */
  readonly narrative?: Narrative;
  /** How a server's draws are written as a script, which can be made shorter; the steps need a narrative. */
  readonly scripted?: Scripted<Values<P>>;
  /** What a timeline draws of a server beside its gauges and leaks; needs a reference. */
  readonly timeline?: () => Timeline;
  /** What people turn while they look on; without it the first parameters that are numbers. */
  readonly controls?: readonly Control[];
  /** Draws a server after an event of the model's reference, which brought it from one state to another. */
  readonly scene?: (values: Values<P>, before: object, event: TraceEvent | undefined, after: object) => Scene;
  readonly create: (values: Values<P>, slice: Slice, open: OpenStreams) => Instance;
  /**
   * Says that an instance keeps all that changes in fields: numbers, texts, typed arrays, arrays, maps, sets, and
   * objects made of these; none in variables of closures or #private fields. It reads `slice.first` and draws from
   * `start` on only. Then one instance, brought back to its beginning, simulates slice after slice, and a simulation
   * can be saved and gone on with in another process. Without it every slice gets a new instance, which takes longer,
   * and nothing is saved. An instance that is made of closures names their typed arrays in a field more, whatever it is
   * called: `state: [queue, busySince]`.
   */
  readonly keepsStateInFields?: true;
  /** The model's reference, if it has one; it must handle the events that `create`'s instance handles. */
  readonly reference?: (
    values: Values<P>,
    seed: string,
    server: number,
    replication: number,
    decisions?: Decisions,
  ) => ReferenceRun;
  /**
   * The exact value of a leak response per server-day, or of a mean, where one is known: undefined elsewhere.
   * `name` is that of a response or a mean.
   */
  readonly closedForm?: (values: Values<P>, name: string) => number | undefined;
}

export type { Schedule, System };
