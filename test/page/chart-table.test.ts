/** page/chart-table.ts writes the numbers of a chart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf } from "../../page/chart-table.ts";

const described = { id: "one", title: "a chart", summary: "A chart.", x: "day", y: "leaks" };

test("a point of a curve is a row, and an unknown bound is an empty cell", () => {
  const curves = [{ series: 0, x: [0, 1], y: [0, 10.00001], lower: [null, 9], upper: [null, 11] }];
  const panels = [{ name: "p", curves }];
  const { head, rows } = tableOf({ ...described, kind: "curves", shape: "line", series: ["a"], panels });
  assert.deepEqual(head, ["panel", "series", "day", "leaks", "lower", "upper"]);
  assert.deepEqual(rows, [
    ["p", "a", "0", "0", "", ""],
    ["p", "a", "1", "10", "9", "11"],
  ]);
});

test("a row of a heat map has its last column", () => {
  const panels = [{ name: "p", rows: ["first"], edges: [0, 1, 2], values: [[1, 2]] }];
  assert.deepEqual(tableOf({ ...described, kind: "heat", colour: "leaks", panels }), {
    head: ["panel", "row", "leaks at the end"],
    rows: [["p", "first", "2"]],
  });
});
