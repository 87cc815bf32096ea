/**
 * A queue of numbers, in the order of arrival.
 *
 * Each number gets a ticket when it is added. The ticket removes the number before its turn, and does nothing once the
 * number has left; so an event that ends a customer's patience need not be cancelled. The numbers are often arrival
 * times, from which waits follow. NaN is not allowed.
 *
 * Cost: O(1) to add and to take; to remove, O(1) first come first served, a binary search last come first served. A
 * full queue doubles; nothing else is allocated. When a server has used up its tickets, the queue throws.
 * Closed form: the mean wait is the same for both disciplines; its second moment is 1 / (1 - rho) times as large when
 * the last arrival is served first (M/G/1; Takacs 1963).
 */
export type Discipline = "first-come" | "last-come";

/** Initial slots of a queue: a power of two. */
const INITIAL_SLOTS = 16;
/** The largest object of an event. */
export const TICKETS_MAX = 2147483647;

export class Queue {
  /** The number of waiting numbers, one per server. */
  readonly lengths: Int32Array;
  private readonly isLastCome: boolean;
  private readonly ticketsMax: number;
  /** For each server, the numbers in a ring whose length is a power of two; NaN replaces a removed number. */
  private readonly rings: Float64Array[];
  /** For each server, the tickets of the numbers, ascending. First come first served, tickets are positions. */
  private readonly tickets: Int32Array[];
  /**
   * The positions of the first number and after the last one; the slot is the position modulo the length of the ring.
   */
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  /** The number of tickets issued, last come first served. */
  private readonly issued: Int32Array;

  /**
   * @param count the number of servers, with one queue each
   * @param ticketsMax the number of tickets per server
   */
  constructor(count: number, discipline: Discipline = "first-come", ticketsMax = TICKETS_MAX) {
    this.lengths = new Int32Array(count);
    this.isLastCome = discipline === "last-come";
    this.ticketsMax = ticketsMax;
    this.rings = Array.from({ length: count }, () => new Float64Array(INITIAL_SLOTS));
    this.tickets = Array.from({ length: this.isLastCome ? count : 0 }, () => new Int32Array(INITIAL_SLOTS));
    this.heads = new Int32Array(count);
    this.tails = new Int32Array(count);
    this.issued = new Int32Array(count);
  }

  /** Adds a number and returns its ticket: whole, >= 0, ascending. */
  push(server: number, value: number): number {
    const position = this.tails[server];
    if (position - this.heads[server] === this.rings[server].length) this.double(server);
    const ring = this.rings[server];
    ring[position & (ring.length - 1)] = value;
    this.tails[server] = position + 1;
    this.lengths[server]++;
    const ticket = this.isLastCome ? this.issueAt(server, position) : position;
    if (ticket === this.ticketsMax) throw new RangeError(`server ${server} has no tickets left for its queue`);
    return ticket;
  }

  /** Removes and returns the next number. The queue is not empty. */
  shift(server: number): number {
    const ring = this.rings[server];
    this.lengths[server]--;
    if (this.isLastCome) return ring[this.takeLast(server)];
    let slot: number;
    do slot = this.heads[server]++ & (ring.length - 1);
    while (ring[slot] !== ring[slot]);
    return ring[slot];
  }

  /** The next number. The queue is not empty. */
  next(server: number): number {
    const ring = this.rings[server];
    const step = this.isLastCome ? -1 : 1;
    let position = this.isLastCome ? this.tails[server] - 1 : this.heads[server];
    while (ring[position & (ring.length - 1)] !== ring[position & (ring.length - 1)]) position += step;
    return ring[position & (ring.length - 1)];
  }

  /** Removes and returns the number with this ticket; NaN if it no longer waits. */
  remove(server: number, ticket: number): number {
    const position = this.isLastCome ? this.positionOf(server, ticket) : ticket;
    if (position < this.heads[server] || position >= this.tails[server]) return NaN;
    const ring = this.rings[server];
    const slot = position & (ring.length - 1);
    const value = ring[slot];
    if (value !== value) return NaN;
    ring[slot] = NaN;
    this.lengths[server]--;
    // Otherwise a queue whose numbers are all removed early would grow without bound.
    if (this.lengths[server] === 0) this.heads[server] = this.tails[server];
    return value;
  }

  /** The sum of all waiting numbers. */
  sum(server: number): number {
    const ring = this.rings[server];
    let sum = 0;
    for (let position = this.heads[server]; position < this.tails[server]; position++) {
      const value = ring[position & (ring.length - 1)];
      if (value === value) sum += value;
    }
    return sum;
  }

  /** Removes all numbers. */
  clear(server: number): void {
    this.heads[server] = this.tails[server];
    this.lengths[server] = 0;
  }

  private issueAt(server: number, position: number): number {
    const tickets = this.tickets[server];
    const ticket = this.issued[server]++;
    tickets[position & (tickets.length - 1)] = ticket;
    return ticket;
  }

  /** The slot of the last number, which is removed. */
  private takeLast(server: number): number {
    const ring = this.rings[server];
    let slot: number;
    do slot = --this.tails[server] & (ring.length - 1);
    while (ring[slot] !== ring[slot]);
    return slot;
  }

  /** The position of a ticket, whether or not it still waits. */
  private positionOf(server: number, ticket: number): number {
    const tickets = this.tickets[server];
    let [low, high] = [this.heads[server], this.tails[server]];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tickets[middle & (tickets.length - 1)] < ticket) low = middle + 1;
      else high = middle;
    }
    return tickets[low & (tickets.length - 1)] === ticket ? low : -1;
  }

  private double(server: number): void {
    this.rings[server] = this.twice(server, this.rings[server], new Float64Array(2 * this.rings[server].length));
    if (this.isLastCome) {
      this.tickets[server] = this.twice(server, this.tickets[server], new Int32Array(2 * this.tickets[server].length));
    }
  }

  private twice<Numbers extends Float64Array | Int32Array>(server: number, ring: Numbers, larger: Numbers): Numbers {
    for (let position = this.heads[server]; position < this.tails[server]; position++) {
      larger[position & (larger.length - 1)] = ring[position & (ring.length - 1)];
    }
    return larger;
  }
}
