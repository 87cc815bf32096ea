/**
 * survival.csv and log-rank.csv: when servers run out of a resource or users notice, and whether the compared levels
 * differ in it.
 *
 * Servers are independent, so each is an observation, whatever replication it belongs to. A server without the event at
 * the horizon is right-censored there. A curve with more than CURVE_ROWS_MAX steps is thinned: a row is kept when
 * another 1/CURVE_ROWS_MAX of all events has happened. Each kept row is exact at its time; its `events` are those since
 * the row before.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Distribution } from "../../statistics/distribution.ts";
import { sum } from "../../statistics/estimate.ts";
import { logRank, type Group, type LogRank } from "../../statistics/log-rank.ts";
import { kaplanMeier, survivalBands, type SurvivalBand, type SurvivalStep } from "../../statistics/survival.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { families } from "../experiment/design.ts";
import type { Compare } from "../experiment/experiment.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { areIndependent } from "./observations.ts";
import { itemAt } from "../lists.ts";

/** Smaller p-values are not computed, but reported as this bound. */
export const P_LEAST = 1e-300;

/** The number of rows of a curve, without its last row. */
export const CURVE_ROWS_MAX = 200;

/** For each event time that is a ceiling, by name: when servers reached it, in one replication or several [us]. */
export type Ceilings = ReadonlyMap<string, Distribution>;

/** What is kept of each event time, by design point and name. */
export type Lifetimes = ReadonlyMap<number, ReadonlyMap<string, Group>>;

/** The event times that are ceilings of what leaks; a ceiling shared by several responses appears once. */
export function ceilingNames(plan: Plan): string[] {
  return [...new Set(responsesOf(plan).flatMap(({ ceiling }) => ceiling ?? []))];
}

/** When the servers of a design point had the event, and how many were right-censored at the horizon [days]. */
export function lifetimes(point: PlannedPoint, replications: number, ceilings: Ceilings, eventTime: string): Group {
  const reached = ceilings.get(eventTime)!;
  const { values, counts } = reached.cells();
  const { servers, horizonDays } = point.scenario;
  return {
    events: { values: values.map((time) => time / US_PER_DAY), counts },
    censored: { values: Float64Array.of(horizonDays), counts: Float64Array.of(servers * replications - reached.count) },
  };
}

/** A row of survival.csv. */
export interface CurveRow extends SurvivalBand {
  readonly point: PlannedPoint;
  readonly eventTime: string;
}

/** The survival curve of one event time at one design point, without errors if servers depend on each other. */
export function curveRows(point: PlannedPoint, eventTime: string, { events, censored }: Group): CurveRow[] {
  const bands = survivalBands(kaplanMeier(events, censored));
  const rows = thinned(bands);
  const last: SurvivalBand = bands.at(-1) ?? {
    time: 0,
    atRisk: 0,
    events: 0,
    survival: 1,
    standardError: 0,
    lower: NaN,
    upper: NaN,
    hazard: 0,
    hazardStandardError: 0,
  };
  const end = { ...last, time: itemAt(censored.values, 0), atRisk: sum(censored.counts), events: 0 };
  const none = { standardError: NaN, lower: NaN, upper: NaN, hazardStandardError: NaN };
  const errors = areIndependent(point) ? {} : none;
  return [...rows, end].map((band) => ({ ...band, ...errors, point, eventTime }));
}

/** The steps that are kept, each with the events since the previous one. */
function thinned<Step extends SurvivalStep>(steps: readonly Step[]): Step[] {
  if (steps.length <= CURVE_ROWS_MAX) return [...steps];
  const all = steps.reduce((sum, { events }) => sum + events, 0);
  const partOf = (events: number) => Math.floor((events * CURVE_ROWS_MAX) / all);
  const kept: Step[] = [];
  let [seen, keptEvents] = [0, 0];
  for (const step of steps) {
    const before = seen;
    seen += step.events;
    if (partOf(seen) === partOf(before)) continue;
    kept.push({ ...step, events: seen - keptEvents });
    keptEvents = seen;
  }
  return kept;
}

/** A row of log-rank.csv: an event time at the compared levels, for one combination of the other factors. */
export interface LevelsTest extends LogRank {
  /** The point of the first level, which has the levels of the other factors. */
  readonly point: PlannedPoint;
  readonly points: readonly PlannedPoint[];
  readonly eventTime: string;
  readonly servers: number;
  readonly reached: number;
}

export function levelsTests(plan: Plan, compare: Compare, known: Lifetimes): LevelsTest[] {
  return families(plan.points, compare).flatMap((family) => {
    const points = [...new Set(family.flat())].map(({ index }) => itemAt(plan.points, index));
    return ceilingNames(plan).map((eventTime): LevelsTest => {
      const groups = points.map(({ index }) => known.get(index)!.get(eventTime)!);
      const reached = sum(groups.map(({ events }) => sum(events.counts)));
      const servers = reached + sum(groups.map(({ censored }) => sum(censored.counts)));
      return { point: itemAt(points, 0), points, eventTime, servers, reached, ...logRank(groups) };
    });
  });
}

export function survivalTable(plan: Plan): Table<CurveRow> {
  return table("survival", "a step of the survival curve; the last row is its end at the horizon", [
    ...factorColumns(plan),
    text("eventTime", "the response that tells when it happened", (row) => row.eventTime),
    number("timeDays", "d", "time since the start", (row) => row.time),
    integer(
      "atRisk",
      "1",
      "servers of all replications without the event just before this time; in the last row, those that are right-censored",
      (row) => row.atRisk,
    ),
    integer(
      "events",
      "1",
      "servers that had the event after the time of the row above, up to this time",
      (row) => row.events,
    ),
    number("survival", "1", "share without the event after this time (Kaplan-Meier)", (row) => row.survival),
    number(
      "standardError",
      "1",
      "its standard error (Greenwood); empty for a coordinated fleet",
      (row) => row.standardError,
    ),
    number(
      "lower",
      "1",
      "lower end of its 95 % interval (symmetric in log(-log)); empty while nothing has happened, if the share is 0, and for a " +
        "coordinated fleet",
      (row) => row.lower,
    ),
    number("upper", "1", "upper end of the interval", (row) => row.upper),
    number("cumulativeHazard", "1", "events per server at risk, summed (Nelson-Aalen)", (row) => row.hazard),
    number(
      "cumulativeHazardError",
      "1",
      "its standard error; empty for a coordinated fleet",
      (row) => row.hazardStandardError,
    ),
  ]);
}

export function logRankTable(plan: Plan, { factor }: Compare): Table<LevelsTest> {
  return table("log-rank", `do the compared levels of ${factor} have the event at the same rate?`, [
    ...factorColumns<LevelsTest>(plan, factor),
    text("eventTime", "the response that tells when it happened", (row) => row.eventTime),
    text("levels", `the levels of ${factor}`, ({ points }) => points.map(({ levels }) => levels[factor]).join(" ")),
    integer("servers", "1", "servers of all these levels and of all replications", (row) => row.servers),
    integer("reached", "1", "the number of these servers that had the event", (row) => row.reached),
    number("chiSquare", "1", "log-rank statistic; empty if no server had the event", (row) => row.chiSquare),
    integer("degreesOfFreedom", "1", "number of levels minus one", (row) => row.degrees),
    number("p", "1", `its p-value, as if the levels were independent; ${P_LEAST} means at most ${P_LEAST}`, (row) =>
      Math.max(P_LEAST, row.p),
    ),
  ]);
}
