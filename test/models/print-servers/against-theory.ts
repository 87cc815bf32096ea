/**
 * Small models against their own closed forms: one fleet, a replication a substream, and an interval between them.
 *
 * A mean is compared with the theory of the model at a bound of 99.9 % confidence on Student's t: were the code right
 * and the seed drawn anew, each comparison would fail once in a thousand times. Seeds are fixed, so it is always the
 * same answer. Bounds were not tuned.
 */
import assert from "node:assert/strict";
import type { Instance } from "../../../models/contract/instance.ts";
import type { Parameters, Settings } from "../../../models/contract/parameters.ts";
import type { Model } from "../../../models/model.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { meanEstimate, ratioEstimate, zScore, type Estimate } from "../../../statistics/estimate.ts";
import { studentTQuantile } from "../../../statistics/special-functions.ts";
import { valuesOf } from "./lockstep.ts";

const US_PER_DAY = 86400e6;

/** An instance with its simulation, run for so many days. */
export function simulated<P extends Parameters>(
  model: Model<P>,
  settings: Settings,
  days: number,
  count = 1,
  replication = 0,
  first = 0,
) {
  const slice = { first, count };
  const instance = model.create(valuesOf(model, settings), slice, openStreams("theory", replication, slice));
  const simulation = new Simulation(instance, new Digest(first, count));
  simulation.run(Math.round(days * US_PER_DAY));
  instance.observe(simulation.now);
  instance.check();
  return { instance, simulation, column: columnsOf(model, instance) };
}

/** The column of a response by its name. */
function columnsOf<P extends Parameters>({ responses }: Model<P>, { columns }: Instance) {
  return (name: string) => columns[responses.findIndex((response) => response.name === name)];
}

const REPLICATIONS = 20;

/** The estimates of the model's means and leak rates between twenty replications of one server. */
export function estimates<P extends Parameters>(
  model: Model<P>,
  settings: Settings,
  days: number,
  names: readonly string[],
): Map<string, Estimate> {
  const runs = Array.from({ length: REPLICATIONS }, (_, replication) =>
    simulated(model, settings, days, 1, replication),
  );
  const totals = (name: string) => runs.map(({ column }) => column(name)[0]);
  return new Map(
    names.map((name) => {
      const mean = model.means?.find((one) => one.name === name);
      return [name, mean ? ratioEstimate(totals(mean.of), totals(mean.per)) : meanEstimate(totals(name), days)];
    }),
  );
}

/** @param precision the widest standard error, relative to theory, that still tells anything */
export function assertAgrees<P extends Parameters>(
  model: Model<P>,
  settings: Settings,
  days: number,
  names: readonly string[],
  precision = 0.03,
): void {
  const bound = studentTQuantile(0.9995, REPLICATIONS - 1);
  for (const [name, estimate] of estimates(model, settings, days, names)) {
    const theory = model.closedForm!(valuesOf(model, settings), name)!;
    const z = zScore(estimate, theory);
    const what = `${name} is ${estimate.value} +- ${estimate.standardError}, theory ${theory}`;
    assert.ok(Math.abs(z) <= bound, `${what}: z is ${z}`);
    assert.ok(estimate.standardError < precision * theory, `${what}: too wide to tell anything`);
  }
}

/** Servers do the same alone and beside others, and sampled often or never. */
export function assertSliceInvariant<P extends Parameters>(model: Model<P>, settings: Settings, days: number): void {
  const together = simulated(model, settings, days, 5, 0, 10).instance.columns;
  for (let i = 0; i < 5; i++) {
    const slice = { first: 10 + i, count: 1 };
    const alone = model.create(valuesOf(model, settings), slice, openStreams("theory", 0, slice));
    const simulation = new Simulation(alone, new Digest(slice.first, 1));
    for (let part = 1; part <= 7; part++) {
      simulation.run(Math.round((days * US_PER_DAY * part) / 7));
      alone.observe(simulation.now);
      alone.check();
    }
    assert.deepEqual(
      alone.columns.map((column) => column[0]),
      together.map((column) => column[i]),
    );
  }
}
