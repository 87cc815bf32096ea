/**
 * What the leak and its remedies are worth: prices of what a policy takes, so that policies can be compared by one
 * number. They are nobody's but the asker's; what is here are assumptions, in any currency.
 */
import { suggest } from "../suggest.ts";
import { UserError } from "../user-error.ts";

export interface Price {
  readonly name: string;
  /** Of one of them. */
  readonly amount: number;
  /** The response that is paid for, and how much of it is one; of a moment, the servers on which it came. */
  readonly response: string;
  readonly size: number;
  readonly meaning: string;
}

const HOUR_US = 3600e6;

export const assumedPrices: readonly Price[] = [
  { name: "staffHour", amount: 40, response: "staffUs", size: HOUR_US, meaning: "an hour of those who administer" },
  { name: "downtimeHour", amount: 20, response: "downtimeUs", size: HOUR_US, meaning: "an hour without the service" },
  { name: "unprintedJob", amount: 0.5, response: "jobsUnprinted", size: 1, meaning: "a job that has not printed" },
  {
    name: "stuckJobHour",
    amount: 0.2,
    response: "stuckUs",
    size: HOUR_US,
    meaning: "an hour for which a job is stuck",
  },
  { name: "lostJob", amount: 0.5, response: "jobsLost", size: 1, meaning: "a job that a restart loses" },
  { name: "reprintedJob", amount: 0.1, response: "jobsReprinted", size: 1, meaning: "a job that prints twice" },
  { name: "refusedJob", amount: 0.2, response: "jobsRefused", size: 1, meaning: "a job that has to be sent again" },
  {
    name: "lostPrinters",
    amount: 200,
    response: "printersLostUs",
    size: 1,
    meaning: "a server that loses its printers",
  },
];

/** The prices with some of them changed, said as name=amount. @throws UserError */
export function pricesOf(said: readonly string[]): Price[] {
  const names = assumedPrices.map(({ name }) => name);
  const changed = new Map<string, number>();
  for (const one of said) {
    const [name, amount = "", ...rest] = one.split("=");
    const place = `--price ${one}:`;
    if (rest.length > 0 || amount.trim() === "") throw new UserError(`${place} a price is said as name=amount`);
    if (!names.includes(name)) {
      throw new UserError(`${place} ${name} has no price; one of ${names.join(", ")}${suggest(name, names)}`);
    }
    if (changed.has(name)) throw new UserError(`${place} ${name} is said twice`);
    const value = Number(amount);
    if (!(value >= 0 && value <= 1e9)) throw new UserError(`${place} ${amount} is no price; a number in [0, 1e9]`);
    changed.set(name, value);
  }
  return assumedPrices.map((price) => ({ ...price, amount: changed.get(price.name) ?? price.amount }));
}

/** A price at which another policy becomes the cheapest. */
export interface BreakEven {
  readonly price: string;
  /** Above it when it is dearer than now, below it when it is cheaper. */
  readonly at: number;
  readonly isAbove: boolean;
  /** The place of the other policy. */
  readonly policy: number;
}

/**
 * The prices, each changed by itself, at which the policy in place `best` is no longer the cheapest: the nearest one
 * above the present price and the nearest one below it. Costs are linear in each price, so this is exact for the means.
 * @param quantities of each policy, how much of each price's response it takes
 */
export function breakEvens(
  prices: readonly Price[],
  quantities: readonly (readonly number[])[],
  best: number,
): BreakEven[] {
  const costs = quantities.map((row) => row.reduce((sum, quantity, k) => sum + prices[k].amount * quantity, 0));
  return prices.flatMap(({ name, amount }, k) => {
    const crossings = quantities.flatMap((row, policy) => {
      const slope = quantities[best][k] - row[k];
      const at = amount + (costs[policy] - costs[best]) / slope;
      return policy === best || slope === 0 || at < 0 ? [] : [{ price: name, at, isAbove: at > amount, policy }];
    });
    const above = crossings.filter(({ isAbove }) => isAbove).sort((a, b) => a.at - b.at);
    const below = crossings.filter(({ isAbove }) => !isAbove).sort((a, b) => b.at - a.at);
    return [...below.slice(0, 1), ...above.slice(0, 1)];
  });
}
