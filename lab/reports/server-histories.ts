/**
 * The histories of individual servers, which no table contains: a few servers are recalled from the cache, or simulated
 * again if it does not have them.
 *
 * A server behaves the same in any fleet, so simulating it alone gives the same history; its digest must equal that in
 * servers.csv. The budget is a number of events, which servers.csv gives in advance. So the choice of servers depends
 * only on the results and not on a clock or a cache.
 */
import { digestText } from "../../sim/digest.ts";
import type { Results, KnownServer } from "./results-reader.ts";
import type { RunCache } from "../execution/cache.ts";
import { runWith } from "../execution/partition.ts";
import { execute, sampleTimes, type RunResult } from "../execution/run.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** The most events of all servers that are shown: a tenth of the run, and at most a few seconds of work. */
export function historyBudget({ manifest: { events } }: Results): number {
  return Math.min(12e6, Math.max(2e6, Math.floor(events / 10)));
}

/** The values of a response on a server at every sample time. */
export interface History {
  readonly server: KnownServer;
  readonly values: readonly number[];
}

/** The histories of a design point's servers, from server 0 of replication 0 on. */
export interface Histories {
  readonly point: PlannedPoint;
  /** [us] */
  readonly times: readonly number[];
  readonly servers: readonly History[];
}

/**
 * The histories of a response at the chosen design points, without those for which the budget allows no server.
 *
 * @returns undefined when a server now has another digest, because the program or a user's module has changed
 */
export async function historiesOf(
  results: Results,
  points: readonly PlannedPoint[],
  response: string,
  signal?: AbortSignal,
  cache?: RunCache,
): Promise<Histories[] | undefined> {
  const { plan, servers } = results;
  const r = responsesOf(plan).findIndex(({ name }) => name === response);
  const histories: Histories[] = [];
  for (const point of points) {
    const times = sampleTimes(point.scenario);
    const own = servers.filter((server) => server.point === point);
    const chosen = affordable(own, historyBudget(results) / points.length);
    const replayed: History[] = [];
    let result: RunResult | undefined;
    for (const server of chosen) {
      if (!isIn(result, server)) result = await resultWith(plan, server, signal, cache);
      const { samples, digestLow, digestHigh, first, count } = result;
      const at = server.server - first;
      if (digestText(itemAt(digestLow, at), itemAt(digestHigh, at)) !== server.digest) return undefined;
      const width = responsesOf(plan).length;
      const values = times.map((_, sample) => itemAt(samples, (sample * width + r) * count + at));
      replayed.push({ server, values });
    }
    if (replayed.length > 0) histories.push({ point, times, servers: replayed });
  }
  return histories;
}

/** Whether the result, of the same design point, contains the server. */
function isIn(result: RunResult | undefined, { replication, server }: KnownServer): result is RunResult {
  if (result?.replication !== replication) return false;
  return result.first <= server && server < result.first + result.count;
}

/** The result of the server's run from the cache, if it is there; otherwise of a run of this server alone. */
async function resultWith(
  plan: Plan,
  { point, replication, server }: KnownServer,
  signal: AbortSignal | undefined,
  cache: RunCache | undefined,
): Promise<RunResult> {
  const run = runWith(plan, point, replication, server);
  const { model, values } = point.resolved;
  // A server of a coordinated fleet behaves differently alone, and the page must not depend on the cache.
  const known = model.isCoordinated?.(values) ? undefined : await cache?.resultOf(run);
  return known ?? execute({ ...run, first: server, count: 1, sliceSize: 1 }, signal);
}

/** The first servers, as many as the events allow. */
function affordable(servers: readonly KnownServer[], eventsMax: number): KnownServer[] {
  let events = 0;
  return servers.filter((server) => (events += server.events) <= eventsMax);
}
