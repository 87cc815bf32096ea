/**
 * Which leak detectors raise an alarm on the servers of an import, whose true leaks are unknown.
 *
 * Every detector (detectors.ts) that does not compare servers is applied once, to the readings of one process, because
 * a restart gives back what leaked. This is the last process that was read for long enough, so that a server that was
 * repaired raises no alarm. If there is none, it is the process that was read for longest.
 */
import { US_PER_DAY, US_PER_MINUTE } from "../../sim/time-units.ts";
import { setImmediate } from "node:timers/promises";
import type { Response } from "../../models/contract/responses.ts";
import { gridOf, partsOf, type Part } from "../imports/grid.ts";
import type { Imported } from "../imports/import-record.ts";
import { observedResponses, observedServers } from "../imports/observed.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { argument, UserError } from "../user-error.ts";
import { detectors, type Detector } from "./detectors.ts";

/** Theil-Sen compares all pairs. */
const READINGS_MAX = 4096;

/** The verdict of a detector on a gauge of a server. */
export interface Alarm {
  readonly server: string;
  readonly gauge: Response;
  readonly everyMinutes: number;
  readonly detector: Detector;
  readonly level: number;
  /** The number of readings of the process, without missing ones. */
  readonly readings: number;
  readonly days: number;
  /** Undefined if readings are missing that the detector needs, or there are too few. */
  readonly alarms: boolean | undefined;
}

export interface AlarmOptions {
  /** The time between readings [minutes]: each dividing a day or a multiple of days. */
  readonly everyMinutes: readonly number[];
  /** Names of gauges; if empty, all. */
  readonly gauges: readonly string[];
  readonly level: number;
  readonly signal?: AbortSignal;
}

/** @throws UserError when the import does not have the gauge */
export async function alarmsOf(imported: Imported, options: AlarmOptions): Promise<Alarm[]> {
  const gauges = await gaugesOf(imported, options.gauges);
  const alarms: Alarm[] = [];
  for await (const { name, timesUs, readings, incidents } of observedServers(imported)) {
    const part = judgedPart(partsOf({ timesUs, incidents }));
    if (part === undefined) continue;
    for (const gauge of gauges) {
      for (const everyMinutes of options.everyMinutes) {
        const grid = gridOf(timesUs, readings.get(gauge.name)!, part, everyMinutes * US_PER_MINUTE);
        const count = grid.filter((value) => !Number.isNaN(value)).length;
        if (count === 0) continue;
        if (grid.length > READINGS_MAX) {
          throw new UserError(
            argument("everyMinutes"),
            ` ${everyMinutes}m makes ${grid.length} readings; at most ${READINGS_MAX}`,
          );
        }
        const watch = { readings: grid, readingsPerDay: 1440 / everyMinutes, level: options.level };
        const days = (part.untilUs - part.fromUs) / US_PER_DAY;
        for (const detector of detectors) {
          await setImmediate();
          options.signal?.throwIfAborted();
          const { needsOther, applies } = detector;
          if (needsOther) continue;
          const isAlarmed = applies(watch) ? detector.alarms(watch) : undefined;
          const about = { server: name, gauge, everyMinutes, detector, level: options.level };
          alarms.push({ ...about, readings: count, days, alarms: isAlarmed });
        }
      }
    }
  }
  return alarms;
}

/** After this time, every detector can judge a process [us]. */
const ENOUGH_US = 9 * US_PER_DAY;

function judgedPart(parts: readonly Part[]): Part | undefined {
  const lengthOf = ({ fromUs, untilUs }: Part) => untilUs - fromUs;
  const longest = Math.max(...parts.map(lengthOf));
  return parts.findLast((part) => lengthOf(part) >= Math.min(ENOUGH_US, longest));
}

/** The gauges of an import, or those named. @throws UserError */
async function gaugesOf(imported: Imported, names: readonly string[]): Promise<readonly Response[]> {
  const gauges = (await observedResponses(imported)).filter(({ role }) => role === "gauge");
  const known = gauges.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UserError(argument("gauges"), ` is ${unknown}; the import has ${known.join(", ") || "none"}`);
  if (gauges.length === 0) throw new UserError(`${imported.folder} has no gauges: only jobs were imported`);
  return names.length === 0 ? gauges : gauges.filter(({ name }) => names.includes(name));
}

export const alarmsTable: Table<Alarm> = table(
  "alarms",
  "a detector on a gauge of a server, in its last process that was read for long enough",
  [
    text("server", "name of the computer", ({ server }) => server),
    text("gauge", "the response that was read", ({ gauge }) => gauge.name),
    number("everyHours", "h", "time between two readings", ({ everyMinutes }) => everyMinutes / 60),
    number("days", "d", "from the first reading of the process to its last", ({ days }) => days),
    integer("readings", "1", "readings of the process", ({ readings }) => readings),
    text("detector", "name of the detector", ({ detector }) => detector.name),
    number("level", "1", "one-sided level of its test", ({ level }) => level),
    text(
      "alarm",
      "yes, no, or empty where there are too few readings, or gaps that it does not admit",
      ({ alarms }) => {
        return alarms === undefined ? "" : alarms ? "yes" : "no";
      },
    ),
  ],
);
