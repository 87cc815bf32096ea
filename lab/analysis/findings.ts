/**
 * The findings of an experiment, estimated in the same way for a fresh run and for a results folder that is read again.
 */
import { digestText } from "../../sim/digest.ts";
import { sum } from "../../statistics/estimate.ts";
import type { Plan } from "../experiment/plan.ts";
import { comparisons, type Comparison } from "./comparison.ts";
import { fleetRates } from "./fleet-rates.ts";
import { meanValues, type LeakPart, type LeakRate, type MeanValue } from "./leak-rates.ts";
import { operationalImpactOf, type OperationalImpact } from "./operational-impact.ts";
import { reachedOf, type Reached } from "./primary-responses.ts";
import type { Replication } from "./replication.ts";
import { selections, type Selected } from "./selection.ts";
import { levelsTests, type LevelsTest, type Lifetimes } from "./survival.ts";

export interface Findings {
  /** The number of events of all runs. */
  readonly events: number;
  /** The sum of the digests of all runs, as digestText formats it. */
  readonly digest: string;
  readonly leakRates: readonly LeakRate[];
  /** Leak rates of whole fleets, if the experiment names a fleet. */
  readonly fleetRates: readonly LeakRate[];
  readonly meanValues: readonly MeanValue[];
  readonly comparisons: readonly Comparison[];
  /** Empty if no fleet was attended. */
  readonly operationalImpact: readonly OperationalImpact[];
  /** The event times that the question is about. */
  readonly reached: readonly Reached[];
  readonly levelsTests: readonly LevelsTest[];
  readonly selections: readonly Selected[];
}

/** The runs, reduced to what the estimates need. */
export interface Reduced {
  /** All replications, in canonical order. */
  readonly replications: readonly Replication[];
  readonly leakRates: readonly LeakRate[];
  /** The parts of fleets; empty if the experiment names no fleet. */
  readonly parts: readonly LeakPart[];
  /** At least for the design points that are compared. */
  readonly lifetimes: Lifetimes;
}

export function findingsOf(plan: Plan, { replications, leakRates, parts, lifetimes }: Reduced): Findings {
  const { compare } = plan.experiment;
  return {
    events: sum(replications.map(({ events }) => events)),
    digest: digestText(
      sumOfLanes(replications.map(({ digestLow }) => digestLow)),
      sumOfLanes(replications.map(({ digestHigh }) => digestHigh)),
    ),
    leakRates,
    fleetRates: fleetRates(plan, parts),
    meanValues: meanValues(plan, replications, leakRates),
    comparisons: compare === undefined ? [] : comparisons(plan, compare, replications),
    operationalImpact: operationalImpactOf(plan, replications),
    reached: reachedOf(plan, replications),
    levelsTests: compare === undefined ? [] : levelsTests(plan, compare, lifetimes),
    selections: compare?.best === undefined ? [] : selections(plan, compare, compare.best, replications),
  };
}

/** The sum of lanes of digests, modulo 2^32. */
export function sumOfLanes(lanes: Iterable<number>): number {
  let total = 0;
  for (const value of lanes) total = (total + value) >>> 0;
  return total;
}
