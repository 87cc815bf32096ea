/**
 * The summaries of simulated worlds in the cache of runs, so that a calibration that was interrupted, or that shall
 * simulate more worlds, goes on where it was.
 *
 * Of a world only its summaries are kept, because they are a thousandth of its samples. They depend on the run and on
 * which cells of the observation have readings.
 */
import { RunCache, type CacheSpace } from "../execution/cache.ts";
import type { Run, RunResult } from "../execution/run.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { identityOf } from "../identity.ts";
import type { NonEmpty } from "../lists.ts";
import type { Wording } from "../user-error.ts";
import type { Observation } from "./observation.ts";
import { summaryNames } from "./summaries.ts";

/** Where what was seen of worlds is kept. */
export interface WorldKeeper<Seen> {
  /** What was seen of the world of a run, if it is kept. */
  recall(run: Run): Promise<Seen | undefined>;
  keep(run: Run, result: RunResult, seen: Seen): Promise<void>;
}

/** @param warn called with the reason when summaries cannot be kept */
export async function summaryKeeper(
  space: CacheSpace,
  observation: Observation,
  seed: string,
  points: NonEmpty<PlannedPoint>,
  warn: ((trouble: Wording) => void) | undefined,
): Promise<WorldKeeper<Float64Array>> {
  const experiment = { name: "calibrate", seed, replications: 1 };
  const numbers = summaryNames(observation.responses).length;
  const cache = await RunCache.open(
    space,
    { experiment, points },
    { identity: identityOfReading(observation), numbers },
  );
  const report = () => {
    if (cache.trouble !== undefined) warn?.(cache.trouble);
  };
  report();
  return {
    async recall(run) {
      cache.reserve(run);
      return (await cache.resultOf(run))?.samples;
    },
    async keep(run, result, seen) {
      const before = cache.trouble;
      await cache.keep(run, { ...result, samples: seen });
      if (cache.trouble !== before) report();
    },
  };
}

/** The hash of how worlds are read: which responses, in which cells, with which errors of measurement. */
function identityOfReading({ responses, servers, how }: Observation): string {
  return identityOf({
    responses: responses.map(({ name }) => name),
    servers: servers.map(({ readings, cuts }) => ({
      read: readings.map((values) => Array.from(values, (value) => Number(!Number.isNaN(value)))),
      cuts: Array.from(cuts),
    })),
    ...(how === undefined ? {} : { how }),
  });
}
