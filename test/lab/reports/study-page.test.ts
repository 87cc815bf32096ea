/** lab/reports/study-page.ts: a study leads with its answer, then the picture, then its tables. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { pageText } from "../../../lab/reports/standalone-page.ts";
import { pictureOf, studyPage } from "../../../lab/reports/study-page.ts";

const estimate = { series: 0, x: "slope", value: 90, lower: 80, upper: 95, closedForm: null };
const chart = pictureOf(
  "Alarms",
  "servers [%]",
  ["leaking"],
  [
    { name: "a", estimates: [estimate] },
    { name: "b", estimates: [] },
  ],
)!;
const rows = [
  ["slope", "90"],
  ["median", "70"],
];
const study = {
  kind: "detectors",
  question: "Which detector is best?",
  answer: "slope finds most.",
  more: ["median finds fewer."],
  picture: { chart, note: "Bar: 95 % interval." },
  tables: ["every hour", "every day"].map((title) => ({
    title,
    table: { head: ["detector", "found"], texts: 1, rows, legend: [] },
  })),
  legend: ["found: share of servers"],
};

test("the answer comes first, then the chart, then the tables under their titles", () => {
  const { document } = parseHTML(pageText(studyPage(study), { style: "", scripts: [""] }));
  const lead = document.querySelector(".lead")!;
  assert.deepEqual(
    [...lead.children].map(({ className, tagName }) => className || tagName),
    ["verdict", "figure", "UL"],
  );
  assert.equal(lead.querySelector(".verdict")!.textContent, "slope finds most.");
  const headings = [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);
  assert.deepEqual(headings, ["every hour", "every day", "What the words mean"]);
  assert.equal(document.querySelectorAll("table").length, 2);
});

test("a panel without estimates is not drawn, and neither is a chart without panels", () => {
  assert.deepEqual(
    chart.panels.map(({ name }) => name),
    ["a"],
  );
  assert.equal(pictureOf("Alarms", "y", ["s"], [{ name: "a", estimates: [] }]), undefined);
});

test("with many panels one is shown at a time, and many tables are folded", () => {
  const panels = ["a", "b", "c", "d", "e"].map((name) => ({ name, estimates: [estimate] }));
  const many = {
    ...study,
    picture: { chart: pictureOf("Alarms", "servers [%]", ["leaking"], panels)!, note: "" },
    tables: panels.map(({ name }) => ({
      title: name,
      table: { head: ["detector", "found"], texts: 1, rows, legend: [] },
    })),
  };
  const { document } = parseHTML(pageText(studyPage(many), { style: "", scripts: [""] }));
  const { charts } = JSON.parse(document.querySelector('script[type="application/json"]')!.textContent);
  assert.deepEqual(
    charts.map(({ title, panels: own }: { title: string; panels: unknown[] }) => [title, own.length]),
    panels.map(({ name }) => [name, 1]),
  );
  const headings = [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);
  assert.deepEqual(headings, ["All numbers", "What the words mean"]);
  assert.equal(document.querySelectorAll("details.part table").length, 5);
});
