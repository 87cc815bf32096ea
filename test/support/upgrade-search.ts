/**
 * The outcomes of upgrade orders: an exhaustive search over the states of a server under patches (patch-state.ts).
 *
 * A server has at most a few thousand states, so no heuristic is needed: the search visits each state once, nearest
 * first, with steps in the order of their list. A path that it finds therefore has the fewest steps, and is
 * deterministic.
 */
import {
  changesFiles,
  isFixed,
  printersVisible,
  rebootPending,
  steps,
  take,
  type PatchState,
  type Readings,
  type Step,
} from "../../models/print-servers/patching/patch-state.ts";

/** The result of one order of steps. */
export interface Judged {
  readonly order: readonly Step[];
  /** The refused step and the reason; the steps after it were not taken. */
  readonly refused?: { readonly step: Step; readonly why: string };
  /** The first step after which the printers were gone. */
  readonly lostAt?: Step;
  /** Whether, at the end, the fix runs, nothing waits for a reboot, and the printers are there. */
  readonly arrives: boolean;
  /** Whether it arrives and the printers were never gone. */
  readonly safe: boolean;
  readonly end: PatchState;
}

/** Whether this is the goal: the fix runs, nothing waits for a reboot, and users can print. */
export function hasArrived(state: PatchState, readings: Readings): boolean {
  return isFixed(state, readings) && printersVisible(state) && !rebootPending(state);
}

/** Takes the steps in order. */
export function judge(start: PatchState, order: readonly Step[], readings: Readings): Judged {
  let state = start;
  let lostAt: Step | undefined;
  for (const step of order) {
    const result = take(state, step, readings);
    if ("refusal" in result) {
      const lost = lostAt === undefined ? {} : { lostAt };
      return { order, refused: { step, why: result.refusal }, ...lost, arrives: false, safe: false, end: state };
    }
    state = result.state;
    if (!printersVisible(state)) lostAt ??= step;
  }
  const arrives = hasArrived(state, readings);
  const lost = lostAt === undefined ? {} : { lostAt };
  return { order, ...lost, arrives, safe: arrives && lostAt === undefined, end: state };
}

/** Judges every order of the steps, each of which is taken once; a reboot follows each step that changes files. */
export function judgeOrders(start: PatchState, chosen: readonly Step[], readings: Readings): Judged[] {
  return permutations(chosen).map((order) => {
    const rebooted = order.flatMap((step): Step[] => (changesFiles(step) ? [step, "reboot"] : [step]));
    return judge(start, rebooted, readings);
  });
}

/**
 * The fewest steps from the start to a wanted state through allowed states; undefined if there is no path. Of equally
 * short paths, the first in the order of the list of steps.
 */
export function shortestPath(
  start: PatchState,
  readings: Readings,
  isWanted: (state: PatchState) => boolean,
  isAllowed: (state: PatchState) => boolean = () => true,
): Step[] | undefined {
  const seen = new Set([nameOf(start)]);
  let frontier: { state: PatchState; path: Step[] }[] = [{ state: start, path: [] }];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { state, path } of frontier) {
      if (isWanted(state)) return path;
      for (const step of steps) {
        const result = take(state, step, readings);
        if ("refusal" in result || !isAllowed(result.state)) continue;
        const name = nameOf(result.state);
        if (seen.has(name)) continue;
        seen.add(name);
        next.push({ state: result.state, path: [...path, step] });
      }
    }
    frontier = next;
  }
  return undefined;
}

/** The fewest steps to the fix without ever losing the printers. */
export function safePath(start: PatchState, readings: Readings): Step[] | undefined {
  return shortestPath(start, readings, (state) => hasArrived(state, readings), printersVisible);
}

/** The fewest steps from lost printers to the fix with the printers restored. */
export function recoveryPath(lost: PatchState, readings: Readings): Step[] | undefined {
  return shortestPath(lost, readings, (state) => hasArrived(state, readings));
}

/** Every reachable state, including the start. */
export function reachableStates(start: PatchState, readings: Readings): PatchState[] {
  const found = new Map([[nameOf(start), start]]);
  for (const state of found.values()) {
    for (const step of steps) {
      const result = take(state, step, readings);
      if ("state" in result) found.set(nameOf(result.state), result.state);
    }
  }
  return [...found.values()];
}

function nameOf(state: PatchState): string {
  return JSON.stringify(state);
}

/** All permutations of the list, in lexicographic order of its positions. */
function permutations(list: readonly Step[]): Step[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, i) => {
    const rest = [...list.slice(0, i), ...list.slice(i + 1)];
    return permutations(rest).map((order) => [first, ...order]);
  });
}
