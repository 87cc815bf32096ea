/** The log of the jobs that a simulated print server was given, as a CSV that import reads. */
import { BYTES, EMF, TEXT, GAP_US, Workload } from "../../models/print-servers/workload.ts";
import type { PrintServersValues } from "../../models/print-servers/parameters/parameters.ts";
import { openStreams } from "../../sim/streams.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import { stampText } from "../../lab/calendar.ts";

export const JOB_LOG_HEADER = "time,server,bytes,pages,type";

/** @param startDay of time 0, a Monday, counted from 1 January 1970 */
export function jobLines(
  values: PrintServersValues,
  seed: string,
  { server, name, startDay, days }: { server: number; name: string; startDay: number; days: number },
): string[] {
  const workload = new Workload(values, openStreams(seed, 0, { first: server, count: 1 }), 1);
  const perPage = {
    RAW: values.rawBytesPerPage,
    TEXT: values.textBytesPerPage,
    "NT EMF 1.008": values.emfBytesPerPage,
  };
  const lines: string[] = [];
  let now = 0;
  for (;;) {
    workload.drawGap(0, { now });
    now += workload.reals[GAP_US];
    if (now >= days * US_PER_DAY) return lines;
    workload.drawJob(0);
    const type = workload.dataType === TEXT ? "TEXT" : workload.dataType === EMF ? "NT EMF 1.008" : "RAW";
    const bytes = workload.reals[BYTES];
    lines.push(
      `${stampText(startDay * US_PER_DAY + now)},${name},${bytes},${Math.round(bytes / perPage[type])},${type}`,
    );
  }
}
