/**
 * The reference: docs/model.md as a program, for one server, to be read beside the page.
 *
 * It is slow and obvious on purpose. The state is a plain immutable object and each event one immer recipe, so every
 * event also tells what it changed (its patches); the future is an array that is sorted when something is scheduled;
 * chance comes from seedrandom's own objects. The kernel (kernel.ts) was written from the same page by somebody
 * else and must agree with this file on every event; they share nothing but the page, the pinned functions of
 * sim/math.ts and the steps of upgrades.ts, which have proofs of their own. The sections below carry the numbers and
 * the words of the page.
 *
 * Order of events: (time, kind in the order of `kinds`, order of scheduling).
 * Cost: about 0.1 ms an event. What grows with the parked jobs is copied only when a job parks.
 * Policy: an orphan is only counted once no alteration is inside it, because nothing can happen to it any more.
 */
import { enablePatches, Immer, isDraft, original, type Draft, type Patch } from "immer";
import seedrandom from "seedrandom";
import type { Duration, Time } from "../../../sim/event-list.ts";
import { exp, exponentialQuantile, log1p, normalQuantile } from "../../../sim/math.ts";
import type { Decisions } from "../../barrier.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import type { ResponseName } from "../responses.ts";
import { scriptedJobs, type ScriptedJob } from "../script.ts";
import { profiles } from "../sites.ts";
import {
  freshState,
  isAtLeast,
  isFixed,
  mends,
  printersVisible,
  take,
  type PatchState,
  type Readings,
  type Step,
} from "../patching/patch-state.ts";

enablePatches();
/** Our own immer, which does not freeze: that would visit every parked job whenever one more parks. */
const immer = new Immer({ autoFreeze: false });

/** What a draft is of, to be kept beyond its recipe. */
function plain<T>(value: T): T {
  return isDraft(value) ? (original(value as Draft<T>) as T) : value;
}

/** The kinds of events, in the order in which events of equal time happen. */
const kinds = [
  "LEAVE",
  "RELOCK",
  "ENTER",
  "ALTER",
  "CLOSE",
  "DONE",
  "WAKE",
  "OPEN",
  "SPOOLED",
  "SUBMIT",
  "STOP",
  "STOPPED",
  "START",
  "STARTED",
  "POLL",
  "COMPLAIN",
  "RELAPSE",
  "PATCH",
  "RESTORE",
  "DISCONNECT",
  "RETRY",
  "STUCK",
] as const;

/** Those of a port thread. */
type ThreadKind = "CLOSE" | "DONE" | "WAKE" | "OPEN";

type DataType = "RAW" | "TEXT" | "EMF";
type Command = "pause" | "resume" | "delete" | "restart" | "level";

/** The episodes in the order in which their shares are added up: their commands, and which jobs they alter. */
const episodes = [
  { name: "delete", commands: ["delete"], when: "printing" },
  { name: "pauseDelete", commands: ["pause", "delete"], when: "printing" },
  { name: "restart", commands: ["restart"], when: "printing" },
  { name: "pauseResume", commands: ["pause", "resume"], when: "printing" },
  { name: "level", commands: ["level"], when: "printing" },
  { name: "waitingDelete", commands: ["delete"], when: "waiting" },
  { name: "waitingPauseResume", commands: ["pause", "resume"], when: "waiting" },
] as const;

/** What was drawn at the submission of a job. */
export interface Marks {
  readonly dataType: DataType;
  readonly printer: number;
  readonly pages: number;
  readonly bytes: number;
  readonly priority: number;
  readonly episode: string | undefined;
  readonly when: "printing" | "waiting" | undefined;
  readonly commands: readonly Command[];
  /** Where in the printout (or the wait) the first command comes: 0 (included) to 1 (excluded). */
  readonly alterPosition: number;
  readonly thinkUs: Duration;
  /** The stay of each command's alteration. */
  readonly staysUs: readonly [Duration, Duration];
  readonly unwindEndUs: Duration;
  readonly unwindAbortUs: Duration;
  /** From its starving to its user's complaint; null where nobody complains. */
  readonly complainUs: Duration | null;
  /** What a person does when it is stuck, and how long after it was parked; null where nobody does anything. */
  readonly whenStuck: { readonly does: "delete" | "resubmit"; readonly us: Duration } | null;
  readonly fate: Fate;
}

/** What the related bugs that the fleet carries have in store for a job. */
interface Fate {
  readonly remote: boolean;
  readonly closeFails: boolean;
  readonly piped: boolean;
  readonly popUpLost: boolean;
  /** Its client, if that is unpatched. */
  readonly client: number | undefined;
}

export interface Job {
  /** The job is the server's number-th, from 1. */
  readonly number: number;
  readonly marks: Marks;
  readonly status: "spooling" | "waiting" | "printing" | "finishing" | "parked";
  readonly priority: number;
  /** 1, and one more each time a restart took effect. */
  readonly attempt: number;
  /** Print processors opened for it so far. */
  readonly opened: number;
  /** When it starved for the first time; null while it has not. */
  readonly starvedAt: Time | null;
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly restarting: boolean;
  /** Submitted a second time; or the second itself. Nobody does so again. */
  readonly resubmitted: boolean;
}

/** What a port thread does between OPEN and CLOSE. A run is what it prints without a pause. */
export interface Printout {
  readonly instance: number;
  readonly chunks: number;
  readonly chunkUs: Duration;
  readonly lastChunkUs: Duration;
  /** When the run started, and with which chunk. */
  readonly runAt: Time;
  readonly runChunk: number;
  readonly returnAt: Time;
  /** When the close attempt is due if nothing else happens to the run. */
  readonly closeAt: Time;
  /** When the thread blocks or did block, and the chunk it goes on with (`chunks` for the end); null when it prints. */
  readonly blockAt: Time | null;
  readonly position: number;
  readonly aborted: boolean;
}

export interface Printer {
  readonly phase: "idle" | "picking" | "printing" | "finishing";
  /** The timer of the port thread. */
  readonly due: { readonly time: Time; readonly kind: ThreadKind } | null;
  /** The job that is printing or finishing. */
  readonly current: number | null;
  readonly printout: Printout | null;
  /** The jobs that exist, by number, but for the parked ones. */
  readonly jobs: Readonly<Record<number, Job>>;
  readonly parked: readonly Job[];
}

/** A print processor. */
export interface Instance {
  readonly status: "open" | "orphaned" | "closed";
  readonly guard: number;
  readonly closePending: number;
  /** Whether the port thread has attempted to close it. */
  readonly attempted: boolean;
  readonly holdsDc: boolean;
}

const counted = [
  "jobsSubmitted",
  "jobsRefused",
  "jobsPrinted",
  "jobsDeleted",
  "jobsLost",
  "jobsReprinted",
  "jobsResubmitted",
  "jobsStarved",
  "jobsUnprinted",
  "jobsExisting",
  "jobsParked",
  "alterations",
  "controlEntries",
  "controlLeaves",
  "processorsOpened",
  "processorsClosed",
  "processorsReclaimed",
  "processorsOrphaned",
  "processorsLeaked",
  "serviceStarts",
  "startFailures",
  "stuckUs",
  "downtimeUs",
  "guardUs",
  "lockWaitUs",
  "lockRequests",
  "restartsByCalendar",
  "restartsByGauge",
  "restartsByComplaint",
  "restartsByRecovery",
  "restartsByVisit",
  "complaints",
  "relapses",
  "staffUs",
  "visitsMade",
  "visitsRefused",
  "visitsUndone",
  "printersHiddenUs",
  "jobsToHiddenPrinters",
  "remoteCloses",
  "remoteClosesFailed",
  "lprDisconnections",
  "lprRetries",
  "jobsPiped",
  "popUpsLost",
  "raceHangs",
] as const;

const eventTimes = [
  "firstLeakUs",
  "firstStarvedUs",
  "dcCeilingUs",
  "gdiCeilingUs",
  "poolCeilingUs",
  "exhaustedUs",
  "fixedUs",
  "printersLostUs",
  "handlesCeilingUs",
  "nonpagedCeilingUs",
  "raceHangUs",
] as const;

/** What users notice. */
const symptoms = [
  "firstStarvedUs",
  "poolCeilingUs",
  "exhaustedUs",
  "handlesCeilingUs",
  "nonpagedCeilingUs",
  "raceHangUs",
] as const;

/**
 * What the related bugs leak: a failed close, an attempt of the LPR monitor, a byte of pool, a pop-up, a client's
 * pipe.
 */
const leakOf = {
  Q224345: "failedCloses",
  Q223791: "lprAttempts",
  Q226513: "pipedBytes",
  Q283102: "popUps",
  Q182333: "clientPipes",
} as const;

type Leaks = Record<(typeof leakOf)[keyof typeof leakOf], number>;

type Counted = (typeof counted)[number];
type EventTime = (typeof eventTimes)[number];

export interface ServerState {
  readonly service: "running" | "stopping" | "stopped" | "starting" | "hung" | "blind";
  /** When the service was last not running any more; null while it runs. */
  readonly downSince: Time | null;
  /** When the process last ended. */
  readonly stoppedAt: Time | null;
  readonly processesEnded: number;
  /** Since when it runs without its printers; null while it does not. */
  readonly hiddenSince: Time | null;
  readonly patch: PatchState;
  /** The visit under way: what it leaves behind, how long it keeps the machine down, and the visit after it. */
  readonly visit: { readonly leaves: PatchState; readonly us: Duration | null; readonly next: number | null } | null;
  readonly lockFreeAt: Time;
  readonly printers: readonly Printer[];
  /** The instances that something can still happen to, by number. */
  readonly instances: Readonly<Record<number, Instance>>;
  /** The alterations that are requested; an alteration is "job.step". */
  readonly requested: Readonly<Record<string, true>>;
  /** The alterations that are inside an instance. */
  readonly inside: Readonly<Record<string, { readonly instance: number; readonly since: Time }>>;
  readonly counts: Readonly<Record<Counted, number>>;
  /** Of the open instances, and of those ever orphaned, how many held a DC. */
  readonly openWithDc: number;
  readonly leakedWithDc: number;
  /** What the related bugs leaked: held now, and ever. */
  readonly held: Readonly<Leaks>;
  readonly leaked: Readonly<Leaks>;
  /** The pipes that each unpatched client has left open. */
  readonly pipes: Readonly<Record<number, number>>;
  /** Whether the server takes no job any more: since Event 2019. */
  readonly disabled: boolean;
  /** When this process was last asked to pause or resume a job. */
  readonly commandedAt: Time | null;
  /** When something first happened; null while it has not. */
  readonly eventTimes: Readonly<Record<EventTime, Time | null>>;
}

type Server = Draft<ServerState>;

/** An alteration: a job with a step. It outlives its job, so it carries what it needs of it. */
interface Alteration {
  readonly job: number;
  readonly step: number;
  readonly marks: Marks;
}

type Happens =
  | { readonly kind: "LEAVE" | "RELOCK" | "ENTER" | "ALTER"; readonly alteration: Alteration }
  | { readonly kind: ThreadKind; readonly printer: number }
  | { readonly kind: "SPOOLED"; readonly printer: number; readonly job: number }
  | { readonly kind: "STOP"; readonly object: 0 | 1 }
  | { readonly kind: "COMPLAIN" | "RELAPSE" | "RESTORE"; readonly process: number }
  | { readonly kind: "PATCH"; readonly visit: number }
  | { readonly kind: "RETRY"; readonly left: number }
  | { readonly kind: "STUCK"; readonly alteration: Alteration }
  | { readonly kind: "SUBMIT" | "STOPPED" | "START" | "STARTED" | "POLL" | "DISCONNECT" };

type Event = Happens & { readonly time: Time; readonly order: number };

/** What an event came to. */
interface Effect {
  readonly event: string;
  readonly detail: string;
  readonly job?: number;
  readonly instance?: number;
}

/** One handled event. */
export interface Happening {
  readonly time: Time;
  readonly kind: string;
  readonly stale: boolean;
  /** The job's number, from 1 on this server. */
  readonly job: number | undefined;
  /** The print processor instance's number, from 1 on this server. */
  readonly instance: number | undefined;
  /** What it came to, for example CLOSE_ATTEMPT. */
  readonly event: string;
  /** A few words. */
  readonly detail: string;
  /** What it changed in the state. */
  readonly patches: readonly Patch[];
}

// 1. Time, order, chance

const HOUR = 3.6e9;

/** A duration computed from real numbers, in whole microseconds, at least one. */
function whole(us: number): Duration {
  return Math.max(1, Math.ceil(us));
}

/** A duration that is a parameter, in whole microseconds; 0 stays 0. */
function parameterUs(value: number, unitUs: number): Duration {
  return value === 0 ? 0 : whole(value * unitUs);
}

function inOrder(a: Event, b: Event): number {
  return a.time - b.time || kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.order - b.order;
}

function nameOf(alteration: Alteration): string {
  return `${alteration.job}.${alteration.step}`;
}

function commandOf(alteration: Alteration): Command {
  return alteration.marks.commands[alteration.step];
}

/** How jobs of one data type are spooled and printed. */
interface PerType {
  readonly bytesPerPage: number;
  readonly chunkBytes: number;
  readonly bytesPerSecond: number;
}

export class Reference {
  /** The server now; it is never changed but replaced. */
  state: ServerState;
  /** The time of the event handled last [us]. */
  now: Time;
  private readonly values: PrintServersValues;
  private readonly us;
  private readonly readings: Readings;
  private readonly decisions: Decisions | undefined;
  private readonly perType: Readonly<Record<DataType, PerType>>;
  private readonly streams;
  /** The jobs in place of drawn ones, if there is a script, and how many of them came. */
  private readonly script: readonly ScriptedJob[] | undefined;
  private scriptedSoFar: number;
  /** The future, sorted. */
  private events: readonly Event[];
  private eventsScheduled: number;

  /** @param decisions what the fleet decided about the server at its barriers, if it is coordinated */
  constructor(values: PrintServersValues, seed: string, server: number, replication: number, decisions?: Decisions) {
    const stream = (purpose: string) => seedrandom.alea(`${server}.${replication}.${purpose}.${seed}.`);
    this.streams = {
      submissions: stream("submissions"),
      jobs: stream("jobs"),
      alterations: stream("alterations"),
      control: stream("control"),
      unwinding: stream("unwinding"),
      complaints: stream("complaints"),
      relapses: stream("relapses"),
      stuckJobs: stream("stuck-jobs"),
      remoteCloses: stream("remote-closes"),
      outages: stream("lpr-outages"),
      pipedJobs: stream("piped-jobs"),
      popUps: stream("pop-ups"),
      clients: stream("clients"),
    };
    this.values = values;
    const { tseSp5HasRollup, acceptMisnomer, migrateNeedsKey, spOverwritesHotfix } = values;
    this.readings = { tseSp5HasRollup, acceptMisnomer, migrateNeedsKey, spOverwritesHotfix };
    this.us = durations(values);
    const perType = (bytesPerPage: number, chunkBytes: number): PerType => ({
      bytesPerPage,
      chunkBytes,
      bytesPerSecond: (values.portBytesPerSecond * bytesPerPage) / values.rawBytesPerPage,
    });
    this.perType = {
      RAW: perType(values.rawBytesPerPage, values.rawChunkBytes),
      TEXT: perType(values.textBytesPerPage, values.textChunkBytes),
      EMF: perType(values.emfBytesPerPage, values.emfChunkBytes),
    };
    this.state = {
      service: "running",
      downSince: null,
      stoppedAt: null,
      processesEnded: 0,
      hiddenSince: null,
      lockFreeAt: 0,
      patch: this.firstPatchState(stream("estate")),
      visit: null,
      printers: Array.from({ length: values.printers }, () => ({
        phase: "idle",
        due: null,
        current: null,
        printout: null,
        jobs: {},
        parked: [],
      })),
      instances: {},
      requested: {},
      inside: {},
      counts: Object.fromEntries(counted.map((name) => [name, 0])) as Record<Counted, number>,
      openWithDc: 0,
      leakedWithDc: 0,
      held: nothing(),
      leaked: nothing(),
      pipes: {},
      disabled: false,
      commandedAt: null,
      eventTimes: Object.fromEntries(eventTimes.map((name) => [name, null])) as Record<EventTime, null>,
    };
    this.now = 0;
    this.events = [];
    this.eventsScheduled = 0;
    this.script = scriptedJobs(values);
    this.scriptedSoFar = 0;
    this.scheduleSubmission();
    if (values.Q223791 !== "absent") this.schedule(this.nextOutage(), { kind: "DISCONNECT" });
    if (this.us.restartEvery > 0) this.schedule(this.firstRestart(), { kind: "STOP", object: 0 });
    if (values.restartGauge !== "none") this.schedule(this.us.poll, { kind: "POLL" });
    if (this.fixedByPatch(this.state)) {
      this.state = { ...this.state, eventTimes: { ...this.state.eventTimes, fixedUs: 0 } };
    }
    this.decisions = decisions;
    for (const { time, visit } of decisions?.visits ?? []) this.schedule(time, { kind: "PATCH", visit });
    if (values.patchOrder.visits.length > 0 && decisions === undefined) {
      this.schedule(this.visitAt(Math.ceil(values.patchAtDays * 24 * HOUR), server), { kind: "PATCH", visit: 0 });
    }
  }

  get nextTime(): Time {
    return this.events[0]?.time ?? Infinity;
  }

  /** Handles the earliest event; unwatched, it does not say what the event changed, which is many times faster. */
  step(recordsPatches = true): Happening {
    const [event, ...later] = this.events;
    this.events = later;
    this.now = event.time;
    let effect: Effect = { event: "STALE", detail: "" };
    let patches: readonly Patch[] = [];
    if (recordsPatches) {
      [this.state, patches] = immer.produceWithPatches(this.state, (s) => {
        effect = this.handle(s, event);
      });
    } else effect = this.handle(this.state as Server, event);
    const { time, kind } = event;
    const { event: name, detail, job, instance } = effect;
    return { time, kind, stale: name === "STALE", job, instance, event: name, detail, patches };
  }

  /** Handles every event strictly before `until` [us]. */
  run(until: Time, tell?: (happening: Happening) => void): void {
    while (this.nextTime < until) {
      const happening = this.step();
      tell?.(happening);
    }
  }

  private schedule(time: Time, happens: Happens): void {
    if (!(time >= this.now) || time !== Math.floor(time)) {
      throw new Error(`time is ${time} for ${happens.kind} at ${this.now}; an event is at a whole us, now or later`);
    }
    this.events = [...this.events, { ...happens, time, order: this.eventsScheduled++ }].sort(inOrder);
  }

  private handle(s: Server, event: Event): Effect {
    switch (event.kind) {
      case "LEAVE":
        return this.leave(s, event.alteration);
      case "RELOCK":
        return this.relock(s, event.alteration);
      case "ENTER":
        return this.enter(s, event.alteration);
      case "ALTER":
        return this.alter(s, event.alteration);
      case "CLOSE":
      case "DONE":
      case "WAKE":
      case "OPEN":
        return this.thread(s, event.kind, event.printer);
      case "SPOOLED":
        return this.spooled(s, event.printer, event.job);
      case "SUBMIT":
        return this.submit(s);
      case "STOP":
        return this.stop(s, event.object);
      case "STOPPED":
        return this.stopped(s);
      case "START":
        return this.start(s);
      case "STARTED":
        return this.started(s);
      case "POLL":
        return this.poll(s);
      case "COMPLAIN":
        return this.complain(s, event.process);
      case "RELAPSE":
        return this.relapse(s, event.process);
      case "PATCH":
        return this.patch(s, event.visit);
      case "RESTORE":
        return this.restore(s, event.process);
      case "DISCONNECT":
        return this.disconnect(s);
      case "RETRY":
        return this.retry(s, event.left);
      case "STUCK":
        return this.stuck(s, event.alteration);
    }
  }

  /** An event of a port thread is stale unless it is due. */
  private thread(s: Server, kind: ThreadKind, at: number): Effect {
    const printer = s.printers[at];
    if (printer.due?.time !== this.now || printer.due.kind !== kind) return stale(`printer ${at}`);
    printer.due = null;
    if (kind === "CLOSE") return this.close(s, at);
    if (kind === "DONE") return this.done(s, at);
    if (kind === "WAKE") return this.wake(s, at);
    return this.open(s, at);
  }

  private scheduleSubmission(): void {
    const time = this.script === undefined ? this.nextSubmission() : this.script[this.scriptedSoFar]?.submittedAt;
    if (time !== undefined) this.schedule(time, { kind: "SUBMIT" });
  }

  /** When the next job is submitted: a Poisson process whose rate is constant within each hour of the week. */
  private nextSubmission(): Time {
    const { hourWeights, dayWeights } = profiles[this.values.profile];
    let remaining = exponentialQuantile(this.streams.submissions.double());
    let at = this.now;
    for (;;) {
      const hourEnd = (Math.floor(at / HOUR) + 1) * HOUR;
      const h = Math.floor(at / HOUR) % 168;
      const { jobsPerDay, hourShares } = this.values;
      const rate =
        hourShares.length === 0
          ? (jobsPerDay * dayWeights[Math.floor(h / 24)] * hourWeights[h % 24]) / HOUR
          : (jobsPerDay * hourShares[h % hourShares.length]) / HOUR;
      const capacity = rate * (hourEnd - at);
      if (remaining < capacity) return this.now + whole(at + remaining / rate - this.now);
      remaining -= capacity;
      at = hourEnd;
    }
  }

  /** All that is drawn for a job, whatever will become of it. */
  private drawMarks(): Marks {
    const v = this.values;
    const { jobs, alterations, control, unwinding, complaints } = this.streams;

    const typeDraw = jobs.double();
    const dataType = typeDraw < v.textShare ? "TEXT" : typeDraw < v.textShare + v.emfShare ? "EMF" : "RAW";
    const printer = Math.floor(jobs.double() * v.printers);
    const pages = this.pages(jobs.double());
    const priority = jobs.double() < v.priorityHighShare ? v.priorityHigh : 1;
    const bytes = pages * this.perType[dataType].bytesPerPage;

    const episode = this.episode(alterations.double());
    const alterPosition = alterations.double();
    const thinkUs = whole(exponentialQuantile(alterations.double()) * this.us.thinkMean);

    const staysUs = [this.stay(control.double()), this.stay(control.double())] as const;

    const unwindDraw = unwinding.double();
    const factor = v.unwindSigma === 0 ? 1 : exp(v.unwindSigma * normalQuantile(unwindDraw));

    const complains = v.complaintMinutesMean > 0;
    const complainUs = complains
      ? whole(exponentialQuantile(complaints.double()) * v.complaintMinutesMean * 6e7)
      : null;

    return {
      dataType,
      printer,
      pages,
      bytes,
      priority,
      episode: episode?.name,
      when: episode?.when,
      commands: episode?.commands ?? [],
      alterPosition,
      thinkUs,
      staysUs,
      ...this.unwindings(dataType, factor),
      complainUs,
      whenStuck: this.drawWhenStuck(),
      fate: this.drawFate(),
    };
  }

  /** The marks of a job of the script. */
  private scriptedMarks({ episode: name, unwinding, submittedAt: _, ...job }: ScriptedJob): Marks {
    const episode = episodes.find((one) => one.name === name);
    return {
      ...job,
      bytes: job.pages * this.perType[job.dataType].bytesPerPage,
      episode: episode?.name,
      when: episode?.when,
      commands: episode?.commands ?? [],
      ...this.unwindings(job.dataType, unwinding),
      fate: this.drawFate(),
    };
  }

  /** How long a job takes to unwind: at its end, and when aborted. */
  private unwindings(dataType: DataType, factor: number): Pick<Marks, "unwindEndUs" | "unwindAbortUs"> {
    const abortMedian = dataType === "RAW" ? this.us.unwindRaw : this.us.unwindAbort;
    const localMedian = dataType === "RAW" ? this.us.unwindRaw : this.us.unwindEnd;
    const endMedian = this.values.portMonitor === "lpr" ? this.us.unwindLpr : localMedian;
    return { unwindEndUs: whole(endMedian * factor), unwindAbortUs: whole(abortMedian * factor) };
  }

  private drawWhenStuck(): Marks["whenStuck"] {
    const { stuckDeleteShare, stuckResubmitShare, stuckMinutesMean } = this.values;
    if (stuckDeleteShare + stuckResubmitShare === 0) return null;
    const { stuckJobs } = this.streams;
    const u = stuckJobs.double();
    const us = whole(exponentialQuantile(stuckJobs.double()) * stuckMinutesMean * 6e7);
    if (u >= stuckDeleteShare + stuckResubmitShare) return null;
    return { does: u < stuckDeleteShare ? "delete" : "resubmit", us };
  }

  private drawFate(): Fate {
    const v = this.values;
    const { remoteCloses, pipedJobs, popUps, clients } = this.streams;
    const remoteDraw = v.Q224345 === "absent" ? 1 : remoteCloses.double();
    const popUpDraw = v.Q283102 === "absent" ? 1 : popUps.double();
    const pipeDraw = v.Q226513 === "absent" ? 1 : pipedJobs.double();
    const client = v.Q182333 === "absent" ? Infinity : Math.floor(clients.double() * v.clients);
    return {
      remote: remoteDraw < v.remoteShare,
      closeFails: remoteDraw < v.remoteShare * v.remoteCloseFailShare,
      piped: pipeDraw < v.pipedShare,
      popUpLost: popUpDraw < v.popUpLostShare,
      client: client < Math.round(v.unpatchedShare * v.clients) ? client : undefined,
    };
  }

  private pages(u: number): number {
    const { emptyShare, pagesMean, pagesMax, pagesLaw } = this.values;
    if (u < emptyShare) return 0;
    if (pagesLaw === "fixed") return Math.max(1, Math.round(pagesMean));
    if (pagesMean === 1) return 1;
    const v = (u - emptyShare) / (1 - emptyShare);
    return Math.min(pagesMax, 1 + Math.floor(exponentialQuantile(v) * (-1 / log1p(-1 / pagesMean))));
  }

  /** The first episode whose cumulative share exceeds u. */
  private episode(u: number): (typeof episodes)[number] | undefined {
    let cumulative = 0;
    return episodes.find((episode) => {
      cumulative += this.values[`${episode.name}Share`];
      return cumulative > u;
    });
  }

  private stay(u: number): Duration {
    const { controlMsMedian, controlSigma } = this.values;
    if (controlSigma === 0) return whole(controlMsMedian * 1000);
    return whole(controlMsMedian * 1000 * exp(controlSigma * normalQuantile(u)));
  }

  // 2. The lock

  private acquire(s: Server, hold: Duration): { start: Time; end: Time } {
    const start = Math.max(this.now, s.lockFreeAt);
    s.lockFreeAt = start + hold;
    s.counts.lockRequests++;
    s.counts.lockWaitUs += start - this.now;
    return { start, end: start + hold };
  }

  // 3. Jobs

  /** T1. */
  private submit(s: Server): Effect {
    const marks = this.script === undefined ? this.drawMarks() : this.scriptedMarks(this.script[this.scriptedSoFar++]);
    this.scheduleSubmission();
    return this.submitJob(s, marks, false);
  }

  private submitJob(s: Server, marks: Marks, resubmitted: boolean): Effect {
    const number = ++s.counts.jobsSubmitted;
    const { dataType, pages, bytes } = marks;
    const detail = `${dataType}, ${pages} pages, ${bytes} B, printer ${marks.printer}`;
    if (s.service !== "running") {
      s.counts.jobsRefused++;
      if (s.service === "blind") s.counts.jobsToHiddenPrinters++;
      return { event: "REFUSED", job: number, detail: `${detail}; the service is ${s.service}` };
    }
    if (this.exceedsCommit(s, this.values.heapBytesPerJob)) {
      s.counts.jobsRefused++;
      this.exhaust(s);
      return { event: "HUNG", job: number, detail: `${detail}, refused at the commit limit` };
    }
    if (s.disabled) {
      s.counts.jobsRefused++;
      return { event: "REFUSED", job: number, detail: `${detail}; the server is disabled since Event 2019` };
    }
    if (marks.fate.piped && !this.takePiped(s, bytes)) {
      s.counts.jobsRefused++;
      return { event: "EVENT_2019", job: number, detail: `${detail}; the nonpaged pool is empty` };
    }
    const pipe = marks.fate.client === undefined ? "" : this.openPipe(s, marks.fate.client);
    const printer = s.printers[marks.printer];
    const listed = Object.values(printer.jobs).filter((job) => job.status === "waiting").length + printer.parked.length;
    s.counts.jobsExisting++;
    printer.jobs[number] = {
      number,
      marks: marks as Draft<Marks>,
      status: "spooling",
      priority: marks.priority,
      attempt: 1,
      opened: 0,
      starvedAt: null,
      paused: false,
      deleting: false,
      restarting: false,
      resubmitted,
    };
    const { end } = this.acquire(s, this.us.submit + Math.ceil(this.values.enumMsPerJob * 1000 * listed));
    const spoolUs =
      this.values.printWhileSpooling || bytes === 0 ? 0 : whole((bytes / this.values.spoolBytesPerSecond) * 1e6);
    this.schedule(end + spoolUs, { kind: "SPOOLED", printer: marks.printer, job: number });
    return {
      event: resubmitted ? "RESUBMIT" : "SUBMIT",
      job: number,
      detail: `${detail}${marks.fate.piped ? ", by a named pipe" : ""}${pipe}`,
    };
  }

  /** T2. */
  private spooled(s: Server, at: number, number: number): Effect {
    const printer = s.printers[at];
    const job = printer.jobs[number];
    if (job?.status !== "spooling") return { ...stale(`printer ${at}`), job: number };
    const { marks } = job;
    if (marks.bytes === 0) {
      s.counts.jobsDeleted++;
      this.remove(s, job);
      return { event: "EMPTY", job: number, detail: `printer ${at}` };
    }
    job.status = "waiting";
    if (marks.when === "waiting") {
      this.schedule(this.now + whole(marks.alterPosition * this.us.waitingMax), {
        kind: "ALTER",
        alteration: { job: number, step: 0, marks: plain(marks) },
      });
    }
    if (s.service === "running" && printer.phase === "idle") this.pick(s, at);
    return { event: "SPOOLED", job: number, detail: `printer ${at}` };
  }

  /** The jobs that wait, by priority (high first), then by number (low first). */
  private queue(printer: Draft<Printer>): Draft<Job>[] {
    return Object.values(printer.jobs)
      .filter((job) => job.status === "waiting")
      .sort((a, b) => b.priority - a.priority || a.number - b.number);
  }

  /** T3. */
  private pick(s: Server, at: number): void {
    const printer = s.printers[at];
    if (this.queue(printer).every((job) => job.paused)) {
      printer.phase = "idle";
      return;
    }
    const { end } = this.acquire(s, this.us.pick);
    printer.phase = "picking";
    this.setDue(s, at, end, "OPEN");
  }

  /** T4. */
  private open(s: Server, at: number): Effect {
    const printer = s.printers[at];
    const job = this.queue(printer).find((waiting) => !waiting.paused);
    if (s.service !== "running" || job === undefined) {
      printer.phase = "idle";
      const why = s.service !== "running" ? `the service is ${s.service}` : "no job waits that is not paused";
      return { event: "PICK_NOTHING", detail: `printer ${at}: ${why}` };
    }
    const { number, marks } = job;
    if (this.exceedsCommit(s, this.values.heapBytesPerInstance)) {
      this.exhaust(s);
      return { event: "HUNG", job: number, detail: `printer ${at}: no memory for a print processor` };
    }
    const holdsDc = marks.dataType === "TEXT" || (marks.dataType === "EMF" && this.values.emfHoldsDc);
    const refusals = holdsDc ? this.exceededCeilings(s) : [];
    if (refusals.length > 0) {
      for (const ceiling of refusals) this.first(s, ceiling);
      s.counts.jobsStarved++;
      if (job.starvedAt === null) {
        job.starvedAt = this.now;
        s.counts.jobsUnprinted++;
      }
      this.first(s, "firstStarvedUs");
      if (marks.complainUs !== null) {
        this.schedule(this.now + marks.complainUs, { kind: "COMPLAIN", process: s.processesEnded });
      }
      if (this.values.onOpenFail === "park") {
        job.status = "parked";
        printer.parked.push(job);
        delete printer.jobs[number];
        s.counts.jobsParked++;
        if (marks.whenStuck !== null && !job.resubmitted) {
          const alteration = { job: number, step: 0, marks: plain(marks) };
          this.schedule(this.now + marks.whenStuck.us, { kind: "STUCK", alteration });
        }
      } else {
        this.remove(s, job);
        s.counts.jobsUnprinted++;
      }
      this.pick(s, at);
      const type = marks.dataType;
      const end = this.values.onOpenFail === "park" ? "parked" : "vanished";
      return { event: "OPEN_FAILED", job: number, detail: `printer ${at}, ${type} ${end}: ${refusals.join(", ")}` };
    }

    const instance = ++s.counts.processorsOpened;
    if (holdsDc) s.openWithDc++;
    s.instances[instance] = { status: "open", guard: 0, closePending: 0, attempted: false, holdsDc };
    this.spoolerDoes(s, "open", instance);
    job.status = "printing";
    printer.phase = "printing";
    printer.current = number;
    const { chunkBytes, bytesPerSecond } = this.perType[marks.dataType];
    const chunks = Math.ceil(marks.bytes / chunkBytes);
    const chunkUs = whole((chunkBytes / bytesPerSecond) * 1e6);
    const lastChunkUs = whole(((marks.bytes - (chunks - 1) * chunkBytes) / bytesPerSecond) * 1e6);
    printer.printout = {
      instance,
      chunks,
      chunkUs,
      lastChunkUs,
      runAt: 0,
      runChunk: 0,
      returnAt: 0,
      closeAt: 0,
      blockAt: null,
      position: 0,
      aborted: false,
    };
    this.startRun(s, at, 0);
    job.opened++;
    if (job.opened === 1 && marks.when === "printing") {
      const durationUs = (chunks - 1) * chunkUs + lastChunkUs;
      this.schedule(this.now + whole(marks.alterPosition * durationUs), {
        kind: "ALTER",
        alteration: { job: number, step: 0, marks: plain(marks) },
      });
    }
    const detail = `printer ${at}, ${marks.dataType}, attempt ${job.attempt}`;
    return { event: "PP_OPEN", job: number, instance, detail };
  }

  /** A person sees that a job is stuck. */
  private stuck(s: Server, alteration: Alteration): Effect {
    const { job: number, marks } = alteration;
    const job = this.find(s, alteration);
    if (s.service !== "running" || job?.status !== "parked" || job.resubmitted) {
      return { ...stale("nothing is stuck any more"), job: number };
    }
    if (marks.whenStuck!.does === "delete") {
      s.counts.alterations++;
      s.counts.jobsDeleted++;
      this.acquire(s, this.us.pre);
      this.remove(s, job);
      s.counts.jobsUnprinted++;
      return { event: "COMMAND", job: number, detail: "delete, parked" };
    }
    job.resubmitted = true;
    s.counts.jobsResubmitted++;
    return this.submitJob(s, { ...marks, priority: job.priority, fate: { ...marks.fate, client: undefined } }, true);
  }

  /** T9. */
  private done(s: Server, at: number): Effect {
    const printer = s.printers[at];
    const job = printer.jobs[printer.current!];
    const { number } = job;
    let event: string;
    let notified = "";
    if (job.deleting) {
      event = "DELETED";
      s.counts.jobsDeleted++;
      this.remove(s, job);
    } else if (job.restarting) {
      event = "RESTARTED";
      job.restarting = false;
      job.attempt++;
      job.status = "waiting";
    } else {
      event = "PRINTED";
      s.counts.jobsPrinted++;
      this.remove(s, job);
      notified = this.closeRemotely(s, job.marks.fate) + this.popUp(s, job.marks.fate);
    }
    printer.phase = "idle";
    printer.current = null;
    if (s.service === "running") this.pick(s, at);
    return { event, job: number, detail: `printer ${at}${notified}` };
  }

  /** The job is gone. */
  private remove(s: Server, job: Draft<Job>): void {
    const printer = s.printers[job.marks.printer];
    s.counts.jobsExisting--;
    if (job.starvedAt !== null) {
      s.counts.jobsUnprinted--;
      s.counts.stuckUs += this.now - job.starvedAt;
    }
    if (job.status === "parked") {
      s.counts.jobsParked--;
      printer.parked.splice(
        printer.parked.findIndex((parked) => parked.number === job.number),
        1,
      );
    } else {
      delete printer.jobs[job.number];
    }
  }

  /** The job of an alteration, or nothing when it is gone. */
  private find(s: Server, { job, marks }: Alteration): Draft<Job> | undefined {
    const printer = s.printers[marks.printer];
    if (job in printer.jobs) return printer.jobs[job];
    // Looking through the parked jobs of the state before this event spares a draft of each; none has moved yet.
    const at = this.state.printers[marks.printer].parked.findIndex((parked) => parked.number === job);
    return at < 0 ? undefined : printer.parked[at];
  }

  private setDue(s: Server, at: number, time: Time, kind: ThreadKind): void {
    s.printers[at].due = { time, kind };
    this.schedule(time, { kind, printer: at });
  }

  // 4. Printing

  /** The thread prints from a chunk to the end, unless something happens. */
  private startRun(s: Server, at: number, chunk: number): void {
    const printer = s.printers[at];
    const printout = printer.printout!;
    const { chunks, chunkUs, lastChunkUs } = printout;
    printout.runAt = this.now;
    printout.runChunk = chunk;
    this.returns(s, at, this.now + (chunks - 1 - chunk) * chunkUs + lastChunkUs, "end");
  }

  /** The printout returns at a time, and the close attempt is due when it has unwound. */
  private returns(s: Server, at: number, returnAt: Time, how: "end" | "abort"): void {
    const printer = s.printers[at];
    const printout = printer.printout!;
    const { unwindEndUs, unwindAbortUs } = printer.jobs[printer.current!].marks;
    printout.blockAt = null;
    printout.returnAt = returnAt;
    printout.closeAt = returnAt + (how === "end" ? unwindEndUs : unwindAbortUs);
    this.setDue(s, at, printout.closeAt, "CLOSE");
  }

  /** The run's first test moment that is not before t, and the chunk that would come next (`chunks` at the end). */
  private nextTest(printout: Draft<Printout>, dataType: DataType, t: Time): { time: Time; chunk: number } | undefined {
    const { runAt, runChunk, chunks, chunkUs, returnAt } = printout;
    for (let i = 0; i <= chunks - 1 - runChunk; i++) {
      const time = runAt + i * chunkUs;
      if (time >= t) return { time, chunk: runChunk + i };
    }
    return dataType === "TEXT" && returnAt >= t ? { time: returnAt, chunk: chunks } : undefined;
  }

  /** A thread that is blocked, or is to block, has not returned: `returnAt` is not its end any more. */
  private hasReturned({ blockAt, returnAt }: Draft<Printout>): boolean {
    return blockAt === null && this.now > returnAt;
  }

  /** A command reaches the thread that prints the job. */
  private command(s: Server, job: Draft<Job>, command: Command): void {
    const at = job.marks.printer;
    const printer = s.printers[at];
    const printout = printer.printout!;
    if (command === "pause") {
      job.paused = true;
      if (this.hasReturned(printout) || printout.aborted || printout.blockAt !== null) return;
      const test = this.nextTest(printout, job.marks.dataType, this.now);
      if (test === undefined) return;
      printout.blockAt = test.time;
      printout.position = test.chunk;
      printer.due = null;
    }
    if (command === "resume") {
      job.paused = false;
      if (printout.blockAt === null) return;
      if (this.now <= printout.blockAt) {
        // It never blocks: the close attempt is due where it was, and its event is still in the list.
        printout.blockAt = null;
        printer.due = { time: printout.closeAt, kind: "CLOSE" };
      } else {
        this.wakeUp(s, at);
      }
    }
    if (command === "delete") {
      job.deleting = true;
      this.abort(s, job);
    }
    if (command === "restart") {
      job.restarting = true;
      this.abort(s, job);
    }
  }

  private abort(s: Server, job: Draft<Job>): void {
    const at = job.marks.printer;
    const printer = s.printers[at];
    const printout = printer.printout!;
    job.paused = false;
    if (this.hasReturned(printout) || printout.aborted) return;
    printout.aborted = true;
    if (printout.blockAt !== null && this.now > printout.blockAt) {
      this.wakeUp(s, at);
      return;
    }
    const seenAt = printout.blockAt ?? this.nextTest(printout, job.marks.dataType, this.now)?.time;
    if (seenAt !== undefined) this.returns(s, at, seenAt, "abort");
  }

  /** A blocked thread is woken, unless it is already. */
  private wakeUp(s: Server, at: number): void {
    if (s.printers[at].due === null) this.setDue(s, at, this.now + Math.max(1, this.us.wake), "WAKE");
  }

  private wake(s: Server, at: number): Effect {
    const printer = s.printers[at];
    const printout = printer.printout!;
    const job = printer.jobs[printer.current!];
    const about = { job: job.number, instance: printout.instance };
    if (printout.aborted) {
      this.returns(s, at, this.now, "abort");
      return { event: "WAKE", ...about, detail: `printer ${at}, aborted` };
    }
    if (job.paused) {
      printout.blockAt = this.now;
      return { event: "BLOCKED", ...about, detail: `printer ${at}, paused again` };
    }
    if (printout.position === printout.chunks) this.returns(s, at, this.now, "end");
    else this.startRun(s, at, printout.position);
    const { position, chunks } = printout;
    return { event: "WAKE", ...about, detail: `printer ${at}, goes on after ${position} of ${chunks} chunks` };
  }

  // 5. Alterations and the guard

  /** T10. */
  private alter(s: Server, alteration: Alteration): Effect {
    const { job, step, marks } = alteration;
    const detail = commandOf(alteration);
    if (s.service !== "running") {
      return { event: "ALTER_REFUSED", job, detail: `${detail}; the service is ${s.service}` };
    }
    s.counts.alterations++;
    s.requested[nameOf(alteration)] = true;
    const { end } = this.acquire(s, this.us.pre);
    this.schedule(end, { kind: "ENTER", alteration });
    if (step + 1 < marks.commands.length) {
      this.schedule(this.now + marks.thinkUs, { kind: "ALTER", alteration: { ...alteration, step: step + 1 } });
    }
    if (this.races(s, commandOf(alteration))) {
      this.first(s, "raceHangUs");
      this.hang(s);
      return { event: "HUNG", job, detail: `${detail} races with another call (Q247408)` };
    }
    return { event: "ALTER", job, detail };
  }

  /** T10, T11, T13. */
  private enter(s: Server, alteration: Alteration): Effect {
    const name = nameOf(alteration);
    const command = commandOf(alteration);
    if (!(name in s.requested)) return { ...stale(command), job: alteration.job };
    delete s.requested[name];

    const job = this.find(s, alteration);
    if (job === undefined) return { event: "NO_EFFECT", job: alteration.job, detail: `${command}: the job is gone` };
    const { number, status } = job;
    const printer = s.printers[job.marks.printer];

    if (command === "level") {
      job.priority = this.values.levelPriority;
      const enters = this.values.guardMode === "level-changes-too" && status === "printing";
      if (enters) return this.enterInstance(s, alteration, job);
      return { event: "COMMAND", job: number, detail: `level ${job.priority}, ${status}` };
    }
    if (status === "printing") {
      const effect = this.enterInstance(s, alteration, job);
      this.command(s, job, command);
      return effect;
    }
    if (status === "finishing") return { event: "NO_EFFECT", job: number, detail: `${command}: the job is finishing` };
    if (command === "restart") return { event: "NO_EFFECT", job: number, detail: `refused: the job is ${status}` };
    if (command === "delete") {
      s.counts.jobsDeleted++;
      this.remove(s, job);
    } else {
      job.paused = command === "pause";
      if (command === "resume" && s.service === "running" && printer.phase === "idle") this.pick(s, job.marks.printer);
    }
    return { event: "COMMAND", job: number, detail: `${command}, ${status}` };
  }

  private enterInstance(s: Server, alteration: Alteration, job: Draft<Job>): Effect {
    const { instance } = s.printers[job.marks.printer].printout!;
    s.counts.controlEntries++;
    s.inside[nameOf(alteration)] = { instance, since: this.now };
    this.spoolerDoes(s, "enterAlteration", instance);
    this.schedule(this.now + alteration.marks.staysUs[alteration.step], { kind: "RELOCK", alteration });
    const detail = `${commandOf(alteration)}, guard ${s.instances[instance].guard}`;
    return { event: "CTL_ENTER", job: job.number, instance, detail };
  }

  /** T12. */
  private relock(s: Server, alteration: Alteration): Effect {
    const stay = s.inside[nameOf(alteration)];
    if (stay === undefined) return { ...stale(commandOf(alteration)), job: alteration.job };
    const { start } = this.acquire(s, this.us.exit);
    if (start === this.now) return this.leave(s, alteration);
    this.schedule(start, { kind: "LEAVE", alteration });
    const detail = `${commandOf(alteration)}, waits ${start - this.now} us`;
    return { event: "RELOCK", job: alteration.job, instance: stay.instance, detail };
  }

  private leave(s: Server, alteration: Alteration): Effect {
    const name = nameOf(alteration);
    const stay = s.inside[name];
    if (stay === undefined) return { ...stale(commandOf(alteration)), job: alteration.job };
    const { instance: number, since } = stay;
    const instance = s.instances[number];
    const before = instance.status;
    delete s.inside[name];
    s.counts.controlLeaves++;
    s.counts.guardUs += this.now - since;
    this.spoolerDoes(s, "leaveAlteration", number);
    let detail = `${commandOf(alteration)}, guard ${instance.guard}`;
    if (before !== "closed" && instance.status === "closed") detail = "closes the print processor";
    if (this.orphansIfAbandoned(s, number)) detail = "orphaned: the close that was left to it was not done";
    this.forget(s, number);
    return { event: "CTL_EXIT", job: alteration.job, instance: number, detail };
  }

  /** T8. */
  private close(s: Server, at: number): Effect {
    const printer = s.printers[at];
    const job = printer.jobs[printer.current!];
    const { instance: number } = printer.printout!;
    const instance = s.instances[number];
    instance.attempted = true;
    this.spoolerDoes(s, "close", number);
    let detail = instance.status === "closed" ? "closed" : "deferred";
    if (this.orphansIfAbandoned(s, number)) {
      const { name, skipsBecause } = this.values.spooler;
      const why = instance.guard > 0 ? skipsBecause : undefined;
      detail = `orphaned: ${why ?? `spooler ${name} does not close it`}, guard ${instance.guard}`;
    }
    this.forget(s, number);
    job.status = "finishing";
    printer.phase = "finishing";
    printer.printout = null;
    const { end } = this.acquire(s, this.us.close);
    this.setDue(s, at, end, "DONE");
    return { event: "CLOSE_ATTEMPT", job: job.number, instance: number, detail };
  }

  /** An instance whose close was attempted, and that nobody who is inside will close, is an orphan. */
  private orphansIfAbandoned(s: Server, number: number): boolean {
    const instance = s.instances[number];
    const somebodyInside = Object.values(s.inside).some((stay) => stay.instance === number);
    if (instance.status !== "open" || !instance.attempted || (instance.closePending && somebodyInside)) return false;
    instance.status = "orphaned";
    s.counts.processorsOrphaned++;
    s.counts.processorsLeaked++;
    if (instance.holdsDc) s.leakedWithDc++;
    this.first(s, "firstLeakUs");
    return true;
  }

  /** One of the spooler's four verbs: restated below, or a user's own over columns that hold this one instance. */
  private spoolerDoes(s: Server, verb: Verb, number: number): void {
    const { spooler } = this.values;
    const name = this.fixedByPatch(s) ? "fixed" : spooler.name;
    const instance = s.instances[number];
    const closeProcessor = (which: number): void => this.closeProcessor(s, which);
    if (Object.hasOwn(spoolers, name)) {
      spoolers[name][verb](instance, () => closeProcessor(number));
      return;
    }
    const guard: number[] = [];
    const closePending: number[] = [];
    guard[number] = instance.guard;
    closePending[number] = instance.closePending;
    spooler[verb]({ guard, closePending, closeProcessor }, number);
    instance.guard = guard[number];
    instance.closePending = closePending[number];
  }

  private closeProcessor(s: Server, number: number): void {
    const instance = s.instances[number];
    if (instance?.status !== "open") {
      throw new Error(`print processor ${number} is not open; it is closed once, and not after it was orphaned`);
    }
    instance.status = "closed";
    s.counts.processorsClosed++;
    if (instance.holdsDc) s.openWithDc--;
  }

  /** An instance that is closed or orphaned is remembered only while an alteration is inside. */
  private forget(s: Server, number: number): void {
    if (s.instances[number].status === "open") return;
    if (Object.values(s.inside).some(({ instance }) => instance === number)) return;
    delete s.instances[number];
  }

  // 6. Resources

  private gauges(s: ServerState) {
    const v = this.values;
    const { held } = s;
    const { jobsExisting, processorsOpened, processorsClosed } = s.counts;
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
      printerDcs: v.dcsBase + v.dcsPerGdiInstance * s.openWithDc,
      gdiHandles: v.gdiHandlesBase + v.gdiHandlesPerGdiInstance * s.openWithDc,
      pagedPoolBytes: v.pagedPoolBytesBase + v.poolBytesPerGdiInstance * s.openWithDc + v.popUpBytes * held.popUps,
      nonpagedPoolBytes: v.nonpagedPoolBytesBase + held.pipedBytes,
    };
  }

  private exceedsCommit(s: ServerState, need: number): boolean {
    const { commitBytesBase, ramBytes, pagefileBytes } = this.values;
    return commitBytesBase + this.gauges(s).privateBytes + need > ramBytes + pagefileBytes;
  }

  /** The ceilings that refuse one more instance with a DC. */
  private exceededCeilings(s: ServerState): EventTime[] {
    const v = this.values;
    const { printerDcs, gdiHandles, pagedPoolBytes } = this.gauges(s);
    const refusals: EventTime[] = [];
    if (printerDcs + v.dcsPerGdiInstance > v.dcsMax) refusals.push("dcCeilingUs");
    if (gdiHandles + v.gdiHandlesPerGdiInstance > v.gdiHandlesMax) refusals.push("gdiCeilingUs");
    if (pagedPoolBytes + v.poolBytesPerGdiInstance > v.pagedPoolBytesMax) refusals.push("poolCeilingUs");
    return refusals;
  }

  private first(s: Server, name: EventTime): void {
    s.eventTimes[name] ??= this.now;
  }

  /** Every response at `now` [us], after every event before it; NaN for eventTimes that have not happened. */
  responses(now: Time): Record<ResponseName, number> {
    const { counts, downSince, hiddenSince, leakedWithDc, leaked, printers } = this.state;
    const existing = printers.flatMap(({ jobs, parked }) => [...Object.values(jobs), ...parked]);
    const stuck = existing.map(({ starvedAt }) => (starvedAt === null ? 0 : now - starvedAt));
    const v = this.values;
    const first = (name: EventTime): number => this.state.eventTimes[name] ?? NaN;
    return {
      ...counts,
      processorsLive: counts.processorsOpened - counts.processorsClosed - counts.processorsOrphaned,
      leakedPrivateBytes: v.heapBytesPerInstance * counts.processorsLeaked,
      leakedHandles: v.handlesPerInstance * counts.processorsLeaked,
      leakedDcs: v.dcsPerGdiInstance * leakedWithDc,
      leakedGdiHandles: v.gdiHandlesPerGdiInstance * leakedWithDc,
      leakedPagedPoolBytes: v.poolBytesPerGdiInstance * leakedWithDc,
      ...this.gauges(this.state),
      firstLeakUs: first("firstLeakUs"),
      firstStarvedUs: first("firstStarvedUs"),
      dcCeilingUs: first("dcCeilingUs"),
      gdiCeilingUs: first("gdiCeilingUs"),
      poolCeilingUs: first("poolCeilingUs"),
      exhaustedUs: first("exhaustedUs"),
      fixedUs: first("fixedUs"),
      printersLostUs: first("printersLostUs"),
      canaryPassedUs: this.decided("passedAt", now),
      rolloutHaltedUs: this.decided("haltedAt", now),
      handlesCeilingUs: first("handlesCeilingUs"),
      nonpagedCeilingUs: first("nonpagedCeilingUs"),
      raceHangUs: first("raceHangUs"),
      firstSymptomUs: earliest(symptoms.map(first)),
      leakedHandlesByRemoteCloses: 3 * leaked.failedCloses,
      leakedPrivateBytesByRemoteCloses: v.remoteCloseBytes * leaked.failedCloses,
      leakedPrivateBytesByLpr: v.lprLeakBytes * leaked.lprAttempts,
      leakedNonpagedPoolBytesByPipedJobs: leaked.pipedBytes,
      leakedPagedPoolBytesByPopUps: v.popUpBytes * leaked.popUps,
      leakedHandlesByClients: leaked.clientPipes,
      stuckUs: stuck.reduce((total, us) => total + us, counts.stuckUs),
      downtimeUs: counts.downtimeUs + (downSince === null ? 0 : now - downSince),
      fixedNow: this.fixedByPatch(this.state) ? 1 : 0,
      printersHiddenUs: counts.printersHiddenUs + (hiddenSince === null ? 0 : now - hiddenSince),
    };
  }

  /** When the fleet decided something, once it has. */
  private decided(what: "passedAt" | "haltedAt", now: Time): Time {
    const at = this.decisions?.[what] ?? NaN;
    return at < now ? at : NaN;
  }

  // 7. The service

  /** T16. */
  private exhaust(s: Server): void {
    this.first(s, "exhaustedUs");
    this.hang(s);
  }

  private hang(s: Server): void {
    s.service = "hung";
    s.downSince = this.now;
    for (const printer of s.printers) printer.due = null;
    this.voidAlterations(s);
    if (this.us.recovery > 0) this.schedule(this.now + this.us.recovery, { kind: "STOP", object: 1 });
  }

  private voidAlterations(s: Server): void {
    s.requested = {};
    s.inside = {};
    for (const number of Object.keys(s.instances)) this.forget(s, Number(number));
  }

  /** T14. */
  private stop(s: Server, object: 0 | 1): Effect {
    if (object === 0) this.schedule(this.allowedRestart(this.now + this.us.restartEvery), { kind: "STOP", object });
    const detail = object === 0 ? "calendar" : "recovery";
    if (s.service !== (object === 0 ? "running" : "hung")) {
      return { event: "NO_EFFECT", detail: `${detail}: the service is ${s.service}` };
    }
    this.stopService(s, object === 0 ? "restartsByCalendar" : "restartsByRecovery");
    return { event: "STOP", detail };
  }

  private stopService(s: Server, cause: Cause, staffUs = this.us.staff[cause]): void {
    s.counts[cause]++;
    s.counts.staffUs += staffUs;
    if (s.hiddenSince !== null) s.counts.printersHiddenUs += this.now - s.hiddenSince;
    s.hiddenSince = null;
    s.service = "stopping";
    s.downSince ??= this.now;
    this.schedule(this.now + Math.max(1, this.us.stop), { kind: "STOPPED" });
  }

  private stopped(s: Server): Effect {
    const { processorsOpened, processorsClosed, processorsOrphaned } = s.counts;
    const open = processorsOpened - processorsClosed;
    s.service = "stopped";
    s.stoppedAt = this.now;
    s.counts.processorsReclaimed += open;
    s.counts.processorsClosed += open;
    s.counts.processorsOrphaned = 0;
    s.openWithDc = 0;
    this.voidAlterations(s);
    s.instances = {};
    s.lockFreeAt = this.now;
    this.forgetRelatedBugs(s);
    for (const printer of s.printers) {
      for (const job of Object.values(printer.jobs)) this.jobWhenStopped(s, job);
      for (const job of printer.parked) {
        printer.jobs[job.number] = job;
        job.status = "waiting";
        job.paused = false;
      }
      printer.parked = [];
      printer.phase = "idle";
      printer.due = null;
      printer.current = null;
      printer.printout = null;
    }
    s.counts.jobsParked = 0;
    s.processesEnded++;
    const pauseUs = s.visit?.us ?? this.us.pause[this.values.restartKind];
    this.schedule(this.now + Math.max(1, pauseUs), { kind: "START" });
    return { event: "STOPPED", detail: `${open} print processors reclaimed, ${processorsOrphaned} of them orphans` };
  }

  /** What becomes of a job that is not parked when the process ends. */
  private jobWhenStopped(s: Server, job: Draft<Job>): void {
    const inFlight = job.status === "printing" || job.status === "finishing";
    const restarted = job.attempt > 1 || job.restarting;
    if (job.status === "spooling") {
      s.counts.jobsLost++;
      this.remove(s, job);
      return;
    }
    if (inFlight && job.deleting) {
      s.counts.jobsDeleted++;
      this.remove(s, job);
      return;
    }
    const judged = this.values.deleteRestartedJobs && !isAtLeast(s.patch.running.servicePack, "5");
    if (inFlight && restarted && judged) {
      s.counts.jobsLost++;
      this.remove(s, job);
      return;
    }
    if (inFlight) {
      job.status = "waiting";
      job.restarting = false;
      s.counts.jobsReprinted++;
    }
    job.paused = false;
  }

  /** T15. */
  private start(s: Server): Effect {
    const isRestart = this.values.restartKind === "service" && typeof s.visit?.us !== "number";
    const mayFail = this.values.Q243222 === "present" && !mends(s.patch, "Q243222", this.readings);
    if (isRestart && mayFail && this.now - s.stoppedAt! < this.us.startGap) {
      s.counts.startFailures++;
      this.schedule(this.now + Math.max(1, this.us.startGap), { kind: "START" });
      return { event: "START_FAILED", detail: "System error 12" };
    }
    s.service = "starting";
    const files = 2 * s.counts.jobsExisting;
    this.schedule(this.now + Math.max(1, this.us.start + this.us.startPerFile * files), { kind: "STARTED" });
    return { event: "START", detail: `${files} files` };
  }

  private started(s: Server): Effect {
    s.counts.serviceStarts++;
    s.counts.downtimeUs += this.now - s.downSince!;
    s.downSince = null;
    const next = s.visit?.next ?? null;
    if (s.visit !== null) s.patch = s.visit.leaves;
    s.visit = null;
    if (this.fixedByPatch(s)) this.first(s, "fixedUs");
    const process = s.processesEnded;
    s.service = printersVisible(s.patch) ? "running" : "blind";
    if (s.service === "blind") {
      this.first(s, "printersLostUs");
      s.hiddenSince = this.now;
      if (this.us.restore > 0) this.schedule(this.now + this.us.restore, { kind: "RESTORE", process });
    }
    const relapseUs = this.drawRelapse();
    if (relapseUs !== null) this.schedule(this.now + relapseUs, { kind: "RELAPSE", process });
    if (next !== null) {
      const from = this.now + Math.ceil(this.values.patchGapDays * 24 * HOUR);
      this.schedule(this.visitAt(from, 0), { kind: "PATCH", visit: next });
    }
    if (s.service === "running") for (let at = 0; at < s.printers.length; at++) this.pick(s, at);
    return { event: "STARTED", detail: `start ${s.counts.serviceStarts}, ${s.service}` };
  }

  // 8. Upgrades

  private fixedByPatch({ patch }: ServerState): boolean {
    return isFixed(patch, this.readings);
  }

  /** What is installed at the start; nothing is drawn where all servers are alike. */
  private firstPatchState(draws: seedrandom.PRNG): PatchState {
    const v = this.values;
    const shares = [v.sp3Share, v.sp5Share, v.sp6Share, v.hotfixedShare, v.keyShare];
    const [u, hotfix, key] = shares.every((share) => share === 0) ? [1, 1, 1] : [0, 0, 0].map(() => draws.double());
    const pack =
      u < v.sp3Share
        ? "3"
        : u < v.sp3Share + v.sp5Share
          ? "5"
          : u < v.sp3Share + v.sp5Share + v.sp6Share
            ? "6"
            : v.servicePack;
    let state = freshState(v.edition, v.processor, pack);
    if (v.keySet || key < v.keyShare) state = this.afterSteps(state, ["setUseSoftwareKey", "restartSpooler"])!;
    if (v.hotfixed || hotfix < v.hotfixedShare) state = this.afterSteps(state, ["installHotfix", "reboot"]) ?? state;
    return state;
  }

  /** The state after all of the steps; nothing when one is refused. */
  private afterSteps(start: PatchState, wanted: readonly Step[]): PatchState | undefined {
    let state = start;
    for (const step of wanted) {
      const result = take(state, step, this.readings);
      if ("refusal" in result) return undefined;
      state = result.state;
    }
    return state;
  }

  /** T18 to T20. */
  private patch(s: Server, visit: number): Effect {
    const isForward = visit < this.values.patchOrder.visits.length;
    if (isForward && this.decisions !== undefined && this.now >= this.decisions.stoppedAt) {
      return stale(`visit ${visit}: the roll-out was halted`);
    }
    if (s.service !== "running" && s.service !== "blind") {
      this.schedule(this.now + 6e7, { kind: "PATCH", visit });
      return { event: "NO_EFFECT", detail: `visit ${visit}: the service is ${s.service}` };
    }
    const { visits } = this.values.patchOrder;
    const wanted = visit === visits.length ? this.undoing(s.patch) : visits[visit];
    const leaves = wanted && this.afterSteps(s.patch, wanted);
    if (wanted === undefined || leaves === undefined) {
      s.counts.visitsRefused++;
      s.counts.staffUs += this.us.staff.restartsByRecovery;
      return { event: "VISIT_REFUSED", detail: `visit ${visit}` };
    }
    s.counts[visit === visits.length ? "visitsUndone" : "visitsMade"]++;
    const us = wanted.map((step) => this.us.ofStep(step)).reduce((a, b) => a + b, 0);
    s.visit = { leaves, us: Math.max(1, us), next: visit + 1 < visits.length ? visit + 1 : null };
    this.stopService(s, "restartsByVisit");
    return { event: "VISIT", detail: wanted.join(", ") };
  }

  /** The steps that take back what the patch order installed: Service Pack 6 before the hotfix. */
  private undoing(patch: PatchState): Step[] | undefined {
    const ordered = this.values.patchOrder.visits.flat();
    const has = (step: Step): boolean => ordered.includes(step);
    const undo: Step[] = [];
    const sp6 = has("installSp6") || has("installSp6a");
    if (sp6 && this.afterSteps(patch, ["uninstallSp6"]) !== undefined) undo.push("uninstallSp6", "reboot");
    const removed = has("installHotfix") ? this.afterSteps(patch, [...undo, "removeHotfix", "reboot"]) : undefined;
    if (removed !== undefined) undo.push("removeHotfix", "reboot");
    const end = undo.length === 0 ? undefined : this.afterSteps(patch, undo);
    if (end === undefined) return undefined;
    const restores = !end.visible && this.afterSteps(end, ["restorePrinters"]) !== undefined;
    return restores ? [...undo, "restorePrinters"] : undo;
  }

  private restore(s: Server, process: number): Effect {
    if (s.service !== "blind" || process !== s.processesEnded) return stale("restoration");
    const withKey = this.afterSteps(s.patch, ["setUseSoftwareKey", "restartSpooler"])!;
    const saved = this.afterSteps({ ...s.patch, backup: true }, ["restorePrinters"])!;
    s.visit = { leaves: withKey.visible ? withKey : saved, us: null, next: null };
    this.stopService(s, "restartsByVisit", this.us.staffRestore);
    return { event: "RESTORE", detail: withKey.visible ? "UseSoftwareKey" : "from what was saved" };
  }

  // 9. Maintenance

  /** The time of the visit that so many come before, the first from a time on: in windows, one after the other. */
  private visitAt(from: Time, before: number): Time {
    const day = 24 * HOUR;
    const { windowStartHour, windowHours, windowDays, staggerMinutes } = this.values;
    const opens = Math.ceil(windowStartHour * HOUR);
    const length = Math.ceil(windowHours * HOUR);
    const stagger = parameterUs(staggerMinutes, 6e7);
    let left = before;
    for (let d = Math.floor(from / day) - 1; ; d++) {
      const isDay = windowDays === "every-day" || ((d % 7) + 7) % 7 >= 5;
      const begin = Math.max(0, from, d * day + opens);
      const end = d * day + opens + length;
      if (!isDay || begin >= end) continue;
      const fit = stagger === 0 ? Infinity : Math.ceil((end - begin) / stagger);
      if (left < fit) return begin + left * stagger;
      left -= fit;
    }
  }

  /** The first restart by the calendar: after the interval, or at the first time a set day or hour allows. */
  private firstRestart(): Time {
    const { restartOn, restartAtHour } = this.values;
    return restartOn === "every-day" && restartAtHour === 24 ? this.us.restartEvery : this.allowedRestart(1);
  }

  /** The first time from `from` on of which the calendar of restarts allows day and hour. */
  private allowedRestart(from: Time): Time {
    const { restartOn, restartAtHour } = this.values;
    const week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const days = { "every-day": week, weekend: week.slice(5) } as Record<string, string[]>;
    const midnight = (day: number): Time => day * 24 * HOUR;
    let day = Math.floor(from / midnight(1));
    for (;;) {
      const time =
        restartAtHour === 24 ? Math.max(from, midnight(day)) : midnight(day) + Math.ceil(restartAtHour * HOUR);
      if ((days[restartOn] ?? [restartOn]).includes(week[day % 7]) && time >= from) return time;
      day++;
    }
  }

  private poll(s: Server): Effect {
    this.schedule(this.now + this.us.poll, { kind: "POLL" });
    const gauge = this.values.restartGauge as "privateBytes" | "handles" | "pagedPoolBytes";
    const shown = this.gauges(s)[gauge];
    const detail = `${gauge} ${shown}`;
    if (s.service !== "running" || shown < this.values.restartAtGauge) return { event: "POLL", detail };
    this.stopService(s, "restartsByGauge");
    return { event: "STOP", detail };
  }

  private complain(s: Server, process: number): Effect {
    s.counts.complaints++;
    if (s.service !== "running" || process !== s.processesEnded) return { event: "COMPLAINT", detail: "in vain" };
    this.stopService(s, "restartsByComplaint");
    return { event: "STOP", detail: "complaint" };
  }

  private drawRelapse(): Duration | null {
    const { relapseShare, relapseMinutesMean } = this.values;
    if (relapseShare === 0) return null;
    const { relapses } = this.streams;
    const isRelapsing = relapses.double() < relapseShare;
    const us = whole(exponentialQuantile(relapses.double()) * relapseMinutesMean * 6e7);
    return isRelapsing ? us : null;
  }

  private relapse(s: Server, process: number): Effect {
    if (s.service !== "running" || process !== s.processesEnded) return stale("relapse");
    s.counts.relapses++;
    this.hang(s);
    return { event: "HUNG", detail: "relapse" };
  }

  // 10. The related bugs

  /** Whether the server carries the bug: the fleet does, and nothing that runs on the server mends it. */
  private carries(s: Server, bug: keyof typeof leakOf): boolean {
    return this.values[bug] === "present" && !mends(s.patch, bug, this.readings);
  }

  /** The bug leaks, if the server carries it. */
  private leak(s: Server, bug: keyof typeof leakOf, times: number): boolean {
    if (!this.carries(s, bug)) return false;
    const what = leakOf[bug];
    s.held[what] += times;
    s.leaked[what] += times;
    const takesHandles = what === "failedCloses" || what === "clientPipes";
    if (takesHandles && this.gauges(s).handles > this.values.handlesMax) this.first(s, "handlesCeilingUs");
    return true;
  }

  /** Q226513. */
  private takePiped(s: Server, bytes: number): boolean {
    const { pipedPoolShare, nonpagedPoolBytesMax } = this.values;
    const pool = Math.ceil(pipedPoolShare * bytes);
    s.counts.jobsPiped++;
    if (this.carries(s, "Q226513") && this.gauges(s).nonpagedPoolBytes + pool > nonpagedPoolBytesMax) {
      this.first(s, "nonpagedCeilingUs");
      s.disabled = true;
      return false;
    }
    this.leak(s, "Q226513", pool);
    return true;
  }

  /** Q182333. */
  private openPipe(s: Server, client: number): string {
    const open = s.pipes[client] ?? 0;
    if (open >= this.values.pipesPerClientMax) return "";
    s.pipes[client] = open + 1;
    this.leak(s, "Q182333", 1);
    return `, client ${client} leaves pipe ${open + 1} open`;
  }

  /** Q224345. */
  private closeRemotely(s: Server, fate: Fate): string {
    if (fate.remote) s.counts.remoteCloses++;
    if (!fate.closeFails) return "";
    s.counts.remoteClosesFailed++;
    const leaked = this.leak(s, "Q224345", 1);
    return leaked ? "; its remote close fails and leaks 3 handles" : "; its remote close fails";
  }

  /** Q283102. */
  private popUp(s: Server, fate: Fate): string {
    const { netPopUp, popUpBytes, pagedPoolBytesMax } = this.values;
    if (!netPopUp || !fate.popUpLost) return "";
    s.counts.popUpsLost++;
    if (this.gauges(s).pagedPoolBytes + popUpBytes <= pagedPoolBytesMax) {
      this.leak(s, "Q283102", 1);
      return "; its pop-up finds nobody logged on";
    }
    this.first(s, "poolCeilingUs");
    if (s.service === "running") this.hang(s);
    return "; its pop-up finds no paged pool, and the service hangs";
  }

  private nextOutage(): Time {
    const meanUs = (24 * HOUR) / this.values.lprOutagesPerDay;
    return this.now + whole(exponentialQuantile(this.streams.outages.double()) * meanUs);
  }

  /** Q223791. */
  private disconnect(s: Server): Effect {
    const meanUs = this.values.lprOutageSecondsMean * 1e6;
    const retries = Math.floor((exponentialQuantile(this.streams.outages.double()) * meanUs) / 4e6);
    this.schedule(this.nextOutage(), { kind: "DISCONNECT" });
    if (s.service !== "running") return { event: "NO_EFFECT", detail: `the service is ${s.service}` };
    s.counts.lprDisconnections++;
    this.attempt(s, retries);
    return { event: "EVENT_2004", detail: `an LPR printer disconnects; ${retries} retries will find it so` };
  }

  private retry(s: Server, left: number): Effect {
    if (s.service !== "running") return stale(`the service is ${s.service}`);
    s.counts.lprRetries++;
    this.attempt(s, left);
    return { event: "RETRY", detail: `the LPR monitor tries again in vain, ${left} more to come` };
  }

  private attempt(s: Server, left: number): void {
    this.leak(s, "Q223791", 1);
    if (left > 0) this.schedule(this.now + 4e6, { kind: "RETRY", left: left - 1 });
  }

  /** Q247408. */
  private races(s: Server, command: Command): boolean {
    const { Q247408, raceWindowMs } = this.values;
    if (Q247408 === "absent" || (command !== "pause" && command !== "resume")) return false;
    const races = s.commandedAt !== null && this.now - s.commandedAt < raceWindowMs * 1000;
    s.commandedAt = this.now;
    if (races) s.counts.raceHangs++;
    return races;
  }

  /** The process has ended; a reboot, which a visit that installs is too, or a failover ends more. */
  private forgetRelatedBugs(s: Server): void {
    s.held.failedCloses = 0;
    s.held.lprAttempts = 0;
    s.held.clientPipes = 0;
    s.pipes = {};
    s.commandedAt = null;
    const visited = typeof s.visit?.us === "number";
    if (this.values.restartKind === "service" && !visited) return;
    s.held.pipedBytes = 0;
    s.held.popUps = 0;
    s.disabled = false;
  }
}

function nothing(): Leaks {
  return Object.fromEntries(Object.values(leakOf).map((leak) => [leak, 0])) as Leaks;
}

/** The earliest of eventTimes that may be NaN; NaN if all are. */
function earliest(times: readonly number[]): number {
  const come = times.filter((time) => !Number.isNaN(time));
  return come.length === 0 ? NaN : Math.min(...come);
}

function stale(detail: string): Effect {
  return { event: "STALE", detail };
}

/** The durations that are parameters, each converted once; a mean or a maximum is not rounded. */
function durations(v: PrintServersValues) {
  return {
    submit: parameterUs(v.submitMs, 1000),
    pick: parameterUs(v.pickMs, 1000),
    close: parameterUs(v.closeMs, 1000),
    pre: parameterUs(v.preMs, 1000),
    exit: parameterUs(v.exitMs, 1000),
    wake: parameterUs(v.wakeMs, 1000),
    unwindRaw: v.unwindRawMs * 1000,
    unwindAbort: v.unwindAbortMs * 1000,
    unwindEnd: v.unwindEndMs * 1000,
    unwindLpr: v.unwindLprMs * 1000,
    thinkMean: v.thinkSecondsMean * 1e6,
    waitingMax: v.waitingSecondsMax * 1e6,
    restartEvery: parameterUs(v.restartEveryHours, HOUR),
    recovery: parameterUs(v.recoveryMinutes, 6e7),
    stop: parameterUs(v.stopMs, 1000),
    start: parameterUs(v.startMs, 1000),
    startPerFile: parameterUs(v.startMsPerFile, 1000),
    startGap: parameterUs(v.startGapMs, 1000),
    poll: whole(v.pollEveryMinutes * 6e7),
    restore: parameterUs(v.restoreMinutes, 6e7),
    /** Time of staff, by cause, and that of a restoration. */
    staff: {
      restartsByCalendar: parameterUs(v.staffMinutesPerRestart, 6e7),
      restartsByGauge: parameterUs(v.staffMinutesPerRestart, 6e7),
      restartsByComplaint: parameterUs(v.staffMinutesPerVisit, 6e7),
      restartsByRecovery: parameterUs(v.staffMinutesPerVisit, 6e7),
      restartsByVisit: parameterUs(v.staffMinutesPerUpgrade, 6e7),
    },
    staffRestore: parameterUs(v.staffMinutesPerRestore, 6e7),
    ofStep: (step: Step): Duration => {
      if (step === "installHotfix" || step === "removeHotfix") return parameterUs(v.hotfixMinutes, 6e7);
      if (step.startsWith("install") || step.startsWith("uninstall")) return parameterUs(v.servicePackMinutes, 6e7);
      return step === "reboot" ? parameterUs(v.rebootMs, 1000) : 0;
    },
    /** Between STOPPED and START, by restartKind. */
    pause: {
      service: parameterUs(v.restartPauseMs, 1000),
      reboot: parameterUs(v.rebootMs, 1000),
      failover: parameterUs(v.failoverMs, 1000),
    },
  };
}

// 5, restated. Every close attempt with the guard down closes; the spoolers differ in what happens when it is up.

type Cause =
  | "restartsByCalendar"
  | "restartsByGauge"
  | "restartsByComplaint"
  | "restartsByRecovery"
  | "restartsByVisit";
type Verb = "open" | "enterAlteration" | "leaveAlteration" | "close";
type Does = (instance: Draft<Instance>, close: () => void) => void;

const buggy: Record<Verb, Does> = {
  open() {},
  enterAlteration(instance) {
    instance.guard++;
  },
  leaveAlteration(instance) {
    instance.guard--;
  },
  close(instance, close) {
    if (instance.guard === 0) close();
  },
};

const fixed: Record<Verb, Does> = {
  ...buggy,
  leaveAlteration(instance, close) {
    instance.guard--;
    if (instance.closePending && instance.guard === 0) close();
  },
  close(instance, close) {
    if (instance.guard === 0) close();
    else instance.closePending = 1;
  },
};

const stickyGuard: Record<Verb, Does> = { ...buggy, leaveAlteration() {} };

const spoolers: Readonly<Record<string, Record<Verb, Does>>> = { buggy, fixed, "sticky-guard": stickyGuard };
