/**
 * The future event list: what every implementation promises.
 *
 * An event is four numbers: (time, kind, subject, object). The subject is what the event happens to, the object is
 * private to the subject, and the kind says what is done: subject.kind(object). No closure, object or array is made
 * per event.
 *
 * Order. Events leave the list by time; events of equal time by kind, in the order in which the model lists its
 * kinds; events of equal time and kind in the order in which they were pushed. Subjects that never schedule for each
 * other therefore have no order among themselves that anything could depend on: whichever others share the list, the
 * events of one subject leave it in the order (time, kind, order of scheduling on that subject).
 *
 * Cost. push and pop of the fast lists are O(log n) at worst and allocate nothing, except when the list outgrows its
 * capacity and doubles it.
 *
 * Policy. There is no cancel: an event that lost its meaning is outlived, which its model notices when it arrives.
 * Pushing a time that is not a whole number, or lies before the last popped one, is a bug, and Simulation throws on
 * it.
 */

/** A moment [us]: a whole number of microseconds since the start, exact in a double for 285 years. */
export type Time = number;

/** A span [us]: a whole number of microseconds, >= 0. */
export type Duration = number;

/** The index of a kind in its model's list of kinds: whole, 0 (included) to 127 (included). */
export type Kind = number;

export interface EventList {
  /** Events waiting in the list. */
  readonly size: number;
  /** The time of the earliest event [us]; Infinity when the list is empty. */
  readonly nextTime: Time;
  /** Adds an event. */
  push(time: Time, kind: Kind, subject: number, object: number): void;
  /** Takes the earliest event out and moves the cursor (the four fields below) to it; false when the list is empty. */
  pop(): boolean;
  /** The cursor: the event that was popped last. Before the first pop it holds zeros. */
  readonly time: Time;
  readonly kind: Kind;
  readonly subject: number;
  readonly object: number;
}
