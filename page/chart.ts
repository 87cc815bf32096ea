/**
 * A chart as plain JSON, in display units. drawing.ts draws it for pages and files alike; whoever makes the chart
 * decides the meaning of its numbers.
 *
 * An unknown number (a bound of an interval from fewer than two replications) is null, because JSON has no NaN.
 */
import type { Calendar } from "./week-axis.ts";

export type Known = number | null;

/** Charts of one kind; a page shows one of them at a time. */
export interface ChartGroup {
  readonly id: string;
  readonly heading: string;
  /** What is drawn, and the meaning of bands or bars. */
  readonly note: string;
  readonly charts: readonly Chart[];
}

export type Chart = CurveChart | IntervalChart | HeatChart | TimelineChart;

/** The points of a line of at most so many are drawn as dots: between them nothing is known. */
export const FEW_SAMPLES = 8;

interface Drawn {
  /** Names its file; unique in the report. */
  readonly id: string;
  /** Distinguishes the charts of a group. */
  readonly title: string;
  /** The text alternative: the content of the chart in a sentence or two. */
  readonly summary: string;
  /** What the axes show, with units. */
  readonly x: string;
  readonly y: string;
  /** The unit after a number in a readout: "kB", "print processors". */
  readonly unit?: string;
}

/** A function of a number: lines, steps that hold until the next point, or points. */
export interface CurveChart extends Drawn, Calendar {
  readonly kind: "curves";
  readonly shape: "line" | "step" | "points";
  /** The names of the series, in the order of their colours. */
  readonly series: readonly string[];
  readonly panels: readonly CurvePanel[];
  /** The largest possible value, if any: 100 for a percentage. */
  readonly yMax?: number;
  /** Points are at whole numbers. */
  readonly wholeX?: true;
  /** The chart is about ceilings, which are drawn even far above the curves. */
  readonly isOfCeilings?: true;
}

export interface CurvePanel {
  /** Empty if there is only one panel. */
  readonly name: string;
  readonly curves: readonly Curve[];
  /** Levels at which a resource runs out; drawn if the curves come near. */
  readonly ceilings?: readonly { readonly y: number; readonly label: string }[];
  /** Times of incidents: a labelled vertical line each. */
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
  /** Shown beside y in the readout. */
  readonly more?: readonly { readonly name: string; readonly y: readonly Known[] }[];
  /** Times at which a restart set the count back: ticks on the axis. */
  readonly restarts?: readonly number[];
  /** A level across the panel, with its band: the mean of points. */
  readonly level?: Interval;
  /** The label of a secondary curve of its series, which is drawn thin. */
  readonly beside?: string;
}

export interface Interval {
  readonly value: number;
  readonly lower: Known;
  readonly upper: Known;
}

/** Estimates with intervals, and closed forms beside them, by number or name. */
export interface IntervalChart extends Drawn {
  readonly kind: "intervals";
  readonly series: readonly string[];
  readonly panels: readonly IntervalPanel[];
  /** With names: a bar from 0 to each estimate, for amounts to be compared. */
  readonly bars?: true;
}

export interface IntervalPanel {
  readonly name: string;
  /** The y axis of this panel, if panels show different things; each then has its own scale. */
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
export interface HeatChart extends Drawn, Calendar {
  readonly kind: "heat";
  /** What the colours show, with the unit. */
  readonly colour: string;
  readonly panels: readonly HeatPanel[];
}

export interface HeatPanel {
  readonly name: string;
  /** The names of the rows, from the top. */
  readonly rows: readonly string[];
  /** The edges of the columns: one more than there are columns. */
  readonly edges: readonly number[];
  /** Row by row. */
  readonly values: readonly (readonly number[])[];
}

/** Activities over time, one lane each; panels are stacked for comparison. */
export interface TimelineChart extends Drawn {
  readonly kind: "timeline";
  readonly panels: readonly TimelinePanel[];
  /** What is shown first: its name, such as "the moment of the leak", and its part of the axis [s]. */
  readonly opening: string;
  readonly opensAt: readonly [from: number, to: number];
  /** The time of the axis's zero [us]. */
  readonly origin: number;
  /** The current time, when someone steps through the story. */
  readonly now?: number;
}

export interface TimelinePanel {
  readonly name: string;
  readonly lanes: readonly { readonly name: string; readonly spans: readonly TimelineSpan[] }[];
  /** The decisive instants: a labelled line across all lanes. */
  readonly marks: readonly { readonly x: number; readonly label: string; readonly tone: Tone }[];
}

/** Times are in seconds from the zero of the axis. */
export interface TimelineSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly tone: Tone;
  /** Shaded across all lanes. */
  readonly isWindow?: true;
}

/** Whether something is working, waiting, to be watched, or lost for good. */
export type Tone = "busy" | "waiting" | "alert" | "lost";

/** The series of a chart; empty if it has none. */
export function seriesOf(chart: Chart): readonly string[] {
  return "series" in chart ? chart.series : [];
}

/** The widths from which two panels, or three or four, stand side by side [px]. */
const ROOM_FOR_TWO = 640;
const ROOM_FOR_ROW = 980;
const ROW_MAX = 4;

/** Panels compared in time are stacked; others stand side by side if there is room. */
export function columnsOf({ kind, panels }: Chart, width: number): number {
  if (panels.length === 1 || kind === "timeline" || width < ROOM_FOR_TWO) return 1;
  return kind !== "heat" && panels.length <= ROW_MAX && width >= ROOM_FOR_ROW ? panels.length : 2;
}
