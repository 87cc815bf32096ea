/**
 * When two upkeep policies begin to differ: at the first restart or visit of either. Before that, their servers handle
 * the same events.
 */
import type { Time } from "../../../sim/event-list.ts";
import { US_PER_HOUR } from "../../../sim/time-units.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { MaintenanceWindowTimes, RestartTimes } from "./maintenance-windows.ts";

/** Parameters that have no effect before the first restart by the calendar or the first visit. */
const upkeepParameters: ReadonlySet<keyof PrintServersValues> = new Set([
  "restartEveryHours",
  "restartOn",
  "restartAtHour",
  "patchOrder",
  "patchAtDays",
  "patchGapDays",
  "windowDays",
  "windowStartHour",
  "windowHours",
  "staggerMinutes",
]);

/** See Model.partsAt. */
export function partsAt(one: PrintServersValues, other: PrintServersValues): Time {
  const isSame = (name: keyof PrintServersValues) => {
    return Object.is(one[name], other[name]) || (Array.isArray(one[name]) && String(one[name]) === String(other[name]));
  };
  const names = Object.keys(one) as (keyof PrintServersValues)[];
  if (!names.every((name) => upkeepParameters.has(name) || isSame(name))) return 0;
  return Math.min(firstUpkeep(one), firstUpkeep(other));
}

function firstUpkeep(values: PrintServersValues): Time {
  const restart = values.restartEveryHours > 0 ? new RestartTimes(values).first() : Infinity;
  const isVisited = values.patchOrder.visits.length > 0;
  const from = Math.ceil(values.patchAtDays * 24 * US_PER_HOUR);
  return Math.min(restart, isVisited ? new MaintenanceWindowTimes(values).at(from, 0) : Infinity);
}
