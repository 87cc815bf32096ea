/** An instance of a model: the system that simulates a slice of the fleet. */
import type { System } from "../../sim/simulation.ts";
import type { Law, Stream } from "../../sim/streams.ts";
import type { Time } from "../../sim/event-list.ts";
import type { FleetController } from "../barrier.ts";

/** The servers first, first + 1, ..., first + count - 1 of a fleet. */
export interface Slice {
  readonly first: number;
  readonly count: number;
}

/** Opens the slice's streams of a purpose. Opening a purpose twice throws, because it would repeat the numbers. */
export type OpenStreams = (purpose: string, law?: Law) => Stream;

/** One number per server of the slice, in server order. */
export type Column = Float64Array | Int32Array | Uint32Array;

export interface Instance extends System {
  /** One column per response of the model, in the same order. */
  readonly columns: readonly Column[];
  /** Brings the columns up to `now`. Every event before `now` has been handled. */
  observe(now: Time): void;
  /** Throws an error with the server and the numbers if an invariant of the model does not hold. */
  check(): void;
  /** Decides at the barriers of a coordinated fleet. Such an instance simulates the whole fleet. */
  readonly controller?: FleetController | undefined;
}
