/** When the last visit of a patch order is over, as planned: nothing halts the roll-out, and no visit is put off. */
import type { Time } from "../../../sim/event-list.ts";
import { US_PER_DAY, US_PER_HOUR } from "../../../sim/time-units.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { visitDuration } from "./installed-patches.ts";
import { MaintenanceWindowTimes } from "./maintenance-windows.ts";
import { isRollout } from "./rollout.ts";

/**
 * When the last planned visit to any server is over [us]; 0 if there are no visits.
 *
 * @param servers the number of servers of the fleet, >= 1
 */
export function visitsEnd(values: PrintServersValues, servers: number): Time {
  const [first, ...later] = values.patchOrder.visits;
  if (first === undefined) return 0;
  const visitTimes = new MaintenanceWindowTimes(values);
  const gapUs = Math.ceil(values.patchGapDays * US_PER_DAY);
  let time = lastFirstVisit(values, servers, visitTimes) + visitDuration(first, values);
  for (const visit of later) time = visitTimes.at(time + gapUs, 0) + visitDuration(visit, values);
  return time;
}

/** When the first visit to the last server is due. */
function lastFirstVisit(values: PrintServersValues, servers: number, visitTimes: MaintenanceWindowTimes): Time {
  const { patchAtDays, canaryServers, canaryDays, waveServers, soakDays } = values;
  let barrier = Math.ceil(patchAtDays * US_PER_DAY);
  if (!isRollout(values)) return visitTimes.at(barrier, servers - 1);
  if (canaryServers > 0) {
    const judgedFrom = visitTimes.at(barrier, canaryServers - 1) + US_PER_HOUR;
    // The sequential judge looks every day, the last time when the days have passed.
    const days = values.judge === "sequential" ? Math.ceil(canaryDays) : canaryDays;
    barrier = judgedFrom + Math.ceil(days * US_PER_DAY);
  }
  let waiting = servers - canaryServers;
  const size = waveServers || waiting;
  for (; waiting > size; waiting -= size) barrier = visitTimes.at(barrier, size - 1) + Math.ceil(soakDays * US_PER_DAY);
  return visitTimes.at(barrier, waiting - 1);
}
