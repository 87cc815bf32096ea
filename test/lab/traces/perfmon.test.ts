/**
 * lab/traces/perfmon.ts: a log reads as PDH-CSV 4.0 for readers that are not ours (csv-parse; the rule by which PAL
 * splits a
 * line), and shows what an administrator of NT 4.0 would have seen.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { startDayOf, writePerfmonLog, type Machine } from "../../../lab/traces/perfmon.ts";
import { realistic } from "../../../lab/traces/measurement.ts";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { kernelOf, type ServerSelector } from "../../../lab/traces/trace.ts";
import type { Settings } from "../../../models/contract/parameters.ts";

const machine: Machine = {
  computer: "PRN0002",
  instance: "spoolss",
  zone: "UTC",
  biasMinutes: 0,
  startDay: startDayOf("1999-12-27"),
};

async function selectorOf(
  parameters: Settings = {},
  horizonDays = 1,
  model = "print-servers",
): Promise<ServerSelector> {
  const settings = model === "mm1" ? {} : { site: "office", ...parameters };
  const scenario = { model, servers: 3, horizonDays, sampleEveryHours: 24, parameters: settings };
  return { resolved: await resolveScenario(scenario), seed: "perfmon", replication: 1, server: 2 };
}

async function logOf(selector: ServerSelector, everySeconds: number, about: Partial<Machine> = {}): Promise<string> {
  let text = "";
  await writePerfmonLog(selector, everySeconds * 1e6, { ...machine, ...about }, async (piece) => void (text += piece));
  return text;
}

const paths = [
  "\\\\PRN0002\\Process(spoolss)\\Private Bytes",
  "\\\\PRN0002\\Process(spoolss)\\Handle Count",
  "\\\\PRN0002\\Memory\\Pool Paged Bytes",
  "\\\\PRN0002\\Memory\\Committed Bytes",
  "\\\\PRN0002\\Memory\\Commit Limit",
];

test("a log has exactly the header, stamps and quotes of PDH-CSV 4.0", async () => {
  const text = await logOf(await selectorOf({}, 0.01), 300);
  const quoted = paths.map((path) => `,"${path}"`).join("");
  const idle = `"3964928","150","20971520","71073792","399507456"`;
  assert.equal(
    text,
    `"(PDH-CSV 4.0) (UTC)(0)"${quoted}\r\n` +
      `"12/27/1999 00:05:00.000",${idle}\r\n` +
      `"12/27/1999 00:10:00.000",${idle}\r\n` +
      // The horizon is the last line, wherever it is: 0.01 days are 14 minutes and 24 seconds.
      `"12/27/1999 00:14:24.000",${idle}\r\n`,
  );
});

test("zone, bias and instance can be changed, and the zone may have a comma", async () => {
  const zone = "Romance Standard Time, Paris";
  const text = await logOf(await selectorOf({}, 0.01), 300, { zone, biasMinutes: -60, instance: "spoolsv" });
  const [header] = parse(text) as string[][];
  assert.equal(header[0], "(PDH-CSV 4.0) (Romance Standard Time, Paris)(-60)");
  assert.equal(header[1], "\\\\PRN0002\\Process(spoolsv)\\Private Bytes");
});

test("a CSV reader and PAL's split find the same fields in every line", async () => {
  const text = await logOf(await selectorOf(), 900);
  const rows = parse(text, { record_delimiter: "\r\n", relax_quotes: false }) as string[][];
  assert.equal(rows.length, 97);
  const lines = text.split("\r\n");
  assert.equal(lines.pop(), "");
  // PAL takes the quotes from both ends of a line, and splits the rest at quote, comma, quote.
  assert.deepEqual(
    lines.map((line) => line.replace(/^"+|"+$/g, "").split('","')),
    rows,
  );
  for (const [stamp, ...values] of rows.slice(1)) {
    assert.match(stamp, /^12\/2[78]\/1999 \d\d:\d\d:00\.000$/);
    for (const value of values) assert.match(value, /^\d+$/);
  }
  assert.equal(rows.at(-1)![0], "12/28/1999 00:00:00.000");
});

test("a value is the kernel's gauge at that time", async () => {
  const selector = await selectorOf();
  const rows = (parse(await logOf(selector, 3600)) as string[][]).slice(1);
  const { simulation, instance } = kernelOf(selector);
  const at = (name: string) => selector.resolved.model.responses.findIndex((response) => response.name === name);
  rows.forEach(([, ...values], hour) => {
    simulation.run((hour + 1) * 3600e6);
    instance.observe(simulation.now);
    const gauges = ["privateBytes", "handles", "pagedPoolBytes"].map((name) => instance.columns[at(name)][0]);
    assert.deepEqual(values.slice(0, 3).map(Number), gauges);
    assert.equal(Number(values[3]), 64 * 1024 * 1024 + gauges[0]);
  });
});

test("a leak is a staircase that is flat at night and drops at a restart", async () => {
  // The spooler is restarted after 36 hours, at noon on Tuesday.
  const selector = await selectorOf({ deleteShare: 0.3, restartEveryHours: 36 }, 2);
  const rows = (parse(await logOf(selector, 900)) as string[][]).slice(1);
  const handles = rows.map((row) => Number(row[2]));
  const between = (from: number, to: number) => handles.slice(4 * from - 1, 4 * to);
  assert.equal(new Set(between(0.25, 5)).size, 1);
  assert.ok(new Set(between(8, 18)).size > 10);
  assert.equal(new Set(between(23, 28)).size, 1);
  assert.ok(between(23, 23)[0] > 180);
  const drop = between(36.25, 36.25)[0] - between(36, 36)[0];
  assert.ok(drop < -50, `${drop}`);
});

test("stamps follow the calendar across the ends of months, years and leap years", async () => {
  const dates = async (start: string, days: number) => {
    const startDay = startDayOf(start);
    const text = await logOf(await selectorOf({ jobsPerDay: 1 }, days), 86400, { startDay });
    return (parse(text) as string[][]).slice(1).map(([stamp]) => stamp.slice(0, 10));
  };
  const december = ["12/28/1999", "12/29/1999", "12/30/1999", "12/31/1999", "01/01/2000"];
  assert.deepEqual(await dates("1999-12-27", 5), december);
  assert.deepEqual(await dates("2000-02-28", 2), ["02/29/2000", "03/01/2000"]);
  assert.deepEqual(await dates("2100-02-22", 7).then((all) => all.at(-1)), "03/01/2100");
  assert.equal((await dates("1999-03-01", 366)).at(-1), "03/01/2000");
});

test("refused: a start that is not a Monday or not a date, an endless log, a model without counters", async () => {
  assert.throws(() => startDayOf("1999-12-28"), /start is 1999-12-28, a Tuesday; .* begins on a Monday$/);
  for (const date of ["1999-02-29", "1999-13-01", "27.12.1999", "0001-01-01"]) {
    assert.throws(() => startDayOf(date), /a date from 1970 to 9000, as YYYY-MM-DD$/);
  }
  await assert.rejects(async () => logOf(await selectorOf({}, 28), 1), /at most 100000 lines, not 2419200/);
  await assert.rejects(
    async () => logOf(await selectorOf({}, 1, "mm1"), 300),
    /mm1 declares no counters of Performance Monitor/,
  );
});

test("a realistic log has noise, losses and the process ID, and does not change the simulated events", async () => {
  const selector = await selectorOf({ restartEveryHours: 24 }, 3);
  let text = "";
  await writePerfmonLog(selector, 900e6, machine, async (piece) => void (text += piece), realistic);
  const [header, ...rows] = parse(text) as string[][];
  const exact = (parse(await logOf(selector, 900)) as string[][]).slice(1);
  assert.deepEqual(header.slice(1), [...paths, "\\\\PRN0002\\Process(spoolss)\\ID Process"]);
  assert.equal(new Set(rows.map((row) => row[6])).size, 3, "two restarts, three processes");
  const lost = rows.filter((row) => row[1] === " ").length;
  assert.ok(lost > 0 && lost < 20, String(lost));
  const off = rows
    .map((row, i) => (row[2] === " " ? 0 : Math.abs(Number(row[2]) - Number(exact[i][2]))))
    .filter((gap) => gap > 0);
  assert.ok(off.length > rows.length / 2 && Math.max(...off) < 40);
});
