/**
 * DEVStone, the benchmark of DEVS engines, on the kernel: LI, HI, HO and HOmod with delays of zero, of any width and
 * depth. An engine is right when it makes exactly the transitions that the formulas say.
 *
 * A model is a nest of coupled models: the outermost is fed once, each holds the next, and the innermost is one atomic.
 * What an atomic is fed makes an external transition and, a step later, an internal one, whose output feeds others.
 * What comes to an atomic within one step is one bag and makes one external transition. A step is a microsecond here,
 * and the coupled models are flattened: an atomic knows whom it feeds.
 *
 * Source: Glinsky and Wainer (2005), with HOmod as in xDEVS (iscar-ucm/xdevs.py, xdevs/examples/devstone).
 */
import { Simulation, type Schedule, type System } from "../../sim/simulation.ts";
import { itemAt } from "../lists.ts";

export type DevstoneKind = "LI" | "HI" | "HO" | "HOmod";

export interface Transitions {
  readonly internal: number;
  readonly external: number;
  /** Messages received by atomics; several in one bag count separately. */
  readonly messages: number;
}

/** An atomic model, and the atomics that its output feeds. */
type Atomic = { readonly feeds: Atomic[]; fedAt: number };

/** The atomics fed by the two inputs of a coupled model; LI and HI have one input. */
interface Inputs {
  readonly first: readonly Atomic[];
  readonly second: readonly Atomic[];
}

const atomics = (count: number): Atomic[] => Array.from({ length: count }, () => ({ feeds: [], fedAt: -1 }));

/** @param width atomics of a coupled model and its inner model, >= 1 @param depth coupled models, >= 1 */
function coupled(kind: DevstoneKind, width: number, depth: number): Inputs {
  if (depth === 1) return { first: atomics(1), second: [] };
  const inner = coupled(kind, width, depth - 1);
  const row = atomics(width - 1);
  if (kind === "HOmod") return { first: inner.first, second: triangle(row, inner.second) };
  if (kind !== "LI") for (let i = 1; i < row.length; i++) itemAt(row, i - 1).feeds.push(itemAt(row, i));
  return kind === "HO"
    ? { first: [...inner.first, ...inner.second], second: row }
    : { first: [...inner.first, ...row], second: [] };
}

/** HOmod's rows: the first feeds the inner model, all of the second all of the first, each later one the row before. */
function triangle(first: readonly Atomic[], inner: readonly Atomic[]): Atomic[] {
  for (const atomic of first) atomic.feeds.push(...inner);
  const fed = [...first];
  let before = atomics(first.length);
  for (const atomic of before) atomic.feeds.push(...first);
  for (; before.length > 0; before = next(before)) fed.push(itemAt(before, 0));
  return fed;
}

function next(before: readonly Atomic[]): Atomic[] {
  const row = atomics(before.length - 1);
  row.forEach((atomic, i) => atomic.feeds.push(itemAt(before, i + 1)));
  return row;
}

/** Feeds all inputs once and counts until no event is left. */
export function devstone(kind: DevstoneKind, width: number, depth: number): Transitions {
  const inputs = coupled(kind, width, depth);
  const fed: Atomic[] = [];
  let [internal, messages] = [0, 0];
  const feed = (atomics: readonly Atomic[], schedule: Schedule) => {
    messages += atomics.length;
    for (const atomic of atomics) {
      if (atomic.fedAt === schedule.now) continue;
      atomic.fedAt = schedule.now;
      schedule.after(1, 0, 0, fed.push(atomic) - 1);
    }
  };
  const system: System = {
    start: (schedule) => feed([...inputs.first, ...inputs.second], schedule),
    handle(_kind, _subject, place, schedule) {
      internal++;
      feed(itemAt(fed, place).feeds, schedule);
    },
  };
  new Simulation(system).run(Infinity);
  return { internal, external: fed.length, messages };
}
