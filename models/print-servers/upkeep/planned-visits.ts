/** When the last visit of a patch order is over, as planned or rolled back; no visit is put off. */
import type { Time } from "../../../sim/event-list.ts";
import { US_PER_DAY, US_PER_HOUR } from "../../../sim/time-units.ts";
import type { ChangesCourse } from "../../contract/operations.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { visitDuration } from "./installed-patches.ts";
import { MaintenanceWindowTimes } from "./maintenance-windows.ts";
import { isRollout } from "./rollout.ts";

/**
 * When the last planned visit to any server is over [us]; 0 if there are no visits.
 *
 * @param servers the number of servers of the fleet, >= 1
 * @param each each of them stands for so many, and so does each server of a wave
 */
export function visitsEnd(values: PrintServersValues, servers: number, each = 1): Time {
  const [first, ...later] = values.patchOrder.visits;
  if (first === undefined) return 0;
  const visitTimes = new MaintenanceWindowTimes(values);
  const gapUs = Math.ceil(values.patchGapDays * US_PER_DAY);
  let time = lastFirstVisit(values, servers, visitTimes, each) + visitDuration(first, values);
  for (const visit of later) time = visitTimes.at(time + gapUs, 0) + visitDuration(visit, values);
  return time;
}

/**
 * When a roll-out that halts has been rolled back [us]; 0 if it does not halt, or keeps what it installed. Servers that
 * have lost their printers halt it at the next barrier, which may come after the horizon.
 *
 * @param servers the number of servers of the fleet, >= 1
 */
export function rolledBackBy(values: PrintServersValues, servers: number, { harmedUs, haltedUs }: ChangesCourse): Time {
  if (!isRollout(values) || !values.rollBack) return 0;
  const visitTimes = new MaintenanceWindowTimes(values);
  const lastBarrier = lastFirstVisit(values, servers, visitTimes) + Math.ceil(values.soakDays * US_PER_DAY);
  const lost = harmedUs.filter((at) => at <= lastBarrier).length;
  if (Number.isNaN(haltedUs) && lost < values.haltAtLost) return 0;
  const decided = Number.isNaN(haltedUs) ? lastBarrier : haltedUs;
  return visitTimes.at(decided, servers - 1) + visitDuration(values.patchOrder.visits.flat(), values);
}

/** When the first visit to the last server is due. */
function lastFirstVisit(
  values: PrintServersValues,
  servers: number,
  visitTimes: MaintenanceWindowTimes,
  each = 1,
): Time {
  const lastOf = (from: Time, count: number) => visitTimes.at(from, Math.max(1, Math.round(count * each)) - 1);
  const { patchAtDays, canaryServers, canaryDays, waveServers, soakDays } = values;
  let barrier = Math.ceil(patchAtDays * US_PER_DAY);
  if (!isRollout(values)) return lastOf(barrier, servers);
  if (canaryServers > 0) {
    const judgedFrom = lastOf(barrier, canaryServers) + US_PER_HOUR;
    // The sequential judge looks every day, the last time when the days have passed.
    const days = values.judge === "sequential" ? Math.ceil(canaryDays) : canaryDays;
    barrier = judgedFrom + Math.ceil(days * US_PER_DAY);
  }
  let waiting = servers - canaryServers;
  const size = waveServers || waiting;
  for (; waiting > size; waiting -= size) barrier = lastOf(barrier, size) + Math.ceil(soakDays * US_PER_DAY);
  return lastOf(barrier, waiting);
}
