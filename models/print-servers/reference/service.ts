/** Section 7 of docs/model.md: the service hangs, or begins to stop. */
import { forget } from "./instances.ts";
import { first, type Server } from "./server.ts";

type Cause =
  | "restartsByCalendar"
  | "restartsByGauge"
  | "restartsByComplaint"
  | "restartsByRecovery"
  | "restartsByVisit";

/** T16. */
export function exhaust(server: Server): void {
  first(server, "exhaustedUs");
  hang(server);
}

export function hang(server: Server): void {
  const { state } = server;
  state.service = "hung";
  state.downSince = server.now;
  for (const printer of state.printers) printer.due = null;
  voidAlterations(server);
  if (server.us.recovery > 0) server.schedule(server.now + server.us.recovery, { kind: "STOP", object: 1 });
}

export function voidAlterations(server: Server): void {
  const { state } = server;
  state.requested = {};
  state.inside = {};
  for (const number of Object.keys(state.instances)) forget(server, Number(number));
}

export function stopService(server: Server, cause: Cause, staffUs = server.us.staff[cause]): void {
  const { state } = server;
  state.counts[cause]++;
  state.counts.staffUs += staffUs;
  if (state.hiddenSince !== null) state.counts.printersHiddenUs += server.now - state.hiddenSince;
  state.hiddenSince = null;
  state.service = "stopping";
  state.downSince ??= server.now;
  server.schedule(server.now + Math.max(1, server.us.stop), { kind: "STOPPED" });
}
