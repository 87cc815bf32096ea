/** Section 7 of docs/model.md: the service stops and starts, by the calendar or because it hung. */
import type { Draft } from "immer";
import { isAtLeast, fixes, printersVisible } from "../patching/patch-state.ts";
import { allowedRestart, visitAt } from "./calendar.ts";
import { HOUR } from "./durations.ts";
import type { Effect } from "./events.ts";
import { fixedByPatch } from "./patches.ts";
import { pick, remove } from "./printers.ts";
import { forgetRelatedBugs } from "./related-bugs.ts";
import { first, type Server } from "./server.ts";
import { stopService, voidAlterations } from "./service.ts";
import type { Job } from "./state.ts";

/** T14. */
export function stop(server: Server, object: 0 | 1): Effect {
  const { state } = server;
  if (object === 0) {
    const from = server.now + server.us.restartEvery;
    server.schedule(allowedRestart(server.values, from), { kind: "STOP", object });
  }
  const detail = object === 0 ? "calendar" : "recovery";
  if (state.service !== (object === 0 ? "running" : "hung")) {
    return { event: "NO_EFFECT", detail: `${detail}: the service is ${state.service}` };
  }
  stopService(server, object === 0 ? "restartsByCalendar" : "restartsByRecovery");
  return { event: "STOP", detail };
}

export function stopped(server: Server): Effect {
  const { state } = server;
  const { processorsOpened, processorsClosed, processorsOrphaned } = state.counts;
  const open = processorsOpened - processorsClosed;
  state.service = "stopped";
  state.stoppedAt = server.now;
  state.counts.processorsReclaimed += open;
  state.counts.processorsClosed += open;
  state.counts.processorsOrphaned = 0;
  state.openWithDc = 0;
  voidAlterations(server);
  state.instances = {};
  state.lockFreeAt = server.now;
  forgetRelatedBugs(server);
  for (const printer of state.printers) {
    for (const job of Object.values(printer.jobs)) jobWhenStopped(server, job);
    for (const job of printer.parked) {
      printer.jobs[job.number] = job;
      job.status = "waiting";
      job.paused = false;
    }
    printer.parked = [];
    printer.phase = "idle";
    printer.due = null;
    printer.current = null;
    printer.printout = null;
  }
  state.counts.jobsParked = 0;
  state.processesEnded++;
  const pauseUs = state.visit?.us ?? server.us.pause[server.values.restartKind];
  server.schedule(server.now + Math.max(1, pauseUs), { kind: "START" });
  return { event: "STOPPED", detail: `${open} print processors reclaimed, ${processorsOrphaned} of them orphans` };
}

/** What happens to a job that is not parked when the process ends. */
function jobWhenStopped(server: Server, job: Draft<Job>): void {
  const { state } = server;
  const inFlight = job.status === "printing" || job.status === "finishing";
  const restarted = job.attempt > 1 || job.restarting;
  if (job.status === "spooling") {
    state.counts.jobsLost++;
    remove(server, job);
    return;
  }
  if (inFlight && job.deleting) {
    state.counts.jobsDeleted++;
    remove(server, job);
    return;
  }
  const judged = server.values.deleteRestartedJobs && !isAtLeast(state.patch.running.servicePack, "5");
  if (inFlight && restarted && judged) {
    state.counts.jobsLost++;
    remove(server, job);
    return;
  }
  if (inFlight) {
    job.status = "waiting";
    job.restarting = false;
    state.counts.jobsReprinted++;
  }
  job.paused = false;
}

/** T15. */
export function start(server: Server): Effect {
  const { state } = server;
  const isRestart = server.values.restartKind === "service" && typeof state.visit?.us !== "number";
  const mayFail = server.values.Q243222 === "present" && !fixes(state.patch, "Q243222", server.values);
  if (isRestart && mayFail && server.now - state.stoppedAt! < server.us.startGap) {
    state.counts.startFailures++;
    server.schedule(server.now + Math.max(1, server.us.startGap), { kind: "START" });
    return { event: "START_FAILED", detail: "System error 12" };
  }
  state.service = "starting";
  const files = 2 * state.counts.jobsExisting;
  server.schedule(server.now + Math.max(1, server.us.start + server.us.startPerFile * files), { kind: "STARTED" });
  return { event: "START", detail: `${files} files` };
}

export function started(server: Server): Effect {
  const { state } = server;
  state.counts.serviceStarts++;
  state.counts.downtimeUs += server.now - state.downSince!;
  state.downSince = null;
  const next = state.visit?.next ?? null;
  if (state.visit !== null) state.patch = state.visit.leaves;
  state.visit = null;
  if (fixedByPatch(server)) first(server, "fixedUs");
  const process = state.processesEnded;
  state.service = printersVisible(state.patch) ? "running" : "blind";
  if (state.service === "blind") {
    first(server, "printersLostUs");
    state.hiddenSince = server.now;
    if (server.us.restore > 0) server.schedule(server.now + server.us.restore, { kind: "RESTORE", process });
  }
  const relapseUs = server.draws.relapse();
  if (relapseUs !== null) server.schedule(server.now + relapseUs, { kind: "RELAPSE", process });
  if (next !== null) {
    const from = server.now + Math.ceil(server.values.patchGapDays * 24 * HOUR);
    server.schedule(visitAt(server.values, from, 0), { kind: "PATCH", visit: next });
  }
  if (state.service === "running") for (let at = 0; at < state.printers.length; at++) pick(server, at);
  return { event: "STARTED", detail: `start ${state.counts.serviceStarts}, ${state.service}` };
}
