/**
 * The sample of an experiment: points from a space of settings.
 *
 * The points are drawn from the experiment's seed by separate streams: with their own purpose, and with the number of
 * the range in place of a server. So neither factors nor the model affect them, and a range that is appended does not
 * change the values of the others.
 */
import { Stream } from "../../sim/streams.ts";
import { latinHypercube } from "../../statistics/latin-hypercube.ts";
import { SOBOL_DIMENSIONS_MAX, sobolPoints } from "../../statistics/sobol.ts";
import type { Sample } from "./experiment.ts";
import { valueAt } from "./range.ts";
import { Fault } from "./settings.ts";
import { itemAt } from "../lists.ts";

/** Returns the points, each with a value for every range. @throws Fault */
export function samplePoints(sample: Sample, seed: string): number[][] {
  return unitPoints(sample, seed).map((point) => sample.ranges.map((range, i) => valueAt(range, itemAt(point, i))));
}

/** Points in the unit cube. */
function unitPoints({ method, points, ranges }: Sample, seed: string): Float64Array[] {
  const dimensions = ranges.length;
  const streams = new Stream(seed, `sample-${method}`, 0, 0, dimensions);
  if (method === "latin-hypercube") return latinHypercube(points, dimensions, streams);
  if (dimensions > SOBOL_DIMENSIONS_MAX) {
    throw new Fault("sample.ranges", `are ${dimensions}; Sobol's sequence has at most ${SOBOL_DIMENSIONS_MAX}`);
  }
  return sobolPoints(points, dimensions, streams);
}
