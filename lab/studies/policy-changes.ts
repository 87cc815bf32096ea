/** The changes that a policy makes to servers: when the last one has been made, and whether some are yet to come. */
import type { Upkeep } from "../../models/contract/operations.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";

/** By server: the number of changes that were made until a sample time, or undone. */
function changesAt(values: HorizonValues, pointIndex: number, { canaries }: Upkeep, sample: number): Float64Array {
  const undone = undoneAt(values, pointIndex, canaries, sample);
  return values.servers(pointIndex, canaries.made, sample).map((made, server) => made + (undone?.[server] ?? 0));
}

function undoneAt(values: HorizonValues, pointIndex: number, { undone }: Upkeep["canaries"], sample = -1) {
  return undone === undefined ? undefined : values.servers(pointIndex, undone, sample);
}

/** Whether changes were undone. */
export function isUndone(values: HorizonValues, pointIndex: number, { canaries }: Upkeep): boolean {
  return undoneAt(values, pointIndex, canaries)?.some((count) => count > 0) === true;
}

/** By server: the earliest time at which its changes may have been over, and it had the fix [us]. */
export function changedTimes(values: HorizonValues, pointIndex: number, upkeep: Upkeep): number[] {
  const { fixed } = upkeep;
  const times = values.times(pointIndex);
  const made = times.map((_, sample) => changesAt(values, pointIndex, upkeep, sample));
  return Array.from(values.servers(pointIndex, fixed), (fixedAt, server) => {
    const last = made.findIndex((count) => itemAt(count, server) === itemAt(made.at(-1)!, server));
    return Math.max(fixedAt, last > 0 ? itemAt(times, last - 1) : 0);
  });
}

/** Whether servers are yet to be changed after the horizon, or the harm of a change to be repaired. */
export function isChanging(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  const { canaries, harmed, repair } = upkeep;
  const { resolved } = itemAt(plan.points, pointIndex);
  const made = values.servers(pointIndex, canaries.made);
  const wanted = canaries.wanted?.(resolved.values) ?? 0;
  const ended = (canaries.ended ?? []).map((name) => values.servers(pointIndex, name));
  const isWaiting = (server: number) => ended.every((column) => !(itemAt(column, server) > 0));
  if (made.some((count, server) => count < wanted && isWaiting(server))) return true;
  const repairUs = repair?.(resolved.values) ?? 0;
  const horizonUs = values.times(pointIndex).at(-1)!;
  if (values.servers(pointIndex, harmed).some((at) => at >= 0 && at + repairUs > horizonUs)) return true;
  return undoneByUs(plan, values, pointIndex, upkeep) > horizonUs;
}

/** When changes that did harm, or that were judged, have been undone on every server [us]; 0 if none are. */
export function undoneByUs(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): number {
  const { canaries, harmed, undoneBy } = upkeep;
  if (undoneBy === undefined) return 0;
  const { resolved, scenario } = itemAt(plan.points, pointIndex);
  const harmedUs = values.servers(pointIndex, harmed);
  const haltedUs = canaries.halted === undefined ? undefined : values.servers(pointIndex, canaries.halted);
  const times: number[] = [0];
  for (let first = 0; first < harmedUs.length; first += scenario.servers) {
    times.push(
      undoneBy(resolved.values, scenario.servers, {
        harmedUs: Array.from(harmedUs.subarray(first, first + scenario.servers)),
        haltedUs: haltedUs?.[first] ?? NaN,
      }),
    );
  }
  return Math.max(...times);
}

/**
 * The first sample time at which every change has been made, and its harm repaired; and every server has the fix if all
 * of them get it: a server with the fix may still get a service pack. The horizon if harm is repaired later. Undefined
 * if nothing is changed.
 */
export function lastChangeAt(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
): number | undefined {
  const last = Math.max(...lastChanges(plan, values, pointIndex, upkeep));
  return last < 0 ? undefined : last;
}

/** By server: that sample of its own changes; -1 if it is not changed. */
export function lastChanges(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): number[] {
  const times = values.times(pointIndex);
  const made = times.map((_, sample) => changesAt(values, pointIndex, upkeep, sample));
  const sampleAt = (wanted: number) => {
    const sample = times.findIndex((time) => time >= wanted);
    return sample < 0 ? times.length - 1 : sample;
  };
  const [fixed, harmed] = [values.servers(pointIndex, upkeep.fixed), values.servers(pointIndex, upkeep.harmed)];
  const isFixed = fixed.every((at) => at >= 0);
  const repairUs = upkeep.repair?.(itemAt(plan.points, pointIndex).resolved.values) ?? 0;
  return Array.from(itemAt(made, times.length - 1), (all, server) => {
    const harmedUs = itemAt(harmed, server);
    return Math.max(
      all === 0 ? -1 : made.findIndex((count) => itemAt(count, server) === all),
      harmedUs >= 0 ? sampleAt(harmedUs + repairUs) : -1,
      isFixed ? sampleAt(itemAt(fixed, server)) : -1,
    );
  });
}
