/** lab/traces/series.ts: gauges with the truth beside them, against the run itself; CSV and Parquet say the same. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { designPoints } from "../../../lab/experiment/design.ts";
import { planResults, type Plan } from "../../../lab/experiment/plan.ts";
import { execute } from "../../../lab/execution/run.ts";
import { CsvWriter } from "../../../lab/results/csv.ts";
import { writeParquetRows } from "../../../lab/results/parquet.ts";
import { seriesRows, seriesTable, type SeriesSelection } from "../../../lab/traces/series.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import { inFolder } from "../../support/imported-logs.ts";

async function planOf(set: readonly string[]): Promise<Plan> {
  const loaded = await loadExperiment("q223863");
  const experiment = withOverrides(loaded, { servers: 3, only: ["site=mainframe"], set });
  return planResults(experiment, await designPoints(experiment));
}

const selection: SeriesSelection = { servers: [0, 2], replications: [1], everyUs: 7200e6, columns: [] };

async function csvOf(plan: Plan, about: SeriesSelection): Promise<Record<string, string>[]> {
  let text = "";
  const writer = new CsvWriter(seriesTable(plan, about), async (piece) => void (text += piece));
  for await (const rows of seriesRows(plan, about)) await writer.write(rows);
  await writer.flush();
  return parse(text, { columns: true }) as unknown as Record<string, string>[];
}

test("values are those of the run, and onset and exhaustion are those that it recorded", async () => {
  const plan = await planOf(["horizonDays=5"]);
  const rows = await csvOf(plan, selection);
  assert.equal(rows.length, 2 * 2 * 60);
  const [{ scenario, resolved }] = plan.points;
  const names = resolved.model.responses.map(({ name }) => name);
  const run = { point: 0, replication: 1, seed: plan.experiment.seed, first: 2, count: 1, sliceSize: 1 };
  const { samples } = await execute({ ...run, scenario: { ...scenario, sampleEveryHours: 2 } });
  const at = (sample: number, name: string) => samples[sample * names.length + names.indexOf(name)]!;
  const own = rows.filter(({ spooler, server }) => spooler === "buggy" && server === "2");
  const full = at(59, "dcCeilingUs");
  assert.ok(full > 0, "the mainframe runs out of DCs within five days");
  for (const [sample, row] of own.entries()) {
    assert.equal(Number(row.timeUs), 7200e6 * (sample + 1));
    for (const name of ["privateBytes", "handles", "processorsLeaked", "leakedDcs"]) {
      assert.equal(Number(row[name]), at(sample, name), name);
    }
    assert.equal(Number(row.onsetUs), at(59, "firstLeakUs"));
    assert.equal(row.cause, "processorsLeaked");
    const isAhead = Number(row.timeUs) < full;
    assert.deepEqual([row.nextExhaustionUs, row.nextExhausted], isAhead ? [String(full), "dcCeilingUs"] : ["", ""]);
  }
  for (const row of rows.filter(({ spooler }) => spooler === "fixed")) {
    assert.deepEqual([row.processorsLeaked, row.onsetUs, row.cause, row.nextExhausted], ["0", "", "", ""]);
  }
});

test("Parquet holds the same values as CSV, and an existing file is kept", async () => {
  const plan = await planOf(["horizonDays=1"]);
  const about = { ...selection, columns: ["handles"] };
  const rows = await csvOf(plan, about);
  await inFolder(async (folder) => {
    const file = join(folder, "x.parquet");
    await writeParquetRows(seriesTable(plan, about), seriesRows(plan, about), file);
    const bytes = await readFile(file);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const read = await parquetReadObjects({ file: buffer });
    const asText = (value: unknown) => (value === null ? "" : String(value));
    assert.deepEqual(
      read.map((row) => Object.values(row).map(asText)),
      rows.map((row) => Object.values(row)),
    );
    await assert.rejects(writeParquetRows(seriesTable(plan, about), seriesRows(plan, about), file), /x\.parquet/);
  });
});

test("an invalid column, server or interval is refused", async () => {
  const plan = await planOf(["horizonDays=1"]);
  const of = (about: Partial<SeriesSelection>) => csvOf(plan, { ...selection, ...about });
  await assert.rejects(of({ columns: ["handle"] }), /^UserError: columns has handle, .*did you mean handles\?$/);
  await assert.rejects(of({ servers: [0, 3] }), { message: "server has 3; the servers are 0 to 2" });
  await assert.rejects(of({ everyUs: 1e5 }), {
    message: "every makes 864000 rows for each server; at most 100000 are allowed",
  });
});
