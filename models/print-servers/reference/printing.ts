/** Section 4 of docs/model.md: what a port thread does between OPEN and CLOSE, and how commands interrupt it. */
import type { Draft } from "immer";
import type { Time } from "../../../sim/event-list.ts";
import type { Command, DataType } from "./draws.ts";
import type { Effect } from "./events.ts";
import { setDue } from "./printers.ts";
import type { Server } from "./server.ts";
import type { Job, Printout } from "./state.ts";

/** The thread prints from a chunk to the end, unless it is interrupted. */
export function startRun(server: Server, at: number, chunk: number): void {
  const { state } = server;
  const printer = state.printers[at];
  const printout = printer.printout!;
  const { chunks, chunkUs, lastChunkUs } = printout;
  printout.runAt = server.now;
  printout.runChunk = chunk;
  returns(server, at, server.now + (chunks - 1 - chunk) * chunkUs + lastChunkUs, "end");
}

export function wake(server: Server, at: number): Effect {
  const { state } = server;
  const printer = state.printers[at];
  const printout = printer.printout!;
  const job = printer.jobs[printer.current!];
  const about = { job: job.number, instance: printout.instance };
  if (printout.aborted) {
    returns(server, at, server.now, "abort");
    return { event: "WAKE", ...about, detail: `printer ${at}, aborted` };
  }
  if (job.paused) {
    printout.blockAt = server.now;
    return { event: "BLOCKED", ...about, detail: `printer ${at}, paused again` };
  }
  if (printout.position === printout.chunks) returns(server, at, server.now, "end");
  else startRun(server, at, printout.position);
  const { position, chunks } = printout;
  return { event: "WAKE", ...about, detail: `printer ${at}, goes on after ${position} of ${chunks} chunks` };
}

/** Applies a command to the thread that prints the job. */
export function applyCommand(server: Server, job: Draft<Job>, command: Command): void {
  const { state } = server;
  const at = job.marks.printer;
  const printer = state.printers[at];
  const printout = printer.printout!;
  if (command === "pause") {
    job.paused = true;
    if (hasReturned(server, printout) || printout.aborted || printout.blockAt !== null) return;
    const test = nextTest(printout, job.marks.dataType, server.now);
    if (test === undefined) return;
    printout.blockAt = test.time;
    printout.position = test.chunk;
    printer.due = null;
  }
  if (command === "resume") {
    job.paused = false;
    if (printout.blockAt === null) return;
    if (server.now <= printout.blockAt) {
      // The thread does not block after all: the close attempt is due at its old time, and its event is still in the
      // list.
      printout.blockAt = null;
      printer.due = { time: printout.closeAt, kind: "CLOSE" };
    } else {
      wakeUp(server, at);
    }
  }
  if (command === "delete") {
    job.deleting = true;
    abort(server, job);
  }
  if (command === "restart") {
    job.restarting = true;
    abort(server, job);
  }
}

function abort(server: Server, job: Draft<Job>): void {
  const { state } = server;
  const at = job.marks.printer;
  const printer = state.printers[at];
  const printout = printer.printout!;
  job.paused = false;
  if (hasReturned(server, printout) || printout.aborted) return;
  printout.aborted = true;
  if (printout.blockAt !== null && server.now > printout.blockAt) {
    wakeUp(server, at);
    return;
  }
  const seenAt = printout.blockAt ?? nextTest(printout, job.marks.dataType, server.now)?.time;
  if (seenAt !== undefined) returns(server, at, seenAt, "abort");
}

/** Wakes a blocked thread, unless it is being woken already. */
function wakeUp(server: Server, at: number): void {
  const { state } = server;
  if (state.printers[at].due === null) setDue(server, at, server.now + Math.max(1, server.us.wake), "WAKE");
}

/** Sets when the printout returns; the close attempt is due once it has unwound. */
function returns(server: Server, at: number, returnAt: Time, how: "end" | "abort"): void {
  const { state } = server;
  const printer = state.printers[at];
  const printout = printer.printout!;
  const { unwindEndUs, unwindAbortUs } = printer.jobs[printer.current!].marks;
  printout.blockAt = null;
  printout.returnAt = returnAt;
  printout.closeAt = returnAt + (how === "end" ? unwindEndUs : unwindAbortUs);
  setDue(server, at, printout.closeAt, "CLOSE");
}

/** The first test of the run at or after t, and the chunk that would follow (`chunks` at the end). */
function nextTest(printout: Draft<Printout>, dataType: DataType, t: Time): { time: Time; chunk: number } | undefined {
  const { runAt, runChunk, chunks, chunkUs, returnAt } = printout;
  for (let i = 0; i <= chunks - 1 - runChunk; i++) {
    const time = runAt + i * chunkUs;
    if (time >= t) return { time, chunk: runChunk + i };
  }
  return dataType === "TEXT" && returnAt >= t ? { time: returnAt, chunk: chunks } : undefined;
}

/** Whether the thread has returned; `returnAt` does not hold for a thread that is blocked or is going to block. */
function hasReturned(server: Server, { blockAt, returnAt }: Draft<Printout>): boolean {
  return blockAt === null && server.now > returnAt;
}
