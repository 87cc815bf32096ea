/** The state of one server, as plain immutable objects. */
import type { Duration, Time } from "../../../sim/event-list.ts";
import type { PatchState } from "../patching/patch-state.ts";
import type { Marks } from "./draws.ts";
import type { ThreadKind } from "./events.ts";

export interface Job {
  /** The number of the job on its server, from 1. */
  readonly number: number;
  readonly marks: Marks;
  readonly status: "spooling" | "waiting" | "printing" | "finishing" | "parked";
  readonly priority: number;
  /** 1, plus 1 for each restart that took effect. */
  readonly attempt: number;
  /** How many print processors have been opened for it so far. */
  readonly opened: number;
  /** When it first starved; null if it has not. */
  readonly starvedAt: Time | null;
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly restarting: boolean;
  /** Whether it was submitted again, or is itself such a copy; a job is submitted again only once. */
  readonly resubmitted: boolean;
}

/** What a port thread does between OPEN and CLOSE. A run is what it prints without a pause. */
export interface Printout {
  readonly instance: number;
  readonly chunks: number;
  readonly chunkUs: Duration;
  readonly lastChunkUs: Duration;
  /** When the run started, and its first chunk. */
  readonly runAt: Time;
  readonly runChunk: number;
  readonly returnAt: Time;
  /** When the close attempt is due if nothing interrupts the run. */
  readonly closeAt: Time;
  /**
   * When the thread blocks or has blocked, and the chunk at which it continues (`chunks` for the end); null while it
   * prints.
   */
  readonly blockAt: Time | null;
  readonly position: number;
  readonly aborted: boolean;
}

export interface Printer {
  readonly phase: "idle" | "picking" | "printing" | "finishing";
  /** The timer of the port thread. */
  readonly due: { readonly time: Time; readonly kind: ThreadKind } | null;
  /** The number of the job that is printing or finishing; null if there is none. */
  readonly current: number | null;
  readonly printout: Printout | null;
  /** The existing jobs by number, except the parked ones. */
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

/**
 * The unit of each related bug's leak: a failed close, an attempt of the LPR monitor, a byte of pool, a pop-up, a
 * client's pipe.
 */
export const leakOf = {
  Q224345: "failedCloses",
  Q223791: "lprAttempts",
  Q226513: "pipedBytes",
  Q283102: "popUps",
  Q182333: "clientPipes",
} as const;

type Leaks = Record<(typeof leakOf)[keyof typeof leakOf], number>;

type Counted = (typeof counted)[number];

export type EventTime = (typeof eventTimes)[number];

export interface ServerState {
  readonly service: "running" | "stopping" | "stopped" | "starting" | "hung" | "blind";
  /** When the service stopped running; null while it runs. */
  readonly downSince: Time | null;
  /** When the process last ended; null if it never has. */
  readonly stoppedAt: Time | null;
  readonly processesEnded: number;
  /** Since when the service runs without its printers; null otherwise. */
  readonly hiddenSince: Time | null;
  readonly patch: PatchState;
  /** The visit under way: the state it leaves, how long the machine is down, and the next visit. */
  readonly visit: { readonly leaves: PatchState; readonly us: Duration | null; readonly next: number | null } | null;
  readonly lockFreeAt: Time;
  readonly printers: readonly Printer[];
  /** The instances that events can still affect, by number. */
  readonly instances: Readonly<Record<number, Instance>>;
  /** The requested alterations; a key is "job.step". */
  readonly requested: Readonly<Record<string, true>>;
  /** The alterations that are inside an instance. */
  readonly inside: Readonly<Record<string, { readonly instance: number; readonly since: Time }>>;
  readonly counts: Readonly<Record<Counted, number>>;
  /** How many of the open instances, and of all orphans so far, hold or held a DC. */
  readonly openWithDc: number;
  readonly leakedWithDc: number;
  /** What the related bugs leaked: held now, and in total. */
  readonly held: Readonly<Leaks>;
  readonly leaked: Readonly<Leaks>;
  /** The pipes that each unpatched client has left open. */
  readonly pipes: Readonly<Record<number, number>>;
  /** Whether the server has refused all jobs since Event 2019. */
  readonly disabled: boolean;
  /** When this process was last asked to pause or resume a job; null if never. */
  readonly commandedAt: Time | null;
  /** When each event first happened; null if it has not. */
  readonly eventTimes: Readonly<Record<EventTime, Time | null>>;
}

/** The state of a server that starts with empty queues and these patches. */
export function initialState(printers: number, patch: PatchState): ServerState {
  return {
    service: "running",
    downSince: null,
    stoppedAt: null,
    processesEnded: 0,
    hiddenSince: null,
    patch,
    visit: null,
    lockFreeAt: 0,
    printers: Array.from({ length: printers }, () => ({
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
}

function nothing(): Leaks {
  return Object.fromEntries(Object.values(leakOf).map((leak) => [leak, 0])) as Leaks;
}
