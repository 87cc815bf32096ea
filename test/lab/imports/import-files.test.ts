/** lab/imports/import-files.ts: from files to a folder of tables, and back from what the project itself writes. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { execute, sampleTimes } from "../../../lab/execution/run.ts";
import { importFiles } from "../../../lab/imports/import-files.ts";
import { readImport } from "../../../lab/imports/import-record.ts";
import { observedServers } from "../../../lab/imports/observed.ts";
import { resourcesOf } from "../../../lab/results/data-package-reader.ts";
import { startDayOf, writePerfmonLog } from "../../../lab/traces/perfmon.ts";
import { imported, inFolder, pdhLog } from "../../support/imported-logs.ts";

const model = "print-servers";

test("an exported log is imported with the same times and numbers, and its restart", async () => {
  const parameters = { site: "help-desk", restartEveryHours: 72 };
  const scenario = { model, servers: 1, horizonDays: 7, sampleEveryHours: 0.25, parameters };
  const resolved = await resolveScenario(scenario);
  const about = { computer: "PRN7", instance: "spoolsv", zone: "Pacific Standard Time", biasMinutes: 480 };
  const machine = { ...about, startDay: startDayOf("2024-03-04") };
  await inFolder(async (folder) => {
    let text = "";
    const place = { resolved, seed: "round trip", replication: 0, server: 0 };
    await writePerfmonLog(place, 900e6, machine, async (piece) => void (text += piece));
    await writeFile(join(folder, "log.csv"), text);
    const out = join(folder, "out");
    const { record, faults } = await importFiles([join(folder, "log.csv")], out, { model });
    assert.deepEqual([record.start, record.biasMinutes, faults.length], ["2024-03-04", 480, 0]);
    const run = { point: 0, replication: 0, seed: "round trip", scenario, first: 0, count: 1, sliceSize: 1 };
    const { samples } = await execute(run);
    const names = resolved.model.responses.map(({ name }) => name);
    const simulated = (name: string) =>
      Float64Array.from({ length: 672 }, (_, sample) => samples[sample * names.length + names.indexOf(name)]!);
    for await (const server of observedServers(await readImport(out))) {
      assert.equal(server.name, "PRN7");
      assert.deepEqual(server.timesUs, Float64Array.from(sampleTimes(scenario)));
      assert.deepEqual([...server.readings.keys()], ["privateBytes", "handles", "pagedPoolBytes"]);
      for (const [name, values] of server.readings) assert.deepEqual(values, simulated(name), name);
      const restarts = server.incidents.filter(({ kind }) => kind === "restart");
      const starts = simulated("serviceStarts");
      const first = starts.findIndex((count) => count > 0);
      assert.deepEqual(
        restarts.map(({ timeUs }) => timeUs / 900e6 - 1),
        [first, starts.findIndex((count) => count > 1)],
      );
    }
  });
});

test("files of one server are merged by time, whatever their order", async () => {
  const handles = pdhLog(['"1"', '"2"']);
  const bytes = pdhLog(['"10"', '"20"', '"30"'], ["Process(spoolsv)\\Private Bytes"], "prn1");
  const later = pdhLog(['"3"', '"4"']).replaceAll("03/04/2024", "03/05/2024");
  const { series, faults } = await imported({ "later.csv": later, "handles.csv": handles, "bytes.csv": bytes });
  assert.deepEqual(series, [
    ["PRN1", "10000", "10", "1"],
    ["PRN1", "15010000", "20", "2"],
    ["PRN1", "30010000", "30", ""],
    ["PRN1", "86400010000", "", "3"],
    ["PRN1", "86415010000", "", "4"],
  ]);
  assert.deepEqual(faults, []);
});

test("if two files disagree about one time, the first counts and the second is named", async () => {
  const { series, faults, result } = await imported({
    "a.csv": pdhLog(['"1"', '"2"']),
    "b.csv": pdhLog(['"1"', '"9"', '"3"']),
  });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["1", "2", "3"],
  );
  assert.deepEqual(faults, ["b.csv:3 9; another reading has 2 for the same server and time"]);
  assert.deepEqual(
    result.faults.map(({ line, value }) => [line, value]),
    [[3, "9"]],
  );
});

test("the folder is a data package whose tables have the names and units of the model", async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, "a.csv"), pdhLog(['"1"', '"2"']));
    const out = join(folder, "out");
    const { record } = await importFiles([join(folder, "a.csv")], out, { model, parameters: { handlesMax: 9000 } });
    assert.deepEqual((await readdir(out)).sort(), [...record.files.map(({ path }) => path), "import.json"].sort());
    const series = (await resourcesOf(out)).find(({ path }) => path === "series.csv")!;
    assert.deepEqual(
      series.schema.fields.map(({ name, unit }) => [name, unit]),
      [
        ["server", undefined],
        ["timeUs", "us"],
        ["handles", "1"],
      ],
    );
    const again = await readImport(out);
    assert.equal(again.values.handlesMax, 9000);
    assert.deepEqual(again.record, record);
  });
});

test("an import without a readable line leaves no folder, and a foreign folder is kept", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "a.csv");
    const out = join(folder, "out");
    await writeFile(log, pdhLog(['"x"', '"y"']));
    await assert.rejects(importFiles([log], out, { model }), {
      message: `${log}:2 is "\\\\PRN1\\Process(spoolsv)\\Handle Count x"; it is not a number; nothing in the file can be read; 1 more line or value is like it`,
    });
    assert.deepEqual(await readdir(folder), ["a.csv"]);
    await mkdir(out);
    await writeFile(join(out, "mine.txt"), "mine");
    await writeFile(log, pdhLog(['"1"']));
    const refusal = { message: `${out} holds files that are not an import; choose another folder` };
    await assert.rejects(importFiles([log], out, { model, force: true }), refusal);
    assert.equal(await readFile(join(out, "mine.txt"), "utf8"), "mine");
    const other = join(folder, "other");
    await importFiles([log], other, { model });
    await assert.rejects(importFiles([log], other, { model }), /holds an import; choose another folder, or use force$/);
    await importFiles([log], other, { model, force: true });
    assert.ok(existsSync(join(other, "import.json")));
    assert.ok(!(await readdir(folder)).some((name) => name.includes("partial") || name.includes("lock")));
  });
});

test("a model that declares no logs and a column that it does not declare are refused", async () => {
  const text = { "a.csv": pdhLog(['"1"']) };
  await assert.rejects(
    imported(text, { model: "mm1" }),
    /^UserError: model is mm1; that model does not support imports$/,
  );
  await assert.rejects(
    imported(text, { columns: new Map([["handle", "x"]]) }),
    /^UserError: column handle: .*mean handles/,
  );
});

test("an import that is interrupted after its files were written leaves the former import as it was", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "log.csv");
    const out = join(folder, "out");
    await writeFile(log, pdhLog(['"7"']));
    await importFiles([log], out, { model });
    const former = await readFile(join(out, "series.csv"), "utf8");
    await writeFile(log, pdhLog(['"8"']));
    const late = { throwIfAborted: () => assert.ok(!existsSync(join(folder, ".out.partial", "import.json")), "late") };
    const signal = late as unknown as AbortSignal;
    await assert.rejects(importFiles([log], out, { model, signal, force: true }), /late/);
    assert.equal(await readFile(join(out, "series.csv"), "utf8"), former);
    assert.deepEqual((await readdir(folder)).sort(), ["log.csv", "out"]);
  });
});

test("a replaced import keeps files of others, and a kill between two renames is mended", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "log.csv");
    const out = join(folder, "out");
    await writeFile(log, pdhLog(['"7"']));
    await importFiles([log], out, { model });
    for (const name of ["prices.yaml", "report.html", "series.parquet"]) await writeFile(join(out, name), "mine");
    await importFiles([log], out, { model, force: true });
    const names = await readdir(out);
    assert.deepEqual(
      ["prices.yaml", "report.html", "series.parquet"].map((name) => names.includes(name)),
      [true, false, false],
    );
    await rename(out, join(folder, ".out.former"));
    await assert.rejects(importFiles([log], out, { model }), /holds an import; choose another folder, or use force$/);
    assert.deepEqual((await readdir(out)).sort(), names.sort());
  });
});

test("an interrupted import leaves nothing", async () => {
  await inFolder(async (folder) => {
    const log = join(folder, "log.csv");
    await writeFile(log, pdhLog(['"7"'], ["Process(spoolsv)\\Private Bytes"]));
    const signal = AbortSignal.abort();
    await assert.rejects(importFiles([log], join(folder, "out"), { model, signal }), { name: "AbortError" });
    assert.deepEqual(await readdir(folder), ["log.csv"]);
  });
});
