/**
 * The future event list for independent subjects: each has a lane, in which its few events are sorted.
 *
 * Order: subject by subject. A window lasts until a pop returns false, and goes through the lanes once. A subject may
 * therefore schedule events only for itself, because the lane of another may already be finished. Pushing for another
 * subject throws, except between two windows.
 *
 * Cost: a pop is O(1). A push moves the events of its lane that come before it. Up to about thirty events nothing is
 * faster, and a print server has three to ten. The latest event comes first in a lane, so that a pop removes the last.
 * All lanes have the same width, which doubles when a lane is full. A lane of more than WIDTH_MAX events becomes a
 * calendar, which bounds the cost for every pattern of pushes.
 */
import { Calendar } from "./calendar.ts";
import type { EventList, Kind, Time } from "./event-list.ts";
import { grown } from "./grown.ts";
import { MANY_SUBJECTS } from "./streams.ts";

/** A pending event of a subject. */
export interface Pending {
  readonly time: Time;
  readonly kind: Kind;
  readonly object: number;
}

/**
 * The slots of a lane at first, powers of two. 32 are enough for most systems, and V8 treats arrays that are never
 * replaced as constants. With many subjects, lanes are narrower, so that all of them stay in the processor's caches.
 */
const WIDTH = 32;
const WIDTH_OF_MANY = 8;
const WIDTH_MAX = 64;
/** In a calendar of a lane: few, because there may be many such calendars. */
const DAYS_OF_YEAR = 256;

/**
 * The default list of a simulation.
 *
 * @example
 * const simulation = new Simulation(system, new Digest(0, 10), new PerSubjectList(10));
 */
export class PerSubjectList implements EventList {
  kind: Kind;
  subject: number;
  object: number;
  readonly clock: Float64Array;
  private readonly count: number;
  /** False between two windows. */
  private isRunning: boolean;
  /** The number of slots of a lane: a power of two. */
  private width: number;
  /**
   * The index of the next event of each lane. Lane l starts at l * width, with the latest event first. Its first slot
   * holds the time Infinity and no event, so that no lane is ever empty. In a lane that has become a calendar, all
   * times are Infinity.
   */
  private readonly tops: Int32Array;
  private times: Float64Array;
  /** The kind at 2 * index, the object behind it. */
  private tags: Int32Array;
  private readonly calendars: Map<number, Calendar>;

  /** @param count subjects: whole, >= 1 */
  constructor(count: number) {
    this.kind = 0;
    this.subject = 0;
    this.object = 0;
    this.clock = new Float64Array(1);
    this.count = count;
    this.isRunning = false;
    const width = count > MANY_SUBJECTS ? WIDTH_OF_MANY : WIDTH;
    this.width = width;
    this.tops = Int32Array.from({ length: count }, (_, lane) => width * lane);
    this.times = new Float64Array(width * count);
    for (const first of this.tops) this.times[first] = Infinity;
    this.tags = new Int32Array(2 * width * count);
    this.calendars = new Map();
  }

  get time(): Time {
    return this.clock[0];
  }

  get size(): number {
    let size = 0;
    this.tops.forEach((top, lane) => (size += this.calendars.has(lane) ? 0 : top - lane * this.width));
    for (const calendar of this.calendars.values()) size += calendar.size;
    return size;
  }

  get nextTime(): Time {
    let next = Infinity;
    for (const top of this.tops) next = Math.min(next, this.times[top]);
    for (const calendar of this.calendars.values()) next = Math.min(next, calendar.nextTime);
    return next;
  }

  /** The events of a subject, latest first, for comparisons. Empty if the lane has become a calendar. */
  pending(subject: number): Pending[] {
    const first = subject * this.width + 1;
    if (this.calendars.has(subject)) return [];
    return Array.from({ length: this.tops[subject] - first + 1 }, (_, i) => {
      const index = first + i;
      return { time: this.times[index], kind: this.tags[2 * index], object: this.tags[2 * index + 1] };
    });
  }

  /** Replaces the events of a subject, latest first. Only between two windows, and not if its lane is a calendar. */
  replace(subject: number, events: readonly Pending[]): void {
    this.tops[subject] = subject * this.width;
    for (const { time, kind, object } of [...events].reverse()) this.push(time, kind, subject, object);
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    if (subject !== this.subject && this.isRunning) this.refuse(subject);
    const { tops, times, tags } = this;
    const top = tops[subject] + 1;
    // The slot behind a full lane is the first of another; behind the last lane there is none.
    if ((top & (this.width - 1)) === 0 || top !== top) {
      this.pushElsewhere(time, kind, subject, object);
      return;
    }
    let index = top;
    while (times[index - 1] < time || (times[index - 1] === time && tags[2 * index - 2] <= kind)) {
      times[index] = times[index - 1];
      tags[2 * index] = tags[2 * index - 2];
      tags[2 * index + 1] = tags[2 * index - 1];
      index--;
    }
    times[index] = time;
    tags[2 * index] = kind;
    tags[2 * index + 1] = object;
    tops[subject] = top;
  }

  pop(until: Time): boolean {
    const { tops, times, tags, count } = this;
    this.isRunning = true;
    for (let lane = this.subject; lane < count; lane++) {
      const top = tops[lane];
      if (times[top] < until) {
        tops[lane] = top - 1;
        this.clock[0] = times[top];
        this.kind = tags[2 * top];
        this.subject = lane;
        this.object = tags[2 * top + 1];
        return true;
      }
      if (this.calendars.size > 0 && this.popCrowded(lane, until)) return true;
    }
    this.subject = 0;
    this.isRunning = false;
    return false;
  }

  /** Whether the subject has so many events that its lane has become a calendar. */
  isCrowded(subject: number): boolean {
    return this.calendars.has(subject);
  }

  private popCrowded(lane: number, until: Time): boolean {
    const calendar = this.calendars.get(lane);
    if (calendar === undefined || !calendar.pop(until)) return false;
    this.clock[0] = calendar.time;
    this.kind = calendar.kind;
    this.subject = lane;
    this.object = calendar.object;
    return true;
  }

  /** Pushes when the lane is full, is a calendar, or does not exist. */
  private pushElsewhere(time: Time, kind: Kind, subject: number, object: number): void {
    if (this.tops[subject] === undefined) {
      throw new Error(`an event of subject ${subject}; the subjects are 0 to ${this.count - 1}`);
    }
    const calendar = this.calendars.get(subject);
    if (calendar !== undefined) {
      calendar.push(time, kind, subject, object);
    } else if (this.width < WIDTH_MAX) {
      this.widen();
      this.push(time, kind, subject, object);
    } else {
      this.goOnAsCalendar(subject).push(time, kind, subject, object);
    }
  }

  private goOnAsCalendar(lane: number): Calendar {
    const calendar = new Calendar(DAYS_OF_YEAR);
    this.calendars.set(lane, calendar);
    for (let index = this.tops[lane]; index > lane * this.width; index--) {
      calendar.push(this.times[index], this.tags[2 * index], lane, this.tags[2 * index + 1]);
      this.times[index] = Infinity;
    }
    return calendar;
  }

  private widen(): void {
    const { width: narrow, count } = this;
    this.width = 2 * narrow;
    this.times = grown(this.times, count * this.width);
    this.tags = grown(this.tags, 2 * count * this.width);
    // Starts with the last lane, because each lane moves up.
    for (let lane = count - 1; lane > 0; lane--) {
      this.tops[lane] += lane * narrow;
      this.times.copyWithin(lane * this.width, lane * narrow, (lane + 1) * narrow);
      this.tags.copyWithin(2 * lane * this.width, 2 * lane * narrow, 2 * (lane + 1) * narrow);
    }
  }

  private refuse(subject: number): never {
    throw new Error(
      `subject ${this.subject} schedules for subject ${subject}; ` +
        "in lanes a subject schedules for itself only: take another list for subjects that are not independent",
    );
  }
}
