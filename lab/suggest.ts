/** "Did you mean ...?": the known name that is nearest to an unknown word. */
import { itemAt } from "./lists.ts";

/** A beginning of a name of at least so many letters is meant for it. */
const BEGINNING = 5;

/**
 * "; did you mean NAME?" with the name nearest to the word, the earlier of two equally near, or "" when none is near.
 * Near are words apart by at most one letter in three, or one of a short name, inserted, deleted, changed or swapped
 * with its neighbour, which have a letter in common; capitals are small letters here. Where none is near, the first
 * name that begins with the word is meant.
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

/** Edits from a to b, no letter edited twice: optimal string alignment, O(a.length * b.length). */
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
