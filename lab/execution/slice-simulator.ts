/**
 * Simulates slices of the same size, one after another, with one instance of a model.
 *
 * Creating an instance allocates about a hundred typed arrays, for which V8 would have to optimize its code again. So
 * one instance is created, reset for every slice, and given new values for another design point. A simulation of many
 * events gets its own loop. A model whose instances cannot be reset gets a new one for each slice.
 */
import { specialize } from "#platform";
import type { Instance } from "../../models/contract/instance.ts";
import type { Parameters, Values } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { Digest } from "../../sim/digest.ts";
import { giveParameters } from "../../sim/new-parameters.ts";
import { type Pending, PerSubjectList } from "../../sim/per-subject-list.ts";
import { Simulation } from "../../sim/simulation.ts";
import { snapshotOf, type Snapshot, type SnapshotLabel } from "../../sim/snapshot.ts";
import { reachedFrom, SavedState, takeOver } from "../../sim/state.ts";
import { Streams } from "../../sim/streams.ts";
import { UserError } from "../user-error.ts";

/** A slice that is ready to run. */
export interface StartedSlice {
  readonly simulation: Simulation;
  readonly instance: Instance;
}

/** From this many events on, compiling a loop of its own pays for itself. */
const EVENTS_OF_LONG_SIMULATION = 2e6;

export class SliceSimulator {
  private readonly model: Model;
  private readonly digest: typeof Digest;
  private readonly eventsBeforeOwnLoop: number;
  /** The slice as the model sees it; `first` changes from slice to slice. */
  private readonly slice: { first: number; readonly count: number };
  private values: Values<Parameters>;
  private made: Made | undefined;
  private events: number;
  private isSpecialized: boolean;

  /**
   * @param count servers per slice: whole, >= 1
   * @param eventsBeforeOwnLoop after this many events, the simulation gets its own loop: >= 0; Infinity for never,
   *   which saves the memory that V8 takes to compile it, some 50 MB
   */
  constructor(
    model: Model,
    values: Values<Parameters>,
    count: number,
    digest = Digest,
    eventsBeforeOwnLoop = EVENTS_OF_LONG_SIMULATION,
  ) {
    this.model = model;
    this.digest = digest;
    this.eventsBeforeOwnLoop = eventsBeforeOwnLoop;
    this.slice = { first: 0, count };
    this.values = values;
    this.made = undefined;
    this.events = 0;
    this.isSpecialized = false;
  }

  /** Starts the servers from `first` on, at time 0, and ends the previous slice. */
  start(values: Values<Parameters>, seed: string, replication: number, first: number): StartedSlice {
    const { made, slice, model } = this;
    if (made !== undefined) this.events += made.simulation.eventCount;
    if (made?.beginning === undefined || model.keepsStateInFields !== true) {
      slice.first = first;
      this.values = values;
      // Saving a state takes as long as creating an instance, and many simulators have only one slice.
      return (this.made = this.make(values, seed, replication, made !== undefined));
    }
    made.beginning.restore();
    // Restoring also restored `first`, if the instance keeps its slice in a field.
    slice.first = first;
    if (values !== this.values && !this.changeTo(values, made)) {
      return (this.made = this.make(values, seed, replication, true));
    }
    made.streams.begin(seed, replication, first);
    if (this.events >= this.eventsBeforeOwnLoop && !this.isSpecialized) {
      this.isSpecialized = true;
      specialize(made.simulation);
    }
    made.simulation.restart(first);
    return made;
  }

  /**
   * Saves the current slice at whatever event time it is.
   *
   * @param beside an object to save with it, with everything it refers to
   * @throws UserError when the model does not expose its state
   */
  save(label: SnapshotLabel, beside: object = {}): ArrayBuffer {
    refuseHiddenState(this.model);
    return snapshotOf({ ...this.whole, beside }, label, this.constants);
  }

  /** Restores the current slice from a snapshot of the same scenario and servers, taken at any event time. */
  resume(snapshot: Snapshot, beside: object = {}): void {
    snapshot.restore({ ...this.whole, beside }, this.constants);
  }

  /**
   * Returns the state of the current slice, kept in memory, to branch from.
   *
   * @param twin a mark of another simulator, which takes less memory where the two agree
   * @throws UserError when the model does not expose its state
   */
  mark(twin?: SavedState): Mark {
    refuseHiddenState(this.model);
    return new Mark(this.made!, this.whole, this.constants, twin);
  }

  /** Returns to a mark of the same servers; from there on the slice draws numbers from another seed. */
  branch(mark: Mark, seed: string, replication: number): void {
    // A later start may have made another instance.
    this.made = mark.made;
    mark.restore();
    this.made.streams.begin(seed, replication, this.slice.first);
  }

  /** Returns the current slice, kept in memory, as the past of slices with other parameter values. */
  past(): Past {
    return { made: this.made!, values: this.values, state: this.mark() };
  }

  /**
   * Continues a past with other parameter values, from the event time at which it was kept.
   *
   * @param past made by this simulator; until then it is the past of these values, too (Model.partsAt)
   * @param seed that of the past, as are replication and first
   * @returns undefined if there are too many pending events to be exchanged
   */
  continue(
    past: Past,
    values: Values<Parameters>,
    seed: string,
    replication: number,
    first: number,
  ): StartedSlice | undefined {
    const { made, state } = past;
    this.made = made;
    this.slice.first = first;
    state.restore();
    const was = this.make(past.values, seed, replication, false);
    const will = this.make(values, seed, replication, false);
    const subjects = [...Array(this.slice.count).keys()];
    if ([made, was, will].some(({ events }) => subjects.some((subject) => events.isCrowded(subject)))) return undefined;
    const shared = reachedFrom(this.model, past.values, values);
    const parts = ({ instance, streams }: Made) => ({ instance, streams });
    giveParameters(parts(made), parts(was), parts(will), shared);
    for (const subject of subjects) {
      const [mine, before, after] = [made, was, will].map(({ events }) => events.pending(subject));
      const stay = without(mine!, without(before!, after!));
      made.events.replace(subject, [...stay, ...without(after!, before!)]);
    }
    return made;
  }

  /** The current slice. */
  get started(): StartedSlice {
    return this.made!;
  }

  private get whole(): object {
    const { simulation, streams } = this.made!;
    return { simulation, streams };
  }

  /** The objects that belong to the scenario and never change. */
  private get constants(): Set<object> {
    return reachedFrom(this.model, this.values);
  }

  private make(values: Values<Parameters>, seed: string, replication: number, isSaved: boolean): Made {
    const { slice, digest } = this;
    const streams = new Streams(seed, replication, slice);
    const instance = this.instance(values, streams);
    const events = new PerSubjectList(slice.count);
    const beginning = isSaved ? new SavedState({ instance, events }, streams.all) : undefined;
    const simulation = new Simulation(instance, new digest(slice.first, slice.count), events);
    return { simulation, instance, streams, events, beginning };
  }

  private instance(values: Values<Parameters>, streams: Streams): Instance {
    return this.model.create(values, this.slice, (purpose, law) => streams.open(purpose, law));
  }

  /** Gives the instance, which is in its initial state, other parameter values; false if it must be made anew. */
  private changeTo(values: Values<Parameters>, made: Made): boolean {
    const { instance, streams, events } = made;
    const shared = reachedFrom(this.values, values);
    this.values = values;
    const newStreams = new Streams("", 0, this.slice);
    const source = { instance: this.instance(values, newStreams), streams: newStreams };
    for (const { law } of newStreams.all) shared.add(law);
    if (!takeOver({ instance, streams }, source, shared)) return false;
    made.beginning = new SavedState({ instance, events }, streams.all);
    return true;
  }
}

/** The events that are not among the others; each of the others stands for one. */
function without(events: readonly Pending[], others: readonly Pending[]): Pending[] {
  const left = others.map((event) => JSON.stringify(event));
  return events.filter((event) => {
    const at = left.indexOf(JSON.stringify(event));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** @throws UserError that says what the model must add */
export function refuseHiddenState(model: Model): void {
  if (model.keepsStateInFields === true) return;
  throw new UserError(
    `${model.name} cannot be saved: the model does not declare that its state is in fields; ` +
      "keep everything that changes in fields of the instance, and add keepsStateInFields: true to the model",
  );
}

/** The state of a slice, and the simulation to which it is restored. */
export class Mark extends SavedState {
  readonly made: Made;

  constructor(made: Made, root: object, except: Iterable<object>, twin: SavedState | undefined) {
    super(root, except, twin);
    this.made = made;
  }
}

/** A slice that was kept in memory. */
export interface Past {
  readonly made: Made;
  readonly values: Values<Parameters>;
  readonly state: SavedState;
}

interface Made extends StartedSlice {
  readonly streams: Streams;
  readonly events: PerSubjectList;
  beginning: SavedState | undefined;
}
