/**
 * Two small programs whose output others have printed: a queue customer by customer, which is the kernel's own mm1, and
 * an inventory whose two policies are compared. They draw from MRG32k3a, as the originals do, so the numbers must agree
 * digit by digit.
 *
 * Source: SSJ (umontreal-simul/ssj), tutorial programs QueueObs and InventoryCRN and their outputs.
 */
import { mm1 } from "../../models/queues/mm1.ts";
import { Digest } from "../../sim/digest.ts";
import { exponentialQuantile } from "../../sim/math.ts";
import { Simulation } from "../../sim/simulation.ts";
import type { Stream } from "../../sim/streams.ts";
import { poissonAtMost } from "../../statistics/erlang.ts";
import { Mrg32k3a, nextStream, DEFAULT_SEED } from "./mrg32k3a.ts";
import { itemAt } from "../lists.ts";

/** Microseconds per unit of time, so that rounding to whole microseconds does not show in ten decimals. */
const UNIT_US = 1e12;

/** Waits of the customers of an M/M/1 queue, from 1: lambda 1, mu 2, several runs of mm1 on one pair of streams. */
export function waitsOfQueue(runs: number, customers: number): number[][] {
  const [arrivals, services] = twoStreams();
  return Array.from({ length: runs }, () => waitsOfRun(arrivals, services, customers));
}

function waitsOfRun(arrivals: Mrg32k3a, services: Mrg32k3a, customers: number): number[] {
  let [gaps, served] = [0, 0];
  const draws: Readonly<Record<string, () => number>> = {
    // The first customer arrives at time 0, and nobody after the last.
    arrivals: () => {
      gaps++;
      if (gaps === 1) return 0;
      return gaps <= customers ? exponentialQuantile(arrivals.draw()) : customers;
    },
    // Nobody waits for the service of the last customer.
    services: () => (++served < customers ? exponentialQuantile(services.draw()) : 0),
  };
  const values = {
    arrivalsPerSecond: 1e6 / UNIT_US,
    servicesPerSecond: 2e6 / UNIT_US,
    serviceLaw: "exponential",
  } as const;
  const queue = mm1.create(
    values,
    { first: 0, count: 1 },
    (purpose) => ({ draw: draws[purpose] }) as unknown as Stream,
  );
  const column = (name: string) =>
    itemAt(
      queue.columns,
      mm1.responses.findIndex((response) => response.name === name),
    );
  const [started, waitUs] = [column("customersStarted"), column("waitUs")];
  const simulation = new Simulation(queue, new Digest(0, 1));
  const waits: number[] = [];
  let before = 0;
  while (waits.length < customers) {
    simulation.step(Infinity);
    if (itemAt(started, 0) === waits.length) continue;
    const after = itemAt(waitUs, 0);
    waits.push((after - before) / UNIT_US);
    before = after;
  }
  return waits;
}

/**
 * Differences of the mean profit per day between two policies, which order up to 198 or up to 200 when fewer than 80
 * are left.
 */
export interface InventoryDifferences {
  readonly independent: readonly number[];
  readonly common: readonly number[];
}

export function inventoryDifferences(runs: number, days: number): InventoryDifferences {
  const inventory = new Inventory();
  const [before, after] = [198, 200];
  const independent = Array.from({ length: runs }, () => {
    const profit = inventory.profit(days, before);
    return inventory.profit(days, after) - profit;
  });
  inventory.streams.forEach((stream) => stream.resetStream());
  const common = Array.from({ length: runs }, () => {
    const profit = inventory.profit(days, before);
    inventory.streams.forEach((stream) => stream.resetSubstream());
    const difference = inventory.profit(days, after) - profit;
    inventory.streams.forEach((stream) => stream.nextSubstream());
    return difference;
  });
  return { independent, common };
}

/** Demand is Poisson with mean 100 a day; unmet demand is lost, and an order arrives overnight, or not at all. */
class Inventory {
  readonly streams: readonly [demands: Mrg32k3a, orders: Mrg32k3a];
  private readonly demandAtMost: readonly number[];

  constructor() {
    this.streams = twoStreams();
    this.demandAtMost = Array.from({ length: 300 }, (_, k) => poissonAtMost(k, 100));
  }

  /** Profit per day: 2 for each unit sold, minus 0.1 for each kept overnight, minus 10 + 1 per unit for each order. */
  profit(days: number, orderUpTo: number): number {
    const [demands, orders] = this.streams;
    let stock = orderUpTo;
    let profit = 0;
    for (let day = 0; day < days; day++) {
      const evening = Math.max(0, stock - this.demand(demands.draw()));
      profit += 2 * (stock - evening) - 0.1 * evening;
      stock = evening;
      if (evening < 80 && orders.draw() < 0.95) {
        profit -= 10 + (orderUpTo - evening);
        stock = orderUpTo;
      }
    }
    return profit / days;
  }

  /** The smallest k with P(demand <= k) >= u. */
  private demand(u: number): number {
    let [low, high] = [0, this.demandAtMost.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (itemAt(this.demandAtMost, middle) < u) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function twoStreams(): [Mrg32k3a, Mrg32k3a] {
  return [new Mrg32k3a(), new Mrg32k3a(nextStream(DEFAULT_SEED))];
}
