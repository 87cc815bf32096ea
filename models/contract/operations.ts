/** The operator's view of a model: operational impact, prices, and what can be changed. */
import type { Duration, Time } from "../../sim/event-list.ts";
import type { Parameters, Settings, Values } from "./parameters.ts";

/**
 * A column of the table of operational impact: what the leaks and their remedies cost users and staff. A count or a
 * total is shown per server-day. An event time is shown as the number of servers (or fleets) on which it happened.
 */
export interface Impact {
  readonly response: string;
  /** The heading of the column, with the unit that is shown: "staff [min]". */
  readonly heading: string;
  /** The size of the shown unit in units of the response [default: 1]: 60e6 us are a minute. */
  readonly size?: number;
  /** It happens only if the experiment administers its servers. Then the table of operational impact is shown. */
  readonly attended?: true;
}

/**
 * The price of one unit of a response. With prices, one number compares ways to run the servers. Users set their own;
 * the default is an assumption, in any currency.
 */
export interface Price {
  /** The name on the command line: staffHour. */
  readonly name: string;
  /** What is paid for, to complete "the price of ...": "an hour of staff time". */
  readonly meaning: string;
  /** The unit in one word: "hour", "job", "server". */
  readonly unit: string;
  /** The amount per unit, in [0, 1e9]. */
  readonly default: number;
  /**
   * The response that the price multiplies, summed over servers; of an event time, the servers on which it happened.
   */
  readonly response: string;
  /** The size of the priced unit in units of the response [default: 1]: 3600e6 us are an hour. */
  readonly size?: number;
}

/** A trial that ends in a verdict on the whole fleet: the event times of the verdicts, and their words in answers. */
export interface Trial {
  /** What is tried, in the singular: "roll-out". */
  readonly noun: string;
  /** The verdict after which it goes on: "the judge passes the canaries in" 3 of 20 roll-outs. */
  readonly passed: { readonly eventTime: string; readonly words: string };
  /** The verdict that ends it: "halts" 2. */
  readonly halted: { readonly eventTime: string; readonly words: string };
}

/** The course of the changes of a fleet until the horizon. */
export interface ChangesCourse {
  /** By server: when a change did harm [us]; NaN if none did. */
  readonly harmedUs: readonly Time[];
  /** When the changes were halted [us]; NaN if they were not. */
  readonly haltedUs: Time;
}

/** A level that restarts the service of a server which reaches it. */
export interface RestartLevel {
  /** The leaks that raise it. */
  readonly leaks: readonly string[];
  /** How much they raise it until then, in their unit. */
  readonly rise: number;
}

/** What an operator can change in a fleet and needs to know about it. `advise` is based on this. */
export interface Upkeep<V = Values<Parameters>> {
  readonly restart: {
    /** The parameter with the interval of calendar restarts [h]; 0 for never. */
    readonly parameter: string;
    /** The calendar allows only multiples of this interval [h]. */
    readonly stepHours: (values: V) => number;
    /** The times before `until` [us] at which the calendar restarts every service, in ascending order. */
    readonly times: (values: V, until: Time) => readonly Time[];
    /** If a level that a server reaches restarts its service, too. Unless given: none does. */
    readonly trigger?: (values: V) => RestartLevel | undefined;
    /** Whether users soon have a server restarted that has run out of something [default: no]. */
    readonly isRescued?: (values: V) => boolean;
    /** Whether a restart has consequences, such as another hang, more than a quarter of an hour later [default: no]. */
    readonly lingers?: (values: V) => boolean;
    /** The response that counts the later consequences that some restarts have by chance. Unless given: none have. */
    readonly relapses?: (values: V) => string | undefined;
    /** The response that counts all restarts. Each releases what has leaked, except what is kept. */
    readonly response: string;
    /** The response that counts those for changes, for their repair and undoing. Unless given: one for each change. */
    readonly forChanges?: string;
    /** The leaks that a restart does not release. Unless given: none. */
    readonly keeps?: (values: V) => readonly string[];
    /** Priced responses that are present numbers, which a restart takes back. */
    readonly takesBack: readonly string[];
    /** Those of them of which, with these settings, a restart does not take back all. Unless given: none. */
    readonly losesSome?: (values: V) => readonly string[];
  };
  /** The event time at which users notice. */
  readonly noticed: string;
  /** A total [us]: for how long jobs have been stuck. Its rate of change is the number of jobs that are stuck now. */
  readonly waiting: string;
  /** The event time after which a server no longer leaks because it was changed. */
  readonly fixed: string;
  /** Leaks with other causes than the one that is then fixed: a change may leave them. Unless given: none. */
  readonly otherLeaks?: readonly string[];
  /**
   * When the last change that is planned for any of so many servers has been made [us], if nothing halts or delays it.
   * Unless given: 0, no changes are planned.
   *
   * @param each each server stands for so many, which are changed one after another [default: 1]
   */
  readonly changedBy?: (values: V, servers: number, each?: number) => Time;
  /** The event time at which a change did harm. */
  readonly harmed: string;
  /** How long it takes to repair harm [us]. Unless given: 0. */
  readonly repair?: (values: V) => Duration;
  /**
   * When changes that did harm, or that were judged, have been undone on all of so many servers [us]; 0 if they are
   * kept. Unless given: 0.
   */
  readonly undoneBy?: (values: V, servers: number, course: ChangesCourse) => Time;
  /** The leak by which canaries are judged. */
  readonly leak: string;
  /**
   * The parameters that people can decide besides those whose source says so ("decision"): policies differ in these.
   * Unless given: none.
   */
  readonly decided?: readonly (keyof V & string)[];
  /** The parameter that advice treats as unknown by default. */
  readonly unknown: string;
  readonly canaries: {
    /** Settings that change this number of canaries at once and judge them after this number of days. */
    readonly settings: (canaries: number, days: number) => Settings;
    /**
     * Settings of a fleet of those servers that do not have the fix at the start; undefined if all have it. Unless
     * given: none has it.
     */
    readonly unfixed?: (values: V) => Settings | undefined;
    /** Settings of a change that fixes nothing. */
    readonly placebo: Settings;
    /** The parameter with the confidence of the judge. */
    readonly confidence: string;
    /** The event time of a favourable verdict. */
    readonly passed: string;
    /** The response that counts the changes that were made. */
    readonly made: string;
    /** The number of changes that each server is to get. Unless given: as many as were made. */
    readonly wanted?: (values: V) => number;
    /** The response that counts the changes that were undone. Unless given: none is. */
    readonly undone?: string;
    /** The event time, of a fleet, at which its changes were halted. Unless given: nothing halts them. */
    readonly halted?: string;
    /** Responses above 0 on a server that gets no more changes, however many were made. Unless given: none. */
    readonly ended?: readonly string[];
  };
}
