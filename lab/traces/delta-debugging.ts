/**
 * The smallest part of a list that still has a property: the algorithm ddmin of Zeller and Hildebrandt (Simplifying and
 * isolating failure-inducing input, IEEE TSE 28, 2002). No single item of its result can be left out.
 */

/**
 * @param holds whether a part, in the order of the list, has the property; the whole list does
 * @returns a part that has it
 */
export async function smallestPart<Item>(
  items: readonly Item[],
  holds: (part: readonly Item[]) => boolean | Promise<boolean>,
): Promise<readonly Item[]> {
  let kept = items;
  let pieces = 1;
  while (kept.length > 0) {
    const size = Math.ceil(kept.length / pieces);
    const starts = Array.from({ length: Math.ceil(kept.length / size) }, (_, i) => i * size);
    const piecesAlone = starts
      .map((start) => kept.slice(start, start + size))
      .filter(({ length }) => length < kept.length);
    const others = starts.map((start) => [...kept.slice(0, start), ...kept.slice(start + size)]);
    const smaller = await firstThat([...piecesAlone, ...others], holds);
    if (smaller !== undefined) {
      pieces = smaller.length === size ? 1 : Math.max(1, pieces - 1);
      kept = smaller;
    } else if (size === 1) {
      break;
    } else {
      pieces = Math.min(2 * pieces, kept.length);
    }
  }
  return kept;
}

/** The first item of the list with the property. */
export async function firstThat<Item>(
  items: readonly Item[],
  holds: (item: Item) => boolean | Promise<boolean>,
): Promise<Item | undefined> {
  for (const item of items) if (await holds(item)) return item;
  return undefined;
}
