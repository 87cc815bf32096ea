/** Section 3 of docs/model.md: a job from its submission to its end. */
import { isDraft, original, type Draft } from "immer";
import { whole } from "./durations.ts";
import type { Marks } from "./draws.ts";
import { stale, type Alteration, type Effect } from "./events.ts";
import { spoolerDoes } from "./instances.ts";
import { find, pick, queue, remove } from "./printers.ts";
import { startRun } from "./printing.ts";
import { closeRemotely, openPipe, popUp, takePiped } from "./related-bugs.ts";
import { exceedsCommit, exceededCeilings } from "./resources.ts";
import { acquire, first, type Server } from "./server.ts";
import { exhaust } from "./service.ts";

export function scheduleSubmission(server: Server): void {
  const time = server.draws.submissionAfter(server.now);
  if (time !== undefined) server.schedule(time, { kind: "SUBMIT" });
}

/** T1. */
export function submit(server: Server): Effect {
  const marks = server.draws.job();
  scheduleSubmission(server);
  return submitJob(server, marks, false);
}

function submitJob(server: Server, marks: Marks, resubmitted: boolean): Effect {
  const { state } = server;
  const number = ++state.counts.jobsSubmitted;
  const { dataType, pages, bytes } = marks;
  const detail = `${dataType}, ${pages} ${pages === 1 ? "page" : "pages"}, ${bytes} B, printer ${marks.printer}`;
  if (state.service !== "running") {
    state.counts.jobsRefused++;
    if (state.service === "blind") state.counts.jobsToHiddenPrinters++;
    return { event: "REFUSED", job: number, detail: `${detail}; the service is ${state.service}` };
  }
  if (exceedsCommit(server, server.values.heapBytesPerJob)) {
    state.counts.jobsRefused++;
    exhaust(server);
    return { event: "HUNG", job: number, detail: `${detail}, refused at the commit limit` };
  }
  if (state.disabled) {
    state.counts.jobsRefused++;
    return { event: "REFUSED", job: number, detail: `${detail}; the server is disabled since Event 2019` };
  }
  if (marks.fate.piped && !takePiped(server, bytes)) {
    state.counts.jobsRefused++;
    return { event: "EVENT_2019", job: number, detail: `${detail}; the nonpaged pool is empty` };
  }
  const pipe = marks.fate.client === undefined ? "" : openPipe(server, marks.fate.client);
  const printer = state.printers[marks.printer];
  const listed = Object.values(printer.jobs).filter((job) => job.status === "waiting").length + printer.parked.length;
  state.counts.jobsExisting++;
  printer.jobs[number] = {
    number,
    marks: marks as Draft<Marks>,
    status: "spooling",
    priority: marks.priority,
    attempt: 1,
    opened: 0,
    starvedAt: null,
    paused: false,
    deleting: false,
    restarting: false,
    resubmitted,
  };
  const { end } = acquire(server, server.us.submit + Math.ceil(server.values.enumMsPerJob * 1000 * listed));
  const spoolUs =
    server.values.printWhileSpooling || bytes === 0 ? 0 : whole((bytes / server.values.spoolBytesPerSecond) * 1e6);
  server.schedule(end + spoolUs, { kind: "SPOOLED", printer: marks.printer, job: number });
  return {
    event: resubmitted ? "RESUBMIT" : "SUBMIT",
    job: number,
    detail: `${detail}${marks.fate.piped ? ", by a named pipe" : ""}${pipe}`,
  };
}

/** T2. */
export function spooled(server: Server, at: number, number: number): Effect {
  const { state } = server;
  const printer = state.printers[at];
  const job = printer.jobs[number];
  if (job?.status !== "spooling") return { ...stale(`printer ${at}`), job: number };
  const { marks } = job;
  if (marks.bytes === 0) {
    state.counts.jobsDeleted++;
    remove(server, job);
    return { event: "EMPTY", job: number, detail: `printer ${at}` };
  }
  job.status = "waiting";
  if (marks.when === "waiting") {
    server.schedule(server.now + whole(marks.alterPosition * server.us.waitingMax), {
      kind: "ALTER",
      alteration: { job: number, step: 0, marks: plain(marks) },
    });
  }
  if (state.service === "running" && printer.phase === "idle") pick(server, at);
  return { event: "SPOOLED", job: number, detail: `printer ${at}` };
}

/** T4. */
export function open(server: Server, at: number): Effect {
  const { state } = server;
  const printer = state.printers[at];
  const job = queue(printer).find((waiting) => !waiting.paused);
  if (state.service !== "running" || job === undefined) {
    printer.phase = "idle";
    const why = state.service !== "running" ? `the service is ${state.service}` : "no job waits that is not paused";
    return { event: "PICK_NOTHING", detail: `printer ${at}: ${why}` };
  }
  const { number, marks } = job;
  if (exceedsCommit(server, server.values.heapBytesPerInstance)) {
    exhaust(server);
    return { event: "HUNG", job: number, detail: `printer ${at}: no memory for a print processor` };
  }
  const holdsDc = marks.dataType === "TEXT" || (marks.dataType === "EMF" && server.values.emfHoldsDc);
  const refusals = holdsDc ? exceededCeilings(server) : [];
  if (refusals.length > 0) {
    for (const ceiling of refusals) first(server, ceiling);
    state.counts.jobsStarved++;
    if (job.starvedAt === null) {
      job.starvedAt = server.now;
      state.counts.jobsUnprinted++;
    }
    first(server, "firstStarvedUs");
    if (marks.complainUs !== null) {
      server.schedule(server.now + marks.complainUs, { kind: "COMPLAIN", process: state.processesEnded });
    }
    if (server.values.onOpenFail === "park") {
      job.status = "parked";
      printer.parked.push(job);
      delete printer.jobs[number];
      state.counts.jobsParked++;
      if (marks.whenStuck !== null && !job.resubmitted) {
        const alteration = { job: number, step: 0, marks: plain(marks) };
        server.schedule(server.now + marks.whenStuck.us, { kind: "STUCK", alteration });
      }
    } else {
      remove(server, job);
      state.counts.jobsUnprinted++;
    }
    pick(server, at);
    const type = marks.dataType;
    const end = server.values.onOpenFail === "park" ? "parked" : "vanished";
    return { event: "OPEN_FAILED", job: number, detail: `printer ${at}, ${type} ${end}: ${refusals.join(", ")}` };
  }

  const instance = ++state.counts.processorsOpened;
  if (holdsDc) state.openWithDc++;
  state.instances[instance] = { status: "open", guard: 0, closePending: 0, attempted: false, holdsDc };
  spoolerDoes(server, "open", instance);
  job.status = "printing";
  printer.phase = "printing";
  printer.current = number;
  const { chunkBytes, bytesPerSecond } = server.draws.perType[marks.dataType];
  const chunks = Math.ceil(marks.bytes / chunkBytes);
  const chunkUs = whole((chunkBytes / bytesPerSecond) * 1e6);
  const lastChunkUs = whole(((marks.bytes - (chunks - 1) * chunkBytes) / bytesPerSecond) * 1e6);
  printer.printout = {
    instance,
    chunks,
    chunkUs,
    lastChunkUs,
    runAt: 0,
    runChunk: 0,
    returnAt: 0,
    closeAt: 0,
    blockAt: null,
    position: 0,
    aborted: false,
  };
  startRun(server, at, 0);
  job.opened++;
  if (job.opened === 1 && marks.when === "printing") {
    const durationUs = (chunks - 1) * chunkUs + lastChunkUs;
    server.schedule(server.now + whole(marks.alterPosition * durationUs), {
      kind: "ALTER",
      alteration: { job: number, step: 0, marks: plain(marks) },
    });
  }
  const detail = `printer ${at}, ${marks.dataType}, attempt ${job.attempt}`;
  return { event: "PP_OPEN", job: number, instance, detail };
}

/** T9. */
export function done(server: Server, at: number): Effect {
  const { state } = server;
  const printer = state.printers[at];
  const job = printer.jobs[printer.current!];
  const { number } = job;
  let event: string;
  let notified = "";
  if (job.deleting) {
    event = "DELETED";
    state.counts.jobsDeleted++;
    remove(server, job);
  } else if (job.restarting) {
    event = "RESTARTED";
    job.restarting = false;
    job.attempt++;
    job.status = "waiting";
  } else {
    event = "PRINTED";
    state.counts.jobsPrinted++;
    remove(server, job);
    notified = closeRemotely(server, job.marks.fate) + popUp(server, job.marks.fate);
  }
  printer.phase = "idle";
  printer.current = null;
  if (state.service === "running") pick(server, at);
  return { event, job: number, detail: `printer ${at}${notified}` };
}

/** A person finds a stuck job. */
export function stuck(server: Server, alteration: Alteration): Effect {
  const { state } = server;
  const { job: number, marks } = alteration;
  const job = find(server, alteration);
  if (state.service !== "running" || job?.status !== "parked" || job.resubmitted) {
    return { ...stale("nothing is stuck any more"), job: number };
  }
  if (marks.whenStuck!.does === "delete") {
    state.counts.alterations++;
    state.counts.jobsDeleted++;
    acquire(server, server.us.pre);
    remove(server, job);
    state.counts.jobsUnprinted++;
    return { event: "COMMAND", job: number, detail: "delete, parked" };
  }
  job.resubmitted = true;
  state.counts.jobsResubmitted++;
  return submitJob(server, { ...marks, priority: job.priority, fate: { ...marks.fate, client: undefined } }, true);
}

/** Copies a value out of the immer draft so that it outlives the recipe. */
function plain<T>(value: T): T {
  return isDraft(value) ? (original(value as Draft<T>) as T) : value;
}
