/** lab/reports/story-chart.ts: the axis counts from the leak, and opens at the window in which it happened. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { storyChart } from "../../../lab/reports/story-chart.ts";
import type { StoryPicture } from "../../../models/contract/pictures.ts";

const LEAKED = 50e6;

const picture: StoryPicture = {
  lanes: [
    { name: "job", spans: [{ from: 20e6, to: LEAKED, label: "prints", tone: "busy" }] },
    {
      name: "alteration",
      spans: [
        { from: 30e6, to: 31e6, label: "pause", tone: "alert", isWindow: true },
        { from: LEAKED - 8e3, to: LEAKED + 20e3, label: "delete", tone: "alert", isWindow: true },
      ],
    },
    { name: "processor", spans: [{ from: LEAKED, to: Infinity, label: "leaked", tone: "lost" }] },
  ],
  marks: [{ at: LEAKED, label: "close skipped", tone: "lost" }],
};

test("times are seconds from the leak, open spans end with the picture, and the view opens around the window", () => {
  const fixed = { ...picture, marks: [{ at: LEAKED + 20e3, label: "closed", tone: "busy" } as const] };
  const panels = [
    { name: "buggy", picture },
    { name: "fixed", picture: fixed },
  ];
  const chart = storyChart("job 7", panels, LEAKED, LEAKED + 20e3);
  assert.deepEqual(chart.opensAt, [-0.016, 0.028]);
  const [buggy, other] = chart.panels;
  assert.deepEqual(
    buggy.lanes.flatMap(({ spans }) => spans.map(({ from, to }) => [from, to])),
    [
      [-30, 0],
      [-20, -19],
      [-0.008, 0.02],
      [0, 0.028],
    ],
  );
  assert.deepEqual(buggy.marks, [{ x: 0, label: "close skipped", tone: "lost" }]);
  assert.deepEqual(other.marks, [{ x: 0.02, label: "closed", tone: "busy" }]);
  assert.match(chart.summary, /buggy: close skipped; fixed: closed\.$/);
});
