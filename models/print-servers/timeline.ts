/**
 * The timeline of a print server: the service and its port threads as threads; jobs, alterations and guard windows as
 * separate tracks. It is made from the patches of the reference's state, which add a whole object or replace one
 * property.
 */
import type { Drawn, Timeline } from "../contract/pictures.ts";
import type { TraceEvent } from "../contract/reference.ts";

const SERVICE = 0;
const FIRST_PORT = 1;

const REQUESTED = "requested";

/** Changes of things of one kind by an event: the new state, or undefined if the thing is gone. */
type Became = Map<string, string | undefined>;

export class PrintServerTimeline implements Timeline {
  readonly main = "service";
  /** The state of each current alteration. */
  private readonly alterations = new Map<string, string>();
  /** The command of each current alteration. */
  private readonly commands = new Map<string, string>();
  /** Instances whose guard is up. */
  private readonly guards = new Set<string>();

  read(traced: TraceEvent): Drawn[] {
    const { patches, job, event, detail } = traced;
    const blocks: Drawn[] = [];
    let service: string | undefined;
    const phases = new Map<number, string>();
    const [jobs, alterations, guards]: Became[] = [new Map(), new Map(), new Map()];
    const gone = (became: Became, id: string) => void (became.has(id) || became.set(id, undefined));
    for (const { path, op, value } of patches) {
      const [noun, key, list, id, property] = path.map(String);
      const removed = op === "remove";
      if (noun === "service") {
        service = String(value);
      } else if (noun === "printers") {
        if (list === "phase") phases.set(Number(key), String(value));
        if (list === "printout") blocks.push(...blockOf(FIRST_PORT + Number(key), id, value));
        if (list === "jobs" && property === "status") jobs.set(id, String(value));
        const isMember = (list === "jobs" || list === "parked") && path.length === 4 && id !== "length";
        if (isMember && removed && list === "jobs") gone(jobs, id);
        const member = value as { readonly number: number; readonly status: string };
        if (isMember && !removed) jobs.set(String(member.number), member.status);
      } else if (noun === "requested" || noun === "inside") {
        if (path.length === 1) this.forgetAll(noun, alterations);
        else if (removed) gone(alterations, key);
        else if (noun === "requested") alterations.set(key, REQUESTED);
        else alterations.set(key, `inside print processor ${(value as { readonly instance: number }).instance}`);
      } else if (noun === "instances") {
        if (path.length === 1) for (const open of this.guards) gone(guards, open);
        else if (list === "guard") guards.set(key, Number(value) > 0 ? "up" : undefined);
        else if (path.length === 2) guards.set(key, undefined);
      }
    }
    // Parked jobs are a list whose later members move up, so the patches do not tell which one left.
    if (event === "COMMAND" && detail.startsWith("delete")) jobs.set(String(job), undefined);
    if (event === "ALTER") for (const key of alterations.keys()) this.commands.set(key, detail);
    const does = service === "running" ? undefined : service;
    return [
      ...blocks,
      ...(service === undefined ? [] : [{ thread: SERVICE, name: this.main, does }]),
      ...[...jobs].map(([id, is]) => {
        const state = is === undefined ? undefined : `job ${id} ${is}`;
        return { track: "job", id, is: state, about: { job: Number(id), detail } };
      }),
      ...[...alterations].map(([id, is]) => {
        return { track: "alteration", id, is: this.alter(id, is), about: { job, detail } };
      }),
      ...[...guards].map(([id, is]) => {
        return { track: "guard window", id, is: this.guard(id, is), about: { instance: Number(id), job } };
      }),
      ...[...phases].map(([printer, phase]) => {
        const busy = phase === "idle" ? undefined : phaseText(phase, traced);
        return { thread: FIRST_PORT + printer, name: `port ${printer}`, does: busy };
      }),
    ];
  }

  /** All requests are cancelled, or all alterations have left. */
  private forgetAll(noun: "requested" | "inside", alterations: Became): void {
    for (const [key, state] of this.alterations) {
      if ((state === REQUESTED) === (noun === "requested") && !alterations.has(key)) alterations.set(key, undefined);
    }
  }

  /** Sets the state of an alteration or removes it; returns the text to show. */
  private alter(key: string, is: string | undefined): string | undefined {
    const command = this.commands.get(key);
    if (is === undefined) {
      this.alterations.delete(key);
      this.commands.delete(key);
      return undefined;
    }
    this.alterations.set(key, is);
    return `${command} ${is}`;
  }

  private guard(instance: string, is: string | undefined): string | undefined {
    if (is === undefined) this.guards.delete(instance);
    else this.guards.add(instance);
    return is === undefined ? undefined : "";
  }
}

/** A change of when a pause blocks the thread; a printout that has just begun or ended is not blocked. */
function blockOf(thread: number, property: string | undefined, value: unknown): Drawn[] {
  if (property !== undefined && property !== "blockAt") return [];
  const at = property === undefined ? null : (value as number | null);
  return [{ thread, blocked: "blocked by a pause", at }];
}

function phaseText(phase: string, { job, instance }: TraceEvent): string {
  if (phase === "picking") return "picks a job";
  if (phase === "printing") return `prints job ${job} with print processor ${instance}`;
  return `${phase === "finishing" ? "finishes" : phase} job ${job}`;
}
