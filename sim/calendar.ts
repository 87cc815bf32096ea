/**
 * The future event list for many pending events: a calendar queue of days and years.
 *
 * A day is a span of time in which one or two events are expected. A year has 256 to 8,192 days, about twice as many as
 * there are events. The time of an event alone decides where it is stored:
 *
 * - The run holds the events of the current days, sorted. When it is empty, the events of the next sixteen days are
 *   sorted into it. Events are popped from the run, and from the spill while events of the run's days are there.
 * - Each day of this year and the next has a page of four events.
 * - The spill, a heap, takes events whose page is full, and those of the run's days that come while the run is full.
 * - Each later year has a shelf, a list of boxes of 64 events in the order in which they were pushed. When this
 *   year ends, the shelf of the year after the next is emptied onto the pages.
 * - The far shelf holds everything beyond the years.
 *
 * An event is a record of sixteen bytes, and a page is a cache line. The run is a list of indices, so records stay on
 * their pages. All pages take 1 MB, and only the end of a shelf is written. So the data that is in use stays in the
 * processor's caches, however many events are pending. The price is that an event of a later year is moved once.
 *
 * Order: one for all subjects, by time, kind and order of pushing. Events of equal time are always stored together, and
 * are kept and moved in the order in which they were pushed, so an event needs no sequence number.
 *
 * Cost, amortized: push and pop are O(1) as long as a day has few events. For other patterns of times (all equal,
 * clustered, spread over many orders of magnitude) they are O(log n), as in a heap, because what does not fit into a
 * page goes to one. A calendar of few events uses only its run.
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
const DAYS_OF_YEAR_MIN = 256;
/** The pages of more days would take more memory than a second-level cache. */
const DAYS_OF_YEAR_MAX = 8192;
/** Days that are sorted into the run at a time; divides the days of a year. */
const DAYS_AT_ONCE = 16;

/** Events per box. */
const BOX = 64;
const BOXES_MIN = 16;
const YEARS_MIN = 512;
/** Stands for no box. */
const NONE = 0;

/** Places in `days`, a column because V8 would box fields that are not small integers. */
const DAYS_PER_US = 0;
const NEXT = 1; // the first day that is not in the run
const EDGE = 2; // the first day that has no page
const REACH = 3; // the first day whose year has no shelf of its own
const YEARS_PER_DAY = 4;

/** Records: those of events that were pushed into the run, then that of an event being pushed, then those of pages. */
const INCOMING = RUN_MAX;
const ON_PAGES = RUN_MAX + PAGE;

/** By the number of events on a page, the number of pairs of records, pairs of unused records counted twice. */
const PAIRS = Int32Array.of(12, 9, 7, 6, 6);

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
  private readonly times: Float64Array;
  private readonly tags: Int32Array;
  /** The number of events on each page. */
  private readonly counts: Uint8Array;
  /** A power of two. */
  private daysOfYear: number;
  /** The run: the records of the events, from index `at` to before `end`. */
  private at: number;
  private end: number;
  private readonly order: Int32Array;
  /** The free records for events that are pushed into the run: the first so many. */
  private readonly spares: Int32Array;
  private spareCount: number;
  /**
   * Events whose page was full, and events that were pushed while the run was too long. While one of them is due, that
   * is, of the days of the run, no pushed event is inserted into the run.
   */
  private readonly spill: QuaternaryHeap;
  private isSpillDue: boolean;
  /** The number of events on pages and shelves; of these, on the shelves of years and on the far shelf. */
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
  /** The records in boxes, the successor of each box, and the first free box. Box NONE is never used. */
  private boxTimes: Float64Array;
  private boxTags: Int32Array;
  private links: Int32Array;
  private freeBox: number;
  /** Days that passed, and events of these days, since the length of a day was last checked. */
  private daysSeen: number;
  private eventsSeen: number;
  /**
   * With more events than this on pages and shelves, the calendar is rebuilt. The events of the spill are counted too
   * when a pushed event finds no place on a page.
   */
  private waitingMax: number;

  /** @param daysOfYearMax a power of two >= 256; a calendar takes 130 bytes for each */
  constructor(daysOfYearMax = DAYS_OF_YEAR_MAX) {
    this.kind = 0;
    this.subject = 0;
    this.object = 0;
    this.clock = new Float64Array(1);
    this.days = Float64Array.of(1, Infinity, Infinity, Infinity, 1);
    const { times, tags } = records(ON_PAGES + 2 * PAGE * daysOfYearMax);
    this.times = times.fill(Infinity);
    this.tags = tags;
    this.counts = new Uint8Array(2 * daysOfYearMax);
    this.daysOfYear = DAYS_OF_YEAR_MIN;
    this.at = 0;
    this.end = 0;
    this.order = new Int32Array(4 * RUN_MAX);
    this.spares = Int32Array.from({ length: RUN_MAX }, (_, i) => i);
    this.spareCount = RUN_MAX;
    this.spill = new QuaternaryHeap();
    this.isSpillDue = false;
    this.waiting = 0;
    this.shelved = 0;
    this.far = 0;
    this.years = YEARS_MIN;
    this.heads = new Int32Array(YEARS_MIN + 1);
    this.tails = new Int32Array(YEARS_MIN + 1);
    this.boxTimes = new Float64Array(0);
    this.boxTags = new Int32Array(0);
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
    return this.end - this.at + this.spill.size + this.waiting;
  }

  get nextTime(): Time {
    while (this.at === this.end && !this.isSpillDue && this.size > 0) this.advance();
    const next = this.at < this.end ? this.times[2 * this.order[this.at]] : Infinity;
    return this.isSpillDue ? Math.min(next, this.spill.nextTime) : next;
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    const { days, counts, times, tags } = this;
    const tag = (subject << KIND_BITS) | kind;
    if (tag >> KIND_BITS !== subject) refuse(subject);
    const day = Math.floor(time * days[DAYS_PER_US]);
    const page = (day >>> 0) & (2 * this.daysOfYear - 1);
    const count = counts[page];
    if (day < days[NEXT] || day >= days[EDGE] || count === PAGE) {
      times[2 * INCOMING] = time;
      tags[4 * INCOMING + 2] = tag;
      tags[4 * INCOMING + 3] = object;
      this.store(times, tags, INCOMING);
      // Not in `store`, which is also called while a shelf is emptied and while everything is stored again.
      if (day >= days[NEXT] && this.waiting + this.spill.size > this.waitingMax) this.rebuild();
      return;
    }
    // The common case: as insertOnPage, without the detour through INCOMING.
    const record = ON_PAGES + PAGE * page + count;
    counts[page] = count + 1;
    times[2 * record] = time;
    tags[4 * record + 2] = tag;
    tags[4 * record + 3] = object;
    if (++this.waiting > this.waitingMax) this.rebuild();
  }

  pop(until: Time): boolean {
    while (this.at === this.end && !this.isSpillDue) {
      if (Math.floor(until * this.days[DAYS_PER_US]) < this.days[NEXT] || this.size === 0) return false;
      this.advance();
    }
    return this.isSpillDue ? this.popSpill(until) : this.popRun(until);
  }

  private popRun(until: Time): boolean {
    const { at, order, times, tags } = this;
    const record = order[at];
    const time = times[2 * record];
    if (time >= until) return false;
    this.at = at + 1;
    times[2 * record] = Infinity;
    if (record < RUN_MAX) this.spares[this.spareCount++] = record;
    this.clock[0] = time;
    const tag = tags[4 * record + 2];
    this.kind = tag & KIND_MASK;
    this.subject = tag >> KIND_BITS;
    this.object = tags[4 * record + 3];
    return true;
  }

  /** Pops from the run or from the spill, whichever is earlier. Of equal events, that in the run was pushed first. */
  private popSpill(until: Time): boolean {
    const { at, end, order, times, tags, spill } = this;
    if (at < end) {
      const time = times[2 * order[at]];
      const isFirst =
        time < spill.nextTime || (time === spill.nextTime && (tags[4 * order[at] + 2] & KIND_MASK) <= spill.nextKind);
      if (isFirst) return this.popRun(until);
    }
    if (!spill.pop(until)) return false;
    this.eventsSeen++;
    this.checkSpill();
    this.clock[0] = spill.clock[0];
    this.kind = spill.kind;
    this.subject = spill.subject;
    this.object = spill.object;
    return true;
  }

  private checkSpill(): void {
    const { spill, days } = this;
    this.isSpillDue = spill.size > 0 && Math.floor(spill.times[0] * days[DAYS_PER_US]) < days[NEXT];
  }

  /**
   * Stores an event, given by its record. Here and below, an event is passed as a record, because V8 may box a time
   * that is passed to a function.
   */
  private store(times: Float64Array, tags: Int32Array, record: number): void {
    const { days } = this;
    const day = Math.floor(times[2 * record] * days[DAYS_PER_US]);
    if (day < days[NEXT]) {
      this.insertIntoRun(times, tags, record);
      return;
    }
    if (day < days[EDGE]) {
      this.insertOnPage((day >>> 0) & (2 * this.daysOfYear - 1), times, tags, record);
    } else if (day < days[REACH]) {
      this.shelved++;
      this.insertOnShelf(((day * days[YEARS_PER_DAY]) >>> 0) & (this.years - 1), times, tags, record);
    } else {
      this.far++;
      this.insertOnShelf(this.years, times, tags, record);
    }
  }

  /** Inserts an event into the run, after all events of equal time and kind. */
  private insertIntoRun(times: Float64Array, tags: Int32Array, record: number): void {
    if (this.end - this.at >= RUN_MAX || this.isSpillDue) {
      this.spill.take(times, tags, record);
      this.isSpillDue = true;
      return;
    }
    const spare = this.spares[--this.spareCount];
    copyRecord(times, tags, record, this.times, this.tags, spare);
    if (this.end === this.order.length) {
      this.order.copyWithin(0, this.at, this.end);
      this.end -= this.at;
      this.at = 0;
    }
    this.insertSorted(spare, this.end++);
    if (this.days[NEXT] === Infinity && this.end - this.at > FEW) this.rebuild();
  }

  /** Moves a record in the run from `index` to where it belongs among those before it. */
  private insertSorted(record: number, index: number): void {
    const { at, order, times, tags } = this;
    const time = times[2 * record];
    const kind = tags[4 * record + 2] & KIND_MASK;
    let to = index;
    for (; to > at; to--) {
      const before = order[to - 1];
      const timeBefore = times[2 * before];
      if (timeBefore < time || (timeBefore === time && (tags[4 * before + 2] & KIND_MASK) <= kind)) break;
      order[to] = before;
    }
    order[to] = record;
  }

  private insertOnPage(page: number, times: Float64Array, tags: Int32Array, record: number): void {
    const count = this.counts[page];
    if (count === PAGE) {
      this.spill.take(times, tags, record);
      return;
    }
    this.counts[page] = count + 1;
    this.waiting++;
    copyRecord(times, tags, record, this.times, this.tags, ON_PAGES + PAGE * page + count);
  }

  private insertOnShelf(shelf: number, times: Float64Array, tags: Int32Array, record: number): void {
    let index = this.tails[shelf];
    if (index % BOX === 0) index = this.newBox(shelf, index);
    this.tails[shelf] = index + 1;
    this.waiting++;
    copyRecord(times, tags, record, this.boxTimes, this.boxTags, index);
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
    const to = Math.max(BOXES_MIN, 2 * from);
    const { times, tags } = records(BOX * to);
    times.set(this.boxTimes);
    this.boxTimes = times;
    this.boxTags = tags;
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
      if (this.waiting === this.far + this.shelved) days[NEXT] = days[EDGE] - this.daysOfYear;
      if (days[NEXT] === days[EDGE] - this.daysOfYear) this.advanceYear();
      this.advanceDays();
    }
  }

  /**
   * Puts the events of the next days into the run. The place of an event is the number of those on its page that come
   * first: this is counted without branches, because the processor could not predict them. The unused records of a page
   * have the time Infinity.
   */
  private advanceDays(): void {
    const { days, counts, times, order } = this;
    const firstPage = (days[NEXT] >>> 0) & (2 * this.daysOfYear - 1);
    let end = 0;
    let ties = 0;
    for (let page = firstPage; page < firstPage + DAYS_AT_ONCE; page++) {
      const count = counts[page];
      counts[page] = 0;
      const record = ON_PAGES + PAGE * page;
      const a = times[2 * record];
      const b = times[2 * record + 2];
      const c = times[2 * record + 4];
      const d = times[2 * record + 6];
      const ab = +(a <= b);
      const ac = +(a <= c);
      const ad = +(a <= d);
      const bc = +(b <= c);
      const bd = +(b <= d);
      const cd = +(c <= d);
      order[(end + 3 - ab - ac - ad) | 0] = record;
      order[(end + ab + 2 - bc - bd) | 0] = record + 1;
      order[(end + ac + bc + 1 - cd) | 0] = record + 2;
      order[(end + ad + bd + cd) | 0] = record + 3;
      const forward = ab + ac + ad + bc + bd + cd;
      ties += forward + +(b <= a) + +(c <= a) + +(d <= a) + +(c <= b) + +(d <= b) + +(d <= c) - PAIRS[count];
      end += count;
    }
    this.at = 0;
    this.end = end;
    if (ties > 0) this.sortByKind();
    days[NEXT] += DAYS_AT_ONCE;
    this.waiting -= end;
    this.daysSeen += DAYS_AT_ONCE;
    this.eventsSeen += end;
    if (this.spill.size > 0) this.collectSpill();
  }

  /** Inserts the spilled events of the run's days into the run, as long as there is room. */
  private collectSpill(): void {
    this.checkSpill();
    while (this.isSpillDue && this.end < RUN_MAX) {
      const spare = this.spares[--this.spareCount];
      this.spill.give(this.times, this.tags, spare);
      this.insertSorted(spare, this.end++);
      this.eventsSeen++;
      this.checkSpill();
    }
  }

  /** Sorts events of equal time, which are in the run in the order in which they were pushed, by kind. */
  private sortByKind(): void {
    const { order, tags } = this;
    const tag = tags[4 * order[0] + 2];
    let difference = 0;
    for (let index = 1; index < this.end; index++) difference |= tags[4 * order[index] + 2] ^ tag;
    if ((difference & KIND_MASK) === 0) return;
    for (let index = 1; index < this.end; index++) this.insertSorted(this.order[index], index);
  }

  /** Starts the year whose first day is next: the year after it takes over the pages of the year that ended. */
  private advanceYear(): void {
    const { days, daysOfYear, years } = this;
    const shelf = ((days[EDGE] * days[YEARS_PER_DAY]) >>> 0) & (years - 1);
    days[EDGE] += daysOfYear;
    this.daysSeen++;
    if (this.heads[shelf] !== NONE) this.emptyShelf(shelf);
    if (days[REACH] - days[EDGE] >= (years / 2) * daysOfYear) return;
    days[REACH] = days[EDGE] + (years - 1) * daysOfYear;
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
    if (isFew) {
      days.fill(Infinity, NEXT, REACH + 1);
    } else {
      let first = Infinity;
      for (let i = 0; i < size; i++) first = Math.min(first, times[2 * i]);
      this.measureYear(size);
      days[DAYS_PER_US] = daysPerUs(times, size, first);
      days[NEXT] = Math.floor((first * days[DAYS_PER_US]) / DAYS_AT_ONCE) * DAYS_AT_ONCE;
      days[EDGE] = (Math.floor(days[NEXT] * days[YEARS_PER_DAY]) + 2) * this.daysOfYear;
      days[REACH] = days[EDGE] + (this.years - 1) * this.daysOfYear;
    }
    for (let i = 0; i < size; i++) this.store(times, tags, i);
  }

  /** Chooses the number of days in a year, for most of a few thousand events to be on pages, and that of shelves. */
  private measureYear(size: number): void {
    let daysOfYear = DAYS_OF_YEAR_MIN;
    while (daysOfYear < 2 * size && 2 * daysOfYear < this.counts.length) daysOfYear *= 2;
    this.daysOfYear = daysOfYear;
    this.days[YEARS_PER_DAY] = 1 / daysOfYear;
    while (this.years < size / daysOfYear) this.years *= 2;
    if (this.tails.length !== this.years + 1) {
      this.heads = new Int32Array(this.years + 1);
      this.tails = new Int32Array(this.years + 1);
    }
  }

  /** Removes all events and returns them; those of equal time in the order in which they were pushed. */
  private removeAll(): Records {
    const { size, spill, counts } = this;
    const all = records(size);
    let events = 0;
    const copy = (times: Float64Array, tags: Int32Array, from: number, to: number) => {
      for (let record = from; record < to; record++) copyRecord(times, tags, record, all.times, all.tags, events++);
    };
    for (; this.at < this.end; this.at++) {
      const record = this.order[this.at];
      copy(this.times, this.tags, record, record + 1);
      this.times[2 * record] = Infinity;
      if (record < RUN_MAX) this.spares[this.spareCount++] = record;
    }
    for (let page = 0; page < 2 * this.daysOfYear; page++) {
      const first = ON_PAGES + PAGE * page;
      copy(this.times, this.tags, first, first + counts[page]);
      this.times.fill(Infinity, 2 * first, 2 * (first + counts[page]));
      counts[page] = 0;
    }
    while (spill.size > 0) spill.give(all.times, all.tags, events++);
    this.isSpillDue = false;
    for (let shelf = 0; shelf <= this.years; shelf++) {
      const end = this.tails[shelf];
      for (let box = this.heads[shelf]; box !== NONE; box = this.freed(box)) {
        copy(this.boxTimes, this.boxTags, BOX * box, this.endOf(box, end));
      }
      this.heads[shelf] = NONE;
      this.tails[shelf] = 0;
    }
    this.waiting = 0;
    this.shelved = 0;
    this.far = 0;
    return all;
  }
}

/** Records of events: the time of record r is at 2 * r, its tag at 4 * r + 2, its object at 4 * r + 3. */
interface Records {
  readonly times: Float64Array;
  readonly tags: Int32Array;
}

function records(count: number): Records {
  const times = new Float64Array(2 * count);
  return { times, tags: new Int32Array(times.buffer) };
}

function copyRecord(
  times: Float64Array,
  tags: Int32Array,
  from: number,
  toTimes: Float64Array,
  toTags: Int32Array,
  to: number,
): void {
  toTimes[2 * to] = times[2 * from];
  toTags[4 * to + 2] = tags[4 * from + 2];
  toTags[4 * to + 3] = tags[4 * from + 3];
}

/** The number of days per microsecond, at most 1, estimated from the earliest of the events. */
function daysPerUs(times: Float64Array, size: number, first: Time): number {
  const stride = Math.ceil(size / SAMPLE);
  const sample = Float64Array.from({ length: Math.ceil(size / stride) }, (_, i) => times[2 * stride * i]).sort();
  const eighth = Math.ceil(sample.length / 8);
  const eventsPerUs = ((eighth / sample.length) * size) / (sample[eighth] - first);
  return Math.min(1, eventsPerUs / EVENTS_OF_DAY_AIMED_AT);
}

function refuse(subject: number): never {
  throw new Error(`an event of subject ${subject}; the subjects of a calendar are 0 to ${SUBJECTS_MAX - 1}`);
}
