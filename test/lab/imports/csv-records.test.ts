/** lab/imports/csv-records.ts: one bad line costs one record, whatever stands behind it. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { csvRecords } from "../../../lab/imports/csv-records.ts";
import { inFolder } from "../../support/imported-logs.ts";

async function recordsOf(text: string, delimiter = ","): Promise<(readonly [number, readonly string[] | string])[]> {
  return inFolder(async (folder) => {
    const path = join(folder, "x.csv");
    await writeFile(path, text);
    const records: (readonly [number, readonly string[] | string])[] = [];
    for await (const portion of csvRecords(path, delimiter)) {
      records.push(...portion.map(({ line, cells }) => [line, cells] as const));
    }
    return records;
  });
}

test("fields are split at their delimiter, except within quotes", async () => {
  assert.deepEqual(await recordsOf('a,b\r\n"1,5","x ""y"""\r\n\r\n"two\nlines",3\r\n4,5\r\n'), [
    [1, ["a", "b"]],
    [2, ["1,5", 'x "y"']],
    [3, [""]],
    [4, ["two\nlines", "3"]],
    [6, ["4", "5"]],
  ]);
  assert.deepEqual(await recordsOf("1,5;2\n", ";"), [[1, ["1,5", "2"]]]);
});

test("an unclosed or misplaced quote affects only its own line", async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `"${i}","v"`);
  lines[3] = '"3","v';
  lines[5] = '"5"x,"v"';
  const records = await recordsOf(`${lines.join("\n")}\n`);
  assert.equal(records.length, 200);
  for (const [i, [line, cells]] of records.entries()) {
    assert.equal(line, i + 1);
    assert.deepEqual(
      cells,
      i === 3 || i === 5 ? "it has a quote that is not closed" : [String(i), "v"],
      `line ${i + 1}`,
    );
  }
});

test("a file that ends inside quotes is reported as truncated", async () => {
  assert.deepEqual(await recordsOf('"1","2"\n"3","'), [
    [1, ["1", "2"]],
    [2, "it has a quote that is not closed"],
  ]);
  assert.deepEqual((await recordsOf("1,2\n3,45")).at(-1), [2, "the file ends in the middle of it"]);
  assert.deepEqual((await recordsOf('"1"\n"2"')).at(-1), [2, ["2"]]);
});

test("a long file is written the same, record by record", async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `"${i}","${"x".repeat(i % 37)}, y"`).join("\r\n");
  const records = await recordsOf(text);
  assert.equal(records.length, 20_000);
  assert.deepEqual(records[12_345], [12_346, ["12345", `${"x".repeat(12_345 % 37)}, y`]]);
});
