/**
 * The trace of a server: every event in order, and its effect.
 *
 * The kernel has no listeners. If a model has a reference, the reference makes the trace, event by event, and the
 * digest of its events must equal the kernel's in the end. Any other model is traced by stepping its kernel, which
 * knows only kinds and objects.
 */
import { runThrough } from "../../models/barrier.ts";
import type { Instance } from "../../models/contract/instance.ts";
import type { TraceEvent } from "../../models/contract/reference.ts";
import { Digest } from "../../sim/digest.ts";
import { Simulation } from "../../sim/simulation.ts";
import { openStreams } from "../../sim/streams.ts";
import { integer, text, type Table } from "../results/csv.ts";
import { BrokenInvariant } from "../execution/run.ts";
import type { ResolvedScenario } from "../experiment/scenario.ts";
import { UserError } from "../user-error.ts";
import { itemAt } from "../lists.ts";

/** One server of one replication of a scenario. */
export interface ServerSelector {
  readonly resolved: ResolvedScenario;
  readonly seed: string;
  readonly replication: number;
  readonly server: number;
}

/** A row of a trace. */
export interface TraceRow extends TraceEvent {
  readonly server: number;
}

export const traceTable: Table<TraceRow> = {
  name: "trace",
  file: "trace.csv",
  description: "an event of a server",
  columns: [
    integer("timeUs", "us", "when it happened, from the start, a Monday at midnight", ({ time }) => time),
    integer("server", "1", "the server", ({ server }) => server),
    integer(
      "job",
      "1",
      "number of the job on its server, from 1; empty where it concerns none",
      ({ job }) => job ?? NaN,
    ),
    integer(
      "instance",
      "1",
      "number of what the job is in, where the model numbers such things",
      ({ instance }) => instance ?? NaN,
    ),
    text("kind", "kind of the event that was handled", ({ kind }) => kind),
    text("event", "what it came to", ({ event }) => event),
    text("detail", "a few words on it", ({ detail }) => detail),
  ],
};

/**
 * Yields every event of the server before `until` [us].
 *
 * @param from the time from which on the changes of events are wanted [us]; without them the reference is several times
 *   as fast
 * @throws BrokenInvariant when the reference and the kernel handle different events
 */
export function* traceOf(selector: ServerSelector, until: number, from = Infinity): Iterable<TraceRow> {
  const { resolved, seed, replication, server } = selector;
  const { model, values } = resolved;
  const { simulation, instance, subject } = kernelOf(selector);
  if (model.reference === undefined && instance.controller !== undefined) {
    throw new UserError(`${model.name} has no reference; a coordinated fleet is traced by one`);
  }
  if (model.reference === undefined) {
    const { events } = simulation;
    while (simulation.step(until)) {
      const kind = itemAt(model.kinds, events.kind);
      const none = { job: undefined, instance: undefined, patches: [] };
      yield { ...none, time: events.time, server, kind, event: kind, detail: `object ${events.object}` };
    }
    return;
  }
  // The decisions of a fleet are only known once the kernel has reached the end.
  if (instance.controller !== undefined) runThrough(simulation, instance.controller, until);
  const reference = model.reference(values, seed, server, replication, instance.controller?.decisionsOn(subject));
  const digest = new Digest(server, 1);
  while (reference.nextTime < until) {
    const event = reference.step(reference.nextTime >= from);
    digest.add({ time: event.time, kind: model.kinds.indexOf(event.kind), subject: 0 });
    yield { ...event, server };
  }
  if (instance.controller === undefined) simulation.run(until);
  if (digest.of(0) !== simulation.digest.of(subject)) {
    const digests = `reference ${digest.of(0)}, kernel ${simulation.digest.of(subject)}`;
    throw new BrokenInvariant(
      `the reference and the kernel did not handle the same events at server ${server}: ${digests}`,
    );
  }
}

/** The first exchangeable part of the model and its present setting, as a title for the server. */
export function mainPart({ model, scenario }: ResolvedScenario): { name: string; setting: string } | undefined {
  const [name] = Object.keys(model.parameters).filter(
    (parameter) => itemAt(model.parameters, parameter).kind === "part",
  );
  return name === undefined ? undefined : { name, setting: String(scenario.parameters[name]) };
}

/** The kernel at time 0, and the index of the server in it. */
export interface Kernel {
  readonly simulation: Simulation;
  readonly instance: Instance;
  readonly subject: number;
}

/** The kernel of one server, or of its whole fleet if that is coordinated. */
export function kernelOf({ resolved, seed, replication, server }: ServerSelector): Kernel {
  const { model, values, scenario } = resolved;
  const isCoordinated = model.isCoordinated?.(values) === true;
  const slice = isCoordinated ? { first: 0, count: scenario.servers } : { first: server, count: 1 };
  const instance = model.create(values, slice, openStreams(seed, replication, slice));
  const simulation = new Simulation(instance, new Digest(slice.first, slice.count));
  return { simulation, instance, subject: server - slice.first };
}
