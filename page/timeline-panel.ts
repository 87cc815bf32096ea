/** Draws a timeline: a lane for each thing, bars for what it does, and marks at the decisive times. */
import type { TimelineChart, TimelinePanel, Tone } from "./chart.ts";
import { fourDigits, plotted, type AnyDocument, type Drawing, type PlotLibrary, type View } from "./plotting.ts";

/** The height of a lane: its name, with its bars below [px]. */
export const LANE_HEIGHT = 42;
const BAR_TOP = 0.42;
const BAR_BOTTOM = 0.95;
/** The estimated width of a character of a label [px]. */
const CHARACTER = 6.4;

/** The series with the colour of a tone; what waits has none. */
const toneSeries: Readonly<Record<Tone, number | undefined>> = { busy: 1, waiting: undefined, alert: 4, lost: 0 };

/** Draws a bar for each span in its lane, labelled if there is room; windows are shaded across all lanes. */
export function drawTimeline(
  library: PlotLibrary,
  document: AnyDocument,
  chart: TimelineChart,
  { lanes, marks }: TimelinePanel,
  view: View,
): Drawing {
  const { theme, width } = view;
  const [from, to] = view.domain ?? timelineEnds(chart);
  const [left, right] = [8, 8];
  const pixel = (x: number) => left + ((x - from) / (to - from)) * (width - left - right);
  const colourOf = ({ tone }: { tone: Tone }) => theme.series[toneSeries[tone] ?? -1] ?? theme.ink;
  // When someone steps through the story, only the past is shown.
  const known = Math.min(to, chart.now ?? to);
  const spans = lanes.flatMap(({ spans: own }, lane) =>
    own
      .filter((span) => span.from < known && span.to > from)
      .map((span) => ({ ...span, lane, from: Math.max(from, span.from), to: Math.min(known, span.to) })),
  );
  const roomy = spans.filter((span) => pixel(span.to) - pixel(span.from) > span.label.length * CHARACTER + 10);
  const seen = marks.filter(({ x }) => x >= from && x <= known);
  const here = chart.now === undefined || chart.now > to ? [] : [Math.max(from, chart.now)];
  const isBefore = chart.now !== undefined && chart.now < from;
  const labels: { readonly x: number; readonly label: string; readonly tone: Tone; readonly begins: number }[] = [];
  for (const mark of seen) {
    const half = (mark.label.length * CHARACTER) / 2;
    const begins = Math.max(2, Math.min(width - 2 - 2 * half, pixel(mark.x) - half));
    // Marks at the same position share the first one's label.
    const last = labels.at(-1);
    if (last === undefined || last.begins + last.label.length * CHARACTER + 6 < begins)
      labels.push({ ...mark, begins });
  }
  // To the right of the lane's name, and to the left of the edge.
  const nameEnd = left + (lanes.at(-1)?.name.length ?? 0) * CHARACTER + 8;
  const besideNow = (x: number) => Math.min(Math.max(pixel(x) + 4, nameEnd), width - right - 4 * CHARACTER);
  const unit = to - from < 2 ? { name: "ms", size: 1e-3 } : { name: "s", size: 1 };
  const all = { y1: 0, y2: lanes.length };
  return plotted(library, document, view, {
    x: { domain: [from, to] },
    y: { domain: [lanes.length, 0], axis: null },
    marginTop: 22,
    marginLeft: left,
    marginRight: right,
    marks: [
      library.rect(
        spans.filter(({ isWindow }) => isWindow === true),
        { x1: "from", x2: "to", y1: () => all.y1, y2: () => all.y2, fill: colourOf, fillOpacity: 0.13, inset: 0 },
      ),
      library.axisX({
        ticks: ticksWithin([from, to], Math.max(3, Math.round(width / 110))),
        tickSize: 4,
        fill: theme.ink,
        stroke: theme.ink,
        tickFormat: (x: number) =>
          `${x > 0 ? "+" : ""}${fourDigits(x / unit.size)} ${unit.name}`.replace("-", "\u2212"),
        label: view.isNamed === true ? null : chart.x,
        labelAnchor: "center",
        labelArrow: "none",
      }),
      ...[true, false].map((waits) =>
        library.rect(
          spans.filter(({ tone }) => (tone === "waiting") === waits),
          {
            x1: "from",
            x2: "to",
            y1: ({ lane }) => lane + BAR_TOP,
            y2: ({ lane }) => lane + BAR_BOTTOM,
            fill: colourOf,
            fillOpacity: waits ? 0.1 : 0.35,
            stroke: colourOf,
            strokeWidth: 1.25,
            inset: 0,
          },
        ),
      ),
      library.ruleX(seen, { x: "x", ...all, stroke: colourOf, strokeWidth: 2 }),
      library.ruleX(here, { x: (x: number) => x, ...all, stroke: theme.ink, strokeWidth: 2, strokeDasharray: "2 3" }),
      library.text(here, {
        x: (x: number) => (isBefore ? x : from + ((besideNow(x) - left) / (width - left - right)) * (to - from)),
        y: () => (isBefore ? 0 : lanes.length - 1 + BAR_TOP / 2),

        dy: isBefore ? -10 : 0,
        text: () => (isBefore ? "now: before what is shown here" : "now"),
        textAnchor: "start",
        fill: theme.ink,
        stroke: theme.paper,
        strokeWidth: 4,
      }),
      library.text(lanes, {
        x: () => from,
        y: (_: unknown, lane: number) => lane + BAR_TOP / 2,
        text: "name",
        textAnchor: "start",
        fill: theme.ink,
        stroke: theme.paper,
        strokeWidth: 4,
      }),
      library.text(roomy, {
        x: "from",
        y: ({ lane }) => lane + (BAR_TOP + BAR_BOTTOM) / 2,
        text: "label",
        textAnchor: "start",
        dx: 6,
        fill: theme.ink,
      }),
      library.text(labels, {
        x: ({ begins }) => from + ((begins - left) / (width - left - right)) * (to - from),
        y: () => 0,
        dy: -10,
        text: "label",
        textAnchor: "start",
        fill: theme.ink,
        fontWeight: "bold",
      }),
    ],
  });
}

/** About so many round numbers between two, with a margin at either end. */
function ticksWithin([from, to]: readonly [from: number, to: number], count: number): number[] {
  const rough = (to - from) / count;
  let power = 1e-6;
  while (10 * power <= rough) power *= 10;
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const air = 0.05 * (to - from);
  const first = Math.ceil((from + air) / step);
  const length = Math.max(0, Math.floor((to - air) / step) - first + 1);
  return Array.from({ length }, (_, i) => (first + i) * step);
}

/** The ends of a timeline's axis: everything in its panels. */
export function timelineEnds({ panels }: TimelineChart): [from: number, to: number] {
  const spans = panels.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.spans));
  return [Math.min(...spans.map(({ from }) => from)), Math.max(...spans.map(({ to }) => to))];
}
