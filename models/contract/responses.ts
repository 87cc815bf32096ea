/** What a model measures: responses, means and limits. */

/**
 * A response: a column of servers.csv.
 *
 * - count: how often something has happened, or how many there are now [whole]
 * - gauge: a level that an administrator could read now, unless it is `unseen`: then no counter shows it
 * - leak: a running total of a resource that was never given back. Its rate is total / exposure. `ceiling` names the
 *   event time at which the resource runs out. `leakSize` is the size of each leak, as a number or as the name of a
 *   parameter, so that leaks can be counted
 * - eventTime: when something first happened [us]; NaN as long as it has not. If it is `ofFleet`, it happens to all
 *   servers of a fleet at once and is one observation
 * - total: a running sum, in us or another unit. It never decreases
 *
 * Counts, and amounts in us or B, are whole numbers unless they are `fractional`.
 */
export interface Response {
  readonly name: string;
  readonly unit: string;
  readonly role: "count" | "gauge" | "leak" | "eventTime" | "total";
  readonly meaning: string;
  readonly ceiling?: string;
  readonly leakSize?: number | string;
  /**
   * Of a leak with a size: parameters, each a share of jobs, to which leaks are proportional, as far as what is done to
   * one job does not change whether another leaks.
   */
  readonly thinnedBy?: readonly string[];
  /** Of a leak: the response that shows how much is held now. It is less than the leak after a restart. */
  readonly heldBy?: string;
  readonly unseen?: true;
  /** Of a count: it is the present number of something, a level without a rate. */
  readonly now?: true;
  readonly ofFleet?: true;
  readonly fractional?: true;
  /**
   * The label in tables, charts and answers, without the unit: "printer DCs". Needed only if the words of the name
   * (without a leading "leaked" and a trailing "Us") are not a good label.
   */
  readonly label?: string;
  /**
   * Of a response that is not a leak: comparisons of levels show it beside the leaks, either if it happened at any
   * level or only if the levels differ. The first leak of a model is always shown, other leaks if they leak.
   */
  readonly headline?: "when-it-happened" | "when-levels-differ";
  /** Of an event time: it is the first leak. Without it, the first reading with a leak dates the first leak. */
  readonly firstLeak?: true;
  /** Of an event time: users notice it. Other ceilings are resources that have run out. */
  readonly symptom?: true;
}

/** A mean per event: total(of) / total(per), estimated per replication, with its closed form if there is one. */
export interface Mean {
  readonly name: string;
  readonly unit: string;
  readonly of: string;
  readonly per: string;
  readonly meaning: string;
}

/** Something that a server can run out of. */
export interface Limit {
  /** The response (a gauge or a leak) that rises to the limit. */
  readonly response: string;
  /** The response that records when the limit was reached. */
  readonly eventTime: string;
  /** The lowest level that counts as reached, in the unit of the response. */
  readonly level: number;
  /**
   * What people call the limit, such as 15,000 handles, of which the 15,001st is refused; in the unit of the response
   * [default: level].
   */
  readonly most?: number;
  /** The level when nothing has leaked [default: 0]. */
  readonly base?: number;
  /**
   * The parameters that say how much there is [default: all]. If a user gives none of them for real servers, the limit
   * is assumed.
   */
  readonly setBy?: readonly string[];
  /**
   * Whether the model only records when the limit is reached, and not what it does to users: advice then knows no cost
   * of it.
   */
  readonly isOnlyRecorded?: boolean;
}

/** What people call a limit, in the unit of its response. */
export function mostOf({ most, level }: Limit): number {
  return most ?? level;
}
