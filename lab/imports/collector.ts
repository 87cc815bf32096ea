/**
 * Collects what the readers of log formats find: readings and jobs, sorted by server and time, and lines that are left
 * out.
 *
 * A log is written forwards, so each line is later than the one before. If it is not, the clock was put back (or the
 * line is damaged), and the true time of the line is unknown: it is counted, named and left out. A single line that is
 * later than those after it is left out in the same way. If the second time of a file is earlier than the first, the
 * file is assumed to be in reverse order, as lists of events are.
 *
 * A file of which many lines would be left out by these rules is one that nobody sorted (isUnsorted). Its lines are
 * kept; all readings are sorted anyway.
 */
import { US_PER_HOUR, US_PER_MINUTE } from "../../sim/time-units.ts";
import { join } from "node:path";
import type { LoggedResponses } from "../../models/contract/logs.ts";
import { stampText } from "../calendar.ts";
import { SortedRows } from "./sorted-rows.ts";

/** A line or value that is left out. */
export interface Unreadable {
  /** As the user gave it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The text in the file. */
  readonly value: string;
  /** The rule that it breaks, in plain words. */
  readonly rule: string;
}

/** A place in a log where the clock was set back. */
export interface ClockChange {
  readonly server: number;
  /** The last time before it [us since 1970, local]. */
  readonly atUs: number;
  /** The time to which it was put back. */
  readonly backToUs: number;
}

/** A job from a log. Names of users and documents are not imported. */
export interface LoggedJob {
  readonly bytes: number;
  readonly pages: number;
  readonly type: string;
}

/** Counters that are none of the model and were not read. */
export interface UnknownCounters {
  readonly count: number;
  /** Whether there are more than `count`. */
  readonly hasMore: boolean;
  /** One of them without its computer, of the model's process if there is one; "" if there are none. */
  readonly example: string;
}

/** The limit on line numbers, so that file and line fit into one whole number below 2^53. */
const LINES_MAX = 68_719_476_736;
/**
 * Characters that no computer name and no Prometheus instance contains: invisible ones, and delimiters. A slash is in
 * many an instance: namespace/pod. Names are cells of tables, never paths.
 */
const DAMAGED = /[\p{C}\ufffd"\\{}<>|*?,;]/u;
/** No clock is put back by more in autumn. */
const BACK_US_MAX = US_PER_HOUR;
/** A clock is put back so many times in a log at most, and affects this share of its lines at most. */
const BACK_MAX = 2;
const BACK_SHARE_MAX = 0.1;
/** The most counters whose paths are kept, so that each is counted once. */
const UNKNOWN_MAX = 1000;
/** The longest value in the table of faults [characters]. */
const VALUE_LENGTH_MAX = 80;

export class Collector {
  readonly servers: string[];
  readonly types: string[];
  readonly files: readonly string[];
  readonly clockChanges: ClockChange[];
  /** Server, time, file and line, and one number per series, the process last. */
  readonly readings: SortedRows;
  /** Server, time, file and line, bytes, pages, type. */
  readonly jobs: SortedRows;
  /** By file: the number of lines or values that are left out. */
  readonly unreadable: number[];
  /** By file: the number of lines that were not in order of time and were sorted. */
  readonly sorted: number[];
  /** Cells of read columns with nothing in them, and the first of them: nothing was measured there. */
  readonly blanks: { count: number; first?: { readonly place: string; readonly column: string } };
  private readonly unknownPaths: Set<string>;
  private hasMoreUnknown: boolean;
  private unknownOfProcess: string | undefined;
  private readonly indexOfServer: Map<string, number>;
  private readonly indexOfType: Map<string, number>;
  private readonly faults: Unreadable[];
  private readonly biasUs: number;
  private file: number;
  private logs: Map<string, Log>;
  private readonly scratch: string;
  /** The lines of the file that are out of order: a reading, the time of the line before and the place of the rule. */
  private late: SortedRows | undefined;
  /** The number of readings before the file. */
  private before: number;

  /**
   * @param scratch a folder for data that does not fit into memory
   * @param biasMinutes the minutes to add to local time for UTC
   */
  constructor(files: readonly string[], logged: LoggedResponses, scratch: string, biasMinutes: number) {
    this.servers = [];
    this.types = [];
    this.files = files;
    this.clockChanges = [];
    this.readings = new SortedRows(4 + logged.responses.length, join(scratch, "readings"));
    this.jobs = new SortedRows(6, join(scratch, "jobs"));
    this.unreadable = files.map(() => 0);
    this.sorted = files.map(() => 0);
    this.scratch = scratch;
    this.before = 0;
    this.blanks = { count: 0 };
    this.unknownPaths = new Set();
    this.hasMoreUnknown = false;
    this.indexOfServer = new Map();
    this.indexOfType = new Map();
    this.faults = [];
    this.biasUs = biasMinutes * US_PER_MINUTE;
    this.file = 0;
    this.logs = new Map();
  }

  /** Begins a file; everything that follows belongs to it. */
  begin(file: number): void {
    this.end();
    this.file = file;
    this.before = this.readings.count;
  }

  /** Ends the last file. */
  end(): void {
    for (const log of this.logs.values()) if (log.pending !== undefined) this.keep(log, log.pending);
    if (this.late !== undefined) this.settleLate(this.late, [...this.logs.values()]);
    this.logs.clear();
  }

  /** Sorts the lines that are out of order, or leaves them out. */
  private settleLate(late: SortedRows, logs: readonly Log[]): void {
    const isUnsorted =
      late.count > BACK_SHARE_MAX * (this.readings.count - this.before + late.count) &&
      logs.some(({ backUs, backs }) => backUs > BACK_US_MAX || backs > BACK_MAX);
    for (const row of late.rows()) {
      if (isUnsorted) this.readings.add(row.subarray(0, -2));
      else this.leaveOut(row);
    }
    if (isUnsorted) this.sorted[this.file] = late.count;
    late.close();
    this.late = undefined;
  }

  /** Converts a time to local time in the import's zone. */
  local({ us, isUtc }: { readonly us: number; readonly isUtc: boolean }, biasMinutes?: number): number {
    if (isUtc) return us - this.biasUs;
    return biasMinutes === undefined ? us : us + biasMinutes * US_PER_MINUTE - this.biasUs;
  }

  /**
   * Adds values of a server at a time.
   *
   * @param log identifies one of the logs in a file, each in order of time: a server, or a metric
   * @param values by series, the process last; copied
   */
  reading(server: string, log: string, timeUs: number, line: number, values: ArrayLike<number>): void {
    const index = this.indexOf(server, line);
    if (index === undefined) return;
    const row = Float64Array.of(index, timeUs, this.orderOf(line), ...Array.from(values));
    this.follow(log, { row, line });
  }

  /** Notes a server of which a line says nothing that can be read. */
  silent(server: string, line: number): void {
    this.indexOf(server, line);
  }

  job(server: string, timeUs: number, line: number, { bytes, pages, type }: LoggedJob): void {
    const index = this.indexOf(server, line);
    if (index === undefined) return;
    const typeIndex = indexIn(this.types, this.indexOfType, type, type);
    const row = Float64Array.of(index, timeUs, this.orderOf(line), bytes, pages, typeIndex);
    // Job logs are ordered by the end of jobs, not by their start, so they are sorted instead of followed.
    this.jobs.add(row);
  }

  blank(line: number, column: string): void {
    this.blanks.count++;
    this.blanks.first ??= { place: `${this.files[this.file]!}:${line}`, column };
  }

  /** Notes the path of a counter that is not read. One of the process may be a counter of the model, renamed. */
  unknown(path: string, isOfProcess: boolean): void {
    const counter = path.replace(/^\\\\[^\\]+/, "");
    if (isOfProcess) this.unknownOfProcess ??= counter;
    if (this.unknownPaths.size < UNKNOWN_MAX) this.unknownPaths.add(counter);
    else if (!this.unknownPaths.has(counter)) this.hasMoreUnknown = true;
  }

  unknownCounters(): UnknownCounters {
    const [first = ""] = this.unknownPaths;
    return {
      count: this.unknownPaths.size,
      hasMore: this.hasMoreUnknown,
      example: this.unknownOfProcess ?? first,
    };
  }

  fault(line: number, value: string, rule: string, file = this.file): void {
    this.unreadable[file]!++;
    const text = value.length > VALUE_LENGTH_MAX ? `${value.slice(0, VALUE_LENGTH_MAX - 3)}...` : value;
    this.faults.push({ file: this.files[file]!, line, value: text, rule });
  }

  /** Whether two orders made by orderOf belong to the same file. */
  isSameFile(one: number, other: number): boolean {
    return Math.floor(one / LINES_MAX) === Math.floor(other / LINES_MAX);
  }

  /** Records a fault at a place given by orderOf. */
  faultAt(order: number, value: string, rule: string): void {
    this.fault(order % LINES_MAX, value, rule, Math.floor(order / LINES_MAX));
  }

  /** Returns the faults since the last call. */
  takeFaults(): Unreadable[] {
    return this.faults.splice(0);
  }

  close(): void {
    this.late?.close();
    this.readings.close();
    this.jobs.close();
  }

  /** Undefined, with a fault for the line, if the name is damaged. */
  private indexOf(server: string, line: number): number | undefined {
    // Computer names are case-insensitive.
    const key = server.toLowerCase();
    const known = this.indexOfServer.get(key);
    if (known === undefined && DAMAGED.test(server)) {
      this.fault(line, server, "the name of a server has no such character");
      return undefined;
    }
    return known ?? indexIn(this.servers, this.indexOfServer, key, server);
  }

  private orderOf(line: number): number {
    return this.file * LINES_MAX + line;
  }

  /** Holds each line back until the next line shows that its time is not too late. */
  private follow(name: string, entry: Entry): void {
    const key = `${entry.row[0]} ${name}`;
    const timeUs = entry.row[1]!;
    const log = this.logs.get(key);
    if (log === undefined) {
      const start = { direction: 0, keptUs: NaN, lastUs: timeUs, backs: 0, backUs: 0 };
      this.logs.set(key, { ...start, pending: entry, isConfirmed: false });
      return;
    }
    const pending = log.pending!;
    const pendingUs = pending.row[1]!;
    if (timeUs === pendingUs) {
      this.fault(entry.line, stampText(timeUs), "it has the same time as a line before it");
      return;
    }
    if (log.direction === 0) log.direction = Math.sign(timeUs - pendingUs);
    if ((timeUs - log.lastUs) * log.direction < 0) log.backs++;
    log.lastUs = timeUs;
    if ((timeUs - pendingUs) * log.direction > 0) {
      this.keep(log, pending);
      log.pending = entry;
      log.isConfirmed = false;
      return;
    }
    const isAlone = (timeUs - log.keptUs) * log.direction > 0 && !log.isConfirmed;
    const rule = isAlone ? Rule.beforeNext : log.direction > 0 ? Rule.afterLast : Rule.beforeLast;
    this.outOfOrder(isAlone ? pending : entry, pendingUs, rule);
    if (isAlone) log.pending = entry;
    else {
      log.isConfirmed = true;
      log.backUs = Math.max(log.backUs, Math.abs(timeUs - pendingUs));
    }
  }

  private keep(log: Log, { row }: Entry): void {
    this.readings.add(row);
    log.keptUs = row[1]!;
  }

  private outOfOrder({ row }: Entry, lastUs: number, rule: number): void {
    this.late ??= new SortedRows(row.length + 2, join(this.scratch, "late"));
    this.late.add([...row, lastUs, rule]);
  }

  private leaveOut(row: Float64Array): void {
    const [server, timeUs, order] = row as unknown as [number, number, number];
    const [lastUs, rule] = row.subarray(-2) as unknown as [number, number];
    this.faultAt(order, stampText(timeUs), orderRules[rule]!);
    const last = this.clockChanges.at(-1);
    if (timeUs < lastUs && !(last?.server === server && last.atUs === lastUs)) {
      this.clockChanges.push({ server, atUs: lastUs, backToUs: timeUs });
    }
  }
}

const Rule = { beforeNext: 0, afterLast: 1, beforeLast: 2 } as const;
const orderRules = [
  "it is later than the line after it",
  "it is not later than a line before it: the clock was put back, or the lines are not sorted",
  "it is not earlier than a line before it, in a file whose newest line is the first",
];

interface Entry {
  readonly row: Float64Array;
  readonly line: number;
}

interface Log {
  /** 1 forwards, -1 backwards, 0 if unknown. */
  direction: number;
  /** The time of the last reading that was kept, and of the last line. */
  keptUs: number;
  lastUs: number;
  /** How often a line is not in the direction, and how far at most. */
  backs: number;
  backUs: number;
  pending: Entry | undefined;
  /** Whether a following line has contradicted it. */
  isConfirmed: boolean;
}

function indexIn(names: string[], indices: Map<string, number>, key: string, name: string): number {
  const known = indices.get(key);
  if (known !== undefined) return known;
  indices.set(key, names.length);
  names.push(name);
  return names.length - 1;
}
