/**
 * The parameters of the staff's work: restarts by policy and their cost, the installed patches, the patch
 * order and its roll-out. All are off by default: the other parameters describe an unattended fleet.
 */
import { choice, number, onOff, share, whole } from "../../define-parameters.ts";
import { patchOrders, validatePatchOrder } from "../patching/patch-orders.ts";
import { editions, processorTypes, servicePacks } from "../patching/patch-state.ts";

/** The gauges of the print servers; NT 4.0 shows only the first three (Performance Monitor). */
export const gauges = ["privateBytes", "handles", "pagedPoolBytes", "printerDcs", "gdiHandles"] as const;

export const maintenanceParameters = {
  restartGauge: choice(
    "none",
    ["none", ...gauges],
    "gauge, as Performance Monitor shows it, whose level triggers a restart of the service",
    "decision: no policy",
  ),
  restartAtGauge: number(
    "1",
    0,
    [0, 1e12],
    "level of restartGauge that triggers a restart, in the gauge's unit",
    "decision",
  ),
  pollEveryMinutes: number(
    "min",
    5,
    [0.1, 1e5],
    "interval at which restartGauge is read",
    "decision; Q150934: longer than 15 s",
  ),
  complaintMinutesMean: number(
    "min",
    0,
    [0, 1e6],
    "mean time until a user whose job never prints complains, and the service is restarted; exponential; 0 for never",
    "decision: no policy",
  ),
  relapseShare: share(
    0,
    "share of starts after which the service hangs again",
    "assumption; in a mail network of NT servers, 0.6 of the reboots (Kalyanakrishnam and others, 1999)",
  ),
  relapseMinutesMean: number(
    "min",
    90,
    [0.1, 1e6],
    "mean time from a start until the service hangs again; exponential",
    "assumption; the same field data: within 1 to 2 h",
  ),
  staffMinutesPerRestart: number(
    "min",
    1,
    [0, 1e5],
    "staff time of a restart at a fixed time, or because a counter has reached a set level (restartGauge)",
    "assumption",
  ),
  staffMinutesPerVisit: number(
    "min",
    30,
    [0, 1e5],
    "staff time of a visit that follows a complaint, ends a hang of the service, or is in vain because the server refuses an installation",
    "assumption",
  ),
  staffMinutesPerUpgrade: number("min", 45, [0, 1e5], "staff time of a visit that installs patches", "assumption"),
  staffMinutesPerRestore: number("min", 120, [0, 1e5], "staff time to bring lost printers back", "assumption"),

  edition: choice(
    "NTS",
    editions,
    "Server, Enterprise Edition, Workstation or Terminal Server Edition",
    "fact of the fleet",
  ),
  processor: choice("x86", processorTypes, "the processor", "fact of the fleet"),
  servicePack: choice("4", servicePacks, "service pack at the start", "Q225095: the hotfix needs 4 or later"),
  hotfixed: onOff(
    false,
    "the hotfix is installed at the start, and has moved the printers",
    "fact of the fleet; that it moved them is an assumption",
  ),
  keySet: onOff(false, "UseSoftwareKey is set at the start", "fact of the fleet; Q239907"),
  sp3Share: share(0, "share of servers that have Service Pack 3 at the start", "fact of the fleet"),
  sp5Share: share(0, "share of servers that have Service Pack 5 at the start", "fact of the fleet"),
  sp6Share: share(0, "share of servers that have Service Pack 6 at the start", "fact of the fleet"),
  hotfixedShare: share(
    0,
    "share of servers that have the hotfix at the start, if their service pack allows it",
    "fact of the fleet",
  ),
  keyShare: share(0, "share of servers on which UseSoftwareKey is set at the start", "fact of the fleet"),
  tseSp5HasRollup: onOff(true, "Service Pack 5 of Terminal Server has the fix", "Q236390; Q223863 says it has not"),
  acceptMisnomer: onOff(false, "UseSoftwareHive works like UseSoftwareKey", "Q223863; Q239907 and Q244135 differ"),
  migrateNeedsKey: onOff(
    false,
    "the hotfix moves the list of printers to another hive of the registry only if the value UseSoftwareKey is set",
    "assumption; Q239907 says so, but Q223863 contradicts it: docs/model.md, section 8",
  ),
  spOverwritesHotfix: onOff(true, "Service Pack 5 overwrites the hotfix", "assumption: according to Q194334"),

  patchOrder: {
    kind: "part",
    default: "none",
    catalogue: patchOrders,
    validate: validatePatchOrder,
    meaning: "what is installed, visit by visit",
    source: "Q223863, Q225095, Q239907",
  },
  patchAtDays: number("d", 0, [0, 36600], "earliest time of the first visit", "decision"),
  patchGapDays: number("d", 7, [0, 36600], "time between two visits to a server", "decision"),
  hotfixMinutes: number("min", 10, [0, 1e4], "time to install a hotfix", "assumption"),
  servicePackMinutes: number("min", 30, [0, 1e4], "time to install a service pack", "assumption"),
  restoreMinutes: number(
    "min",
    240,
    [0, 1e6],
    "time until staff come to restore lost printers; 0 for never",
    "assumption",
  ),
  windowStartHour: number("h", 0, [0, 23.999], "hour of the day at which the maintenance window opens", "decision"),
  windowHours: number("h", 24, [0.1, 24], "length of the maintenance window; 24 for any time", "decision: no window"),
  windowDays: choice("every-day", ["every-day", "weekend"], "days of the maintenance window", "decision"),
  staggerMinutes: number("min", 0, [0, 1e5], "time between the visits to two successive servers", "decision"),

  waveServers: whole("1", 0, [0, 1e7], "servers per wave of the roll-out; 0 for all at once", "decision: no waves"),
  soakDays: number("d", 7, [0.01, 36600], "time between two waves", "decision"),
  waveOrder: choice(
    "as-numbered",
    ["as-numbered", "worst-first", "best-first"],
    "order of the servers: by number, or by what they have leaked so far",
    "decision",
  ),
  haltAtLost: whole("1", 1, [1, 1e7], "number of servers without printers at which the roll-out halts", "decision"),
  rollBack: onOff(true, "a roll-out that halts rolls back what it installed", "decision"),
  canaryServers: whole("1", 0, [0, 1e6], "servers that are patched first and judged; 0 for none", "decision"),
  canaryDays: number("d", 7, [0.01, 36600], "time after which the canaries are judged", "decision"),
  judge: choice(
    "mann-whitney",
    ["mann-whitney", "sequential"],
    "how the canaries are judged: once, by a Mann-Whitney interval, or every day, by a sequential test",
    "decision; the judge of Kayenta; Johari and others",
  ),
  judgeConfidence: share(0.98, "confidence of the judge's interval or sequential test", "decision; Kayenta's judge"),
  judgeTolerance: share(
    0.25,
    "distance from 0 that the judge's interval must keep, as a share of the estimate",
    "decision; Kayenta's judge",
  ),
} as const;
