/**
 * The jobs of a slice, and the queues of its printers.
 *
 * A job has a slot from its submission until it is gone and no event refers to it any more; every scheduled event about
 * a job holds a reference. Only a parked job to which nothing more happens before its process ends has no slot: it is a
 * record on a tape (sim/tape.ts), because there may be hundreds of thousands. The queue of a printer is a linked list
 * of slots, by priority (high first), then by number (low first). All data are in columns; a slice that needs more
 * slots doubles them.
 */
import type { Time } from "../../sim/event-list.ts";
import type { Clock } from "../../sim/simulation.ts";
import { grown } from "../../sim/grown.ts";
import { Tape } from "../../sim/tape.ts";
import { ALTER_POSITION, LEAVES_IT, NO_EPISODE, PATIENCE_US, REALS_OF_JOB, type Marks } from "./workload.ts";

export const GONE = 0;
export const SPOOLING = 1;
export const WAITING = 2;
export const PRINTING = 3;
export const FINISHING = 4;
export const PARKED = 5;

/** No job, no instance. */
export const NONE = -1;

/** The index of a real mark of a job in `reals`. */
export function realAt(job: number, mark: number): number {
  return REALS_OF_JOB * job + mark;
}

/** A record of a parked job: its number, its head, and its first real marks. */
const NUMBER = 0;
const HEAD = 1;
const MARKS = 2;

/** The head has its printer, times this, and in 16 bits its priority (7), episode (3), data type (2) and fate (4). */
const PRINTER_OF_HEAD = 65536;

/** The marks of alterations, which come last, are recorded only if the job has an episode. */
function marksOfRecord(episode: number): number {
  return episode === NO_EPISODE ? ALTER_POSITION : PATIENCE_US;
}

export class Jobs {
  /** Jobs that exist [1] - response - one per server. */
  readonly existing: Float64Array;
  /** Of these, parked jobs [1] - response - one per server. */
  readonly parked: Float64Array;
  /** Of these, jobs that starved and are stuck [1] - state - one per server. */
  readonly stuck: Float64Array;
  /** Jobs waiting or parked [1] - state - one per printer of the slice. */
  readonly listed: Int32Array;

  state: Uint8Array;
  server: Int32Array;
  /** The job's number on its server, from 1. */
  number: Float64Array;
  /** The printer, numbered within the slice: server * printers + printer. */
  printer: Int32Array;
  dataType: Uint8Array;
  priority: Int32Array;
  episode: Uint8Array;
  /** The real marks of all jobs (workload.ts): at `realAt(job, mark)`. */
  reals: Float64Array;
  /** What a person does when it is stuck (workload.ts). */
  whenStuck: Uint8Array;
  /** The effects of related bugs on the job, if the fleet has any: bits (related-bugs/draws.ts). */
  fate: Uint8Array;
  paused: Uint8Array;
  deleting: Uint8Array;
  restarting: Uint8Array;
  /** 1 once a restart has taken effect. */
  restarted: Uint8Array;
  /** 1 once it has starved. */
  starved: Uint8Array;
  /** The number of print processors opened for it so far. */
  attempts: Int32Array;
  /** The slot of its open print processor; NONE if there is none. */
  instance: Int32Array;

  // The columns of alterations: two per job, at 2 * job + step.

  /** 1 from SetJob until the command is applied. */
  requested: Uint8Array;
  /** The instance that it is inside; NONE if there is none. */
  within: Int32Array;
  enteredAt: Float64Array;

  /** The time that jobs were stuck, summed up to `stuckSince` [us] - state - one per server; the next likewise. */
  private readonly pastStuckUs: Float64Array;
  /** When the number of stuck jobs last changed [us]. */
  private readonly stuckSince: Float64Array;
  /** The records of parked jobs without a slot. */
  private readonly recorded: Tape;
  private references: Int32Array;
  private next: Int32Array;
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly printers: number;
  private free: Int32Array;
  private freeCount: number;

  /** @param printers the number of printers per server */
  constructor(count: number, printers: number, capacity: number) {
    this.printers = printers;
    this.existing = new Float64Array(count);
    this.parked = new Float64Array(count);
    this.stuck = new Float64Array(count);
    this.pastStuckUs = new Float64Array(count);
    this.stuckSince = new Float64Array(count);
    this.listed = new Int32Array(count * printers);
    this.head = new Int32Array(count * printers).fill(NONE);
    this.tail = new Int32Array(count * printers).fill(NONE);
    this.state = new Uint8Array(capacity);
    this.server = new Int32Array(capacity);
    this.number = new Float64Array(capacity);
    this.printer = new Int32Array(capacity);
    this.dataType = new Uint8Array(capacity);
    this.priority = new Int32Array(capacity);
    this.episode = new Uint8Array(capacity);
    this.reals = new Float64Array(REALS_OF_JOB * capacity);
    this.whenStuck = new Uint8Array(capacity);
    this.fate = new Uint8Array(capacity);
    this.paused = new Uint8Array(capacity);
    this.deleting = new Uint8Array(capacity);
    this.restarting = new Uint8Array(capacity);
    this.restarted = new Uint8Array(capacity);
    this.starved = new Uint8Array(capacity);
    this.attempts = new Int32Array(capacity);
    this.instance = new Int32Array(capacity);
    this.requested = new Uint8Array(2 * capacity);
    this.within = new Int32Array(2 * capacity);
    this.enteredAt = new Float64Array(2 * capacity);
    this.recorded = new Tape();
    this.references = new Int32Array(capacity);
    this.next = new Int32Array(capacity);
    this.free = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.freeCount = capacity;
  }

  /** The number of slots, used and free. */
  get capacity(): number {
    return this.state.length;
  }

  /** Creates a job that is spooling, with the marks that were just drawn; returns its slot. */
  create(server: number, number: number, marks: Marks): number {
    const job = this.takeSlot(server, number);
    this.existing[server]++;
    this.printer[job] = server * this.printers + marks.printer;
    this.dataType[job] = marks.dataType;
    this.priority[job] = marks.priority;
    this.episode[job] = marks.episode;
    this.whenStuck[job] = marks.whenStuck;
    const first = realAt(job, 0);
    for (let mark = 0; mark < REALS_OF_JOB; mark++) this.reals[first + mark] = marks.reals[mark];
    return job;
  }

  /**
   * Submits a stuck job a second time: creates a job that is spooling, with the same marks, and returns its slot. This
   * happens once per job; nobody submits the copy again.
   */
  resubmit(stuck: number, number: number): number {
    const job = this.takeSlot(this.server[stuck], number);
    this.existing[this.server[job]]++;
    this.printer[job] = this.printer[stuck];
    this.dataType[job] = this.dataType[stuck];
    this.priority[job] = this.priority[stuck];
    this.episode[job] = this.episode[stuck];
    this.reals.copyWithin(realAt(job, 0), realAt(stuck, 0), realAt(stuck, REALS_OF_JOB));
    this.fate[job] = this.fate[stuck];
    this.whenStuck[stuck] = LEAVES_IT;
    this.whenStuck[job] = LEAVES_IT;
    return job;
  }

  /** Takes a slot for a job that is spooling. */
  private takeSlot(server: number, number: number): number {
    if (this.freeCount === 0) this.grow();
    const job = this.free[--this.freeCount];
    this.state[job] = SPOOLING;
    this.server[job] = server;
    this.number[job] = number;
    this.paused[job] = 0;
    this.deleting[job] = 0;
    this.restarting[job] = 0;
    this.restarted[job] = 0;
    this.starved[job] = 0;
    this.attempts[job] = 0;
    this.instance[job] = NONE;
    this.references[job] = 0;
    for (let step = 0; step < 2; step++) {
      this.requested[2 * job + step] = 0;
      this.within[2 * job + step] = NONE;
    }
    return job;
  }

  /** Adds a reference: an event about the job has been scheduled. */
  refer(job: number): void {
    this.references[job]++;
  }

  /** Releases a reference: an event about the job has been handled. */
  release(job: number): void {
    if (--this.references[job] === 0 && this.state[job] === GONE) this.free[this.freeCount++] = job;
  }

  /** Puts the job into the queue of its printer. */
  enqueue(job: number): void {
    const printer = this.printer[job];
    this.state[job] = WAITING;
    this.listed[printer]++;
    this.link(job);
  }

  /** The first job of the printer's queue that is not paused; NONE if there is none. */
  firstReady(printer: number): number {
    let job = this.head[printer];
    while (job !== NONE && this.paused[job] === 1) job = this.next[job];
    return job;
  }

  /** Takes a waiting job out of the queue, to be printed. */
  take(job: number): void {
    this.unlink(job);
    this.listed[this.printer[job]]--;
    this.state[job] = PRINTING;
  }

  /** No print processor could be opened for a waiting job: it is stuck until it is removed. */
  starve(job: number, clock: Clock): void {
    if (this.starved[job] === 1) return;
    this.starved[job] = 1;
    this.changeStuck(this.server[job], 1, clock);
  }

  /** The time that jobs of the server have been stuck, summed up to now [us]. */
  stuckUs(server: number, now: Time): number {
    return this.pastStuckUs[server] + this.stuck[server] * (now - this.stuckSince[server]);
  }

  private changeStuck(server: number, by: 1 | -1, { now }: Clock): void {
    this.pastStuckUs[server] = this.stuckUs(server, now);
    this.stuckSince[server] = now;
    this.stuck[server] += by;
  }

  /**
   * A job that starved stays listed and is never picked. Its slot is released if no event refers to it, unless the
   * commands of its episode may have come already, which a record does not say.
   */
  park(job: number): void {
    this.unlink(job);
    this.state[job] = PARKED;
    this.parked[this.server[job]]++;
    const mayBeAltered = this.episode[job] !== NO_EPISODE && this.attempts[job] > 0;
    if (this.references[job] === 0 && !mayBeAltered) this.record(job);
  }

  private record(job: number): void {
    const { recorded, reals } = this;
    const marks = marksOfRecord(this.episode[job]);
    const at = recorded.append(MARKS + marks);
    const { page } = recorded;
    page[at + NUMBER] = this.number[job];
    const bits = (this.priority[job] << 9) | (this.episode[job] << 6) | (this.dataType[job] << 4) | this.fate[job];
    page[at + HEAD] = PRINTER_OF_HEAD * this.printer[job] + bits;
    const first = realAt(job, 0);
    for (let mark = 0; mark < marks; mark++) page[at + MARKS + mark] = reals[first + mark];
    this.state[job] = GONE;
    this.free[this.freeCount++] = job;
  }

  /** Gives the recorded jobs of the server slots again; they wait. */
  private recall(server: number): void {
    const { recorded, printers } = this;
    for (const page of recorded.takeAll()) {
      for (let at = 0; at < page.length; ) {
        const printer = Math.floor(page[at + HEAD] / PRINTER_OF_HEAD);
        const bits = page[at + HEAD] % PRINTER_OF_HEAD;
        const episode = (bits >> 6) & 7;
        const record = page.subarray(at, at + MARKS + marksOfRecord(episode));
        at += record.length;
        if (Math.floor(printer / printers) !== server) {
          const kept = recorded.append(record.length);
          recorded.page.set(record, kept);
          continue;
        }
        const job = this.takeSlot(server, record[NUMBER]);
        this.printer[job] = printer;
        this.priority[job] = bits >> 9;
        this.episode[job] = episode;
        this.dataType[job] = (bits >> 4) & 3;
        this.fate[job] = bits & 15;
        this.reals.set(record.subarray(MARKS), realAt(job, 0));
        this.whenStuck[job] = LEAVES_IT;
        this.starved[job] = 1;
        this.state[job] = WAITING;
        this.parked[server]--;
      }
    }
  }

  /** Makes a parked or printing job wait again; the caller then queues the server's jobs. */
  waitAgain(job: number): void {
    if (this.state[job] === PARKED) this.parked[this.server[job]]--;
    else this.listed[this.printer[job]]++;
    this.state[job] = WAITING;
  }

  /**
   * Queues all waiting jobs of the server again, including those without a slot; in one pass, because hundreds of
   * thousands may be parked.
   */
  queue(server: number): void {
    this.recall(server);
    const first = server * this.printers;
    this.head.fill(NONE, first, first + this.printers);
    this.tail.fill(NONE, first, first + this.printers);
    const waiting: number[] = [];
    for (let job = 0; job < this.capacity; job++) {
      if (this.state[job] === WAITING && this.server[job] === server) waiting.push(job);
    }
    waiting.sort((a, b) => (this.before(a, b) ? -1 : 1));
    for (const job of waiting) this.link(job);
  }

  /** Changes the priority of the job, and with it the position of a waiting one. */
  setPriority(job: number, priority: number): void {
    if (this.state[job] === WAITING) {
      this.unlink(job);
      this.priority[job] = priority;
      this.link(job);
    } else {
      this.priority[job] = priority;
    }
  }

  /** Removes the job from wherever it is. */
  remove(job: number, clock: Clock): void {
    const state = this.state[job];
    const server = this.server[job];
    if (this.starved[job] === 1) this.changeStuck(server, -1, clock);
    if (state === WAITING) this.unlink(job);
    if (state === PARKED) this.parked[server]--;
    if (state === WAITING || state === PARKED) this.listed[this.printer[job]]--;
    this.state[job] = GONE;
    this.existing[server]--;
    if (this.references[job] === 0) this.free[this.freeCount++] = job;
  }

  private before(a: number, b: number): boolean {
    const byPriority = this.priority[a] - this.priority[b];
    return byPriority > 0 || (byPriority === 0 && this.number[a] < this.number[b]);
  }

  private link(job: number): void {
    const printer = this.printer[job];
    const tail = this.tail[printer];
    if (tail === NONE || this.before(tail, job)) {
      this.next[job] = NONE;
      this.tail[printer] = job;
      if (tail === NONE) this.head[printer] = job;
      else this.next[tail] = job;
      return;
    }
    let previous = NONE;
    let following = this.head[printer];
    while (this.before(following, job)) {
      previous = following;
      following = this.next[following];
    }
    this.next[job] = following;
    if (previous === NONE) this.head[printer] = job;
    else this.next[previous] = job;
  }

  private unlink(job: number): void {
    const printer = this.printer[job];
    let previous = NONE;
    let at = this.head[printer];
    while (at !== job) {
      previous = at;
      at = this.next[at];
    }
    if (previous === NONE) this.head[printer] = this.next[job];
    else this.next[previous] = this.next[job];
    if (this.tail[printer] === job) this.tail[printer] = previous;
  }

  private grow(): void {
    const from = this.capacity;
    const to = 2 * from;
    this.state = grown(this.state, to);
    this.server = grown(this.server, to);
    this.number = grown(this.number, to);
    this.printer = grown(this.printer, to);
    this.dataType = grown(this.dataType, to);
    this.priority = grown(this.priority, to);
    this.episode = grown(this.episode, to);
    this.reals = grown(this.reals, REALS_OF_JOB * to);
    this.whenStuck = grown(this.whenStuck, to);
    this.fate = grown(this.fate, to);
    this.paused = grown(this.paused, to);
    this.deleting = grown(this.deleting, to);
    this.restarting = grown(this.restarting, to);
    this.restarted = grown(this.restarted, to);
    this.starved = grown(this.starved, to);
    this.attempts = grown(this.attempts, to);
    this.instance = grown(this.instance, to);
    this.requested = grown(this.requested, 2 * to);
    this.within = grown(this.within, 2 * to);
    this.enteredAt = grown(this.enteredAt, 2 * to);
    this.references = grown(this.references, to);
    this.next = grown(this.next, to);
    this.free = grown(this.free, to);
    for (let slot = to - 1; slot >= from; slot--) this.free[this.freeCount++] = slot;
  }
}
