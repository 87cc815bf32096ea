/**
 * The print servers: what happens to jobs, port threads, alterations and the service (docs/model.md, T1 to T20).
 *
 * This file says what follows from what; the nouns live next door: jobs.ts (slots and queues), port-threads.ts (the
 * arithmetic of printing), print-processors.ts (instances and their ledger), lock.ts, workload.ts (all that is
 * random), maintenance.ts (why the service is stopped), estate.ts (what is installed), siblings.ts (other bugs, if the
 * fleet carries any) and the swappable spooler, which alone decides what is closed.
 *
 * Events: kinds.ts. The object of an event is a job, a printer of the server, or an alteration: 2 * job + step.
 */
import type { Duration, Kind, Time } from "../../sim/event-list.ts";
import type { Clock } from "../../sim/simulation.ts";
import { wholeMicroseconds } from "../../sim/variates.ts";
import { Estate, mendedThroughout, refuseEstate } from "./upkeep/installed-patches.ts";
import { FINISHING, GONE, Jobs, NONE, PARKED, PRINTING, SPOOLING, WAITING } from "./job-queues.ts";
import {
  ALTER,
  CLOSE,
  COMPLAIN,
  DISCONNECT,
  DONE,
  ENTER,
  kinds,
  LEAVE,
  OPEN,
  PATCH,
  POLL,
  RELAPSE,
  RELOCK,
  RESTORE,
  RETRY,
  SPOOLED,
  START,
  STARTED,
  STOP,
  STOPPED,
  SUBMIT,
  WAKE,
} from "./event-kinds.ts";
import { limits } from "./limits.ts";
import { Lock } from "./lock.ts";
import {
  BY_CALENDAR,
  BY_COMPLAINT,
  BY_METER,
  BY_RECOVERY,
  BY_RESTORATION,
  BY_VISIT,
  Maintenance,
  refusePolicy,
} from "./upkeep/maintenance.ts";
import type { Column, Instance, Model, OpenStreams, Schedule, Slice } from "../model.ts";
import { sumOfShares } from "../define-parameters.ts";
import { parameters, type PrintServersValues } from "./parameters/parameters.ts";
import { IDLE, PICKING, PortThreads } from "./port-threads.ts";
import { PrintProcessors } from "./print-processors.ts";
import { means, responses, type ResponseName } from "./responses.ts";
import { siblingClosedForm } from "./related-bugs/closed-form.ts";
import { Siblings } from "./related-bugs/related-bugs.ts";
import { sites } from "./sites.ts";
import { isRollout, refuseRollout, Rollout } from "./upkeep/rollout.ts";
import { RestartTimes, VisitTimes } from "./upkeep/maintenance-windows.ts";
import { counters, impacts, narrative, prices, trial } from "./vocabulary.ts";
import {
  BYTES,
  DELETE_EPISODE,
  EMF,
  GAP_US,
  LEVEL_EPISODE,
  PAUSE_DELETE_EPISODE,
  PAUSE_RESUME_EPISODE,
  RAW,
  RELAPSE_US,
  RESTART_EPISODE,
  TEXT,
  WAITING_DELETE_EPISODE,
  WAITING_PAUSE_RESUME_EPISODE,
  Workload,
} from "./workload.ts";

const RUNNING = 0;
const STOPPING = 1;
const DOWN = 2;
const STARTING = 3;
const HUNG = 4;
/** It runs and has lost its printers. */
const BLIND = 5;

const PAUSE = 0;
const RESUME = 1;
const DELETE = 2;
const RESTART = 3;
const LEVEL = 4;

/** Staff who find the service down come back after this [us]. */
const COME_BACK_US = 60e6;

/** Milliseconds of a parameter, as a duration: 0 stays 0. */
function microseconds(ms: number): Duration {
  return ms === 0 ? 0 : wholeMicroseconds(ms * 1000);
}

function minutes(m: number): Duration {
  return wholeMicroseconds(m * 60e6);
}

/** What a data type means to a port thread. */
interface Medium {
  readonly chunkBytes: number;
  readonly bytesPerSecond: number;
  readonly chunkUs: Duration;
  readonly testsAtEnd: 0 | 1;
  readonly holdsDc: 0 | 1;
  readonly unwindEndUs: number;
  readonly unwindAbortUs: number;
}

class PrintServers implements Instance {
  readonly columns: readonly Column[];
  private readonly values: PrintServersValues;
  private readonly slice: Slice;
  private readonly jobs: Jobs;
  private readonly threads: PortThreads;
  private readonly processors: PrintProcessors;
  private readonly lock: Lock;
  private readonly workload: Workload;
  private readonly siblings: Siblings;
  private readonly media: readonly Medium[];
  private readonly maintenance: Maintenance;
  private readonly estate: Estate;
  private readonly visitTimes: VisitTimes;
  private readonly restartTimes: RestartTimes;
  readonly meeting: Rollout | undefined;

  private readonly service: Uint8Array;
  /** Since when the service has not been running [us] - state - meaningless while it runs. */
  private readonly downSince: Float64Array;
  private readonly stoppedAt: Float64Array;

  private readonly submitUs: Duration;
  private readonly enumUsPerJob: number;
  private readonly preUs: Duration;
  private readonly exitUs: Duration;
  private readonly pickUs: Duration;
  private readonly closeUs: Duration;
  /** Private bytes of the spooler without jobs [bytes]. */
  private readonly idleBytes: number;
  private readonly commitBytesMax: number;

  // The responses that nobody next door keeps.
  private readonly jobsSubmitted: Float64Array;
  private readonly jobsRefused: Float64Array;
  private readonly jobsPrinted: Float64Array;
  private readonly jobsDeleted: Float64Array;
  private readonly jobsLost: Float64Array;
  private readonly jobsReprinted: Float64Array;
  private readonly jobsStarved: Float64Array;
  private readonly jobsToHiddenPrinters: Float64Array;
  private readonly alterations: Float64Array;
  private readonly controlEntries: Float64Array;
  private readonly firstLeakUs: Float64Array;
  private readonly firstStarvedUs: Float64Array;
  private readonly dcCeilingUs: Float64Array;
  private readonly gdiCeilingUs: Float64Array;
  private readonly poolCeilingUs: Float64Array;
  private readonly exhaustedUs: Float64Array;
  private readonly canaryPassedUs: Float64Array;
  private readonly rolloutHaltedUs: Float64Array;
  private readonly serviceStarts: Float64Array;
  private readonly startFailures: Float64Array;
  private readonly guardUs: Float64Array;
  /** Downtime that is over [us]. */
  private readonly pastDowntimeUs: Float64Array;
  /** When users notice: the earliest of these [us]. */
  private readonly symptoms: readonly Float64Array[];
  private readonly derived: Readonly<Record<string, Float64Array>>;

  constructor(values: PrintServersValues, slice: Slice, open: OpenStreams) {
    const { count } = slice;
    this.values = values;
    this.slice = slice;
    this.jobs = new Jobs(count, values.printers, 16 * count + 48);
    this.threads = new PortThreads(count * values.printers, Math.max(1, microseconds(values.wakeMs)));
    this.processors = new PrintProcessors(values.spooler, count, 4 * count + 12);
    this.lock = new Lock(count);
    this.workload = new Workload(values, open);
    this.siblings = new Siblings(values, count, open);
    this.media = mediaOf(values);
    this.maintenance = new Maintenance(values, count);
    this.estate = new Estate(values, count, this.workload);
    this.visitTimes = new VisitTimes(values);
    this.restartTimes = new RestartTimes(values);
    this.meeting = isRollout(values) ? this.rolloutOf(values, count) : undefined;
    this.service = new Uint8Array(count);
    this.downSince = new Float64Array(count);
    this.stoppedAt = new Float64Array(count);

    this.submitUs = microseconds(values.submitMs);
    this.enumUsPerJob = values.enumMsPerJob * 1000;
    this.preUs = microseconds(values.preMs);
    this.exitUs = microseconds(values.exitMs);
    this.pickUs = microseconds(values.pickMs);
    this.closeUs = microseconds(values.closeMs);
    this.idleBytes = values.privateBytesBase + values.privateBytesPerPrinter * values.printers;
    this.commitBytesMax = values.ramBytes + values.pagefileBytes - values.commitBytesBase;

    const zeros = () => new Float64Array(count);
    const never = () => new Float64Array(count).fill(NaN);
    this.jobsSubmitted = zeros();
    this.jobsRefused = zeros();
    this.jobsPrinted = zeros();
    this.jobsDeleted = zeros();
    this.jobsLost = zeros();
    this.jobsReprinted = zeros();
    this.jobsStarved = zeros();
    this.jobsToHiddenPrinters = zeros();
    this.alterations = zeros();
    this.controlEntries = zeros();
    this.firstLeakUs = never();
    this.firstStarvedUs = never();
    this.dcCeilingUs = never();
    this.gdiCeilingUs = never();
    this.poolCeilingUs = never();
    this.exhaustedUs = never();
    this.canaryPassedUs = never();
    this.rolloutHaltedUs = never();
    this.serviceStarts = zeros();
    this.startFailures = zeros();
    this.guardUs = zeros();
    this.pastDowntimeUs = zeros();
    const derived = {
      leakedPrivateBytes: zeros(),
      leakedHandles: zeros(),
      leakedDcs: zeros(),
      leakedGdiHandles: zeros(),
      leakedPagedPoolBytes: zeros(),
      privateBytes: zeros(),
      handles: zeros(),
      printerDcs: zeros(),
      gdiHandles: zeros(),
      pagedPoolBytes: zeros(),
      nonpagedPoolBytes: zeros(),
      firstSymptomUs: zeros(),
      downtimeUs: zeros(),
      printersHiddenUs: zeros(),
      jobsUnprinted: zeros(),
      stuckUs: zeros(),
    };
    this.derived = derived;

    const { processors, jobs, lock, maintenance, estate, siblings } = this;
    const columns: Record<ResponseName, Column> = {
      jobsSubmitted: this.jobsSubmitted,
      jobsRefused: this.jobsRefused,
      jobsPrinted: this.jobsPrinted,
      jobsDeleted: this.jobsDeleted,
      jobsLost: this.jobsLost,
      jobsReprinted: this.jobsReprinted,
      jobsStarved: this.jobsStarved,
      jobsExisting: jobs.existing,
      jobsParked: jobs.parked,
      alterations: this.alterations,
      controlEntries: this.controlEntries,
      processorsOpened: processors.opened,
      processorsClosed: processors.closed,
      processorsReclaimed: processors.reclaimed,
      processorsLive: processors.live,
      processorsOrphaned: processors.orphaned,
      processorsLeaked: processors.leaked,
      firstLeakUs: this.firstLeakUs,
      firstStarvedUs: this.firstStarvedUs,
      dcCeilingUs: this.dcCeilingUs,
      gdiCeilingUs: this.gdiCeilingUs,
      poolCeilingUs: this.poolCeilingUs,
      exhaustedUs: this.exhaustedUs,
      serviceStarts: this.serviceStarts,
      startFailures: this.startFailures,
      guardUs: this.guardUs,
      lockWaitUs: lock.waitUs,
      lockRequests: lock.requests,
      restartsByCalendar: maintenance.restartsByCalendar,
      restartsByMeter: maintenance.restartsByMeter,
      restartsByComplaint: maintenance.restartsByComplaint,
      restartsByRecovery: maintenance.restartsByRecovery,
      restartsByVisit: maintenance.restartsByVisit,
      complaints: maintenance.complaints,
      relapses: maintenance.relapses,
      staffUs: maintenance.staffUs,
      visitsMade: estate.visitsMade,
      visitsRefused: estate.visitsRefused,
      visitsUndone: estate.visitsUndone,
      fixedNow: estate.fixedNow,
      fixedUs: estate.fixedUs,
      printersLostUs: estate.printersLostUs,
      jobsToHiddenPrinters: this.jobsToHiddenPrinters,
      canaryPassedUs: this.canaryPassedUs,
      rolloutHaltedUs: this.rolloutHaltedUs,
      ...derived,
      ...siblings.columns,
    };
    this.symptoms = [
      this.firstStarvedUs,
      this.poolCeilingUs,
      this.exhaustedUs,
      columns.handlesCeilingUs,
      columns.nonpagedCeilingUs,
      columns.raceHangUs,
    ] as Float64Array[];
    this.columns = responses.map(({ name }) => columns[name]);
  }

  start(schedule: Schedule): void {
    const { values, estate, slice } = this;
    for (let server = 0; server < slice.count; server++) {
      this.awaitSubmission(server, schedule);
      this.siblings.awaitOutage(server, schedule);
      if (values.restartEveryHours > 0) schedule.after(this.restartTimes.first(), STOP, server, BY_CALENDAR);
      if (values.restartMeter !== "none") schedule.after(minutes(values.pollEveryMinutes), POLL, server, 0);
      estate.note(server, schedule.now);
      this.runFiles(server);
      if (estate.visits > 0 && this.meeting === undefined) {
        const from = Math.ceil(values.patchAtDays * 24 * 3.6e9);
        schedule.after(this.visitTimes.at(from, slice.first + server), PATCH, server, 0);
      }
    }
  }

  handle(kind: Kind, server: number, object: number, schedule: Schedule): void {
    switch (kind) {
      case LEAVE:
        return this.leave(server, object, schedule);
      case RELOCK:
        return this.relock(server, object, schedule);
      case ENTER:
        return this.enter(server, object, schedule);
      case ALTER:
        return this.alter(server, object, schedule);
      case CLOSE:
        return this.close(server, object, schedule);
      case DONE:
        return this.done(server, object, schedule);
      case WAKE:
        return this.wake(server, object, schedule);
      case OPEN:
        return this.open(server, object, schedule);
      case SPOOLED:
        return this.spooled(server, object, schedule);
      case SUBMIT:
        return this.submit(server, schedule);
      case STOP:
        return this.stop(server, object, schedule);
      case STOPPED:
        return this.stopped(server, schedule);
      case START:
        return this.startService(server, schedule);
      case STARTED:
        return this.started(server, schedule);
      case POLL:
        return this.poll(server, schedule);
      case COMPLAIN:
        return this.complain(server, object, schedule);
      case RELAPSE:
        return this.relapse(server, object, schedule);
      case PATCH:
        return this.patch(server, object, schedule);
      case RESTORE:
        return this.restore(server, object, schedule);
      case DISCONNECT:
        return this.siblings.disconnect(server, this.service[server] === RUNNING, schedule);
      case RETRY:
        return this.siblings.retry(server, object, this.service[server] === RUNNING, schedule);
    }
  }

  // Jobs: T1, T2, T9.

  private submit(server: number, schedule: Schedule): void {
    const { workload, jobs, values, siblings } = this;
    this.awaitSubmission(server, schedule);
    workload.drawJob(server);
    if (siblings.any) siblings.draws.drawJob(server);
    const number = ++this.jobsSubmitted[server];
    if (this.service[server] !== RUNNING) {
      this.jobsRefused[server]++;
      if (this.service[server] === BLIND) this.jobsToHiddenPrinters[server]++;
      return;
    }
    if (this.privateBytes(server) + values.heapBytesPerJob > this.commitBytesMax) {
      this.jobsRefused[server]++;
      this.exhaust(server, schedule);
      return;
    }
    if (siblings.any && !siblings.submit(server, workload.reals[BYTES], this.handlesElsewhere(server), schedule)) {
      this.jobsRefused[server]++;
      return;
    }
    const job = jobs.create(server, number, workload);
    if (siblings.any) jobs.fate[job] = siblings.draws.fate;
    const listed = jobs.listed[jobs.printer[job]];
    const hold = this.submitUs + Math.ceil(this.enumUsPerJob * listed);
    this.lock.acquire(server, hold, schedule);
    let delay = this.lock.heldUntil[server] - schedule.now;
    if (!values.printWhileSpooling && jobs.bytes[job] > 0) {
      delay += wholeMicroseconds((jobs.bytes[job] / values.spoolBytesPerSecond) * 1e6);
    }
    jobs.refer(job);
    schedule.after(delay, SPOOLED, server, job);
  }

  private awaitSubmission(server: number, schedule: Schedule): void {
    this.workload.drawGap(server, schedule);
    schedule.after(this.workload.reals[GAP_US], SUBMIT, server, 0);
  }

  private spooled(server: number, job: number, schedule: Schedule): void {
    const { jobs } = this;
    if (jobs.state[job] === SPOOLING) {
      if (jobs.bytes[job] === 0) {
        this.jobsDeleted[server]++;
        jobs.remove(job, schedule);
      } else {
        jobs.enqueue(job);
        if (jobs.episode[job] >= WAITING_DELETE_EPISODE) {
          this.plan(server, job, this.values.waitingSecondsMax * 1e6, schedule);
        }
        this.pickIfIdle(server, jobs.printer[job], schedule);
      }
    }
    jobs.release(job);
  }

  private done(server: number, printer: number, schedule: Schedule): void {
    const { jobs, threads } = this;
    const port = this.port(server, printer);
    if (!threads.accept(port, DONE, schedule)) return;
    const job = threads.job[port];
    if (jobs.deleting[job] === 1) {
      this.jobsDeleted[server]++;
      jobs.remove(job, schedule);
    } else if (jobs.restarting[job] === 1) {
      jobs.restarting[job] = 0;
      jobs.restarted[job] = 1;
      jobs.enqueue(job);
    } else {
      this.jobsPrinted[server]++;
      jobs.remove(job, schedule);
      if (this.siblings.any) this.notify(server, jobs.fate[job], schedule);
    }
    threads.phase[port] = IDLE;
    this.pickIfIdle(server, port, schedule);
  }

  /** A job has been printed: its remote printer is closed, and its user sees a pop-up (docs/model.md, section 10). */
  private notify(server: number, fate: number, schedule: Schedule): void {
    const { siblings } = this;
    siblings.closeRemotely(server, fate, this.handlesElsewhere(server), schedule);
    if (siblings.popUp(server, fate, this.pagedPoolElsewhere(server))) return;
    first(this.poolCeilingUs, server, schedule);
    if (this.service[server] === RUNNING) this.hang(server, schedule);
  }

  // Port threads: T3 to T8.

  /** An idle port thread of a running service wants the first job of its queue that is not paused. */
  private pickIfIdle(server: number, port: number, schedule: Schedule): void {
    const { threads } = this;
    if (threads.phase[port] !== IDLE || this.service[server] !== RUNNING) return;
    if (this.jobs.firstReady(port) === NONE) return;
    threads.phase[port] = PICKING;
    this.dueAfterLock(server, port, this.pickUs, OPEN, schedule);
  }

  private open(server: number, printer: number, schedule: Schedule): void {
    const { jobs, threads, values, processors } = this;
    const port = this.port(server, printer);
    if (!threads.accept(port, OPEN, schedule)) return;
    threads.phase[port] = IDLE;
    if (this.service[server] !== RUNNING) return;
    const job = jobs.firstReady(port);
    if (job === NONE) return;
    if (this.privateBytes(server) + values.heapBytesPerInstance > this.commitBytesMax) {
      this.exhaust(server, schedule);
      return;
    }
    const medium = this.media[jobs.dataType[job]];
    if (medium.holdsDc === 1 && !this.dcToBeHad(server, schedule)) {
      this.jobsStarved[server]++;
      first(this.firstStarvedUs, server, schedule);
      this.awaitComplaint(server, job, schedule);
      jobs.starve(job, schedule);
      if (values.onOpenFail === "park") jobs.park(job);
      else jobs.remove(job, schedule);
      this.pickIfIdle(server, port, schedule);
      return;
    }
    jobs.take(job);
    jobs.instance[job] = processors.open(server, medium.holdsDc);
    this.print(port, job, medium, schedule);
    const { episode } = jobs;
    if (++jobs.attempts[job] === 1 && episode[job] >= DELETE_EPISODE && episode[job] <= LEVEL_EPISODE) {
      this.plan(server, job, threads.returnAt[port] - schedule.now, schedule);
    }
  }

  private print(port: number, job: number, medium: Medium, schedule: Schedule): void {
    const { jobs, threads } = this;
    const bytes = jobs.bytes[job];
    const chunks = Math.ceil(bytes / medium.chunkBytes);
    const lastChunkUs = wholeMicroseconds(((bytes - (chunks - 1) * medium.chunkBytes) / medium.bytesPerSecond) * 1e6);
    threads.begin(
      port,
      job,
      chunks,
      medium.chunkUs,
      lastChunkUs,
      medium.testsAtEnd,
      wholeMicroseconds(medium.unwindEndUs * jobs.unwinding[job]),
      wholeMicroseconds(medium.unwindAbortUs * jobs.unwinding[job]),
      schedule,
    );
    this.scheduleDue(jobs.server[job], port, CLOSE, schedule);
  }

  private wake(server: number, printer: number, schedule: Schedule): void {
    const { threads } = this;
    const port = this.port(server, printer);
    if (!threads.accept(port, WAKE, schedule)) return;
    const paused = this.jobs.paused[threads.job[port]] === 1;
    if (threads.rerun(port, paused, schedule)) this.scheduleDue(server, port, CLOSE, schedule);
  }

  private close(server: number, printer: number, schedule: Schedule): void {
    const { jobs, threads } = this;
    const port = this.port(server, printer);
    if (!threads.accept(port, CLOSE, schedule)) return;
    const job = threads.job[port];
    const orphaned = this.processors.attemptClose(jobs.instance[job]);
    if (orphaned) first(this.firstLeakUs, server, schedule);
    jobs.instance[job] = NONE;
    jobs.state[job] = FINISHING;
    this.dueAfterLock(server, port, this.closeUs, DONE, schedule);
  }

  // Alterations: T10 to T13.

  /** The first command of the job's episode comes at its moment within the span [us]. */
  private plan(server: number, job: number, spanUs: number, schedule: Schedule): void {
    this.jobs.refer(job);
    schedule.after(wholeMicroseconds(this.jobs.moment[job] * spanUs), ALTER, server, 2 * job);
  }

  private alter(server: number, alteration: number, schedule: Schedule): void {
    const { jobs, lock } = this;
    const job = alteration >> 1;
    if (this.service[server] === RUNNING) {
      this.alterations[server]++;
      jobs.asked[alteration] = 1;
      jobs.refer(job);
      lock.acquire(server, this.preUs, schedule);
      schedule.after(lock.heldUntil[server] - schedule.now, ENTER, server, alteration);
      if ((alteration & 1) === 0 && hasSecondCommand(jobs.episode[job])) {
        jobs.refer(job);
        schedule.after(jobs.thinkUs[job], ALTER, server, alteration + 1);
      }
      if (this.siblings.any && this.races(server, alteration, schedule)) this.hang(server, schedule);
    }
    jobs.release(job);
  }

  /** Whether the call pauses or resumes the job so soon after another that the two race (Q247408). */
  private races(server: number, alteration: number, clock: Clock): boolean {
    const command = commandOf(this.jobs.episode[alteration >> 1], alteration & 1);
    return (command === PAUSE || command === RESUME) && this.siblings.races(server, clock);
  }

  private enter(server: number, alteration: number, schedule: Schedule): void {
    const { jobs } = this;
    const job = alteration >> 1;
    if (jobs.asked[alteration] === 1) {
      jobs.asked[alteration] = 0;
      const command = commandOf(jobs.episode[job], alteration & 1);
      if (jobs.state[job] !== GONE) this.apply(server, alteration, command, schedule);
    }
    jobs.release(job);
  }

  private apply(server: number, alteration: number, command: number, schedule: Schedule): void {
    const { jobs, values } = this;
    const job = alteration >> 1;
    const state = jobs.state[job];
    if (command === LEVEL) jobs.setPriority(job, values.levelPriority);
    if (state === PRINTING) {
      if (command === LEVEL && values.guardMode === "control-commands") return;
      this.enterProcessor(server, alteration, schedule);
      if (command !== LEVEL) this.commandThread(server, job, command, schedule);
    } else if (state !== FINISHING && command !== LEVEL) {
      this.commandQueued(server, job, command, schedule);
    }
  }

  private enterProcessor(server: number, alteration: number, schedule: Schedule): void {
    const { jobs } = this;
    const job = alteration >> 1;
    const instance = jobs.instance[job];
    this.controlEntries[server]++;
    jobs.within[alteration] = instance;
    jobs.enteredAt[alteration] = schedule.now;
    this.processors.enterAlteration(instance);
    jobs.refer(job);
    schedule.after(jobs.stayUs[alteration], RELOCK, server, alteration);
  }

  /**
   * A command for the thread that prints the job. A cancel falls through to a resume, as in Microsoft's published
   * sample.
   */
  private commandThread(server: number, job: number, command: number, schedule: Schedule): void {
    const { jobs, threads } = this;
    const port = jobs.printer[job];
    if (command === PAUSE) {
      jobs.paused[job] = 1;
      threads.pause(port, schedule);
      return;
    }
    jobs.paused[job] = 0;
    if (command === RESUME) {
      if (threads.resume(port, schedule)) this.scheduleDue(server, port, WAKE, schedule);
      return;
    }
    if (command === DELETE) jobs.deleting[job] = 1;
    else jobs.restarting[job] = 1;
    const next = threads.abort(port, schedule);
    if (next === "wakes") this.scheduleDue(server, port, WAKE, schedule);
    else if (next === "closes") this.scheduleDue(server, port, CLOSE, schedule);
  }

  /** A command for a job that has no open print processor: nothing of it can leak. */
  private commandQueued(server: number, job: number, command: number, schedule: Schedule): void {
    const { jobs } = this;
    if (command === PAUSE) {
      jobs.paused[job] = 1;
    } else if (command === RESUME) {
      jobs.paused[job] = 0;
      this.pickIfIdle(server, jobs.printer[job], schedule);
    } else if (command === DELETE) {
      this.jobsDeleted[server]++;
      jobs.remove(job, schedule);
    }
  }

  private relock(server: number, alteration: number, schedule: Schedule): void {
    if (this.jobs.within[alteration] !== NONE) {
      this.lock.acquire(server, this.exitUs, schedule);
      const wait = this.lock.heldUntil[server] - this.exitUs - schedule.now;
      if (wait > 0) {
        schedule.after(wait, LEAVE, server, alteration);
        return;
      }
    }
    this.leave(server, alteration, schedule);
  }

  private leave(server: number, alteration: number, clock: Clock): void {
    const { jobs } = this;
    const instance = jobs.within[alteration];
    if (instance !== NONE) {
      jobs.within[alteration] = NONE;
      this.guardUs[server] += clock.now - jobs.enteredAt[alteration];
      if (this.processors.leaveAlteration(instance)) first(this.firstLeakUs, server, clock);
    }
    jobs.release(alteration >> 1);
  }

  // The service: T14 to T17.

  private exhaust(server: number, schedule: Schedule): void {
    first(this.exhaustedUs, server, schedule);
    this.hang(server, schedule);
  }

  private hang(server: number, schedule: Schedule): void {
    const { values } = this;
    this.service[server] = HUNG;
    this.downSince[server] = schedule.now;
    this.voidThreads(server);
    if (values.recoveryMinutes > 0) {
      schedule.after(wholeMicroseconds(values.recoveryMinutes * 60e6), STOP, server, BY_RECOVERY);
    }
  }

  private stop(server: number, reason: number, schedule: Schedule): void {
    const { service } = this;
    if (reason === BY_CALENDAR) {
      schedule.after(this.restartTimes.after(schedule.now) - schedule.now, STOP, server, BY_CALENDAR);
    }
    if (service[server] !== (reason === BY_CALENDAR ? RUNNING : HUNG)) return;
    this.stopService(server, reason, schedule);
  }

  /** A service that runs, with printers or without, or hangs is told to stop. */
  private stopService(server: number, cause: number, schedule: Schedule): void {
    const { service } = this;
    this.maintenance.stop(server, cause);
    if (service[server] === BLIND) this.estate.endHiding(server, schedule);
    if (service[server] !== HUNG) this.downSince[server] = schedule.now;
    service[server] = STOPPING;
    schedule.after(Math.max(1, microseconds(this.values.stopMs)), STOPPED, server, 0);
  }

  private stopped(server: number, schedule: Schedule): void {
    const { values, jobs, threads } = this;
    this.service[server] = DOWN;
    this.stoppedAt[server] = schedule.now;
    this.voidThreads(server);
    this.processors.endProcess(server);
    this.siblings.processEnded(server);
    if (values.restartKind !== "service" || this.maintenance.visitUs[server] > 0) this.siblings.rebooted(server);
    this.lock.reset(server, schedule);
    for (let printer = 0; printer < values.printers; printer++) threads.phase[this.port(server, printer)] = IDLE;
    for (let job = 0; job < jobs.capacity; job++) {
      if (jobs.state[job] !== GONE && jobs.server[job] === server) this.endJob(server, job, schedule);
    }
    jobs.queue(server);
    this.maintenance.processesEnded[server]++;
    const pauseMs = { service: values.restartPauseMs, reboot: values.rebootMs, failover: values.failoverMs };
    const pauseUs = microseconds(pauseMs[values.restartKind]);
    const visitUs = this.maintenance.visitUs[server];
    schedule.after(Math.max(1, visitUs > 0 ? visitUs : pauseUs), START, server, 0);
  }

  /** What the end of the process does to a job. */
  private endJob(server: number, job: number, clock: Clock): void {
    const { jobs } = this;
    const state = jobs.state[job];
    jobs.paused[job] = 0;
    if (state === SPOOLING) {
      this.jobsLost[server]++;
      jobs.remove(job, clock);
    } else if (state === PARKED) {
      jobs.waitAgain(job);
    } else if (state !== WAITING) {
      if (jobs.deleting[job] === 1) {
        this.jobsDeleted[server]++;
        jobs.remove(job, clock);
      } else if (jobs.restarted[job] + jobs.restarting[job] > 0 && this.judgesRestarted(server)) {
        this.jobsLost[server]++;
        jobs.remove(job, clock);
      } else {
        this.jobsReprinted[server]++;
        jobs.restarting[job] = 0;
        jobs.instance[job] = NONE;
        jobs.waitAgain(job);
      }
    }
  }

  /** Whether a job that was restarted is judged corrupt when the service starts (Q219355). */
  private judgesRestarted(server: number): boolean {
    return this.values.deleteRestartedJobs && !this.estate.sparesRestarted(server);
  }

  private startService(server: number, schedule: Schedule): void {
    const { values } = this;
    const gapUs = microseconds(values.startGapMs);
    const isRestart = values.restartKind === "service" && this.maintenance.visitUs[server] === 0;
    if (isRestart && schedule.now - this.stoppedAt[server] < gapUs) {
      this.startFailures[server]++;
      schedule.after(gapUs, START, server, 0);
      return;
    }
    this.service[server] = STARTING;
    const files = 2 * this.jobs.existing[server];
    const delay = microseconds(values.startMs) + microseconds(values.startMsPerFile) * files;
    schedule.after(Math.max(1, delay), STARTED, server, 0);
  }

  private started(server: number, schedule: Schedule): void {
    const { maintenance, estate, workload } = this;
    const isVisible = estate.start(server, schedule);
    this.service[server] = isVisible ? RUNNING : BLIND;
    this.serviceStarts[server]++;
    this.pastDowntimeUs[server] += schedule.now - this.downSince[server];
    maintenance.visitUs[server] = 0;
    this.runFiles(server);
    if (!isVisible && this.values.restoreMinutes > 0) {
      schedule.after(minutes(this.values.restoreMinutes), RESTORE, server, maintenance.processesEnded[server]);
    }
    workload.drawRelapse(server);
    if (!Number.isNaN(workload.reals[RELAPSE_US])) {
      schedule.after(workload.reals[RELAPSE_US], RELAPSE, server, maintenance.processesEnded[server]);
    }
    this.continueVisits(server, schedule);
    for (let printer = 0; printer < this.values.printers; printer++) {
      this.pickIfIdle(server, this.port(server, printer), schedule);
    }
  }

  // Maintenance and upgrades: T18 to T20.

  /** The service runs, with the files that were loaded by the last boot and the bugs that these do not mend. */
  private runFiles(server: number): void {
    const { processors, siblings, estate } = this;
    processors.patched[server] = estate.fixedNow[server];
    if (siblings.any) siblings.started(server, (bug) => estate.mends(server, bug));
  }

  private rolloutOf(values: PrintServersValues, servers: number): Rollout {
    const { leaked } = this.processors;
    const { printersLostUs, visitsMade } = this.estate;
    return new Rollout(values, servers, { leaked, printersLostUs, visitsMade });
  }

  private poll(server: number, schedule: Schedule): void {
    const { values } = this;
    schedule.after(minutes(values.pollEveryMinutes), POLL, server, 0);
    if (this.service[server] !== RUNNING || this.meter(server) < values.restartAtMeter) return;
    this.stopService(server, BY_METER, schedule);
  }

  /** What Performance Monitor shows of the meter that is watched. */
  private meter(server: number): number {
    const { values, siblings } = this;
    switch (values.restartMeter) {
      case "privateBytes":
        return this.privateBytes(server);
      case "handles":
        return this.handlesElsewhere(server) + siblings.handles[server];
      default:
        return this.pagedPoolElsewhere(server) + siblings.pagedPoolBytes[server];
    }
  }

  /** A job has starved, and its user will notice. */
  private awaitComplaint(server: number, job: number, schedule: Schedule): void {
    const delay = this.jobs.complainUs[job];
    if (!Number.isNaN(delay)) schedule.after(delay, COMPLAIN, server, this.maintenance.processesEnded[server]);
  }

  /** A user complains; what is to be done has been done when the process that starved the job has ended. */
  private complain(server: number, process: number, schedule: Schedule): void {
    const { maintenance } = this;
    maintenance.complaints[server]++;
    if (process !== maintenance.processesEnded[server] || this.service[server] !== RUNNING) return;
    this.stopService(server, BY_COMPLAINT, schedule);
  }

  private relapse(server: number, process: number, schedule: Schedule): void {
    const { maintenance } = this;
    if (process !== maintenance.processesEnded[server] || this.service[server] !== RUNNING) return;
    maintenance.relapses[server]++;
    this.hang(server, schedule);
  }

  private patch(server: number, visit: number, schedule: Schedule): void {
    const { maintenance, estate, service } = this;
    // A roll-out that was halted makes no more visits but those that take back.
    if (visit < estate.visits && this.meeting !== undefined && !Number.isNaN(this.meeting.haltedAt)) return;
    if (service[server] !== RUNNING && service[server] !== BLIND) {
      schedule.after(COME_BACK_US, PATCH, server, visit);
      return;
    }
    const visitUs = estate.prepare(server, visit);
    if (visitUs === undefined) {
      maintenance.visitInVain(server);
      return;
    }
    maintenance.visitUs[server] = Math.max(1, visitUs);
    this.stopService(server, BY_VISIT, schedule);
  }

  /** After a visit that was not the last of the order, the next one. */
  private continueVisits(server: number, schedule: Schedule): void {
    const visit = this.estate.nextVisit(server);
    if (visit === undefined) return;
    const from = schedule.now + Math.ceil(this.values.patchGapDays * 24 * 3.6e9);
    schedule.after(this.visitTimes.at(from, 0) - schedule.now, PATCH, server, visit);
  }

  private restore(server: number, process: number, schedule: Schedule): void {
    if (this.service[server] !== BLIND || process !== this.maintenance.processesEnded[server]) return;
    this.estate.prepareRestoration(server);
    this.stopService(server, BY_RESTORATION, schedule);
  }

  /** The process hangs or ends: no thread waits for anything any more and no alteration is under way. */
  private voidThreads(server: number): void {
    const { jobs, threads } = this;
    for (let printer = 0; printer < this.values.printers; printer++) threads.stop(this.port(server, printer));
    for (let job = 0; job < jobs.capacity; job++) {
      // A job that is gone may still have an alteration inside its print processor.
      if (jobs.server[job] !== server) continue;
      for (let alteration = 2 * job; alteration < 2 * job + 2; alteration++) {
        jobs.asked[alteration] = 0;
        jobs.within[alteration] = NONE;
      }
    }
  }

  // Small words.

  private port(server: number, printer: number): number {
    return server * this.values.printers + printer;
  }

  /** Schedules the event at the thread's due time. */
  private scheduleDue(server: number, port: number, kind: Kind, schedule: Schedule): void {
    schedule.after(this.threads.due[port] - schedule.now, kind, server, port - server * this.values.printers);
  }

  /** The thread holds the lock for `hold`, and then its event happens. */
  private dueAfterLock(server: number, port: number, hold: Duration, kind: Kind, schedule: Schedule): void {
    this.lock.acquire(server, hold, schedule);
    this.threads.arm(port, this.lock.heldUntil[server] - schedule.now, kind, schedule);
    this.scheduleDue(server, port, kind, schedule);
  }

  // Resources (docs/model.md, section 6).

  private held(server: number): number {
    return this.processors.live[server] + this.processors.orphaned[server];
  }

  private privateBytes(server: number): number {
    const { values } = this;
    const { existing } = this.jobs;
    return (
      this.idleBytes +
      values.heapBytesPerJob * existing[server] +
      values.heapBytesPerInstance * this.held(server) +
      this.siblings.privateBytes[server]
    );
  }

  /** Handles of the spooler that no sibling holds. */
  private handlesElsewhere(server: number): number {
    return this.values.handlesBase + this.values.handlesPerInstance * this.held(server);
  }

  /** Paged pool that no sibling holds [bytes]. */
  private pagedPoolElsewhere(server: number): number {
    const { values } = this;
    return values.pagedPoolBytesBase + values.poolBytesPerGdiInstance * this.processors.withDc[server];
  }

  /** Whether one more instance that holds a DC finds all it needs; remembers the first refusal of each resource. */
  private dcToBeHad(server: number, clock: Clock): boolean {
    const { values } = this;
    const withDc = this.processors.withDc[server] + 1;
    const dcs = values.dcsBase + values.dcsPerGdiInstance * withDc <= values.dcsMax;
    const gdi = values.gdiHandlesBase + values.gdiHandlesPerGdiInstance * withDc <= values.gdiHandlesMax;
    const poolBytes =
      values.pagedPoolBytesBase + values.poolBytesPerGdiInstance * withDc + this.siblings.pagedPoolBytes[server];
    const pool = poolBytes <= values.pagedPoolBytesMax;
    if (!dcs) first(this.dcCeilingUs, server, clock);
    if (!gdi) first(this.gdiCeilingUs, server, clock);
    if (!pool) first(this.poolCeilingUs, server, clock);
    return dcs && gdi && pool;
  }

  observe(now: Time): void {
    const { values, processors, jobs, derived, siblings } = this;
    for (let server = 0; server < this.slice.count; server++) {
      const vanished = values.onOpenFail === "vanish" ? this.jobsStarved[server] : 0;
      derived.jobsUnprinted[server] = jobs.stuck[server] + vanished;
      derived.stuckUs[server] = jobs.stuckUs(server, now);
      const leaked = processors.leaked[server];
      const leakedWithDc = processors.leakedWithDc[server];
      const withDc = processors.withDc[server];
      derived.leakedPrivateBytes[server] = values.heapBytesPerInstance * leaked;
      derived.leakedHandles[server] = values.handlesPerInstance * leaked;
      derived.leakedDcs[server] = values.dcsPerGdiInstance * leakedWithDc;
      derived.leakedGdiHandles[server] = values.gdiHandlesPerGdiInstance * leakedWithDc;
      derived.leakedPagedPoolBytes[server] = values.poolBytesPerGdiInstance * leakedWithDc;
      derived.privateBytes[server] = this.privateBytes(server);
      derived.handles[server] = this.handlesElsewhere(server) + siblings.handles[server];
      derived.printerDcs[server] = values.dcsBase + values.dcsPerGdiInstance * withDc;
      derived.gdiHandles[server] = values.gdiHandlesBase + values.gdiHandlesPerGdiInstance * withDc;
      derived.pagedPoolBytes[server] = this.pagedPoolElsewhere(server) + siblings.pagedPoolBytes[server];
      derived.nonpagedPoolBytes[server] = values.nonpagedPoolBytesBase + siblings.nonpagedPoolBytes[server];
      derived.firstSymptomUs[server] = this.symptoms.reduce((time, moment) => earlier(time, moment[server]), NaN);
      siblings.observe(server);
      this.canaryPassedUs[server] = this.meeting?.passedAt ?? NaN;
      this.rolloutHaltedUs[server] = this.meeting?.haltedAt ?? NaN;
      const isBlind = this.service[server] === BLIND;
      const down = this.service[server] === RUNNING || isBlind ? 0 : now - this.downSince[server];
      derived.downtimeUs[server] = this.pastDowntimeUs[server] + down;
      const hidden = isBlind ? now - this.estate.hiddenSince[server] : 0;
      derived.printersHiddenUs[server] = this.estate.pastHiddenUs[server] + hidden;
    }
  }

  check(): void {
    const { processors, jobs, values } = this;
    const counted = processors.countLive();
    for (let server = 0; server < this.slice.count; server++) {
      const where = `at server ${this.slice.first + server}`;
      const [opened, closed, live] = [processors.opened[server], processors.closed[server], processors.live[server]];
      const orphaned = processors.orphaned[server];
      if (opened !== closed + live + orphaned) {
        throw new Error(`opened ${opened} is not closed ${closed} + live ${live} + orphaned ${orphaned} ${where}`);
      }
      this.siblings.check(server, where);
      if (counted[server] !== live) {
        throw new Error(`${counted[server]} print processors are open but the ledger says ${live} ${where}`);
      }
      const ended =
        this.jobsRefused[server] +
        this.jobsPrinted[server] +
        this.jobsDeleted[server] +
        this.jobsLost[server] +
        (values.onOpenFail === "vanish" ? this.jobsStarved[server] : 0);
      if (this.jobsSubmitted[server] !== ended + jobs.existing[server]) {
        const existing = jobs.existing[server];
        const submitted = this.jobsSubmitted[server];
        throw new Error(`${submitted} jobs submitted, but ${ended} ended and ${existing} exist ${where}`);
      }
    }
  }
}

/** Remembers the first time something happens. */
function first(column: Float64Array, server: number, { now }: Clock): void {
  if (Number.isNaN(column[server])) column[server] = now;
}

/** The earlier of two moments, either of which may be NaN: not happened. */
function earlier(a: Time, b: Time): Time {
  if (Number.isNaN(a)) return b;
  return b < a ? b : a;
}

function hasSecondCommand(episode: number): boolean {
  return (
    episode === PAUSE_DELETE_EPISODE || episode === PAUSE_RESUME_EPISODE || episode === WAITING_PAUSE_RESUME_EPISODE
  );
}

function commandOf(episode: number, step: number): number {
  switch (episode) {
    case DELETE_EPISODE:
    case WAITING_DELETE_EPISODE:
      return DELETE;
    case PAUSE_DELETE_EPISODE:
      return step === 0 ? PAUSE : DELETE;
    case RESTART_EPISODE:
      return RESTART;
    case LEVEL_EPISODE:
      return LEVEL;
    default:
      return step === 0 ? PAUSE : RESUME;
  }
}

function mediaOf(values: PrintServersValues): Medium[] {
  const lprUs = values.unwindLprMs * 1000;
  const medium = (type: number, chunkBytes: number, bytesPerPage: number): Medium => {
    const bytesPerSecond = (values.portBytesPerSecond * bytesPerPage) / values.rawBytesPerPage;
    const endUs = (type === RAW ? values.unwindRawMs : values.unwindEndMs) * 1000;
    return {
      chunkBytes,
      bytesPerSecond,
      chunkUs: wholeMicroseconds((chunkBytes / bytesPerSecond) * 1e6),
      testsAtEnd: type === TEXT ? 1 : 0,
      holdsDc: type === TEXT || (type === EMF && values.emfHoldsDc) ? 1 : 0,
      unwindEndUs: values.portMonitor === "lpr" ? lprUs : endUs,
      unwindAbortUs: (type === RAW ? values.unwindRawMs : values.unwindAbortMs) * 1000,
    };
  };
  return [
    medium(RAW, values.rawChunkBytes, values.rawBytesPerPage),
    medium(TEXT, values.textChunkBytes, values.textBytesPerPage),
    medium(EMF, values.emfChunkBytes, values.emfBytesPerPage),
  ];
}

/** What makes no sense together, or nothing. */
function refuse(values: PrintServersValues, servers = Infinity): string | undefined {
  const types = sumOfShares(values.textShare, values.emfShare);
  if (types > 1) return `textShare + emfShare is ${types}; shares of one whole sum to at most 1`;
  const altered = sumOfShares(
    values.deleteShare,
    values.pauseDeleteShare,
    values.restartShare,
    values.pauseResumeShare,
    values.levelShare,
    values.waitingDeleteShare,
    values.waitingPauseResumeShare,
  );
  if (altered > 1) return `the shares of altered jobs sum to ${altered}; a job has at most one episode, so at most 1`;
  return refusePolicy(values) ?? refuseEstate(values) ?? refuseRollout(values, servers);
}

export const printServers: Model<typeof parameters> = {
  name: "print-servers",
  meaning: "Windows NT 4.0 print servers that may leak a print processor when a job is altered (Q223863)",
  kinds,
  parameters,
  presets: (settings) => sites[(settings.site ?? parameters.site.default) as keyof typeof sites],
  refuse,
  responses,
  means,
  meets: isRollout,
  create: (values, slice, open) => new PrintServers(values, slice, open),
  closedForm,
  limits,
  impacts,
  prices,
  counters,
  trial,
  narrative,
};

/**
 * The leak rates of the siblings (sibling-theory.ts); and leaks per alteration that enters a print processor, where
 * theory knows them: every job is RAW and at most deleted or restarted once, at a uniform moment, all durations are
 * constant, and the spooler is the buggy one, or the fixed one, throughout. The alteration waits for the next test of
 * abort, uniform over a chunk, and leaks if it is still inside when the unwinding is over: clamp((stay - unwinding) /
 * chunk, 0, 1). Exact in the limit of long printouts and an idle lock.
 */
function closedForm(values: PrintServersValues, name: string): number | undefined {
  if (name !== "leaksPerControlEntry") return siblingClosedForm(values, name);
  const { pauseDeleteShare, pauseResumeShare, waitingDeleteShare, waitingPauseResumeShare } = values;
  const others = [pauseDeleteShare, pauseResumeShare, waitingDeleteShare, waitingPauseResumeShare];
  const onlyAborts = others.every((share) => share === 0);
  const constant = values.controlSigma === 0 && values.unwindSigma === 0;
  const raw = values.textShare + values.emfShare === 0;
  if (!onlyAborts || !constant || !raw || values.guardMode !== "control-commands") return undefined;
  const isMended = mendedThroughout(values, "Q223863");
  if (values.spooler.name === "fixed" || isMended === true) return 0;
  if (values.spooler.name !== "buggy" || isMended === undefined) return undefined;
  const chunkMs = (values.rawChunkBytes / values.portBytesPerSecond) * 1000;
  return Math.min(1, Math.max(0, (values.controlMsMedian - values.unwindRawMs) / chunkMs));
}
