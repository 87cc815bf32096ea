/**
 * When staff come: maintenance windows, and the stagger from one server to the next (docs/model.md, section 9).
 *
 * Pure arithmetic of whole microseconds; day 0 is a Monday. The place of a visit is how many come before it.
 */
import type { Duration, Time } from "../../../sim/event-list.ts";
import { wholeMicroseconds } from "../../../sim/variates.ts";

const DAY_US = 24 * 3.6e9;

/** What windows and stagger are made of: of the print servers' values, these. */
export interface VisitValues {
  readonly windowStartHour: number;
  readonly windowHours: number;
  readonly windowDays: "every-day" | "weekend";
  readonly staggerMinutes: number;
}

/** The windows of a week, and the time from one visit to the next [us]. */
export class VisitTimes {
  private readonly startUs: Duration;
  private readonly lengthUs: Duration;
  private readonly weekendOnly: boolean;
  private readonly staggerUs: Duration;

  constructor({ windowStartHour, windowHours, windowDays, staggerMinutes }: VisitValues) {
    this.startUs = Math.ceil(windowStartHour * 3.6e9);
    this.lengthUs = Math.ceil(windowHours * 3.6e9);
    this.weekendOnly = windowDays === "weekend";
    this.staggerUs = staggerMinutes === 0 ? 0 : wholeMicroseconds(staggerMinutes * 60e6);
  }

  /** The visit of that place (whole, >= 0), when the first may be made from `from` on. */
  at(from: Time, place: number): Time {
    let time = this.open(from);
    let left = place;
    while (this.staggerUs > 0) {
      // As many visits as begin before the window closes, each a stagger after the one before.
      const fit = Math.ceil((this.closes(time) - time) / this.staggerUs);
      if (left < fit) break;
      left -= fit;
      time = this.open(this.closes(time));
    }
    return time + left * this.staggerUs;
  }

  /** `from` when a window is open then, and else the time at which the next one opens. */
  private open(from: Time): Time {
    const today = Math.floor(from / DAY_US);
    for (let day = today - 1; ; day++) {
      if (this.weekendOnly && day % 7 < 5) continue;
      const opens = day * DAY_US + this.startUs;
      if (from < opens + this.lengthUs) return Math.max(0, from, opens);
    }
  }

  /** The end of the window that is open at `time`. */
  private closes(time: Time): Time {
    const today = Math.floor(time / DAY_US);
    const day = time < today * DAY_US + this.startUs ? today - 1 : today;
    return day * DAY_US + this.startUs + this.lengthUs;
  }
}
