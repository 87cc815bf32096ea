/**
 * The events of a server, their order, and their results.
 * Order: time, then kind in the order of `kinds`, then the order of scheduling.
 */
import type { Patch } from "immer";
import type { Time } from "../../../sim/event-list.ts";
import type { Command, Marks } from "./draws.ts";

/** The kinds of events, in the order in which events of equal time happen. */
const kinds = [
  "LEAVE",
  "RELOCK",
  "ENTER",
  "ALTER",
  "CLOSE",
  "DONE",
  "WAKE",
  "OPEN",
  "SPOOLED",
  "SUBMIT",
  "STOP",
  "STOPPED",
  "START",
  "STARTED",
  "POLL",
  "COMPLAIN",
  "RELAPSE",
  "PATCH",
  "RESTORE",
  "DISCONNECT",
  "RETRY",
  "STUCK",
] as const;

/** The events of a port thread. */
export type ThreadKind = "CLOSE" | "DONE" | "WAKE" | "OPEN";

/** An alteration: a job and a step. It may outlive its job, so it carries the data that it needs. */
export interface Alteration {
  readonly job: number;
  readonly step: number;
  readonly marks: Marks;
}

export type Scheduled =
  | { readonly kind: "LEAVE" | "RELOCK" | "ENTER" | "ALTER"; readonly alteration: Alteration }
  | { readonly kind: ThreadKind; readonly printer: number }
  | { readonly kind: "SPOOLED"; readonly printer: number; readonly job: number }
  | { readonly kind: "STOP"; readonly object: 0 | 1 }
  | { readonly kind: "COMPLAIN" | "RELAPSE" | "RESTORE"; readonly process: number }
  | { readonly kind: "PATCH"; readonly visit: number }
  | { readonly kind: "RETRY"; readonly left: number }
  | { readonly kind: "STUCK"; readonly alteration: Alteration }
  | { readonly kind: "SUBMIT" | "STOPPED" | "START" | "STARTED" | "POLL" | "DISCONNECT" };

export type Event = Scheduled & { readonly time: Time; readonly order: number };

/** The result of an event. */
export interface Effect {
  readonly event: string;
  readonly detail: string;
  readonly job?: number;
  readonly instance?: number;
}

/** One handled event. */
export interface HandledEvent {
  readonly time: Time;
  readonly kind: string;
  readonly stale: boolean;
  /** The job's number, from 1 on each server. */
  readonly job: number | undefined;
  /** The print processor instance's number, from 1 on each server. */
  readonly instance: number | undefined;
  /** The result, for example CLOSE_ATTEMPT. */
  readonly event: string;
  /** A short description. */
  readonly detail: string;
  /** The changes of the state. */
  readonly patches: readonly Patch[];
}

export function inOrder(a: Event, b: Event): number {
  return a.time - b.time || kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.order - b.order;
}

export function nameOf(alteration: Alteration): string {
  return `${alteration.job}.${alteration.step}`;
}

export function commandOf(alteration: Alteration): Command {
  return alteration.marks.commands[alteration.step];
}

export function stale(detail: string): Effect {
  return { event: "STALE", detail };
}
