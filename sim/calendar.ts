/**
 * The future event list for many events at once: a calendar of days and years.
 *
 * Time is cut into days of one to two events, and 1,024 days are a year. Where an event lies depends on its time alone:
 *
 * - the run: the events of the days under way, sorted. Only from it are events popped. When it is used up, the next
 *   sixteen days are sorted into it.
 * - the days: a page of four events for each day of this year and the next. What finds its page full goes to the spill,
 *   a heap.
 * - the years: a shelf for each, on which events lie in the order in which they were pushed, sixteen in a box. When a
 *   year is next but one, its shelf is emptied onto pages.
 * - the far shelf: everything beyond the years.
 *
 * The pages are 128 kB, and of every shelf only the end is written. So a processor finds what it needs in its caches,
 * however many events there are; an event that waits for long is moved once more.
 *
 * Order: one for all, by time, kind and order of pushing. Events of equal time always lie together, and everything is
 * kept and moved in the order of pushing, so no event needs a number.
 *
 * Cost: push O(1), pop O(1) while a day has a few events. Whatever the times (all equal, clumped, spread over many
 * orders of magnitude), a push is at worst that of a heap, and so is a pop. A calendar of few events is its run and
 * nothing else.
 *
 * Tuning: the length of a day is taken from the events that come next, an eighth of all. It is looked at again when as
 * many events have been popped as there are, or their number has grown fourfold; laying all events anew costs O(1)
 * each.
 */
import { KIND_BITS, KINDS, SUBJECTS_MAX, type EventList, type Kind, type Time } from "./event-list.ts";
import { grown } from "./grown.ts";
import { QuaternaryHeap } from "./quaternary-heap.ts";

/** Up to this many events, the run is all there is. */
const FEW = 64;
/** Into a run of more events nothing is sorted one by one. */
const RUN_MAX = 256;

/** Events of a page. */
const PAGE = 4;
const DAYS_OF_YEAR = 1024;
/** This year's and the next one's. */
const PAGES = 2 * DAYS_OF_YEAR;
/** Days that are sorted into the run at a time; a year has a whole number of them. */
const DAYS_AT_ONCE = 16;

/** Events of a box. */
const BOX = 16;
const YEARS_MIN = 512;
/** No box. */
const NONE = 0;

/** Places in `days`, which holds what is no small integer. */
const DAYS_PER_US = 0;
const NEXT = 1; // the first day that is not in the run
const EDGE = 2; // the first day that has no page
const REACH = 3; // the first day that has no shelf but the far one

/** As many events of those that come next make an estimate. */
const SAMPLE = 512;
const EVENTS_OF_DAY_AIMED_AT = 1.5;
const EVENTS_OF_DAY_MIN = 0.5;
const EVENTS_OF_DAY_MAX = 3;

/**
 * One order for all subjects, and quick for many pending events.
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
  /** An event on its way in: its time, its tag and its object. */
  private readonly inTimes: Float64Array;
  private readonly inTags: Int32Array;
  /** The run: events from `at` on, before `end`. A tag is at 2 * place, the object behind it. */
  private at: number;
  private end: number;
  private runTimes: Float64Array;
  private runTags: Int32Array;
  /** What was pushed into a run too long for it. While it has events, all that the run would get goes there. */
  private readonly late: QuaternaryHeap;
  /** How many events lie on each page, and the pages. */
  private readonly counts: Uint8Array;
  private readonly pageTimes: Float64Array;
  private readonly pageTags: Int32Array;
  private readonly spill: QuaternaryHeap;
  /** Events that are not in the run; of these, those on the shelves of years, and on the far shelf. */
  private waiting: number;
  private shelved: number;
  private far: number;
  /** Shelves, a power of two, but for the far one, which comes last; the first box of each, and its next free place. */
  private years: number;
  private heads: Int32Array;
  private tails: Int32Array;
  /** The boxes, what each is followed by, and those that are free. Box NONE is never used. */
  private boxTimes: Float64Array;
  private boxTags: Int32Array;
  private links: Int32Array;
  private freeBox: number;
  /** Days gone through, and events put into the run, since the tuning was looked at. */
  private daysSeen: number;
  private eventsSeen: number;
  /** For more events than these, all is laid anew. */
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
    while (this.at === this.end && this.late.size === 0 && this.size > 0) this.turn();
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
      this.lay(inTimes, inTags, 0);
      return;
    }
    // Most events: as layOnPage does it, without the way over `inTimes`.
    const { pageTimes, pageTags } = this;
    const place = PAGE * page + count;
    counts[page] = count + 1;
    pageTimes[place] = time;
    pageTags[2 * place] = tag;
    pageTags[2 * place + 1] = object;
    if (++this.waiting > this.waitingMax) this.layAnew();
  }

  pop(until: Time): boolean {
    if (this.late.size > 0) return this.popLate(until);
    while (this.at === this.end) {
      if (Math.floor(until * this.days[DAYS_PER_US]) < this.days[NEXT] || this.size === 0) return false;
      this.turn();
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
    this.kind = tag & KINDS;
    this.subject = tag >> KIND_BITS;
    this.object = runTags[2 * at + 1];
    return true;
  }

  /** Pops from the run or from what came too late for it, whichever is first; of equals, the run's was pushed first. */
  private popLate(until: Time): boolean {
    const { at, end, runTimes, runTags, late } = this;
    if (at < end) {
      const time = runTimes[at];
      const isFirst = time < late.nextTime || (time === late.nextTime && (runTags[2 * at] & KINDS) <= late.nextKind);
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
   * Lays an event where it belongs. It is read from where it is, because a time that is passed to a function may become
   * an object; so it is everywhere below.
   */
  private lay(times: Float64Array, tags: Int32Array, from: number): void {
    const { days } = this;
    const day = Math.floor(times[from] * days[DAYS_PER_US]);
    if (day < days[NEXT]) {
      this.layNow(times, tags, from);
      return;
    }
    if (day < days[EDGE]) {
      this.layOnPage((day >>> 0) & (PAGES - 1), times, tags, from);
    } else if (day < days[REACH]) {
      this.shelved++;
      this.layOnShelf(((day / DAYS_OF_YEAR) >>> 0) & (this.years - 1), times, tags, from);
    } else {
      this.far++;
      this.layOnShelf(this.years, times, tags, from);
    }
    if (++this.waiting > this.waitingMax) this.layAnew();
  }

  private layNow(times: Float64Array, tags: Int32Array, from: number): void {
    if (this.end - this.at >= RUN_MAX || this.late.size > 0) this.late.take(times, tags, from);
    else this.sortIn(times, tags, from);
    if (this.days[NEXT] === Infinity && this.end - this.at > FEW) this.layAnew();
  }

  /** Sorts an event into the run, behind its equals. */
  private sortIn(times: Float64Array, tags: Int32Array, from: number): void {
    if (this.end === this.runTimes.length) this.makeRoom();
    const { at, runTimes, runTags } = this;
    const time = times[from];
    const kind = tags[2 * from] & KINDS;
    let place = this.end++;
    while (
      place > at &&
      (runTimes[place - 1] > time || (runTimes[place - 1] === time && (runTags[2 * place - 2] & KINDS) > kind))
    ) {
      runTimes[place] = runTimes[place - 1];
      runTags[2 * place] = runTags[2 * place - 2];
      runTags[2 * place + 1] = runTags[2 * place - 1];
      place--;
    }
    runTimes[place] = time;
    runTags[2 * place] = tags[2 * from];
    runTags[2 * place + 1] = tags[2 * from + 1];
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

  private layOnPage(page: number, times: Float64Array, tags: Int32Array, from: number): void {
    const { counts, pageTimes, pageTags } = this;
    const count = counts[page];
    if (count === PAGE) {
      this.spill.take(times, tags, from);
      return;
    }
    const place = PAGE * page + count;
    counts[page] = count + 1;
    pageTimes[place] = times[from];
    pageTags[2 * place] = tags[2 * from];
    pageTags[2 * place + 1] = tags[2 * from + 1];
  }

  private layOnShelf(shelf: number, times: Float64Array, tags: Int32Array, from: number): void {
    let place = this.tails[shelf];
    if (place % BOX === 0) place = this.newBox(shelf, place);
    this.tails[shelf] = place + 1;
    const { boxTimes, boxTags } = this;
    boxTimes[place] = times[from];
    boxTags[2 * place] = tags[2 * from];
    boxTags[2 * place + 1] = tags[2 * from + 1];
  }

  /** Gives a shelf, whose last box ends before `place` or which has none, another box; returns its first place. */
  private newBox(shelf: number, place: number): number {
    if (this.freeBox === NONE) this.makeBoxes();
    const box = this.freeBox;
    this.freeBox = this.links[box];
    this.links[box] = NONE;
    if (place === 0) this.heads[shelf] = box;
    else this.links[place / BOX - 1] = box;
    return BOX * box;
  }

  /** Where the events of a box end, of a shelf that ends at `end`. */
  private endOf(box: number, end: number): number {
    return this.links[box] === NONE ? end : BOX * (box + 1);
  }

  /** Frees a box; returns the one that follows it on its shelf. */
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

  /** Sorts the next days that have events into the run, which is used up; some event is not in it. */
  private turn(): void {
    const { days } = this;
    if (this.daysSeen + this.eventsSeen > this.size + FEW && !this.isFitting()) this.layAnew();
    while (this.at === this.end) {
      if (this.waiting === this.far) {
        this.layAnew();
        continue;
      }
      if (this.waiting === this.far + this.shelved) days[NEXT] = days[EDGE] - DAYS_OF_YEAR;
      if (days[NEXT] === days[EDGE] - DAYS_OF_YEAR) this.turnYear();
      this.turnDays();
    }
  }

  private turnDays(): void {
    const { days, counts, pageTimes, pageTags, spill } = this;
    this.at = 0;
    this.end = 0;
    const firstPage = (days[NEXT] >>> 0) & (PAGES - 1);
    for (let page = firstPage; page < firstPage + DAYS_AT_ONCE; page++) {
      const to = PAGE * page + counts[page];
      counts[page] = 0;
      for (let from = PAGE * page; from < to; from++) this.sortIn(pageTimes, pageTags, from);
    }
    days[NEXT] += DAYS_AT_ONCE;
    // What was spilled was pushed after what lay on the pages.
    while (spill.size > 0 && Math.floor(spill.times[0] * days[DAYS_PER_US]) < days[NEXT]) {
      spill.give(this.inTimes, this.inTags, 0);
      this.sortIn(this.inTimes, this.inTags, 0);
    }
    this.waiting -= this.end;
    this.daysSeen += DAYS_AT_ONCE;
    this.eventsSeen += this.end;
  }

  /** Begins the year whose first day is next: the year after it is laid onto the pages of the one before. */
  private turnYear(): void {
    const { days, years } = this;
    const shelf = ((days[EDGE] / DAYS_OF_YEAR) >>> 0) & (years - 1);
    days[EDGE] += DAYS_OF_YEAR;
    this.daysSeen++;
    if (this.heads[shelf] !== NONE) this.clear(shelf);
    if (days[REACH] - days[EDGE] >= (years / 2) * DAYS_OF_YEAR) return;
    days[REACH] = days[EDGE] + (years - 1) * DAYS_OF_YEAR;
    this.daysSeen += this.far;
    if (this.far > 0) this.clear(years);
  }

  /** Lays what is on a shelf where it belongs now. */
  private clear(shelf: number): void {
    const end = this.tails[shelf];
    this.tails[shelf] = 0;
    let box = this.heads[shelf];
    this.heads[shelf] = NONE;
    while (box !== NONE) {
      const to = this.endOf(box, end);
      for (let place = BOX * box; place < to; place++) {
        this.waiting--;
        if (shelf === this.years) this.far--;
        else this.shelved--;
        this.lay(this.boxTimes, this.boxTags, place);
      }
      box = this.freed(box);
    }
  }

  /** Looks at the tuning: whether a day has about as many events as it should. */
  private isFitting(): boolean {
    const eventsOfDay = this.eventsSeen / this.daysSeen;
    this.daysSeen = 0;
    this.eventsSeen = 0;
    return eventsOfDay >= EVENTS_OF_DAY_MIN && eventsOfDay <= EVENTS_OF_DAY_MAX;
  }

  /** Cuts time into other days and lays all events anew; few are all put into the run. */
  private layAnew(): void {
    const { size, days } = this;
    const { times, tags } = this.gathered();
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
    for (let i = 0; i < size; i++) this.lay(times, tags, i);
  }

  /** Takes all events out: those of equal time in the order in which they were pushed. */
  private gathered(): { times: Float64Array; tags: Int32Array } {
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

/** How many days a microsecond should have, at most 1, judged by those of `times` that come first. */
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
