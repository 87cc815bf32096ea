/** Access to items of lists and records that must exist although the compiler cannot know it: a missing one throws. */

/** A list of at least one item. */
export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

/**
 * The item of a list at an index, or the value of a record under a key.
 *
 * @throws RangeError when there is none
 */
export function itemAt<T>(list: ArrayLike<T>, index: number): T;
export function itemAt<T>(record: Readonly<Record<string, T>>, key: string): T;
export function itemAt<T>(items: ArrayLike<T> | Readonly<Record<string, T>>, at: number | string): T {
  const item = (items as Readonly<Record<string, T>>)[at];
  if (item === undefined) throw new RangeError(`no item at ${at}`);
  return item;
}

/** Like Array.map, but the compiler knows the length of the result. */
export function mapEach<const List extends readonly unknown[], Result>(
  list: List,
  of: (item: List[number]) => Result,
): { [Index in keyof List]: Result } {
  return list.map(of) as { [Index in keyof List]: Result };
}

/** The items by key, in the order of their first items. */
export function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
