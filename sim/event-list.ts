/**
 * The future event list: what every implementation promises.
 *
 * An event is four numbers: (time, kind, subject, object). The subject is what the event happens to, the object is
 * private to the subject, and the kind says what is done: subject.kind(object). No closure, object or array is made
 * per event.
 *
 * Order. Events of one subject leave the list by time; those of equal time by kind, in the order in which the model
 * lists its kinds; those of equal time and kind in the order in which they were pushed. Subjects that never schedule
 * for each other have no order among themselves that anything could depend on, so a list chooses between two ways:
 *
 * - one order for all (sorted-list.ts, quaternary-heap.ts, calendar.ts): whatever the subject, by time, kind and order
 *   of pushing. For systems whose subjects schedule for each other.
 * - subject by subject (per-subject-list.ts): within one window, all events of subject 0, then all of subject 1, and
 *   so on. A subject's few events and its state then stay in the first-level cache.
 *
 * Cost. Every list says its own; none allocates, except when it outgrows its capacity and doubles it, and but for the
 * sorted list, which is the judge and no racer.
 *
 * Times beyond 2^31 are not small integers to V8: one that is handed over by a call that was not inlined becomes an
 * object. So the loop is never given a time: it says until when it wants events, and learns whether there is one;
 * the time lies in the list, behind a getter that is small enough to be inlined always.
 *
 * Policy. There is no cancel: an event that lost its meaning is stale, which its model notices when it arrives.
 * Pushing a time that is not a whole number, or lies before the last popped one, is a bug, and Simulation throws on
 * it.
 */

/** A time [us]: a whole number of microseconds since the start, exact in a double for 285 years. */
export type Time = number;

/** A span [us]: a whole number of microseconds, >= 0. */
export type Duration = number;

/** The index of a kind in its model's list of kinds: whole, 0 (included) to 127 (included). */
export type Kind = number;

/** A list may keep subject and kind in one number of 32 bits, its tag: the kind is below, in so many bits. */
export const KIND_BITS = 7;
export const KINDS = 127;

/** Subjects are whole, 0 (included) to this (excluded). */
export const SUBJECTS_MAX = 16777216;

export interface EventList {
  /** Adds an event. */
  push(time: Time, kind: Kind, subject: number, object: number): void;
  /**
   * Takes the next event before `until` out and moves the cursor (the four fields below) to it. False when there is
   * none: the cursor stays, and the next pop begins a new window.
   */
  pop(until: Time): boolean;
  /** The cursor: the event that was popped last. Before the first pop it holds zeros. */
  readonly time: Time;
  readonly kind: Kind;
  readonly subject: number;
  readonly object: number;
  /** Where `time` lies, so that the loop can read it, and move it on to the end of a window: one number. */
  readonly clock: Float64Array;
  /** Events waiting in the list: for tests and reports, not for the loop. */
  readonly size: number;
  /** The time of the earliest event [us]; Infinity when the list is empty. For tests and reports, too. */
  readonly nextTime: Time;
}
