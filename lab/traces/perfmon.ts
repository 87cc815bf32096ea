/**
 * A server as its administrators saw it: the counters of Performance Monitor, in the text format PDH-CSV 4.0, which
 * perfmon, relog and PAL read.
 *
 * The counters are those that the model lists. The log of a leak is a staircase: it rises while jobs are altered, is
 * flat when nobody prints, and drops at a restart.
 *
 * Every field is in double quotes, separated by commas; lines end with CRLF; the first line has the format, the time
 * zone, its bias and the path of each counter. An unknown value is a blank. The stamps are local time in a zone without
 * daylight saving time, so no hour is missing or repeated.
 *
 * The server is simulated again, alone unless the fleet is coordinated. The frequency of samples does not affect it.
 */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import { dateOf, dayOfText, two, weekdayOf } from "../calendar.ts";
import type { Sink } from "../results/csv.ts";
import { execute, sampleTimes } from "../execution/run.ts";
import { SAMPLES_MAX } from "../experiment/scenario.ts";
import { cutsOf, measured, type Measurement } from "./measurement.ts";
import type { ServerSelector } from "./trace.ts";
import { UserError, argument } from "../user-error.ts";
import { itemAt } from "../lists.ts";

/** What a log says about its machine. */
export interface Machine {
  /** The machine's name, without backslashes. */
  readonly computer: string;
  /** The name of the spooler's process: spoolss on NT 4.0, spoolsv later. */
  readonly instance: string;
  /** The name of its time zone, and the minutes to add to local time to get UTC. */
  readonly zone: string;
  readonly biasMinutes: number;
  /** The day on which the simulation begins, a Monday, counted from 1 January 1970. */
  readonly startDay: number;
}

/**
 * Writes the log of the server: a line every `everyUs` [us] and one at the horizon.
 *
 * @param how the measurement errors; none if omitted
 * @throws UserError when the model has none of the counters, or the log would have too many lines
 */
export async function writePerfmonLog(
  selector: ServerSelector,
  everyUs: number,
  machine: Machine,
  sink: Sink,
  how?: Measurement,
  signal?: AbortSignal,
): Promise<void> {
  const { resolved, seed, replication, server } = selector;
  const { model, values } = resolved;
  const names = model.responses.map(({ name }) => name);
  const counters = model.counters?.(values) ?? [];
  if (counters.length === 0) throw new UserError(`${model.name} declares no counters of Performance Monitor`);
  const scenario = { ...resolved.scenario, sampleEveryHours: everyUs / US_PER_HOUR };
  const lines = Math.ceil((scenario.horizonDays * US_PER_DAY) / everyUs);
  if (lines > SAMPLES_MAX) {
    throw new UserError(`a log has at most ${SAMPLES_MAX} lines, not ${lines}; sample less often, or for fewer days`);
  }
  // The servers of a coordinated fleet must be simulated together.
  const isCoordinated = model.isCoordinated?.(values) === true;
  const [first, count] = isCoordinated ? [0, scenario.servers] : [server, 1];
  const run = { point: 0, replication, seed, scenario, first, count, sliceSize: 1 };
  const { samples } = await execute(run, signal);
  const times = sampleTimes(scenario);
  const column = (name: string) => {
    const at = names.indexOf(name);
    return Float64Array.from(times, (_, sample) =>
      itemAt(samples, (sample * names.length + at) * count + server - first),
    );
  };
  const restarts = model.upkeep?.restart.response;
  const cuts = restarts === undefined ? new Uint8Array(times.length) : cutsOf(column(restarts));
  const read = model.responses
    .filter(({ name }) => counters.some(({ response }) => response === name))
    .map((response): [string, Float64Array] => {
      const exact = column(response.name);
      if (how === undefined || response.role !== "gauge") return [response.name, exact];
      return [
        response.name,
        measured(response, exact, cuts, everyUs / US_PER_HOUR, { seed, replication, server }, how),
      ];
    });
  const readings = new Map(read);
  // Real logs contain the process number, which reveals restarts.
  const numbers = how === undefined || restarts === undefined ? undefined : column(restarts);
  const paths = [...counters.map(({ path }) => path), ...(numbers === undefined ? [] : [PROCESS_NUMBER])];
  let text = line([
    `(PDH-CSV 4.0) (${machine.zone})(${machine.biasMinutes})`,
    ...paths.map((path) => `\\\\${machine.computer}\\${path.replace("%s", machine.instance)}`),
  ]);
  for (const [sample, time] of times.entries()) {
    const values = counters.map(({ response, plus = 0 }) => {
      return response === undefined ? plus : plus + itemAt(readings.get(response)!, sample);
    });
    if (numbers !== undefined) values.push(FIRST_PROCESS + PROCESS_STEP * itemAt(numbers, sample));
    text += line([stamp(machine.startDay, time), ...values.map(cell)]);
    if (text.length < PIECE_LENGTH) continue;
    await sink(text);
    text = "";
  }
  await sink(text);
}

const PROCESS_NUMBER = "Process(%s)\\ID Process";
/** Any distinct numbers will do; process numbers of NT are multiples of 4 or so. */
const [FIRST_PROCESS, PROCESS_STEP] = [84, 4];

/** The approximate length of a piece [characters]. */
const PIECE_LENGTH = 1 << 16;

function line(fields: readonly string[]): string {
  return `${fields.map((field) => `"${field}"`).join(",")}\r\n`;
}

function cell(value: number): string {
  return Number.isFinite(value) ? String(value) : " ";
}

/** MM/DD/YYYY HH:MM:SS.mmm, as every language version writes it. */
function stamp(startDay: number, timeUs: number): string {
  const ms = Math.floor(timeUs / 1000);
  const { year, month, day } = dateOf(startDay + Math.floor(ms / 86400e3));
  const of = (unitMs: number, units: number) => two(Math.floor(ms / unitMs) % units);
  const thousandths = String(ms % 1000).padStart(3, "0");
  return `${two(month)}/${two(day)}/${year} ${of(3600e3, 24)}:${of(60e3, 60)}:${of(1e3, 60)}.${thousandths}`;
}

/** The last year in which a log may begin; it may be a century long. */
const YEAR_MAX = 9000;

/** The day of a date given as YYYY-MM-DD, on which a simulation may begin. @throws UserError */
export function startDayOf(date: string): number {
  const day = dayOfText(date);
  if (day === undefined || dateOf(day).year > YEAR_MAX) {
    throw new UserError(argument("start"), ` is ${date}; it must be a date from 1970 to ${YEAR_MAX}, as YYYY-MM-DD`);
  }
  const weekday = weekdayOf(day);
  if (weekday !== "Monday") {
    throw new UserError(argument("start"), ` is ${date}, a ${weekday}; the simulation begins on a Monday`);
  }
  return day;
}
