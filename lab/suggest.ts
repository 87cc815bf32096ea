/** "Did you mean ...?": the known name that is nearest to an unknown word. */
import { itemAt } from "./lists.ts";

/** A prefix of at least this many letters counts as an abbreviation. */
const BEGINNING = 5;

/**
 * Returns "; did you mean NAME?" for the name nearest to the word, the first of equally near ones, or "" if none is
 * near.
 *
 * A name is near if at most one letter in three (or one, in a short name) was inserted, deleted, changed or swapped
 * with its neighbour, and the two share a letter; case is ignored. If none is near, the first name that begins with the
 * word is suggested.
 */
export function suggest(word: string, names: readonly string[]): string {
  let nearest = "";
  let least = Infinity;
  for (const name of names) {
    const edits = distance(word.toLowerCase(), name.toLowerCase());
    const isNear = edits <= Math.max(1, name.length / 3) && edits < Math.max(word.length, name.length);
    if (edits < least && isNear) {
      nearest = `; did you mean ${name}?`;
      least = edits;
    }
  }
  if (nearest !== "" || word.length < BEGINNING) return nearest;
  const begun = names.find((name) => name.toLowerCase().startsWith(word.toLowerCase()));
  return begun === undefined ? "" : `; did you mean ${begun}?`;
}

/** The number of edits from a to b, with no letter edited twice: optimal string alignment, O(a.length * b.length). */
function distance(a: string, b: string): number {
  let older: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      const edits = [itemAt(above, j) + 1, itemAt(row, j - 1) + 1, itemAt(above, j - 1) + changed];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) edits.push(itemAt(older, j - 2) + 1);
      row.push(Math.min(...edits));
    }
    [older, above] = [above, row];
  }
  return itemAt(above, b.length);
}
