/**
 * The generator MRG32k3a, with its streams and substreams. No experiment draws from it; it serves to reproduce
 * published trajectories, and its numbers are exact in a double.
 *
 * Two linear recurrences of order three, modulo m1 and m2; stream n starts 2^127 steps after stream n - 1, and a
 * substream 2^76 steps after the one before.
 *
 * Source: L'Ecuyer, "Good parameters and implementations for combined multiple recursive random number generators",
 * Operations Research 47 (1999), 159-164; L'Ecuyer, Simard, Chen and Kelton, Operations Research 50 (2002), 1073-1075.
 */
import { mapEach } from "../lists.ts";

const M1 = 4294967087;
const M2 = 4294944443;
const NORM = 2.328306549295727688e-10;

/** The step of each recurrence as a matrix on its last three numbers, the oldest first. */
const STEP1: Matrix = [
  [0n, 1n, 0n],
  [0n, 0n, 1n],
  [-810728n, 1403580n, 0n],
];
const STEP2: Matrix = [
  [0n, 1n, 0n],
  [0n, 0n, 1n],
  [-1370589n, 0n, 527612n],
];

const STREAM_LOG2 = 127;
const SUBSTREAM_LOG2 = 76;

type Triple<T> = readonly [T, T, T];
type Matrix = Triple<Triple<bigint>>;

/** Three numbers of each recurrence, the oldest first. */
export type Seed = readonly [...Triple<number>, ...Triple<number>];

export const DEFAULT_SEED: Seed = [12345, 12345, 12345, 12345, 12345, 12345];

export class Mrg32k3a {
  private readonly start: Seed;
  private substream: Seed;
  private state: Seed;

  constructor(seed: Seed = DEFAULT_SEED) {
    this.start = seed;
    this.substream = seed;
    this.state = seed;
  }

  /** The next number, in (0, 1). */
  draw(): number {
    const [s10, s11, s12, s20, s21, s22] = this.state;
    const p1 = modulo(1403580 * s11 - 810728 * s10, M1);
    const p2 = modulo(527612 * s22 - 1370589 * s20, M2);
    this.state = [s11, s12, p1, s21, s22, p2];
    return (p1 > p2 ? p1 - p2 : p1 - p2 + M1) * NORM;
  }

  /** The state: what the next number is made of. */
  get seed(): Seed {
    return this.state;
  }

  resetStream(): void {
    this.substream = this.start;
    this.resetSubstream();
  }

  resetSubstream(): void {
    this.state = this.substream;
  }

  nextSubstream(): void {
    this.substream = jumped(this.substream, SUBSTREAM_LOG2);
    this.resetSubstream();
  }
}

/** The seed of the stream after the one that begins with this seed. */
export function nextStream(seed: Seed): Seed {
  return jumped(seed, STREAM_LOG2);
}

/** The state 2^log2 steps later. */
function jumped(seed: Seed, log2: number): Seed {
  const [s10, s11, s12, s20, s21, s22] = seed;
  return [
    ...product(power(STEP1, log2, BigInt(M1)), [s10, s11, s12], BigInt(M1)),
    ...product(power(STEP2, log2, BigInt(M2)), [s20, s21, s22], BigInt(M2)),
  ];
}

const powers = new Map<string, Matrix>();

/** The matrix to the power 2^log2: squared so often, and remembered. */
function power(matrix: Matrix, log2: number, m: bigint): Matrix {
  const key = `${m} ${log2}`;
  let square = powers.get(key) ?? matrix;
  if (square !== matrix) return square;
  for (let i = 0; i < log2; i++) {
    const [a, b, c] = square;
    square = mapEach(square, ([x, y, z]) => mapEach([0, 1, 2], (j) => residue(x * a[j] + y * b[j] + z * c[j], m)));
  }
  powers.set(key, square);
  return square;
}

function product(matrix: Matrix, vector: Triple<number>, m: bigint): Triple<number> {
  const [x, y, z] = mapEach(vector, BigInt);
  return mapEach(matrix, ([a, b, c]) => Number(residue(a * x + b * y + c * z, m)));
}

function residue(x: bigint, m: bigint): bigint {
  return ((x % m) + m) % m;
}

/** x mod m in [0, m); |x| is below 2^53. */
function modulo(x: number, m: number): number {
  const rest = x - Math.floor(x / m) * m;
  // The quotient may be rounded up where x is a multiple, or nearly.
  return rest < 0 ? rest + m : rest >= m ? rest - m : rest;
}
