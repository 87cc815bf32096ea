/**
 * selection.csv: which of the compared levels is the best, by the procedure of Kim and Nelson
 * (statistics/kim-nelson.ts).
 *
 * The experiment states the response that decides, its direction and the indifference zone in advance. Levels are
 * compared per server, replication by replication, in order; nothing is selected while there are too few replications.
 * Each selection is right with a probability of at least 95 %.
 */
import type { Response } from "../../models/contract/responses.ts";
import { mean } from "../../statistics/estimate.ts";
import { selectBest } from "../../statistics/kim-nelson.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { families } from "../experiment/design.ts";
import type { Best, Compare } from "../experiment/experiment.ts";
import { oneOf, wrong } from "../experiment/settings.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { replicationsOf, totals, type Replication } from "./replication.ts";
import { itemAt } from "../lists.ts";

const ALPHA = 0.05;

/** A row: one of the compared levels. */
export interface Selected {
  readonly point: PlannedPoint;
  readonly response: Response;
  /** Per server, in the response's unit. */
  readonly mean: number;
  readonly verdict: "best" | "out" | "undecided";
  /** The number of replications after which it was eliminated, or the best was known; NaN while undecided. */
  readonly afterReplications: number;
}

export function selections(plan: Plan, compare: Compare, best: Best, replications: readonly Replication[]): Selected[] {
  const response = decisive(plan, best);
  const column = responsesOf(plan).indexOf(response);
  const sign = best.wanted === "least" ? -1 : 1;
  return families(plan.points, compare).flatMap((family) => {
    const points = [...new Set(family.flat())].map(({ index }) => itemAt(plan.points, index));
    const perServer = points.map((point) =>
      totals(replicationsOf(point, plan, replications), column).map((total) => total / point.scenario.servers),
    );
    const observations = perServer.map((values) => values.map((value) => sign * value));
    const { indifference, firstStage } = best;
    const { best: selected, outAfter, read } = selectBest(observations, { indifference, firstStage, alpha: ALPHA });
    return points.map((point, i): Selected => {
      const common = { point, response, mean: mean(itemAt(perServer, i)) };
      if (i === selected) return { ...common, verdict: "best", afterReplications: read };
      // A level that remains when the best is known has the same mean, or is too close to matter.
      const after = itemAt(outAfter, i);
      if (selected !== undefined) return { ...common, verdict: "out", afterReplications: Math.min(after, read) };
      if (after < Infinity) return { ...common, verdict: "out", afterReplications: after };
      return { ...common, verdict: "undecided", afterReplications: NaN };
    });
  });
}

/** @throws Fault when the experiment names no response that could decide */
export function selectionTable(plan: Plan, { factor }: Compare, best: Best): Table<Selected> {
  decisive(plan, best);
  return table("selection", `a level of ${factor}, and whether it is the best`, [
    ...factorColumns<Selected>(plan),
    text("response", "the response that decides", (row) => row.response.name),
    text("unit", "its unit", (row) => row.response.unit),
    number("mean", "see the column unit", "its mean per server", (row) => row.mean),
    text("verdict", "best; out; or undecided if there are too few replications", (row) => row.verdict),
    integer(
      "afterReplications",
      "1",
      "number of replications until the verdict; empty if undecided",
      (row) => row.afterReplications,
    ),
  ]);
}

function decisive(plan: Plan, best: Best): Response {
  const candidates = responsesOf(plan).filter(isCumulable);
  const found = candidates.find(({ name }) => name === best.response);
  if (found === undefined) {
    throw wrong(
      "compare.best.response",
      best.response,
      oneOf(
        best.response,
        candidates.map(({ name }) => name),
      ),
    );
  }
  return found;
}
