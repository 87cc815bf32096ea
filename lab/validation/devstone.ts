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

/** An atomic model: its number, and the atomics that its output feeds. */
interface Atomic {
  readonly number: number;
  readonly feeds: Atomic[];
  fedAt: number;
}

/** The atomics fed by the two inputs of a coupled model; LI and HI have one input. */
interface Inputs {
  readonly first: readonly Atomic[];
  readonly second: readonly Atomic[];
}

/** A model whose inputs are fed once, at the start. */
export class Devstone implements System {
  private readonly atomics: Atomic[];
  private readonly inputs: Inputs;
  private internal: number;
  private external: number;
  private messages: number;

  /** @param width atomics of a coupled model and its inner model, >= 1 @param depth coupled models, >= 1 */
  constructor(kind: DevstoneKind, width: number, depth: number) {
    this.atomics = [];
    this.inputs = this.coupled(kind, width, depth);
    this.internal = 0;
    this.external = 0;
    this.messages = 0;
  }

  start(schedule: Schedule): void {
    this.feed(this.inputs.first, schedule);
    this.feed(this.inputs.second, schedule);
  }

  handle(_kind: number, _subject: number, number: number, schedule: Schedule): void {
    this.internal++;
    this.feed(itemAt(this.atomics, number).feeds, schedule);
  }

  get transitions(): Transitions {
    return { internal: this.internal, external: this.external, messages: this.messages };
  }

  private feed(atomics: readonly Atomic[], schedule: Schedule): void {
    this.messages += atomics.length;
    for (const atomic of atomics) {
      if (atomic.fedAt === schedule.now) continue;
      atomic.fedAt = schedule.now;
      this.external++;
      schedule.after(1, 0, 0, atomic.number);
    }
  }

  private coupled(kind: DevstoneKind, width: number, depth: number): Inputs {
    if (depth === 1) return { first: this.row(1), second: [] };
    const inner = this.coupled(kind, width, depth - 1);
    const row = this.row(width - 1);
    if (kind === "HOmod") return { first: inner.first, second: this.triangle(row, inner.second) };
    if (kind !== "LI") for (let i = 1; i < row.length; i++) itemAt(row, i - 1).feeds.push(itemAt(row, i));
    return kind === "HO"
      ? { first: [...inner.first, ...inner.second], second: row }
      : { first: [...inner.first, ...row], second: [] };
  }

  /** HOmod: the first row feeds the inner model, the second feeds all of the first, each later one the row before. */
  private triangle(first: readonly Atomic[], inner: readonly Atomic[]): Atomic[] {
    for (const atomic of first) atomic.feeds.push(...inner);
    const fed = [...first];
    let before = this.row(first.length);
    for (const atomic of before) atomic.feeds.push(...first);
    for (; before.length > 0; before = this.next(before)) fed.push(itemAt(before, 0));
    return fed;
  }

  private next(before: readonly Atomic[]): Atomic[] {
    const row = this.row(before.length - 1);
    row.forEach((atomic, i) => atomic.feeds.push(itemAt(before, i + 1)));
    return row;
  }

  private row(length: number): Atomic[] {
    const row = Array.from({ length }, (_, i) => ({ number: this.atomics.length + i, feeds: [], fedAt: -1 }));
    this.atomics.push(...row);
    return row;
  }
}

/** Feeds all inputs once and counts until no event is left. */
export function devstone(kind: DevstoneKind, width: number, depth: number): Transitions {
  const model = new Devstone(kind, width, depth);
  new Simulation(model).run(Infinity);
  return model.transitions;
}
