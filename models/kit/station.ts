/**
 * A station: parallel service channels and their waiting customers.
 *
 * Customers belong to classes, of which 0 is the best. Within a class, the discipline of the queue decides. A customer
 * who finds the waiting room full is lost; a waiting customer whose patience ends reneges. At a preemptive station, a
 * customer of a better class interrupts one of the worst class in service, whose service later resumes before other
 * customers of its class are served. An interrupted customer waits, without patience, even if the room is full.
 *
 * The model passes the events on: `depart` for the kind of the service timer, `renege` for that of the patience timer.
 * The departure of an interrupted service, and the patience of a customer who no longer waits, have no effect.
 *
 * Cost: O(1); at a preemptive station O(capacity). It allocates only when a queue doubles.
 * Closed form: Erlang's delay and loss formulas; Cobham's mean waits of classes, and those of preemptive classes; the
 * share of customers who renege in Erlang-A.
 */
import type { Time } from "../../sim/event-list.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { Queue, TICKETS_MAX, type Discipline } from "./queue.ts";
import { Timer } from "./timer.ts";

export interface StationOptions {
  readonly service: Timer;
  /** The number of channels: whole, >= 1 [default: 1]. */
  readonly capacity?: number;
  /** The size of the waiting room [default: unlimited]. */
  readonly room?: number;
  /** The time that a customer waits before reneging [default: unlimited]. */
  readonly patience?: Timer;
  /** The number of customer classes: whole, >= 1 [default: 1]. */
  readonly classes?: number;
  readonly discipline?: Discipline;
  readonly preemptive?: boolean;
}

/** Five columns of one class; the station's columns of the same names count all classes. */
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
  /** Waits before the service began, each counted when it began [us]. */
  readonly waitUs: Float64Array;
  /** The waits and interruptions of all customers, including those in progress; up to date after `observe` [us]. */
  readonly waitingUs: Float64Array;
  /** Times from arrival to departure, each counted at the departure [us]. */
  readonly sojournUs: Float64Array;
  /** Some of the columns by class, if there are several classes. */
  readonly byClass: readonly ClassColumns[];
  /** How many customers are in service, how many wait, and how many channels are available. */
  readonly busy: Int32Array;
  readonly waiting: Int32Array;
  readonly capacity: Int32Array;
  /** Waits that ended in reneging, and interruptions that are over [us]. */
  private readonly renegedUs: Float64Array;
  private readonly interruptedUs: Float64Array;
  private readonly service: Timer;
  private readonly patience: Timer | undefined;
  private readonly room: number;
  private readonly preemptive: boolean;
  private readonly classes: number;
  /** Channels per server. */
  private readonly width: number;
  /** For each server, its channels; those in use come first. */
  private readonly channels: Int32Array;
  /**
   * For each channel: the arrival of its customer, the end of service (Infinity if the channel is free), and the class.
   */
  private readonly cameUs: Float64Array;
  private readonly endsUs: Float64Array;
  private readonly classOf: Int32Array;
  /** For each class: the arrival times of waiting customers. */
  private readonly queues: readonly Queue[];
  /** For each class, of interrupted customers: when they arrived and were interrupted, and their remaining service. */
  private readonly interruptedCameUs: readonly Queue[];
  private readonly interruptedAtUs: readonly Queue[];
  private readonly remainingUs: readonly Queue[];

  /** @param count the number of servers of the slice, with one station each */
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
    if (!(patience === undefined || patience instanceof Timer)) {
      throw new Error(`the patience of a station is ${patience}; it is a timer`);
    }
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
    this.interruptedUs = column();
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
    this.interruptedAtUs = preemptive ? queues("last-come") : [];
    this.remainingUs = preemptive ? queues("last-come") : [];
  }

  /** A customer arrives, and is served, waits, interrupts another customer, or is lost. */
  arrive(server: number, schedule: Schedule, ofClass = 0): void {
    this.arrived[server]++;
    if (this.classes > 1) this.byClass[ofClass].arrived[server]++;
    if (this.busy[server] < this.capacity[server] || (this.preemptive && this.interrupt(server, schedule, ofClass))) {
      const channel = this.occupyChannel(server, ofClass);
      this.cameUs[channel] = schedule.now;
      this.begin(server, channel, schedule);
    } else if (this.waiting[server] < this.room) {
      const ticket = this.queues[ofClass].push(server, schedule.now);
      this.delayed[server]++;
      this.waiting[server]++;
      if (this.patience !== undefined) this.patience.start(server, schedule, this.classes * ticket + ofClass);
    } else this.lost[server]++;
  }

  /**
   * A service ends, and the channel takes the next waiting customer. @param channel the object of the service's event
   */
  depart(server: number, schedule: Schedule, channel: number): void {
    const at = server * this.width + channel;
    if (this.preemptive && this.endsUs[at] !== schedule.now) return;
    this.served[server]++;
    this.sojournUs[server] += schedule.now - this.cameUs[at];
    if (this.classes > 1) {
      const ofClass = this.byClass[this.classOf[at]];
      ofClass.served[server]++;
      ofClass.sojournUs[server] += schedule.now - this.cameUs[at];
    }
    this.releaseChannel(server, at);
    if (this.waiting[server] > 0 && this.busy[server] < this.capacity[server]) this.callNext(server, schedule);
  }

  /**
   * A customer's patience ends. Returns true if the customer was still waiting.
   * @param ticket the object of the patience's event
   */
  renege(server: number, schedule: Schedule, ticket: number): boolean {
    const ofClass = ticket % this.classes;
    const came = this.queues[ofClass].remove(server, (ticket - ofClass) / this.classes);
    if (came !== came) return false;
    this.waiting[server]--;
    this.reneged[server]++;
    this.renegedUs[server] += schedule.now - came;
    return true;
  }

  /**
   * Changes the number of available channels: whole, 0 to the original capacity. If there are fewer channels than
   * customers in service, those customers stay until their service ends.
   */
  resize(server: number, schedule: Schedule, capacity: number): void {
    if (!(Number.isInteger(capacity) && capacity >= 0 && capacity <= this.width)) {
      throw new RangeError(`the capacity becomes ${capacity}; it is whole, 0 to ${this.width}`);
    }
    this.capacity[server] = capacity;
    while (this.waiting[server] > 0 && this.busy[server] < capacity) this.callNext(server, schedule);
  }

  /** Updates `waitingUs` to now. */
  observe(now: Time): void {
    for (let server = 0; server < this.waiting.length; server++) {
      let waiting = this.waitUs[server] + this.renegedUs[server] + this.interruptedUs[server];
      for (const queue of this.queues) waiting += queue.lengths[server] * now - queue.sum(server);
      for (const queue of this.interruptedAtUs) waiting += queue.lengths[server] * now - queue.sum(server);
      this.waitingUs[server] = waiting;
    }
  }

  /** @throws Error if the counts of customers do not add up */
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
  private begin(server: number, channel: number, schedule: Schedule): void {
    this.started[server]++;
    this.waitUs[server] += schedule.now - this.cameUs[channel];
    if (this.classes > 1) {
      const ofClass = this.byClass[this.classOf[channel]];
      ofClass.started[server]++;
      ofClass.waitUs[server] += schedule.now - this.cameUs[channel];
    }
    const serviceUs = this.service.delayUs(server);
    if (this.preemptive) this.endsUs[channel] = schedule.now + serviceUs;
    schedule.after(serviceUs, this.service.kind, server, channel - server * this.width);
  }

  /** Calls the next waiting customer: from the best class; within a class, interrupted customers first. */
  private callNext(server: number, schedule: Schedule): void {
    let ofClass = 0;
    while (ofClass < this.classes - 1 && this.waitingOf(server, ofClass) === 0) ofClass++;
    this.waiting[server]--;
    const channel = this.occupyChannel(server, ofClass);
    if (this.preemptive && this.remainingUs[ofClass].lengths[server] > 0) {
      this.cameUs[channel] = this.interruptedCameUs[ofClass].shift(server);
      this.interruptedUs[server] += schedule.now - this.interruptedAtUs[ofClass].shift(server);
      const remainingUs = this.remainingUs[ofClass].shift(server);
      this.endsUs[channel] = schedule.now + remainingUs;
      schedule.after(remainingUs, this.service.kind, server, channel - server * this.width);
    } else {
      this.cameUs[channel] = this.queues[ofClass].shift(server);
      this.begin(server, channel, schedule);
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

  /**
   * Interrupts the service of the worst class, if it is worse than this class; among several, the service that ends
   * last.
   */
  private interrupt(server: number, schedule: Schedule, ofClass: number): boolean {
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
    this.interruptedAtUs[this.classOf[worst]].push(server, schedule.now);
    this.remainingUs[this.classOf[worst]].push(server, this.endsUs[worst] - schedule.now);
    this.waiting[server]++;
    this.interrupted[server]++;
    this.releaseChannel(server, worst);
    return true;
  }
}
