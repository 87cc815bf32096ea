/**
 * Scores answers about series whose truth is known: whether a server leaks, since when, and when it runs out.
 *
 * The series are a table of `export --series`. Answers are based on the first half of each series. Proportions have
 * Wilson's interval and means have t intervals, both between servers: the series of one server at several design points
 * share random numbers and are not independent. If a server runs out of nothing by the horizon, a
 * forecast beyond the horizon has no error, and an interval that ends before it has failed.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { neverNegative, ratioEstimate, sum } from "../../statistics/estimate.ts";
import { clusteredInterval } from "../../statistics/proportion.ts";
import { extent } from "../experiment/scenario.ts";
import { itemAt } from "../lists.ts";
import { enumerated } from "../reports/format.ts";
import { readTable, numberOf } from "../results/csv-reader.ts";
import { number, integer, table, text, type Table } from "../results/csv.ts";
import { argument, UserError } from "../user-error.ts";
import { linesOf } from "../imports/log-lines.ts";
import { detectors } from "./detectors.ts";

/** The share of a series that is visible before the answer. */
const SEEN = 0.5;
const READINGS_PER_DAY = 4;
const LEVEL = 0.05;

/** A series and its truth, in days since its start. */
export interface TrueSeries {
  /** The cells of the columns before timeUs, separated by commas. */
  readonly id: string;
  /** The replication and the server, separated by a comma; all cells of the id if the table lacks these columns. */
  readonly server: string;
  readonly horizonDays: number;
  /** The end of the visible part. */
  readonly lookDays: number;
  /** Infinity if there is no leak by the horizon. */
  readonly onsetDays: number;
  /** The first time at which something runs out; Infinity if nothing does. */
  readonly exhaustionDays: number;
  /** Four readings a day until the look, in the order of the requested columns; the first is 6 h after the start. */
  readonly gauges: readonly Float64Array[];
}

/** An answer about a series; NaN where it says nothing. */
export interface Answer {
  readonly leaks: boolean | undefined;
  readonly onsetDays: number;
  /** When the server runs out: the median, and a 90 % interval [d since the start]. */
  readonly lowerDays: number;
  readonly medianDays: number;
  readonly upperDays: number;
}

/** A row of the scores. */
export interface Score {
  /** The source of the answers: a file, or a detector on a gauge. */
  readonly by: string;
  readonly task: string;
  /** The number of series that count for the task, and of those with an answer. */
  readonly series: number;
  readonly answered: number;
  /** A share, or a mean error [d], with its 95 % interval. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const ANSWERS = ["leaks", "onsetDay", "exhaustionLower", "exhaustionMedian", "exhaustionUpper"] as const;

const TRUTH = ["timeUs", "onsetUs", "nextExhaustionUs"] as const;

/** The columns that identify a series. @throws UserError when the file is not a table of series with these gauges */
async function idsOf(file: string, gauges: readonly string[] = []): Promise<string[]> {
  for await (const { texts } of linesOf(file)) {
    const names = itemAt(texts, 0)
      .replace(/^\ufeff/, "")
      .split(",");
    const time = names.indexOf("timeUs");
    if (time <= 0 || !TRUTH.every((name) => names.includes(name))) break;
    const missing = gauges.find((gauge) => !names.includes(gauge));
    if (missing === undefined) return names.slice(0, time);
    throw new UserError(
      argument("columns"),
      ` ${missing} is not in ${file}; it has ${names.slice(time + 1).join(", ")}`,
    );
  }
  throw new UserError(
    `${file} is not a table of series with columns ${enumerated(TRUTH)}, as spoolsim export --series writes it`,
  );
}

/**
 * Yields the series of a table, one in memory at a time. @throws UserError when it is not such a table or lacks a
 * column
 */
export async function* trueSeries(file: string, gauges: readonly string[]): AsyncIterable<TrueSeries> {
  const ids = await idsOf(file, gauges);
  const columns = [...ids, ...TRUTH, ...gauges];
  let rows: (readonly string[])[] = [];
  const idOf = (row: readonly string[]) => row.slice(0, ids.length).join(",");
  const known = new Set<string>();
  let line = 1;
  for await (const portion of readTable(file, columns)) {
    for (const row of portion as readonly (readonly string[])[]) {
      line++;
      const id = idOf(row);
      if (rows.length > 0 && idOf(rows[0]!) !== id) {
        yield seriesOf(ids, rows, gauges.length);
        rows = [];
      }
      const fault = rows.length === 0 && known.has(id) ? againText(id) : faultOf(columns, ids.length, row, rows.at(-1));
      if (fault !== undefined) throw new UserError(`${file}:${line} ${fault}`);
      known.add(id);
      rows.push(row);
    }
  }
  if (rows.length === 0) throw new UserError(`${file} has no series`);
  yield seriesOf(ids, rows, gauges.length);
}

function againText(id: string): string {
  return `begins the series ${id} again; the rows of a series follow each other`;
}

/** The longest time that can be simulated. */
const TIME_US_MAX = extent.horizonDays.max * US_PER_DAY;

/** What is wrong with a row, if something is. @param at the column of its time @param last the row before it */
function faultOf(
  columns: readonly string[],
  at: number,
  row: readonly string[],
  last: readonly string[] | undefined,
): string | undefined {
  for (let i = at; i < columns.length; i++) {
    const cell = itemAt(row, i);
    const value = Number(cell);
    const isTime = i < at + TRUTH.length;
    const mayBeEmpty = i > at;
    if (cell === "" ? mayBeEmpty : isTime ? value >= 0 && value <= TIME_US_MAX : !Number.isNaN(value)) continue;
    const rule = isTime ? `a number of microseconds in [0, ${TIME_US_MAX}]` : "a number";
    return `${columns[i]} is ${cell}; it must be ${rule}${mayBeEmpty ? ", or empty" : ""}`;
  }
  const [time, before] = [itemAt(row, at), last?.[at]];
  if (before === undefined || Number(time) > Number(before)) return undefined;
  return `timeUs is ${time}, after ${before}; the rows of a series are in the order of time`;
}

function seriesOf(names: readonly string[], rows: readonly (readonly string[])[], gauges: number): TrueSeries {
  const from = names.length;
  const id = itemAt(rows, 0).slice(0, from).join(",");
  const day = (row: readonly string[], at: number) => numberOf(itemAt(row, at)) / US_PER_DAY;
  const known = (days: number) => (Number.isNaN(days) ? Infinity : days);
  const first = itemAt(rows, 0);
  const own = names.flatMap((name, i) => (name === "replication" || name === "server" ? [itemAt(first, i)] : []));
  const horizonDays = day(itemAt(rows, rows.length - 1), from);
  const lookDays = SEEN * horizonDays;
  const readings = Array.from({ length: gauges }, () =>
    new Float64Array(Math.floor(lookDays * READINGS_PER_DAY)).fill(NaN),
  );
  for (const row of rows) {
    const slot = Math.ceil(day(row, from) * READINGS_PER_DAY - 1e-9) - 1;
    for (const [g, values] of readings.entries()) {
      if (slot < values.length) values[slot] = numberOf(itemAt(row, from + 3 + g));
    }
  }
  return {
    id,
    server: own.length === 0 ? id : own.join(","),
    horizonDays,
    lookDays,
    onsetDays: known(day(first, from + 1)),
    exhaustionDays: known(day(first, from + 2)),
    gauges: readings,
  };
}

/** Scores a file of answers. @throws UserError at an answer that is malformed or belongs to no series */
export async function scoresOfAnswers(
  series: readonly TrueSeries[],
  file: string,
  seriesFile: string,
): Promise<Score[]> {
  const ids = await idsOf(seriesFile);
  const answers = new Map<string, Answer>();
  let line = 1;
  const columns = [...ids, ...ANSWERS];
  const what =
    `it must be a file of your answers about ${seriesFile}, a row for each series, with the columns ` +
    `${enumerated(columns)} (docs/reference-series.md)`;
  for await (const portion of readTable(file, columns, what)) {
    for (const row of portion as readonly (readonly string[])[]) {
      line++;
      const id = row.slice(0, ids.length).join(",");
      if (!series.some((one) => one.id === id))
        throw new UserError(`${file}:${line} answers for ${id}, which is not a series of ${seriesFile}`);
      if (answers.has(id)) throw new UserError(`${file}:${line} answers for ${id} a second time`);
      const [leaks = "", ...numbers] = row.slice(ids.length);
      if (!["yes", "no", ""].includes(leaks))
        throw new UserError(`${file}:${line} leaks is ${leaks}; it must be yes, no or empty`);
      const [onsetDays, lowerDays, medianDays, upperDays] = numbers.map((cell, i) => {
        const value = numberOf(cell);
        if (cell !== "" && !(value >= 0))
          throw new UserError(
            `${file}:${line} ${ANSWERS[i + 1]} is ${cell}; it must be a number of days of at least 0, or empty`,
          );
        return value;
      }) as [number, number, number, number];
      const ends = [lowerDays, medianDays, upperDays].filter((days) => !Number.isNaN(days));
      if (ends.some((days, i) => days < (ends[i - 1] ?? 0)))
        throw new UserError(
          `${file}:${line} exhaustionLower, exhaustionMedian and exhaustionUpper are ${ends.join(", ")}; they must not decrease`,
        );
      const answer = leaks === "" ? undefined : leaks === "yes";
      answers.set(id, { leaks: answer, onsetDays, lowerDays, medianDays, upperDays });
    }
  }
  return scoresOf(file, series, (one) => answers.get(one.id));
}

/**
 * Scores the detectors on each gauge: an alarm at the look, with the day of the first alarm at a noon as the onset.
 * With too few readings a detector has no answer.
 */
export function scoresOfDetectors(series: readonly TrueSeries[], gauges: readonly string[]): Score[] {
  return gauges.flatMap((gauge, g) =>
    detectors
      .filter(({ needsOther }) => needsOther !== true)
      .flatMap((detector) =>
        scoresOf(`${detector.name} on ${gauge}`, series, ({ gauges: readings, lookDays }) => {
          const all = itemAt(readings, g);
          const alarmBy = (days: number) => {
            const watch = {
              readings: all.subarray(0, Math.floor(days * READINGS_PER_DAY)),
              readingsPerDay: READINGS_PER_DAY,
              level: LEVEL,
            };
            return detector.applies(watch) ? detector.alarms(watch) : undefined;
          };
          const leaks = alarmBy(lookDays);
          let onsetDays = NaN;
          for (let noon = 0.5; leaks === true && Number.isNaN(onsetDays) && noon <= lookDays; noon++) {
            if (alarmBy(noon) === true) onsetDays = noon;
          }
          return { leaks, onsetDays, lowerDays: NaN, medianDays: NaN, upperDays: NaN };
        }),
      ),
  );
}

function scoresOf(
  by: string,
  series: readonly TrueSeries[],
  answerOf: (series: TrueSeries) => Answer | undefined,
): Score[] {
  const scored = series.map((one) => ({ one, answer: answerOf(one) }));
  const leaking = scored.filter(({ one }) => one.onsetDays <= one.lookDays);
  const sound = scored.filter(({ one }) => one.onsetDays > one.lookDays);
  const alarmed = (some: typeof scored) => some.filter(({ answer }) => answer?.leaks !== undefined);
  const dated = leaking.filter(({ answer }) => !Number.isNaN(answer?.onsetDays ?? NaN));
  const running = scored.filter(({ one }) => one.exhaustionDays > one.lookDays);
  const forecast = running.filter(({ answer }) => !Number.isNaN(answer?.medianDays ?? NaN));
  const bounded = forecast.filter(({ answer }) => !Number.isNaN(answer!.lowerDays));
  const share = (
    task: string,
    all: number,
    answered: typeof scored,
    holds: (one: (typeof scored)[number]) => boolean,
  ): Score => {
    const held = sumsByServer(answered, (one) => (holds(one) ? 1 : 0));
    const interval = clusteredInterval(held.sums, held.counts);
    return { by, task, series: all, answered: answered.length, value: sum(held.sums) / answered.length, ...interval };
  };
  const error = (
    task: string,
    all: number,
    answered: typeof scored,
    of: (one: (typeof scored)[number]) => number,
  ): Score => {
    const { sums, counts } = sumsByServer(answered, of);
    const { value, lower, upper } = neverNegative(ratioEstimate(sums, counts));
    // Where no error was seen, the servers do not say how large one can be.
    const interval = value === 0 ? { lower: NaN, upper: NaN } : { lower, upper };
    return { by, task, series: all, answered: answered.length, value, ...interval };
  };
  return [
    share("leaks found", leaking.length, alarmed(leaking), ({ answer }) => answer!.leaks === true),
    share("false alarms", sound.length, alarmed(sound), ({ answer }) => answer!.leaks === true),
    error("onset: error [d]", leaking.length, dated, ({ one, answer }) => Math.abs(answer!.onsetDays - one.onsetDays)),
    error("forecast: error [d]", running.length, forecast, ({ one, answer }) => {
      // Both are cut off at the horizon, after which nothing is known.
      return Math.abs(Math.min(answer!.medianDays, one.horizonDays) - Math.min(one.exhaustionDays, one.horizonDays));
    }),
    // A forecast without a lower end has no interval, so nothing could have held.
    share("forecast: 90 % held", running.length, bounded, ({ one, answer }) => {
      const { lowerDays, upperDays } = answer!;
      const isEver = one.exhaustionDays < Infinity;
      // Without an upper end, the interval is unbounded.
      const upper = Number.isNaN(upperDays) ? Infinity : upperDays;
      return isEver ? lowerDays <= one.exhaustionDays && one.exhaustionDays <= upper : upper >= one.horizonDays;
    }),
  ].filter(({ answered }) => answered > 0);
}

/** The sum of values over the series of each server, and how many series it has. */
function sumsByServer<T extends { readonly one: TrueSeries }>(answered: readonly T[], of: (one: T) => number) {
  const servers = [...new Set(answered.map(({ one }) => one.server))];
  const indices = new Map(servers.map((server, index) => [server, index]));
  const [sums, counts] = [new Float64Array(servers.length), new Float64Array(servers.length)];
  for (const one of answered) {
    const index = indices.get(one.one.server)!;
    sums[index]! += of(one);
    counts[index]!++;
  }
  return { sums, counts };
}

export const scoresTable: Table<Score> = table("scores", "a task, and who answered", [
  text("by", "a file of answers, or a detector on a gauge", ({ by }) => by),
  text("task", "a share, or a mean error in days", ({ task }) => task),
  integer("series", "1", "series that count for the task", (row) => row.series),
  integer("answered", "1", "of these, those with an answer", (row) => row.answered),
  number("value", "see task", "the share, or the mean error", ({ value }) => value),
  number(
    "lower",
    "see task",
    "lower end of its 95 % interval (Wilson's, or Student's); empty if no error was seen",
    ({ lower }) => lower,
  ),
  number("upper", "see task", "upper end of the interval", ({ upper }) => upper),
]);
