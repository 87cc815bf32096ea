/**
 * The picture of a leak: the job, the alterations and the print processor on one time axis, for each of the compared
 * levels. It opens at the time of the leak.
 */
import { capital } from "./format.ts";
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
    title: capital(subject),
    summary: `What became of the print processor. ${sentences.join("; ")}.`,
    x: "time before and after the attempt to close",
    y: "",
    panels: panels.map(panelOf),
    opening: "the moment of the leak",
    opensAt,
    origin: leaked,
  };
}

/** The window in which it leaked, with a margin on both sides [s]. */
function momentOf(lanes: readonly Lane[], leaked: number): [from: number, to: number] {
  const windows = lanes.flatMap(({ spans }) => spans.filter(({ isWindow }) => isWindow === true));
  const around = windows.filter(({ from, to }) => from <= leaked && to >= leaked && to !== Infinity);
  const before = Math.max(1e3, ...around.map(({ from }) => leaked - from));
  const after = Math.max(1e3, ...around.map(({ to }) => to - leaked));
  const margin = 0.3 * (before + after);
  const second = (us: number) => Number((us / 1e6).toPrecision(2));
  return [-second(before + margin), second(after + margin)];
}
