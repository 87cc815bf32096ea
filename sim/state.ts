/**
 * The state of a system: all that can be reached from it and may change.
 *
 * A system that keeps its state in fields (numbers, texts, typed arrays, arrays, maps, sets, and objects made of these)
 * can be brought back to an instant without saying what it is made of, so one system serves for many runs. What a
 * closure holds cannot be seen from outside and is not brought back. Two systems of one kind can be made one
 * (`takeOver`), so that V8, which has made constants of the columns of the first, goes on with them.
 *
 * Cost: a walk when the state is taken; a restore writes every column once. A column whose places are all equal, as
 * most are in the beginning, is kept as one number.
 */
type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** Puts one object back. */
type Restore = () => void;

export class SavedState {
  private readonly restores: Restore[];

  /** Takes the state of what `root` reaches, but for the objects `except` and what only they reach. */
  constructor(root: object, except: Iterable<object> = []) {
    this.restores = [];
    walk(root, new Set(except), (object) => this.restores.push(saved(object)));
  }

  /** Brings everything back to the instant at which the state was taken. */
  restore(): void {
    for (const restore of this.restores) restore();
  }
}

/** All objects that can be reached from the roots, and these. */
export function reachedFrom(...roots: readonly object[]): Set<object> {
  const reached = new Set<object>();
  for (const root of roots) walk(root, reached, () => undefined);
  return reached;
}

/** Visits what can be reached and was not seen; what is visited is seen. */
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
  const [first] = column;
  if (column.every((number) => Object.is(number, first))) return () => void column.fill(first);
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

/** Of an array, too: its length comes first, so that what came later is gone. */
function savedFields(object: Record<string, unknown>): Restore {
  const { length } = object;
  const fields = Object.entries(object);
  return () => {
    if (Array.isArray(object) && object.length !== length) object.length = length as number;
    for (const [name, value] of fields) {
      // A field that is never written stays a constant to V8.
      if (!Object.is(object[name], value)) object[name] = value;
    }
  };
}

/**
 * Brings `target` to the state of `source`, a system of the same kind that was made with other parameters and never
 * ran, and is not to be used afterwards. What both have alike stays the target's own object: systems of one class,
 * columns of one type and length, and records and arrays that hold columns. Everything else becomes the source's.
 *
 * @param shared objects that belong to neither, such as the parameters: they are referred to and never written
 */
export function takeOver(target: object, source: object, shared: ReadonlySet<object>): void {
  /** Of each object of the source, the one that takes its place. */
  const standIns = new Map<unknown, object>();
  const taken = new Set<unknown>(shared);
  const writes: (() => void)[] = [];
  const meet = (mine: unknown, theirs: unknown): void => {
    if (typeof theirs !== "object" || theirs === null || mine === theirs || shared.has(theirs)) return;
    if (standIns.has(theirs)) return;
    const stays = mine === target || (!taken.has(mine) && isAlike(mine, theirs));
    const place = (stays ? mine : theirs) as Record<string, unknown>;
    standIns.set(theirs, place);
    taken.add(place);
    if (ArrayBuffer.isView(theirs)) {
      if (stays) writes.push(() => (place as unknown as Column).set(theirs as Column));
    } else if (theirs instanceof Map) {
      const former = mine instanceof Map ? mine : new Map<unknown, unknown>();
      for (const [key, value] of theirs) {
        meet(former.get(key), value);
        writes.push(() => theirs.set(key, standIns.get(value) ?? value));
      }
    } else {
      for (const [name, value] of Object.entries(theirs)) {
        meet(stays ? place[name] : undefined, value);
        writes.push(() => {
          const next: unknown = standIns.get(value) ?? value;
          if (!Object.is(place[name], next)) place[name] = next;
        });
      }
    }
  };
  meet(target, source);
  for (const write of writes) write();
}

/** Whether `mine` can take the place of `theirs`. What holds no column may be a constant of a module. */
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
