/**
 * The histories of single servers, which no table contains: a few servers are simulated again.
 *
 * A server behaves the same in any fleet, so simulating it alone gives the same history; its digest must equal that in
 * servers.csv. The budget is a number of events, which servers.csv gives in advance. So the choice of servers depends
 * only on the results and not on a clock.
 */
import { digestText } from "../../sim/digest.ts";
import type { Results, KnownServer } from "./results-reader.ts";
import { execute, sampleTimes } from "../execution/run.ts";
import { responsesOf } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** Events simulated again, all servers together: a tenth of the run, but some seconds' work at most. */
export function historyBudget({ manifest: { events } }: Results): number {
  return Math.min(12e6, Math.max(2e6, Math.floor(events / 10)));
}

/** What a response was on a server at every sample time. */
export interface History {
  readonly server: KnownServer;
  readonly values: readonly number[];
}

/** The histories of a design point, from server 0 of replication 0 on. */
export interface Histories {
  readonly point: PlannedPoint;
  /** [us] */
  readonly times: readonly number[];
  readonly servers: readonly History[];
}

/**
 * Tells of a response at the chosen design points; points of which the budget allows no server are left out.
 * @returns undefined when a server has another digest now: the program, or a module of the user's, is another one
 */
export async function historiesOf(
  results: Results,
  points: readonly PlannedPoint[],
  response: string,
  signal?: AbortSignal,
): Promise<Histories[] | undefined> {
  const { plan, servers } = results;
  const r = responsesOf(plan).findIndex(({ name }) => name === response);
  const histories: Histories[] = [];
  for (const point of points) {
    const own = servers.filter((server) => server.point === point);
    const chosen = affordable(own, historyBudget(results) / points.length);
    const replayed: History[] = [];
    for (const server of chosen) {
      const { replication } = server;
      const { index, scenario } = point;
      const { seed } = plan.experiment;
      const run = { point: index, replication, seed, scenario, first: server.server, count: 1, sliceSize: 1 };
      const { samples, digestLow, digestHigh } = await execute(run, signal);
      if (digestText(itemAt(digestLow, 0), itemAt(digestHigh, 0)) !== server.digest) return undefined;
      const width = responsesOf(plan).length;
      replayed.push({ server, values: sampleTimes(scenario).map((_, sample) => itemAt(samples, sample * width + r)) });
    }
    if (replayed.length > 0) histories.push({ point, times: sampleTimes(point.scenario), servers: replayed });
  }
  return histories;
}

/** The first servers, as many as have no more events together. */
function affordable(servers: readonly KnownServer[], eventsMax: number): KnownServer[] {
  let events = 0;
  return servers.filter((server) => (events += server.events) <= eventsMax);
}
