/**
 * What a leak and its remedies cost those who print and those who administer, and what came of it: staff time, starts,
 * downtime, jobs, printers.
 *
 * A row for each design point; nothing where nothing of it happened at any. Means are per server-day with an interval
 * between replications; of a moment it is counted on how many servers it came, or on how many fleets.
 */
import type { Response } from "../../models/model.ts";
import { meanEstimate, type Estimate } from "../../statistics/estimate.ts";
import { reachedAt, type Reached } from "./primary-responses.ts";
import { observations } from "./observations.ts";
import { factorNames } from "../experiment/experiment.ts";
import { observed, type Plan, type PlannedPoint, type Replication } from "./tables.ts";
import { significant } from "../reports/format.ts";

/** What is told of each design point per server-day, in this order: response, heading, and what to divide by. */
const RATES = [
  ["staffUs", "staff [min]", 60e6],
  ["downtimeUs", "down [min]", 60e6],
  ["serviceStarts", "starts", 1],
  ["jobsStarved", "jobs starved", 1],
  ["jobsLost", "lost", 1],
  ["jobsReprinted", "printed twice", 1],
  ["jobsRefused", "refused", 1],
  ["startFailures", "failed starts", 1],
] as const;

/** What happens to those only whom somebody attends to. */
const ATTENDED = ["staffUs", "serviceStarts", "fixedUs"];

/** And of all servers, or of all fleets. */
const MOMENTS = [
  ["fixedUs", "fixed"],
  ["printersLostUs", "printers lost"],
  ["canaryPassedUs", "canaries passed"],
  ["rolloutHaltedUs", "roll-outs halted"],
] as const;

export interface OperationalImpact {
  readonly point: PlannedPoint;
  /** Per server-day, in the order of RATES. */
  readonly rates: readonly Estimate[];
  /** In the order of MOMENTS. */
  readonly moments: readonly Reached[];
  /** Whether somebody attends to any fleet of the experiment, which is how it is told that it asks of policies. */
  readonly isAttended: boolean;
  readonly rollouts: Rollouts;
}

/** What judges said of roll-outs, of which each replication is one: one can be passed first and halted later. */
export interface Rollouts {
  readonly total: number;
  readonly passed: number;
  readonly halted: number;
  readonly unjudged: number;
}

/** A row for each design point, or none. @param replications in canonical order */
export function operationalImpactOf(plan: Plan, replications: readonly Replication[]): OperationalImpact[] {
  const { responses } = plan.points[0].resolved.model;
  const at = (wanted: string): number => responses.findIndex(({ name }: Response) => name === wanted);
  if (at("staffUs") === -1) return [];
  const total = (wanted: string, of: readonly Replication[]): number[] => of.map(({ totals }) => totals[at(wanted)]);
  const happened = (name: string): boolean => total(name, replications).some((amount) => amount > 0);
  if (![...RATES, ...MOMENTS].some(([name]) => happened(name))) return [];
  const isAttended = ATTENDED.some(happened);
  return plan.points.map((point) => {
    const own = replications.filter((replication) => replication.point.index === point.index);
    const { servers, horizonDays } = point.scenario;
    const rate = (name: string, divisor: number): Estimate => {
      const observed = observations(own, at(name));
      const serverDays = (servers * horizonDays * own.length) / observed.length;
      return meanEstimate(observed, serverDays * divisor);
    };
    return {
      point,
      rates: RATES.map(([name, , divisor]) => rate(name, divisor)),
      moments: MOMENTS.map(([name]) => reachedAt(point, responses[at(name)], own, plan)),
      isAttended,
      rollouts: rolloutsOf(...(JUDGED.map((name) => total(name, own)) as [number[], number[]])),
    };
  });
}

/** @param passed by replication, on how many servers that moment came */
function rolloutsOf(passed: readonly number[], halted: readonly number[]): Rollouts {
  const came = (servers: readonly number[]): number => servers.filter((count) => count > 0).length;
  return {
    total: passed.length,
    passed: came(passed),
    halted: came(halted),
    unjudged: passed.length - came(passed.map((servers, i) => servers + halted[i])),
  };
}

/** The moments at which a judge speaks. */
export const JUDGED: readonly string[] = ["canaryPassedUs", "rolloutHaltedUs"];

/** The table that is told, or none; columns that are 0 everywhere are left out. */
export function operationalImpactTable({ experiment }: Plan, rows: readonly OperationalImpact[]) {
  if (rows.length === 0) return undefined;
  const factors = factorNames(experiment);
  const rates = RATES.map((_, i) => i).filter((i) => rows.some((row) => row.rates[i].value > 0));
  const moments = MOMENTS.map((_, i) => i).filter((i) => rows.some((row) => row.moments[i].reached > 0));
  const [rateHeads, momentHeads] = [rates.map((i) => RATES[i][1]), moments.map((i) => MOMENTS[i][1])];
  const headsOf = (who: string) =>
    moments
      .filter((i) => observed(rows[0].moments[i].moment) === who)
      .map((i) => MOMENTS[i][1])
      .join(", ");
  const legend = [
    [
      rateHeads.map((head) => head.replace(/ \[.*/, "")).join(", "),
      "per server-day, ± the half-width of a 95 % interval",
    ],
    [headsOf("servers"), "servers of all replications on which it ever came"],
    [headsOf("fleets"), "fleets, of which each replication is one"],
  ];
  return {
    head: [...factors, ...rateHeads, ...momentHeads],
    texts: factors.length,
    rows: rows.map(({ point, rates: values, moments: came }) => [
      ...factors.map((factor) => point.levels[factor]),
      ...rates.map((i) => told(values[i])),
      ...moments.map((i) => `${came[i].reached} of ${came[i].observations}`),
    ]),
    legend: legend.filter(([heads]) => heads !== "").map(([heads, what]) => `${heads}: ${what}`),
  };
}

function told({ value, halfWidth }: Estimate): string {
  const text = significant(value) || "0";
  return halfWidth > 0 ? `${text} ± ${significant(halfWidth)}` : text;
}
