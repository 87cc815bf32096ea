/**
 * The fast future event list: a heap with four children a node, in typed arrays.
 *
 * Order: that of the contract. The key of an event is (time, rank), with rank = kind * 2^45 + number of the push: kind first, then first in,
 * first out; both halves are exact in a double for 127 kinds and 3.5e13 pushes.
 *
 * Cost: push and pop O(log4 n) moves; nothing is allocated unless the list outgrows its capacity, which then doubles. A sift
 * moves a hole instead of swapping, so each level costs one write per array.
 */
import type { EventList, Kind, Time } from "./event-list.ts";
import { grown } from "./grown.ts";

const PUSHES_MAX = 35184372088832;

export class QuaternaryHeap implements EventList {
  size: number;
  time: Time;
  kind: Kind;
  subject: number;
  object: number;
  private pushes: number;
  private capacity: number;
  private times: Float64Array;
  private ranks: Float64Array;
  private subjects: Int32Array;
  private objects: Int32Array;

  /** @param capacity events the list holds before it grows: whole, >= 1 */
  constructor(capacity = 64) {
    this.size = 0;
    this.time = 0;
    this.kind = 0;
    this.subject = 0;
    this.object = 0;
    this.pushes = 0;
    this.capacity = capacity;
    this.times = new Float64Array(capacity);
    this.ranks = new Float64Array(capacity);
    this.subjects = new Int32Array(capacity);
    this.objects = new Int32Array(capacity);
  }

  get nextTime(): Time {
    return this.size === 0 ? Infinity : this.times[0];
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    if (this.size === this.capacity) this.grow();
    const { times, ranks, subjects, objects } = this;
    const rank = kind * PUSHES_MAX + this.pushes++;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && ranks[parent] < rank)) break;
      times[hole] = parentTime;
      ranks[hole] = ranks[parent];
      subjects[hole] = subjects[parent];
      objects[hole] = objects[parent];
      hole = parent;
    }
    times[hole] = time;
    ranks[hole] = rank;
    subjects[hole] = subject;
    objects[hole] = object;
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const { times, ranks, subjects, objects } = this;
    this.time = times[0];
    this.kind = Math.floor(ranks[0] / PUSHES_MAX);
    this.subject = subjects[0];
    this.object = objects[0];
    const last = --this.size;
    if (last > 0) this.sink(times[last], ranks[last], subjects[last], objects[last]);
    return true;
  }

  /** Finds the place of the event that filled the root's hole from the end. */
  private sink(time: Time, rank: number, subject: number, object: number): void {
    const { times, ranks, subjects, objects, size } = this;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= size) break;
      const end = Math.min(first + 4, size);
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
    subjects[hole] = subject;
    objects[hole] = object;
  }

  private grow(): void {
    this.capacity *= 2;
    this.times = grown(this.times, this.capacity);
    this.ranks = grown(this.ranks, this.capacity);
    this.subjects = grown(this.subjects, this.capacity);
    this.objects = grown(this.objects, this.capacity);
  }
}
