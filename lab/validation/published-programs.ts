/**
 * Two small programs whose output others have published, said again: a queue customer by customer, and an inventory
 * whose two policies are compared. They draw from MRG32k3a, as the originals do, so the numbers must agree digit by
 * digit.
 *
 * Source: SSJ (umontreal-simul/ssj), tutorial programs QueueObs and InventoryCRN and their outputs.
 */
import { log1p } from "../../sim/math.ts";
import { variance } from "../../statistics/estimate.ts";
import { poissonAtMost } from "../../statistics/erlang.ts";
import { Mrg32k3a, nextStream, DEFAULT_SEED } from "./mrg32k3a.ts";

/** Waits of the customers of an M/M/1 queue, from 1: lambda 1, mu 2, several runs on one pair of streams. */
export function waitsOfQueue(runs: number, customers: number): number[][] {
  const [arrivals, services] = twoStreams();
  return Array.from({ length: runs }, () => {
    let wait = 0;
    return Array.from({ length: customers }, (_, i) => {
      // Lindley: the first finds nobody; a service is drawn before the gap.
      if (i > 0) wait = Math.max(0, wait + (-log1p(-services.draw()) / 2 - -log1p(-arrivals.draw())));
      return wait;
    });
  });
}

/**
 * Differences of the mean profit a day of two policies that order up to 198 or up to 200 when fewer than 80 are left.
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

/** What common random numbers bought: how many times the variance of the difference was without them. */
export function varianceRatioOf({ independent, common }: InventoryDifferences): number {
  return variance(independent) / variance(common);
}

/**
 * Demands are Poisson of mean 100 a day; what cannot be sold is lost, and an order arrives overnight, or not at all.
 */
class Inventory {
  readonly streams: readonly Mrg32k3a[];
  private readonly demandAtMost: readonly number[];

  constructor() {
    this.streams = twoStreams();
    this.demandAtMost = Array.from({ length: 300 }, (_, k) => poissonAtMost(k, 100));
  }

  /** Profit a day: 2 for each sold, less 0.1 for each kept overnight, less 10 and 1 for each of an order. */
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
      if (this.demandAtMost[middle] < u) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function twoStreams(): [Mrg32k3a, Mrg32k3a] {
  return [new Mrg32k3a(), new Mrg32k3a(nextStream(DEFAULT_SEED))];
}
