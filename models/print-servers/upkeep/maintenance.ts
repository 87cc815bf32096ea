/**
 * Maintenance: why the service is stopped, and how much staff time that takes (docs/model.md, section 9).
 *
 * A policy is data: a calendar, a gauge with a threshold, complaints, or any combination. This file has the causes and
 * their ledger; what a stop does to jobs and print processors does not depend on its cause (service.ts).
 */
import type { Duration } from "../../../sim/event-list.ts";
import { durationUs, US_PER_MINUTE } from "../../../sim/time-units.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";

/** Why a service is stopped. The first two are the objects of a STOP. */
export const BY_CALENDAR = 0;
export const BY_RECOVERY = 1;
export const BY_GAUGE = 2;
export const BY_COMPLAINT = 3;
export const BY_VISIT = 4;
export const BY_RESTORATION = 5;

export class Maintenance {
  /** Stops by cause [1] - response - one per server; the columns below likewise. */
  readonly restartsByCalendar: Float64Array;
  readonly restartsByGauge: Float64Array;
  readonly restartsByComplaint: Float64Array;
  readonly restartsByRecovery: Float64Array;
  readonly restartsByVisit: Float64Array;
  readonly complaints: Float64Array;
  readonly relapses: Float64Array;
  /** Staff time [us]. */
  readonly staffUs: Float64Array;
  /** Processes that have ended [1] - state; identifies the process of a complaint, a relapse or a restoration. */
  readonly processesEnded: Int32Array;
  /** How long the current visit keeps the machine down [us] - state; 0 if the stop is not for a visit. */
  readonly visitUs: Float64Array;
  private readonly restartUs: Duration;
  private readonly visitStaffUs: Duration;
  private readonly upgradeUs: Duration;
  private readonly restoreUs: Duration;

  constructor(values: PrintServersValues, count: number) {
    this.restartsByCalendar = new Float64Array(count);
    this.restartsByGauge = new Float64Array(count);
    this.restartsByComplaint = new Float64Array(count);
    this.restartsByRecovery = new Float64Array(count);
    this.restartsByVisit = new Float64Array(count);
    this.complaints = new Float64Array(count);
    this.relapses = new Float64Array(count);
    this.staffUs = new Float64Array(count);
    this.processesEnded = new Int32Array(count);
    this.visitUs = new Float64Array(count);
    this.restartUs = durationUs(values.staffMinutesPerRestart, US_PER_MINUTE);
    this.visitStaffUs = durationUs(values.staffMinutesPerVisit, US_PER_MINUTE);
    this.upgradeUs = durationUs(values.staffMinutesPerUpgrade, US_PER_MINUTE);
    this.restoreUs = durationUs(values.staffMinutesPerRestore, US_PER_MINUTE);
  }

  /** Records a stop: its cause and its staff time. */
  stop(server: number, cause: number): void {
    switch (cause) {
      case BY_CALENDAR:
        this.restartsByCalendar[server]++;
        this.staffUs[server] += this.restartUs;
        return;
      case BY_GAUGE:
        this.restartsByGauge[server]++;
        this.staffUs[server] += this.restartUs;
        return;
      case BY_COMPLAINT:
        this.restartsByComplaint[server]++;
        this.staffUs[server] += this.visitStaffUs;
        return;
      case BY_RECOVERY:
        this.restartsByRecovery[server]++;
        this.staffUs[server] += this.visitStaffUs;
        return;
      case BY_VISIT:
        this.restartsByVisit[server]++;
        this.staffUs[server] += this.upgradeUs;
        return;
      case BY_RESTORATION:
        this.restartsByVisit[server]++;
        this.staffUs[server] += this.restoreUs;
        return;
    }
  }

  /** Records a visit that could do nothing. */
  recordFailedVisit(server: number): void {
    this.staffUs[server] += this.visitStaffUs;
  }
}

/** What restartGauge shows of an idle spooler that has leaked nothing; undefined without a gauge. */
export function idleLevel(values: PrintServersValues): number | undefined {
  switch (values.restartGauge) {
    case "privateBytes":
      return values.privateBytesBase + values.privateBytesPerPrinter * values.printers;
    case "handles":
      return values.handlesBase;
    case "pagedPoolBytes":
      return values.pagedPoolBytesBase;
    default:
      return undefined;
  }
}

/** What is wrong with the policy; undefined if nothing is. */
export function validatePolicy(values: PrintServersValues): string | undefined {
  const { restartGauge, restartAtGauge } = values;
  if (restartGauge === "none") return undefined;
  if (restartGauge === "printerDcs" || restartGauge === "gdiHandles") {
    return `restartGauge is ${restartGauge}; no counter of NT 4.0 shows it: privateBytes, handles or pagedPoolBytes`;
  }
  const idle = idleLevel(values);
  if (idle === undefined || restartAtGauge > idle) return undefined;
  const rule = `an idle spooler shows ${idle} ${restartGauge}, and is not restarted for that`;
  return `restartAtGauge is ${restartAtGauge}; ${rule}`;
}
