/** Random numbers for tests: from a stream of their own, so that every run of a test sees the same. */
import { normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";

/** Uniform numbers in [0, 1). */
export function uniforms(seed: string): () => number {
  const stream = new Stream(seed, "test", 0, 0, 1);
  return () => stream.draw(0);
}

/** Standard normal numbers. */
export function normals(seed: string): () => number {
  const draw = uniforms(seed);
  return () => normalQuantile(draw());
}

export function several(count: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: count }, draw);
}
