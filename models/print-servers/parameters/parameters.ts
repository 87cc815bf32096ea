/**
 * The parameters of the print servers: unit, default, range and source of each.
 *
 * The article gives no size and no rate, so most defaults are assumptions, and their sources say so; the ranges are
 * meant to be swept. docs/model.md describes how the model uses them.
 */
import { buggy } from "../spoolers/buggy.ts";
import { fixed } from "../spoolers/fixed.ts";
import { maintenanceParameters } from "./upkeep.ts";
import type { Parameters, Values } from "../../contract/parameters.ts";
import { choice, list, number, share, text, whole } from "../../define-parameters.ts";
import { restartDays } from "../upkeep/maintenance-windows.ts";
import { relatedBugParameters } from "./related-bugs.ts";
import { profiles, sites, type ProfileName, type SiteName } from "../sites.ts";
import { validateSpooler, type Spooler } from "../spoolers/spooler.ts";
import { stickyGuard } from "../spoolers/sticky-guard.ts";

export const spoolers: Readonly<Record<string, Spooler>> = { buggy, fixed, "sticky-guard": stickyGuard };

const BY_SITE = "assumption; set by the site";
const MiB = 1024 * 1024;

export const parameters = {
  site: choice(
    "office",
    Object.keys(sites) as SiteName[],
    "the site, which sets the parameters marked so",
    "fact of the fleet",
  ),
  spooler: {
    kind: "part",
    default: "buggy",
    catalogue: spoolers,
    validate: validateSpooler,
    meaning: "how the spooler guards and closes print processors",
    source: "Q223863",
  },

  printers: whole(
    "1",
    40,
    [1, 900],
    "printers, each with a port and a port thread",
    "assumption; the maximum that Q239907 gives",
  ),
  jobsPerDay: number("1/d", 2000, [0.001, 1e6], "jobs submitted to each server on a full working day", BY_SITE),
  profile: choice(
    "office",
    Object.keys(profiles) as ProfileName[],
    "how the jobs fall on the hours of a week",
    BY_SITE,
  ),
  hourShares: list(
    "1",
    [0, 24, 168],
    [0, 1000],
    "jobs of each hour of a day, or of a week from Monday 0:00, as a share of jobsPerDay; none: the shares of the profile",
    "fact of the fleet",
  ),
  jobScript: text(
    "one job per line, such as seconds=0.5 type=RAW alter=pauseDelete (docs/model.md, section 1)",
    "a script of the jobs of each server and of what is done to them, instead of random jobs",
    "fact of the fleet",
  ),
  textShare: share(0.02, "share of TEXT jobs", BY_SITE),
  emfShare: share(0.13, "share of EMF jobs; the rest is RAW", BY_SITE),
  pagesMean: number(
    "pages",
    4,
    [1, 500],
    "mean pages of a job",
    "assumption; about 4 in InfoTrends' survey of office printing, 2006",
  ),
  pagesMax: whole("pages", 500, [1, 100000], "the largest number of pages of a job", "assumption"),
  pagesLaw: choice("geometric", ["geometric", "fixed"], "distribution of the number of pages", "assumption"),
  emptyShare: share(
    0,
    "share of jobs whose spool file is empty, which are deleted",
    "assumption; the SDK says that they are deleted (ScheduleJob)",
  ),
  priorityHighShare: share(0.02, "share of jobs submitted with the high priority", "assumption"),
  priorityHigh: whole(
    "1",
    50,
    [1, 99],
    "the high priority; the ordinary one is 1, and 99 is served first",
    "assumption; from 1 to 99: SDK, JOB_INFO_2",
  ),
  rawBytesPerPage: number("B", 40000, [1, 1e8], "bytes of a RAW page", "assumption"),
  textBytesPerPage: number("B", 3000, [1, 1e8], "bytes of a TEXT page", "assumption"),
  emfBytesPerPage: number("B", 25000, [1, 1e8], "bytes of an EMF page", "assumption"),
  portBytesPerSecond: number(
    "B/s",
    11000,
    [1, 1e9],
    "rate at which a port takes RAW data",
    "assumption: 17 pages/min (LaserJet 4Si) of 40 kB",
  ),
  rawChunkBytes: whole(
    "B",
    4096,
    [1, 1e9],
    "RAW: bytes between two checks for whether the job is paused or aborted",
    "assumption; 4,096 in the winprint sample of the NT 3.1 DDK",
  ),
  textChunkBytes: whole(
    "B",
    65536,
    [1, 1e9],
    "TEXT: bytes between two checks for whether the job is paused or aborted",
    "assumption; 65,536 in the genprint sample of the DDK, text.c",
  ),
  emfChunkBytes: whole(
    "B",
    25000,
    [1, 1e9],
    "EMF: bytes between two checks for whether the job is paused or aborted",
    "assumption: one page",
  ),
  printWhileSpooling: {
    kind: "switch",
    default: true,
    meaning: "a job may be picked before it is completely spooled",
    source: "SDK: SetJob, remarks",
  },
  spoolBytesPerSecond: number("B/s", 250000, [1, 1e9], "rate at which jobs are spooled", "assumption"),

  deleteShare: { ...share(0.02, "share of jobs deleted while they print", BY_SITE), plausible: [0.001, 0.1] },
  pauseDeleteShare: {
    ...share(0.005, "share of jobs paused while they print, and deleted after a think time", BY_SITE),
    plausible: [0.0005, 0.05],
  },
  restartShare: share(0.003, "share of jobs restarted while they print", BY_SITE),
  pauseResumeShare: share(0.01, "share of jobs paused while they print, and resumed after a think time", BY_SITE),
  levelShare: share(0, "share of jobs whose priority is changed while they print", "assumption"),
  waitingDeleteShare: share(0, "share of jobs deleted soon after they were spooled", "assumption"),
  waitingPauseResumeShare: share(
    0,
    "share of jobs paused soon after they were spooled, and resumed later",
    "assumption",
  ),
  levelPriority: whole(
    "1",
    99,
    [1, 99],
    "the priority that a job gets when its priority is changed",
    "assumption; from 1 to 99: SDK, JOB_INFO_2",
  ),
  thinkSecondsMean: number(
    "s",
    20,
    [0, 86400],
    "mean time between the two commands, such as pause and delete; exponential",
    BY_SITE,
  ),
  waitingSecondsMax: number("s", 30, [0, 86400], "longest time until a waiting job is altered; uniform", "assumption"),
  stuckDeleteShare: share(0, "share of stuck (parked) jobs that a person deletes", "assumption"),
  stuckResubmitShare: share(0, "share of stuck (parked) jobs that a person submits again", "assumption"),
  stuckMinutesMean: number(
    "min",
    30,
    [0, 1e6],
    "mean time until a person deletes or resubmits a stuck job; exponential",
    "assumption",
  ),
  guardMode: choice(
    "control-commands",
    ["control-commands", "level-changes-too"],
    "which alterations enter the print processor",
    'assumption: the article says only "alteration"',
  ),
  preMs: number("ms", 2, [0, 1000], "time that SetJob holds the lock before its command is applied", "assumption"),
  controlMsMedian: {
    ...number(
      "ms",
      30,
      [0.001, 60000],
      "median time that an alteration stays inside the print processor: for its control call, the shadow file and the notification",
      "assumption; besides jobsPerDay, results depend on it most",
    ),
    plausible: [1, 500],
  },
  controlSigma: number("1", 0.8, [0, 3], "sigma of the logarithm of the stay; 0 for a constant", "assumption"),
  exitMs: number("ms", 1, [0, 1000], "time that an alteration holds the lock when it leaves", "assumption"),
  wakeMs: number("ms", 1, [0, 1000], "time from waking a blocked port thread until it runs", "assumption"),
  unwindRawMs: {
    ...number(
      "ms",
      8,
      [0, 60000],
      "median time from the end of the printout to the close attempt, RAW",
      "assumption; results depend on it strongly",
    ),
    plausible: [1, 200],
  },
  unwindAbortMs: number(
    "ms",
    20,
    [0, 60000],
    "median time from the end of the printout to the close attempt, TEXT and EMF that are aborted",
    "assumption; results depend on it strongly",
  ),
  unwindEndMs: number(
    "ms",
    500,
    [0, 60000],
    "median time from the end of the printout to the close attempt, TEXT and EMF that end normally",
    "assumption",
  ),
  unwindLprMs: number(
    "ms",
    2000,
    [0, 60000],
    "median time from the end of the printout to the close attempt, any job that ends normally on an LPR port",
    "assumption",
  ),
  unwindSigma: number(
    "1",
    0.5,
    [0, 3],
    "sigma of the logarithm of the time until the close attempt; 0 for a constant",
    "assumption",
  ),
  portMonitor: choice("local", ["local", "lpr"], "the port monitor", "assumption"),
  submitMs: number("ms", 2, [0, 1000], "time that a submission holds the lock", "assumption"),
  enumMsPerJob: number(
    "ms",
    0.01,
    [0, 100],
    "additional time of a submission for each job in the printer's queue (EnumJobs)",
    "assumption; according to Q184274",
  ),
  pickMs: number("ms", 2, [0, 1000], "time that a port thread holds the lock when it picks a job", "assumption"),
  closeMs: number(
    "ms",
    3,
    [0, 1000],
    "time that a port thread holds the lock when it has finished with a job",
    "assumption",
  ),

  heapBytesPerInstance: {
    ...whole(
      "B",
      4096,
      [0, MiB],
      "private bytes of an open print processor",
      "assumption; 1 to 8 KiB: the structure of the DDK samples, its strings, a DEVMODE and a printer handle",
    ),
    plausible: [1024, 65536],
  },
  handlesPerInstance: {
    ...whole(
      "1",
      1,
      [0, 100],
      "handles of an open print processor",
      "assumption; one event in the winprint sample of the NT 3.1 DDK",
    ),
    plausible: [1, 4],
  },
  dcsPerGdiInstance: whole(
    "1",
    1,
    [0, 10],
    "printer DCs of an open print processor that draws (TEXT, EMF)",
    "assumption; one in the genprint sample of the DDK",
  ),
  gdiHandlesPerGdiInstance: whole(
    "1",
    4,
    [0, 100],
    "GDI handles of an open print processor that draws (TEXT, EMF)",
    "assumption",
  ),
  poolBytesPerGdiInstance: {
    ...whole(
      "B",
      32768,
      [0, 16 * MiB],
      "paged pool of an open print processor that draws (TEXT, EMF)",
      "assumption; Q244350: drivers live there",
    ),
    plausible: [4096, MiB],
  },
  heapBytesPerJob: whole("B", 512, [0, MiB], "private bytes of a job", "assumption"),
  emfHoldsDc: {
    kind: "switch",
    default: true,
    meaning: "an open EMF print processor holds a DC, as a TEXT one does",
    source: "assumption: by analogy with TEXT",
  },
  onOpenFail: choice(
    "park",
    ["park", "vanish"],
    'what happens to a job whose open fails: it stays "spooled" (park) or disappears (vanish)',
    'Q223863: "reported as spooled"',
  ),
  privateBytesBase: whole("B", 3 * MiB, [0, 1024 * MiB], "private bytes of an idle spooler", "assumption"),
  privateBytesPerPrinter: whole("B", 20480, [0, MiB], "private bytes of a printer", "assumption"),
  handlesBase: whole("1", 150, [0, 15000], "handles of an idle spooler", "assumption"),
  dcsBase: whole("1", 15, [0, 1000], "printer DCs in use by other programs", "assumption"),
  gdiHandlesBase: whole("1", 3000, [0, 16384], "GDI handles in use by other programs", "assumption"),
  pagedPoolBytesBase: whole("B", 20 * MiB, [0, 192 * MiB], "paged pool in use by the rest of the system", "assumption"),
  commitBytesBase: whole("B", 64 * MiB, [0, 4096 * MiB], "commit charge of the rest of the system", "assumption"),
  dcsMax: {
    ...whole(
      "1",
      250,
      [1, 1e6],
      "printer DCs that can exist at one time",
      "assumption; Q180864 gives no number for NT: its 30, 200 and 250 are for SNA Server's print service",
    ),
    plausible: [30, 1000],
  },
  gdiHandlesMax: whole(
    "1",
    16384,
    [1, 1e6],
    "GDI handles that can exist at one time",
    "assumption; the Win32 documentation of the period gives this limit for one process",
  ),
  pagedPoolBytesMax: whole("B", 192 * MiB, [1, 1e12], "largest paged pool", "Q283102: 192 MiB"),
  ramBytes: whole("B", 128 * MiB, [1, 1e12], "memory", "fact of the fleet; 128 MiB: Microsoft's server design guide"),
  pagefileBytes: whole("B", 253 * MiB, [0, 1e12], "page file", "fact of the fleet; rule of thumb: memory + 125 MiB"),

  restartEveryHours: number(
    "h",
    0,
    [0, 8784],
    "interval of calendar restarts of the service; 0 for never",
    "decision: no policy",
  ),
  restartOn: choice("every-day", restartDays, "days on which the calendar may restart the service", "decision"),
  restartAtHour: number(
    "h",
    24,
    [0, 24],
    "hour of the day at which the calendar may restart the service; 24 for any",
    "decision: no calendar",
  ),
  restartKind: choice("service", ["service", "reboot", "failover"], "kind of restart", "decision"),
  recoveryMinutes: number("min", 60, [0, 1e6], "time until a hung service is restarted; 0 for never", "assumption"),
  deleteRestartedJobs: {
    kind: "switch",
    default: true,
    meaning: "a job that was restarted while printing is deleted as corrupt when the service starts",
    source: "Q219355, before SP5",
  },
  stopMs: number("ms", 5000, [0, 3600000], "time that the service takes to stop", "assumption"),
  startMs: number("ms", 10000, [0, 3600000], "time that the service takes to start", "assumption"),
  startMsPerFile: number(
    "ms",
    20,
    [0, 60000],
    "additional time to start for each spool and shadow file",
    "assumption; Q250038",
  ),
  restartPauseMs: number(
    "ms",
    5000,
    [0, 3600000],
    "pause between the end of the service and the command to start it",
    "assumption",
  ),
  startGapMs: number(
    "ms",
    5000,
    [0, 3600000],
    "shortest time from the end of the service to a start; an earlier start fails with System error 12",
    'assumption; Q243222 says only "immediately"',
  ),
  Q243222: choice(
    "present",
    ["present", "fixed"],
    "a service that is started too soon after its end fails with System error 12",
    "Q243222; fixed by Spoolss.exe of 29 September 1999 and Terminal Server's SP6; Workstation does not have the bug",
  ),
  rebootMs: number("ms", 300000, [0, 3600000], "downtime of a reboot", "assumption"),
  failoverMs: number("ms", 30000, [0, 3600000], "downtime of a failover of the cluster", "assumption"),

  ...maintenanceParameters,
  ...relatedBugParameters,
} satisfies Parameters;

export type PrintServersValues = Values<typeof parameters>;
