/**
 * Gives a system that has run the parameters of another, without simulating its past again.
 *
 * The two systems must have had the same past, so that they differ only in what their parameters made of them at the
 * start. That is found by comparing two twins of them that have just been started: `was`, with the old parameters, and
 * `will`, with the new ones. Whatever differs between the twins, the system takes from `will`; it must not have changed
 * it since its start. Everything else is its own state, and stays.
 *
 * Like state.ts, this follows fields: numbers, strings, typed arrays, arrays, maps, and objects of these. Functions
 * remain those of the system; they must not depend on a parameter that is new. Sets remain, too.
 */
import type { Column } from "./state.ts";

type Fields = Record<string, unknown>;

/**
 * @param target has run; it was made as `was`
 * @param will must not be used afterwards
 * @param shared objects that belong to none of them, such as the parameters: only referred to, never written
 * @throws Error if the target has changed something that differs between the twins; it is then half changed
 */
export function giveParameters(target: object, was: object, will: object, shared: ReadonlySet<object>): void {
  /** For each object of `will`, the object of the target that replaces it, or itself. */
  const standIns = new Map<unknown, object>();
  const writes: (() => void)[] = [];
  const meet = (mine: unknown, before: unknown, after: unknown, name: string): void => {
    if (!isObject(after) || shared.has(after) || standIns.has(after)) return;
    const stays = isAlike(before, after, shared) && isObject(mine) && isAlike(mine, before as object, shared, true);
    standIns.set(after, stays ? mine : after);
    if (ArrayBuffer.isView(after)) {
      if (stays) writes.push(() => takeNumbers(mine as Column, before as Column, after as Column, name));
      return;
    }
    const [own, old] = stays ? [mine, before as object] : [after, after];
    for (const [key, value] of entriesOf(after)) {
      const [present, former] = stays ? [itemOf(own, key), itemOf(old, key)] : [undefined, undefined];
      const path = `${name}.${String(key)}`;
      meet(present, former, value, path);
      writes.push(() => {
        const next = standIns.get(value) ?? value;
        if (stays) {
          if (Object.is(present, next) || Object.is(former, value) || typeof value === "function") return;
          if (!isUnchanged(present, former)) throw new Error(`${path} has changed since the start`);
        }
        put(own, key, next);
      });
    }
  };
  meet(target, was, will, "system");
  for (const write of writes) write();
}

function takeNumbers(mine: Column, before: Column, after: Column, name: string): void {
  after.forEach((value, i) => {
    if (Object.is(value, before[i])) return;
    if (!Object.is(mine[i], before[i])) throw new Error(`${name}[${i}] has changed since the start`);
    mine[i] = value;
  });
}

/** Whether a value that differs between the twins is still that of the start. */
function isUnchanged(mine: unknown, before: unknown): boolean {
  if (ArrayBuffer.isView(mine) && ArrayBuffer.isView(before)) return String(mine) === String(before);
  return Object.is(mine, before);
}

/** @param hasRun a column may have grown */
function isAlike(one: unknown, other: object, shared: ReadonlySet<object>, hasRun = false): one is object {
  if (!isObject(one) || shared.has(one) || Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  return hasRun || !ArrayBuffer.isView(one) || (one as Column).length === (other as Column).length;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function entriesOf(object: object): Iterable<readonly [unknown, unknown]> {
  return object instanceof Map ? object : object instanceof Set ? [] : Object.entries(object);
}

function itemOf(object: object, key: unknown): unknown {
  return object instanceof Map ? object.get(key) : (object as Fields)[key as string];
}

function put(object: object, key: unknown, value: unknown): void {
  if (object instanceof Map) object.set(key, value);
  else (object as Fields)[key as string] = value;
}
