/**
 * The picture of a leak: the job, the alterations and the print processor on one time axis, for each of the compared
 * levels. It opens at the time of the leak.
 */
import type { TimelineChart, TimelinePanel } from "../../page/chart.ts";
import type { Lane, StoryPicture } from "../../models/contract/pictures.ts";

/** The story at one level. */
export interface StoryPanel {
  readonly name: string;
  readonly picture: StoryPicture;
}

/**
 * @param leaked when it leaked [us]; the axis counts from there
 * @param end the end of the story [us]; unfinished spans are drawn up to it
 */
export function storyChart(subject: string, panels: readonly StoryPanel[], leaked: number, end: number): TimelineChart {
  const second = (us: number) => Number(((us - leaked) / 1e6).toFixed(6));
  const lanes = panels.flatMap(({ picture }) => picture.lanes);
  const opensAt = momentOf(lanes, leaked);
  const last = Math.max(second(end), opensAt[1]);
  const panelOf = ({ name, picture }: StoryPanel): TimelinePanel => ({
    name,
    lanes: picture.lanes.map((lane) => ({
      name: lane.name,
      spans: lane.spans.map(({ from, to, ...is }) => {
        return { ...is, from: second(from), to: to === Infinity ? last : second(to) };
      }),
    })),
    marks: [...picture.marks].sort((a, b) => a.at - b.at).map(({ at, ...is }) => ({ ...is, x: second(at) })),
  });
  const sentences = panels.map(({ name, picture }) => {
    return `${name}: ${picture.marks.map(({ label }) => label).join(", then ") || "nothing is closed"}`;
  });
  return {
    kind: "timeline",
    id: "story",
    title: `The moment of the leak: ${subject}`,
    summary: `What became of the print processor. ${sentences.join("; ")}.`,
    x: "time before and after the attempt to close",
    y: "",
    panels: panels.map(panelOf),
    opensAt,
    origin: leaked,
  };
}

/** The window in which it leaked, with a margin, so that it is in the middle of the picture [s]. */
function momentOf(lanes: readonly Lane[], leaked: number): [from: number, to: number] {
  const windows = lanes.flatMap(({ spans }) => spans.filter(({ isWindow }) => isWindow === true));
  const around = windows.filter(({ from, to }) => from <= leaked && to >= leaked && to !== Infinity);
  const reach = Math.max(1e3, ...around.flatMap(({ from, to }) => [leaked - from, to - leaked]));
  const half = Number(((1.3 * reach) / 1e6).toPrecision(2));
  return [-half, half];
}
