/** What advice can change in a fleet, what it needs to know about it, and how a roll-out is judged. */
import { durationUs, US_PER_MINUTE } from "../../../sim/time-units.ts";
import type { Trial, Upkeep } from "../../contract/operations.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { rolledBackBy, visitsEnd } from "./planned-visits.ts";
import { idleLevel } from "./maintenance.ts";
import { unfixedPart } from "./installed-patches.ts";
import { ANY_HOUR, RestartTimes } from "./maintenance-windows.ts";

/** The leaks that raise the gauges which a restart policy can watch. */
const LEAKS_OF: Readonly<Record<string, readonly string[]>> = {
  privateBytes: ["leakedPrivateBytes", "leakedPrivateBytesByRemoteCloses", "leakedPrivateBytesByLpr"],
  handles: ["leakedHandles", "leakedHandlesByRemoteCloses", "leakedHandlesByClients"],
  pagedPoolBytes: ["leakedPagedPoolBytes", "leakedPagedPoolBytesByPopUps"],
};

const KERNEL_LEAKS = ["leakedNonpagedPoolBytesByPipedJobs", "leakedPagedPoolBytesByPopUps"];

/** The leaks of the related bugs. */
const OTHER_LEAKS = [
  ...KERNEL_LEAKS,
  "leakedPrivateBytesByRemoteCloses",
  "leakedHandlesByRemoteCloses",
  "leakedPrivateBytesByLpr",
  "leakedHandlesByClients",
];

/** What people install, buy, set or organize, although articles give the default, or nobody has measured it. */
const DECIDED: readonly (keyof PrintServersValues)[] = [
  "spooler",
  "printers",
  "printWhileSpooling",
  "portMonitor",
  "ramBytes",
  "pagefileBytes",
  "recoveryMinutes",
  "restartPauseMs",
  "restoreMinutes",
  "edition",
  "servicePack",
  "hotfixed",
  "keySet",
  "sp3Share",
  "sp5Share",
  "sp6Share",
  "hotfixedShare",
  "keyShare",
  "patchOrder",
  "netPopUp",
  "unpatchedShare",
];

/** Starting takes longer with more spool files, so not the whole quarter of an hour. */
const LINGERING_MS = 600_000;
const DAY_HOURS = 24;
const DAY_MINUTES = 1440;
const WEEK_HOURS = 168;

export const upkeep: Upkeep<PrintServersValues> = {
  restart: {
    parameter: "restartEveryHours",
    stepHours: ({ restartOn, restartAtHour }) => {
      if (restartOn !== "every-day") return WEEK_HOURS;
      return restartAtHour === ANY_HOUR ? 1 : DAY_HOURS;
    },
    times(values, until) {
      const times: number[] = [];
      if (values.restartEveryHours === 0) return times;
      const calendar = new RestartTimes(values);
      for (let time = calendar.first(); time < until; time = calendar.after(time)) times.push(time);
      return times;
    },
    trigger(values) {
      const level = idleLevel(values);
      const leaks = LEAKS_OF[values.restartGauge];
      if (level === undefined || leaks === undefined) return undefined;
      return { leaks, rise: values.restartAtGauge - level };
    },
    isRescued: ({ complaintMinutesMean, restartEveryHours }) => {
      const soonMinutes = restartEveryHours === 0 ? DAY_MINUTES : Math.min(DAY_MINUTES, 60 * restartEveryHours);
      return complaintMinutesMean > 0 && complaintMinutesMean <= soonMinutes;
    },
    lingers(values) {
      const { relapseShare, restartKind, rebootMs, failoverMs, restartPauseMs, stopMs, startMs } = values;
      const pauseMs = { service: restartPauseMs, reboot: rebootMs, failover: failoverMs }[restartKind];
      return relapseShare > 0 || stopMs + pauseMs + startMs > LINGERING_MS;
    },
    relapses: ({ relapseShare }) => (relapseShare > 0 ? "relapses" : undefined),
    response: "serviceStarts",
    forChanges: "restartsByVisit",
    // Only a reboot frees what the kernel holds; a failover counts as one.
    keeps: ({ restartKind }) => (restartKind === "service" ? KERNEL_LEAKS : []),
    takesBack: ["jobsUnprinted"],
    // A job that vanished or was deleted never prints.
    losesSome: ({ onOpenFail, stuckDeleteShare }) => {
      return onOpenFail === "vanish" || stuckDeleteShare > 0 ? ["jobsUnprinted"] : [];
    },
  },
  noticed: "firstSymptomUs",
  waiting: "stuckUs",
  fixed: "fixedUs",
  otherLeaks: OTHER_LEAKS,
  changedBy: visitsEnd,
  harmed: "printersLostUs",
  repair: ({ restoreMinutes }) => durationUs(restoreMinutes, US_PER_MINUTE),
  undoneBy: rolledBackBy,
  leak: "processorsLeaked",
  decided: DECIDED,
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
    unfixed: unfixedPart,
    placebo: { patchOrder: "sp5" },
    confidence: "judgeConfidence",
    passed: "canaryPassedUs",
    made: "visitsMade",
    wanted: ({ patchOrder }) => patchOrder.visits.length,
    undone: "visitsUndone",
    halted: "rolloutHaltedUs",
    ended: ["visitsRefused", "rolloutHaltedUs"],
  },
};

export const trial: Trial = {
  noun: "roll-out",
  passed: { eventTime: "canaryPassedUs", words: "the judge passes the canaries in" },
  halted: { eventTime: "rolloutHaltedUs", words: "halts" },
};
