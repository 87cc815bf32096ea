/**
 * The future event list of subjects that do not meet: a lane for each, in which its few events lie sorted.
 *
 * Order: subject by subject. A window (pops until one is false) goes through the lanes once, so a subject may schedule
 * for itself only: for another it may have been too late. That throws, but for what is pushed between two windows.
 *
 * Cost: a pop is O(1); a push moves the events of its lane that come before it, and up to some thirty events nothing is
 * quicker: those of a print server number three to ten. The latest lies first, so that a pop takes the end off. All
 * lanes have one width, which doubles when a lane is full; a lane of more than WIDTH_MAX events goes on as a calendar
 * of its own, so that no pattern of pushing costs more than that.
 */
import { Calendar } from "./calendar.ts";
import type { EventList, Kind, Time } from "./event-list.ts";
import { grown } from "./grown.ts";

/** Wide enough for most, because arrays that are never made anew are constants to V8. */
const WIDTH = 16;
const WIDTH_MAX = 64;

/** The size of a lane that goes on as a calendar. */
const CROWDED = -1;

/**
 * The list that a simulation takes unless it is given another.
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
  /** Events in each lane, or CROWDED. */
  private readonly sizes: Int32Array;
  /** Lane l has the places l * width .. l * width + size - 1 of the columns, latest first. */
  private width: number;
  private times: Float64Array;
  /** The kind at 2 * place, the object behind it. */
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
    this.sizes = new Int32Array(count);
    this.width = WIDTH;
    this.times = new Float64Array(WIDTH * count);
    this.tags = new Int32Array(2 * WIDTH * count);
    this.calendars = new Map();
  }

  get time(): Time {
    return this.clock[0];
  }

  get size(): number {
    let size = 0;
    for (const events of this.sizes) size += Math.max(0, events);
    for (const calendar of this.calendars.values()) size += calendar.size;
    return size;
  }

  get nextTime(): Time {
    let next = Infinity;
    this.sizes.forEach((size, lane) => {
      if (size > 0) next = Math.min(next, this.times[lane * this.width + size - 1]);
    });
    for (const calendar of this.calendars.values()) next = Math.min(next, calendar.nextTime);
    return next;
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    if (subject !== this.subject && this.isRunning) this.refuse(subject);
    const size = this.sizes[subject];
    if (!(size >= 0 && size < this.width)) {
      this.pushElsewhere(time, kind, subject, object);
      return;
    }
    const { times, tags } = this;
    const first = subject * this.width;
    let place = first + size;
    for (; place > first; place--) {
      const before = place - 1;
      if (times[before] > time || (times[before] === time && tags[2 * before] > kind)) break;
      times[place] = times[before];
      tags[2 * place] = tags[2 * before];
      tags[2 * place + 1] = tags[2 * before + 1];
    }
    times[place] = time;
    tags[2 * place] = kind;
    tags[2 * place + 1] = object;
    this.sizes[subject] = size + 1;
  }

  pop(until: Time): boolean {
    const { sizes, times, width, count } = this;
    this.isRunning = true;
    for (let lane = this.subject; lane < count; lane++) {
      const size = sizes[lane];
      if (size > 0) {
        const place = lane * width + size - 1;
        if (times[place] < until) {
          sizes[lane] = size - 1;
          this.clock[0] = times[place];
          this.kind = this.tags[2 * place];
          this.subject = lane;
          this.object = this.tags[2 * place + 1];
          return true;
        }
      } else if (size === CROWDED && this.popCrowded(lane, until)) {
        return true;
      }
    }
    this.subject = 0;
    this.isRunning = false;
    return false;
  }

  private popCrowded(lane: number, until: Time): boolean {
    const calendar = this.calendars.get(lane)!;
    if (!calendar.pop(until)) return false;
    this.clock[0] = calendar.time;
    this.kind = calendar.kind;
    this.subject = lane;
    this.object = calendar.object;
    return true;
  }

  /** What a push does when its lane is full, a calendar, or not there. */
  private pushElsewhere(time: Time, kind: Kind, subject: number, object: number): void {
    if (this.sizes[subject] === undefined) {
      throw new Error(`an event of subject ${subject}; the subjects are 0 to ${this.count - 1}`);
    }
    if (this.sizes[subject] !== CROWDED) {
      if (this.width < WIDTH_MAX) {
        this.widen();
        this.push(time, kind, subject, object);
        return;
      }
      this.calendars.set(subject, this.calendarOf(subject));
      this.sizes[subject] = CROWDED;
    }
    this.calendars.get(subject)!.push(time, kind, subject, object);
  }

  private calendarOf(lane: number): Calendar {
    const calendar = new Calendar();
    const first = lane * this.width;
    for (let place = first + this.sizes[lane] - 1; place >= first; place--) {
      calendar.push(this.times[place], this.tags[2 * place], lane, this.tags[2 * place + 1]);
    }
    return calendar;
  }

  private widen(): void {
    const { width: narrow, count } = this;
    this.width = 2 * narrow;
    this.times = grown(this.times, count * this.width);
    this.tags = grown(this.tags, 2 * count * this.width);
    // From the last on, because the places of a lane are behind those it had.
    for (let lane = count - 1; lane > 0; lane--) {
      this.times.copyWithin(lane * this.width, lane * narrow, (lane + 1) * narrow);
      this.tags.copyWithin(2 * lane * this.width, 2 * lane * narrow, 2 * (lane + 1) * narrow);
    }
  }

  private refuse(subject: number): never {
    throw new Error(
      `subject ${this.subject} schedules for subject ${subject}; ` +
        "in lanes a subject schedules for itself only: take another list for subjects that meet",
    );
  }
}
