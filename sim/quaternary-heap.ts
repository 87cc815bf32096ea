/**
 * A future event list for any pattern of times: a heap with four children a node, in typed arrays.
 *
 * Order: one for all subjects. The key of an event is (time, rank), with rank = kind * 2^45 + number of the push: kind
 * first, then first in, first out; both halves are exact in a double for 128 kinds and 3.5e13 pushes.
 *
 * Cost: push and pop need O(log4 n) moves. It allocates only to double its capacity. A sift moves a hole and does not
 * swap, so each level costs one write per array.
 */
import { KIND_BITS, KIND_MASK, type EventList, type Kind, type Time } from "./event-list.ts";
import { grown } from "./grown.ts";

const PUSHES_MAX = 35184372088832;

/**
 * One order for all subjects, so subjects may schedule events for each other.
 *
 * @example
 * const simulation = new Simulation(system, new Digest(0, 10), new QuaternaryHeap());
 */
export class QuaternaryHeap implements EventList {
  size: number;
  kind: Kind;
  subject: number;
  object: number;
  readonly clock: Float64Array;
  private readonly pushes: Float64Array;
  private capacity: number;
  /** The earliest first. */
  times: Float64Array;
  private ranks: Float64Array;
  private subjects: Int32Array;
  private objects: Int32Array;

  /** @param capacity events the list holds before it grows: whole, >= 1 */
  constructor(capacity = 64) {
    this.size = 0;
    this.kind = 0;
    this.subject = 0;
    this.object = 0;
    this.clock = new Float64Array(1);
    this.pushes = new Float64Array(1);
    this.capacity = capacity;
    this.times = new Float64Array(capacity);
    this.ranks = new Float64Array(capacity);
    this.subjects = new Int32Array(capacity);
    this.objects = new Int32Array(capacity);
  }

  get time(): Time {
    return this.clock[0];
  }

  get nextTime(): Time {
    return this.size === 0 ? Infinity : this.times[0];
  }

  /** The kind of the earliest event; undefined in meaning when the heap is empty. */
  get nextKind(): Kind {
    return (this.ranks[0] / PUSHES_MAX) | 0;
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    if (this.size === this.capacity) this.grow();
    const last = this.size++;
    this.times[last] = time;
    this.ranks[last] = kind * PUSHES_MAX + this.pushes[0]++;
    this.subjects[last] = subject;
    this.objects[last] = object;
    if (last > 0) this.rise(last);
  }

  /** Pushes the event of a record: its time at 2 * record, its tag at 4 * record + 2, and its object after the tag. */
  take(times: Float64Array, tags: Int32Array, record: number): void {
    if (this.size === this.capacity) this.grow();
    const last = this.size++;
    this.times[last] = times[2 * record];
    this.ranks[last] = (tags[4 * record + 2] & KIND_MASK) * PUSHES_MAX + this.pushes[0]++;
    this.subjects[last] = tags[4 * record + 2] >> KIND_BITS;
    this.objects[last] = tags[4 * record + 3];
    if (last > 0) this.rise(last);
  }

  pop(until: Time): boolean {
    if (this.size === 0 || this.times[0] >= until) return false;
    this.clock[0] = this.times[0];
    this.kind = this.nextKind;
    this.subject = this.subjects[0];
    this.object = this.objects[0];
    this.drop();
    return true;
  }

  /** Moves the earliest event into a record as in `take`. The heap is not empty; the cursor does not change. */
  give(times: Float64Array, tags: Int32Array, record: number): void {
    times[2 * record] = this.times[0];
    tags[4 * record + 2] = (this.subjects[0] << KIND_BITS) | this.nextKind;
    tags[4 * record + 3] = this.objects[0];
    this.drop();
  }

  private drop(): void {
    const last = --this.size;
    if (last > 0) this.sink(last);
  }

  /** Moves the last event up to where it belongs. */
  private rise(last: number): void {
    const { times, ranks, subjects, objects } = this;
    const time = times[last];
    const rank = ranks[last];
    let hole = last;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && ranks[parent] < rank)) break;
      hole = parent;
    }
    if (hole === last) return;
    const subject = subjects[last];
    const object = objects[last];
    for (let child = last; child !== hole; ) {
      const parent = (child - 1) >> 2;
      times[child] = times[parent];
      ranks[child] = ranks[parent];
      subjects[child] = subjects[parent];
      objects[child] = objects[parent];
      child = parent;
    }
    times[hole] = time;
    ranks[hole] = rank;
    subjects[hole] = subject;
    objects[hole] = object;
  }

  /** Fills the hole at the root: moves the event at index `last`, just behind the heap, down to where it belongs. */
  private sink(last: number): void {
    const { times, ranks, subjects, objects } = this;
    const time = times[last];
    const rank = ranks[last];
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= last) break;
      const end = first + 4 < last ? first + 4 : last;
      let least = first;
      let leastTime = times[first];
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child];
        if (childTime < leastTime || (childTime === leastTime && ranks[child] < ranks[least])) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && rank < ranks[least])) break;
      times[hole] = leastTime;
      ranks[hole] = ranks[least];
      subjects[hole] = subjects[least];
      objects[hole] = objects[least];
      hole = least;
    }
    times[hole] = time;
    ranks[hole] = rank;
    subjects[hole] = subjects[last];
    objects[hole] = objects[last];
  }

  private grow(): void {
    this.capacity *= 2;
    this.times = grown(this.times, this.capacity);
    this.ranks = grown(this.ranks, this.capacity);
    this.subjects = grown(this.subjects, this.capacity);
    this.objects = grown(this.objects, this.capacity);
  }
}
