/** A small table of results, for terminals and pages: every cell is formatted text. */
import type { Findings } from "../analysis/findings.ts";
import type { Plan } from "../experiment/plan.ts";

/** A plan with its findings. */
export interface AnalyzedPlan {
  readonly plan: Plan;
  readonly findings: Findings;
}

/** Choices about the tables. */
export interface TableChoice {
  /** Whether the intervals in a table of leaks or comparisons hold simultaneously with 95 % confidence. */
  readonly simultaneous?: boolean;
}

/** The marking of a row: a difference that may be chance, or a difference from a closed form. */
export type RowMark = "chance" | "differs";

export interface SummaryTable {
  readonly head: readonly string[];
  /** The number of text columns, from the left; the others are numbers. */
  readonly texts: number;
  readonly rows: readonly (readonly string[])[];
  /** By row; undefined if no row is marked. */
  readonly marks?: readonly (RowMark | undefined)[];
  /** The meanings of the columns. */
  readonly legend: readonly string[];
}
