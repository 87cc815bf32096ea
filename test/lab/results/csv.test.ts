/** lab/results/csv.ts, read back with a reader that is not ours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { parse } from "csv-parse/sync";
import { CsvWriter, integer, number, table, text, type Cell, type Table } from "../../../lab/results/csv.ts";
import { textOf } from "../../support/fake-results.ts";

type Row = readonly [whole: number, real: number, word: string];

const mixed = table<Row>("mixed", "a row of each type", [
  integer("whole", "1", "a whole number", ([whole]) => whole),
  number("real", "us", "a real number", ([, real]) => real),
  text('a, "word"', "a text", ([, , word]) => word),
]);

/** A table of one number column, and a column that keeps an empty cell from being an empty line. */
const numbers: Table<number> = table("numbers", "a number", [
  number("value", "1", "a number", (value) => value),
  text("end", "the end", () => "."),
]);

function parsed(csv: string): string[][] {
  return parse(csv, { recordDelimiter: "\n" });
}

test("another CSV reader reads back commas, quotes, line ends, spaces and letters of any script", async () => {
  const words = [
    "plain",
    "a,b",
    'say "no"',
    '"',
    "two\nlines",
    "cr\rlf\r\n",
    " spaces ",
    "",
    "größer, 大きい",
    "'=1+1",
  ];
  const csv = await textOf(
    mixed,
    words.map((word): Row => [1, 0.5, word]),
  );
  assert.deepEqual(parsed(csv), [["whole", "real", 'a, "word"'], ...words.map((word) => ["1", "0.5", word])]);
});

test("a line ends with a line feed, and a cell is quoted only if necessary", async () => {
  assert.equal(
    await textOf(mixed, [
      [-3, 0.25, "plain"],
      [4, 2, 'a "b"'],
    ]),
    'whole,real,"a, ""word"""\n-3,0.25,plain\n4,2,"a ""b"""\n',
  );
});

test("a number reads back as the same double", async () => {
  const values = [0.1, 1 / 3, -1e-7, 5e-324, Number.MAX_VALUE, 2 ** 53, 123456789012345680000, 1e21, 86400e6];
  const read = parsed(await textOf(numbers, values)).slice(1);
  assert.deepEqual(
    read.map(([value]) => Number(value)),
    values,
  );
});

test("an unknown value is an empty cell, and -0 is printed as 0", async () => {
  assert.equal(await textOf(numbers, [NaN, -0, 0]), "value,end\n,.\n0,.\n0,.\n");
  assert.equal(await textOf(mixed, [[NaN, NaN, ""]]), 'whole,real,"a, ""word"""\n,,\n');
});

test("a cell that its column does not allow is refused with its position", async () => {
  const refusals: [Cell[], RegExp][] = [
    [[1, Infinity, ""], /^Error: mixed\.csv row 2: real is Infinity; it holds finite numbers only$/],
    [[1, -Infinity, ""], /real is -Infinity/],
    [[1.5, 1, ""], /whole is 1\.5; it holds whole numbers only/],
    [[1, "1", ""], /real is 1; it holds finite numbers only/],
    [[1, 1, 1], /a, "word" is 1; it holds text only/],
  ];
  for (const [cells, message] of refusals) {
    await assert.rejects(textOf(mixed, [[1, 1, ""], cells as unknown as Row]), message);
  }
});

test("two columns with one name are refused", () => {
  assert.throws(() => table("twins", "twins", [text("replication", "", () => ""), text("replication", "", () => "")]), {
    name: "UserError",
    message: "factors.replication would be two columns of twins.csv; rename the factor",
  });
});

test("the writer waits for its sink before it produces the next piece", async () => {
  let busy = false;
  const pieces: string[] = [];
  const writer = new CsvWriter(numbers, async (piece) => {
    assert.equal(busy, false);
    busy = true;
    await setImmediate();
    busy = false;
    pieces.push(piece);
  });
  await writer.write(Array.from({ length: 30_000 }, (_, i) => i));
  await writer.flush();
  assert.equal(writer.rows, 30_000);
  assert.ok(pieces.length >= 3 && pieces.every(({ length }) => length < 70_000));
  assert.equal(parsed(pieces.join("")).length, 30_001);
});
