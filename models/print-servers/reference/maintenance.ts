/**
 * Sections 8 and 9 of docs/model.md: visits that install patches, restorations, restarts by a gauge or a complaint, and
 * relapses.
 */
import { stale, type Effect } from "./events.ts";
import { afterSteps, undoing } from "./patches.ts";
import { gauges } from "./resources.ts";
import type { Server } from "./server.ts";
import { hang, stopService } from "./service.ts";

/** T18 to T20. */
export function patch(server: Server, visit: number): Effect {
  const { state } = server;
  const isForward = visit < server.values.patchOrder.visits.length;
  if (isForward && server.decisions !== undefined && server.now >= server.decisions.stoppedAt) {
    return stale(`visit ${visit}: the roll-out was halted`);
  }
  if (state.service !== "running" && state.service !== "blind") {
    server.schedule(server.now + 6e7, { kind: "PATCH", visit });
    return { event: "NO_EFFECT", detail: `visit ${visit}: the service is ${state.service}` };
  }
  const { visits } = server.values.patchOrder;
  const wanted = visit === visits.length ? undoing(server.values, state.patch) : visits[visit];
  const leaves = wanted && afterSteps(server.values, state.patch, wanted);
  if (wanted === undefined || leaves === undefined) {
    state.counts.visitsRefused++;
    state.counts.staffUs += server.us.staff.restartsByRecovery;
    return { event: "VISIT_REFUSED", detail: `visit ${visit}` };
  }
  state.counts[visit === visits.length ? "visitsUndone" : "visitsMade"]++;
  const us = wanted.map((step) => server.us.ofStep(step)).reduce((a, b) => a + b, 0);
  state.visit = { leaves, us: Math.max(1, us), next: visit + 1 < visits.length ? visit + 1 : null };
  stopService(server, "restartsByVisit");
  return { event: "VISIT", detail: wanted.join(", ") };
}

export function restore(server: Server, process: number): Effect {
  const { state } = server;
  if (state.service !== "blind" || process !== state.processesEnded) return stale("restoration");
  const withKey = afterSteps(server.values, state.patch, ["setUseSoftwareKey", "restartSpooler"])!;
  const saved = afterSteps(server.values, { ...state.patch, backup: true }, ["restorePrinters"])!;
  state.visit = { leaves: withKey.visible ? withKey : saved, us: null, next: null };
  stopService(server, "restartsByVisit", server.us.staffRestore);
  return { event: "RESTORE", detail: withKey.visible ? "UseSoftwareKey" : "from what was saved" };
}

export function poll(server: Server): Effect {
  const { state } = server;
  server.schedule(server.now + server.us.poll, { kind: "POLL" });
  const gauge = server.values.restartGauge as "privateBytes" | "handles" | "pagedPoolBytes";
  const shown = gauges(server)[gauge];
  const detail = `${gauge} ${shown}`;
  if (state.service !== "running" || shown < server.values.restartAtGauge) return { event: "POLL", detail };
  stopService(server, "restartsByGauge");
  return { event: "STOP", detail };
}

export function complain(server: Server, process: number): Effect {
  const { state } = server;
  state.counts.complaints++;
  if (state.service !== "running" || process !== state.processesEnded) return { event: "COMPLAINT", detail: "in vain" };
  stopService(server, "restartsByComplaint");
  return { event: "STOP", detail: "complaint" };
}

export function relapse(server: Server, process: number): Effect {
  const { state } = server;
  if (state.service !== "running" || process !== state.processesEnded) return stale("relapse");
  state.counts.relapses++;
  hang(server);
  return { event: "HUNG", detail: "relapse" };
}
