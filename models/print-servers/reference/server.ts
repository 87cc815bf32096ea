/**
 * The context of an event handler: the state that it changes, the time, and the scheduler. Sections 1 and 2 of
 * docs/model.md: scheduling, and the lock.
 */
import type { Draft } from "immer";
import type { Duration, Time } from "../../../sim/event-list.ts";
import type { Decisions } from "../../barrier.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import type { Draws } from "./draws.ts";
import type { Durations } from "./durations.ts";
import type { Scheduled } from "./events.ts";
import type { EventTime, ServerState } from "./state.ts";

export interface Server {
  readonly values: PrintServersValues;
  readonly us: Durations;
  readonly draws: Draws;
  /** The fleet's decisions about the server at its barriers, if the fleet is coordinated. */
  readonly decisions: Decisions | undefined;
  /** The time of the event [us]. */
  now: Time;
  /** The state, as a draft that the event changes. */
  state: Draft<ServerState>;
  /** The state before the event. */
  before: ServerState;
  /** @param time a whole microsecond, now or later @throws Error if it is not */
  schedule(time: Time, event: Scheduled): void;
}

/** Waits for the spooler's lock, then holds it. */
export function acquire(server: Server, hold: Duration): { start: Time; end: Time } {
  const { state } = server;
  const start = Math.max(server.now, state.lockFreeAt);
  state.lockFreeAt = start + hold;
  state.counts.lockRequests++;
  state.counts.lockWaitUs += start - server.now;
  return { start, end: start + hold };
}

/** Records the first time of an event. */
export function first(server: Server, name: EventTime): void {
  server.state.eventTimes[name] ??= server.now;
}
