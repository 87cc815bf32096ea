/** lab/reports/chart-files.ts: a chart is a picture of the same bytes for the same numbers. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseHTML } from "linkedom";
import { chartDrawer, writeCharts } from "../../../lab/reports/chart-files.ts";
import { reportOf, type Report } from "../../../lab/reports/report.ts";
import { leaking, remove, resultsOf } from "../../support/small-results.ts";

let folder: string;
let report: Report;

before(async () => {
  folder = await resultsOf(leaking);
  report = await reportOf(folder);
});
after(() => remove(folder));

test("every chart is written to a file, and the files are the same every time", async () => {
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  const names = await writeCharts(first, report.groups, report.provenance, "svg");
  // Backwards, so that what was drawn before is another thing.
  const backwards = report.groups.map((group) => ({ ...group, charts: group.charts.toReversed() })).reverse();
  await writeCharts(second, backwards, report.provenance, "svg");
  assert.deepEqual(names.length, report.groups.flatMap(({ charts }) => charts).length);
  assert.deepEqual((await readdir(first)).sort(), [...names].sort());
  for (const name of names) {
    assert.equal(await readFile(join(first, name), "utf8"), await readFile(join(second, name), "utf8"), name);
  }
});

test("a picture says in text what it shows and how it was made, and loads nothing", async () => {
  const draw = await chartDrawer();
  for (const { charts, note } of report.groups) {
    for (const chart of charts) {
      const svg = draw(chart, note, "made of this");
      const { document } = parseHTML(svg);
      const root = document.querySelector("svg")!;
      assert.equal(root.querySelector("title")!.textContent, chart.title);
      assert.equal(root.querySelector("desc")!.textContent, chart.summary);
      const texts = [...root.querySelectorAll("text")].map(({ textContent }) => textContent);
      assert.ok(texts.includes("made of this"));
      for (const panel of chart.panels) assert.ok(panel.name === "" || texts.includes(panel.name), panel.name);
      assert.doesNotMatch(svg, /NaN|undefined|Infinity|var\(|<style|<script|href=|plot-clip/);
    }
  }
});

test("every series of a legend has its own colour and dashes or shape", async () => {
  const draw = await chartDrawer();
  const series = ["a", "b", "c", "d", "e", "f", "g"];
  const curves = series.map((_, i) => ({ series: i, x: [0, 1], y: [i, i + 1] }));
  const chart = { kind: "curves" as const, shape: "line" as const, id: "x", title: "x", summary: "x", x: "x", y: "y" };
  const svg = draw({ ...chart, series, panels: [{ name: "", curves }] }, "", "");
  const lines = [...svg.matchAll(/<g ([^>]*stroke-width="3"[^>]*)>/g)].map(([, attributes]) => attributes);
  const colours = lines.map((line) => /stroke="(#\w+)"/.exec(line)?.[1]);
  assert.equal(new Set(colours).size, series.length);
  assert.equal(new Set(lines.map((line) => /stroke-dasharray="([^"]+)"/.exec(line)?.[1])).size, series.length);
});
