/**
 * The state of a system: everything that can be reached from it and may change.
 *
 * If a system keeps its state in fields (numbers, strings, typed arrays, arrays, maps, sets, and objects of these), its
 * state can be saved and restored without a declaration of its parts, so one system serves for many runs. Variables in
 * closures cannot be seen and are not restored. `takeOver` gives a system the state of another of the same class, so
 * that V8, which treats the columns of the first as constants, keeps its compiled code.
 *
 * Cost: one walk over the objects to save; one write of each column to restore. A column whose values are all equal, as
 * most are at the start, is saved as one number.
 */
export type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** Restores one object. */
type Restore = () => void;

export class SavedState {
  private readonly restores: Restore[];

  /** Saves what can be reached from `root`, except the objects in `except` and what only they reach. */
  constructor(root: object, except: Iterable<object> = []) {
    this.restores = [];
    walk(root, new Set(except), (object) => this.restores.push(saved(object)));
  }

  /** Restores everything to the saved state. */
  restore(): void {
    for (const restore of this.restores) restore();
  }
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
  if (ArrayBuffer.isView(value)) return savedColumn(value as Column);
  if (value instanceof Map) return savedMap(value);
  if (value instanceof Set) return savedSet(value);
  return savedFields(value as Record<string, unknown>);
}

function savedColumn(column: Column): Restore {
  const first = column[0];
  let same = 1;
  while (same < column.length && Object.is(column[same], first)) same++;
  if (same >= column.length) return () => void column.fill(first);
  const copy = column.slice();
  return () => void column.set(copy);
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
 * @param shared objects that belong to neither, such as the parameters: only referred to, never written
 */
export function takeOver(target: object, source: object, shared: ReadonlySet<object>): void {
  /** For each object of the source, the object that replaces it. */
  const standIns = new Map<unknown, object>();
  const taken = new Set<unknown>(shared);
  const writes: (() => void)[] = [];
  const meet = (mine: unknown, theirs: unknown): void => {
    if (typeof theirs !== "object" || theirs === null || mine === theirs || shared.has(theirs)) return;
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
  for (const write of writes) write();
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
