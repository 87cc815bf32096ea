/**
 * MT19937, seeded as in Python, for targets that Python programs printed. No simulation draws from it.
 *
 * Source: Matsumoto and Nishimura (1998), "Mersenne Twister"; init_by_array and the 53-bit numbers are those of their
 * reference program, which Python's random module uses.
 */
const SIZE = 624;
const SHIFT = 397;

export class MersenneTwister {
  private readonly state = new Uint32Array(SIZE);
  private at = SIZE;

  /** @param seed whole, 0 .. 2^32 - 1: what Python is given as random.seed(seed) */
  constructor(seed: number) {
    const { state } = this;
    this.seed(19650218);
    let i = 1;
    // The key is the seed alone, so its index is always 0.
    for (let k = SIZE; k > 0; k--) {
      state[i] = (at(state, i) ^ Math.imul(mixed(at(state, i - 1)), 1664525)) + seed;
      if (++i === SIZE) [state[0], i] = [at(state, SIZE - 1), 1];
    }
    for (let k = SIZE - 1; k > 0; k--) {
      state[i] = (at(state, i) ^ Math.imul(mixed(at(state, i - 1)), 1566083941)) - i;
      if (++i === SIZE) [state[0], i] = [at(state, SIZE - 1), 1];
    }
    state[0] = 0x80000000;
  }

  /** Uniform in [0, 1), a multiple of 2^-53: Python's random.random(). */
  draw(): number {
    const [high, low] = [this.next() >>> 5, this.next() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  }

  private seed(seed: number): void {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(mixed(at(state, i - 1)), 1812433253) + i;
  }

  /** 32 bits. */
  private next(): number {
    if (this.at === SIZE) this.twist();
    let y = at(this.state, this.at++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const y = (at(state, i) & 0x80000000) | (at(state, (i + 1) % SIZE) & 0x7fffffff);
      state[i] = at(state, (i + SHIFT) % SIZE) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }
}

function at(state: Uint32Array, i: number): number {
  return state[i] as number;
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}
