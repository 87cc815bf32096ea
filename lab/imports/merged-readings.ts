/** The readings of all files in the order of servers and times: one for each server and time. */
import type { Collector } from "./collector.ts";
import type { SeriesFinder } from "./series-finder.ts";

/** The columns of a row before its series: server, time and order. */
const LEAD = 3;

/** All readings of one server at one time; the object is reused. */
interface Merged {
  server: number;
  timeUs: number;
  readonly values: Float64Array;
}

/** @param isFirst whether to report faults; the rows are read twice */
export function* mergedReadings(out: Collector, finder: SeriesFinder, isFirst: boolean): Iterable<Merged> {
  const merged: Merged = { server: -1, timeUs: NaN, values: new Float64Array(finder.count) };
  /** The position in the logs of each series's value. */
  const origins = new Float64Array(finder.count);
  let isHeld = false;
  for (const row of out.readings.rows()) {
    const [server, timeUs, order] = row as unknown as [number, number, number];
    if (isHeld && (server !== merged.server || timeUs !== merged.timeUs)) {
      yield merged;
      isHeld = false;
    }
    if (!isHeld) {
      [merged.server, merged.timeUs, isHeld] = [server, timeUs, true];
      merged.values.fill(NaN);
    }
    for (let series = 0; series < finder.count; series++) {
      const value = row[LEAD + series]!;
      if (Number.isNaN(value)) continue;
      const known = merged.values[series]!;
      if (Number.isNaN(known)) {
        merged.values[series] = value;
        origins[series] = order;
      } else if (finder.isSum(series) && out.isSameFile(order, origins[series]!)) merged.values[series] = known + value;
      else if (known !== value && isFirst) {
        out.faultAt(order, String(value), `another reading has ${known} for the same server and time`);
      }
    }
  }
  if (isHeld) yield merged;
}
