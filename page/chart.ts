/**
 * A chart as plain JSON, in display units. drawing.ts draws it for pages and files alike; whoever makes the chart
 * decides the meaning of its numbers.
 *
 * An unknown number (a bound of an interval from fewer than two replications) is null, because JSON has no NaN.
 */

export type Known = number | null;

/** Charts of one kind, of which a page shows one at a time. */
export interface ChartGroup {
  readonly id: string;
  readonly heading: string;
  /** What is drawn, and what the band or the bars are. */
  readonly note: string;
  readonly charts: readonly Chart[];
}

export type Chart = CurveChart | IntervalChart | HeatChart | TimelineChart;

interface Drawn {
  /** Names its file, and is one of its kind in the report. */
  readonly id: string;
  /** What is shown: tells the charts of a group apart. */
  readonly title: string;
  /** The text alternative: what the chart shows, in a sentence or two. */
  readonly summary: string;
  /** What the axes show, with the unit. */
  readonly x: string;
  readonly y: string;
  /** What is said after a number that somebody points at: "kB", "print processors". */
  readonly unit?: string;
}

/** Something over a number: a line, steps that hold until the next point, or points. */
export interface CurveChart extends Drawn {
  readonly kind: "curves";
  readonly shape: "line" | "step" | "points";
  /** Names of the series, in the order of their colours. */
  readonly series: readonly string[];
  readonly panels: readonly CurvePanel[];
  /** The greatest value that makes sense, if any: 100 of a share. */
  readonly yMax?: number;
  /** Points lie at whole numbers. */
  readonly wholeX?: true;
  /** x counts days from a Monday at midnight: weekends are shaded, and days have names. */
  readonly startsOnMonday?: true;
  /** The chart is about ceilings: they are drawn though they are far above the curves. */
  readonly isOfCeilings?: true;
}

export interface CurvePanel {
  /** Empty where there is only one. */
  readonly name: string;
  readonly curves: readonly Curve[];
  /** Levels at which a resource has run out; drawn where the curves come near. */
  readonly ceilings?: readonly { readonly y: number; readonly label: string }[];
  /** Times at which something happened: a vertical line each, with its label. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

export interface Curve {
  /** The index of its series. */
  readonly series: number;
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: readonly Known[];
  /** The band. */
  readonly lower?: readonly Known[];
  readonly upper?: readonly Known[];
  /** Shown beside y when somebody points at it. */
  readonly more?: readonly { readonly name: string; readonly y: readonly Known[] }[];
  /** When what it counts was set back by a restart: ticks on the axis. */
  readonly restarts?: readonly number[];
  /** A level across the panel, with its band: the mean of points. */
  readonly level?: Interval;
  /** It stands beside another curve of its series, which matters more, and is drawn thin; what it is called. */
  readonly beside?: string;
}

export interface Interval {
  readonly value: number;
  readonly lower: Known;
  readonly upper: Known;
}

/** Estimates with their intervals, and the closed form beside them, over numbers or names. */
export interface IntervalChart extends Drawn {
  readonly kind: "intervals";
  readonly series: readonly string[];
  readonly panels: readonly IntervalPanel[];
  /** Over names: a bar from 0 to each estimate, for amounts that are compared. */
  readonly bars?: true;
}

export interface IntervalPanel {
  readonly name: string;
  /** What this panel shows, where panels show different things: then each has a scale of its own. */
  readonly y?: string;
  readonly estimates: readonly PlacedInterval[];
}

export interface PlacedInterval extends Interval {
  readonly series: number;
  /** A number, or a name. */
  readonly x: number | string;
  readonly closedForm: Known;
}

/** A number for each server at each time. */
export interface HeatChart extends Drawn {
  readonly kind: "heat";
  /** What the colours show, with the unit. */
  readonly colour: string;
  /** x counts days from a Monday at midnight: days have names. */
  readonly startsOnMonday?: true;
  readonly panels: readonly HeatPanel[];
}

export interface HeatPanel {
  readonly name: string;
  /** What the rows are called, from the top. */
  readonly rows: readonly string[];
  /** Where columns begin and end: one more than there are. */
  readonly edges: readonly number[];
  /** Row by row. */
  readonly values: readonly (readonly number[])[];
}

/** What several things did, a lane each, over one axis of time; panels stand one above the other to be compared. */
export interface TimelineChart extends Drawn {
  readonly kind: "timeline";
  readonly panels: readonly TimelinePanel[];
  /** The part of the axis that is shown first [s]. */
  readonly opensAt: readonly [from: number, to: number];
  /** The time that the axis counts from [us]. */
  readonly origin: number;
  /** Where somebody who steps through the story is. */
  readonly now?: number;
}

export interface TimelinePanel {
  readonly name: string;
  readonly lanes: readonly { readonly name: string; readonly spans: readonly TimelineSpan[] }[];
  /** What decides the story: a line across all lanes each, with its label above. */
  readonly marks: readonly { readonly x: number; readonly label: string; readonly tone: Tone }[];
}

/** Times are seconds from the moment that the axis names. */
export interface TimelineSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly tone: Tone;
  /** It is shaded across all lanes. */
  readonly isWindow?: true;
}

/** Whether something works, waits, is watched out for, or is lost for good. */
export type Tone = "busy" | "waiting" | "alert" | "lost";

/** The series of a chart; none where there are no series. */
export function seriesOf(chart: Chart): readonly string[] {
  return "series" in chart ? chart.series : [];
}

/** Where there is as much room [px], two panels stand beside each other, or a row of three or four. */
const ROOM_FOR_TWO = 640;
const ROOM_FOR_ROW = 980;
const ROW_MAX = 4;

/** Panels that are compared in time stand one above the other; others beside each other where there is room. */
export function columnsOf({ kind, panels }: Chart, width: number): number {
  if (panels.length === 1 || kind === "timeline" || width < ROOM_FOR_TWO) return 1;
  return kind !== "heat" && panels.length <= ROW_MAX && width >= ROOM_FOR_ROW ? panels.length : 2;
}
