/** lab/imports/amounts.ts: an amount is read in one way, or not at all; the numbers of a file decide together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amountOf, DecimalMarks } from "../../../lab/imports/amounts.ts";
import { imported, pdhLog } from "../../support/imported-logs.ts";

const markOf = (delimiter: string, ...texts: string[]) => {
  const marks = new DecimalMarks(delimiter);
  for (const text of texts) marks.see(text);
  return marks.mark;
};

test("an unambiguous number is read whatever its file says", () => {
  for (const mark of [",", ".", "none seen", "both seen"] as const) {
    for (const [text, value] of [
      ["512.00000000000000000", 512],
      [" 1.5e+007 ", 1.5e7],
      ["1234,5", 1234.5],
      ["7027,740", 7027.74],
      ["0,125", 0.125],
      ["1,204,500", 1_204_500],
      ["1,204.5", 1204.5],
      ["1.204,5", 1204.5],
      ["1204", 1204],
    ] as const) {
      assert.equal(amountOf(text, mark), value, text);
    }
    for (const text of ["", "x", "0x10", "1 234", "NaN", "--1", "1,20,4", "1,2345,678", "1,204,50"]) {
      assert.equal(amountOf(text, mark), "it is not a number", text);
    }
  }
});

test("an ambiguous number is read by the decimal mark of its file, and refused without one", () => {
  assert.deepEqual([amountOf("1,204", ","), amountOf("1,204", ".")], [1.204, 1204]);
  assert.deepEqual([amountOf("1.204", ","), amountOf("1.204", ".")], [1204, 1.204]);
  const rule = "can be a decimal mark or separate thousands, and the other numbers of the file";
  const remedy = "choose decimal comma or point";
  assert.equal(amountOf("1,204", "none seen"), `the comma ${rule} do not say which; ${remedy}`);
  assert.equal(amountOf("1.204", "none seen"), `the point ${rule} do not say which; ${remedy}`);
  assert.equal(amountOf("999,000", "both seen"), `the comma ${rule} have both decimal marks; ${remedy}`);
  assert.equal(amountOf("1.204", "both seen"), `the point ${rule} have both decimal marks; ${remedy}`);
});

test("only unambiguous numbers say what the decimal mark of a file is", () => {
  for (const delimiter of [",", ";", "\t"])
    assert.equal(markOf(delimiter, "1204", "1,204", "1.204", "", "x", "6.1.7600"), "none seen");
  for (const text of ["0,125", "7027,74", "1.204.500", "1.204,5"]) assert.equal(markOf(";", "1,204", text), ",", text);
  for (const text of ["0.125", "7027.74", "1,204,500", "1,204.5"]) assert.equal(markOf(";", "1,204", text), ".", text);
  assert.equal(markOf(",", "2,5", "2.5"), "both seen");
  assert.deepEqual(
    [markOf(",", "1.204"), markOf(";", "1.204"), markOf("\t", "1.204")],
    [".", "none seen", "none seen"],
  );
});

test("a format without decimal commas and thousands has neither", () => {
  assert.deepEqual([amountOf("1.204"), amountOf("4.5e+06")], [1.204, 4.5e6]);
  for (const text of ["1,204", "1,204,500", "0,5"]) assert.equal(amountOf(text), "it is not a number", text);
});

test("an amount is a 64-bit counter", () => {
  assert.equal(amountOf("18446744073709551615"), 18_446_744_073_709_551_616);
  for (const text of ["1e26", "1e999", "20000000000000000000"]) {
    assert.equal(amountOf(text), "it is more than a 64-bit counter can hold", text);
  }
  assert.equal(amountOf("-1"), "it is below 0");
});

test("the columns that are read decide together, wherever in the file the decisive number is", async () => {
  const lines = (last: string, note = "1.5") =>
    ["1,204", "987", last].map((cell, i) => `2024-03-04 00:0${i}:00;A;${cell};${note}\n`).join("");
  const read = async (text: string) =>
    (await imported({ "x.csv": `time;server;handles;note\n${text}` })).series.map(([, , value]) => value);
  assert.deepEqual(await read(lines("12,5")), ["1.204", "987", "12.5"]);
  assert.deepEqual(await read(lines("12.5")), ["1204", "987", "12.5"]);
  assert.deepEqual(await read(lines("1,204,500")), ["1204", "987", "1204500"]);
  const { faults } = await imported({ "x.csv": `time;server;handles;note\n${lines("12")}` });
  assert.deepEqual(faults, [
    "x.csv:2 handles 1,204; the comma can be a decimal mark or separate thousands, and the other numbers of the file do not say which; choose decimal comma or point",
  ]);
  const quoted = lines("12.5").replaceAll(";", ",").replace("1,204", '"1,204"');
  assert.deepEqual((await imported({ "x.csv": `time,server,handles,note\n${quoted}` })).series[0]![2], "1204");
});

test("1.204 between semicolons is refused unless the user names the decimal mark", async () => {
  const text = "time;server;handles\n2024-03-04 00:00:00;A;1.204\n2024-03-04 00:01:00;A;987\n";
  const read = async (decimal?: "," | ".") => {
    const { series, faults } = await imported({ "x.csv": text }, { decimal });
    return [series.map(([, , value]) => value), faults];
  };
  assert.deepEqual(await read(), [
    ["987"],
    [
      "x.csv:2 handles 1.204; the point can be a decimal mark or separate thousands, and the other numbers of the file do not say which; choose decimal comma or point",
    ],
  ]);
  assert.deepEqual(await read(","), [["1204", "987"], []]);
  assert.deepEqual(await read("."), [["1.204", "987"], []]);
  const between = await imported({ "x.csv": text.replaceAll(";", ",") });
  assert.deepEqual([between.series[0]![2], between.faults], ["1.204", []]);
});

test("a counter log decides by its counters", async () => {
  const read = async (...cells: string[]) =>
    (await imported({ "a.csv": pdhLog(cells.map((cell) => `"${cell}"`)) })).series.map(([, , value]) => value);
  assert.deepEqual(await read("1,204", "512,00000000000000000"), ["1.204", "512"]);
  assert.deepEqual(await read("1,204", "2,204", "1,000,204"), ["1204", "2204", "1000204"]);
});

test("impossible values and times are named by file, line, value and rule", async () => {
  const { faults, series } = await imported({
    "x.csv": "time,server,handles\n2024-03-04 00:00:00,A,1e26\n9026-03-04 00:00:00,A,7\n2024-03-04 00:01:00,A,7\n",
  });
  assert.deepEqual(faults, [
    "x.csv:2 handles 1e26; it is more than a 64-bit counter can hold",
    "x.csv:3 9026-03-04 00:00:00; the time of a log lies in the years 1990 to 2099",
  ]);
  assert.deepEqual(series, [["A", "60000000", "7"]]);
  const result = [
    {
      metric: { __name__: "windows_process_handles", instance: "A" },
      values: [
        [222654580800, "1"],
        [1709510400, "2"],
      ],
    },
  ];
  const json = await imported({ "a.json": JSON.stringify({ data: { resultType: "matrix", result } }) });
  assert.deepEqual(json.faults, ['a.json:1 [222654580800,"1"]; the time of a log lies in the years 1990 to 2099']);
  await assert.rejects(imported({ "a.csv": pdhLog(['"1"']).replace("(-60)", "(9999)") }), {
    message: "a.csv:1 has the bias 9999; a zone is at most 900 minutes from UTC",
  });
});
