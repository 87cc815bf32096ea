/**
 * The service of every print server: how it hangs, stops and starts again, and what makes it (docs/model.md, T14 to
 * T20).
 *
 * Staff and policies act on it by way of upkeep/: maintenance.ts (causes and their ledger), installed-patches.ts,
 * maintenance-windows.ts (when) and rollout.ts. What happens to jobs while the service runs is in kernel.ts.
 */
import type { Time } from "../../sim/event-list.ts";
import type { Clock, Schedule } from "../../sim/simulation.ts";
import { durationUs, US_PER_HOUR, US_PER_MINUTE, US_PER_MS } from "../../sim/time-units.ts";
import type { Slice } from "../contract/instance.ts";
import { PATCH, POLL, RELAPSE, RESTORE, START, STARTED, STOP, STOPPED, COMPLAIN } from "./event-kinds.ts";
import { GONE, type Jobs, NONE, PARKED, realAt, SPOOLING, WAITING } from "./job-queues.ts";
import type { Lock } from "./lock.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import { IDLE, type PortThreads } from "./port-threads.ts";
import type { PrintProcessors } from "./print-processors.ts";
import type { RelatedBugs } from "./related-bugs/related-bugs.ts";
import type { Resources } from "./resources.ts";
import { BLIND, DOWN, HUNG, RUNNING, STARTING, STOPPING } from "./service-states.ts";
import { InstalledPatches } from "./upkeep/installed-patches.ts";
import {
  BY_CALENDAR,
  BY_COMPLAINT,
  BY_GAUGE,
  BY_RECOVERY,
  BY_RESTORATION,
  BY_VISIT,
  Maintenance,
} from "./upkeep/maintenance.ts";
import { MaintenanceWindowTimes, RestartTimes } from "./upkeep/maintenance-windows.ts";
import { isRollout, Rollout } from "./upkeep/rollout.ts";
import { COMPLAIN_US, RELAPSE_US, type Workload } from "./workload.ts";

/** Staff who find the service down come back after this delay [us]. */
const COME_BACK_US = US_PER_MINUTE;

/** The responses that are kept here, one number per server. */
function columnsOf(count: number) {
  const zeros = () => new Float64Array(count);
  return {
    serviceStarts: zeros(),
    startFailures: zeros(),
    downtimeUs: zeros(),
    printersHiddenUs: zeros(),
    canaryPassedUs: zeros().fill(NaN),
    rolloutHaltedUs: zeros().fill(NaN),
  };
}

/** What a service needs of the rest of its server. */
interface Surroundings {
  readonly jobs: Jobs;
  readonly threads: PortThreads;
  readonly processors: PrintProcessors;
  readonly lock: Lock;
  readonly workload: Workload;
  readonly relatedBugs: RelatedBugs;
  readonly resources: Resources;
  /** Counts of jobs [1], one per server: what the end of a process does to jobs is counted there. */
  readonly counts: { readonly [Count in "jobsDeleted" | "jobsLost" | "jobsReprinted"]: Float64Array };
}

export class Service {
  /** One of service-states.ts - state - one per server. */
  readonly state: Uint8Array;
  /** `observe` updates downtime and the times of the roll-out; the counts are always up to date. */
  readonly columns: ReturnType<typeof columnsOf>;
  readonly maintenance: Maintenance;
  readonly installed: InstalledPatches;
  readonly rollout: Rollout | undefined;
  private readonly values: PrintServersValues;
  private readonly slice: Slice;
  private readonly jobs: Jobs;
  private readonly threads: PortThreads;
  private readonly processors: PrintProcessors;
  private readonly lock: Lock;
  private readonly workload: Workload;
  private readonly relatedBugs: RelatedBugs;
  private readonly resources: Resources;
  private readonly counts: Surroundings["counts"];
  private readonly visitTimes: MaintenanceWindowTimes;
  private readonly restartTimes: RestartTimes;
  /** When the downtime began: the service hung or was asked to stop [us] - state - meaningless while it runs. */
  private readonly downSince: Float64Array;
  /** When the last process ended [us] - state; a start too soon afterwards may fail. */
  private readonly stoppedAt: Float64Array;
  /** Completed downtime [us]; the current downtime is added by `observe`. */
  private readonly pastDowntimeUs: Float64Array;

  constructor(values: PrintServersValues, slice: Slice, surroundings: Surroundings) {
    const { count } = slice;
    this.state = new Uint8Array(count);
    this.columns = columnsOf(count);
    this.maintenance = new Maintenance(values, count);
    this.installed = new InstalledPatches(values, count, surroundings.workload);
    this.rollout = isRollout(values) ? this.rolloutOf(values, count, surroundings.processors) : undefined;
    this.values = values;
    this.slice = slice;
    this.jobs = surroundings.jobs;
    this.threads = surroundings.threads;
    this.processors = surroundings.processors;
    this.lock = surroundings.lock;
    this.workload = surroundings.workload;
    this.relatedBugs = surroundings.relatedBugs;
    this.resources = surroundings.resources;
    this.counts = surroundings.counts;
    this.visitTimes = new MaintenanceWindowTimes(values);
    this.restartTimes = new RestartTimes(values);
    this.downSince = new Float64Array(count);
    this.stoppedAt = new Float64Array(count);
    this.pastDowntimeUs = new Float64Array(count);
  }

  /** Schedules the first restart, poll and visit of a server. */
  begin(server: number, schedule: Schedule): void {
    const { values, installed, slice } = this;
    if (values.restartEveryHours > 0) schedule.after(this.restartTimes.first(), STOP, server, BY_CALENDAR);
    if (values.restartGauge !== "none")
      schedule.after(durationUs(values.pollEveryMinutes, US_PER_MINUTE), POLL, server, 0);
    installed.begin(server, schedule);
    this.runFiles(server);
    if (installed.visits > 0 && this.rollout === undefined) {
      const from = Math.ceil(values.patchAtDays * 24 * US_PER_HOUR);
      schedule.after(this.visitTimes.at(from, slice.first + server), PATCH, server, 0);
    }
  }

  // The process: T14 to T17.

  /** The service stops working but does not end. */
  hang(server: number, schedule: Schedule): void {
    const { values } = this;
    this.state[server] = HUNG;
    this.downSince[server] = schedule.now;
    this.voidThreads(server);
    if (values.recoveryMinutes > 0) {
      schedule.after(durationUs(values.recoveryMinutes, US_PER_MINUTE), STOP, server, BY_RECOVERY);
    }
  }

  stop(server: number, reason: number, schedule: Schedule): void {
    const { state } = this;
    if (reason === BY_CALENDAR) {
      schedule.after(this.restartTimes.after(schedule.now) - schedule.now, STOP, server, BY_CALENDAR);
    }
    if (state[server] !== (reason === BY_CALENDAR ? RUNNING : HUNG)) return;
    this.stopService(server, reason, schedule);
  }

  /** Asks the service to stop; it may be running, running without printers, or hung. */
  private stopService(server: number, cause: number, schedule: Schedule): void {
    const { state } = this;
    this.maintenance.stop(server, cause);
    if (state[server] === BLIND) this.installed.endHiding(server, schedule);
    if (state[server] !== HUNG) this.downSince[server] = schedule.now;
    state[server] = STOPPING;
    schedule.after(Math.max(1, durationUs(this.values.stopMs, US_PER_MS)), STOPPED, server, 0);
  }

  stopped(server: number, schedule: Schedule): void {
    const { values, jobs, threads } = this;
    this.state[server] = DOWN;
    this.stoppedAt[server] = schedule.now;
    this.voidThreads(server);
    this.processors.endProcess(server);
    this.relatedBugs.processEnded(server);
    if (values.restartKind !== "service" || this.maintenance.visitUs[server] > 0) this.relatedBugs.rebooted(server);
    this.lock.reset(server, schedule);
    for (let port = server * values.printers; port < (server + 1) * values.printers; port++) {
      threads.phase[port] = IDLE;
    }
    for (let job = 0; job < jobs.capacity; job++) {
      if (jobs.state[job] !== GONE && jobs.server[job] === server) this.endJob(server, job, schedule);
    }
    jobs.queue(server);
    this.maintenance.processesEnded[server]++;
    const pauseMs = { service: values.restartPauseMs, reboot: values.rebootMs, failover: values.failoverMs };
    const pauseUs = durationUs(pauseMs[values.restartKind], US_PER_MS);
    const visitUs = this.maintenance.visitUs[server];
    schedule.after(Math.max(1, visitUs > 0 ? visitUs : pauseUs), START, server, 0);
  }

  /** What happens to a job when the process ends. */
  private endJob(server: number, job: number, clock: Clock): void {
    const { jobs } = this;
    const state = jobs.state[job];
    jobs.paused[job] = 0;
    if (state === SPOOLING) {
      this.counts.jobsLost[server]++;
      jobs.remove(job, clock);
    } else if (state === PARKED) {
      jobs.waitAgain(job);
    } else if (state !== WAITING) {
      if (jobs.deleting[job] === 1) {
        this.counts.jobsDeleted[server]++;
        jobs.remove(job, clock);
      } else if (jobs.restarted[job] + jobs.restarting[job] > 0 && this.judgesRestarted(server)) {
        this.counts.jobsLost[server]++;
        jobs.remove(job, clock);
      } else {
        this.counts.jobsReprinted[server]++;
        jobs.restarting[job] = 0;
        jobs.instance[job] = NONE;
        jobs.waitAgain(job);
      }
    }
  }

  /** Whether the service deletes restarted jobs as corrupt when it starts (Q219355). */
  private judgesRestarted(server: number): boolean {
    return this.values.deleteRestartedJobs && !this.installed.sparesRestarted(server);
  }

  /** The process hangs or ends: its threads and alterations stop. */
  private voidThreads(server: number): void {
    const { values, jobs, threads } = this;
    for (let port = server * values.printers; port < (server + 1) * values.printers; port++) threads.stop(port);
    for (let job = 0; job < jobs.capacity; job++) {
      // A deleted job may still have an alteration inside its print processor.
      if (jobs.server[job] !== server) continue;
      for (let alteration = 2 * job; alteration < 2 * job + 2; alteration++) {
        jobs.requested[alteration] = 0;
        jobs.within[alteration] = NONE;
      }
    }
  }

  start(server: number, schedule: Schedule): void {
    const { values } = this;
    const gapUs = durationUs(values.startGapMs, US_PER_MS);
    const isRestart = values.restartKind === "service" && this.maintenance.visitUs[server] === 0;
    const mayFail = values.Q243222 === "present" && !this.installed.fixes(server, "Q243222");
    if (isRestart && mayFail && schedule.now - this.stoppedAt[server] < gapUs) {
      this.columns.startFailures[server]++;
      schedule.after(gapUs, START, server, 0);
      return;
    }
    this.state[server] = STARTING;
    const files = 2 * this.jobs.existing[server];
    const delay = durationUs(values.startMs, US_PER_MS) + durationUs(values.startMsPerFile, US_PER_MS) * files;
    schedule.after(Math.max(1, delay), STARTED, server, 0);
  }

  /** Starts the service; port threads that are idle then look for jobs (kernel.ts). */
  started(server: number, schedule: Schedule): void {
    const { maintenance, installed, workload } = this;
    const isVisible = installed.start(server, schedule);
    this.state[server] = isVisible ? RUNNING : BLIND;
    this.columns.serviceStarts[server]++;
    this.pastDowntimeUs[server] += schedule.now - this.downSince[server];
    maintenance.visitUs[server] = 0;
    this.runFiles(server);
    if (!isVisible && this.values.restoreMinutes > 0) {
      schedule.after(
        durationUs(this.values.restoreMinutes, US_PER_MINUTE),
        RESTORE,
        server,
        maintenance.processesEnded[server],
      );
    }
    workload.drawRelapse(server);
    if (!Number.isNaN(workload.reals[RELAPSE_US])) {
      schedule.after(workload.reals[RELAPSE_US], RELAPSE, server, maintenance.processesEnded[server]);
    }
    this.continueVisits(server, schedule);
  }

  // Maintenance and upgrades: T18 to T20.

  /** The service runs with the files that the last boot loaded, and with the bugs that they do not fix. */
  private runFiles(server: number): void {
    const { processors, relatedBugs, installed } = this;
    processors.patched[server] = installed.fixedNow[server];
    if (relatedBugs.any) relatedBugs.started(server, (bug) => installed.fixes(server, bug));
  }

  poll(server: number, schedule: Schedule): void {
    const { values } = this;
    schedule.after(durationUs(values.pollEveryMinutes, US_PER_MINUTE), POLL, server, 0);
    if (this.state[server] !== RUNNING || this.resources.restartGauge(server) < values.restartAtGauge) return;
    this.stopService(server, BY_GAUGE, schedule);
  }

  /** Schedules the complaint of the user whose job starved. */
  awaitComplaint(server: number, job: number, schedule: Schedule): void {
    const delay = this.jobs.reals[realAt(job, COMPLAIN_US)];
    if (!Number.isNaN(delay)) schedule.after(delay, COMPLAIN, server, this.maintenance.processesEnded[server]);
  }

  /** A user complains. If the process that starved the job has ended since, no restart is needed. */
  complain(server: number, process: number, schedule: Schedule): void {
    const { maintenance } = this;
    maintenance.complaints[server]++;
    if (process !== maintenance.processesEnded[server] || this.state[server] !== RUNNING) return;
    this.stopService(server, BY_COMPLAINT, schedule);
  }

  relapse(server: number, process: number, schedule: Schedule): void {
    const { maintenance } = this;
    if (process !== maintenance.processesEnded[server] || this.state[server] !== RUNNING) return;
    maintenance.relapses[server]++;
    this.hang(server, schedule);
  }

  patch(server: number, visit: number, schedule: Schedule): void {
    const { maintenance, installed, state } = this;
    // A halted roll-out makes no more visits, except those that roll back.
    if (visit < installed.visits && this.rollout !== undefined && !Number.isNaN(this.rollout.haltedAt)) return;
    if (state[server] !== RUNNING && state[server] !== BLIND) {
      schedule.after(COME_BACK_US, PATCH, server, visit);
      return;
    }
    const visitUs = installed.prepare(server, visit);
    if (visitUs === undefined) {
      maintenance.recordFailedVisit(server);
      return;
    }
    maintenance.visitUs[server] = Math.max(1, visitUs);
    this.stopService(server, BY_VISIT, schedule);
  }

  /** Schedules the next visit of the patch order, if there is one. */
  private continueVisits(server: number, schedule: Schedule): void {
    const visit = this.installed.nextVisit(server);
    if (visit === undefined) return;
    const from = schedule.now + Math.ceil(this.values.patchGapDays * 24 * US_PER_HOUR);
    schedule.after(this.visitTimes.at(from, 0) - schedule.now, PATCH, server, visit);
  }

  restore(server: number, process: number, schedule: Schedule): void {
    if (this.state[server] !== BLIND || process !== this.maintenance.processesEnded[server]) return;
    this.installed.prepareRestoration(server);
    this.stopService(server, BY_RESTORATION, schedule);
  }

  observe(server: number, now: Time): void {
    const { columns, installed } = this;
    const isBlind = this.state[server] === BLIND;
    const down = this.state[server] === RUNNING || isBlind ? 0 : now - this.downSince[server];
    columns.downtimeUs[server] = this.pastDowntimeUs[server] + down;
    const hidden = isBlind ? now - installed.hiddenSince[server] : 0;
    columns.printersHiddenUs[server] = installed.pastHiddenUs[server] + hidden;
    columns.canaryPassedUs[server] = this.rollout?.passedAt ?? NaN;
    columns.rolloutHaltedUs[server] = this.rollout?.haltedAt ?? NaN;
  }

  private rolloutOf(values: PrintServersValues, servers: number, { leaked }: PrintProcessors): Rollout {
    const { printersLostUs, visitsMade } = this.installed;
    return new Rollout(values, servers, { leaked, printersLostUs, visitsMade });
  }
}
