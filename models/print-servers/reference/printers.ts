/** Section 3 of docs/model.md: a printer's jobs, the choice of the next one, and the timer of its port thread. */
import type { Draft } from "immer";
import type { Time } from "../../../sim/event-list.ts";
import type { Alteration, ThreadKind } from "./events.ts";
import { acquire, type Server } from "./server.ts";
import type { Job, Printer } from "./state.ts";

/** The waiting jobs, by priority (high first), then by number (low first). */
export function queue(printer: Draft<Printer>): Draft<Job>[] {
  return Object.values(printer.jobs)
    .filter((job) => job.status === "waiting")
    .sort((a, b) => b.priority - a.priority || a.number - b.number);
}

/** T3. */
export function pick(server: Server, at: number): void {
  const { state } = server;
  const printer = state.printers[at];
  if (queue(printer).every((job) => job.paused)) {
    printer.phase = "idle";
    return;
  }
  const { end } = acquire(server, server.us.pick);
  printer.phase = "picking";
  setDue(server, at, end, "OPEN");
}

/** Sets the timer of the port thread, which makes its earlier event stale. */
export function setDue(server: Server, at: number, time: Time, kind: ThreadKind): void {
  server.state.printers[at].due = { time, kind };
  server.schedule(time, { kind, printer: at });
}

/** The job of an alteration; undefined if it no longer exists. */
export function find(server: Server, { job, marks }: Alteration): Draft<Job> | undefined {
  const printer = server.state.printers[marks.printer];
  if (job in printer.jobs) return printer.jobs[job];
  // Parked jobs are looked up in the state before this event, because that creates no drafts; none has moved since.
  const at = server.before.printers[marks.printer].parked.findIndex((parked) => parked.number === job);
  return at < 0 ? undefined : printer.parked[at];
}

/** Removes a job from its printer. */
export function remove(server: Server, job: Draft<Job>): void {
  const { state } = server;
  const printer = state.printers[job.marks.printer];
  state.counts.jobsExisting--;
  if (job.starvedAt !== null) {
    state.counts.jobsUnprinted--;
    state.counts.stuckUs += server.now - job.starvedAt;
  }
  if (job.status === "parked") {
    state.counts.jobsParked--;
    printer.parked.splice(
      printer.parked.findIndex((parked) => parked.number === job.number),
      1,
    );
  } else {
    delete printer.jobs[job.number];
  }
}
