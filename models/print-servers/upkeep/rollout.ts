/**
 * The roll-out of a patch order over a fleet: canaries and their judge, waves, halt and roll back (docs/model.md,
 * section 11).
 *
 * It decides at barriers (barrier.ts) and only orders visits; each server carries out its own. At the first barrier the
 * servers are ranked. Canaries and their controls alternate at the top of the ranking, so that both groups are alike.
 * The canaries are patched, and one hour after the last visit the leaks of both groups start to count. The judge passes
 * the canaries if they leak less; then wave follows wave. A roll-out halts if the canaries do not pass, or if too many
 * of the patched servers started without their printers; it may then roll back what it installed.
 */
import type { Duration, Time } from "../../../sim/event-list.ts";
import type { Schedule } from "../../../sim/simulation.ts";
import { US_PER_DAY, US_PER_HOUR } from "../../../sim/time-units.ts";
import { fewestValues, shiftOf } from "../../../statistics/mann-whitney.ts";
import { PAIRS_MIN, SequentialTest } from "../../../statistics/sequential.ts";
import { PATCH } from "../event-kinds.ts";
import type { Decisions, FleetController } from "../../barrier.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { MaintenanceWindowTimes } from "./maintenance-windows.ts";

/** The columns that decisions depend on, one number per server. */
export interface FleetColumns {
  readonly leaked: Float64Array;
  /** NaN if the printers were never lost. */
  readonly printersLostUs: Float64Array;
  readonly visitsMade: Float64Array;
}

/** Whether the fleet is coordinated by a roll-out. */
export function isRollout({ patchOrder, waveServers, canaryServers }: PrintServersValues): boolean {
  return patchOrder.visits.length > 0 && (waveServers > 0 || canaryServers > 0);
}

/**
 * What is wrong with the roll-out; undefined if nothing is.
 * @param servers the number of servers of the fleet
 */
export function validateRollout(values: PrintServersValues, servers: number): string | undefined {
  const { patchOrder, waveServers, canaryServers, canaryDays, judge, judgeConfidence } = values;
  if (waveServers > servers) {
    return `waveServers is ${waveServers}; a wave is no larger than the fleet, which has ${servers}`;
  }
  if ((waveServers > 0 || canaryServers > 0) && patchOrder.visits.length === 0) {
    const what = canaryServers > 0 ? `canaryServers is ${canaryServers}` : `waveServers is ${waveServers}`;
    return `${what}; patchOrder is ${patchOrder.name}, so there is nothing to roll out`;
  }
  if (canaryServers === 0) return undefined;
  if (2 * canaryServers > servers) {
    return `canaryServers is ${canaryServers}; each needs a control as well, and the fleet has ${servers}`;
  }
  if (!(judgeConfidence > 0 && judgeConfidence < 1)) {
    return `judgeConfidence is ${judgeConfidence}; a confidence lies between 0 and 1`;
  }
  const fewest = judge === "mann-whitney" ? fewestValues(judgeConfidence) : 1;
  if (canaryServers < fewest) {
    const rule = `at a confidence of ${judgeConfidence} the judge cannot pass fewer than ${fewest}`;
    return `canaryServers is ${canaryServers}; ${rule}`;
  }
  const pairs = canaryServers * Math.ceil(canaryDays);
  if (judge === "mann-whitney" || pairs >= PAIRS_MIN) return undefined;
  const rule = `times canaryDays, ${canaryDays}, that is ${pairs} pairs, and the judge needs ${PAIRS_MIN}`;
  return `canaryServers is ${canaryServers}; ${rule}`;
}

type Phase = "begin" | "settle" | "judge" | "waves" | "done";

export class Rollout implements FleetController {
  /** When the canaries passed, and when the roll-out was halted [us]; NaN if not. */
  passedAt: Time;
  haltedAt: Time;
  private barrier: Time;
  private phase: Phase;
  private readonly values: PrintServersValues;
  private readonly columns: FleetColumns;
  private readonly visitTimes: MaintenanceWindowTimes;
  private readonly soakUs: Duration;
  /** Servers that are not yet patched, in patching order. */
  private waiting: number[];
  private readonly patched: number[];
  private canaries: readonly number[];
  private controls: readonly number[];
  /** The leaks of each server when the judge last looked, and when it began to. */
  private leakedBefore: Float64Array;
  private judgedFrom: Time;
  private readonly sequential: SequentialTest;
  private readonly ordered: Map<number, { time: Time; visit: number }[]>;

  constructor(values: PrintServersValues, servers: number, columns: FleetColumns) {
    this.passedAt = NaN;
    this.haltedAt = NaN;
    this.barrier = Math.ceil(values.patchAtDays * US_PER_DAY);
    this.phase = "begin";
    this.values = values;
    this.columns = columns;
    this.visitTimes = new MaintenanceWindowTimes(values);
    this.soakUs = Math.ceil(values.soakDays * US_PER_DAY);
    this.waiting = Array.from({ length: servers }, (_, server) => server);
    this.patched = [];
    this.canaries = [];
    this.controls = [];
    this.leakedBefore = new Float64Array(servers);
    this.judgedFrom = 0;
    this.sequential = new SequentialTest();
    this.ordered = new Map();
  }

  get nextBarrier(): Time {
    return this.phase === "done" ? Infinity : this.barrier;
  }

  decide(schedule: Schedule): void {
    switch (this.phase) {
      case "begin":
        return this.begin(schedule);
      case "settle":
        return this.settle(schedule.now);
      case "judge":
        return this.judge(schedule);
      case "waves":
        return this.nextWave(schedule);
      case "done":
        return;
    }
  }

  decisionsOn(server: number): Decisions {
    const { passedAt, haltedAt } = this;
    const stoppedAt = Number.isNaN(haltedAt) ? Infinity : haltedAt;
    return { visits: this.ordered.get(server) ?? [], stoppedAt, passedAt, haltedAt };
  }

  private begin(schedule: Schedule): void {
    this.rank();
    const { canaryServers } = this.values;
    if (canaryServers === 0) {
      this.nextWave(schedule);
      return;
    }
    const pairs = this.waiting.slice(0, 2 * canaryServers);
    this.canaries = pairs.filter((_, i) => i % 2 === 0);
    this.controls = pairs.filter((_, i) => i % 2 === 1);
    const isCanary = new Set(this.canaries);
    this.waiting = this.waiting.filter((server) => !isCanary.has(server));
    this.barrier = this.patch(this.canaries, schedule) + US_PER_HOUR;
    this.phase = "settle";
  }

  private rank(): void {
    const { waveOrder } = this.values;
    if (waveOrder === "as-numbered") return;
    const sign = waveOrder === "worst-first" ? -1 : 1;
    const { leaked } = this.columns;
    this.waiting.sort((a, b) => sign * (leaked[a] - leaked[b]) || a - b);
  }

  /** All canaries have been patched; their leaks count from now on. */
  private settle(now: Time): void {
    const { judge, canaryDays } = this.values;
    this.leakedBefore = this.columns.leaked.slice();
    this.judgedFrom = now;
    this.barrier = now + (judge === "sequential" ? US_PER_DAY : Math.ceil(canaryDays * US_PER_DAY));
    this.phase = "judge";
  }

  private judge(schedule: Schedule): void {
    const verdict = this.lost() >= this.values.haltAtLost ? "fails" : this.verdict(schedule.now);
    if (verdict === "passes") {
      this.passedAt = schedule.now;
      this.nextWave(schedule);
    } else if (verdict === "fails") {
      this.halt(schedule);
    } else {
      this.barrier = schedule.now + US_PER_DAY;
    }
  }

  private verdict(now: Time): "passes" | "fails" | "open" {
    const { judge, judgeConfidence, judgeTolerance, canaryDays } = this.values;
    const since = (server: number): number => this.columns.leaked[server] - this.leakedBefore[server];
    if (judge === "mann-whitney") {
      const shift = shiftOf(this.canaries.map(since), this.controls.map(since), judgeConfidence);
      return shift.upper < -judgeTolerance * Math.abs(shift.value) ? "passes" : "fails";
    }
    this.canaries.forEach((canary, i) => this.sequential.add(since(this.controls[i]) - since(canary)));
    this.sequential.settle();
    this.leakedBefore = this.columns.leaked.slice();
    if (this.sequential.p <= 1 - judgeConfidence) return this.sequential.mean > 0 ? "passes" : "fails";
    return now - this.judgedFrom >= canaryDays * US_PER_DAY ? "fails" : "open";
  }

  /** The number of patched servers that have ever started without their printers. */
  private lost(): number {
    return this.patched.filter((server) => !Number.isNaN(this.columns.printersLostUs[server])).length;
  }

  private nextWave(schedule: Schedule): void {
    if (this.lost() >= this.values.haltAtLost) {
      this.halt(schedule);
      return;
    }
    if (this.waiting.length === 0) {
      this.phase = "done";
      return;
    }
    const size = this.values.waveServers || this.waiting.length;
    const wave = this.waiting.slice(0, size);
    this.waiting = this.waiting.slice(size);
    this.barrier = this.patch(wave, schedule) + this.soakUs;
    this.phase = "waves";
  }

  private halt(schedule: Schedule): void {
    this.haltedAt = schedule.now;
    this.phase = "done";
    if (!this.values.rollBack) return;
    const undo = this.values.patchOrder.visits.length;
    const changed = this.patched.filter((server) => this.columns.visitsMade[server] > 0);
    changed.forEach((server, rank) => this.order(server, undo, rank, schedule));
  }

  /** Orders the first visit to each of the servers. Returns when the last one is due. */
  private patch(servers: readonly number[], schedule: Schedule): Time {
    let last = schedule.now;
    servers.forEach((server, rank) => {
      last = this.order(server, 0, rank, schedule);
      this.patched.push(server);
    });
    return last;
  }

  private order(server: number, visit: number, rank: number, schedule: Schedule): Time {
    const time = this.visitTimes.at(schedule.now, rank);
    schedule.after(time - schedule.now, PATCH, server, visit);
    this.ordered.set(server, [...(this.ordered.get(server) ?? []), { time, visit }]);
    return time;
  }
}
