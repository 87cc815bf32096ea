/** One of two runs that are compared: it is simulated some servers at a time, and goes on event by event. */
import { runThrough } from "../../models/barrier.ts";
import type { SavedState } from "../../sim/state.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import { SliceSimulator, type StartedSlice } from "../execution/slice-simulator.ts";
import { resolveScenario, type ResolvedScenario, type Scenario } from "../experiment/scenario.ts";
import { itemAt } from "../lists.ts";

/** The parts of a program that simulate: this program, or another version of it. */
export interface Program {
  readonly resolveScenario: typeof resolveScenario;
  readonly SliceSimulator: typeof SliceSimulator;
}

export const thisProgram: Program = { resolveScenario, SliceSimulator };

/** One of the two runs. */
export interface ComparedRun {
  readonly program: Program;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly replication: number;
}

/** An event that was handled, or a decision of the fleet. */
export interface HandledEvent {
  readonly time: number;
  readonly kind: string;
  readonly server: number;
  readonly object: number;
}

/** The simulation of one of the runs. */
export class ComparedSimulation {
  readonly servers: number;
  readonly horizon: number;
  /** The number of servers simulated together. */
  readonly size: number;
  readonly model: ResolvedScenario["model"];
  private readonly run: ComparedRun;
  private readonly values: ResolvedScenario["values"];
  private readonly simulator: SliceSimulator;
  private first: number;

  private constructor(run: ComparedRun, { model, values, scenario }: ResolvedScenario) {
    this.run = run;
    this.model = model;
    this.values = values;
    this.servers = scenario.servers;
    this.horizon = Math.round(scenario.horizonDays * US_PER_DAY);
    this.size = model.isCoordinated?.(values) === true ? scenario.servers : 1;
    // A loop of its own takes 50 MB to compile, and saves little time beside the comparisons.
    this.simulator = new run.program.SliceSimulator(model, values, this.size, undefined, Infinity);
    this.first = 0;
  }

  static async of(run: ComparedRun): Promise<ComparedSimulation> {
    return new ComparedSimulation(run, await run.program.resolveScenario(run.scenario, "/"));
  }

  get slice(): StartedSlice {
    return this.simulator.started;
  }

  get now(): number {
    return this.slice.simulation.now;
  }

  get eventCount(): number {
    return this.slice.simulation.eventCount;
  }

  start(first: number): void {
    this.first = first;
    this.simulator.start(this.values, this.run.seed, this.run.replication, first);
  }

  runTo(time: number): void {
    runThrough(this.slice.simulation, this.slice.instance.controller, time);
  }

  /** @param twin a mark of the other run */
  mark(twin?: SavedState): SavedState {
    return this.simulator.mark(twin);
  }

  /** Handles the next event or barrier before `until`; undefined when there is none. */
  step(until: number): HandledEvent | undefined {
    const { simulation, instance } = this.slice;
    const barrier = instance.controller?.nextBarrier ?? Infinity;
    if (simulation.step(Math.min(until, barrier))) {
      const { time, kind, subject, object } = simulation.events;
      return { time, kind: this.kindOf(kind), server: this.first + subject, object };
    }
    if (barrier >= until) return undefined;
    runThrough(simulation, undefined, barrier);
    instance.controller!.decide(simulation);
    return { time: barrier, kind: "the fleet decides", server: this.first, object: 0 };
  }

  kindOf(kind: number): string {
    return itemAt(this.model.kinds, kind);
  }

  /** The pending events, as texts. */
  pending(): string[] {
    const { events } = this.slice.simulation;
    const texts: string[] = [];
    for (let subject = 0; subject < this.size; subject++) {
      for (const { time, kind, object } of pendingOf(events, subject))
        texts.push(`${time} ${kind} ${subject} ${object}`);
    }
    return texts;
  }

  /** What a system may refer to that is not its own state. */
  get outside(): object {
    return this.slice.simulation;
  }

  /** Brings the columns of responses to the present time. */
  observe(): void {
    this.slice.instance.observe(this.now);
  }

  /** The responses at the present time, by name. */
  responses(): Map<string, number[]> {
    const { instance } = this.slice;
    this.observe();
    return new Map(this.model.responses.map(({ name }, i) => [name, [...itemAt(instance.columns, i)]]));
  }

  /** The mutable state without the event list, whose order in memory means nothing. */
  get roots(): object {
    const { simulation, instance } = this.slice;
    return { instance, digest: simulation.digest };
  }

  /** Reports every event that is scheduled, until the returned function is called. */
  watch(onScheduled: (event: HandledEvent) => void): () => void {
    const { simulation } = this.slice;
    const { after } = simulation;
    const observed = simulation as { after?: typeof after };
    observed.after = (delay, kind, subject, object) => {
      onScheduled({ time: simulation.now + delay, kind: this.kindOf(kind), server: this.first + subject, object });
      after.call(simulation, delay, kind, subject, object);
    };
    return () => delete observed.after;
  }
}

export function keyOf(event: HandledEvent | undefined): string {
  return event === undefined ? "" : `${event.time} ${event.kind} ${event.server} ${event.object}`;
}

interface ListsPending {
  pending?(subject: number): readonly { readonly time: number; readonly kind: number; readonly object: number }[];
}

/** The pending events of a subject, if the event list can list them. */
function pendingOf(events: object, subject: number) {
  return (events as ListsPending).pending?.(subject) ?? [];
}
