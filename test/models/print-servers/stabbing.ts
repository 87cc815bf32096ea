/**
 * Orphans from the trace alone, by somebody who knows nothing of the simulator.
 *
 * An alteration is inside an instance from CTL_ENTER to CTL_EXIT, the latter excluded. A close attempt that stabs such
 * an interval of its instance is one that the spooler of Q223863 skips: an orphan. STOPPED is the end of a process, and
 * with it of all its alterations. There is no state machine here, no guard that counts and no order of ties: only
 * intervals and points.
 */

/** What is read of a row; an instance is a number that is given once. */
export interface Row {
  readonly time: number;
  readonly job?: number | undefined;
  readonly instance?: number | undefined;
  readonly event: string;
  readonly detail?: string;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

/**
 * The instances whose close attempt falls into an alteration, in the order of their attempts. Rows are in the order of
 * time.
 */
export function orphansByStabbing(rows: readonly Row[]): number[] {
  const ends = rows.filter(({ event }) => event === "STOPPED").map(({ time }) => time);
  const byInstance = new Map<number, Row[]>();
  for (const row of rows) {
    if (row.instance === undefined) continue;
    const ofInstance = byInstance.get(row.instance);
    if (ofInstance === undefined) byInstance.set(row.instance, [row]);
    else ofInstance.push(row);
  }
  const orphans: number[] = [];
  for (const { event, time, instance } of rows) {
    if (event !== "CLOSE_ATTEMPT" || instance === undefined) continue;
    const inside = intervals(byInstance.get(instance)!, ends);
    if (inside.some(({ from, to }) => from <= time && time < to)) orphans.push(instance);
  }
  return orphans;
}

/**
 * When alterations are inside the instance. Rows need not say which of several leaves: the k-th exit is paired with the
 * k-th entry, and any pairing covers the same time.
 */
function intervals(rows: readonly Row[], ends: readonly number[]): Interval[] {
  const exits = rows.filter(({ event }) => event === "CTL_EXIT").map(({ time }) => time);
  return rows
    .filter(({ event }) => event === "CTL_ENTER")
    .map(({ time: from }, i) => {
      const processEnd = ends.find((end) => end >= from) ?? Infinity;
      return { from, to: Math.min(exits[i] ?? Infinity, processEnd) };
    });
}
