/**
 * The state of a system: everything that can be reached from it and may change.
 *
 * If a system keeps its state in fields (numbers, strings, typed arrays, arrays, maps, sets, and objects of these), its
 * state can be saved and restored without a declaration of its parts, so one system serves for many runs. Variables in
 * closures cannot be seen and are not restored. `takeOver` gives a system the state of another of the same class, so
 * that V8, which treats the columns of the first as constants, keeps its compiled code.
 *
 * Cost: one walk over the objects to save; one write of each column to restore. The equal values at the end of a
 * column, which at the start are mostly all of them, are saved as one number. Two systems that agree, such as two runs
 * that are compared, share the copies of their columns. Full pages of
 * a tape are not copied.
 */
import { Page } from "./tape.ts";

export type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** Restores one object. */
type Restore = () => void;

export class SavedState {
  private readonly restores: Restore[];
  private readonly copies: Column[];

  /**
   * Saves what can be reached from `root`, except the objects in `except` and what only they reach.
   *
   * @param twin the saved state of another system, whose copies of equal columns are used
   */
  constructor(root: object, except: Iterable<object> = [], twin?: SavedState) {
    this.restores = [];
    this.copies = [];
    const seen = new Set(except);
    walk(root, seen, (object) => {
      if (object instanceof Page) seen.add(object.numbers);
      else this.restores.push(ArrayBuffer.isView(object) ? this.savedColumn(object as Column, twin) : saved(object));
    });
  }

  /** Restores everything to the saved state. */
  restore(): void {
    for (const restore of this.restores) restore();
  }

  private savedColumn(column: Column, twin: SavedState | undefined): Restore {
    const last = column[column.length - 1];
    let end = column.length;
    while (end > 0 && Object.is(column[end - 1], last)) end--;
    if (end === 0) return () => void column.fill(last);
    const theirs = twin?.copies[this.copies.length];
    const copy = theirs !== undefined && isBeginning(theirs, column, end) ? theirs : column.slice(0, end);
    this.copies.push(copy);
    return () => {
      column.set(copy);
      column.fill(last, end);
    };
  }
}

/** Whether a column begins with the values of the copy, which are `length` many. */
function isBeginning(copy: Column, column: Column, length: number): boolean {
  if (copy.length !== length || copy.constructor !== column.constructor) return false;
  for (let i = 0; i < length; i++) if (!Object.is(copy[i], column[i])) return false;
  return true;
}

/** The roots, and all objects that can be reached from them. */
export function reachedFrom(...roots: readonly object[]): Set<object> {
  const reached = new Set<object>();
  for (const root of roots) walk(root, reached, () => undefined);
  return reached;
}

/** Visits every object that can be reached and is not in `seen`, and adds it to `seen`. */
function walk(value: unknown, seen: Set<object>, visit: (object: object) => void): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  visit(value);
  if (ArrayBuffer.isView(value)) return;
  const within = value instanceof Map ? [...value].flat() : value instanceof Set ? value : Object.values(value);
  for (const next of within) walk(next, seen, visit);
}

function saved(value: object): Restore {
  if (value instanceof Map) return savedMap(value);
  if (value instanceof Set) return savedSet(value);
  return savedFields(value as Record<string, unknown>);
}

function savedMap(map: Map<unknown, unknown>): Restore {
  const pairs = [...map];
  return () => {
    map.clear();
    for (const [key, value] of pairs) map.set(key, value);
  };
}

function savedSet(set: Set<unknown>): Restore {
  const members = [...set];
  return () => {
    set.clear();
    for (const member of members) set.add(member);
  };
}

/** Also restores arrays. Elements, and fields of records, that were added later are removed. */
function savedFields(object: Record<string, unknown>): Restore {
  const { length } = object;
  const names = Object.keys(object);
  const values = Object.values(object);
  const isRecord = Object.getPrototypeOf(object) === Object.prototype;
  return () => {
    if (Array.isArray(object) && object.length !== length) object.length = length as number;
    for (let i = 0; i < names.length; i++) {
      // V8 treats a field as a constant as long as nobody writes it.
      if (!Object.is(object[names[i]], values[i])) object[names[i]] = values[i];
    }
    if (!isRecord || Object.keys(object).length === names.length) return;
    const known = new Set(names);
    for (const name of Object.keys(object)) if (!known.has(name)) delete object[name];
  };
}

/**
 * Gives `target` the state of `source`, a system of the same class that was made with other parameters and has never
 * run. The source must not be used afterwards. Where both have objects of the same shape (systems of one class, columns
 * of one type and length, records and arrays that hold columns), the target keeps its object and copies the content.
 * Everything else is taken from the source.
 *
 * @param shared what belongs to neither, such as parameters and the laws of streams: only referred to, never written
 * @returns false, without a change, if the source has functions of its own: such a closure may refer to objects of the
 *   source where the target keeps its own
 */
export function takeOver(target: object, source: object, shared: ReadonlySet<object>): boolean {
  /** For each object of the source, the object that replaces it. */
  const standIns = new Map<unknown, object>();
  const taken = new Set<unknown>(shared);
  const writes: (() => void)[] = [];
  let hasClosures = false;
  const meet = (mine: unknown, theirs: unknown): void => {
    if (mine === theirs || shared.has(theirs as object)) return;
    if (typeof theirs === "function") hasClosures = true;
    if (typeof theirs !== "object" || theirs === null) return;
    if (standIns.has(theirs)) return;
    const stays = mine === target || (!taken.has(mine) && isAlike(mine, theirs));
    const kept = (stays ? mine : theirs) as Record<string, unknown>;
    standIns.set(theirs, kept);
    taken.add(kept);
    if (ArrayBuffer.isView(theirs)) {
      if (stays) writes.push(() => (kept as unknown as Column).set(theirs as Column));
    } else if (theirs instanceof Map) {
      const former = mine instanceof Map ? mine : new Map<unknown, unknown>();
      for (const [key, value] of theirs) {
        meet(former.get(key), value);
        writes.push(() => theirs.set(key, standIns.get(value) ?? value));
      }
    } else {
      for (const [name, value] of Object.entries(theirs)) {
        meet(stays ? kept[name] : undefined, value);
        writes.push(() => {
          const next: unknown = standIns.get(value) ?? value;
          if (!Object.is(kept[name], next)) kept[name] = next;
        });
      }
    }
  };
  meet(target, source);
  if (hasClosures) return false;
  for (const write of writes) write();
  return true;
}

/** Whether `mine` can replace `theirs`. An object without columns cannot: it may be a constant of a module. */
function isAlike(mine: unknown, theirs: object): mine is object {
  if (typeof mine !== "object" || mine === null) return false;
  const prototype: unknown = Object.getPrototypeOf(theirs);
  if (Object.getPrototypeOf(mine) !== prototype || theirs instanceof Map || theirs instanceof Set) return false;
  if (ArrayBuffer.isView(theirs)) return (mine as Column).length === (theirs as Column).length;
  if (prototype !== Object.prototype && prototype !== Array.prototype) return true;
  return (
    [mine, theirs].every((object) => Object.values(object).some(ArrayBuffer.isView)) &&
    Object.keys(mine).join() === Object.keys(theirs).join()
  );
}
