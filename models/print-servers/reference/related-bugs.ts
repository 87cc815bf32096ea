/** Section 10 of docs/model.md: the related bugs, restated. */
import { fixes } from "../patching/patch-state.ts";
import type { Command, Fate } from "./draws.ts";
import { stale, type Effect } from "./events.ts";
import { gauges, watchHandles } from "./resources.ts";
import { first, type Server } from "./server.ts";
import { hang } from "./service.ts";
import { leakOf } from "./state.ts";

/** Q226513. */
export function takePiped(server: Server, bytes: number): boolean {
  const { state } = server;
  const { pipedPoolShare, nonpagedPoolBytesMax } = server.values;
  const pool = Math.ceil(pipedPoolShare * bytes);
  state.counts.jobsPiped++;
  if (affects(server, "Q226513") && gauges(server).nonpagedPoolBytes + pool > nonpagedPoolBytesMax) {
    first(server, "nonpagedCeilingUs");
    state.disabled = true;
    return false;
  }
  leak(server, "Q226513", pool);
  return true;
}

/** Q182333. */
export function openPipe(server: Server, client: number): string {
  const { state } = server;
  const open = state.pipes[client] ?? 0;
  if (open >= server.values.pipesPerClientMax) return "";
  state.pipes[client] = open + 1;
  leak(server, "Q182333", 1);
  return `, client ${client} leaves pipe ${open + 1} open`;
}

/** Q224345. */
export function closeRemotely(server: Server, fate: Fate): string {
  const { state } = server;
  if (fate.remote) state.counts.remoteCloses++;
  if (!fate.closeFails) return "";
  state.counts.remoteClosesFailed++;
  const leaked = leak(server, "Q224345", 1);
  return leaked ? "; its remote close fails and leaks 3 handles" : "; its remote close fails";
}

/** Q283102. */
export function popUp(server: Server, fate: Fate): string {
  const { state } = server;
  const { netPopUp, popUpBytes, pagedPoolBytesMax } = server.values;
  if (!netPopUp || !fate.popUpLost) return "";
  state.counts.popUpsLost++;
  if (gauges(server).pagedPoolBytes + popUpBytes <= pagedPoolBytesMax) {
    leak(server, "Q283102", 1);
    return "; its pop-up finds nobody logged on";
  }
  first(server, "poolCeilingUs");
  if (state.service === "running") hang(server);
  return "; its pop-up finds no paged pool, and the service hangs";
}

/** Q223791. */
export function disconnect(server: Server): Effect {
  const { state } = server;
  const retries = server.draws.outageRetries();
  server.schedule(server.now + server.draws.untilOutage(), { kind: "DISCONNECT" });
  if (state.service !== "running") return { event: "NO_EFFECT", detail: `the service is ${state.service}` };
  state.counts.lprDisconnections++;
  attempt(server, retries);
  return { event: "EVENT_2004", detail: `an LPR printer disconnects; ${retries} retries will find it so` };
}

export function retry(server: Server, left: number): Effect {
  const { state } = server;
  if (state.service !== "running") return stale(`the service is ${state.service}`);
  state.counts.lprRetries++;
  attempt(server, left);
  return { event: "RETRY", detail: `the LPR monitor tries again in vain, ${left} more to come` };
}

/** Q247408. */
export function races(server: Server, command: Command): boolean {
  const { state } = server;
  const { Q247408, raceWindowMs } = server.values;
  if (Q247408 === "absent" || (command !== "pause" && command !== "resume")) return false;
  const isRace = state.commandedAt !== null && server.now - state.commandedAt < raceWindowMs * 1000;
  state.commandedAt = server.now;
  if (isRace) state.counts.raceHangs++;
  return isRace;
}

/**
 * The process has ended. A failover, a reboot or a visit that installs something (which reboots) releases kernel
 * resources too.
 */
export function forgetRelatedBugs(server: Server): void {
  const { state } = server;
  state.held.failedCloses = 0;
  state.held.lprAttempts = 0;
  state.held.clientPipes = 0;
  state.pipes = {};
  state.commandedAt = null;
  const visited = typeof state.visit?.us === "number";
  if (server.values.restartKind === "service" && !visited) return;
  state.held.pipedBytes = 0;
  state.held.popUps = 0;
  state.disabled = false;
}

function attempt(server: Server, left: number): void {
  leak(server, "Q223791", 1);
  if (left > 0) server.schedule(server.now + 4e6, { kind: "RETRY", left: left - 1 });
}

/** Records leaks of the bug, if it affects the server. */
function leak(server: Server, bug: keyof typeof leakOf, times: number): boolean {
  const { state } = server;
  if (!affects(server, bug)) return false;
  const what = leakOf[bug];
  state.held[what] += times;
  state.leaked[what] += times;
  const takesHandles = what === "failedCloses" || what === "clientPipes";
  if (takesHandles) watchHandles(server);
  return true;
}

/**
 * Whether the bug affects the server: it is present in the fleet, and the files that run on the server do not fix it.
 */
function affects(server: Server, bug: keyof typeof leakOf): boolean {
  const { state, values } = server;
  return values[bug] === "present" && !fixes(state.patch, bug, values);
}
