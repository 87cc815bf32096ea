/** The responses of the print servers, which are columns of servers.csv, and the means per event. */
import type { Mean, Response } from "../contract/responses.ts";
import { HANDLES_PER_FAILED_CLOSE } from "./related-bugs/related-bugs.ts";

function count(name: string, meaning: string): Response {
  return { name, unit: "1", role: "count", meaning };
}

function gauge(name: string, unit: string, meaning: string): Response {
  return { name, unit, role: "gauge", meaning };
}

function leak(name: string, unit: string, meaning: string, ceiling?: string): Response {
  return { name, unit, role: "leak", meaning, ...(ceiling === undefined ? {} : { ceiling }) };
}

function eventTime(name: string, meaning: string): Response {
  return { name, unit: "us", role: "eventTime", meaning };
}

/** What is done to one job does not make another leak, except for small effects of the shared lock. */
const thinnedBy = [
  "deleteShare",
  "pauseDeleteShare",
  "restartShare",
  "pauseResumeShare",
  "levelShare",
  "waitingDeleteShare",
  "waitingPauseResumeShare",
];

export const responses = [
  count("jobsSubmitted", "jobs submitted, including refused ones"),
  count("jobsRefused", "jobs refused because the service was not running, had lost its printers or was out of memory"),
  { ...count("jobsPrinted", "jobs printed completely"), headline: "when-levels-differ" },
  count("jobsDeleted", "jobs deleted by their users, or by the spooler because they were empty"),
  count("jobsLost", "jobs lost when the process ended"),
  count("jobsReprinted", "times a job in flight had to print again because the process ended"),
  count("jobsResubmitted", "jobs submitted a second time because the first was stuck; jobsSubmitted counts them too"),
  {
    ...count("jobsStarved", "times a job could not print because no DC was available"),
    headline: "when-levels-differ",
  },
  {
    ...count(
      "jobsUnprinted",
      "jobs that starved and have not printed: stuck now, parked or waiting again; vanished; or given up on",
    ),
    now: true,
  },
  {
    name: "stuckUs",
    unit: "us",
    role: "total",
    label: "time stuck",
    meaning: "time jobs were stuck: from starving until printed or gone",
  },
  { ...count("jobsExisting", "jobs that exist now: spooling, waiting, printing, finishing or parked"), now: true },
  { ...count("jobsParked", "jobs parked now, which look spooled and never print"), now: true },
  count("alterations", "alterations requested while the service ran"),
  count("controlEntries", "alterations that entered a print processor"),
  count(
    "controlLeaves",
    "alterations that left a print processor again; none leaves after a stop or a hang of the service",
  ),
  count("processorsOpened", "print processor instances opened"),
  count("processorsClosed", "print processor instances closed, by the spooler or by the end of its process"),
  count("processorsReclaimed", "print processor instances closed by the end of the process"),
  { ...count("processorsLive", "print processor instances open now that will be closed"), now: true },
  {
    ...count(
      "processorsOrphaned",
      "leaked print processor instances that exist now (orphans); nothing will close them before the process ends",
    ),
    now: true,
    label: "print processors held",
  },
  {
    ...leak("processorsLeaked", "1", "print processor instances leaked so far", "firstSymptomUs"),
    leakSize: 1,
    thinnedBy,
    heldBy: "processorsOrphaned",
    label: "print processors",
  },
  {
    ...leak("leakedPrivateBytes", "B", "private bytes of the print processor instances leaked so far", "exhaustedUs"),
    leakSize: "heapBytesPerInstance",
    thinnedBy,
  },
  {
    ...leak("leakedHandles", "1", "handles of the print processor instances leaked so far", "handlesCeilingUs"),
    leakSize: "handlesPerInstance",
    thinnedBy,
  },
  {
    ...leak("leakedDcs", "1", "printer DCs of the print processor instances leaked so far", "dcCeilingUs"),
    leakSize: "dcsPerGdiInstance",
    thinnedBy,
    label: "printer DCs",
  },
  {
    ...leak("leakedGdiHandles", "1", "GDI handles of the print processor instances leaked so far", "gdiCeilingUs"),
    leakSize: "gdiHandlesPerGdiInstance",
    thinnedBy,
    label: "GDI handles",
  },
  {
    ...leak("leakedPagedPoolBytes", "B", "paged pool of the print processor instances leaked so far", "poolCeilingUs"),
    leakSize: "poolBytesPerGdiInstance",
    thinnedBy,
  },
  gauge("privateBytes", "B", "private bytes of the spooler: Process(spoolss), Private Bytes"),
  gauge("handles", "1", "handles of the spooler: Process(spoolss), Handle Count"),
  {
    ...gauge("printerDcs", "1", "printer DCs that exist; no counter of NT 4.0 shows them"),
    unseen: true,
    label: "printer DCs",
  },
  {
    ...gauge("gdiHandles", "1", "GDI handles that exist; no counter of NT 4.0 shows them"),
    unseen: true,
    label: "GDI handles",
  },
  gauge("pagedPoolBytes", "B", "paged pool in use: Memory, Pool Paged Bytes"),
  { ...eventTime("firstLeakUs", "a print processor instance leaks for the first time"), firstLeak: true },
  eventTime("firstStarvedUs", "a job starves for the first time"),
  { ...eventTime("dcCeilingUs", "a printer DC is refused for the first time"), label: "DC ceiling" },
  { ...eventTime("gdiCeilingUs", "a GDI handle is refused for the first time"), label: "GDI ceiling" },
  eventTime("poolCeilingUs", "paged pool is refused for the first time"),
  eventTime("exhaustedUs", "the commit limit is reached for the first time and the service hangs"),
  {
    ...eventTime(
      "firstSymptomUs",
      "users notice for the first time: a job starves, or the service hangs, is too busy or is disabled",
    ),
    symptom: true,
  },
  count("serviceStarts", "times the service was started again"),
  count("startFailures", "times the service failed to start, with System error 12"),
  { name: "downtimeUs", unit: "us", role: "total", meaning: "time during which the service was not running" },
  {
    name: "guardUs",
    unit: "us",
    role: "total",
    label: "time in print processors",
    meaning: "time that alterations spent inside print processors, counted when they leave",
  },
  { name: "lockWaitUs", unit: "us", role: "total", meaning: "time spent waiting for the spooler's lock" },
  count("lockRequests", "requests of the spooler's lock"),
  count("restartsByCalendar", "times the service was stopped by the calendar"),
  count("restartsByGauge", "times the service was stopped because a gauge was too high"),
  count("restartsByComplaint", "times the service was stopped because a user complained of a job that never prints"),
  count("restartsByRecovery", "times the service was stopped because it had hung"),
  count("restartsByVisit", "times the service was stopped to install, roll back or restore something"),
  count("complaints", "complaints of users whose job never prints, including those without effect"),
  count("relapses", "times the service hung again after it was started"),
  {
    name: "staffUs",
    unit: "us",
    role: "total",
    label: "staff time",
    meaning: "staff time spent on restarts and visits",
  },
  count("visitsMade", "visits that installed something"),
  count("visitsRefused", "visits without effect, because a step was refused"),
  count("visitsUndone", "visits that rolled back what was installed"),
  { ...count("fixedNow", "1 while the running spooler has the fix by a patch"), now: true },
  eventTime("fixedUs", "a spooler with the fix by a patch runs for the first time"),
  eventTime("printersLostUs", "the service starts without its printers for the first time"),
  {
    name: "printersHiddenUs",
    unit: "us",
    role: "total",
    label: "time without printers",
    meaning: "time during which the service ran without its printers",
  },
  count("jobsToHiddenPrinters", "jobs refused because their printers were lost"),
  { ...eventTime("canaryPassedUs", "the roll-out's canaries were judged better, and the waves begin"), ofFleet: true },
  { ...eventTime("rolloutHaltedUs", "the roll-out was halted"), ofFleet: true },
  count("remoteCloses", "printed jobs whose remote printer was closed by RPC (Q224345)"),
  count("remoteClosesFailed", "closes of remote printers that failed (Q224345)"),
  {
    ...leak("leakedHandlesByRemoteCloses", "1", "handles leaked by failed closes (Q224345)", "handlesCeilingUs"),
    leakSize: HANDLES_PER_FAILED_CLOSE,
    thinnedBy: ["remoteCloseFailShare"],
  },
  {
    ...leak("leakedPrivateBytesByRemoteCloses", "B", "private bytes leaked by failed closes (Q224345)", "exhaustedUs"),
    leakSize: "remoteCloseBytes",
    thinnedBy: ["remoteCloseFailShare"],
  },
  count("lprDisconnections", "times an LPR printer disconnected while the service ran: Event 2004 (Q223791)"),
  count("lprRetries", "attempts of the LPR monitor to reconnect, one every four seconds (Q223791)"),
  {
    ...leak(
      "leakedPrivateBytesByLpr",
      "B",
      "private bytes leaked by disconnections and retries of LPR printers (Q223791)",
      "exhaustedUs",
    ),
    label: "private bytes by the LPR monitor",
  },
  count("jobsPiped", "jobs that came through a named pipe (Q226513)"),
  leak(
    "leakedNonpagedPoolBytesByPipedJobs",
    "B",
    "nonpaged pool leaked by jobs that came through a named pipe (Q226513)",
    "nonpagedCeilingUs",
  ),
  { ...count("popUpsLost", "pop-ups to users who were not logged on (Q283102)"), label: "pop-ups lost" },
  {
    ...leak(
      "leakedPagedPoolBytesByPopUps",
      "B",
      "paged pool leaked by pop-ups to users who were not logged on (Q283102)",
      "poolCeilingUs",
    ),
    leakSize: "popUpBytes",
    thinnedBy: ["popUpLostShare"],
    label: "paged pool bytes by pop-ups",
  },
  {
    ...leak(
      "leakedHandlesByClients",
      "1",
      "pipes of unpatched clients, which never time out (Q182333)",
      "handlesCeilingUs",
    ),
    leakSize: 1,
  },
  {
    ...count("raceHangs", "times the service hung because two calls to pause or resume jobs raced (Q247408)"),
    headline: "when-it-happened",
  },
  gauge("nonpagedPoolBytes", "B", "nonpaged pool in use: Memory, Pool Nonpaged Bytes"),
  eventTime("handlesCeilingUs", "the spooler holds too many handles for the first time: RPC Server Too Busy"),
  eventTime("nonpagedCeilingUs", "nonpaged pool is refused for the first time, and the server is disabled: Event 2019"),
  eventTime("raceHangUs", "a race hangs the service for the first time (Q247408)"),
] as const satisfies readonly Response[];

export type ResponseName = (typeof responses)[number]["name"];

export const means: readonly Mean[] = [
  {
    name: "leaksPerControlEntry",
    unit: "1",
    of: "processorsLeaked",
    per: "controlEntries",
    meaning: "print processors leaked per alteration that entered a print processor",
  },
  {
    name: "guardUsMean",
    unit: "us",
    of: "guardUs",
    per: "controlLeaves",
    meaning: "mean time that an alteration stays inside a print processor",
  },
  {
    name: "lockWaitUsMean",
    unit: "us",
    of: "lockWaitUs",
    per: "lockRequests",
    meaning: "mean wait for the spooler's lock",
  },
];
