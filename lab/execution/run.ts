/**
 * A run and its execution.
 *
 * A run is one replication of one design point, or a slice of its servers: plain JSON that can be hashed, sent to a
 * thread and replayed. `execute` is pure: the same run gives the same result anywhere, and the slices of a run together
 * give the bytes of the whole. Results are typed arrays, which are transferred between threads without copying.
 */
import { nextTurn } from "#platform";
import { runThrough } from "../../models/barrier.ts";
import { resolveScenario, type ResolvedScenario, type Scenario } from "../experiment/scenario.ts";
import type { Snapshot } from "../../sim/snapshot.ts";
import { US_PER_HOUR } from "../../sim/time-units.ts";
import { thrownText } from "../visible.ts";
import { keepPast, pastOf } from "./shared-pasts.ts";
import { SliceSimulator, type StartedSlice } from "./slice-simulator.ts";

/** Default number of servers simulated side by side: enough to share the cost of starting a slice. */
export const SLICE_SIZE = 64;

export interface Run {
  /** The index of the design point in its experiment. */
  readonly point: number;
  readonly replication: number;
  readonly seed: string;
  /** The scenario with every setting given and every path absolute. */
  readonly scenario: Scenario;
  /** The servers first .. first + count - 1 of the scenario's fleet. */
  readonly first: number;
  readonly count: number;
  /** Servers simulated side by side: a tuning knob that changes no result. */
  readonly sliceSize: number;
  /** Where its result is cached, if at all. */
  readonly entry?: Entry;
  /** How often it is saved while it is simulated, if its result is cached [s, >= 0]. */
  readonly checkpointSeconds?: number;
  /** The event times at which other runs part from it, ascending [us]. */
  readonly partings?: readonly number[];
  /** The run whose past is its own until a parting [us]; it differs in its scenario alone. */
  readonly shares?: { readonly scenario: Scenario; readonly until: number };
}

/** A file that holds the result of a run. */
export interface Entry {
  /** An absolute path. */
  readonly path: string;
  /** The hash of everything that determines the result, 64 hexadecimal digits. */
  readonly key: string;
  /** What the result is of, for people to read. */
  readonly about: Readonly<Record<string, string | number>>;
}

export interface RunResult {
  readonly point: number;
  readonly replication: number;
  readonly first: number;
  readonly count: number;
  /** Events handled, per server. */
  readonly eventCounts: Float64Array;
  /** Digest lanes, per server. */
  readonly digestLow: Uint32Array;
  readonly digestHigh: Uint32Array;
  /**
   * Responses at each sample time, the last of which is the horizon: index [(sample * responses + response) * count +
   * server].
   */
  readonly samples: Float64Array;
  /** Whether it came from the cache. */
  readonly recalled?: boolean;
  /** Why it could not be cached. */
  readonly notKept?: string;
  /** What happened to its checkpoint, if there is something to report. */
  readonly checkpoint?: string;
}

/**
 * Executes runs, in any order; the caller sorts the results. Stops early, without the remaining results, when the
 * signal is aborted.
 */
export type Runner = (runs: Iterable<Run>, signal: AbortSignal) => AsyncIterable<RunResult>;

/** A slice that was saved while it was simulated. */
export interface SavedSlice {
  /** The index of its first server in the run, and its number of servers. */
  readonly at: number;
  readonly size: number;
  readonly snapshot: Snapshot;
}

/** Saves a run while it is simulated. Between windows of simulated time it checks whether saving is due. */
export interface RunSaver {
  /** What happened to the checkpoint, in a few words; undefined when there is nothing to report. */
  readonly note: string | undefined;
  /** Returns the slice to resume; undefined when there is none. */
  read(): Promise<SavedSlice | undefined>;
  /** The simulated time at which to check again [us]. */
  windowEnd(now: number, horizon: number): number;
  /** Saves the slice being simulated, and `beside`, when that is due. */
  look(simulator: SliceSimulator, state: Omit<SavedSlice, "snapshot">, beside: object): Promise<void>;
}

/** A violated invariant of a model. */
export class BrokenInvariant extends Error {
  override readonly name = "BrokenInvariant";
}

/** The sample times of a scenario [us]: every sampleEveryHours, and the horizon. */
export function sampleTimes(scenario: Scenario): number[] {
  const horizon = Math.round(scenario.horizonDays * 24 * US_PER_HOUR);
  const step = Math.round(scenario.sampleEveryHours * US_PER_HOUR);
  const times: number[] = [];
  for (let time = step; time < horizon; time += step) times.push(time);
  times.push(horizon);
  return times;
}

/**
 * Executes a run. Between two sample times it yields to the event loop, so that Ctrl-C and progress are served.
 *
 * @throws UserError when the scenario is invalid, BrokenInvariant when the model violates its own rules, and the
 *   signal's reason when it is aborted
 */
export async function execute(run: Run, signal?: AbortSignal, checkpoint?: RunSaver): Promise<RunResult> {
  const resolved = await resolvedOf(run.scenario);
  const times = sampleTimes(run.scenario);
  const { first, count } = run;
  const result: RunResult = {
    point: run.point,
    replication: run.replication,
    first,
    count,
    eventCounts: new Float64Array(count),
    digestLow: new Uint32Array(count),
    digestHigh: new Uint32Array(count),
    samples: new Float64Array(times.length * resolved.model.responses.length * count),
  };
  // The servers of a coordinated fleet must be simulated together.
  const sliceSize = resolved.model.isCoordinated?.(resolved.values) ? count : run.sliceSize;
  const saved = await checkpoint?.read();
  let size = 0;
  for (let at = saved?.at ?? 0; at < count; at += size) {
    size = at === saved?.at ? saved.size : Math.min(sliceSize, count - at);
    const part: Part = { run, times, at, size, result, checkpoint, saved: at === saved?.at ? saved : undefined };
    await withSimulator(resolved, size, (simulator, values) => simulateSlice(part, simulator, values, signal));
  }
  return checkpoint?.note === undefined ? result : { ...result, checkpoint: checkpoint.note };
}

/** The scenarios that this thread executed last, as JSON, and their resolved forms. */
const latest = new Map<string, ResolvedScenario>();
const LATEST_MAX = 64;

/** Caches resolutions: most runs repeat the scenario of an earlier run, and resolving takes a fifth of a second. */
async function resolvedOf(scenario: Scenario): Promise<ResolvedScenario> {
  const text = JSON.stringify(scenario);
  const resolved = latest.get(text) ?? (await resolveScenario(scenario));
  // The one used last goes to the end.
  latest.delete(text);
  latest.set(text, resolved);
  if (latest.size > LATEST_MAX) latest.delete(latest.keys().next().value!);
  return resolved;
}

/** The servers at .. at + size - 1 of a run. */
interface Part {
  readonly run: Run;
  readonly times: readonly number[];
  readonly at: number;
  readonly size: number;
  /** The result to fill in. */
  readonly result: RunResult;
  readonly checkpoint: RunSaver | undefined;
  /** The saved slice to resume, if the run was started before. */
  readonly saved: SavedSlice | undefined;
}

/** The simulators that this thread keeps, by what they can simulate, least recently used first. */
const simulators = new Map<string, Kept>();
const SIMULATORS_MAX = 4;

interface Kept {
  readonly simulator: SliceSimulator;
  /** The settings that it simulated last, as JSON, and their values. */
  readonly settings: string;
  readonly values: ResolvedScenario["values"];
}

/**
 * Lends `use` a simulator for slices of `size` servers, and the values to start them with. A simulator in use, or whose
 * use failed, is not kept.
 */
async function withSimulator(
  { model, values, scenario }: ResolvedScenario,
  size: number,
  use: (simulator: SliceSimulator, values: ResolvedScenario["values"]) => Promise<void>,
): Promise<void> {
  const settings = JSON.stringify(scenario.parameters);
  // The controller of a coordinated fleet is wired by closures, so its instance cannot take other values.
  const key = JSON.stringify([scenario.model, size, model.isCoordinated?.(values) ? settings : ""]);
  const known = simulators.get(key);
  simulators.delete(key);
  const simulator = known?.simulator ?? new SliceSimulator(model, values, size);
  // Equal settings have equal values, so an instance that already has them is not changed.
  const kept = known?.settings === settings ? known : { simulator, settings, values };
  await use(simulator, kept.values);
  simulators.set(key, kept);
  if (simulators.size > SIMULATORS_MAX) simulators.delete(simulators.keys().next().value!);
}

/** Simulates a part of a run. */
async function simulateSlice(
  part: Part,
  simulator: SliceSimulator,
  values: ResolvedScenario["values"],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { run, times, at, size, result, saved } = part;
  const slice = { first: run.first + at, count: size };
  const isWhole = size === run.count;
  const continued = isWhole && saved === undefined ? continuePast(run, simulator, values, result) : undefined;
  const started = continued ?? simulator.start(values, run.seed, run.replication, slice.first);
  const { simulation, instance } = started;
  if (saved !== undefined) simulator.resume(saved.snapshot, result);
  for (const [sample, time] of times.entries()) {
    // A resumed or continued slice has the earlier samples.
    if (time < simulation.now) continue;
    for (const parting of isWhole ? (run.partings ?? []) : []) {
      if (parting <= simulation.now || parting > time) continue;
      await runUntil(parting, part, simulator, signal);
      keepPast(nameOf(run), parting, { simulator, past: simulator.past(), samples: result.samples.slice() });
    }
    await runUntil(time, part, simulator, signal);
    instance.observe(time);
    checkInstance(run, slice, time, () => instance.check());
    instance.columns.forEach((column, response) => {
      result.samples.set(column, (sample * instance.columns.length + response) * run.count + at);
    });
  }
  for (let subject = 0; subject < size; subject++) {
    result.eventCounts[at + subject] = simulation.digest.countOf(subject);
    result.digestLow[at + subject] = simulation.digest.low(subject);
    result.digestHigh[at + subject] = simulation.digest.high(subject);
  }
}

/** Continues the past that the run shares, and fills in its samples; undefined if that is not kept. */
function continuePast(
  run: Run,
  simulator: SliceSimulator,
  values: ResolvedScenario["values"],
  { samples }: RunResult,
): StartedSlice | undefined {
  const { shares } = run;
  const kept = shares && pastOf(nameOf(run, shares.scenario), shares.until);
  if (kept?.simulator !== simulator) return undefined;
  samples.set(kept.samples);
  return simulator.continue(kept.past, values, run.seed, run.replication, run.first);
}

function nameOf({ seed, replication, first, count, ...run }: Run, scenario = run.scenario): string {
  return JSON.stringify([scenario, seed, replication, first, count]);
}

/** Runs the current slice to the time [us]; with a checkpoint in windows, between which it may be saved. */
async function runUntil(
  time: number,
  { checkpoint, times, at, size, result }: Part,
  simulator: SliceSimulator,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { simulation, instance } = simulator.started;
  const horizon = times.at(-1)!;
  while (simulation.now < time) {
    await checkpoint?.look(simulator, { at, size }, result);
    await nextTurn();
    signal?.throwIfAborted();
    const until = checkpoint?.windowEnd(simulation.now, horizon) ?? time;
    runThrough(simulation, instance.controller, Math.min(time, until));
  }
}

function checkInstance(run: Run, slice: { first: number; count: number }, time: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    const servers = `servers ${slice.first} to ${slice.first + slice.count - 1}`;
    const where = `design point ${run.point}, replication ${run.replication}, ${servers}, time ${time} us`;
    throw new BrokenInvariant(`${thrownText(error)} (${where})`);
  }
}

/**
 * The index at which the values of a response at the horizon, the last sample time, begin in the samples of a result.
 */
export function horizonAt({ samples, count }: RunResult, responses: number, response: number): number {
  return samples.length - (responses - response) * count;
}
