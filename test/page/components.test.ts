/** page/components.ts: the parts of a page say what they are given, and a table only what says something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { contents, figure, fold, keyFigures, sections, table, verdict } from "../../page/components.ts";
import { html, type Html } from "../../page/html.ts";

function parsed({ text }: Html) {
  return parseHTML(`<!doctype html><html><body>${text}</body></html>`).document;
}

function cellsOf(of: Html): string[][] {
  const rows = [...parsed(of).querySelectorAll("tr")];
  return rows.map((row) => [...row.querySelectorAll("th, td")].map(({ textContent }) => textContent!));
}

const leaks = {
  head: ["site", "resource", "buggy", "fixed", "ratio"],
  texts: 2,
  rows: [
    ["office", "handles", "12", "0", ""],
    ["", "DCs", "1", "0", ""],
    ["mainframe", "handles", "90", "0", ""],
  ],
  legend: ["buggy: per day", "ratio: of nothing"],
};

test("empty columns are left out, and a constant column is written once", () => {
  const made = table(leaks, "leaks");
  assert.deepEqual(cellsOf(made)[0], ["site", "resource", "buggy"]);
  const notes = [...parsed(made).querySelectorAll(".note")].map(({ textContent }) => textContent);
  assert.deepEqual(notes, ["The same in every row: fixed 0.", "buggy: per day"]);
});

test("a row names everything that it describes, whatever the row above says", () => {
  assert.deepEqual(cellsOf(table(leaks, "leaks"))[2], ["office", "DCs", "1"]);
  assert.equal(parsed(table(leaks, "leaks")).querySelectorAll(".same").length, 1);
});

test("a column with the same number in many rows is written below the table", () => {
  const rows = Array.from({ length: 9 }, (_, i) => [`r${i}`, String(i), i === 4 ? "0.9" : ""]);
  const made = table({ head: ["row", "n", "ratio"], texts: 1, rows, legend: [] }, "ratios");
  assert.deepEqual(cellsOf(made)[0], ["row", "n"]);
  assert.equal(parsed(made).querySelector(".note")!.textContent, "ratio: 0.9 (r4) only");
});

test("with two rows nothing is below the table, because they are too few for a rule", () => {
  assert.deepEqual(cellsOf(table({ ...leaks, rows: leaks.rows.slice(0, 2) }, "leaks"))[1], [
    "office",
    "handles",
    "12",
    "0",
  ]);
});

test("a long table is shown from its beginning with the number of rows left out", () => {
  const rows = Array.from({ length: 310 }, (_, i) => [`server ${i}`, String(i)]);
  const made = table({ head: ["server", "leaks"], texts: 1, rows, legend: [] }, "servers");
  assert.equal(cellsOf(made).length, 1 + 300);
  assert.match(made.text, /More rows are in the tables of the folder: 10/);
});

test("a figure carries its charts as data that cannot end the script", () => {
  const chart = { id: "c", title: "</script>", summary: "What it shows.", x: "x", y: "y", colour: "c", panels: [] };
  const group = { id: "g", heading: "G", note: "A note.", charts: [{ kind: "heat" as const, ...chart }] };
  const script = parsed(figure(group)).querySelector("script")!;
  assert.deepEqual(JSON.parse(script.textContent!), group);
  assert.match(figure(group).text, /<p class="summary">What it shows\.<\/p>/);
});

test("the contents name the sections, and each section begins with its heading", () => {
  const all = [{ id: "costs", heading: "What it costs", body: html`<p>Much.</p>` }];
  assert.equal(parsed(contents(all)).querySelector("nav a")!.getAttribute("href"), "#costs");
  assert.equal(parsed(sections(all)).querySelector("section#costs > h2")!.textContent, "What it costs");
});

test("the answer, key figures and folds show the given values", () => {
  assert.equal(verdict("Yes.").text, '<div class="verdict"><p>Yes.</p></div>');
  assert.match(verdict("By 2026-10-20 < 5.").text, /<p>By <span class="date">2026-10-20<\/span> &lt; 5\.<\/p>/);
  assert.match(verdict("Yes.", ["At a < b."]).text, /<ul><li>At a &lt; b\.<\/li><\/ul>/);
  const figures = parsed(keyFigures([{ value: "21 months", meaning: "until DCs run out", detail: "18 to 24" }]));
  assert.equal(figures.querySelector("dd")!.textContent, "21 months");
  assert.equal(figures.querySelector("dt")!.textContent, "until DCs run out 18 to 24");
  assert.match(fold("More", "text").text, /^<details><summary>More<\/summary>\ntext\n<\/details>$/);
  assert.match(fold("More", "text", true).text, /^<details class="on-paper">/);
});
