/**
 * The question of the form "is this coordinate above that value?" that best separates two kinds of points.
 *
 * Of all coordinates and all values between neighbours, it has the largest Youden index: the share of one kind for
 * which the answer is yes, less that share of the other kind (Youden 1950). It describes the given points. It is not a
 * test: with few points it always finds something.
 */

export interface Split {
  readonly dimension: number;
  readonly threshold: number;
  /** Whether the wanted points lie above the threshold, or at and below it. */
  readonly isAbove: boolean;
  /** The shares of the wanted points, and of the others, on the side of the wanted ones. */
  readonly wantedShare: number;
  readonly otherShare: number;
}

/** Undefined if there are no points of one kind, or if all are equal. Of equally good splits, the first. */
export function bestSplit(points: readonly ArrayLike<number>[], isWanted: readonly boolean[]): Split | undefined {
  const wanted = isWanted.filter(Boolean).length;
  const others = points.length - wanted;
  if (wanted === 0 || others === 0) return undefined;
  let best: Split | undefined;
  let bestIndex = 0;
  for (let dimension = 0; dimension < points[0].length; dimension++) {
    const order = points.map((_, i) => i).sort((i, j) => points[i][dimension] - points[j][dimension]);
    let wantedBelow = 0;
    let othersBelow = 0;
    for (let at = 0; at + 1 < order.length; at++) {
      if (isWanted[order[at]]) wantedBelow++;
      else othersBelow++;
      const [here, next] = [points[order[at]][dimension], points[order[at + 1]][dimension]];
      if (here === next) continue;
      const below = { wantedShare: wantedBelow / wanted, otherShare: othersBelow / others };
      const index = below.wantedShare - below.otherShare;
      if (Math.abs(index) <= bestIndex) continue;
      bestIndex = Math.abs(index);
      const shares = index > 0 ? below : { wantedShare: 1 - below.wantedShare, otherShare: 1 - below.otherShare };
      best = { dimension, threshold: (here + next) / 2, isAbove: index < 0, ...shares };
    }
  }
  return best;
}
