/**
 * The future event list: the contract of all implementations.
 *
 * An event is four numbers: (time, kind, subject, object). Read it as the call subject.kind(object): the subject is
 * what the event happens to, and the object is private to the subject. No closure, object or array is created per
 * event.
 *
 * Order. The events of one subject are popped by time, then by kind (in the order in which the model lists its kinds),
 * then in the order in which they were pushed. If subjects never schedule events for each other, nothing can depend on
 * the order between subjects. So there are two sorts of lists:
 *
 * - One order for all subjects (sorted-list.ts, quaternary-heap.ts, calendar.ts): by time, kind and order of pushing.
 *   Subjects may schedule events for each other.
 * - Subject by subject (per-subject-list.ts): within one window, all events of subject 0, then all of subject 1, and so
 *   on. The few events of a subject and its state then stay in the first-level cache.
 *
 * Cost. Each list states its own. No list allocates, except when it doubles its capacity. The sorted list does
 * allocate, because it exists to check the others and not to be fast.
 *
 * To V8, times beyond 2^31 are not small integers, so it boxes one that is passed to or returned by a call that it does
 * not inline. The loop therefore never receives a time: it asks for the next event before `until` and gets a boolean.
 * The time is in the list, behind a getter small enough that V8 always inlines it.
 *
 * Policy. Events are not cancelled. An event that has lost its meaning is stale, and its model ignores it when it
 * arrives. Pushing a time that is not a whole number, or that is before the last popped time, is a bug, and Simulation
 * throws.
 */

/** A time [us]: a whole number of microseconds since the start, exact in a double for 285 years. */
export type Time = number;

/** A span [us]: a whole number of microseconds, >= 0. */
export type Duration = number;

/** The index of a kind in its model's list of kinds: whole, 0 (included) to 127 (included). */
export type Kind = number;

/** A list may pack subject and kind into a tag of 32 bits. The kind occupies this many low bits. */
export const KIND_BITS = 7;
export const KIND_MASK = 127;

/** Subjects are whole, 0 (included) to this (excluded). */
export const SUBJECTS_MAX = 16777216;

export interface EventList {
  /** Adds an event. */
  push(time: Time, kind: Kind, subject: number, object: number): void;
  /**
   * Removes the next event before `until` and copies it to the cursor, the four fields below. False when there is none;
   * then `time` does not change, the other fields mean nothing, and the next pop starts a new window.
   */
  pop(until: Time): boolean;
  /** The cursor: the event that was popped last; zeros before the first pop. */
  readonly time: Time;
  readonly kind: Kind;
  readonly subject: number;
  readonly object: number;
  /** A column of one number, which holds `time`. The loop reads it, and advances it to the end of a window. */
  readonly clock: Float64Array;
  /** Number of pending events. For tests and reports, not for the loop. */
  readonly size: number;
  /** The time of the earliest event [us]; Infinity when the list is empty. Also for tests and reports only. */
  readonly nextTime: Time;
}
