/**
 * The state of a system: all that can be reached from it and may change.
 *
 * A system that keeps its state in fields (numbers, texts, typed arrays, arrays, maps, sets, and objects made of these)
 * can be brought back to an instant without saying what it is made of, so one system serves for many runs. What a
 * closure holds cannot be seen from outside and is not brought back.
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
    const seen = new Set<object>(except);
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null || seen.has(value)) return;
      seen.add(value);
      this.restores.push(saved(value));
      if (ArrayBuffer.isView(value)) return;
      if (value instanceof Map) for (const pair of value) pair.forEach(visit);
      else if (value instanceof Set) value.forEach(visit);
      else Object.values(value).forEach(visit);
    };
    visit(root);
  }

  /** Brings everything back to the instant at which the state was taken. */
  restore(): void {
    for (const restore of this.restores) restore();
  }
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
