/** page/timeline-panel.ts draws what is seen of each span. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { TimelineChart } from "../../page/chart.ts";
import { paperTheme } from "../../page/plotting.ts";
import { drawTimeline, timelineEnds } from "../../page/timeline-panel.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

const timeline: TimelineChart = {
  kind: "timeline",
  id: "story",
  title: "a story",
  summary: "A story.",
  x: "time",
  y: "",
  opening: "the end",
  opensAt: [-0.02, 0.02],
  origin: 0,
  panels: [
    {
      name: "buggy",
      lanes: [
        { name: "job", spans: [{ from: -30, to: 0, label: "prints", tone: "busy" }] },
        {
          name: "processor",
          spans: [
            { from: -30, to: 0, label: "open", tone: "busy" },
            { from: 0, to: 0.03, label: "leaked: stays open", tone: "lost" },
          ],
        },
      ],
      marks: [
        { x: 0, label: "close skipped", tone: "lost" },
        { x: 0.001, label: "closed", tone: "busy" },
      ],
    },
  ],
};

function drawn(domain: readonly [number, number], now?: number): string {
  const view = { width: 400, height: 200, theme: paperTheme, domain };
  const chart = now === undefined ? timeline : { ...timeline, now };
  return drawTimeline(Plot, document, chart, timeline.panels[0], view).outerHTML;
}

test("a timeline draws the visible part of each span, and its label only where there is room", () => {
  const svg = drawn([-0.02, 0.02]);
  const labels = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  for (const label of ["job", "processor", "prints", "open", "leaked: stays open", "close skipped", "0 ms"])
    assert.ok(labels.includes(label), label);
  assert.ok(!labels.includes("closed"), "its label would lie on that of the mark before");
  const bars = [...svg.matchAll(/<rect [^>]*width="([\d.]+)" [^>]*x="([\d.]+)"/g)].map(([, width, x]) => {
    return `${Math.round(+x)} to ${Math.round(+x + +width)}`;
  });
  assert.deepEqual(bars, ["8 to 200", "8 to 200", "200 to 392"]);
  const whole = drawn(timelineEnds(timeline));
  const seen = [...whole.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  assert.ok(seen.includes("\u221220 s") && !seen.includes("leaked: stays open"), seen.join());
});

test("stepping through a story shows the past but not the end", () => {
  const labelsAt = (now: number) =>
    [...drawn([-0.02, 0.02], now).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  const before = labelsAt(-10);
  assert.ok(before.some((text) => text.startsWith("now: before")) && !before.includes("prints"), before.join());
  const during = labelsAt(-0.001);
  assert.ok(during.includes("now") && during.includes("prints") && !during.includes("close skipped"), during.join());
  const after = labelsAt(0.015);
  assert.ok(after.includes("close skipped") && after.includes("leaked: stays open"), after.join());
});
