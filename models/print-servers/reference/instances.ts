/** Section 5 of docs/model.md: print processors, which the spooler closes or leaves behind as orphans. */
import { fixedByPatch } from "./patches.ts";
import { watchHandles } from "./resources.ts";
import { first, type Server } from "./server.ts";
import { spoolers, type Verb } from "./spoolers.ts";

/**
 * Calls one of the spooler's four verbs: from spoolers.ts, or from the user's spooler with columns for this one
 * instance.
 */
export function spoolerDoes(server: Server, verb: Verb, number: number): void {
  const { state } = server;
  const { spooler } = server.values;
  const name = fixedByPatch(server) ? "fixed" : spooler.name;
  const instance = state.instances[number];
  if (Object.hasOwn(spoolers, name)) {
    spoolers[name][verb](instance, () => closeProcessor(server, number));
    return;
  }
  const guard: number[] = [];
  const closePending: number[] = [];
  guard[number] = instance.guard;
  closePending[number] = instance.closePending;
  spooler[verb]({ guard, closePending, closeProcessor: (which) => closeProcessor(server, which) }, number);
  instance.guard = guard[number];
  instance.closePending = closePending[number];
}

function closeProcessor(server: Server, number: number): void {
  const { state } = server;
  const instance = state.instances[number];
  if (instance?.status !== "open") {
    throw new Error(`print processor ${number} is not open; only an open one can be closed`);
  }
  instance.status = "closed";
  state.counts.processorsClosed++;
  if (instance.holdsDc) state.openWithDc--;
}

/** Whether the instance becomes an orphan: its close was attempted, and no alteration inside will close it. */
export function orphansIfAbandoned(server: Server, number: number): boolean {
  const { state } = server;
  const instance = state.instances[number];
  const somebodyInside = Object.values(state.inside).some((stay) => stay.instance === number);
  if (instance.status !== "open" || !instance.attempted || (instance.closePending && somebodyInside)) return false;
  instance.status = "orphaned";
  state.counts.processorsOrphaned++;
  state.counts.processorsLeaked++;
  if (instance.holdsDc) state.leakedWithDc++;
  first(server, "firstLeakUs");
  watchHandles(server);
  return true;
}

/** Forgets a closed or orphaned instance once no alteration is inside it. */
export function forget(server: Server, number: number): void {
  const { state } = server;
  if (state.instances[number].status === "open") return;
  if (Object.values(state.inside).some(({ instance }) => instance === number)) return;
  delete state.instances[number];
}
