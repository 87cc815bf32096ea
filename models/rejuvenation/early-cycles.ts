/**
 * Sums over those cycles of servers that started so early that they must have ended by now.
 *
 * Taking all cycles that have ended would favour short ones, because long ones are still in progress. The number of
 * cycles that started before a given time does not depend on later cycles. So by Wald's identity, ratios of these sums
 * have only the small bias of a ratio estimator, however near the horizon is; if it is too near, nothing counts.
 *
 * Cycles are grouped into epochs as long as the longest cycle: a cycle that started two epochs ago has ended. A longer
 * cycle counts when it ends.
 */
export class EarlyCycles {
  /** The start of each server's current cycle [us]. */
  readonly begunUs: Float64Array;
  /** The quantities of the cycle that ends; an array, so that passing them allocates nothing. */
  readonly amounts: Float64Array;
  private readonly longestUs: number;
  /**
   * For each server and quantity: sums over the ended cycles that began in the epoch of the last one, in the epoch
   * before, and earlier.
   */
  private readonly sums: Float64Array;
  private readonly epochs: Float64Array;

  /**
   * @param quantities the number of quantities to sum
   * @param longestUs an upper bound of the length of a cycle, > 0 [us]
   */
  constructor(servers: number, quantities: number, longestUs: number) {
    this.longestUs = longestUs;
    this.begunUs = new Float64Array(servers);
    this.amounts = new Float64Array(quantities);
    this.sums = new Float64Array(servers * quantities * 3);
    this.epochs = new Float64Array(servers);
  }

  /** Ends the current cycle of a server, with the quantities in `amounts`. */
  end(server: number): void {
    const { amounts, sums, epochs } = this;
    const epoch = Math.floor(this.begunUs[server] / this.longestUs);
    const passed = epoch - epochs[server];
    epochs[server] = epoch;
    for (let quantity = 0; quantity < amounts.length; quantity++) {
      const at = this.indexOf(server, quantity);
      if (passed > 0) {
        sums[at + 2] += sums[at + 1] + (passed === 1 ? 0 : sums[at]);
        sums[at + 1] = passed === 1 ? sums[at] : 0;
        sums[at] = 0;
      }
      sums[at] += amounts[quantity];
    }
  }

  /** The sum of a quantity over the early cycles of a server. */
  total(server: number, quantity: number, now: number): number {
    const ended = Math.floor(now / this.longestUs) - 2;
    const at = this.indexOf(server, quantity);
    const epoch = this.epochs[server];
    return (ended >= epoch ? this.sums[at] : 0) + (ended >= epoch - 1 ? this.sums[at + 1] : 0) + this.sums[at + 2];
  }

  /** The sum of a quantity over all ended cycles of a server. */
  ended(server: number, quantity: number): number {
    const at = this.indexOf(server, quantity);
    return this.sums[at] + this.sums[at + 1] + this.sums[at + 2];
  }

  private indexOf(server: number, quantity: number): number {
    return 3 * (server * this.amounts.length + quantity);
  }
}
