/**
 * Batch means: the interval of a steady-state mean from a single long run.
 *
 * The observations of one run depend on each other, so their variance says too little. Sums over long batches hardly
 * do. The run is cut into twenty batches of equal length, and the estimate is that of twenty independent observations
 * (Schmeiser 1982, Batch size effects in the analysis of simulation output: more than thirty batches gain nothing).
 *
 * A batch must be many times as long as the memory of the process; nothing here can tell, and in a short run the
 * interval covers too seldom. An initial transient has to be short, or removed for a reason other than these
 * observations.
 */
import { ratioEstimate, sum, type Estimate } from "./estimate.ts";

export const BATCHES = 20;

/**
 * The ratio sum(tops) / sum(bottoms) of two series of gains that belong together: waits and customers, areas and times.
 * For a mean of levels, every bottom is 1. NaN limits for fewer than twenty observations.
 */
export function batchMeans(tops: Float64Array, bottoms: Float64Array): Estimate {
  const batches = Math.min(BATCHES, tops.length);
  const ofBatches = (series: Float64Array) =>
    Float64Array.from({ length: batches }, (_, batch) => {
      const begin = Math.floor((batch * series.length) / batches);
      return sum(series.subarray(begin, Math.floor(((batch + 1) * series.length) / batches)));
    });
  return ratioEstimate(ofBatches(tops), ofBatches(bottoms));
}
