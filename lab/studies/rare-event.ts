/**
 * The probability of a rare event of a server, such as its first leak before the horizon, at a fraction of what plain
 * simulation would cost (statistics/rare-events.ts).
 *
 * *By thinning*, of leaks that the model says are thinned by shares (`thinnedBy`): the shares are multiplied, all that
 * leaks is counted, and of each leak it is known with which probability it would have happened with the shares as they
 * are. Assumes that what is done to one job does not change whether another leaks; that nothing leaks without the
 * shares is tried with one replication.
 *
 * *By splitting*, of any response that has to rise for the event: servers that have come part of the way go on several
 * times from there, each time with random numbers of their own. Assumes nothing, but needs parts: what comes at once,
 * without a warning, is as rare as ever.
 *
 * Each server of each replication gives one value, and the values are independent; they follow from the experiment and
 * the seed alone, so threads change no digit. Memory: splitting keeps, on each thread, the states of one server at the
 * end of one part of the way.
 */
import { nextTurn } from "#platform";
import { Execution, type Machine } from "../execution/execution.ts";
import { failureOf } from "../execution/failure.ts";
import { runsOf, serverRunsOf } from "../execution/partition.ts";
import { sampleTimes, type Run, type RunResult } from "../execution/run.ts";
import { refuseHiddenState, SliceSimulator } from "../execution/slice-simulator.ts";
import { resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { isLevel, planResults, type Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { leakSizeOf } from "../analysis/leak-rates.ts";
import type { Condition } from "../traces/condition.ts";
import { UserError, argument } from "../user-error.ts";
import { distanceOf, splitAll, STEP_OF_TOTAL, presentValue } from "./splitting.ts";
import { atLeastKept, costRatio, probabilityEstimate } from "../../statistics/rare-events.ts";
import { mean, sum, type Estimate } from "../../statistics/estimate.ts";

export interface RareEvent {
  readonly method: "thinning" | "splitting";
  /** For one server. */
  readonly probability: Estimate;
  /** How many times as many events crude simulation would need for an equally narrow interval; NaN if unknown. */
  readonly costRatio: number;
  /** The number of values whose mean is the probability: servers of all replications. */
  readonly servers: number;
  /** Of all that was simulated, the runs that plan the others included. */
  readonly events: number;
  /** For thinning: the factor of the shares, > 1. For splitting: the number of steps. */
  readonly times: number;
}

/** The limit on the sum of the multiplied shares, so that altered jobs do not interfere with each other. */
const ALTERED_MAX = 0.1;

/** The shares that thin the condition's response, and the factor by which they may be multiplied; 1 if by none. */
export function thinningOf(point: PlannedPoint, condition: Condition): { shares: string[]; times: number } {
  const { model, values } = point.resolved;
  const response = model.responses.find(({ name }) => name === condition.name)!;
  const { thinnedBy = [] } = response;
  const shares = thinnedBy.filter((name) => Number(values[name]) > 0);
  const whole = sum(shares.map((name) => Number(values[name])));
  // A script overrides the drawn shares.
  const isScripted = model.scripted !== undefined && values[model.scripted.parameter] !== "";
  const isThinned = whole > 0 && leakSizeOf(point, response) > 0 && isRising(condition) && !isScripted;
  return { shares, times: isThinned ? Math.max(1, ALTERED_MAX / whole) : 1 };
}

/** @throws UserError */
function refuseCoordinated({ resolved: { model, values } }: PlannedPoint): void {
  if (model.isCoordinated?.(values) !== true) return;
  throw new UserError("the servers of a coordinated fleet are not independent; choose a fleet that is not coordinated");
}

function isRising({ sign }: Condition): boolean {
  return sign === ">=" || sign === ">";
}

/** @throws UserError when the response does not depend on its shares alone, or something runs out with more leaks */
export async function thinned(
  experiment: Experiment,
  point: PlannedPoint,
  condition: Condition,
  machine: Machine,
): Promise<RareEvent> {
  refuseCoordinated(point);
  const { shares, times } = thinningOf(point, condition);
  if (times === 1) {
    throw new UserError(`${condition.name} cannot be thinned: the model names no shares of it, or they are not small`);
  }
  const { model, values } = point.resolved;
  const index = model.responses.findIndex(({ name }) => name === condition.name);
  const plan = await planWith(experiment, point, shares, times);
  const without = await planWith({ ...experiment, replications: 1 }, point, shares, 0);
  let checkEvents = 0;
  for await (const { count, samples, eventCounts } of resultsOf(without, machine)) {
    checkEvents += sum(eventCounts);
    if (samples.subarray(index * count, (index + 1) * count).every((leaked) => leaked === 0)) continue;
    throw new UserError(
      `${condition.name} cannot be thinned: the servers leak even with shares of 0; use `,
      argument("by"),
      " splitting",
    );
  }
  const size = leakSizeOf(point, itemAt(model.responses, index));
  const least = condition.sign === ">" ? Math.floor(condition.number / size) + 1 : Math.ceil(condition.number / size);
  const limits = (model.limits?.(values) ?? []).map(({ eventTime }) => eventTime);
  const probabilities = new Float64Array(serverRunsOf(plan));
  let events = 0;
  for await (const { replication, first, count, samples, eventCounts } of resultsOf(plan, machine)) {
    const column = (response: number) => samples.subarray(response * count, (response + 1) * count);
    for (const [response, { name }] of model.responses.entries()) {
      if (!limits.includes(name) || column(response).every(Number.isNaN)) continue;
      throw new UserError(
        `with ${times.toPrecision(3)} times the shares, a server runs out of a resource (${name}); use a shorter `,
        "horizon, or ",
        argument("by"),
        " splitting",
      );
    }
    const leaks = column(index);
    for (let server = 0; server < count; server++) {
      const leaked = Math.round(itemAt(leaks, server) / size);
      probabilities[replication * point.scenario.servers + first + server] = atLeastKept(leaked, 1 / times, least);
    }
    events += sum(eventCounts);
  }
  return rareEvent("thinning", probabilities, checkEvents + events, events, times);
}

/** The experiment at this point alone, sampled only at the horizon, with multiplied shares. */
async function planWith(experiment: Experiment, point: PlannedPoint, shares: string[], times: number): Promise<Plan> {
  const { parameters, horizonDays } = point.scenario;
  const multiplied = Object.fromEntries(shares.map((name) => [name, Number(parameters[name]) * times]));
  const scenario = { ...point.scenario, sampleEveryHours: 24 * horizonDays };
  const points = [{ ...point, index: 0, scenario: { ...scenario, parameters: { ...parameters, ...multiplied } } }];
  return planResults(experiment, await resolvePoints(points));
}

function resultsOf(plan: Plan, machine: Machine): AsyncIterable<RunResult> {
  const execution = new Execution(machine, undefined, serverRunsOf(plan));
  return execution.results(runsOf(plan, machine.sliceSize));
}

export interface Splitting {
  /** Trajectories per step: whole, >= 2. */
  readonly trajectories: number;
  /** The most steps: whole, >= 1. */
  readonly steps: number;
}

/** @throws UserError when the model's state cannot be saved, its fleet is coordinated, or there are no levels */
export async function split(
  { seed, replications }: Pick<Experiment, "seed" | "replications">,
  point: PlannedPoint,
  condition: Condition,
  { trajectories, steps: stepsMax }: Splitting,
  machine: Pick<Machine, "workers" | "signal"> = { workers: 1, signal: new AbortController().signal },
): Promise<RareEvent> {
  refuseCoordinated(point);
  const { resolved, scenario } = point;
  const { model, values } = resolved;
  const at = model.responses.findIndex(({ name }) => name === condition.name);
  const response = itemAt(model.responses, at);
  if (!isRising(condition))
    throw new UserError(`${condition.text} cannot be split; only a condition with > or >= can be`);
  if (response.role === "eventTime") {
    throw new UserError(
      `${condition.name} cannot be split: it happens once; split a response that must rise before it`,
    );
  }
  refuseHiddenState(model);
  const until = sampleTimes(scenario).at(-1)!;
  const simulator = new SliceSimulator(model, values, 1);
  const runs = Array.from({ length: replications * scenario.servers }, (_, i): Run => {
    const server = { replication: Math.floor(i / scenario.servers), first: i % scenario.servers };
    return { point: point.index, seed, scenario, ...server, count: 1, sliceSize: 1 };
  });
  let plainEvents = 0;
  let from = 0;
  const ends: number[] = [];
  for (const run of runs) {
    await nextTurn(); // So that Ctrl-C is noticed.
    machine.signal.throwIfAborted();
    try {
      const slice = simulator.start(values, seed, run.replication, run.first);
      from = presentValue(slice, at);
      slice.simulation.run(until);
      plainEvents += slice.simulation.eventCount;
      ends.push(presentValue(slice, at));
    } catch (error) {
      throw failureOf(run, error);
    }
  }
  const rise = { from, to: condition.number, mean: mean(ends) - from, until };
  const start = distanceOf(resolved, response, rise)(from, 0);
  const steps = Math.max(1, Math.min(stepsMax, Math.ceil(isLevel(response) ? start : start / STEP_OF_TOTAL)));
  const tasks = runs.map((run) => ({ run, where: condition.text, rise, steps, trajectories }));
  const splits = await splitAll(tasks, resolved, machine);
  const probabilities = Float64Array.from(splits, ({ probability }) => probability);
  const events = sum(splits.map((one) => one.events));
  return rareEvent("splitting", probabilities, plainEvents + events, plainEvents, steps);
}

function rareEvent(
  method: RareEvent["method"],
  probabilities: Float64Array,
  events: number,
  plainEvents: number,
  times: number,
): RareEvent {
  return {
    ...{ method, events, times, servers: probabilities.length },
    probability: probabilityEstimate(probabilities),
    costRatio: costRatio(probabilities, events, plainEvents),
  };
}
