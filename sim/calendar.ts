/**
 * The future event list for many events at once: a two-level calendar.
 *
 * Time is cut into days of 2^d us. The events of today, and of any day before, are in a heap, the front, which alone
 * is popped from. Those of the next days lie unsorted in buckets, one a day, around a ring; those beyond the ring in
 * one far list. When the front is empty, the next day that has events is put into it; every half turn of the ring the
 * far list is gone through for what has come within reach.
 *
 * Order: one for all, that of the heap: every event has its rank from the moment it is pushed, wherever it lies.
 *
 * Cost: push O(1), pop O(1) while a day has a few events. A bucket has room for five events; more than that are
 * chained. How many it holds is written elsewhere, close together: a push then waits for no memory, because the bucket
 * is only written to. Whatever the times (all equal, clumped, spread over many orders
 * of magnitude), a push stays O(1) and a pop is at worst that of a heap. A calendar of few events is its front and
 * nothing else.
 *
 * Tuning: the length of a day is taken from the events that come next, an eighth of all, so that a day has one to
 * two; the ring has about as many days as there are events. Both are looked at again when as many events have been
 * popped as there are, or the number of events has doubled; a rebuild moves every event once, so that is O(1) each.
 */
import type { EventList, Kind, Time } from "./event-list.ts";
import { grown } from "./grown.ts";
import { QuaternaryHeap } from "./quaternary-heap.ts";

/** Up to this many events, the front is all there is. */
const FEW = 64;

/** A record in doubles: time, rank, and the halves of one more, subject and object. */
const RECORD = 3;

/** A bucket in doubles: five records. */
const ROOM = 5;
const BUCKET = ROOM * RECORD;

/** The end of a chain. Links are numbers of records in the pool, from 1. */
const NONE = 0;

/** Places in `days`, which holds what is no small integer. */
const FRONTIER = 0; // all events before this time are in the front [us]
const DAYS_PER_US = 1; // a power of two, at most 1
const TODAY = 2; // the number of the day that is in the front
const REACH = 3; // the first day that is beyond the ring

/** As many events of those that come next make an estimate. */
const SAMPLE = 512;
const EVENTS_OF_DAY_AIMED_AT = 2;
const EVENTS_OF_DAY_MIN = 0.5;
const EVENTS_OF_DAY_MAX = 6;

export class Calendar implements EventList {
  private readonly front: QuaternaryHeap;
  private readonly days: Float64Array;
  /** Events in the buckets and their chains. */
  private near: number;
  /** Events in the far list, and the first of them. */
  private far: number;
  private farHead: number;
  /** The buckets, as doubles and as halves of doubles. */
  private ring: Float64Array;
  private ringHalves: Int32Array;
  /** The events in each bucket, and the chain of those for which a full one had no room. */
  private counts: Uint8Array;
  private heads: Int32Array;
  /** The number of buckets, a power of two, less one. */
  private mask: number;
  /** The records that are chained: those of crowded days, and those of the far list. */
  private pool: Float64Array;
  private poolHalves: Int32Array;
  private links: Int32Array;
  private freeHead: number;
  /** The record that is being pushed. */
  private readonly pushed: Float64Array;
  private readonly pushedHalves: Int32Array;
  /** Days gone through, and events put into the front, since the tuning was looked at. */
  private daysSeen: number;
  private eventsSeen: number;

  constructor() {
    this.front = new QuaternaryHeap(2 * FEW);
    this.days = Float64Array.of(Infinity, 1, 0, 0);
    this.near = 0;
    this.far = 0;
    this.farHead = NONE;
    this.ring = new Float64Array(0);
    this.ringHalves = new Int32Array(0);
    this.counts = new Uint8Array(0);
    this.heads = new Int32Array(0);
    this.mask = -1;
    this.pool = new Float64Array(0);
    this.poolHalves = new Int32Array(0);
    this.links = new Int32Array(0);
    this.freeHead = NONE;
    this.pushed = new Float64Array(RECORD);
    this.pushedHalves = new Int32Array(this.pushed.buffer);
    this.daysSeen = 0;
    this.eventsSeen = 0;
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
    const { pushed, pushedHalves } = this;
    pushed[0] = time;
    pushed[1] = this.front.rank(kind);
    pushedHalves[4] = subject;
    pushedHalves[5] = object;
    this.lay(pushed, pushedHalves, 0);
    if (this.front.size > FEW) this.whenCrowded();
  }

  pop(until: Time): boolean {
    while (!this.front.pop(until)) {
      if (this.front.size > 0 || this.days[FRONTIER] >= until || this.near + this.far === 0) return false;
      this.nextDay();
    }
    return true;
  }

  /** Lays a record where it belongs. */
  private lay(doubles: Float64Array, halves: Int32Array, place: number): void {
    const { days } = this;
    const time = doubles[place];
    if (time < days[FRONTIER]) {
      this.front.take(doubles, halves, place);
      return;
    }
    const day = Math.floor(time * days[DAYS_PER_US]);
    if (day >= days[REACH]) {
      this.far++;
      this.farHead = this.chain(this.farHead, doubles, halves, place);
      return;
    }
    this.near++;
    const bucket = (day >>> 0) & this.mask;
    const { ring, ringHalves, counts } = this;
    const count = counts[bucket];
    if (count === ROOM) {
      this.heads[bucket] = this.chain(this.heads[bucket], doubles, halves, place);
      return;
    }
    counts[bucket] = count + 1;
    const target = BUCKET * bucket + RECORD * count;
    ring[target] = time;
    ring[target + 1] = doubles[place + 1];
    ringHalves[2 * target + 4] = halves[2 * place + 4];
    ringHalves[2 * target + 5] = halves[2 * place + 5];
  }

  /** Puts a copy of a record before the chain that begins with `head`; returns the new head. */
  private chain(head: number, doubles: Float64Array, halves: Int32Array, place: number): number {
    if (this.freeHead === NONE) this.growPool();
    const link = this.freeHead;
    const { pool, poolHalves, links } = this;
    this.freeHead = links[link - 1];
    links[link - 1] = head;
    const target = RECORD * (link - 1);
    pool[target] = doubles[place];
    pool[target + 1] = doubles[place + 1];
    poolHalves[2 * target + 4] = halves[2 * place + 4];
    poolHalves[2 * target + 5] = halves[2 * place + 5];
    return link;
  }

  /** Frees a record of the pool; returns the next of its chain. */
  private unchain(link: number): number {
    const next = this.links[link - 1];
    this.links[link - 1] = this.freeHead;
    this.freeHead = link;
    return next;
  }

  /** Puts the next day that has events into the front, which is empty; some event is not in it. */
  private nextDay(): void {
    if (this.daysSeen + this.eventsSeen > this.size + FEW && this.tune()) return;
    const { days, mask } = this;
    if (this.near === 0) days[TODAY] = this.firstFarDay() - 1;
    if (this.far === 0) days[REACH] = days[TODAY] + mask + 2;
    else if (this.near === 0 || days[REACH] - days[TODAY] < mask / 2) this.reachOut();
    const { counts } = this;
    let day = days[TODAY];
    let bucket = 0;
    do {
      day++;
      this.daysSeen++;
      bucket = (day >>> 0) & mask;
    } while (counts[bucket] === 0);
    days[TODAY] = day;
    days[FRONTIER] = (day + 1) / days[DAYS_PER_US];
    const before = this.front.size;
    this.empty(bucket);
    const events = this.front.size - before;
    this.near -= events;
    this.eventsSeen += events;
  }

  /** Lays the events of a bucket, all of today, into the front. */
  private empty(bucket: number): void {
    const { front, ring, ringHalves, counts, heads } = this;
    const end = BUCKET * bucket + RECORD * counts[bucket];
    for (let place = BUCKET * bucket; place < end; place += RECORD) front.take(ring, ringHalves, place);
    if (counts[bucket] === ROOM) {
      for (; heads[bucket] !== NONE; heads[bucket] = this.unchain(heads[bucket])) {
        front.take(this.pool, this.poolHalves, RECORD * (heads[bucket] - 1));
      }
    }
    counts[bucket] = 0;
  }

  private firstFarDay(): number {
    let first = Infinity;
    for (let link = this.farHead; link !== NONE; link = this.links[link - 1]) {
      first = Math.min(first, this.pool[RECORD * (link - 1)]);
    }
    return Math.floor(first * this.days[DAYS_PER_US]);
  }

  /** Turns the ring on to today, and lays into it what has come within its reach. */
  private reachOut(): void {
    const { days } = this;
    days[REACH] = days[TODAY] + this.mask + 2;
    let link = this.farHead;
    this.farHead = NONE;
    this.far = 0;
    while (link !== NONE) {
      const place = RECORD * (link - 1);
      const next = this.links[link - 1];
      if (Math.floor(this.pool[place] * days[DAYS_PER_US]) < days[REACH]) {
        this.lay(this.pool, this.poolHalves, place);
        this.unchain(link);
      } else {
        this.links[link - 1] = this.farHead;
        this.farHead = link;
        this.far++;
      }
      link = next;
    }
  }

  private whenCrowded(): void {
    this.eventsSeen++;
    if (this.mask === -1 || this.eventsSeen > this.size + FEW) this.tune();
  }

  /** Looks at the tuning; true when everything was laid anew. */
  private tune(): boolean {
    const { size, daysSeen, eventsSeen, mask } = this;
    const eventsOfDay = eventsSeen / daysSeen;
    this.daysSeen = 0;
    this.eventsSeen = 0;
    const isFitting = eventsOfDay >= EVENTS_OF_DAY_MIN && eventsOfDay <= EVENTS_OF_DAY_MAX;
    if (isFitting && size <= 2 * mask && size >= mask / 8) return false;
    this.rebuild();
    return true;
  }

  /** Cuts time into other days and lays all events anew. */
  private rebuild(): void {
    const records = this.gather();
    const halves = new Int32Array(records.buffer);
    const { days } = this;
    const size = records.length / RECORD;
    let buckets = FEW;
    while (buckets < size) buckets *= 2;
    if (buckets !== this.mask + 1) {
      this.mask = buckets - 1;
      this.ring = new Float64Array(BUCKET * buckets);
      this.ringHalves = new Int32Array(this.ring.buffer);
      this.counts = new Uint8Array(buckets);
      this.heads = new Int32Array(buckets);
    }
    let first = Infinity;
    for (let place = 0; place < records.length; place += RECORD) first = Math.min(first, records[place]);
    days[DAYS_PER_US] = 1 / dayLength(records, first);
    days[TODAY] = Math.floor(first * days[DAYS_PER_US]);
    days[FRONTIER] = (days[TODAY] + 1) / days[DAYS_PER_US];
    days[REACH] = days[TODAY] + buckets + 1;
    for (let place = 0; place < records.length; place += RECORD) this.lay(records, halves, place);
  }

  /** Takes all records out. */
  private gather(): Float64Array {
    const { front } = this;
    const records = new Float64Array(RECORD * this.size);
    const halves = new Int32Array(records.buffer);
    let place = 0;
    const giveAll = () => {
      for (; front.size > 0; place += RECORD) front.give(records, halves, place);
    };
    giveAll();
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      this.empty(bucket);
      giveAll();
    }
    for (; this.farHead !== NONE; this.farHead = this.unchain(this.farHead)) {
      front.take(this.pool, this.poolHalves, RECORD * (this.farHead - 1));
      giveAll();
    }
    this.near = 0;
    this.far = 0;
    return records;
  }

  private growPool(): void {
    const from = this.links.length;
    const to = Math.max(FEW, 2 * from);
    this.pool = grown(this.pool, RECORD * to);
    this.poolHalves = new Int32Array(this.pool.buffer);
    this.links = grown(this.links, to);
    for (let link = to; link > from; link--) this.unchain(link);
  }
}

/**
 * How long a day is to be so that the next days have one to two events each [us], a power of two: judged by an eighth
 * of a sample of the records, those that come first.
 */
function dayLength(records: Float64Array, first: Time): number {
  const size = records.length / RECORD;
  const stride = Math.ceil(size / SAMPLE);
  const times: number[] = [];
  for (let i = 0; i < size; i += stride) times.push(records[RECORD * i]);
  times.sort((a, b) => a - b);
  const eighth = Math.ceil(times.length / 8);
  const eventsPerUs = ((eighth / times.length) * size) / (times[eighth] - first);
  let length = 1;
  while (2 * length * eventsPerUs <= EVENTS_OF_DAY_AIMED_AT) length *= 2;
  return length;
}
