/**
 * The prices that a model declares, with the changes of the user, so that one number compares policies. The amounts are
 * assumptions unless the user sets them.
 */
import type { Price as DeclaredPrice } from "../../models/contract/operations.ts";
import { oneOf } from "../experiment/settings.ts";
import { badArgument } from "../user-error.ts";
import { itemAt } from "../lists.ts";

/** The largest allowed price. */
export const PRICE_MAX = 1e9;

export interface Price {
  readonly name: string;
  /** The price of one unit. */
  readonly amount: number;
  /**
   * The response that is paid for, and how much of it is one unit; for an event time, the servers that had the event.
   */
  readonly response: string;
  readonly size: number;
  readonly meaning: string;
}

/**
 * The declared prices with changes, given as name=amount.
 *
 * @param listed amounts from a list; the changes override them
 * @throws UserError
 */
export function pricesOf(
  declared: readonly DeclaredPrice[],
  args: readonly string[],
  listed: ReadonlyMap<string, number> = new Map(),
): Price[] {
  const names = declared.map(({ name }) => name);
  const changed = new Map<string, number>();
  for (const one of args) {
    const [name = "", amount = "", ...rest] = one.split("=");
    const refusal = (rule: string) => badArgument("price", one, rule);
    if (rest.length > 0 || amount.trim() === "") throw refusal(`a price is written as name=amount`);
    if (!names.includes(name)) {
      throw refusal(`${name || "an empty name"} is not a price; ${oneOf(name, names)}`);
    }
    if (changed.has(name)) throw refusal(`${name} is given twice`);
    const value = Number(amount);
    if (!(value >= 0 && value <= PRICE_MAX)) throw refusal(`a price is a number in [0, ${PRICE_MAX}], not ${amount}`);
    changed.set(name, value);
  }
  return declared.map(({ name, default: amount, response, size = 1, meaning }) => {
    return { name, amount: changed.get(name) ?? listed.get(name) ?? amount, response, size, meaning };
  });
}

/** The price at which another policy becomes the cheapest. */
export interface BreakEven {
  readonly price: string;
  /** Above this price if it is higher than the present one, below it if it is lower. */
  readonly at: number;
  readonly isAbove: boolean;
  /** The index of the other policy. */
  readonly policy: number;
}

/** Prices that are higher or lower by more than this factor are not considered. */
const TIMES_MAX = 20;

/**
 * The prices, each changed alone, at which policy `best` is no longer the cheapest: the nearest above and the nearest
 * below the present price, within a plausible range. Costs are linear in each price, so this is exact for the means.
 *
 * @param quantities by policy: the amount of each price's response
 */
export function breakEvens(
  prices: readonly Price[],
  quantities: readonly (readonly number[])[],
  best: number,
): BreakEven[] {
  const costs = quantities.map((row) => row.reduce((sum, quantity, k) => sum + itemAt(prices, k).amount * quantity, 0));
  return prices.flatMap(({ name, amount }, k) => {
    const crossings = quantities.flatMap((row, policy) => {
      const slope = itemAt(itemAt(quantities, best), k) - itemAt(row, k);
      const at = amount + (itemAt(costs, policy) - itemAt(costs, best)) / slope;
      const isAny = at >= amount / TIMES_MAX && at <= amount * TIMES_MAX;
      // A policy that costs as much becomes the cheapest at once, in the direction in which its costs grow less.
      const isAbove = at === amount ? slope > 0 : at > amount;
      const isPrice = isAbove || at > 0;
      return policy === best || slope === 0 || !isAny || !isPrice ? [] : [{ price: name, at, isAbove, policy, slope }];
    });
    const above = crossings.filter(({ isAbove }) => isAbove).sort((a, b) => a.at - b.at || b.slope - a.slope);
    const below = crossings.filter(({ isAbove }) => !isAbove).sort((a, b) => b.at - a.at || a.slope - b.slope);
    return [...below.slice(0, 1), ...above.slice(0, 1)].map(({ slope: _, ...crossing }) => crossing);
  });
}
