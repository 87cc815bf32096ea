/**
 * Small programs whose output others have printed, written again on the kernel. They draw from the generators of the
 * originals, in the same order, so the numbers must agree to the last printed digit.
 *
 * Sources: the M/M/1 queue and the inventory of Law (Simulation Modeling and Analysis, sections 1.4 and 1.5), the bank
 * of SimPy's examples, whose customers renege (bank_renege.py and its output), and the queue of Ciw's guide to seeds.
 */
import { log } from "../../sim/math.ts";
import { Simulation, type Schedule, type System } from "../../sim/simulation.ts";
import { itemAt } from "../lists.ts";
import { MersenneTwister } from "./mersenne-twister.ts";

/** Microseconds per unit of time, so that rounding to whole microseconds does not show in the printed digits. */
const UNIT_US = 1e9;

/** Schedules the event of the single subject after so many units of time. */
function afterUnits(schedule: Schedule, units: number, kind: number): void {
  schedule.after(Math.round(units * UNIT_US), kind, 0, 0);
}

/** Now, in units of time. */
const unitsNow = (schedule: Schedule) => schedule.now / UNIT_US;

/** Law's generator, stream 1: Z = 630360016 Z mod (2^31 - 1); Marse and Roberts (1983). */
class LawGenerator {
  private state = 1973272912n;

  /** Uniform in (0, 1): the upper 24 bits, the last of which is always 1. */
  draw(): number {
    this.state = (630360016n * this.state) % 2147483647n;
    return ((Number(this.state) >> 7) | 1) / 16777216;
  }

  exponential(mean: number): number {
    return -mean * log(this.draw());
  }
}

export interface LawQueue {
  readonly meanDelay: number;
  readonly meanQueueLength: number;
  readonly utilization: number;
  readonly endTime: number;
}

/** An M/M/1 queue with mean gap 1 and mean service 0.5, until 1,000 customers have begun their service [minutes]. */
export function lawQueue(): LawQueue {
  const [ARRIVAL, DEPARTURE] = [0, 1];
  const generator = new LawGenerator();
  const arrivals: number[] = [];
  let [isBusy, delayed, delays, queueArea, busyArea, last] = [false, 0, 0, 0, 0, 0];
  const begin = (schedule: Schedule, arrived: number) => {
    delays += unitsNow(schedule) - arrived;
    delayed++;
    afterUnits(schedule, generator.exponential(0.5), DEPARTURE);
  };
  const system: System = {
    start: (schedule) => afterUnits(schedule, generator.exponential(1), ARRIVAL),
    handle(kind, _subject, _object, schedule) {
      const now = unitsNow(schedule);
      queueArea += arrivals.length * (now - last);
      if (isBusy) busyArea += now - last;
      last = now;
      if (kind === ARRIVAL) {
        afterUnits(schedule, generator.exponential(1), ARRIVAL);
        if (isBusy) arrivals.push(now);
        else {
          isBusy = true;
          begin(schedule, now);
        }
      } else {
        const next = arrivals.shift();
        if (next === undefined) isBusy = false;
        else begin(schedule, next);
      }
    },
  };
  const simulation = new Simulation(system);
  while (delayed < 1000) simulation.step(Infinity);
  return {
    meanDelay: delays / delayed,
    meanQueueLength: queueArea / last,
    utilization: busyArea / last,
    endTime: last,
  };
}

/** Costs per month of ordering, holding and shortage. */
export interface InventoryCost {
  readonly ordering: number;
  readonly holding: number;
  readonly shortage: number;
  readonly total: number;
}

/** Law's nine policies (s, S): below s, order up to S. They share one stream of numbers. */
export function lawInventory(): InventoryCost[] {
  const generator = new LawGenerator();
  const policies = [20, 40, 60].flatMap((low) =>
    [40, 60, 80, 100].filter((high) => high > low).map((high) => [low, high]),
  );
  return policies.map(([low, high]) => inventoryCost(generator, low as number, high as number));
}

const MONTHS = 120;
/** The probability of a demand of at most 1, 2, 3 and 4. */
const DEMAND_AT_MOST = [0.167, 0.5, 0.833, 1];

function inventoryCost(generator: LawGenerator, low: number, high: number): InventoryCost {
  const [DELIVERY, DEMAND, REVIEW] = [0, 1, 2];
  let [level, ordered, ordering, holdingArea, shortageArea, last] = [60, 0, 0, 0, 0, 0];
  const demand = (schedule: Schedule) => afterUnits(schedule, generator.exponential(0.1), DEMAND);
  const system: System = {
    start(schedule) {
      demand(schedule);
      afterUnits(schedule, 0, REVIEW);
    },
    handle(kind, _subject, _object, schedule) {
      const now = unitsNow(schedule);
      holdingArea += Math.max(0, level) * (now - last);
      shortageArea += Math.max(0, -level) * (now - last);
      last = now;
      if (kind === DELIVERY) level += ordered;
      else if (kind === DEMAND) {
        const u = generator.draw();
        level -= 1 + DEMAND_AT_MOST.findIndex((atMost) => u < atMost);
        demand(schedule);
      } else {
        if (level < low) {
          ordered = high - level;
          ordering += 32 + 3 * ordered;
          afterUnits(schedule, 0.5 + 0.5 * generator.draw(), DELIVERY);
        }
        afterUnits(schedule, 1, REVIEW);
      }
    },
  };
  new Simulation(system).run(MONTHS * UNIT_US);
  holdingArea += Math.max(0, level) * (MONTHS - last);
  shortageArea += Math.max(0, -level) * (MONTHS - last);
  const [order, holding, shortage] = [ordering / MONTHS, holdingArea / MONTHS, (5 * shortageArea) / MONTHS];
  return { ordering: order, holding, shortage, total: order + holding + shortage };
}

/** The M/M/1 queue of Ciw's guide to seeds: the mean wait of customers whose service ended within 20 units of time. */
export function ciwMeanWait(seed: number): number {
  const [ARRIVAL, DEPARTURE] = [0, 1];
  // More microseconds per unit of time, because the source prints more digits.
  const unitUs = 1e14;
  const random = new MersenneTwister(seed);
  const exponentialUs = (rate: number) => Math.round((-log(1 - random.draw()) / rate) * unitUs);
  const present: number[] = [];
  let [waits, wait, served] = [0, 0, 0];
  const begin = (schedule: Schedule) => {
    wait = schedule.now - itemAt(present, 0);
    schedule.after(exponentialUs(10), DEPARTURE, 0, 0);
  };
  const system: System = {
    start: (schedule) => schedule.after(exponentialUs(5), ARRIVAL, 0, 0),
    handle(kind, _subject, _object, schedule) {
      if (kind === ARRIVAL) {
        if (present.push(schedule.now) === 1) begin(schedule);
        schedule.after(exponentialUs(5), ARRIVAL, 0, 0);
      } else {
        waits += wait;
        served++;
        present.shift();
        if (present.length > 0) begin(schedule);
      }
    },
  };
  new Simulation(system).run(20 * unitUs);
  return waits / served / unitUs;
}

/** The events of the bank in order: when, to whom, and what. */
export interface BankEvent {
  readonly time: number;
  readonly customer: number;
  readonly what: "arrives" | "is served" | "reneges" | "leaves";
}

/** SimPy's bank: one counter and five customers, who wait at most 1 to 3 minutes. */
export function simPyBank(): BankEvent[] {
  const [ARRIVAL, LEAVING, PATIENCE] = [0, 1, 2];
  const random = new MersenneTwister(42);
  const exponential = (mean: number) => -mean * log(1 - random.draw());
  const events: BankEvent[] = [];
  const waiting: number[] = [];
  let [present, arrived] = [-1, 0];
  const tell = (schedule: Schedule, customer: number, what: BankEvent["what"]) => {
    events.push({ time: unitsNow(schedule), customer, what });
  };
  const serve = (schedule: Schedule, customer: number) => {
    present = customer;
    tell(schedule, customer, "is served");
    schedule.after(Math.round(exponential(12) * UNIT_US), LEAVING, 0, customer);
  };
  const system: System = {
    start: (schedule) => schedule.after(0, ARRIVAL, 0, 0),
    handle(kind, _subject, customer, schedule) {
      if (kind === ARRIVAL) {
        // The source draws the next gap before the customer draws the patience, also after the last customer.
        const gap = exponential(10);
        if (++arrived < 5) schedule.after(Math.round(gap * UNIT_US), ARRIVAL, 0, arrived);
        tell(schedule, customer, "arrives");
        const patience = 1 + 2 * random.draw();
        if (present < 0) serve(schedule, customer);
        else {
          waiting.push(customer);
          schedule.after(Math.round(patience * UNIT_US), PATIENCE, 0, customer);
        }
      } else if (kind === LEAVING) {
        tell(schedule, customer, "leaves");
        present = -1;
        const next = waiting.shift();
        if (next !== undefined) serve(schedule, next);
      } else if (waiting.includes(customer)) {
        waiting.splice(waiting.indexOf(customer), 1);
        tell(schedule, customer, "reneges");
      }
    },
  };
  new Simulation(system).run(1000 * UNIT_US);
  return events;
}
