/**
 * Days from a Monday as people name them: the ticks and the name of an axis in hours, weekdays, weeks or dates, the
 * weekends to shade, and the name of a time in a readout.
 */

/** The ticks and the name of an x axis that differ from the default. */
export interface Axis {
  readonly ticks?: number[];
  readonly tickFormat?: (x: number) => string;
  readonly label?: string;
}

/** What a chart says of its x axis. */
export interface Calendar {
  /** x counts days from a Monday at midnight. */
  readonly startsOnMonday?: true;
  /** The dates of the Mondays from day 0 on, where they are known; otherwise weeks are numbered. */
  readonly mondays?: readonly string[];
}

type Range = readonly [from: number, to: number];

export const weekdays: readonly string[] = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];
/** With more days than this, weekends are too narrow to see. */
const WEEKENDS_SHOWN_DAYS = 100;

/** The room of a tick's text [px]. */
const ROOM = { date: 80, week: 46, day: 40, hour: 70 };

/** The room to the right of an axis [px]. */
export const MARGIN = 20;

/**
 * An axis in natural units: hours, weekdays or weeks; over many weeks, dates if they are known. Undefined if plain
 * numbers of days serve better, or x does not count days.
 *
 * @param isShaded whether the chart shades weekends, which its name then says
 */
export function weekAxis(
  { startsOnMonday, mondays }: Calendar,
  [from, to]: Range,
  width: number,
  isShaded = true,
): Axis | undefined {
  if (startsOnMonday !== true) return undefined;
  const every = (step: number, room: number) => {
    const first = Math.ceil(from / step);
    const ticks = Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
    // As many as there is room for, and none at the end, where the next day would begin or the text would be cut.
    const keep = Math.max(1, Math.ceil((ticks.length * room) / width));
    const last = to - (Math.max(0, room / 2 - MARGIN) / width) * (to - from);
    return ticks.filter((tick, i) => i % keep === 0 && tick < to && tick <= last);
  };
  const shaded = !isShaded || weekendsBetween([from, to]).length === 0 ? "" : " (weekends shaded)";
  const dayOf = (x: number) => weekdays[((Math.floor(x) % 7) + 7) % 7].slice(0, 3);
  const days = to - from;
  if (days > 10 && mondays !== undefined) {
    const tickFormat = (x: number) => mondays[Math.round(x / 7)] ?? "";
    return { ticks: every(7, ROOM.date), tickFormat, label: `Mondays${shaded}` };
  }
  if (days > WEEKENDS_SHOWN_DAYS) return undefined;
  if (days > 10) {
    const tickFormat = (x: number) => `week ${Math.round(x / 7) + 1}`;
    return { ticks: every(7, ROOM.week), tickFormat, label: `time since the start${shaded}` };
  }
  const start = mondays === undefined ? "from the start on a Monday" : `in ${weekName(from, mondays)}`;
  if (days > 2) return { ticks: every(1, ROOM.day), tickFormat: dayOf, label: `day, ${start}${shaded}` };
  const tickFormat = (x: number) => `${dayOf(x + 1e-9)} ${Math.round((x - Math.floor(x + 1e-9)) * 24)}:00`;
  return { ticks: every(0.125, ROOM.hour), tickFormat, label: `hour, ${start}${shaded}` };
}

/** The weekends between two days. */
export function weekendsBetween([from, to]: Range): [from: number, to: number][] {
  if (to - from > WEEKENDS_SHOWN_DAYS) return [];
  const first = Math.floor(from / 7);
  const weeks = Array.from({ length: Math.ceil(to / 7) - first }, (_, i) => 7 * (first + i));
  return weeks
    .map((monday): [number, number] => [Math.max(from, monday + 5), Math.min(to, monday + 7)])
    .filter(([begin, end]) => begin < end);
}

/** "Tuesday of week 2", "Tuesday of the week of 2026-03-09". */
export function dayName({ mondays }: Calendar, days: number): string {
  return `${weekdays[((Math.floor(days) % 7) + 7) % 7]} of ${weekName(days, mondays)}`;
}

function weekName(days: number, mondays?: readonly string[]): string {
  const week = Math.floor(days / 7);
  return mondays?.[week] === undefined ? `week ${week + 1}` : `the week of ${mondays[week]}`;
}
