/**
 * The reference: docs/model.md as a second program, for one server, to be read beside that document.
 *
 * It is slow and obvious on purpose. The state is a plain immutable object and each event is one immer recipe, which
 * also lists the event's changes (its patches). The event list is a sorted array. Random numbers come from the package
 * seedrandom. The kernel (kernel.ts) was written from the same document independently, and must agree with the
 * reference on every event. They share only the document, the pinned functions of sim/math.ts and the steps of
 * patching/patch-state.ts, which have tests of their own. The other files of this folder follow the document's
 * sections.
 *
 * Order of events: (time, kind in the order of `kinds`, order of scheduling).
 * Cost: about 0.1 ms per event. Data that grows with the number of parked jobs is copied only when a job parks.
 * Once no alteration is inside an orphan, it is only counted, because no event can affect it any more.
 */
import { enablePatches, Immer, type Draft, type Patch } from "immer";
import type { Time } from "../../../sim/event-list.ts";
import type { Decisions } from "../../barrier.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import type { ResponseName } from "../responses.ts";
import { alter, close, enter, leave, relock } from "./alterations.ts";
import { firstRestart, visitAt } from "./calendar.ts";
import { Draws } from "./draws.ts";
import { durations, HOUR } from "./durations.ts";
import {
  inOrder,
  stale,
  type Effect,
  type Event,
  type HandledEvent,
  type Scheduled,
  type ThreadKind,
} from "./events.ts";
import { done, open, scheduleSubmission, spooled, stuck, submit } from "./jobs.ts";
import { complain, patch, poll, relapse, restore } from "./maintenance.ts";
import { firstPatchState, fixedByPatch } from "./patches.ts";
import { wake } from "./printing.ts";
import { disconnect, retry } from "./related-bugs.ts";
import { responses } from "./responses.ts";
import { start, started, stop, stopped } from "./restarts.ts";
import { first, type Server } from "./server.ts";
import { initialState, type ServerState } from "./state.ts";

enablePatches();
/** A private immer without freezing, which would visit every parked job each time another one parks. */
const immer = new Immer({ autoFreeze: false });

export class Reference {
  private readonly server: Server;
  /** The event list, sorted. */
  private readonly events: Event[];
  private eventsScheduled: number;

  /** @param decisions the fleet's decisions about the server at its barriers, if the fleet is coordinated */
  constructor(values: PrintServersValues, seed: string, number: number, replication: number, decisions?: Decisions) {
    const us = durations(values);
    const draws = new Draws(values, us, seed, number, replication);
    const state = initialState(values.printers, firstPatchState(values, draws));
    this.events = [];
    this.eventsScheduled = 0;
    const schedule = (time: Time, event: Scheduled) => this.schedule(time, event);
    this.server = { values, us, draws, decisions, now: 0, state: state as Draft<ServerState>, before: state, schedule };
    scheduleSubmission(this.server);
    if (values.Q223791 !== "absent") schedule(draws.untilOutage(), { kind: "DISCONNECT" });
    if (us.restartEvery > 0) schedule(firstRestart(values), { kind: "STOP", object: 0 });
    if (values.restartGauge !== "none") schedule(us.poll, { kind: "POLL" });
    if (fixedByPatch(this.server)) first(this.server, "fixedUs");
    for (const { time, visit } of decisions?.visits ?? []) schedule(time, { kind: "PATCH", visit });
    if (values.patchOrder.visits.length > 0 && decisions === undefined) {
      const from = Math.ceil(values.patchAtDays * 24 * HOUR);
      schedule(visitAt(values, from, number), { kind: "PATCH", visit: 0 });
    }
  }

  /** The current state. Each step replaces it, unless the step records no patches. */
  get state(): ServerState {
    return this.server.state as ServerState;
  }

  /** The time of the event handled last [us]. */
  get now(): Time {
    return this.server.now;
  }

  get nextTime(): Time {
    return this.events[0]?.time ?? Infinity;
  }

  /** Handles the earliest event. Without patches, which list the changes of the state, a step is many times faster. */
  step(recordsPatches = true): HandledEvent {
    const { server } = this;
    const event = this.events.shift()!;
    server.now = event.time;
    server.before = this.state;
    let effect: Effect = stale("");
    let patches: readonly Patch[] = [];
    if (recordsPatches) {
      const [after, changes] = immer.produceWithPatches(server.before, (draft) => {
        server.state = draft;
        effect = handle(server, event);
      });
      server.state = after as Draft<ServerState>;
      patches = changes;
    } else effect = handle(server, event);
    const { time, kind } = event;
    const { event: name, detail, job, instance } = effect;
    return { time, kind, stale: name === "STALE", job, instance, event: name, detail, patches };
  }

  /** Handles every event strictly before `until` [us], and records no patches. */
  run(until: Time, report?: (handled: HandledEvent) => void): void {
    while (this.nextTime < until) {
      const handled = this.step(false);
      report?.(handled);
    }
  }

  /** Every response at `now` [us], after every event before it; NaN for events that have not happened. */
  responses(now: Time): Record<ResponseName, number> {
    return responses(this.server, now);
  }

  private schedule(time: Time, event: Scheduled): void {
    if (!(time >= this.now) || time !== Math.floor(time)) {
      throw new Error(`time is ${time} for ${event.kind} at ${this.now}; an event is at a whole us, now or later`);
    }
    this.events.push({ ...event, time, order: this.eventsScheduled++ });
    this.events.sort(inOrder);
  }
}

function handle(server: Server, event: Event): Effect {
  switch (event.kind) {
    case "LEAVE":
      return leave(server, event.alteration);
    case "RELOCK":
      return relock(server, event.alteration);
    case "ENTER":
      return enter(server, event.alteration);
    case "ALTER":
      return alter(server, event.alteration);
    case "CLOSE":
    case "DONE":
    case "WAKE":
    case "OPEN":
      return thread(server, event.kind, event.printer);
    case "SPOOLED":
      return spooled(server, event.printer, event.job);
    case "SUBMIT":
      return submit(server);
    case "STOP":
      return stop(server, event.object);
    case "STOPPED":
      return stopped(server);
    case "START":
      return start(server);
    case "STARTED":
      return started(server);
    case "POLL":
      return poll(server);
    case "COMPLAIN":
      return complain(server, event.process);
    case "RELAPSE":
      return relapse(server, event.process);
    case "PATCH":
      return patch(server, event.visit);
    case "RESTORE":
      return restore(server, event.process);
    case "DISCONNECT":
      return disconnect(server);
    case "RETRY":
      return retry(server, event.left);
    case "STUCK":
      return stuck(server, event.alteration);
  }
}

/** Handles an event of a port thread; it is stale unless it matches the thread's timer. */
function thread(server: Server, kind: ThreadKind, at: number): Effect {
  const { state } = server;
  const printer = state.printers[at];
  if (printer.due?.time !== server.now || printer.due.kind !== kind) return stale(`printer ${at}`);
  printer.due = null;
  if (kind === "CLOSE") return close(server, at);
  if (kind === "DONE") return done(server, at);
  if (kind === "WAKE") return wake(server, at);
  return open(server, at);
}
