/**
 * Simulates slices of a scenario, one after the other, with one instance of its model.
 *
 * To make an instance takes some hundred typed arrays, and to V8 a new one is a stranger. So it is made once, and
 * brought back to its beginning for every slice of the same size; a simulation that goes on for long gets a loop of its
 * own. A model whose instances cannot be brought back gets a new one each time.
 */
import type { Instance, Model, Parameters, Values } from "../../models/model.ts";
import { Digest } from "../../sim/digest.ts";
import { PerSubjectList } from "../../sim/per-subject-list.ts";
import { Simulation } from "../../sim/simulation.ts";
import { SavedState } from "../../sim/state.ts";
import { Streams } from "../../sim/streams.ts";
import { inlineMore } from "./engine-flags.ts";

/** A slice that is ready to run. */
export interface StartedSlice {
  readonly simulation: Simulation;
  readonly instance: Instance;
}

/** Events after which a loop of its own pays for its making. */
const EVENTS_OF_LONG_SIMULATION = 2e6;

export class SliceSimulator {
  private readonly model: Model;
  private readonly values: Values<Parameters>;
  private readonly digest: typeof Digest;
  /** The model's own view of it: its `first` moves on. */
  private readonly slice: { first: number; readonly count: number };
  private made: Made | undefined;
  private events: number;
  private isSpecialized: boolean;

  /** @param count servers of every slice: whole, >= 1 */
  constructor(model: Model, values: Values<Parameters>, count: number, digest = Digest) {
    this.digest = digest;
    this.model = model;
    this.values = values;
    this.slice = { first: 0, count };
    this.made = undefined;
    this.events = 0;
    this.isSpecialized = false;
  }

  /** Starts the servers from `first` on, at time 0; the slice before ends. */
  start(seed: string, replication: number, first: number): StartedSlice {
    this.slice.first = first;
    const { made } = this;
    if (made === undefined || this.model.keepsStateInFields !== true) return (this.made = this.make(seed, replication));
    this.events += made.simulation.eventCount;
    made.beginning.restore();
    this.slice.first = first;
    made.streams.begin(seed, replication, first);
    if (this.events >= EVENTS_OF_LONG_SIMULATION && !this.isSpecialized) {
      this.isSpecialized = true;
      inlineMore();
      made.simulation.specialize();
    }
    made.simulation.restart(first);
    return made;
  }

  private make(seed: string, replication: number): Made {
    const { model, values, slice } = this;
    const streams = new Streams(seed, replication, slice);
    const instance = model.create(values, slice, (purpose, law) => streams.open(purpose, law));
    const events = new PerSubjectList(slice.count);
    const beginning = new SavedState({ instance, events }, streams.all);
    const simulation = new Simulation(instance, new this.digest(slice.first, slice.count), events);
    return { simulation, instance, streams, beginning };
  }
}

interface Made extends StartedSlice {
  readonly streams: Streams;
  readonly beginning: SavedState;
}
