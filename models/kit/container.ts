/**
 * A container: an amount of something, from which some is taken and to which some is put: connections of a pool,
 * megabytes, stock.
 *
 * Who cannot get all that he asks for gets nothing; whether he waits, in a queue, is up to the model.
 *
 * Cost: O(1); allocates nothing.
 * Closed form: full, emptied one by one in a Poisson stream and never filled, it is empty after an Erlang time of mean
 * capacity / rate.
 */
export class Container {
  readonly level: Float64Array;
  readonly capacity: number;

  /** @param count servers: a container each @param capacity >= 0 @param first the level in the beginning */
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
