/** lab/results/csv-reader.ts reads what lab/results/csv.ts writes. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { numberOf, readTable, type Row } from "../../../lab/results/csv-reader.ts";
import { number, table, text } from "../../../lab/results/csv.ts";
import { textOf } from "../../support/fake-results.ts";

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "spoolsim-csv-"))));
after(() => rm(folder, { recursive: true }));

interface CsvRow {
  readonly word: string;
  readonly value: number;
  readonly other: string;
}

const written = table<CsvRow>("rows", "some rows", [
  text("word", "a word", ({ word }) => word),
  number("value", "1", "a number", ({ value }) => value),
  text("other", "another word", ({ other }) => other),
]);

async function read(columns: readonly string[], csv: string): Promise<Row[]> {
  const file = join(folder, "rows.csv");
  await writeFile(file, csv);
  const rows: Row[] = [];
  for await (const portion of readTable(file, columns)) rows.push(...portion);
  return rows;
}

test("every written text is read back unchanged", async () => {
  const word = fc.string({ unit: fc.constantFrom("a", "é", ",", '"', "\n", "\r", " ") });
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  const rows = fc.array(fc.record({ word, value, other: word }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, async (expected) => {
      const found = await read(["other", "value", "word"], await textOf(written, expected));
      assert.deepEqual(
        found.map(([other, cell, first]) => ({ word: first, value: numberOf(cell), other })),
        expected.map((one) => ({ ...one, value: one.value + 0 })),
      );
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("a table longer than a portion is read whole and in order", async () => {
  const expected = Array.from({ length: 30_000 }, (_, i) => {
    return { word: `row ${i}${i % 7 === 0 ? ",\n" : ""}`, value: i, other: "" };
  });
  const found = await read(["value"], await textOf(written, expected));
  assert.deepEqual(
    found.map(([cell]) => Number(cell)),
    expected.map(({ value }) => value),
  );
});

test("an empty cell is not a number", () => {
  assert.ok(Number.isNaN(numberOf("")));
  assert.equal(numberOf("0"), 0);
});

test("a missing column is reported", async () => {
  await assert.rejects(read(["nowhere"], "word,value,other\n"), /rows\.csv has no column nowhere$/);
});

test("a file saved by a spreadsheet is read: byte order mark, CRLF, no line break at the end", async () => {
  const rows = [
    ["a\n", "1"],
    ["b", "2"],
  ];
  assert.deepEqual(await read(["word", "value"], '\ufeffword,value\r\n"a\n",1\r\nb,2\r\n'), rows);
  assert.deepEqual(await read(["word", "value"], 'word,value\n"a\n",1\nb,2'), rows);
});

test("a damaged file is refused with its line number", async () => {
  const refused = (csv: string, what: RegExp) => assert.rejects(read(["word", "value"], csv), what);
  await refused("word,value\na,1\nb\n", /^UserError: .*rows\.csv:3 has too few or too many cells/);
  await refused(
    'word,value\na,"1\nb,2\n',
    /^UserError: .*rows\.csv:2 has too few or too many cells, or a quote that is not closed/,
  );
  await refused('word,value\n"\n', /^UserError: .*rows\.csv:2 has too few or too many cells/);
  await refused("", /^UserError: .*rows\.csv is empty/);
  await assert.rejects(async () => {
    for await (const _ of readTable(join(folder, "none.csv"), ["a"]));
  }, /^UserError: .*none\.csv does not exist$/);
});
