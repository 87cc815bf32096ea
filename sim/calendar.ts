/**
 * The future event list for many events at once: a two-level calendar.
 *
 * Time is cut into days of 2^d us. The events of today, and of any day before, are in a heap, the front, which alone
 * is popped from. Those of the next days lie in chains, one a day, around a ring; those beyond the ring in one far
 * chain. When the front is empty, the next day that has events is put into it; every half turn of the ring the far
 * chain is gone through for what has come within reach.
 *
 * Order: one for all, that of the heap: every event has its rank from the moment it is pushed, wherever it lies.
 *
 * Cost: push O(1), pop O(1) while a day has a few events. A chained event is a record of half a cache line in a pool
 * that is as large as the events are many: the record that was freed last is taken first. A day is the head of its
 * chain, and no more. Whatever the times (all equal, clumped, spread over many orders of magnitude), a push stays O(1)
 * and a pop is at worst that of a heap. A calendar of few events is its front and nothing else.
 *
 * Tuning: the length of a day is taken from the events that come next, an eighth of all, so that a day has one to
 * two; the ring has two to four days for every event. Both are looked at again when as many events have been popped as
 * there are, or the number of events has doubled; a rebuild moves every event once, so that is O(1) each.
 */
import type { EventList, Kind, Time } from "./event-list.ts";
import { grown } from "./grown.ts";
import { QuaternaryHeap } from "./quaternary-heap.ts";

/** Up to this many events, the front is all there is. */
const FEW = 64;

/** A record in doubles: time, rank, and the halves of two more: subject and object, link and nothing. */
const RECORD = 4;
const SUBJECT = 4;
const OBJECT = 5;
const LINK = 6;

/** The end of a chain. Links are places of records in the pool; the one at 0 is never used, and links to itself. */
const NONE = 0;

const DAYS_OF_EVENT_MIN = 2;

/** Places in `days`, which holds what is no small integer. */
const FRONTIER = 0; // all events before this time are in the front [us]
const DAYS_PER_US = 1; // a power of two, at most 1
const TODAY = 2; // the number of the day that is in the front
const REACH = 3; // the first day that is beyond the ring
const TOUCHED = 4; // the first day whose events were not touched

/** A ring of so many days and its events are more than a second-level cache holds. */
const DAYS_OF_LARGE_RING = 65536;
/** As many days are touched at once, and as many events of each. */
const DAYS_TOUCHED = 16;
const EVENTS_TOUCHED = 3;

/** As many events of those that come next make an estimate. */
const SAMPLE = 512;
const EVENTS_OF_DAY_AIMED_AT = 2;
const EVENTS_OF_DAY_MIN = 0.5;
const EVENTS_OF_DAY_MAX = 6;

/**
 * One order for all subjects, and quick for many pending events.
 *
 * @example
 * const simulation = new Simulation(system, new Digest(0, 10), new Calendar());
 */
export class Calendar implements EventList {
  private readonly front: QuaternaryHeap;
  private readonly days: Float64Array;
  /** Events in the chains of the ring. */
  private near: number;
  /** Events in the far chain, and the first of them. */
  private far: number;
  private farHead: number;
  /** The first event of each day of the ring. */
  private heads: Int32Array;
  /** The number of days of the ring, a power of two, less one. */
  private mask: number;
  /** The records, as doubles and as halves of doubles, and the chain of those that are free. */
  private records: Float64Array;
  private halves: Int32Array;
  private free: number;
  /** Days gone through, and events put into the front, since the tuning was looked at. */
  private daysSeen: number;
  private eventsSeen: number;
  /** Where touched events are noted, or the compiler would leave their loads out. */
  private readonly touched: Int32Array;

  constructor() {
    this.front = new QuaternaryHeap(2 * FEW);
    this.days = Float64Array.of(Infinity, 1, 0, 0, 0);
    this.near = 0;
    this.far = 0;
    this.farHead = NONE;
    this.heads = new Int32Array(0);
    this.mask = -1;
    this.records = new Float64Array(RECORD);
    this.halves = new Int32Array(this.records.buffer);
    this.free = NONE;
    this.daysSeen = 0;
    this.eventsSeen = 0;
    this.touched = new Int32Array(DAYS_TOUCHED);
  }

  get time(): Time {
    return this.front.time;
  }

  get clock(): Float64Array {
    return this.front.clock;
  }

  get kind(): Kind {
    return this.front.kind;
  }

  get subject(): number {
    return this.front.subject;
  }

  get object(): number {
    return this.front.object;
  }

  get size(): number {
    return this.front.size + this.near + this.far;
  }

  get nextTime(): Time {
    while (this.front.size === 0 && this.size > 0) this.nextDay();
    return this.front.nextTime;
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    if (time < this.days[FRONTIER]) {
      this.front.push(time, kind, subject, object);
      if (this.front.size > FEW) this.whenCrowded();
      return;
    }
    const place = this.taken();
    const { records, halves } = this;
    records[place] = time;
    records[place + 1] = this.front.rank(kind);
    halves[2 * place + SUBJECT] = subject;
    halves[2 * place + OBJECT] = object;
    this.chain(place);
  }

  pop(until: Time): boolean {
    while (!this.front.pop(until)) {
      if (this.front.size > 0 || this.days[FRONTIER] >= until || this.near + this.far === 0) return false;
      this.nextDay();
    }
    return true;
  }

  /** Lays the record at `place`, of tomorrow or later, into the chain of its day or into the far one. */
  private chain(place: number): void {
    const { days, halves, heads } = this;
    const day = Math.floor(this.records[place] * days[DAYS_PER_US]);
    if (day >= days[REACH]) {
      this.far++;
      halves[2 * place + LINK] = this.farHead;
      this.farHead = place;
      return;
    }
    this.near++;
    const at = (day >>> 0) & this.mask;
    halves[2 * place + LINK] = heads[at];
    heads[at] = place;
  }

  /** The place of a record that is free no longer. */
  private taken(): number {
    if (this.free === NONE) this.growPool();
    const place = this.free;
    this.free = this.halves[2 * place + LINK];
    return place;
  }

  /** Frees a record; returns the next of its chain. */
  private freed(place: number): number {
    const next = this.halves[2 * place + LINK];
    this.halves[2 * place + LINK] = this.free;
    this.free = place;
    return next;
  }

  /** Puts the next day that has events into the front, which is empty; some event is not in it. */
  private nextDay(): void {
    if (this.daysSeen + this.eventsSeen > this.size + FEW && this.tune()) return;
    const { front, days, mask, heads } = this;
    if (this.near === 0) days[TODAY] = this.firstFarDay() - 1;
    if (this.far === 0) days[REACH] = days[TODAY] + mask + 2;
    else if (this.near === 0 || days[REACH] - days[TODAY] < mask / 2) this.reachOut();
    let day = days[TODAY];
    let at = 0;
    do {
      day++;
      this.daysSeen++;
      at = (day >>> 0) & mask;
    } while (heads[at] === NONE);
    if (mask >= DAYS_OF_LARGE_RING && day >= days[TOUCHED]) this.touch(day);
    days[TODAY] = day;
    days[FRONTIER] = (day + 1) / days[DAYS_PER_US];
    let events = 0;
    for (let place = heads[at]; place !== NONE; place = this.freed(place)) {
      front.take(this.records, this.halves, place);
      events++;
    }
    heads[at] = NONE;
    this.near -= events;
    this.eventsSeen += events;
  }

  /**
   * Reads the first events of `day` and of those after it, for no other reason than that the processor then waits for
   * all of them at once: each of a large ring is somewhere else in memory, and would be waited for by itself.
   */
  private touch(day: number): void {
    const { heads, mask, halves, touched } = this;
    for (let i = 0; i < DAYS_TOUCHED; i++) touched[i] = heads[((day >>> 0) + i) & mask];
    for (let event = 0; event < EVENTS_TOUCHED; event++) {
      for (let i = 0; i < DAYS_TOUCHED; i++) touched[i] = halves[2 * touched[i] + LINK];
    }
    this.days[TOUCHED] = day + DAYS_TOUCHED;
  }

  private firstFarDay(): number {
    let first = Infinity;
    for (let place = this.farHead; place !== NONE; place = this.halves[2 * place + LINK]) {
      first = Math.min(first, this.records[place]);
    }
    return Math.floor(first * this.days[DAYS_PER_US]);
  }

  /** Turns the ring on to today, and lays into it what has come within its reach. */
  private reachOut(): void {
    this.days[REACH] = this.days[TODAY] + this.mask + 2;
    let place = this.farHead;
    this.farHead = NONE;
    this.far = 0;
    while (place !== NONE) {
      const next = this.halves[2 * place + LINK];
      this.chain(place);
      place = next;
    }
  }

  private whenCrowded(): void {
    this.eventsSeen++;
    if (this.mask === -1 || this.eventsSeen > this.size + FEW) this.tune();
  }

  /** Looks at the tuning; true when everything was laid anew. */
  private tune(): boolean {
    const { size, daysSeen, eventsSeen } = this;
    const eventsOfDay = eventsSeen / daysSeen;
    this.daysSeen = 0;
    this.eventsSeen = 0;
    const isFitting = eventsOfDay >= EVENTS_OF_DAY_MIN && eventsOfDay <= EVENTS_OF_DAY_MAX;
    const daysOfEvent = (this.mask + 1) / size;
    if (isFitting && daysOfEvent >= DAYS_OF_EVENT_MIN / 2 && daysOfEvent <= 8 * DAYS_OF_EVENT_MIN) return false;
    this.rebuild();
    return true;
  }

  /** Cuts time into other days and lays all events anew. */
  private rebuild(): void {
    const { size, days } = this;
    let place = this.gathered();
    const { first, sample } = this.sampled(place, Math.ceil(size / SAMPLE));
    let count = FEW;
    while (count < DAYS_OF_EVENT_MIN * size) count *= 2;
    if (count !== this.mask + 1) {
      this.mask = count - 1;
      this.heads = new Int32Array(count);
    }
    days[DAYS_PER_US] = 1 / dayLength(sample, first, size);
    days[TODAY] = Math.floor(first * days[DAYS_PER_US]);
    days[FRONTIER] = (days[TODAY] + 1) / days[DAYS_PER_US];
    days[REACH] = days[TODAY] + count + 1;
    days[TOUCHED] = days[TODAY];
    this.near = 0;
    this.far = 0;
    while (place !== NONE) {
      const next = this.halves[2 * place + LINK];
      if (this.records[place] < days[FRONTIER]) {
        this.front.take(this.records, this.halves, place);
        this.freed(place);
      } else {
        this.chain(place);
      }
      place = next;
    }
  }

  /** Lays all events into one chain; returns its head. */
  private gathered(): number {
    const { front, heads } = this;
    let head = this.farHead;
    this.farHead = NONE;
    for (let at = 0; at < heads.length; at++) {
      for (let place = heads[at]; place !== NONE; ) {
        const next = this.halves[2 * place + LINK];
        this.halves[2 * place + LINK] = head;
        head = place;
        place = next;
      }
      heads[at] = NONE;
    }
    while (front.size > 0) {
      const place = this.taken();
      front.give(this.records, this.halves, place);
      this.halves[2 * place + LINK] = head;
      head = place;
    }
    return head;
  }

  /** Of a chain, the first time, and one time of every `stride`. */
  private sampled(head: number, stride: number): { first: Time; sample: number[] } {
    let first = Infinity;
    const sample: number[] = [];
    let i = 0;
    for (let place = head; place !== NONE; place = this.halves[2 * place + LINK]) {
      const time = this.records[place];
      first = Math.min(first, time);
      if (i % stride === 0) sample.push(time);
      i++;
    }
    return { first, sample };
  }

  private growPool(): void {
    const from = this.records.length;
    const to = RECORD + 2 * Math.max(FEW * RECORD, from - RECORD);
    this.records = grown(this.records, to);
    this.halves = new Int32Array(this.records.buffer);
    for (let place = to - RECORD; place >= from; place -= RECORD) this.freed(place);
  }
}

/**
 * How long a day is to be so that the next days have one to two events each [us], a power of two: judged by an eighth
 * of a sample of all `size` times, those that come first; the first of all times is `first`.
 */
function dayLength(sample: number[], first: Time, size: number): number {
  sample.sort((a, b) => a - b);
  const eighth = Math.ceil(sample.length / 8);
  const eventsPerUs = ((eighth / sample.length) * size) / (sample[eighth] - first);
  let length = 1;
  while (2 * length * eventsPerUs <= EVENTS_OF_DAY_AIMED_AT) length *= 2;
  return length;
}
