/** lab/reports/import-report.ts: the page of an import says what rises, until when, and what nobody can say. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { importFiles } from "../../../lab/imports/import-files.ts";
import { writeImportReport } from "../../../lab/reports/import-report.ts";
import { startDayOf, writePerfmonLog } from "../../../lab/traces/perfmon.ts";
import { inFolder } from "../../support/imported-logs.ts";

async function report(parameters: Record<string, string | number>, horizonDays: number, known = {}) {
  const scenario = { model: "print-servers", servers: 1, horizonDays, sampleEveryHours: 1, parameters };
  const machine = {
    computer: "PRN7",
    instance: "spoolsv",
    zone: "UTC",
    biasMinutes: 0,
    startDay: startDayOf("2026-03-02"),
  };
  const place = { resolved: await resolveScenario(scenario), seed: "page", replication: 0, server: 0 };
  return inFolder(async (folder) => {
    let text = "";
    await writePerfmonLog(place, 1800e6, machine, async (piece) => void (text += piece));
    await writeFile(join(folder, "log.csv"), text);
    const out = join(folder, "out");
    await importFiles([join(folder, "log.csv")], out, { model: "print-servers", parameters: known });
    const { groups } = await writeImportReport(out);
    const page = await readFile(join(out, "report.html"), "utf8");
    // Only the text between tags, because terms have tags of their own.
    const words = page.slice(page.indexOf("<main>"), page.indexOf("</main>")).replaceAll(/<[^>]+>/g, "");
    return { words, groups };
  });
}

test("a leaking server is reported with its slope, first ceiling date, restarts, and what the logs do not show", async () => {
  const { words, groups } = await report({ site: "help-desk", restartEveryHours: 168 }, 28);
  assert.match(
    words,
    /1 of 1 server uses more resources every day\. Of the logged resources, handles of PRN7 run out first: without a restart, they reach the assumed limit of 15000 on about 20\d\d-\d\d-\d\d \(90 % interval 20\d\d-/,
  );
  assert.match(words, /Your limits of private bytes, handles, paged pool bytes: the model's are used instead/);
  assert.match(
    words,
    /PRN7: private bytes rise by [\d.]+ kB a day \(95 % interval [\d.]+ kB to [\d.]+ kB\); handles rise by [\d.]+ a day \([\d.]+ to /,
  );
  assert.match(words, /3 restarts freed what had leaked\./);
  assert.match(
    words,
    /The logs do not show printer DCs, GDI handles or nonpaged pool bytes\. Any of these may run out/,
  );
  assert.match(words, /Without a job log or a counter of jobs, it is not known/);
  const [series] = groups;
  const [chart] = series!.charts;
  assert.equal(chart!.kind, "curves");
  if (chart!.kind !== "curves") return;
  assert.deepEqual(
    chart.panels[0]!.marks!.map(({ label }) => label),
    ["restart", "restart", "restart"],
  );
});

test("a limit that the user gave is not assumed, and is printed exactly", async () => {
  const { words } = await report({ site: "help-desk" }, 21, { handlesMax: 16384, site: "help-desk" });
  assert.match(words, /handles of PRN7 run out first: they reach the limit of 16384 on about 20\d\d-/);
  assert.match(words, /Your limits of private bytes, paged pool bytes: the model's are used instead/);
});

test("the report says that there are too few days", async () => {
  const { words } = await report({ site: "office", spooler: "fixed" }, 4);
  assert.match(words, /The logs have readings of too few whole days in a row to show a leak\./);
  assert.match(words, /PRN7: fewer than six days in a row were read within one process/);
  assert.match(words, /PRN7: fewer than 15 days in a row\. Weekends are not balanced/);
  assert.doesNotMatch(words, /run out first/);
});

test("what cannot show a leak is not said to have none", async () => {
  const stamps = (days: number) =>
    Array.from(
      { length: 24 * days },
      (_, i) => `2024-03-${String(4 + Math.floor(i / 24)).padStart(2, "0")} ${String(i % 24).padStart(2, "0")}:30:00`,
    );
  const answerOf = (files: Readonly<Record<string, string>>) =>
    inFolder(async (folder) => {
      const paths = Object.keys(files).map((name) => join(folder, name));
      for (const [i, text] of Object.values(files).entries()) await writeFile(paths[i]!, text);
      const out = join(folder, "out");
      await importFiles(paths, out, { model: "print-servers" });
      return (await writeImportReport(out)).answer;
    });
  const counters = (server: string, days: number) =>
    `time,server,handles\n${stamps(days)
      .map((stamp) => `${stamp},${server},7\n`)
      .join("")}`;
  assert.deepEqual(await answerOf({ "j.csv": "time,server,bytes\n2024-03-04 00:00:00,A,7\n" }), [
    "A job log alone shows no leak.",
  ]);
  const short = "readings of too few whole days in a row to show a leak.";
  for (const days of [1, 5]) {
    assert.deepEqual(await answerOf({ "a.csv": counters("A", days) }), [`The logs have ${short}`]);
  }
  assert.deepEqual(await answerOf({ "a.csv": counters("A", 6), "b.csv": counters("B", 1) }), [
    `The server shows no leak. 1 further server has ${short}`,
  ]);
  const rising = `time,server,handles\n${stamps(10)
    .map((stamp, i) => `${stamp},C,${100 + i}\n`)
    .join("")}`;
  const beside = (await answerOf({ "c.csv": rising, "b.csv": counters("B", 1) }))[0]!;
  assert.match(
    beside,
    new RegExp(`^1 of 2 servers uses more resources every day\\. 1 further server has ${short} Of `),
  );
  const blank = counters("B", 3).replaceAll(",7\n", ",\n");
  assert.deepEqual(await answerOf({ "a.csv": counters("A", 6) + blank.replace("time,server,handles\n", "") }), [
    `The server shows no leak. 1 further server has ${short}`,
  ]);
});

test("a chart is summed up by the numbers of its table, and a load of no jobs has no busiest hour", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "a.csv");
    const lines = Array.from({ length: 48 }, (_, hour) => `${1_709_510_400 + 3600 * (hour + 1)},A,2497,5\n`);
    await writeFile(file, `time,server,handles,jobsPrinted\n${lines.join("")}`);
    await importFiles([file], join(folder, "out"), { model: "print-servers" });
    const { groups } = await writeImportReport(join(folder, "out"));
    const summaries = groups.flatMap(({ charts }) => charts.map(({ summary }) => summary));
    assert.match(summaries[0]!, / A until 2024-03-06 00:00:00: level 2497\.$/);
    assert.equal(summaries[1], "A: no jobs");
  });
});
