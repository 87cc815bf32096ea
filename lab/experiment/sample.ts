/**
 * The sample of an experiment: points drawn from a space of settings.
 *
 * The points come from the experiment's seed, by streams of their own: another purpose than those of any model, the
 * range's number in place of a server. So neither a factor nor the model changes them, and a range that is added behind
 * the others changes none of their values.
 */
import { Stream } from "../../sim/streams.ts";
import { latinHypercube } from "../../statistics/latin-hypercube.ts";
import { SOBOL_DIMENSIONS_MAX, sobolPoints } from "../../statistics/sobol.ts";
import type { Sample } from "./experiment.ts";
import { valueAt } from "./range.ts";
import { Fault } from "./settings.ts";
import { itemAt } from "../lists.ts";

/** The points, each with a value for every range. @throws Fault */
export function samplePoints(sample: Sample, seed: string): number[][] {
  return unitPoints(sample, seed).map((point) => sample.ranges.map((range, i) => valueAt(range, itemAt(point, i))));
}

/** In the unit cube. */
function unitPoints({ method, points, ranges }: Sample, seed: string): Float64Array[] {
  const dimensions = ranges.length;
  const streams = new Stream(seed, `sample-${method}`, 0, 0, dimensions);
  if (method === "latin-hypercube") return latinHypercube(points, dimensions, streams);
  if (dimensions > SOBOL_DIMENSIONS_MAX) {
    throw new Fault("sample.ranges", `are ${dimensions}; Sobol's sequence has at most ${SOBOL_DIMENSIONS_MAX}`);
  }
  return sobolPoints(points, dimensions, streams);
}
