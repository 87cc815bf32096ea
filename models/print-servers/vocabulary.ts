/**
 * What the print servers say of themselves to whoever reports on them: what an incident takes of people, what that
 * costs, what Performance Monitor shows, how a roll-out is judged, and how the story of a leak is told.
 */
import type { Counter, Impact, Narrative, Price, TraceEvent, Trial, Upkeep } from "../model.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import type { ResponseName } from "./responses.ts";
import { ANY_HOUR } from "./upkeep/maintenance-windows.ts";

const MINUTE_US = 60e6;
const HOUR_US = 3600e6;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;

/** Of one of the print servers' responses. */
type Of<Item> = Item & { readonly response: ResponseName };

export const impacts: readonly Of<Impact>[] = [
  { response: "staffUs", heading: "staff [min]", size: MINUTE_US, attended: true },
  { response: "downtimeUs", heading: "down [min]", size: MINUTE_US },
  { response: "serviceStarts", heading: "starts", attended: true },
  { response: "jobsStarved", heading: "jobs starved" },
  { response: "jobsUnprinted", heading: "unprinted" },
  { response: "stuckUs", heading: "stuck [h]", size: HOUR_US },
  { response: "jobsLost", heading: "lost" },
  { response: "jobsReprinted", heading: "printed twice" },
  { response: "jobsRefused", heading: "refused" },
  { response: "startFailures", heading: "failed starts" },
  { response: "fixedUs", heading: "fixed", attended: true },
  { response: "printersLostUs", heading: "printers lost" },
  { response: "canaryPassedUs", heading: "canaries passed" },
  { response: "rolloutHaltedUs", heading: "roll-outs halted" },
];

export const prices: readonly Of<Price>[] = [
  {
    name: "staffHour",
    meaning: "an hour of those who administer",
    unit: "hour",
    default: 40,
    response: "staffUs",
    size: HOUR_US,
  },
  {
    name: "downtimeHour",
    meaning: "an hour without the service",
    unit: "hour",
    default: 20,
    response: "downtimeUs",
    size: HOUR_US,
  },
  {
    name: "unprintedJob",
    meaning: "a job that starved and has not printed at the end",
    unit: "job",
    default: 0.5,
    response: "jobsUnprinted",
  },
  {
    name: "stuckJobHour",
    meaning: "an hour for which a job is stuck, until it prints or the end",
    unit: "hour",
    default: 0.05,
    response: "stuckUs",
    size: HOUR_US,
  },
  { name: "lostJob", meaning: "a job that a restart loses", unit: "job", default: 0.5, response: "jobsLost" },
  {
    name: "reprintedJob",
    meaning: "a printout that a restart begins again",
    unit: "job",
    default: 0.1,
    response: "jobsReprinted",
  },
  {
    name: "refusedJob",
    meaning: "a job that the server refuses, to be sent again",
    unit: "job",
    default: 0.2,
    response: "jobsRefused",
  },
  {
    name: "lostPrinters",
    meaning: "a server that loses its printers",
    unit: "server",
    default: 200,
    response: "printersLostUs",
  },
];

/** The counters of NT 4.0; it had none for GDI handles or DCs, and the object Print Queue came with Windows 2000. */
export function counters({ commitBytesBase, ramBytes, pagefileBytes }: PrintServersValues): Counter[] {
  return [
    { path: "Process(%s)\\Private Bytes", response: "privateBytes" },
    { path: "Process(%s)\\Handle Count", response: "handles" },
    { path: "Memory\\Pool Paged Bytes", response: "pagedPoolBytes" },
    { path: "Memory\\Committed Bytes", response: "privateBytes", plus: commitBytesBase },
    { path: "Memory\\Commit Limit", plus: ramBytes + pagefileBytes },
  ];
}

export const upkeep: Upkeep<PrintServersValues> = {
  restart: {
    parameter: "restartEveryHours",
    stepHours: ({ restartOn, restartAtHour }) => {
      if (restartOn !== "every-day") return WEEK_HOURS;
      return restartAtHour === ANY_HOUR ? 1 : DAY_HOURS;
    },
    response: "serviceStarts",
    takesBack: ["jobsUnprinted"],
  },
  noticed: "firstSymptomUs",
  fixed: "fixedUs",
  harmed: "printersLostUs",
  leak: "processorsLeaked",
  unknown: "controlMsMedian",
  canaries: {
    settings: (canaries, days) => ({
      canaryServers: canaries,
      canaryDays: days,
      judge: "mann-whitney",
      waveServers: 0,
      patchAtDays: 0,
      windowDays: "every-day",
      windowStartHour: 0,
      windowHours: 24,
      staggerMinutes: 0,
    }),
    placebo: { patchOrder: "sp5" },
    confidence: "judgeConfidence",
    passed: "canaryPassedUs",
    made: "visitsMade",
  },
};

export const trial: Trial = {
  noun: "roll-out",
  passed: { moment: "canaryPassedUs", words: "the judge passes the canaries in" },
  halted: { moment: "rolloutHaltedUs", words: "halts" },
};

const ORPHANED = /^orphaned/;

/** What the events of a trace mean, in the words of the article. */
const sentences: Readonly<Record<string, (event: TraceEvent) => string>> = {
  SUBMIT: ({ job, detail }) => `job ${job} is submitted: ${detail}`,
  SPOOLED: ({ job }) => `job ${job} may be picked`,
  PP_OPEN: ({ job, instance, detail }) => `the port thread opens print processor ${instance} for job ${job}: ${detail}`,
  ALTER: ({ job, detail }) => `somebody alters job ${job}: ${detail}`,
  CTL_ENTER: ({ instance, detail }) => `the alteration enters print processor ${instance}: ${detail}`,
  RELOCK: ({ detail }) => `the alteration waits for the spooler's lock before it can leave: ${detail}`,
  CTL_EXIT: ({ instance, detail }) =>
    `the alteration leaves print processor ${instance}${detail === "" ? "" : `: ${detail}`}`,
  WAKE: ({ job }) => `the port thread, which was blocked by the pause, runs again with job ${job}`,
  BLOCKED: ({ job }) => `the port thread blocks again with job ${job}`,
  CLOSE_ATTEMPT: ({ instance, detail }) =>
    `the port thread attempts to close print processor ${instance}${ORPHANED.test(detail) ? skipped(detail) : `: ${detail}`}`,
  PRINTED: ({ job }) => `job ${job} counts as printed`,
  DELETED: ({ job }) => `job ${job} is deleted`,
  RESTARTED: ({ job }) => `job ${job} waits to be printed again`,
};

/** Why a close was skipped: in the words of the spooler's source, or what a spooler of somebody's own did. */
function skipped(detail: string): string {
  const [, why = detail, guard = "0"] = /^orphaned: (.*), guard (\d+)$/.exec(detail) ?? [];
  if (why.startsWith("spooler ")) return `; ${why} (guard ${guard}), and nobody ever will`;
  return `, but "${why}": it does not close it, and nobody ever will`;
}

/** Counts that move with nearly every event and say nothing of a leak. */
const bookkeeping: ReadonlySet<string> = new Set<ResponseName>([
  "lockRequests",
  "lockWaitUs",
  "jobsExisting",
  "jobsSubmitted",
  "alterations",
  "controlEntries",
  "controlLeaves",
  "guardUs",
]);

export const narrative: Narrative = {
  leaks: "processorsLeaked" satisfies ResponseName,
  isLeak: ({ detail }) => ORPHANED.test(detail),
  cause: ({ detail }) => detail.replace(/^orphaned: /, "").replace(/, guard \d+$/, ""),
  subject: ({ job, instance }) => `job ${job} and its print processor ${instance}`,
  sentence(event) {
    if (event.event === "OUTLIVED") return undefined;
    return sentences[event.event]?.(event) ?? `${event.event}${event.detail === "" ? "" : `: ${event.detail}`}`;
  },
  changes: ({ patches }) =>
    patches.flatMap(({ path, value }) => {
      const word = String(path.at(-1));
      if (path[0] === "counts" && typeof value === "number" && !bookkeeping.has(word)) return [`${word} = ${value}`];
      if (path[0] === "instances" && word === "guard")
        return [`guard of print processor ${path[1]} = ${String(value)}`];
      return [];
    }),
  /** On until every alteration has left the print processor; how many are inside is the guard that the leak saw. */
  follow(leak) {
    let inside = Number(/guard (\d+)/.exec(leak.detail)?.[1] ?? 1);
    return (event) => {
      if (event !== leak && event.instance === leak.instance && event.event === "CTL_EXIT") inside--;
      return inside <= 0;
    };
  },
};

/** Words that an administrator of today may not know. */
export const terms: Readonly<Record<string, string>> = {
  "print processor":
    "The part of the spooler that converts a job's data for the printer. An instance is opened for each job and should " +
    "be closed after it; an instance that is never closed is the leak.",
  "printer DC":
    "Printer device context: the graphics object that TEXT and EMF pages are drawn on. A leaked print processor of such " +
    "a job keeps one. When none is left, TEXT jobs look spooled and never print.",
  "GDI handle": "A handle of a graphics object such as a font or a bitmap. Windows has a limited number of them.",
  "private bytes": "Memory that only the spooler's process can use: the counter that administrators watch.",
  "paged pool": "Memory of the Windows kernel, limited in size, that graphics objects use as well.",
  "nonpaged pool": "Memory of the Windows kernel that always stays in RAM; when it runs out, the server stops serving.",
  handle: "A number that a process uses for something that Windows keeps for it, such as a file or a pipe.",
  starved: "A job that cannot print because no printer DC is available. NT 4.0 logs nothing.",
  mainframe: "A site that prints mostly TEXT jobs, as business systems of the time did.",
};
