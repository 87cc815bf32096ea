/**
 * The times of staff visits (maintenance windows and the stagger between servers), and of restarts by the calendar
 * (docs/model.md, section 9).
 *
 * Pure arithmetic with whole microseconds; day 0 is a Monday. The position of a visit is the number of visits before
 * it.
 */
import type { Duration, Time } from "../../../sim/event-list.ts";
import { wholeMicroseconds } from "../../../sim/variates.ts";
import { durationUs, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "../../../sim/time-units.ts";

/** The parameters of maintenance windows and their stagger. */
export interface MaintenanceWindowValues {
  readonly windowStartHour: number;
  readonly windowHours: number;
  readonly windowDays: "every-day" | "weekend";
  readonly staggerMinutes: number;
}

/** The weekly windows, and the time between visits [us]. */
export class MaintenanceWindowTimes {
  private readonly startUs: Duration;
  private readonly lengthUs: Duration;
  private readonly weekendOnly: boolean;
  private readonly staggerUs: Duration;

  constructor({ windowStartHour, windowHours, windowDays, staggerMinutes }: MaintenanceWindowValues) {
    this.startUs = Math.ceil(windowStartHour * US_PER_HOUR);
    this.lengthUs = Math.ceil(windowHours * US_PER_HOUR);
    this.weekendOnly = windowDays === "weekend";
    this.staggerUs = durationUs(staggerMinutes, US_PER_MINUTE);
  }

  /** The time of the visit with this rank (whole, >= 0), if the first visit is possible from `from` on. */
  at(from: Time, rank: number): Time {
    let time = this.open(from);
    let left = rank;
    while (this.staggerUs > 0) {
      // The number of visits that can begin before the window closes, one per stagger.
      const fit = Math.ceil((this.closes(time) - time) / this.staggerUs);
      if (left < fit) break;
      left -= fit;
      time = this.open(this.closes(time));
    }
    return time + left * this.staggerUs;
  }

  /** `from` if a window is open then; otherwise the time at which the next one opens. */
  private open(from: Time): Time {
    const today = Math.floor(from / US_PER_DAY);
    for (let day = today - 1; ; day++) {
      if (this.weekendOnly && day % 7 < 5) continue;
      const opens = day * US_PER_DAY + this.startUs;
      if (from < opens + this.lengthUs) return Math.max(0, from, opens);
    }
  }

  /** The end of the window that is open at `time`. */
  private closes(time: Time): Time {
    const today = Math.floor(time / US_PER_DAY);
    const day = time < today * US_PER_DAY + this.startUs ? today - 1 : today;
    return day * US_PER_DAY + this.startUs + this.lengthUs;
  }
}

/** The parameters of restarts by the calendar. */
export interface RestartValues {
  readonly restartEveryHours: number;
  readonly restartOn: (typeof restartDays)[number];
  readonly restartAtHour: number;
}

/** The days on which the calendar may restart the service. */
export const restartDays = [
  "every-day",
  "weekend",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** The value of `restartAtHour` for any hour. */
export const ANY_HOUR = 24;

/** The times of restarts by the calendar. */
export class RestartTimes {
  private readonly everyUs: Duration;
  private readonly hourUs: Duration;
  private readonly isAnyHour: boolean;
  private readonly isAnyDay: boolean;
  private readonly firstDay: number;
  private readonly lastDay: number;

  /** @param values restartEveryHours > 0 if times are requested */
  constructor({ restartEveryHours, restartOn, restartAtHour }: RestartValues) {
    this.everyUs = wholeMicroseconds(restartEveryHours * US_PER_HOUR);
    this.hourUs = Math.ceil(restartAtHour * US_PER_HOUR);
    this.isAnyHour = restartAtHour === ANY_HOUR;
    this.isAnyDay = restartOn === "every-day";
    const rank = restartDays.indexOf(restartOn);
    this.firstDay = restartOn === "weekend" ? 5 : Math.max(0, rank - 2);
    this.lastDay = this.isAnyDay || restartOn === "weekend" ? 6 : this.firstDay;
  }

  /**
   * The first restart: the first time that the day and the hour allow; if both are free, when the interval has passed.
   */
  first(): Time {
    return this.isAnyDay && this.isAnyHour ? this.everyUs : this.allowed(1);
  }

  /** The next restart: the first time that the day and the hour allow after the interval has passed. */
  after(restart: Time): Time {
    return this.allowed(restart + this.everyUs);
  }

  private allowed(from: Time): Time {
    for (let day = Math.floor(from / US_PER_DAY); ; day++) {
      if (day % 7 < this.firstDay || day % 7 > this.lastDay) continue;
      if (this.isAnyHour) return Math.max(from, day * US_PER_DAY);
      const time = day * US_PER_DAY + this.hourUs;
      if (time >= from) return time;
    }
  }
}
