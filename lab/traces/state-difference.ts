/** The differences between the states of two simulations, number by number. */
import { reachedFrom, type Column } from "../../sim/state.ts";

/** A number or a text that differs after the event: before it, in the one, and in the other. */
export interface Difference {
  readonly name: string;
  readonly before: unknown;
  readonly one: unknown;
  readonly other: unknown;
}

/**
 * The differences between two systems in what both have: numbers, texts, booleans, and elements of columns.
 *
 * @param outside an object of the first system that is left out, with what only it reaches
 */
export function differencesOf(one: object, other: object, outside: object): Difference[] {
  const differences: Difference[] = [];
  const seen = new Set<object>([one, outside]);
  // Names are joined only where something differs: mostly nothing does.
  const path: (string | number)[] = [""];
  const differ = (field: string | number, a: unknown, b: unknown): void => {
    differences.push({ name: [...path, field].join("."), before: undefined, one: a, other: b });
  };
  const visit = (a: unknown, b: unknown, field: string | number): void => {
    if (Object.is(a, b) || typeof a === "function" || typeof b === "function") return;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return differ(field, a, b);
    if (seen.has(a)) return;
    seen.add(a);
    path.push(field);
    within(a, b);
    path.pop();
  };
  const within = (a: object, b: object): void => {
    if (ArrayBuffer.isView(a)) return columns(a as Column, b as Column);
    if (a instanceof Map && b instanceof Map) {
      visit(a.size, b.size, "size");
      for (const [key, value] of a) if (b.has(key)) visit(value, b.get(key), String(key));
      return;
    }
    if (Array.isArray(a) && Array.isArray(b)) visit(a.length, b.length, "length");
    for (const field of Object.keys(a)) {
      if (Object.hasOwn(b, field)) visit(Reflect.get(a, field), Reflect.get(b, field), field);
    }
  };
  const columns = (a: Column, b: Column): void => {
    if (a.length === b.length && Buffer.compare(bytesOf(a), bytesOf(b)) === 0) return;
    if (a.length !== b.length) differ("length", a.length, b.length);
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) if (!Object.is(a[i], b[i])) differ(i, a[i], b[i]);
  };
  within(one, other);
  return differences;
}

function bytesOf({ buffer, byteOffset, byteLength }: Column): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The count of numbers in the columns that can be reached. */
export function numbersIn(root: object): number {
  let numbers = 0;
  for (const object of reachedFrom(root)) if (ArrayBuffer.isView(object)) numbers += (object as Column).length;
  return numbers;
}

export function textOf({ one, other }: Pick<Difference, "one" | "other">): string {
  return `${String(one)} ${String(other)}`;
}

export function valueAt(root: object, name: string): unknown {
  return name
    .split(".")
    .slice(1)
    .reduce<unknown>((object, field) => {
      if (typeof object !== "object" || object === null) return undefined;
      return object instanceof Map ? object.get(field) : Reflect.get(object, field);
    }, root);
}
