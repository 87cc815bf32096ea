/** Every response of one server, computed from its state. */
import type { Time } from "../../../sim/event-list.ts";
import type { ResponseName } from "../responses.ts";
import { fixedByPatch } from "./patches.ts";
import { gauges } from "./resources.ts";
import type { Server } from "./server.ts";
import type { EventTime } from "./state.ts";

/** The event times that users notice. */
const symptoms = [
  "firstStarvedUs",
  "poolCeilingUs",
  "exhaustedUs",
  "handlesCeilingUs",
  "nonpagedCeilingUs",
  "raceHangUs",
] as const;

/** Every response at `now` [us], after every event before it; NaN for events that have not happened. */
export function responses(server: Server, now: Time): Record<ResponseName, number> {
  const { values: v, state } = server;
  const { counts, downSince, hiddenSince, leakedWithDc, leaked, printers } = state;
  const existing = printers.flatMap(({ jobs, parked }) => [...Object.values(jobs), ...parked]);
  const stuck = existing.map(({ starvedAt }) => (starvedAt === null ? 0 : now - starvedAt));
  const timeOf = (name: EventTime): number => state.eventTimes[name] ?? NaN;
  // V8 takes forty times as long for a literal that spreads so many names.
  return Object.assign({}, counts, gauges(server), {
    processorsLive: counts.processorsOpened - counts.processorsClosed - counts.processorsOrphaned,
    leakedPrivateBytes: v.heapBytesPerInstance * counts.processorsLeaked,
    leakedHandles: v.handlesPerInstance * counts.processorsLeaked,
    leakedDcs: v.dcsPerGdiInstance * leakedWithDc,
    leakedGdiHandles: v.gdiHandlesPerGdiInstance * leakedWithDc,
    leakedPagedPoolBytes: v.poolBytesPerGdiInstance * leakedWithDc,
    firstLeakUs: timeOf("firstLeakUs"),
    firstStarvedUs: timeOf("firstStarvedUs"),
    dcCeilingUs: timeOf("dcCeilingUs"),
    gdiCeilingUs: timeOf("gdiCeilingUs"),
    poolCeilingUs: timeOf("poolCeilingUs"),
    exhaustedUs: timeOf("exhaustedUs"),
    fixedUs: timeOf("fixedUs"),
    printersLostUs: timeOf("printersLostUs"),
    canaryPassedUs: decided(server, "passedAt", now),
    rolloutHaltedUs: decided(server, "haltedAt", now),
    handlesCeilingUs: timeOf("handlesCeilingUs"),
    nonpagedCeilingUs: timeOf("nonpagedCeilingUs"),
    raceHangUs: timeOf("raceHangUs"),
    firstSymptomUs: earliest(symptoms.map(timeOf)),
    leakedHandlesByRemoteCloses: 3 * leaked.failedCloses,
    leakedPrivateBytesByRemoteCloses: v.remoteCloseBytes * leaked.failedCloses,
    leakedPrivateBytesByLpr: v.lprLeakBytes * leaked.lprAttempts,
    leakedNonpagedPoolBytesByPipedJobs: leaked.pipedBytes,
    leakedPagedPoolBytesByPopUps: v.popUpBytes * leaked.popUps,
    leakedHandlesByClients: leaked.clientPipes,
    stuckUs: stuck.reduce((total, us) => total + us, counts.stuckUs),
    downtimeUs: counts.downtimeUs + (downSince === null ? 0 : now - downSince),
    fixedNow: fixedByPatch(server) ? 1 : 0,
    printersHiddenUs: counts.printersHiddenUs + (hiddenSince === null ? 0 : now - hiddenSince),
  });
}

/** The time of a decision of the fleet; NaN until it is made. */
function decided(server: Server, what: "passedAt" | "haltedAt", now: Time): Time {
  const at = server.decisions?.[what] ?? NaN;
  return at < now ? at : NaN;
}

/** The earliest of event times, of which any may be NaN; NaN if all are. */
function earliest(times: readonly number[]): number {
  const come = times.filter((time) => !Number.isNaN(time));
  return come.length === 0 ? NaN : Math.min(...come);
}
