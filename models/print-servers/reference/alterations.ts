/**
 * Section 5 of docs/model.md: a command enters a job's print processor, stays there and leaves; and the close attempt,
 * which may find it inside.
 */
import type { Draft } from "immer";
import { commandOf, nameOf, stale, type Alteration, type Effect } from "./events.ts";
import { forget, orphansIfAbandoned, spoolerDoes } from "./instances.ts";
import { find, pick, remove, setDue } from "./printers.ts";
import { applyCommand } from "./printing.ts";
import { races } from "./related-bugs.ts";
import { acquire, first, type Server } from "./server.ts";
import { hang } from "./service.ts";
import type { Job } from "./state.ts";

/** T10. */
export function alter(server: Server, alteration: Alteration): Effect {
  const { state } = server;
  const { job, step, marks } = alteration;
  const detail = commandOf(alteration);
  if (state.service !== "running") {
    return { event: "ALTER_REFUSED", job, detail: `${detail}; the service is ${state.service}` };
  }
  state.counts.alterations++;
  state.requested[nameOf(alteration)] = true;
  const { end } = acquire(server, server.us.pre);
  server.schedule(end, { kind: "ENTER", alteration });
  if (step + 1 < marks.commands.length) {
    server.schedule(server.now + marks.thinkUs, { kind: "ALTER", alteration: { ...alteration, step: step + 1 } });
  }
  if (races(server, commandOf(alteration))) {
    first(server, "raceHangUs");
    hang(server);
    return { event: "HUNG", job, detail: `${detail} races with another call (Q247408)` };
  }
  return { event: "ALTER", job, detail };
}

/** T10, T11, T13. */
export function enter(server: Server, alteration: Alteration): Effect {
  const { state } = server;
  const name = nameOf(alteration);
  const command = commandOf(alteration);
  if (!(name in state.requested)) return { ...stale(command), job: alteration.job };
  delete state.requested[name];

  const job = find(server, alteration);
  if (job === undefined) return { event: "NO_EFFECT", job: alteration.job, detail: `${command}: the job is gone` };
  const { number, status } = job;
  const printer = state.printers[job.marks.printer];

  if (command === "level") {
    job.priority = server.values.levelPriority;
    const enters = server.values.guardMode === "level-changes-too" && status === "printing";
    if (enters) return enterInstance(server, alteration, job);
    return { event: "COMMAND", job: number, detail: `level ${job.priority}, ${status}` };
  }
  if (status === "printing") {
    const effect = enterInstance(server, alteration, job);
    applyCommand(server, job, command);
    return effect;
  }
  if (status === "finishing") return { event: "NO_EFFECT", job: number, detail: `${command}: the job is finishing` };
  if (command === "restart") return { event: "NO_EFFECT", job: number, detail: `refused: the job is ${status}` };
  if (command === "delete") {
    state.counts.jobsDeleted++;
    remove(server, job);
  } else {
    job.paused = command === "pause";
    if (command === "resume" && state.service === "running" && printer.phase === "idle")
      pick(server, job.marks.printer);
  }
  return { event: "COMMAND", job: number, detail: `${command}, ${status}` };
}

function enterInstance(server: Server, alteration: Alteration, job: Draft<Job>): Effect {
  const { state } = server;
  const { instance } = state.printers[job.marks.printer].printout!;
  state.counts.controlEntries++;
  state.inside[nameOf(alteration)] = { instance, since: server.now };
  spoolerDoes(server, "enterAlteration", instance);
  server.schedule(server.now + alteration.marks.staysUs[alteration.step], { kind: "RELOCK", alteration });
  const detail = `${commandOf(alteration)}, guard ${state.instances[instance].guard}`;
  return { event: "CTL_ENTER", job: job.number, instance, detail };
}

/** T12. */
export function relock(server: Server, alteration: Alteration): Effect {
  const { state } = server;
  const stay = state.inside[nameOf(alteration)];
  if (stay === undefined) return { ...stale(commandOf(alteration)), job: alteration.job };
  const { start } = acquire(server, server.us.exit);
  if (start === server.now) return leave(server, alteration);
  server.schedule(start, { kind: "LEAVE", alteration });
  const detail = `${commandOf(alteration)}, waits ${start - server.now} us`;
  return { event: "RELOCK", job: alteration.job, instance: stay.instance, detail };
}

export function leave(server: Server, alteration: Alteration): Effect {
  const { state } = server;
  const name = nameOf(alteration);
  const stay = state.inside[name];
  if (stay === undefined) return { ...stale(commandOf(alteration)), job: alteration.job };
  const { instance: number, since } = stay;
  const instance = state.instances[number];
  const before = instance.status;
  delete state.inside[name];
  state.counts.controlLeaves++;
  state.counts.guardUs += server.now - since;
  spoolerDoes(server, "leaveAlteration", number);
  let detail = `${commandOf(alteration)}, guard ${instance.guard}`;
  if (before !== "closed" && instance.status === "closed") detail = "closes the print processor";
  if (orphansIfAbandoned(server, number)) detail = "orphaned: the close that was left to it was not done";
  forget(server, number);
  return { event: "CTL_EXIT", job: alteration.job, instance: number, detail };
}

/** T8. */
export function close(server: Server, at: number): Effect {
  const { state } = server;
  const printer = state.printers[at];
  const job = printer.jobs[printer.current!];
  const { instance: number } = printer.printout!;
  const instance = state.instances[number];
  instance.attempted = true;
  spoolerDoes(server, "close", number);
  let detail = instance.status === "closed" ? "closed" : "deferred";
  if (orphansIfAbandoned(server, number)) {
    const { name, skipsBecause } = server.values.spooler;
    const why = instance.guard > 0 ? skipsBecause : undefined;
    detail = `orphaned: ${why ?? `spooler ${name} does not close it`}, guard ${instance.guard}`;
  }
  forget(server, number);
  job.status = "finishing";
  printer.phase = "finishing";
  printer.printout = null;
  const { end } = acquire(server, server.us.close);
  setDue(server, at, end, "DONE");
  return { event: "CLOSE_ATTEMPT", job: job.number, instance: number, detail };
}
