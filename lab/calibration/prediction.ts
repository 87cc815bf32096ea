/**
 * The posterior predictive check: worlds with parameters from the posterior are simulated and shown beside the
 * observation, day by day. Calibration uses only summaries of the observation; differences that the summaries miss
 * appear here.
 *
 * Where a process began anew, the world gives back what it had gained, as the observed one did.
 */
import type { Response } from "../../models/contract/responses.ts";
import { itemAt } from "../lists.ts";
import type { CalibrationOptions, CalibrationResult } from "./calibrate.ts";
import { gridOf, type SeenServer } from "./observation.ts";
import { isLevel } from "./summaries.ts";
import { simulatedWorlds } from "./worlds.ts";

/** A response over the blocks of the observation: the mean over servers of the lowest readings. */
export interface Prediction {
  readonly response: Response;
  /** The end of each block [d]. */
  readonly days: readonly number[];
  readonly observed: readonly number[];
  /** The 5, 50 and 95 % quantiles of the worlds; NaN where there is nothing to compare. */
  readonly quantiles: readonly (readonly number[])[];
}

/** The number of worlds that the check simulates. */
export const PREDICTED_WORLDS = 40;
const HOURS_PER_DAY = 24;

export async function predictions(
  { observation, hypotheses, draws, seed, generations }: CalibrationResult,
  { machine, progress }: Pick<CalibrationOptions, "machine" | "progress">,
): Promise<Prediction[]> {
  // Systematic resampling: each draw as often as its weight, up to one.
  let [weight, next] = [0, 0.5 / PREDICTED_WORLDS];
  const chosen = draws.flatMap((draw) => {
    weight += draw.weight;
    const times = Math.max(0, Math.ceil((weight - next) * PREDICTED_WORLDS));
    next += times / PREDICTED_WORLDS;
    return new Array<typeof draw>(times).fill(draw);
  });
  const proposals = chosen.map(({ hypothesis, point }) => ({ model: hypothesis, point }));
  const { responses, servers, point } = observation;
  const { horizonDays } = point.scenario;
  const task = { observation, hypotheses, seed, machine, progress };
  const first = generations.at(-1)?.worlds ?? 0;
  const look = (fleet: readonly SeenServer[]) => {
    return responses.map((response, r) =>
      floorsOf(isLevel(response) ? fleet.map(restarted(r, horizonDays)) : fleet, r, horizonDays),
    );
  };
  const worlds = await simulatedWorlds(task, proposals, first, look);
  const { stepHours, blockCells } = gridOf(horizonDays);
  return responses.map((response, r) => {
    const observed = floorsOf(servers, r, horizonDays);
    const quantiles = observed.map((_, block) => {
      const values = worlds.map((world) => itemAt(itemAt(world, r), block)).filter((value) => !Number.isNaN(value));
      values.sort((a, b) => a - b);
      return [0.05, 0.5, 0.95].map((p) => values[Math.min(values.length - 1, Math.floor(p * values.length))] ?? NaN);
    });
    const days = observed.map((_, block) => ((block + 1) * blockCells * stepHours) / HOURS_PER_DAY);
    return { response, days, observed, quantiles };
  });
}

/** A server of a world whose level returns to its first reading at each cut. */
export function restarted(r: number, horizonDays: number): (server: SeenServer) => SeenServer {
  const { blockCells } = gridOf(horizonDays);
  return ({ readings, cuts }) => {
    const raw = itemAt(readings, r);
    const floorFrom = (cell: number) => {
      return raw.subarray(cell, cell + blockCells).reduce((low, value) => (value < low ? value : low), Infinity);
    };
    const base = floorFrom(raw.findIndex((value) => !Number.isNaN(value)));
    let gained = 0;
    const given = raw.map((value, cell) => {
      if (cuts[cell] === 1 && cell > 0) gained = Math.max(0, floorFrom(cell) - base);
      return value - gained;
    });
    return { readings: readings.map((own, i) => (i === r ? given : own)), cuts };
  };
}

/** The mean over servers of the lowest reading of each block; NaN where there is no reading. */
function floorsOf(servers: readonly SeenServer[], r: number, horizonDays: number): number[] {
  const { blockCells } = gridOf(horizonDays);
  const cells = servers[0]?.cuts.length ?? 0;
  return Array.from({ length: Math.ceil(cells / blockCells) }, (_, block) => {
    const floors = servers.flatMap(({ readings }) => {
      const own = itemAt(readings, r).subarray(block * blockCells, (block + 1) * blockCells);
      const least = own.reduce((low, value) => (value < low ? value : low), Infinity);
      return Number.isFinite(least) ? [least] : [];
    });
    return floors.length === 0 ? NaN : floors.reduce((sum, floor) => sum + floor, 0) / floors.length;
  });
}
