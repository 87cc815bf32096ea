/**
 * A queue: numbers that wait, in the order in which they came.
 *
 * Each number gets a ticket when it is added. Who leaves before his turn is removed by the ticket, and a ticket of
 * somebody who is gone removes nobody: so the event "patience is over" need not be cancelled. The numbers are often
 * the times at which customers came, from which their waits follow.
 *
 * Cost: O(1) to add and to take; to remove a ticket, a binary search. A queue that is full doubles; nothing else is
 * allocated. Tickets of a server are used up after 2^31 - 1 additions, which throws.
 * Closed form: the mean wait is the same for both disciplines; its second moment is 1 / (1 - rho) times as large when
 * the last comer is served first (M/G/1; Takacs 1963).
 */
export type Discipline = "first-come" | "last-come";

/** Places of a queue in the beginning: a power of two. */
const PLACES = 16;
const TICKETS_MAX = 2147483647;
/** Leaves the tickets in their order, and makes one that nobody has. */
const GONE = 0.5;

export class Queue {
  /** How many wait. */
  readonly lengths: Int32Array;
  private readonly isLastCome: boolean;
  /** By server, a ring as long as a power of two: a number, then its ticket, and GONE more when it was removed. */
  private readonly rings: Float64Array[];
  private readonly heads: Int32Array;
  /** Places from the head on, those of the removed included. */
  private readonly spans: Int32Array;
  private readonly tickets: Int32Array;

  /** @param count servers: a queue each */
  constructor(count: number, discipline: Discipline = "first-come") {
    this.lengths = new Int32Array(count);
    this.isLastCome = discipline === "last-come";
    this.rings = Array.from({ length: count }, () => new Float64Array(2 * PLACES));
    this.heads = new Int32Array(count);
    this.spans = new Int32Array(count);
    this.tickets = new Int32Array(count);
  }

  /** Adds a number and returns its ticket: whole, >= 0, ascending. */
  push(server: number, value: number): number {
    const place = this.addPlace(server);
    const ring = this.rings[server];
    ring[place] = value;
    return ring[place + 1];
  }

  /** Takes out the number whose turn it is. The queue is not empty. */
  shift(server: number): number {
    return this.rings[server][this.takePlace(server)];
  }

  /** Removes the number of the ticket and returns it; NaN when it no longer waits. */
  remove(server: number, ticket: number): number {
    const place = this.findPlace(server, ticket);
    if (place < 0) return NaN;
    this.rings[server][place + 1] += GONE;
    this.lengths[server]--;
    return this.rings[server][place];
  }

  /** The sum of the numbers that wait. */
  sum(server: number): number {
    const ring = this.rings[server];
    let sum = 0;
    for (let i = 0; i < this.spans[server]; i++) {
      const place = this.placeOf(server, i);
      if (Number.isInteger(ring[place + 1])) sum += ring[place];
    }
    return sum;
  }

  /** Removes all. */
  clear(server: number): void {
    this.spans[server] = 0;
    this.lengths[server] = 0;
  }

  // A time that a function returns, or is given, becomes an object where V8 does not inline the call. So these return
  // places, and what handles the numbers is small.

  /** A place at the end, with its ticket. */
  private addPlace(server: number): number {
    let ring = this.rings[server];
    if (2 * this.spans[server] === ring.length) ring = this.double(server);
    const ticket = this.tickets[server]++;
    if (ticket === TICKETS_MAX) throw new RangeError(`server ${server} has no tickets left for its queue`);
    const place = (2 * (this.heads[server] + this.spans[server])) & (ring.length - 1);
    ring[place + 1] = ticket;
    this.spans[server]++;
    this.lengths[server]++;
    return place;
  }

  /** Where the number lies whose turn it is, which is taken out. */
  private takePlace(server: number): number {
    const ring = this.rings[server];
    let place: number;
    do {
      place = this.heads[server];
      this.spans[server]--;
      if (this.isLastCome) place += this.spans[server];
      else this.heads[server] = (place + 1) & (ring.length / 2 - 1);
      place = (2 * place) & (ring.length - 1);
    } while (ring[place + 1] % 1 === GONE);
    this.lengths[server]--;
    return place;
  }

  /** Where the number of the ticket lies; -1 when it no longer waits. */
  private findPlace(server: number, ticket: number): number {
    const ring = this.rings[server];
    let [low, high] = [0, this.spans[server]];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ring[this.placeOf(server, middle) + 1] < ticket) low = middle + 1;
      else high = middle;
    }
    const place = this.placeOf(server, low);
    return low < this.spans[server] && ring[place + 1] === ticket ? place : -1;
  }

  /** Where the i-th from the head lies. */
  private placeOf(server: number, i: number): number {
    return (2 * (this.heads[server] + i)) & (this.rings[server].length - 1);
  }

  private double(server: number): Float64Array {
    const ring = this.rings[server];
    const head = 2 * this.heads[server];
    const larger = new Float64Array(2 * ring.length);
    larger.set(ring.subarray(head), 0);
    larger.set(ring.subarray(0, head), ring.length - head);
    this.heads[server] = 0;
    this.rings[server] = larger;
    return larger;
  }
}
