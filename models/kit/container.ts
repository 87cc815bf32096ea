/**
 * A container: an amount that is taken from and added to, such as connections of a pool, megabytes or stock.
 *
 * A request is granted in full or not at all; whether a refused request waits in a queue is up to the model.
 *
 * Cost: O(1); allocates nothing.
 * Closed form: a full container that loses single units in a Poisson stream and is never refilled is empty after an
 * Erlang time of mean capacity / rate.
 */
export class Container {
  readonly level: Float64Array;
  readonly capacity: number;

  /**
   * @param count the number of servers, with one container each
   * @param capacity >= 0
   * @param first the initial level
   */
  constructor(count: number, capacity: number, first = capacity) {
    if (!(capacity >= 0 && first >= 0 && first <= capacity)) {
      throw new RangeError(`a container of ${capacity} begins with ${first}; it holds 0 to its capacity`);
    }
    this.capacity = capacity;
    this.level = new Float64Array(count).fill(first);
  }

  /** Takes the amount (>= 0). Returns false, and takes nothing, if there is less. */
  take(server: number, amount = 1): boolean {
    if (!(this.level[server] >= amount)) return false;
    this.level[server] -= amount;
    return true;
  }

  /** Puts the amount (>= 0). Returns false, and puts nothing, if it does not fit. */
  put(server: number, amount = 1): boolean {
    if (!(this.level[server] + amount <= this.capacity)) return false;
    this.level[server] += amount;
    return true;
  }
}
