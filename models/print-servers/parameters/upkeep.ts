/**
 * The parameters of what the fleet's staff do: restarts by policy and their cost, the installed patches, the patch
 * order and its roll-out. All are off by default: the other parameters describe an unattended fleet.
 */
import { choice, number, onOff, share, whole } from "../../define-parameters.ts";
import { patchOrders, validatePatchOrder } from "../patching/patch-orders.ts";
import { editions, processorTypes, servicePacks } from "../patching/patch-state.ts";

/** The gauges of the print servers; of these NT 4.0 shows the first three (Performance Monitor). */
export const gauges = ["privateBytes", "handles", "pagedPoolBytes", "printerDcs", "gdiHandles"] as const;

export const maintenanceParameters = {
  restartGauge: choice(
    "none",
    ["none", ...gauges],
    "the service is restarted when this gauge, as Performance Monitor shows it, is too high",
    "decision: no policy",
  ),
  restartAtGauge: number("1", 0, [0, 1e12], "and this is too high, in the gauge's unit", "decision"),
  pollEveryMinutes: number(
    "min",
    5,
    [0.1, 1e5],
    "the gauge is looked at this often",
    "decision; Q150934: longer than 15 s",
  ),
  complaintMinutesMean: number(
    "min",
    0,
    [0, 1e6],
    "a user whose job never prints complains after this, and the service is restarted; exponential; 0 for never",
    "decision: no policy",
  ),
  relapseShare: share(
    0,
    "share of starts after which the service hangs again",
    "assumption; 0.6 of the reboots of a mail network of NT servers (Kalyanakrishnam and others, 1999)",
  ),
  relapseMinutesMean: number(
    "min",
    90,
    [0.1, 1e6],
    "and how long after the start; exponential",
    "assumption; the same field data: within 1 to 2 h",
  ),
  staffMinutesPerRestart: number("min", 1, [0, 1e5], "staff time of a restart by calendar or gauge", "assumption"),
  staffMinutesPerVisit: number(
    "min",
    30,
    [0, 1e5],
    "staff time of a visit: after a complaint, to a hung service, or in vain",
    "assumption",
  ),
  staffMinutesPerUpgrade: number("min", 45, [0, 1e5], "staff time of a visit that installs", "assumption"),
  staffMinutesPerRestore: number("min", 120, [0, 1e5], "staff time to bring lost printers back", "assumption"),

  edition: choice(
    "NTS",
    editions,
    "Server, Enterprise Edition, Workstation or Terminal Server Edition",
    "fact of the fleet",
  ),
  processor: choice("x86", processorTypes, "the processor", "fact of the fleet"),
  servicePack: choice("4", servicePacks, "the service pack at the start", "Q225095: the fix begins with 4"),
  hotfixed: onOff(
    false,
    "the hotfix is there at the start, and has moved the printers",
    "fact of the fleet; that it moved them is an assumption",
  ),
  keySet: onOff(false, "UseSoftwareKey is set at the start", "fact of the fleet; Q239907"),
  sp3Share: share(0, "share of servers that are at Service Pack 3 instead", "fact of the fleet"),
  sp5Share: share(0, "share of servers that are at Service Pack 5 instead", "fact of the fleet"),
  sp6Share: share(0, "share of servers that are at Service Pack 6 instead", "fact of the fleet"),
  hotfixedShare: share(0, "share of servers that have the hotfix at the start, where it can be", "fact of the fleet"),
  keyShare: share(0, "share of servers on which UseSoftwareKey is set at the start", "fact of the fleet"),
  tseSp5HasRollup: onOff(true, "Service Pack 5 of Terminal Server has the fix", "Q236390; Q223863 says it has not"),
  acceptMisnomer: onOff(false, "UseSoftwareHive works like UseSoftwareKey", "Q223863; Q239907 and Q244135 differ"),
  migrateNeedsKey: onOff(
    false,
    "the hotfix moves the printers only with UseSoftwareKey",
    "assumption; Q239907 asks for the value, and the warning of Q223863 makes sense only without",
  ),
  spOverwritesHotfix: onOff(true, "Service Pack 5 overwrites the hotfix", "assumption: after Q194334"),

  patchOrder: {
    kind: "part",
    default: "none",
    catalogue: patchOrders,
    validate: validatePatchOrder,
    meaning: "what is installed, visit by visit",
    source: "Q223863, Q225095, Q239907",
  },
  patchAtDays: number("d", 0, [0, 36600], "the first visits are not before this", "decision"),
  patchGapDays: number("d", 7, [0, 36600], "from one visit to a server to the next", "decision"),
  hotfixMinutes: number("min", 10, [0, 1e4], "a hotfix is installed in this", "assumption"),
  servicePackMinutes: number("min", 30, [0, 1e4], "a service pack is installed in this", "assumption"),
  restoreMinutes: number(
    "min",
    240,
    [0, 1e6],
    "staff come this long after printers were lost; 0 for never",
    "assumption",
  ),
  windowStartHour: number("h", 0, [0, 23.999], "visits begin from this hour of a day on", "decision"),
  windowHours: number("h", 24, [0.1, 24], "for so many hours; 24 for at any time", "decision: no window"),
  windowDays: choice("every-day", ["every-day", "weekend"], "on these days", "decision"),
  staggerMinutes: number("min", 0, [0, 1e5], "from the visit to one server to that to the next", "decision"),

  waveServers: whole("1", 0, [0, 1e7], "servers of a wave of the roll-out; 0 for all at once", "decision: no waves"),
  soakDays: number("d", 7, [0.01, 36600], "from one wave to the next", "decision"),
  waveOrder: choice(
    "as-numbered",
    ["as-numbered", "worst-first", "best-first"],
    "which servers come first: by number, or by what they have leaked so far",
    "decision",
  ),
  haltAtLost: whole("1", 1, [1, 1e7], "the roll-out halts when so many of its servers have no printers", "decision"),
  rollBack: onOff(true, "a roll-out that halts takes back what it installed", "decision"),
  canaryServers: whole("1", 0, [0, 1e6], "servers that are patched first and judged; 0 for none", "decision"),
  canaryDays: number("d", 7, [0.01, 36600], "they are judged after this", "decision"),
  judge: choice(
    "mann-whitney",
    ["mann-whitney", "sequential"],
    "how: once, by a Mann-Whitney interval, or every day by a test that may be looked at any time",
    "decision; the judge of Kayenta; Johari and others",
  ),
  judgeConfidence: share(0.98, "confidence of the interval, or of the sequential test", "decision; Kayenta's judge"),
  judgeTolerance: share(
    0.25,
    "the interval must lie this share of the estimate away from 0",
    "decision; Kayenta's judge",
  ),
} as const;
