/**
 * The smallest part of a list that still has a property, found by delta debugging (Zeller and Hildebrandt, Simplifying
 * and isolating failure-inducing input, IEEE TSE 28, 2002): pieces are left out, first large ones, then smaller and
 * smaller ones. Their algorithm ddmin begins again with the first piece whenever a piece was left out; this one goes on
 * with the next, because most of the pieces before are needed. No single item of its result can be left out.
 */

/**
 * @param holds whether a part, in the order of the list, has the property; the whole list does
 * @param isOver whether to stop early, with a part of which more might be left out
 * @returns a part that has it
 */
export async function smallestPart<Item>(
  items: readonly Item[],
  holds: (part: readonly Item[]) => boolean | Promise<boolean>,
  isOver = () => false,
): Promise<readonly Item[]> {
  let kept = items;
  let size = items.length;
  while (kept.length > 0) {
    const before = kept;
    for (let start = 0; start < kept.length && !isOver(); ) {
      const part = kept.toSpliced(start, size);
      if (await holds(part)) kept = part;
      else start += size;
    }
    if (isOver() || (size === 1 && kept === before)) break;
    size = Math.ceil(Math.min(size, kept.length) / 2);
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
