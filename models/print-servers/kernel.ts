/**
 * The print servers: what happens to jobs, port threads, alterations and the service (docs/model.md, T1 to T20).
 *
 * This file has the event handlers of jobs, port threads and alterations; those of the service are in service.ts. Their
 * parts are in other files: job-queues.ts (slots and queues), port-threads.ts (the arithmetic of printing),
 * print-processors.ts (instances and their ledger), resources.ts (limited resources), lock.ts, workload.ts (all random
 * draws), related-bugs/ (if the fleet has any), and the replaceable spooler, which alone decides which print processors
 * are closed.
 *
 * Events: event-kinds.ts. The object of an event is a job, a printer of the server, or an alteration: 2 * job + step.
 */
import type { Duration, Kind, Time } from "../../sim/event-list.ts";
import type { Clock, Schedule } from "../../sim/simulation.ts";
import { durationUs, US_PER_MS } from "../../sim/time-units.ts";
import { wholeMicroseconds } from "../../sim/variates.ts";
import { FINISHING, GONE, Jobs, NONE, PARKED, PRINTING, realAt, SPOOLING } from "./job-queues.ts";
import {
  ALTER,
  CLOSE,
  COMPLAIN,
  DISCONNECT,
  DONE,
  ENTER,
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
  STUCK,
  SUBMIT,
  WAKE,
} from "./event-kinds.ts";
import { Lock } from "./lock.ts";
import type { Column, Instance, OpenStreams, Slice } from "../contract/instance.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import { IDLE, PICKING, PortThreads } from "./port-threads.ts";
import { PrintProcessors } from "./print-processors.ts";
import { Resources } from "./resources.ts";
import { responses, type ResponseName } from "./responses.ts";
import { BLIND, RUNNING } from "./service-states.ts";
import { commandOf, DELETE, hasSecondCommand, LEVEL, PAUSE, RESUME } from "./commands.ts";
import { earlier, first } from "./event-times.ts";
import { mediaOf, type Medium } from "./media.ts";
import { RelatedBugs } from "./related-bugs/related-bugs.ts";
import { Service } from "./service.ts";
import type { Rollout } from "./upkeep/rollout.ts";
import {
  ALTER_POSITION,
  BYTES,
  DELETE_EPISODE,
  DELETES_IT,
  GAP_US,
  LEAVES_IT,
  LEVEL_EPISODE,
  PATIENCE_US,
  STAY0_US,
  THINK_US,
  UNWINDING,
  WAITING_DELETE_EPISODE,
  Workload,
} from "./workload.ts";

/** The responses that the kernel itself keeps, one number per server; event times are NaN until the event happens. */
function ownColumns(count: number) {
  const zeros = () => new Float64Array(count);
  const never = () => zeros().fill(NaN);
  return {
    jobsSubmitted: zeros(),
    jobsRefused: zeros(),
    jobsPrinted: zeros(),
    jobsDeleted: zeros(),
    jobsLost: zeros(),
    jobsReprinted: zeros(),
    jobsResubmitted: zeros(),
    jobsStarved: zeros(),
    jobsUnprinted: zeros(),
    stuckUs: zeros(),
    jobsToHiddenPrinters: zeros(),
    alterations: zeros(),
    controlEntries: zeros(),
    controlLeaves: zeros(),
    firstLeakUs: never(),
    firstStarvedUs: never(),
    exhaustedUs: never(),
    firstSymptomUs: never(),
    guardUs: zeros(),
  };
}

export class PrintServers implements Instance {
  readonly columns: readonly Column[];
  private readonly values: PrintServersValues;
  private readonly slice: Slice;
  private readonly jobs: Jobs;
  private readonly threads: PortThreads;
  private readonly processors: PrintProcessors;
  private readonly lock: Lock;
  private readonly workload: Workload;
  private readonly relatedBugs: RelatedBugs;
  private readonly resources: Resources;
  private readonly media: readonly Medium[];
  private readonly service: Service;
  readonly controller: Rollout | undefined;

  private readonly submitUs: Duration;
  private readonly enumUsPerJob: number;
  private readonly preUs: Duration;
  private readonly exitUs: Duration;
  private readonly pickUs: Duration;
  private readonly closeUs: Duration;

  /** The responses that the kernel itself keeps; other files keep the rest. */
  private readonly own: ReturnType<typeof ownColumns>;
  /** Stuck jobs that a person deleted [1] - state - one per server. */
  private readonly givenUp: Float64Array;
  /** The event times that users notice [us]; the earliest is the first symptom. */
  private readonly symptoms: readonly Float64Array[];

  constructor(values: PrintServersValues, slice: Slice, open: OpenStreams) {
    const { count } = slice;
    this.values = values;
    this.slice = slice;
    this.jobs = new Jobs(count, values.printers, 16 * count + 48);
    this.threads = new PortThreads(count * values.printers, Math.max(1, durationUs(values.wakeMs, US_PER_MS)));
    this.processors = new PrintProcessors(values.spooler, count, 4 * count + 12);
    this.lock = new Lock(count);
    this.workload = new Workload(values, open, count);
    this.relatedBugs = new RelatedBugs(values, count, open);
    this.resources = new Resources(values, count, this.jobs, this.processors, this.relatedBugs);
    this.media = mediaOf(values);

    this.submitUs = durationUs(values.submitMs, US_PER_MS);
    this.enumUsPerJob = values.enumMsPerJob * 1000;
    this.preUs = durationUs(values.preMs, US_PER_MS);
    this.exitUs = durationUs(values.exitMs, US_PER_MS);
    this.pickUs = durationUs(values.pickMs, US_PER_MS);
    this.closeUs = durationUs(values.closeMs, US_PER_MS);

    this.own = ownColumns(count);
    this.givenUp = new Float64Array(count);
    const { jobs, threads, processors, lock, workload, relatedBugs, resources, own } = this;
    const surroundings = { jobs, threads, processors, lock, workload, relatedBugs, resources, counts: own };
    this.service = new Service(values, slice, surroundings);
    this.controller = this.service.rollout;

    const { maintenance, installed } = this.service;
    const columns: Record<ResponseName, Column> = {
      ...own,
      ...resources.columns,
      ...relatedBugs.columns,
      ...this.service.columns,
      jobsExisting: jobs.existing,
      jobsParked: jobs.parked,
      processorsOpened: processors.opened,
      processorsClosed: processors.closed,
      processorsReclaimed: processors.reclaimed,
      processorsLive: processors.live,
      processorsOrphaned: processors.orphaned,
      processorsLeaked: processors.leaked,
      lockWaitUs: lock.waitUs,
      lockRequests: lock.requests,
      restartsByCalendar: maintenance.restartsByCalendar,
      restartsByGauge: maintenance.restartsByGauge,
      restartsByComplaint: maintenance.restartsByComplaint,
      restartsByRecovery: maintenance.restartsByRecovery,
      restartsByVisit: maintenance.restartsByVisit,
      complaints: maintenance.complaints,
      relapses: maintenance.relapses,
      staffUs: maintenance.staffUs,
      visitsMade: installed.visitsMade,
      visitsRefused: installed.visitsRefused,
      visitsUndone: installed.visitsUndone,
      fixedNow: installed.fixedNow,
      fixedUs: installed.fixedUs,
      printersLostUs: installed.printersLostUs,
    };
    this.symptoms = [
      columns.firstStarvedUs,
      columns.poolCeilingUs,
      columns.exhaustedUs,
      columns.handlesCeilingUs,
      columns.nonpagedCeilingUs,
      columns.raceHangUs,
    ] as Float64Array[];
    this.columns = responses.map(({ name }) => columns[name]);
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.slice.count; server++) {
      this.awaitSubmission(server, schedule);
      this.relatedBugs.awaitOutage(server, schedule);
      this.service.begin(server, schedule);
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
        return this.service.stop(server, object, schedule);
      case STOPPED:
        return this.service.stopped(server, schedule);
      case START:
        return this.service.start(server, schedule);
      case STARTED:
        return this.started(server, schedule);
      case POLL:
        return this.service.poll(server, schedule);
      case COMPLAIN:
        return this.service.complain(server, object, schedule);
      case RELAPSE:
        return this.service.relapse(server, object, schedule);
      case PATCH:
        return this.service.patch(server, object, schedule);
      case RESTORE:
        return this.service.restore(server, object, schedule);
      case DISCONNECT:
        return this.relatedBugs.disconnect(server, this.service.state[server] === RUNNING, schedule);
      case RETRY:
        return this.relatedBugs.retry(server, object, this.service.state[server] === RUNNING, schedule);
      case STUCK:
        return this.stuck(server, object, schedule);
    }
  }

  // Jobs: T1, T2, T9.

  private submit(server: number, schedule: Schedule): void {
    const { workload, jobs, relatedBugs } = this;
    this.awaitSubmission(server, schedule);
    workload.drawJob(server);
    if (relatedBugs.any) relatedBugs.draws.drawJob(server);
    const number = ++this.own.jobsSubmitted[server];
    if (!this.admit(server, schedule)) {
      this.own.jobsRefused[server]++;
      return;
    }
    const job = jobs.create(server, number, workload);
    if (relatedBugs.any) jobs.fate[job] = relatedBugs.draws.fate;
    this.spool(server, job, schedule);
  }

  /** Admits the job that was just drawn or recalled, or applies its refusal. Returns whether it is admitted. */
  private admit(server: number, schedule: Schedule): boolean {
    const { workload, values, relatedBugs } = this;
    if (this.service.state[server] !== RUNNING) {
      if (this.service.state[server] === BLIND) this.own.jobsToHiddenPrinters[server]++;
      return false;
    }
    if (this.resources.isCommitExceeded(server, values.heapBytesPerJob)) {
      this.exhaust(server, schedule);
      return false;
    }
    if (!relatedBugs.any) return true;
    return relatedBugs.submit(server, workload.reals[BYTES], this.resources.ownHandles(server), schedule);
  }

  private spool(server: number, job: number, schedule: Schedule): void {
    const { jobs, values } = this;
    const listed = jobs.listed[jobs.printer[job]];
    const bytes = jobs.reals[realAt(job, BYTES)];
    const hold = this.submitUs + Math.ceil(this.enumUsPerJob * listed);
    this.lock.acquire(server, hold, schedule);
    let delay = this.lock.heldUntil[server] - schedule.now;
    if (!values.printWhileSpooling && bytes > 0) {
      delay += wholeMicroseconds((bytes / values.spoolBytesPerSecond) * 1e6);
    }
    jobs.refer(job);
    schedule.after(delay, SPOOLED, server, job);
  }

  private awaitSubmission(server: number, schedule: Schedule): void {
    const { reals } = this.workload;
    this.workload.drawGap(server, schedule);
    // A script of jobs ends; the gap is then NaN.
    if (reals[GAP_US] >= 0) schedule.after(reals[GAP_US], SUBMIT, server, 0);
  }

  private spooled(server: number, job: number, schedule: Schedule): void {
    const { jobs } = this;
    if (jobs.state[job] === SPOOLING) {
      if (jobs.reals[realAt(job, BYTES)] === 0) {
        this.own.jobsDeleted[server]++;
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
      this.own.jobsDeleted[server]++;
      jobs.remove(job, schedule);
    } else if (jobs.restarting[job] === 1) {
      jobs.restarting[job] = 0;
      jobs.restarted[job] = 1;
      jobs.enqueue(job);
    } else {
      this.own.jobsPrinted[server]++;
      jobs.remove(job, schedule);
      if (this.relatedBugs.any) this.notify(server, jobs.fate[job], schedule);
    }
    threads.phase[port] = IDLE;
    this.pickIfIdle(server, port, schedule);
  }

  /** After a job is printed, its remote printer is closed and its user is sent a pop-up (docs/model.md, section 10). */
  private notify(server: number, fate: number, schedule: Schedule): void {
    const { relatedBugs } = this;
    relatedBugs.closeRemotely(server, fate, this.resources.ownHandles(server), schedule);
    if (relatedBugs.popUp(server, fate, this.resources.ownPagedPool(server))) return;
    first(this.resources.columns.poolCeilingUs, server, schedule);
    if (this.service.state[server] === RUNNING) this.service.hang(server, schedule);
  }

  // Port threads: T3 to T8.

  /** If the service runs, the port thread is idle and a job is ready, the thread begins to pick a job. */
  private pickIfIdle(server: number, port: number, schedule: Schedule): void {
    const { threads } = this;
    if (threads.phase[port] !== IDLE || this.service.state[server] !== RUNNING) return;
    if (this.jobs.firstReady(port) === NONE) return;
    threads.phase[port] = PICKING;
    this.dueAfterLock(server, port, this.pickUs, OPEN, schedule);
  }

  private open(server: number, printer: number, schedule: Schedule): void {
    const { jobs, threads, values, processors } = this;
    const port = this.port(server, printer);
    if (!threads.accept(port, OPEN, schedule)) return;
    threads.phase[port] = IDLE;
    if (this.service.state[server] !== RUNNING) return;
    const job = jobs.firstReady(port);
    if (job === NONE) return;
    if (this.resources.isCommitExceeded(server, values.heapBytesPerInstance)) {
      this.exhaust(server, schedule);
      return;
    }
    const medium = this.media[jobs.dataType[job]];
    if (medium.holdsDc === 1 && !this.resources.requestDc(server, schedule)) {
      this.own.jobsStarved[server]++;
      first(this.own.firstStarvedUs, server, schedule);
      this.service.awaitComplaint(server, job, schedule);
      jobs.starve(job, schedule);
      if (values.onOpenFail === "park") this.park(server, job, schedule);
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

  /** Parks a job. It is now stuck, and a person may act on it later. */
  private park(server: number, job: number, schedule: Schedule): void {
    const { jobs } = this;
    if (jobs.whenStuck[job] !== LEAVES_IT) {
      jobs.refer(job);
      schedule.after(jobs.reals[realAt(job, PATIENCE_US)], STUCK, server, job);
    }
    jobs.park(job);
  }

  /** A person acts on a job that is stuck. */
  private stuck(server: number, job: number, schedule: Schedule): void {
    const { jobs } = this;
    if (jobs.state[job] === PARKED && this.service.state[server] === RUNNING) {
      if (jobs.whenStuck[job] === DELETES_IT) {
        this.own.alterations[server]++;
        this.lock.acquire(server, this.preUs, schedule);
        this.own.jobsDeleted[server]++;
        this.givenUp[server]++;
        jobs.remove(job, schedule);
      } else if (jobs.whenStuck[job] !== LEAVES_IT) {
        this.resubmit(server, job, schedule);
      }
    }
    jobs.release(job);
  }

  private resubmit(server: number, stuck: number, schedule: Schedule): void {
    const { workload, jobs, relatedBugs } = this;
    const number = ++this.own.jobsSubmitted[server];
    this.own.jobsResubmitted[server]++;
    workload.reals[BYTES] = jobs.reals[realAt(stuck, BYTES)];
    relatedBugs.draws.recall(jobs.fate[stuck]);
    if (!this.admit(server, schedule)) {
      jobs.whenStuck[stuck] = LEAVES_IT;
      this.own.jobsRefused[server]++;
      return;
    }
    this.spool(server, jobs.resubmit(stuck, number), schedule);
  }

  private print(port: number, job: number, medium: Medium, schedule: Schedule): void {
    const { jobs, threads } = this;
    const bytes = jobs.reals[realAt(job, BYTES)];
    const unwinding = jobs.reals[realAt(job, UNWINDING)];
    const chunks = Math.ceil(bytes / medium.chunkBytes);
    const lastChunkUs = wholeMicroseconds(((bytes - (chunks - 1) * medium.chunkBytes) / medium.bytesPerSecond) * 1e6);
    threads.begin(
      port,
      job,
      chunks,
      medium.chunkUs,
      lastChunkUs,
      medium.testsAtEnd,
      wholeMicroseconds(medium.unwindEndUs * unwinding),
      wholeMicroseconds(medium.unwindAbortUs * unwinding),
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
    if (this.processors.attemptClose(jobs.instance[job])) this.orphaned(server, schedule);
    jobs.instance[job] = NONE;
    jobs.state[job] = FINISHING;
    this.dueAfterLock(server, port, this.closeUs, DONE, schedule);
  }

  /** A print processor has leaked, and its handles with it. */
  private orphaned(server: number, clock: Clock): void {
    first(this.own.firstLeakUs, server, clock);
    this.relatedBugs.watchHandles(server, this.resources.ownHandles(server), clock);
  }

  // Alterations: T10 to T13.

  /** Schedules the first command of the job's episode at its position within the span [us]. */
  private plan(server: number, job: number, spanUs: number, schedule: Schedule): void {
    this.jobs.refer(job);
    schedule.after(wholeMicroseconds(this.jobs.reals[realAt(job, ALTER_POSITION)] * spanUs), ALTER, server, 2 * job);
  }

  private alter(server: number, alteration: number, schedule: Schedule): void {
    const { jobs, lock } = this;
    const job = alteration >> 1;
    if (this.service.state[server] === RUNNING) {
      this.own.alterations[server]++;
      jobs.requested[alteration] = 1;
      jobs.refer(job);
      lock.acquire(server, this.preUs, schedule);
      schedule.after(lock.heldUntil[server] - schedule.now, ENTER, server, alteration);
      if ((alteration & 1) === 0 && hasSecondCommand(jobs.episode[job])) {
        jobs.refer(job);
        schedule.after(jobs.reals[realAt(job, THINK_US)], ALTER, server, alteration + 1);
      }
      if (this.relatedBugs.any && this.races(server, alteration, schedule)) this.service.hang(server, schedule);
    }
    jobs.release(job);
  }

  /** Whether this call pauses or resumes the job so soon after another such call that the two race (Q247408). */
  private races(server: number, alteration: number, clock: Clock): boolean {
    const command = commandOf(this.jobs.episode[alteration >> 1], alteration & 1);
    return (command === PAUSE || command === RESUME) && this.relatedBugs.races(server, clock);
  }

  private enter(server: number, alteration: number, schedule: Schedule): void {
    const { jobs } = this;
    const job = alteration >> 1;
    if (jobs.requested[alteration] === 1) {
      jobs.requested[alteration] = 0;
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
    this.own.controlEntries[server]++;
    jobs.within[alteration] = instance;
    jobs.enteredAt[alteration] = schedule.now;
    this.processors.enterAlteration(instance);
    jobs.refer(job);
    schedule.after(jobs.reals[realAt(job, STAY0_US + (alteration & 1))], RELOCK, server, alteration);
  }

  /** Applies a command to the thread that prints the job. A cancel also resumes, as in Microsoft's published sample. */
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

  /** Applies a command to a job that has no open print processor, so nothing can leak. */
  private commandQueued(server: number, job: number, command: number, schedule: Schedule): void {
    const { jobs } = this;
    if (command === PAUSE) {
      jobs.paused[job] = 1;
    } else if (command === RESUME) {
      jobs.paused[job] = 0;
      this.pickIfIdle(server, jobs.printer[job], schedule);
    } else if (command === DELETE) {
      this.own.jobsDeleted[server]++;
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
      this.own.controlLeaves[server]++;
      this.own.guardUs[server] += clock.now - jobs.enteredAt[alteration];
      if (this.processors.leaveAlteration(instance)) this.orphaned(server, clock);
    }
    jobs.release(alteration >> 1);
  }

  // The service: T14 to T17; the rest is in service.ts.

  private exhaust(server: number, schedule: Schedule): void {
    first(this.own.exhaustedUs, server, schedule);
    this.service.hang(server, schedule);
  }

  private started(server: number, schedule: Schedule): void {
    this.service.started(server, schedule);
    for (let printer = 0; printer < this.values.printers; printer++) {
      this.pickIfIdle(server, this.port(server, printer), schedule);
    }
  }

  // Helpers.

  private port(server: number, printer: number): number {
    return server * this.values.printers + printer;
  }

  /** Schedules an event of the port thread at the thread's due time. */
  private scheduleDue(server: number, port: number, kind: Kind, schedule: Schedule): void {
    schedule.after(this.threads.due[port] - schedule.now, kind, server, port - server * this.values.printers);
  }

  /** The thread holds the lock for `hold`; its event is due when the lock is released. */
  private dueAfterLock(server: number, port: number, hold: Duration, kind: Kind, schedule: Schedule): void {
    this.lock.acquire(server, hold, schedule);
    this.threads.arm(port, this.lock.heldUntil[server] - schedule.now, kind, schedule);
    this.scheduleDue(server, port, kind, schedule);
  }

  observe(now: Time): void {
    const { values, jobs, own, resources, relatedBugs } = this;
    for (let server = 0; server < this.slice.count; server++) {
      const vanished = values.onOpenFail === "vanish" ? own.jobsStarved[server] : 0;
      own.jobsUnprinted[server] = jobs.stuck[server] + vanished + this.givenUp[server];
      own.stuckUs[server] = jobs.stuckUs(server, now);
      resources.observe(server);
      own.firstSymptomUs[server] = this.symptoms.reduce((time, symptom) => earlier(time, symptom[server]), NaN);
      relatedBugs.observe(server);
      this.service.observe(server, now);
    }
  }

  check(): void {
    const { processors, jobs, values, own } = this;
    const counted = processors.countLive();
    for (let server = 0; server < this.slice.count; server++) {
      const where = `at server ${this.slice.first + server}`;
      const [opened, closed, live] = [processors.opened[server], processors.closed[server], processors.live[server]];
      const orphaned = processors.orphaned[server];
      if (opened !== closed + live + orphaned) {
        throw new Error(`opened ${opened} is not closed ${closed} + live ${live} + orphaned ${orphaned} ${where}`);
      }
      this.relatedBugs.check(server, where);
      if (counted[server] !== live) {
        throw new Error(`${counted[server]} print processors are open but the ledger says ${live} ${where}`);
      }
      const ended =
        own.jobsRefused[server] +
        own.jobsPrinted[server] +
        own.jobsDeleted[server] +
        own.jobsLost[server] +
        (values.onOpenFail === "vanish" ? own.jobsStarved[server] : 0);
      if (own.jobsSubmitted[server] !== ended + jobs.existing[server]) {
        const existing = jobs.existing[server];
        const submitted = own.jobsSubmitted[server];
        throw new Error(`${submitted} jobs submitted, but ${ended} ended and ${existing} exist ${where}`);
      }
    }
  }
}
