/**
 * A station: parallel service channels, and the customers who wait for one.
 *
 * Customers belong to classes, 0 first. Within a class the discipline of the queue decides. A customer who finds the
 * waiting room full is lost; one whose patience ends while he waits reneges. At a preemptive station a customer of a
 * better class interrupts one of the worst class in service, who later goes on where he was stopped, before others of
 * his class.
 *
 * The model hands over the events: `depart` for the kind of the service's timer, `renege` for that of the patience's.
 * A departure that was interrupted, and the patience of somebody who no longer waits, come to nothing.
 *
 * Cost: O(1), and at a preemptive station O(capacity). It allocates nothing but when a queue doubles.
 * Closed form: Erlang's delay and loss formulas; Cobham's mean waits of classes, and those of preemptive classes; the
 * share that reneges of Erlang-A.
 */
import type { Time } from "../../sim/event-list.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { Queue, TICKETS_MAX, type Discipline } from "./queue.ts";
import { Timer } from "./timer.ts";

export interface StationOptions {
  readonly service: Timer;
  /** How many are served at a time: whole, >= 1 [default: 1]. */
  readonly capacity?: number;
  /** How many may wait [default: any number]. */
  readonly room?: number;
  /** How long a customer waits before he reneges [default: for ever]. */
  readonly patience?: Timer;
  /** Classes of customers: whole, >= 1 [default: 1]. */
  readonly classes?: number;
  readonly discipline?: Discipline;
  readonly preemptive?: boolean;
}

/** The counts of one class, like the columns of the station, which count all classes. */
export interface ClassColumns {
  readonly arrived: Float64Array;
  readonly started: Float64Array;
  readonly served: Float64Array;
  readonly waitUs: Float64Array;
  readonly sojournUs: Float64Array;
}

export class Station {
  readonly arrived: Float64Array;
  /** Customers who had to wait. */
  readonly delayed: Float64Array;
  /** Customers who found the waiting room full. */
  readonly lost: Float64Array;
  readonly reneged: Float64Array;
  /** Customers whose service began. */
  readonly started: Float64Array;
  readonly interrupted: Float64Array;
  readonly served: Float64Array;
  /** Waits, each counted when the service began [us]. */
  readonly waitUs: Float64Array;
  /** Waits of all, those in progress included; up to date after `observe` [us]. */
  readonly waitingUs: Float64Array;
  /** Times from arrival to departure, each counted at the departure [us]. */
  readonly sojournUs: Float64Array;
  /** By class, where there are several. */
  readonly byClass: readonly ClassColumns[];
  /** How many are being served, how many wait, and how many can be served at a time. */
  readonly busy: Int32Array;
  readonly waiting: Int32Array;
  readonly capacity: Int32Array;
  private readonly renegedUs: Float64Array;
  private readonly service: Timer;
  private readonly patience: Timer | undefined;
  private readonly room: number;
  private readonly preemptive: boolean;
  private readonly classes: number;
  /** Channels of a server. */
  private readonly width: number;
  /** By server, its channels: those in use come first. */
  private readonly channels: Int32Array;
  /** By channel: when its customer came, when his service ends (Infinity when the channel is free), and his class. */
  private readonly cameUs: Float64Array;
  private readonly endsUs: Float64Array;
  private readonly classOf: Int32Array;
  /** By class: when those who wait came. */
  private readonly queues: readonly Queue[];
  /** By class: when those who were interrupted came, and how much service they still need. */
  private readonly interruptedCameUs: readonly Queue[];
  private readonly remainingUs: readonly Queue[];

  /** @param count servers of the slice: a station each */
  constructor(count: number, options: StationOptions) {
    const {
      service,
      capacity = 1,
      room = Infinity,
      patience,
      classes = 1,
      discipline,
      preemptive = false,
      ...others
    } = options;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      const known = "service, capacity, room, patience, classes, discipline, preemptive";
      throw new Error(`a station has no option "${unknown}"; it has ${known}`);
    }
    if (!(service instanceof Timer)) throw new Error(`the service of a station is ${service}; it is a timer`);
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`the capacity of a station is ${capacity}; it is whole and >= 1`);
    }
    if (!(Number.isInteger(classes) && classes >= 1)) {
      throw new RangeError(`a station has ${classes} classes; it has a whole number >= 1`);
    }
    if (!(room >= 0)) throw new RangeError(`the waiting room of a station holds ${room} customers; it holds >= 0`);
    const column = () => new Float64Array(count);
    const queues = (order = discipline) =>
      Array.from({ length: classes }, () => new Queue(count, order, Math.floor(TICKETS_MAX / classes)));
    this.arrived = column();
    this.delayed = column();
    this.lost = column();
    this.reneged = column();
    this.started = column();
    this.interrupted = column();
    this.served = column();
    this.waitUs = column();
    this.waitingUs = column();
    this.sojournUs = column();
    this.renegedUs = column();
    this.byClass = Array.from({ length: classes > 1 ? classes : 0 }, () => ({
      arrived: column(),
      started: column(),
      served: column(),
      waitUs: column(),
      sojournUs: column(),
    }));
    this.busy = new Int32Array(count);
    this.waiting = new Int32Array(count);
    this.capacity = new Int32Array(count).fill(capacity);
    this.service = service;
    this.patience = patience;
    this.room = room;
    this.preemptive = preemptive;
    this.classes = classes;
    this.width = capacity;
    this.channels = Int32Array.from({ length: count * capacity }, (_, i) => i % capacity);
    this.cameUs = new Float64Array(count * capacity);
    this.endsUs = new Float64Array(count * capacity).fill(Infinity);
    this.classOf = new Int32Array(count * capacity);
    this.queues = queues();
    this.interruptedCameUs = preemptive ? queues("last-come") : [];
    this.remainingUs = preemptive ? queues("last-come") : [];
  }

  /** A customer arrives: he is served, waits, interrupts another, or is lost. */
  arrive(server: number, clock: Schedule, ofClass = 0): void {
    this.arrived[server]++;
    if (this.classes > 1) this.byClass[ofClass].arrived[server]++;
    if (this.busy[server] < this.capacity[server] || (this.preemptive && this.interrupt(server, clock, ofClass))) {
      const channel = this.occupyChannel(server, ofClass);
      this.cameUs[channel] = clock.now;
      this.begin(server, channel, clock);
    } else if (this.waiting[server] < this.room) {
      const ticket = this.queues[ofClass].push(server, clock.now);
      this.delayed[server]++;
      this.waiting[server]++;
      if (this.patience !== undefined) this.patience.start(server, clock, this.classes * ticket + ofClass);
    } else this.lost[server]++;
  }

  /**
   * A service ends, and the channel takes the next waiting customer. @param channel the object of the service's event
   */
  depart(server: number, clock: Schedule, channel: number): void {
    const at = server * this.width + channel;
    if (this.preemptive && this.endsUs[at] !== clock.now) return;
    this.served[server]++;
    this.sojournUs[server] += clock.now - this.cameUs[at];
    if (this.classes > 1) {
      const ofClass = this.byClass[this.classOf[at]];
      ofClass.served[server]++;
      ofClass.sojournUs[server] += clock.now - this.cameUs[at];
    }
    this.releaseChannel(server, at);
    if (this.waiting[server] > 0 && this.busy[server] < this.capacity[server]) this.callNext(server, clock);
  }

  /**
   * A customer's patience ends. Returns true if he was still waiting. @param ticket the object of the patience's event
   */
  renege(server: number, clock: Schedule, ticket: number): boolean {
    const ofClass = ticket % this.classes;
    const came = this.queues[ofClass].remove(server, (ticket - ofClass) / this.classes);
    if (came !== came) return false;
    this.waiting[server]--;
    this.reneged[server]++;
    this.renegedUs[server] += clock.now - came;
    return true;
  }

  /**
   * Changes how many are served at a time: whole, 0 to the original capacity. If there are fewer channels than
   * customers in service, those stay until their service ends.
   */
  resize(server: number, clock: Schedule, capacity: number): void {
    if (!(Number.isInteger(capacity) && capacity >= 0 && capacity <= this.width)) {
      throw new RangeError(`the capacity becomes ${capacity}; it is whole, 0 to ${this.width}`);
    }
    this.capacity[server] = capacity;
    while (this.waiting[server] > 0 && this.busy[server] < capacity) this.callNext(server, clock);
  }

  /** Brings `waitingUs` up to now. */
  observe(now: Time): void {
    for (let server = 0; server < this.waiting.length; server++) {
      let waiting = this.waitUs[server] + this.renegedUs[server];
      for (const queue of this.queues) waiting += queue.lengths[server] * now - queue.sum(server);
      this.waitingUs[server] = waiting;
    }
  }

  /** Throws when a customer was lost or invented. */
  check(): void {
    for (let server = 0; server < this.waiting.length; server++) {
      const present = this.arrived[server] - this.lost[server] - this.reneged[server] - this.served[server];
      if (present !== this.busy[server] + this.waiting[server]) {
        throw new Error(
          `arrived - lost - reneged - served is ${present} but ${this.busy[server]} are served and ` +
            `${this.waiting[server]} wait at server ${server}`,
        );
      }
    }
  }

  /** The service of a new customer begins. */
  private begin(server: number, channel: number, clock: Schedule): void {
    this.started[server]++;
    this.waitUs[server] += clock.now - this.cameUs[channel];
    if (this.classes > 1) {
      const ofClass = this.byClass[this.classOf[channel]];
      ofClass.started[server]++;
      ofClass.waitUs[server] += clock.now - this.cameUs[channel];
    }
    const serviceUs = this.service.delayUs(server);
    if (this.preemptive) this.endsUs[channel] = clock.now + serviceUs;
    clock.after(serviceUs, this.service.kind, server, channel - server * this.width);
  }

  /** Calls the next waiting customer: of the best class; within it, interrupted ones first. */
  private callNext(server: number, clock: Schedule): void {
    let ofClass = 0;
    while (ofClass < this.classes - 1 && this.waitingOf(server, ofClass) === 0) ofClass++;
    this.waiting[server]--;
    const channel = this.occupyChannel(server, ofClass);
    if (this.preemptive && this.remainingUs[ofClass].lengths[server] > 0) {
      this.cameUs[channel] = this.interruptedCameUs[ofClass].shift(server);
      const remainingUs = this.remainingUs[ofClass].shift(server);
      this.endsUs[channel] = clock.now + remainingUs;
      clock.after(remainingUs, this.service.kind, server, channel - server * this.width);
    } else {
      this.cameUs[channel] = this.queues[ofClass].shift(server);
      this.begin(server, channel, clock);
    }
  }

  private waitingOf(server: number, ofClass: number): number {
    const interrupted = this.preemptive ? this.remainingUs[ofClass].lengths[server] : 0;
    return this.queues[ofClass].lengths[server] + interrupted;
  }

  private occupyChannel(server: number, ofClass: number): number {
    const from = server * this.width;
    const channel = this.width > 1 ? from + this.channels[from + this.busy[server]] : from;
    this.busy[server]++;
    if (this.classes > 1) this.classOf[channel] = ofClass;
    return channel;
  }

  private releaseChannel(server: number, channel: number): void {
    const from = server * this.width;
    if (this.preemptive) this.endsUs[channel] = Infinity;
    this.busy[server]--;
    if (this.width > 1) this.channels[from + this.busy[server]] = channel - from;
  }

  /** Stops the service of the worst class, if there is one worse than this; of several, the one that ends last. */
  private interrupt(server: number, clock: Schedule, ofClass: number): boolean {
    const from = server * this.width;
    let worst = -1;
    for (let channel = from; channel < from + this.width; channel++) {
      if (this.endsUs[channel] === Infinity || this.classOf[channel] <= ofClass) continue;
      const isWorse = worst < 0 || this.classOf[channel] > this.classOf[worst];
      const isLater =
        worst >= 0 && this.classOf[channel] === this.classOf[worst] && this.endsUs[channel] > this.endsUs[worst];
      if (isWorse || isLater) worst = channel;
    }
    if (worst < 0) return false;
    this.interruptedCameUs[this.classOf[worst]].push(server, this.cameUs[worst]);
    this.remainingUs[this.classOf[worst]].push(server, this.endsUs[worst] - clock.now);
    this.waiting[server]++;
    this.interrupted[server]++;
    this.releaseChannel(server, worst);
    return true;
  }
}
