/**
 * What an import shows about its servers: how fast each gauge rises, when it reaches the known ceilings, which
 * detectors raise an alarm, when people print, and what cannot be said.
 */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import type { Limit, Response } from "../../models/contract/responses.ts";
import { meanEstimate, sum, type Interval } from "../../statistics/estimate.ts";
import { partsOf } from "../imports/grid.ts";
import type { Imported } from "../imports/import-record.ts";
import { observedResponses, observedServers, type ObservedServer } from "../imports/observed.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { dailyLevels, daysLeft, riseOf, type DaysLeft, type Slope } from "./daily-levels.ts";

/** A gauge of a server. */
export interface GaugeOverview {
  readonly server: string;
  readonly gauge: Response;
  /** The lowest reading of the last whole day, or since a restart after it; NaN if there is none. */
  readonly level: number;
  /** The day of the level, counted from the import's first Monday; NaN if there is none. */
  readonly day: number;
  readonly slope: Slope | undefined;
  readonly limit: Limit | undefined;
  /** Whether the limit is the model's default, because the import has none of the parameters that set it. */
  readonly isLimitAssumed: boolean;
  /** Undefined without a limit, or if no forecast is possible. */
  readonly left: DaysLeft | undefined;
}

/** The print load by hour of the week. */
export interface LoadOverview {
  readonly server: string;
  /** Jobs per hour, by weekday from Monday and hour; NaN if there are no readings. */
  readonly jobs: readonly (readonly number[])[];
  /** The source of the job counts: a job log, or the name of a running total. */
  readonly source: string;
}

export interface ServerOverview {
  readonly server: string;
  /** From the first reading to the last [d]. */
  readonly days: number;
  /** Since the last restart [d]. */
  readonly daysSinceRestart: number;
  readonly restarts: number;
  readonly gauges: readonly GaugeOverview[];
  readonly load: LoadOverview | undefined;
}

/** Looks at one server at a time. @param use called with each server while it is in memory */
export async function overviewOf(
  imported: Imported,
  use: (server: ObservedServer, overview: ServerOverview) => void = () => undefined,
): Promise<ServerOverview[]> {
  const responses = await observedResponses(imported);
  const limits = imported.model.limits?.(imported.values) ?? [];
  const overviews: ServerOverview[] = [];
  for await (const server of observedServers(imported)) {
    const overview = lookOf(server, responses, limits, imported.record.parameters);
    use(server, overview);
    overviews.push(overview);
  }
  return overviews;
}

function lookOf(
  server: ObservedServer,
  responses: readonly Response[],
  limits: readonly Limit[],
  known: Settings,
): ServerOverview {
  const { name, timesUs, readings } = server;
  const parts = partsOf(server);
  const last = parts.at(-1);
  const gauges = responses
    .filter(({ role }) => role === "gauge")
    .flatMap((gauge): GaugeOverview[] => {
      const values = readings.get(gauge.name)!;
      if (values.every(Number.isNaN)) return [];
      const levels = dailyLevels(timesUs, values, parts);
      const { walk, slope } = riseOf(levels);
      const limit = limits.find(({ response }) => response === gauge.name);
      const now = levels.at(-1);
      return [
        {
          server: name,
          gauge,
          level: now?.level ?? NaN,
          day: now?.day ?? NaN,
          slope,
          limit,
          isLimitAssumed: !(limit?.setBy ?? Object.keys(known)).some((name) => Object.hasOwn(known, name)),
          left: limit === undefined ? undefined : daysLeft(walk, limit.level, slope),
        },
      ];
    });
  return {
    server: name,
    days: timesUs.length === 0 ? 0 : (timesUs.at(-1)! - timesUs[0]!) / US_PER_DAY,
    daysSinceRestart: last === undefined ? 0 : (last.untilUs - last.fromUs) / US_PER_DAY,
    restarts: Math.max(0, parts.length - 1),
    gauges,
    load: loadOf(server, responses),
  };
}

/** The slope of a gauge as the mean over servers. */
export interface FleetSlope {
  readonly gauge: Response;
  readonly servers: number;
  /** Per day. */
  readonly value: number;
  /** The 95 % interval; NaN if there is none. */
  readonly interval: Interval;
}

/**
 * The mean slope of each gauge over two or more servers. Its interval is the wider one of two: Student's t between
 * servers, and that of the servers' own intervals, as if they were independent. Between servers alone it would have no
 * width if few leaks happen to be the same on all of them. A server on which a gauge never moved counts as 0.
 */
export function fleetSlopes(overviews: readonly ServerOverview[]): FleetSlope[] {
  const all = overviews.flatMap(({ gauges }) => gauges).filter(({ slope }) => slope !== undefined);
  const gauges = [...new Map(all.map(({ gauge }) => [gauge.name, gauge])).values()];
  return gauges.flatMap((gauge) => {
    const slopes = all.flatMap((one) => (one.gauge.name === gauge.name ? [ends(one)] : []));
    if (slopes.length < 2) return [];
    const { value, halfWidth } = meanEstimate(slopes.map((one) => one.value));
    const widthTo = (end: "lower" | "upper") => {
      const squares = slopes.map((one) => (one[end] - one.value) * (one[end] - one.value));
      return Math.max(halfWidth, Math.sqrt(sum(squares)) / slopes.length) || NaN;
    };
    const interval = { lower: value - widthTo("lower"), upper: value + widthTo("upper") };
    return [{ gauge, servers: slopes.length, value, interval }];
  });
}

/** The slope and the ends of its interval; a slope without one has that of its own value. */
function ends({ slope }: GaugeOverview) {
  const { value, interval, method } = slope!;
  return method === "none" ? { value, lower: value, upper: value } : { value, ...interval };
}

/** A gauge that rises on one server more than twice as fast as on another, at either end of their intervals. */
export function unlikeServers(
  overviews: readonly ServerOverview[],
): readonly [fast: GaugeOverview, slow: GaugeOverview] | undefined {
  const all = overviews.flatMap(({ gauges }) => gauges).filter(({ slope }) => slope !== undefined);
  for (const fast of all.filter(({ slope }) => slope!.method !== "none")) {
    const same = all.filter(({ gauge }) => gauge.name === fast.gauge.name);
    const slow = same.find((one) => ends(fast).lower > 2 * Math.max(0, ends(one).upper));
    if (slow !== undefined) return [fast, slow];
  }
  return undefined;
}

const HOURS = 24 * 7;

function loadOf({ name, timesUs, readings, jobs }: Printed, responses: readonly Response[]): LoadOverview | undefined {
  const sums = new Float64Array(HOURS);
  const hours = new Float64Array(HOURS);
  const cover = (fromUs: number, untilUs: number) => {
    for (let hour = Math.floor(fromUs / US_PER_HOUR); hour <= Math.floor(untilUs / US_PER_HOUR); hour++) {
      const [begin, end] = [Math.max(fromUs, hour * US_PER_HOUR), Math.min(untilUs, (hour + 1) * US_PER_HOUR)];
      hours[hour % HOURS]! += Math.max(0, end - begin) / US_PER_HOUR;
    }
  };
  if (jobs.timesUs.length > 0) {
    for (const timeUs of jobs.timesUs) sums[Math.floor(timeUs / US_PER_HOUR) % HOURS]!++;
    cover(jobs.timesUs[0]!, jobs.timesUs.at(-1)!);
    return { server: name, jobs: byWeekday(sums, hours), source: "the job log" };
  }
  const total = responses.find(({ role, now }) => role === "count" && now !== true);
  const counts = total === undefined ? undefined : readings.get(total.name);
  if (total === undefined || counts === undefined) return undefined;
  let last = -1;
  for (let i = 0; i < counts.length; i++) {
    if (Number.isNaN(counts[i]!)) continue;
    const rise = last === -1 ? NaN : counts[i]! - counts[last]!;
    // A change between two distant readings cannot be assigned to an hour.
    if (rise >= 0 && timesUs[i]! - timesUs[last]! <= US_PER_HOUR) {
      sums[Math.floor(timesUs[last]! / US_PER_HOUR) % HOURS]! += rise;
      cover(timesUs[last]!, timesUs[i]!);
    }
    last = i;
  }
  return hours.every((covered) => covered === 0)
    ? undefined
    : { server: name, jobs: byWeekday(sums, hours), source: total.name };
}

type Printed = Pick<ObservedServer, "name" | "timesUs" | "readings" | "jobs">;

function byWeekday(sums: Float64Array, hours: Float64Array): number[][] {
  return Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, (_, hour) => {
      const at = 24 * day + hour;
      return hours[at] === 0 ? NaN : sums[at]! / hours[at]!;
    }),
  );
}

export const overviewTable: Table<GaugeOverview> = table("look", "a gauge of a server", [
  text("server", "name of the computer", ({ server }) => server),
  text("gauge", "the response that was read", ({ gauge }) => gauge.name),
  number(
    "level",
    "see gauge",
    "lowest reading of the last whole day, or since a restart after it",
    ({ level }) => level,
  ),
  number("slopePerDay", "see gauge, per day", "rise from day to day", ({ slope }) => slope?.value ?? NaN),
  number("slopeLower", "see gauge, per day", "lower end of its 95 % interval; empty when no method holds", (row) => {
    return row.slope?.interval.lower ?? NaN;
  }),
  number("slopeUpper", "see gauge, per day", "upper end of the interval", (row) => row.slope?.interval.upper ?? NaN),
  text("method", "how the interval was made: walk, leaks, or none", ({ slope }) => slope?.method ?? "none"),
  integer("changes", "1", "changes from one day to the next that it rests on", ({ slope }) => slope?.changes ?? 0),
  number("limit", "see gauge", "level at which it has run out", ({ limit }) => limit?.level ?? NaN),
  number("daysLeft", "d", "from the day of the level to the limit, median; empty when never, or not known", (row) => {
    return finite(row.left?.median);
  }),
  number("daysLeftLower", "d", "lower end of its 90 % interval", ({ left }) => finite(left?.lower)),
  number("daysLeftUpper", "d", "upper end; empty when it may never be reached", ({ left }) => finite(left?.upper)),
]);

function finite(value: number | undefined): number {
  return value === undefined || value === Infinity ? NaN : value;
}
