/**
 * Splitting of servers, each for itself: the probability that a response rises to a level before the horizon, as the
 * product of the shares of trajectories that complete each step (rare-event.ts plans the steps). A server follows from
 * the seed and its place alone, so servers are split on any threads, in any order.
 */
import { nextTurn } from "#platform";
import { leakSizeOf } from "../analysis/leak-rates.ts";
import type { Machine } from "../execution/execution.ts";
import { failureMessage, failureOf } from "../execution/failure.ts";
import type { Run } from "../execution/run.ts";
import { type Mark, SliceSimulator, type StartedSlice } from "../execution/slice-simulator.ts";
import { type Answer, onThreads } from "../execution/thread-runner.ts";
import { isLevel } from "../experiment/plan.ts";
import { resolveScenario, type ResolvedScenario } from "../experiment/scenario.ts";
import { itemAt } from "../lists.ts";
import { conditionOf } from "../traces/condition.ts";
import type { Response } from "../../models/contract/responses.ts";
import { log } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";

/** One server to split: plain JSON. */
export interface SplitTask {
  /** The run of this server alone. */
  readonly run: Run;
  /** The condition, as text. */
  readonly where: string;
  readonly rise: Rise;
  /** Whole, >= 1. */
  readonly steps: number;
  /** Per step: whole, >= 2. */
  readonly trajectories: number;
}

export interface SplitServer {
  readonly probability: number;
  /** Of all trajectories. */
  readonly events: number;
}

/**
 * Splits the servers on this thread, or on worker threads if there are several.
 *
 * @param resolved the scenario of all runs
 * @throws UserError of a user's module, and the signal's reason when it is aborted
 */
export async function splitAll(
  tasks: readonly SplitTask[],
  resolved: ResolvedScenario,
  machine: Pick<Machine, "workers" | "signal">,
): Promise<readonly SplitServer[]> {
  if (machine.workers > 1 && tasks.length > 1) {
    return onThreads(new URL("./splitting-door.cjs", import.meta.url), tasks, machine);
  }
  const simulator = new SliceSimulator(resolved.model, resolved.values, 1);
  const splits: SplitServer[] = [];
  for (const task of tasks) {
    await nextTurn(); // So that Ctrl-C is noticed.
    machine.signal.throwIfAborted();
    try {
      splits.push(splitServer(task, resolved, simulator));
    } catch (error) {
      throw failureOf(task.run, error);
    }
  }
  return splits;
}

/** The task of a worker thread. */
export default async function work(task: SplitTask): Promise<Answer<SplitServer>> {
  try {
    const resolved = await resolveScenario(task.run.scenario);
    return { result: splitServer(task, resolved, new SliceSimulator(resolved.model, resolved.values, 1)) };
  } catch (error) {
    return { failure: failureMessage(task.run, error) };
  }
}

function splitServer(
  { run: { seed, replication, first: server }, where, rise, steps, trajectories }: SplitTask,
  resolved: ResolvedScenario,
  simulator: SliceSimulator,
): SplitServer {
  const { model, values } = resolved;
  const condition = conditionOf(model, where);
  const at = model.responses.findIndex(({ name }) => name === condition.name);
  const distance = distanceOf(resolved, itemAt(model.responses, at), rise);
  const start = distance(rise.from, 0);
  let events = 0;
  let probability = 1;
  let entries: readonly Mark[] = [];
  const deals = new Stream(seed, "deals", replication, server, 1);
  for (let step = 1; step <= steps && probability > 0; step++) {
    const least = start * (1 - step / steps);
    const isThere = (slice: StartedSlice) => {
      const value = presentValue(slice, at);
      return step === steps ? condition.holds(slice.instance, 0) : distance(value, slice.simulation.now) <= least;
    };
    const reached: Mark[] = [];
    // Where the trajectories do not divide evenly, chance decides which entries continue once more.
    const deal = Math.floor(deals.draw(0) * entries.length);
    for (let trajectory = 0; trajectory < trajectories; trajectory++) {
      const own = `${seed} ${step}.${trajectory}`;
      if (step === 1) simulator.start(values, own, replication, server);
      else simulator.branch(itemAt(entries, (deal + trajectory) % entries.length), own, replication);
      const slice = simulator.started;
      const before = slice.simulation.eventCount;
      if (reaches(slice, isThere, rise.until)) reached.push(simulator.mark());
      events += slice.simulation.eventCount - before;
    }
    probability *= reached.length / trajectories;
    entries = reached;
  }
  return { probability, events };
}

/** The present value of the response at this index. */
export function presentValue({ instance, simulation }: StartedSlice, at: number): number {
  instance.observe(simulation.now);
  return itemAt(itemAt(instance.columns, at), 0);
}

/** The rise that a response needs, and its mean rise in the time until the horizon [us]. */
export interface Rise {
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  readonly until: number;
}

/** The distance from the event at a time [us] for a value of the response; never negative. */
type Distance = (value: number, now: number) => number;

/** The distance that suits the response. */
export function distanceOf(resolved: ResolvedScenario, response: Response, rise: Rise): Distance {
  if (isLevel(response)) return distanceOfLevel(rise);
  const size = leakSizeOf({ resolved }, response);
  return distanceOfTotal(rise, size > 0 ? size : 1);
}

/** A level can rise and fall at any time, so only the missing amount counts. */
function distanceOfLevel({ to }: Rise): Distance {
  return (value) => Math.max(0, to - value);
}

/** From step to step, the probability of the event grows by a factor of about five. */
export const STEP_OF_TOTAL = log(5);

/**
 * A total must get there in the remaining time. If steps of this size follow a Poisson process, the logarithm of the
 * probability of enough of them is approximately this (Chernoff's bound). A wrong rate only costs precision.
 */
function distanceOfTotal({ to, mean, until }: Rise, size: number): Distance {
  return (value, now) => {
    const missing = (to - value) / size;
    const expected = ((Math.max(mean, 0) / size + GUESSED_AT_LEAST) * (until - now)) / until;
    if (missing <= expected) return 0;
    return expected === 0 ? Infinity : missing * log(missing / expected) - missing + expected;
  };
}

/** The assumed expectation of something that was never observed. */
const GUESSED_AT_LEAST = 0.01;

/** Runs the slice to just after the event that makes the condition true, or to the horizon. */
function reaches(slice: StartedSlice, isThere: (slice: StartedSlice) => boolean, until: number): boolean {
  const { simulation } = slice;
  do if (isThere(slice)) return true;
  while (simulation.step(until));
  simulation.run(until);
  return isThere(slice);
}
