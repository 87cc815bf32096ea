/**
 * The future event list for many pending events: a calendar queue of days and years.
 *
 * A day is a span of time in which one or two events are expected, and 1,024 days are a year. The time of an event
 * alone decides where it is stored:
 *
 * - The run holds the events of the current days, sorted. Events are popped from the run only. When it is empty, the
 *   events of the next sixteen days are sorted into it.
 * - Each day of this year and the next has a page of four events. An event whose page is full goes to the spill, a
 *   heap.
 * - Each later year has a shelf, a list of boxes of sixteen events in the order in which they were pushed. When this
 *   year ends, the shelf of the year after the next is emptied onto the pages.
 * - The far shelf holds everything beyond the years.
 *
 * All pages take 128 kB, and only the end of a shelf is written. So the data that is in use stays in the processor's
 * caches, however many events are pending. The price is that an event of a later year is moved once more.
 *
 * Order: one for all subjects, by time, kind and order of pushing. Events of equal time are always stored together, and
 * are kept and moved in the order in which they were pushed, so an event needs no sequence number.
 *
 * Cost: push and pop are O(1) as long as a day has few events. For any pattern of times (all equal, clustered, spread
 * over many orders of magnitude) they cost at most as much as in a heap. A calendar of few events uses only its run.
 *
 * Tuning: the length of a day is estimated from the earliest eighth of the events. It is checked when as many events
 * have been popped as are pending, or when their number has grown fourfold. A rebuild costs O(1) per event.
 */
import { KIND_BITS, KIND_MASK, SUBJECTS_MAX, type EventList, type Kind, type Time } from "./event-list.ts";
import { grown } from "./grown.ts";
import { QuaternaryHeap } from "./quaternary-heap.ts";

/** Up to this many events, a calendar uses only its run. */
const FEW = 64;
/** Events are not inserted one by one into a run longer than this. */
const RUN_MAX = 256;

/** Events per page. */
const PAGE = 4;
const DAYS_OF_YEAR = 1024;
/** Pages of this year and the next. */
const PAGES = 2 * DAYS_OF_YEAR;
/** Days that are sorted into the run at a time; divides the days of a year. */
const DAYS_AT_ONCE = 16;

/** Events per box. */
const BOX = 16;
const YEARS_MIN = 512;
/** Stands for no box. */
const NONE = 0;

/** Places in `days`, a column because V8 would box fields that are not small integers. */
const DAYS_PER_US = 0;
const NEXT = 1; // the first day that is not in the run
const EDGE = 2; // the first day that has no page
const REACH = 3; // the first day whose year has no shelf of its own

/** Events in the sample from which the length of a day is estimated. */
const SAMPLE = 512;
const EVENTS_OF_DAY_AIMED_AT = 1.5;
const EVENTS_OF_DAY_MIN = 0.5;
const EVENTS_OF_DAY_MAX = 3;

/**
 * One order for all subjects; fast for many pending events.
 *
 * @example
 * const simulation = new Simulation(system, new Digest(0, 10), new Calendar());
 */
export class Calendar implements EventList {
  kind: Kind;
  subject: number;
  object: number;
  readonly clock: Float64Array;
  private readonly days: Float64Array;
  /** An event that is being pushed: its time; its tag and object. */
  private readonly inTimes: Float64Array;
  private readonly inTags: Int32Array;
  /** The run: the events from `at` to before `end`. The tag is at 2 * index, and the object follows it. */
  private at: number;
  private end: number;
  private runTimes: Float64Array;
  private runTags: Int32Array;
  /**
   * Events that were pushed while the run was too long. As long as it is not empty, no event is inserted into the run.
   */
  private readonly late: QuaternaryHeap;
  /** The number of events on each page, and the pages. */
  private readonly counts: Uint8Array;
  private readonly pageTimes: Float64Array;
  private readonly pageTags: Int32Array;
  private readonly spill: QuaternaryHeap;
  /** The number of events outside the run; of these, on the shelves of years and on the far shelf. */
  private waiting: number;
  private shelved: number;
  private far: number;
  /**
   * The number of shelves of years, a power of two. The far shelf follows. Then, for each shelf,
   * its first box and the index of its next event.
   */
  private years: number;
  private heads: Int32Array;
  private tails: Int32Array;
  /** The boxes, the successor of each, and the first free box. Box NONE is never used. */
  private boxTimes: Float64Array;
  private boxTags: Int32Array;
  private links: Int32Array;
  private freeBox: number;
  /** Days that passed, and events that entered the run, since the length of a day was last checked. */
  private daysSeen: number;
  private eventsSeen: number;
  /** With more events than this outside the run, the calendar is rebuilt. */
  private waitingMax: number;

  constructor() {
    this.kind = 0;
    this.subject = 0;
    this.object = 0;
    this.clock = new Float64Array(1);
    this.days = Float64Array.of(1, Infinity, Infinity, Infinity);
    this.inTimes = new Float64Array(1);
    this.inTags = new Int32Array(2);
    this.at = 0;
    this.end = 0;
    this.runTimes = new Float64Array(2 * RUN_MAX);
    this.runTags = new Int32Array(4 * RUN_MAX);
    this.late = new QuaternaryHeap();
    this.counts = new Uint8Array(PAGES);
    this.pageTimes = new Float64Array(PAGE * PAGES);
    this.pageTags = new Int32Array(2 * PAGE * PAGES);
    this.spill = new QuaternaryHeap();
    this.waiting = 0;
    this.shelved = 0;
    this.far = 0;
    this.years = YEARS_MIN;
    this.heads = new Int32Array(YEARS_MIN + 1);
    this.tails = new Int32Array(YEARS_MIN + 1);
    this.boxTimes = new Float64Array(BOX);
    this.boxTags = new Int32Array(2 * BOX);
    this.links = new Int32Array(1);
    this.freeBox = NONE;
    this.daysSeen = 0;
    this.eventsSeen = 0;
    this.waitingMax = 0;
  }

  get time(): Time {
    return this.clock[0];
  }

  get size(): number {
    return this.end - this.at + this.late.size + this.waiting;
  }

  get nextTime(): Time {
    while (this.at === this.end && this.late.size === 0 && this.size > 0) this.advance();
    const next = this.at < this.end ? this.runTimes[this.at] : Infinity;
    return Math.min(next, this.late.nextTime);
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    const { days, counts, inTimes, inTags } = this;
    const tag = (subject << KIND_BITS) | kind;
    if (tag >> KIND_BITS !== subject) refuse(subject);
    const day = Math.floor(time * days[DAYS_PER_US]);
    const page = (day >>> 0) & (PAGES - 1);
    const count = counts[page];
    if (day < days[NEXT] || day >= days[EDGE] || count === PAGE) {
      inTimes[0] = time;
      inTags[0] = tag;
      inTags[1] = object;
      this.store(inTimes, inTags, 0);
      return;
    }
    // The common case: as insertOnPage, without the detour through `inTimes`.
    const { pageTimes, pageTags } = this;
    const index = PAGE * page + count;
    counts[page] = count + 1;
    pageTimes[index] = time;
    pageTags[2 * index] = tag;
    pageTags[2 * index + 1] = object;
    if (++this.waiting > this.waitingMax) this.rebuild();
  }

  pop(until: Time): boolean {
    if (this.late.size > 0) return this.popLate(until);
    while (this.at === this.end) {
      if (Math.floor(until * this.days[DAYS_PER_US]) < this.days[NEXT] || this.size === 0) return false;
      this.advance();
    }
    return this.popRun(until);
  }

  private popRun(until: Time): boolean {
    const { at, runTimes, runTags } = this;
    const time = runTimes[at];
    if (time >= until) return false;
    this.at = at + 1;
    this.clock[0] = time;
    const tag = runTags[2 * at];
    this.kind = tag & KIND_MASK;
    this.subject = tag >> KIND_BITS;
    this.object = runTags[2 * at + 1];
    return true;
  }

  /** Pops from the run or from `late`, whichever is earlier. Of equal events, the one in the run was pushed first. */
  private popLate(until: Time): boolean {
    const { at, end, runTimes, runTags, late } = this;
    if (at < end) {
      const time = runTimes[at];
      const isFirst =
        time < late.nextTime || (time === late.nextTime && (runTags[2 * at] & KIND_MASK) <= late.nextKind);
      if (isFirst) return this.popRun(until);
    }
    if (!late.pop(until)) return false;
    this.clock[0] = late.clock[0];
    this.kind = late.kind;
    this.subject = late.subject;
    this.object = late.object;
    return true;
  }

  /**
   * Stores the event at `from` of two columns. Here and below, an event is passed as columns and an index, because V8
   * may box a time that is passed to a function.
   */
  private store(times: Float64Array, tags: Int32Array, from: number): void {
    const { days } = this;
    const day = Math.floor(times[from] * days[DAYS_PER_US]);
    if (day < days[NEXT]) {
      this.insertIntoRun(times, tags, from);
      return;
    }
    if (day < days[EDGE]) {
      this.insertOnPage((day >>> 0) & (PAGES - 1), times, tags, from);
    } else if (day < days[REACH]) {
      this.shelved++;
      this.insertOnShelf(((day / DAYS_OF_YEAR) >>> 0) & (this.years - 1), times, tags, from);
    } else {
      this.far++;
      this.insertOnShelf(this.years, times, tags, from);
    }
    if (++this.waiting > this.waitingMax) this.rebuild();
  }

  private insertIntoRun(times: Float64Array, tags: Int32Array, from: number): void {
    if (this.end - this.at >= RUN_MAX || this.late.size > 0) this.late.take(times, tags, from);
    else this.insertSorted(times, tags, from);
    if (this.days[NEXT] === Infinity && this.end - this.at > FEW) this.rebuild();
  }

  /** Inserts an event into the run, after all events of equal time and kind. */
  private insertSorted(times: Float64Array, tags: Int32Array, from: number): void {
    if (this.end === this.runTimes.length) this.makeRoom();
    const { at, runTimes, runTags } = this;
    const time = times[from];
    const kind = tags[2 * from] & KIND_MASK;
    let index = this.end++;
    while (
      index > at &&
      (runTimes[index - 1] > time || (runTimes[index - 1] === time && (runTags[2 * index - 2] & KIND_MASK) > kind))
    ) {
      runTimes[index] = runTimes[index - 1];
      runTags[2 * index] = runTags[2 * index - 2];
      runTags[2 * index + 1] = runTags[2 * index - 1];
      index--;
    }
    runTimes[index] = time;
    runTags[2 * index] = tags[2 * from];
    runTags[2 * index + 1] = tags[2 * from + 1];
  }

  private makeRoom(): void {
    const { at, end } = this;
    if (at < end / 2) {
      this.runTimes = grown(this.runTimes, 2 * end);
      this.runTags = grown(this.runTags, 4 * end);
      return;
    }
    this.runTimes.copyWithin(0, at, end);
    this.runTags.copyWithin(0, 2 * at, 2 * end);
    this.at = 0;
    this.end = end - at;
  }

  private insertOnPage(page: number, times: Float64Array, tags: Int32Array, from: number): void {
    const { counts, pageTimes, pageTags } = this;
    const count = counts[page];
    if (count === PAGE) {
      this.spill.take(times, tags, from);
      return;
    }
    const index = PAGE * page + count;
    counts[page] = count + 1;
    pageTimes[index] = times[from];
    pageTags[2 * index] = tags[2 * from];
    pageTags[2 * index + 1] = tags[2 * from + 1];
  }

  private insertOnShelf(shelf: number, times: Float64Array, tags: Int32Array, from: number): void {
    let index = this.tails[shelf];
    if (index % BOX === 0) index = this.newBox(shelf, index);
    this.tails[shelf] = index + 1;
    const { boxTimes, boxTags } = this;
    boxTimes[index] = times[from];
    boxTags[2 * index] = tags[2 * from];
    boxTags[2 * index + 1] = tags[2 * from + 1];
  }

  /** Adds a box to a shelf that has none (`index` is 0) or whose last one is full; returns its first index. */
  private newBox(shelf: number, index: number): number {
    if (this.freeBox === NONE) this.makeBoxes();
    const box = this.freeBox;
    this.freeBox = this.links[box];
    this.links[box] = NONE;
    if (index === 0) this.heads[shelf] = box;
    else this.links[index / BOX - 1] = box;
    return BOX * box;
  }

  /** The index after the last event of a box, on a shelf that ends at `end`. */
  private endOf(box: number, end: number): number {
    return this.links[box] === NONE ? end : BOX * (box + 1);
  }

  /** Frees a box, and returns its successor on the shelf. */
  private freed(box: number): number {
    const next = this.links[box];
    this.links[box] = this.freeBox;
    this.freeBox = box;
    return next;
  }

  private makeBoxes(): void {
    const from = this.links.length;
    const to = 2 * Math.max(from, FEW);
    this.boxTimes = grown(this.boxTimes, BOX * to);
    this.boxTags = grown(this.boxTags, 2 * BOX * to);
    this.links = grown(this.links, to);
    for (let box = to - 1; box >= from; box--) {
      this.freed(box);
    }
  }

  /** Fills the run, which is empty, from the next days that have events. The calendar is not empty. */
  private advance(): void {
    const { days } = this;
    if (this.daysSeen + this.eventsSeen > this.size + FEW && !this.isDayLengthRight()) this.rebuild();
    while (this.at === this.end) {
      if (this.waiting === this.far) {
        this.rebuild();
        continue;
      }
      if (this.waiting === this.far + this.shelved) days[NEXT] = days[EDGE] - DAYS_OF_YEAR;
      if (days[NEXT] === days[EDGE] - DAYS_OF_YEAR) this.advanceYear();
      this.advanceDays();
    }
  }

  private advanceDays(): void {
    const { days, counts, pageTimes, pageTags, spill } = this;
    this.at = 0;
    this.end = 0;
    const firstPage = (days[NEXT] >>> 0) & (PAGES - 1);
    for (let page = firstPage; page < firstPage + DAYS_AT_ONCE; page++) {
      const to = PAGE * page + counts[page];
      counts[page] = 0;
      for (let from = PAGE * page; from < to; from++) this.insertSorted(pageTimes, pageTags, from);
    }
    days[NEXT] += DAYS_AT_ONCE;
    // Spilled events were pushed after those on their page.
    while (spill.size > 0 && Math.floor(spill.times[0] * days[DAYS_PER_US]) < days[NEXT]) {
      spill.give(this.inTimes, this.inTags, 0);
      this.insertSorted(this.inTimes, this.inTags, 0);
    }
    this.waiting -= this.end;
    this.daysSeen += DAYS_AT_ONCE;
    this.eventsSeen += this.end;
  }

  /** Starts the year whose first day is next: the year after it takes over the pages of the year that ended. */
  private advanceYear(): void {
    const { days, years } = this;
    const shelf = ((days[EDGE] / DAYS_OF_YEAR) >>> 0) & (years - 1);
    days[EDGE] += DAYS_OF_YEAR;
    this.daysSeen++;
    if (this.heads[shelf] !== NONE) this.emptyShelf(shelf);
    if (days[REACH] - days[EDGE] >= (years / 2) * DAYS_OF_YEAR) return;
    days[REACH] = days[EDGE] + (years - 1) * DAYS_OF_YEAR;
    this.daysSeen += this.far;
    if (this.far > 0) this.emptyShelf(years);
  }

  /** Empties a shelf: stores its events where they belong now. */
  private emptyShelf(shelf: number): void {
    const end = this.tails[shelf];
    this.tails[shelf] = 0;
    let box = this.heads[shelf];
    this.heads[shelf] = NONE;
    while (box !== NONE) {
      const to = this.endOf(box, end);
      for (let index = BOX * box; index < to; index++) {
        this.waiting--;
        if (shelf === this.years) this.far--;
        else this.shelved--;
        this.store(this.boxTimes, this.boxTags, index);
      }
      box = this.freed(box);
    }
  }

  /** Whether a day has about the intended number of events; starts the next measurement. */
  private isDayLengthRight(): boolean {
    const eventsOfDay = this.eventsSeen / this.daysSeen;
    this.daysSeen = 0;
    this.eventsSeen = 0;
    return eventsOfDay >= EVENTS_OF_DAY_MIN && eventsOfDay <= EVENTS_OF_DAY_MAX;
  }

  /** Chooses a new length of a day and stores all events again; if there are few, all go into the run. */
  private rebuild(): void {
    const { size, days } = this;
    const { times, tags } = this.removeAll();
    const isFew = size <= FEW;
    this.waitingMax = 4 * size;
    this.waiting = 0;
    if (isFew) {
      days.fill(Infinity, NEXT);
    } else {
      let first = Infinity;
      for (let i = 0; i < size; i++) first = Math.min(first, times[i]);
      while (this.years < size / DAYS_OF_YEAR) this.years *= 2;
      if (this.tails.length !== this.years + 1) {
        this.heads = new Int32Array(this.years + 1);
        this.tails = new Int32Array(this.years + 1);
      }
      days[DAYS_PER_US] = daysPerUs(times, first);
      days[NEXT] = Math.floor((first * days[DAYS_PER_US]) / DAYS_AT_ONCE) * DAYS_AT_ONCE;
      days[EDGE] = (Math.floor(days[NEXT] / DAYS_OF_YEAR) + 2) * DAYS_OF_YEAR;
      days[REACH] = days[EDGE] + (this.years - 1) * DAYS_OF_YEAR;
    }
    for (let i = 0; i < size; i++) this.store(times, tags, i);
  }

  /** Removes all events and returns them; those of equal time in the order in which they were pushed. */
  private removeAll(): { times: Float64Array; tags: Int32Array } {
    const { size, runTimes, runTags, counts } = this;
    const times = new Float64Array(size);
    const tags = new Int32Array(2 * size);
    let events = 0;
    const copy = (fromTimes: Float64Array, fromTags: Int32Array, from: number, to: number) => {
      times.set(fromTimes.subarray(from, to), events);
      tags.set(fromTags.subarray(2 * from, 2 * to), 2 * events);
      events += to - from;
    };
    const drain = (heap: QuaternaryHeap) => {
      while (heap.size > 0) heap.give(times, tags, events++);
    };
    copy(runTimes, runTags, this.at, this.end);
    this.at = 0;
    this.end = 0;
    drain(this.late);
    for (let page = 0; page < PAGES; page++)
      copy(this.pageTimes, this.pageTags, PAGE * page, PAGE * page + counts[page]);
    counts.fill(0);
    drain(this.spill);
    for (let shelf = 0; shelf <= this.years; shelf++) {
      const end = this.tails[shelf];
      for (let box = this.heads[shelf]; box !== NONE; box = this.freed(box)) {
        copy(this.boxTimes, this.boxTags, BOX * box, this.endOf(box, end));
      }
      this.heads[shelf] = NONE;
      this.tails[shelf] = 0;
    }
    this.shelved = 0;
    this.far = 0;
    return { times, tags };
  }
}

/** The number of days per microsecond, at most 1, estimated from the earliest of `times`. */
function daysPerUs(times: Float64Array, first: Time): number {
  const stride = Math.ceil(times.length / SAMPLE);
  const sample = times.filter((_, i) => i % stride === 0).sort();
  const eighth = Math.ceil(sample.length / 8);
  const eventsPerUs = ((eighth / sample.length) * times.length) / (sample[eighth] - first);
  return Math.min(1, eventsPerUs / EVENTS_OF_DAY_AIMED_AT);
}

function refuse(subject: number): never {
  throw new Error(`an event of subject ${subject}; the subjects of a calendar are 0 to ${SUBJECTS_MAX - 1}`);
}
