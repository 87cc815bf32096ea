/**
 * The k-th smallest of many values without a full sort: Hoare's selection with the median of three as the pivot.
 *
 * Afterwards no value before place k is larger, and no value after it is smaller; no other order is guaranteed. Cost:
 * O(n) on average, and O(n^2) for arrangements that hardly occur by chance. No randomness: the same values in the same
 * order take the same steps.
 */

/**
 * Moves the value of this rank to where sorting would put it, and returns it. No NaN.
 * @param rank whole, from 0, below the length
 */
export function select(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >>> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

/** The median; for an even number of values, the mean of the middle two; NaN if there are none. Changes the order. */
export function selectMedian(values: Float64Array): number {
  const { length } = values;
  if (length === 0) return NaN;
  const upper = select(values, length >>> 1);
  if (length % 2 === 1) return upper;
  let lower = values[0];
  for (let i = 1; i < length >>> 1; i++) if (values[i] > lower) lower = values[i];
  return (lower + upper) / 2;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
