/**
 * lab/results/parquet.ts: what was written as CSV is read back from Parquet by hyparquet, cell by cell, in the types
 * that
 * datapackage.json says.
 */
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parse } from "csv-parse/sync";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { resourcesOf } from "../../../lab/results/data-package-reader.ts";
import { writeParquetTables } from "../../../lab/results/parquet.ts";
import { programFolder } from "../../../lab/program.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-parquet-"));
});

afterEach(() => rm(folder, { recursive: true }));

const reference = join(programFolder, "results", "reference", "q223863-quick");

async function copyReference(): Promise<void> {
  for (const name of await readdir(reference)) await copyFile(join(reference, name), join(folder, name));
}

const fields = [
  { name: "timeUs", type: "integer", unit: "us", description: "time" },
  { name: "rate", type: "number", unit: "1", description: "rate" },
  { name: "digest", type: "string", description: "digest" },
];

/** A folder with one table. */
async function writeTable(csv: string): Promise<void> {
  await writeFile(join(folder, "one.csv"), csv);
  const resources = [{ name: "one", path: "one.csv", description: "One row: a row.", schema: { fields } }];
  await writeFile(join(folder, "datapackage.json"), JSON.stringify({ resources }));
}

async function read(name: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(join(folder, name)) });
}

test("every table of a run is read back cell by cell as it was written", async () => {
  await copyReference();
  const names = await writeParquetTables(folder);
  const resources = await resourcesOf(folder);
  assert.deepEqual(
    names,
    resources.map(({ path }) => path.replace("csv", "parquet")),
  );
  let nulls = 0;
  for (const { path, schema } of resources) {
    const rows = parse(await readFile(join(folder, path), "utf8"), { columns: true }) as Record<string, string>[];
    const found = await read(path.replace("csv", "parquet"));
    assert.ok(rows.length > 0 && found.length === rows.length, path);
    rows.forEach((row, i) => {
      for (const { name, type } of schema.fields) {
        const cell = found[i][name];
        if (cell === null) nulls++;
        const expected = { integer: "bigint", number: "number", string: "string" }[type];
        assert.equal(typeof cell, cell === null ? "object" : expected, `${path} ${name}`);
        assert.equal(cell === null ? "" : String(cell), row[name], `${path} row ${i} ${name}`);
      }
    });
  }
  assert.ok(nulls > 0);
});

test("whole numbers beyond 32 bits, fractions, quotes and unknown values are preserved", async () => {
  await writeTable('timeUs,rate,digest\n9007199254740991,0.1,"a ""b"", c"\n,,\n-1,1e-7,0000000000000001\n');
  await writeParquetTables(folder);
  assert.deepEqual(await read("one.parquet"), [
    { timeUs: 9007199254740991n, rate: 0.1, digest: 'a "b", c' },
    { timeUs: null, rate: null, digest: "" },
    { timeUs: -1n, rate: 1e-7, digest: "0000000000000001" },
  ]);
});

test("a table without rows has all its columns, and the file gives their units", async () => {
  await writeTable("timeUs,rate,digest\n");
  await writeParquetTables(folder);
  assert.deepEqual(await read("one.parquet"), []);
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(folder, "one.parquet")));
  const columns = metadata.schema.slice(1).map(({ name, type, repetition_type }) => [name, type, repetition_type]);
  assert.deepEqual(columns, [
    ["timeUs", "INT64", "OPTIONAL"],
    ["rate", "DOUBLE", "OPTIONAL"],
    ["digest", "BYTE_ARRAY", "REQUIRED"],
  ]);
  assert.deepEqual(metadata.key_value_metadata, [
    { key: "description", value: "One row: a row." },
    { key: "units", value: '{"timeUs":"us","rate":"1"}' },
  ]);
});

test("a long table is written in row groups, and its rows stay in order", async () => {
  const count = 250_000;
  const lines = Array.from({ length: count }, (_, i) => `${i},${i / 8},${i % 3}\n`);
  await writeTable(`timeUs,rate,digest\n${lines.join("")}`);
  await writeParquetTables(folder);
  const file = await asyncBufferFromFile(join(folder, "one.parquet"));
  const { row_groups } = await parquetMetadataAsync(file);
  assert.deepEqual(
    row_groups.map(({ num_rows }) => Number(num_rows)),
    [83_333, 83_333, 83_333, 1],
  );
  const found = await parquetReadObjects({ file, columns: ["timeUs"] });
  assert.ok(found.length === count && found.every(({ timeUs }, i) => timeUs === BigInt(i)));
});

test("the same tables give the same bytes, and earlier files are replaced", async () => {
  await copyReference();
  const names = await writeParquetTables(folder);
  const first = await Promise.all(names.map((name) => readFile(join(folder, name))));
  await writeParquetTables(folder);
  const second = await Promise.all(names.map((name) => readFile(join(folder, name))));
  assert.deepEqual(second, first);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith(".")),
    [],
  );
});

test("all whole numbers of 64 bits are preserved", async () => {
  // The greatest that fits, and what jobs that are stuck for weeks take together.
  await writeTable("timeUs,rate,digest\n9223372036854775807,1,a\n2037290140269178600,1,a\n-9223372036854775808,1,a\n");
  await writeParquetTables(folder);
  const found = (await read("one.parquet")).map(({ timeUs }) => String(timeUs));
  assert.deepEqual(found, ["9223372036854775807", "2037290140269178600", "-9223372036854775808"]);
});

test("refused: a missing table, one that differs from its description, and numbers beyond 64 bits", async () => {
  await writeTable("timeUs,rate\n1,2\n");
  await assert.rejects(writeParquetTables(folder), { name: "UserError", message: /has no column digest$/ });
  await writeTable("timeUs,rate,digest\n1e+21,2,x\n");
  await assert.rejects(writeParquetTables(folder), {
    name: "UserError",
    message: /one\.csv has 1e\+21 in timeUs; a whole number of Parquet has at most 64 bits$/,
  });
  await writeTable("timeUs,rate,digest\n9223372036854775808,1,a\n");
  await assert.rejects(writeParquetTables(folder), {
    name: "UserError",
    message: /one\.csv has 9223372036854775808 in/,
  });
  await rm(join(folder, "one.csv"));
  await assert.rejects(writeParquetTables(folder), { name: "UserError", message: /one\.csv/ });
  assert.deepEqual(await readdir(folder), ["datapackage.json"]);
});
