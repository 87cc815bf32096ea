/**
 * The print servers themselves against closed forms: the guard, thinning, resources and their ceilings, the service,
 * and each related bug.
 *
 * What is simulated here is simulated by the kernel, as in every experiment. Most scenarios are simple enough for the
 * answer to be known exactly; where it is exact in a limit, the limit is near enough for the difference not to be seen.
 */
import type { Settings } from "../../../models/contract/parameters.ts";
import { thinned } from "../../studies/rare-event.ts";
import { conditionOf } from "../../traces/condition.ts";
import { simulation, type Extent, type Replicated } from "../simulation.ts";
import { certain, simulated, type Target, type Topic } from "../target.ts";
import { dayOf, replicated } from "./rare-events.ts";

const CLAMP = "computed from docs/model.md: (stay - unwinding) / chunk";
const MODEL = "computed from docs/model.md, by hand";
const NORMAL = "computed from the normal law of the logarithms";
const THINNING = "computed from a thinned Poisson process";
const ERLANG = "computed from Erlang's law: the time of the n-th leak";
const RELATED = "computed from docs/model.md, section 10, by hand";

/** Nothing is altered, every hour is alike, all that can be constant is. */
const plain: Settings = {
  profile: "flat",
  jobsPerDay: 5000,
  textShare: 0,
  emfShare: 0,
  pagesLaw: "fixed",
  pagesMean: 1,
  priorityHighShare: 0,
  deleteShare: 0,
  pauseDeleteShare: 0,
  restartShare: 0,
  pauseResumeShare: 0,
  controlSigma: 0,
  unwindSigma: 0,
  spooler: "buggy",
};
/** Nothing runs out. */
const plenty: Settings = { dcsMax: 1e6, gdiHandlesMax: 1e6, pagedPoolBytesMax: 1e12, ramBytes: 1e12 };

const fleet = { servers: 4, replications: 20, horizonDays: 1 };
/** More servers than `fleet` has, one, and what is enough for a certainty. */
const many = { servers: 10, replications: 20, horizonDays: 1 };
const alone = { servers: 1, replications: 20, horizonDays: 1 };
const brief = { servers: 2, replications: 2, horizonDays: 1 };
const servers = (settings: Settings, extent: Extent = fleet) =>
  simulation("print-servers", extent, { ...plain, ...plenty, ...settings });

/** Long RAW jobs that are deleted, at a uniform time: the limit in which a deletion waits for the next test. */
const long: Settings = { pagesMean: 100, jobsPerDay: 1000, printers: 200 };
const deletions = (settings: Settings) =>
  servers({ ...long, deleteShare: 1, ...settings }).mean("leaksPerControlEntry");

/** A TEXT job of a page is one chunk: a pause always stops it at its end, and a command that follows wakes it there. */
const held: Settings = { textShare: 1, jobsPerDay: 500, printers: 900, thinkSecondsMean: 3600 };
const deletedLater = (settings: Settings, extent?: Extent) =>
  servers({ ...held, pauseDeleteShare: 1, ...settings }, extent);
const resumedLater = (settings: Settings) =>
  servers({ ...held, pauseResumeShare: 1, thinkSecondsMean: 86_400, ...settings }, brief);

/** Every job leaks, whatever it is; the stay outlasts the printout. */
const leaking: Settings = { deleteShare: 1, controlMsMedian: 20_000, jobsPerDay: 500 };
const mixed = servers({ ...leaking, textShare: 0.4, emfShare: 0.3 });
const rawOnly = servers({ ...leaking, emfShare: 1, emfHoldsDc: false }, brief);

/** Text of half of 1000 jobs a day: they come as 500 TEXT jobs do. */
const half: Settings = { textShare: 0.5, jobsPerDay: 1000 };
const scarce: Settings = {
  heapBytesPerInstance: 1_000_000,
  heapBytesPerJob: 0,
  ramBytes: 64 * 1024 * 1024 + 3 * 1024 * 1024 + 40 * 20_480 + 20_000_000,
  pagefileBytes: 0,
  recoveryMinutes: 0,
};
/** 10 jobs of 4000 B of pool, and not 11. */
const pooled: Settings = {
  deleteShare: 0,
  pagesMean: 2,
  Q226513: "present",
  pipedShare: 0.5,
  jobsPerDay: 1000,
  nonpagedPoolBytesMax: 6 * 1024 * 1024 + 40_000,
};

/** So many leaks of the 0.002 that a day has on the average. Every job that is altered leaks. */
async function rareLeaks(least: number): Promise<Replicated> {
  const rare = { jobsPerDay: 2000, printers: 200, deleteShare: 1e-6, controlMsMedian: 60_000 };
  const { experiment, point } = await dayOf("print-servers", { ...plain, ...plenty, ...rare });
  const condition = conditionOf(point.resolved.model, `processorsLeaked >= ${least}`);
  const machine = { workers: 1, sliceSize: 20, signal: new AbortController().signal };
  return replicated(await thinned(experiment, point, condition, machine));
}

/** All of it is gone with so many leaks: the job after these finds nothing. */
function exhausted(
  what: string,
  eventTime: string,
  settings: Settings,
  at: Readonly<Record<string, string>>,
): Target[] {
  const extent = { servers: 100, replications: 20, horizonDays: 0.12 };
  const model = servers({ ...leaking, ...settings }, extent);
  return Object.entries(at).map(([days, left]) =>
    simulated(
      undefined,
      `print-servers, ${what}: share that has not run out after ${days} d`,
      ERLANG,
      left,
      model.survival(eventTime, Number(days)),
    ),
  );
}

/** A year of restarts without a job. */
const idle = (settings: Settings) =>
  simulation(
    "print-servers",
    { servers: 1, replications: 2, horizonDays: 364 },
    {
      ...plain,
      jobsPerDay: 0.001,
      restartEveryHours: 24,
      ...settings,
    },
  );

const related = (settings: Settings, extent = fleet) =>
  servers({ jobsPerDay: 2000, pagesMean: 2, ...settings }, extent);
const remote = related({ Q224345: "present", remoteShare: 0.4, remoteCloseFailShare: 0.25 });
const outages = related({ jobsPerDay: 1, Q223791: "present", lprOutagesPerDay: 500, lprOutageSecondsMean: 60 });
const piped = related({ Q226513: "present", pipedShare: 0.5, nonpagedPoolBytesMax: 1e12 });
const geometric = related(
  {
    Q226513: "present",
    pipedShare: 1,
    pagesLaw: "geometric",
    pagesMean: 4,
    nonpagedPoolBytesMax: 1e12,
  },
  alone,
);
const popUps = related({ Q283102: "present", popUpLostShare: 0.5 });
const pipes = servers(
  { jobsPerDay: 500, Q182333: "present", clients: 250, unpatchedShare: 0.5, pipesPerClientMax: 1, handlesMax: 1e6 },
  { servers: 20, replications: 20, horizonDays: 1 },
);
/** Jobs paused and resumed at random. A race hangs the service, so that the call after it cannot race. */
const races = servers(
  {
    Q247408: "present",
    raceWindowMs: 500,
    waitingPauseResumeShare: 1,
    thinkSecondsMean: 600,
    jobsPerDay: 10_000,
    recoveryMinutes: 0.01,
    stopMs: 0,
    startMs: 0,
    restartPauseMs: 0,
    startGapMs: 0,
  },
  alone,
);
const fixes: Readonly<Record<string, readonly [response: string, Settings]>> = {
  Q224345: ["leakedHandlesByRemoteCloses", { Q224345: "fixed", remoteShare: 1, remoteCloseFailShare: 1 }],
  Q223791: ["leakedPrivateBytesByLpr", { Q223791: "fixed", lprOutagesPerDay: 500 }],
  Q226513: ["leakedNonpagedPoolBytesByPipedJobs", { Q226513: "fixed", pipedShare: 1 }],
};

export const printServers: Topic = {
  name: "print-servers",
  targets: [
    ...Object.entries({ 1: "1.99800133e-3", 2: "1.99733500e-6", 3: "1.33133493e-9" }).map(([least, probability]) =>
      simulated(
        undefined,
        `print-servers, thinned: ${least} or more leaks in a day, where the mean is 0.002`,
        THINNING,
        probability,
        () => rareLeaks(Number(least)),
      ),
    ),
    ...Object.entries({ 30: "0.059082", 150: "0.381348", 300: "0.784181" }).map(([ms, chance]) =>
      simulated(
        undefined,
        `print-servers, deletions of ${ms} ms, chunks of 372 ms: leaks of a deletion`,
        CLAMP,
        chance,
        deletions({ controlMsMedian: Number(ms) }),
      ),
    ),
    simulated(
      undefined,
      "print-servers, restarts of 150 ms, chunks of 372 ms: leaks of a restart",
      CLAMP,
      "0.381348",
      servers({ ...long, restartShare: 1, controlMsMedian: 150 }).mean("leaksPerControlEntry"),
    ),
    simulated(
      undefined,
      "print-servers, deletions of 150 ms, unwinding of 80 ms: leaks of a deletion",
      CLAMP,
      "0.187989",
      deletions({ controlMsMedian: 150, unwindRawMs: 80 }),
    ),
    simulated(
      undefined,
      "print-servers, deletions of 54.5 ms, chunks of 93 ms: leaks of a deletion",
      CLAMP,
      "0.500000",
      deletions({ controlMsMedian: 54.5455, rawChunkBytes: 1024 }),
    ),
    certain(
      "print-servers, deletions longer than unwinding and chunk: leaks of a deletion",
      CLAMP,
      "1",
      servers({ ...long, deleteShare: 1, controlMsMedian: 500 }, brief).quotient("processorsLeaked", "controlEntries"),
    ),
    certain(
      "print-servers, deletions shorter than the unwinding: leaks",
      CLAMP,
      "0",
      servers({ ...long, deleteShare: 1, controlMsMedian: 7 }, brief).total("processorsLeaked"),
    ),
    certain(
      "print-servers, paused, then deleted for longer than the unwinding: leaks of a deletion",
      MODEL,
      "1",
      deletedLater({ thinkSecondsMean: 86_400 }, brief).quotient("processorsLeaked", "jobsDeleted"),
    ),
    certain(
      "print-servers, paused, then deleted for less than the unwinding: leaks",
      MODEL,
      "0",
      deletedLater({ thinkSecondsMean: 86_400, controlMsMedian: 20 }, brief).total("processorsLeaked"),
    ),
    simulated(
      undefined,
      "print-servers, paused, then deleted, lognormal stay: leaks of a deletion",
      NORMAL,
      "0.672145",
      deletedLater({ controlSigma: 0.8, thinkSecondsMean: 1800 }, many).ratio("processorsLeaked", "jobsDeleted"),
    ),
    simulated(
      undefined,
      "print-servers, paused, then deleted, lognormal stay and unwinding: leaks of a deletion",
      NORMAL,
      "0.666327",
      deletedLater({ controlSigma: 0.8, unwindSigma: 0.5, wakeMs: 0, thinkSecondsMean: 1800 }, many).ratio(
        "processorsLeaked",
        "jobsDeleted",
      ),
    ),
    simulated(
      undefined,
      "print-servers, lognormal stay: mean stay [us]",
      "computed from the mean of a lognormal variate",
      "41313.8",
      servers({ deleteShare: 1, controlSigma: 0.8 }, alone).mean("guardUsMean"),
    ),
    certain(
      "print-servers, paused, then resumed for longer than the unwinding: leaks of a job",
      MODEL,
      "1",
      resumedLater({ controlMsMedian: 600 }).quotient("processorsLeaked", "jobsPrinted"),
    ),
    certain(
      "print-servers, paused, then resumed for less than the unwinding: leaks",
      MODEL,
      "0",
      resumedLater({ controlMsMedian: 400 }).total("processorsLeaked"),
    ),
    simulated(
      undefined,
      "print-servers, level changes that enter, jobs of 3.6 s: leaks of a change",
      "computed from docs/model.md: (stay - unwinding + preMs) / printout",
      "0.0396000",
      servers({ levelShare: 1, guardMode: "level-changes-too", controlMsMedian: 150, jobsPerDay: 10_000 }).mean(
        "leaksPerControlEntry",
      ),
    ),
    certain(
      "print-servers, level changes that do not enter: alterations that enter",
      MODEL,
      "0",
      servers({ levelShare: 1, controlMsMedian: 150 }, brief).total("controlEntries"),
    ),
    certain(
      "print-servers, sticky guard: leaks of a deletion",
      MODEL,
      "1",
      servers({ deleteShare: 1, spooler: "sticky-guard" }, brief).quotient("processorsLeaked", "controlEntries"),
    ),
    ...Object.entries({
      "the spooler fixed": { spooler: "fixed" },
      "the hotfix": { hotfixed: true },
      "Service Pack 6": { servicePack: "6" },
    }).map(([how, settings]) =>
      certain(
        `print-servers with ${how}: leaks`,
        MODEL,
        "0",
        servers({ ...leaking, ...settings }, brief).total("processorsLeaked"),
      ),
    ),
    simulated(
      undefined,
      "print-servers, a quarter of 20,000 jobs a day altered, half of them leak: leaks a day",
      THINNING,
      "2500.00",
      servers(
        { jobsPerDay: 20_000, pagesMean: 10, printers: 400, deleteShare: 0.25, controlMsMedian: 194.182 },
        alone,
      ).rate("processorsLeaked"),
    ),
    simulated(
      undefined,
      "print-servers, office hours, 2000 jobs a working day: jobs a day",
      "computed from a Poisson process of five days a week",
      "1428.571",
      servers({ profile: "office", jobsPerDay: 2000 }, { ...fleet, horizonDays: 7 }).rate("jobsSubmitted"),
    ),
    simulated(
      undefined,
      "print-servers, a fifth of the jobs empty: share deleted",
      THINNING,
      "0.200000",
      servers({ emptyShare: 0.2 }, alone).ratio("jobsDeleted", "jobsSubmitted"),
    ),
    simulated(
      undefined,
      "print-servers, TEXT 0.4, EMF 0.3: leaks that hold a DC",
      THINNING,
      "0.700000",
      mixed.ratio("leakedDcs", "processorsLeaked"),
    ),
    ...Object.entries({
      leakedPrivateBytes: "4096",
      leakedHandles: "1",
    }).map(([response, each]) =>
      certain(`print-servers, ${response} of a leak`, MODEL, each, mixed.quotient(response, "processorsLeaked")),
    ),
    ...Object.entries({ leakedGdiHandles: "4", leakedPagedPoolBytes: "32768" }).map(([response, each]) =>
      certain(`print-servers, ${response} of a leaked DC`, MODEL, each, mixed.quotient(response, "leakedDcs")),
    ),
    certain("print-servers, EMF that holds no DC: leaked DCs", MODEL, "0", rawOnly.total("leakedDcs")),
    ...exhausted(
      "40 DCs, TEXT half of 1000 jobs",
      "firstStarvedUs",
      { dcsBase: 10, dcsMax: 50, ...half },
      {
        0.06: "0.967690",
        0.082: "0.479229",
        0.104: "0.050961",
      },
    ),
    ...exhausted(
      "100 GDI handles, 4 a leak",
      "gdiCeilingUs",
      { textShare: 1, gdiHandlesMax: 3100 },
      {
        0.04: "0.887815",
        0.052: "0.473915",
      },
    ),
    ...exhausted(
      "20 leaks of paged pool",
      "poolCeilingUs",
      { textShare: 1, pagedPoolBytesMax: 33 * 655_360 },
      {
        0.042: "0.470974",
      },
    ),
    ...exhausted("20 leaks of private bytes", "exhaustedUs", scarce, { 0.042: "0.470974" }),
    ...exhausted("10 jobs of nonpaged pool (Q226513)", "nonpagedCeilingUs", pooled, {
      0.016: "0.815886",
      0.022: "0.459889",
    }),
    certain("print-servers, restarted daily for a year: starts", MODEL, "726", idle({}).total("serviceStarts")),
    certain(
      "print-servers, restarted: time down of a start [us]",
      MODEL,
      "20000000",
      idle({}).quotient("downtimeUs", "serviceStarts"),
    ),
    certain(
      "print-servers, restarted too soon: System error 12 of a start",
      MODEL,
      "1",
      idle({ restartPauseMs: 4999 }).quotient("startFailures", "serviceStarts"),
    ),
    certain(
      "print-servers, restarted too soon, Q243222 fixed: System errors 12",
      MODEL,
      "0",
      idle({ restartPauseMs: 4999, Q243222: "fixed" }).total("startFailures"),
    ),
    simulated(
      undefined,
      "print-servers, Q224345, 200 closes fail: handles a day",
      RELATED,
      "600.000",
      remote.rate("leakedHandlesByRemoteCloses"),
    ),
    certain(
      "print-servers, Q224345: private bytes of a close that fails",
      RELATED,
      "4096",
      remote.quotient("leakedPrivateBytesByRemoteCloses", "remoteClosesFailed"),
    ),
    simulated(
      undefined,
      "print-servers, Q224345: share of remote closes that fail",
      RELATED,
      "0.250000",
      remote.ratio("remoteClosesFailed", "remoteCloses"),
    ),
    simulated(
      undefined,
      "print-servers, Q223791, outages of 60 s: retries of an outage",
      "computed from a geometric number of intervals of 4 s",
      "14.505555",
      outages.ratio("lprRetries", "lprDisconnections"),
    ),
    simulated(
      undefined,
      "print-servers, Q223791, 500 outages of 60 s a day: private bytes a day",
      RELATED,
      "7938844.23",
      outages.rate("leakedPrivateBytesByLpr"),
    ),
    certain(
      "print-servers, Q226513: nonpaged pool of a job of 80,000 B",
      RELATED,
      "4000",
      piped.quotient("leakedNonpagedPoolBytesByPipedJobs", "jobsPiped"),
    ),
    simulated(
      undefined,
      "print-servers, Q226513, 1000 piped jobs of 80,000 B a day: nonpaged pool a day",
      RELATED,
      "4000000",
      piped.rate("leakedNonpagedPoolBytesByPipedJobs"),
    ),
    simulated(
      undefined,
      "print-servers, Q226513, geometric pages of mean 4: nonpaged pool of a job",
      RELATED,
      "8000.00",
      geometric.ratio("leakedNonpagedPoolBytesByPipedJobs", "jobsPiped"),
    ),
    simulated(
      undefined,
      "print-servers, Q283102, 1000 pop-ups lost: paged pool a day",
      RELATED,
      "2048000",
      popUps.rate("leakedPagedPoolBytesByPopUps"),
    ),
    simulated(
      undefined,
      "print-servers, Q182333, 500 jobs of 250 clients, half unpatched, a pipe each: handles",
      "computed from occupancy: U (1 - e^(-n / C))",
      "108.08309",
      pipes.rate("leakedHandlesByClients"),
    ),
    simulated(
      undefined,
      "print-servers, Q247408, 20,000 calls a day, window 500 ms: share that race",
      "computed from a Poisson stream: p / (1 + p), p = 1 - e^(-rate window)",
      "0.0985256",
      races.ratio("raceHangs", "alterations"),
    ),
    ...Object.entries(fixes).map(([bug, [response, settings]]) =>
      certain(`print-servers, ${bug} fixed: what leaks`, RELATED, "0", related(settings, brief).total(response)),
    ),
  ],
};
