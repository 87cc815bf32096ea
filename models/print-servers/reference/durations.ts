/** Section 1 of docs/model.md: durations in whole microseconds, those that are parameters each converted once. */
import type { Duration } from "../../../sim/event-list.ts";
import type { Step } from "../patching/patch-state.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";

export const HOUR = 3.6e9;

/** Rounds a computed duration up to whole microseconds; at least 1. */
export function whole(us: number): Duration {
  return Math.max(1, Math.ceil(us));
}

/** Converts a parameter to whole microseconds; 0 stays 0. */
export function parameterUs(value: number, unitUs: number): Duration {
  return value === 0 ? 0 : whole(value * unitUs);
}

/** The parameters that are durations, each converted once; a mean or a maximum is not rounded. */
export function durations(v: PrintServersValues) {
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
    /** Staff time by cause, and of a restoration. */
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
    /** The pause between STOPPED and START, by restartKind. */
    pause: {
      service: parameterUs(v.restartPauseMs, 1000),
      reboot: parameterUs(v.rebootMs, 1000),
      failover: parameterUs(v.failoverMs, 1000),
    },
  };
}

export type Durations = ReturnType<typeof durations>;
