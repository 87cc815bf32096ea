/** The model's reference: a second, slow and simple program of the same model, for traces and explanations. */
import type { Time } from "../../sim/event-list.ts";

/** The reference of one server. */
export interface ReferenceRun {
  /** The time of the next event [us]. */
  readonly nextTime: Time;
  /** The present state of the server. A watched event replaces it and does not change it. Needed for scenes. */
  readonly state?: object;
  /** Handles the earliest event. @param isWatched whether `patches` are wanted, if they take long to compute */
  step(isWatched?: boolean): TraceEvent;
}

/** One handled event, as the reference reports it. */
export interface TraceEvent {
  readonly time: Time;
  /** The name of its kind, as in the model's list. */
  readonly kind: string;
  /** The job that it concerns, if any. */
  readonly job: number | undefined;
  /** The print processor, connection or the like that it concerns, if any. */
  readonly instance: number | undefined;
  /** What happened, in a word that rules and texts can rely on. */
  readonly event: string;
  /** More about it, for people. */
  readonly detail: string;
  /** The changes of the reference's state as JSON patches; none if the event was not watched. */
  readonly patches: readonly {
    readonly op: string;
    readonly path: readonly (string | number)[];
    readonly value?: unknown;
  }[];
}
