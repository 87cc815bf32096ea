/**
 * How the model relates to the logs of real servers: counters, metrics, job logs, and the parameters they determine.
 */
import type { Parameters, Settings, Values } from "./parameters.ts";

/** A counter of Performance Monitor: a response, a constant, or their sum. */
export interface Counter {
  /** The path without the computer: "Process(%s)\Handle Count"; %s stands for the name of the process. */
  readonly path: string;
  /** The response that it shows, if any. */
  readonly response?: string;
  /** A constant that is added [default: 0]. */
  readonly plus?: number;
}

/** The counters of Performance Monitor and the metrics of Prometheus that show a quantity. */
export interface LoggedSeries {
  /** Paths without the computer, as in Counter. */
  readonly counters: readonly string[];
  /** Metrics, and the labels with their values that a sample must have. */
  readonly metrics: readonly { readonly name: string; readonly labels?: Readonly<Record<string, string>> }[];
  /** Samples of the same time are added: for example, one for each printer. */
  readonly isSum?: true;
}

/** How logs of real servers are read as responses of the model. */
export interface LoggedResponses<Name extends string = string> {
  /** Names of the process: for %s in the path of a counter, and for the label `process` of a metric. */
  readonly processes: readonly string[];
  /** In order of preference if a response has several. */
  readonly responses: readonly (LoggedSeries & { readonly response: Name })[];
  /** A series that changes when the process is replaced: its number, or its start time. */
  readonly process: LoggedSeries;
  /** Responses that fall back to their first level when the process ends. */
  readonly givenBack: readonly Name[];
}

/**
 * How a job log determines parameters, which are given by name. A parameter that the log does not show, or that is not
 * named here, keeps its value.
 */
export interface JobLog<V = Values<Parameters>> {
  /** Jobs per server in this many hours: of a working day if the log gives shares of hours, otherwise of any day. */
  readonly rate: { readonly parameter: string; readonly hours: number };
  /** A list of 168: the jobs of each hour of the week as a share of a working day's jobs, from Monday 0:00. */
  readonly hours?: string;
  readonly pages?: {
    /** The mean of the jobs that are not empty. */
    readonly mean: string;
    /** The largest number of pages. */
    readonly largest: string;
    /** The share of empty jobs. */
    readonly empty: string;
    /** The share of jobs with at most this many pages among those that are not empty. */
    readonly cumulative: (values: V, pages: number) => number;
  };
  /** Types of jobs. A job has the first type that matches its logged type, or the last type if none matches. */
  readonly types?: readonly {
    readonly name: string;
    readonly matches: RegExp;
    /** The parameter with its share of jobs. The last type has none: it gets the rest. */
    readonly share?: string;
    readonly bytesPerPage: string;
  }[];
}

/** How the model's parameters are estimated from the counters of a server. */
export interface Calibration {
  /** Parameters that no single counter shows. They are estimated unless the user names others. */
  readonly unknown: readonly string[];
  /** Gauge -> the parameter that is added to all its readings. */
  readonly bases: Readonly<Record<string, string>>;
  /** Parameters that identify the servers: a posterior keeps their values, whether set or default. */
  readonly facts?: readonly string[];
  /** Rival explanations, which are compared. The first is the model as it is. */
  readonly rivals: readonly Rival[];
}

/** A rival explanation of the leak: settings, and the parameters that are unknown if it is right. */
export interface Rival {
  readonly name: string;
  /** A phrase without its name. */
  readonly meaning: string;
  readonly settings: Settings;
  /** Replaces the unknown parameters of the calibration. */
  readonly unknown: readonly string[];
}
