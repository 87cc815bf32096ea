/** Section 6 of docs/model.md: the gauges and the ceilings of resources. */
import { first, type Server } from "./server.ts";
import type { EventTime } from "./state.ts";

/** The current values of the gauges of Performance Monitor. */
export function gauges({ state, values: v }: Server) {
  const { held } = state;
  const { jobsExisting, processorsOpened, processorsClosed } = state.counts;
  const open = processorsOpened - processorsClosed;
  return {
    privateBytes:
      v.privateBytesBase +
      v.privateBytesPerPrinter * v.printers +
      v.heapBytesPerJob * jobsExisting +
      v.heapBytesPerInstance * open +
      v.remoteCloseBytes * held.failedCloses +
      v.lprLeakBytes * held.lprAttempts,
    handles: v.handlesBase + v.handlesPerInstance * open + 3 * held.failedCloses + held.clientPipes,
    printerDcs: v.dcsBase + v.dcsPerGdiInstance * state.openWithDc,
    gdiHandles: v.gdiHandlesBase + v.gdiHandlesPerGdiInstance * state.openWithDc,
    pagedPoolBytes: v.pagedPoolBytesBase + v.poolBytesPerGdiInstance * state.openWithDc + v.popUpBytes * held.popUps,
    nonpagedPoolBytes: v.nonpagedPoolBytesBase + held.pipedBytes,
  };
}

/** Whether `need` more bytes would exceed the commit limit. */
export function exceedsCommit(server: Server, need: number): boolean {
  const { commitBytesBase, ramBytes, pagefileBytes } = server.values;
  return commitBytesBase + gauges(server).privateBytes + need > ramBytes + pagefileBytes;
}

/** The ceilings that prevent one more instance with a DC. */
export function exceededCeilings(server: Server): EventTime[] {
  const v = server.values;
  const { printerDcs, gdiHandles, pagedPoolBytes } = gauges(server);
  const refusals: EventTime[] = [];
  if (printerDcs + v.dcsPerGdiInstance > v.dcsMax) refusals.push("dcCeilingUs");
  if (gdiHandles + v.gdiHandlesPerGdiInstance > v.gdiHandlesMax) refusals.push("gdiCeilingUs");
  if (pagedPoolBytes + v.poolBytesPerGdiInstance > v.pagedPoolBytesMax) refusals.push("poolCeilingUs");
  return refusals;
}

/** Section 10: records when, after a leak of a handle, too many handles are open. */
export function watchHandles(server: Server): void {
  if (gauges(server).handles > server.values.handlesMax) first(server, "handlesCeilingUs");
}
