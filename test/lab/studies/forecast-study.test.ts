/** lab/studies/forecast-study.ts: forecasts tried on servers whose end is known. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import {
  benchForecasters,
  calibrationTable,
  type Forecasting,
  type Forecasts,
} from "../../../lab/studies/forecast-study.ts";
import { textOf } from "../../support/fake-results.ts";
import { leaking, queues, remove, resultsOf } from "../../support/small-results.ts";

/** Exponential leaks to a ceiling, whose forecasts have an oracle; half of the servers are exhausted by day 58. */
const exhaustion = `
question: When is it exhausted?
seed: forecasting
replications: 20
scenario:
  model: exhaustion
  servers: 10
  horizonDays: 60
  sampleEveryHours: 240
  parameters: {leaksPerDay: 10, leakBytesMean: 4, ceilingBytes: 2320, leakLaw: exponential}
`;

let results: string;
let printers: string;
before(async () => {
  results = await resultsOf(exhaustion, "exhaustion");
  printers = await resultsOf(leaking, "leaking");
});
after(async () => {
  await remove(results);
  await remove(printers);
});

const usual: Forecasting = {
  at: "",
  servers: 10,
  everyMinutes: 1440,
  eventTimes: [],
  workers: 1,
  sliceSize: 64,
  signal: new AbortController().signal,
};

const csvOf = ({ plan, judged }: Forecasts) => textOf(calibrationTable(plan), judged);

type Row = Readonly<Record<string, string>>;

function parsed(csv: string): Row[] {
  return parse(csv, { columns: true });
}

test("exhausted servers and their times are those of servers.csv, and servers exhausted before the day are left out", async () => {
  const servers = parsed(await readFile(join(results, "servers.csv"), "utf8"));
  const days = servers.map(({ exhaustedUs }) => (exhaustedUs === "" ? Infinity : Number(exhaustedUs) / 86400e6));
  const { judged } = await benchForecasters(results, { ...usual, days: [14, 56] });
  assert.equal(judged.length, 2 * 6);
  for (const { day, servers: atRisk, forecasts, happened } of judged) {
    assert.equal(atRisk, days.filter((time) => time > day).length);
    assert.equal(happened, days.filter((time) => time > day && time < Infinity).length);
    assert.equal(forecasts, atRisk);
    assert.ok(atRisk < 200 === (day === 56) && happened > 0);
  }
});

test("forecasts by the oracle have the promised coverage, whether or not the watch sees the end", async () => {
  for (const horizonDays of [60, 120]) {
    const { judged } = await benchForecasters(results, { ...usual, days: [14], horizonDays });
    for (const { forecaster, coverages, happened, bias } of judged) {
      assert.ok(horizonDays === 120 ? happened === 200 : happened < 150, `${happened}`);
      const isSafe = forecaster.isUnsafe !== true;
      assert.equal(coverages.length, forecaster.name === "predict-linear" ? 0 : 4);
      for (const { level, share, lower, upper, unknown } of coverages) {
        // Three standard errors of 200 servers, and more because of right-censored ones.
        const band = 3 * Math.sqrt((level * (1 - level)) / 200) * (unknown > 0 ? 1.7 : 1);
        const what = `${forecaster.name} ${horizonDays} d, ${level}: ${share} in ${lower}..${upper}`;
        if (isSafe && !Number.isNaN(share)) assert.ok(Math.abs(share - level) < band, what);
        if (!isSafe && horizonDays === 120) assert.ok(upper < 0.5, what);
      }
      if (horizonDays === 120) assert.ok(Math.abs(bias.value) < 6, `${forecaster.name}: ${bias.value}`);
    }
  }
});

test("workers, slices and other event times change no byte of the table", async () => {
  const both = { ...usual, everyMinutes: 30, servers: 3 };
  const one = await csvOf(await benchForecasters(printers, both));
  assert.equal(await csvOf(await benchForecasters(printers, { ...both, workers: 2, sliceSize: 1 })), one);
  const alone = await csvOf(await benchForecasters(printers, { ...both, eventTimes: ["dcCeilingUs"], at: "dcs=few" }));
  const rows = one.split("\n").filter((row) => row.includes("few,buggy,dcCeilingUs"));
  assert.ok(rows.length >= 5);
  for (const row of rows) assert.ok(alone.includes(row), row);
});

test("unless an event time is named, only design points where a server reached it are forecast", async () => {
  const { judged } = await benchForecasters(printers, { ...usual, everyMinutes: 30 });
  const where = judged.map(({ point, limit }) => `${point.levels.dcs} ${point.levels.spooler} ${limit.eventTime}`);
  assert.deepEqual([...new Set(where)], ["few buggy dcCeilingUs"]);
  const requested = await benchForecasters(printers, { ...usual, everyMinutes: 30, eventTimes: ["gdiCeilingUs"] });
  assert.equal(new Set(requested.judged.map(({ point }) => point.index)).size, 4);
  const fixed = requested.judged.filter(({ point }) => point.levels.spooler === "fixed");
  // At midnight no gauge of a fixed spooler rises, except by a job that is printing, so no server runs out.
  assert.ok(fixed.every(({ happened, unforeseen, servers }) => happened === 0 && unforeseen === 0 && servers === 9));
});

test("by default it forecasts at a quarter, half and three quarters of the median time to exhaustion", async () => {
  const { judged } = await benchForecasters(results, { ...usual, servers: 3 });
  assert.deepEqual([...new Set(judged.map(({ day }) => day))], [14, 29, 43]);
});

test("unknown values are empty cells, and every column has its unit", async () => {
  const forecasts = await benchForecasters(results, {
    ...usual,
    days: [7],
    horizonDays: 20,
    eventTimes: ["exhaustedUs"],
  });
  const [row] = parsed(await csvOf(forecasts));
  assert.deepEqual(
    [row.eventTime, row.resource, row.limit, row.everyHours, row.day, row.forecaster],
    ["exhaustedUs", "leakedBytes", "2320", "24", "7", "end-points"],
  );
  assert.deepEqual([row.servers, row.reached, row.actualDaysMedian, row.coverage95], ["200", "0", "", ""]);
  assert.ok(calibrationTable(forecasts.plan).columns.every(({ type, unit }) => type === "string" || unit !== ""));
});

test("an invalid study of forecasts is refused in one line", async () => {
  const refused = (folder: string, change: Partial<Forecasting>, rule: RegExp) =>
    assert.rejects(benchForecasters(folder, { ...usual, ...change }), { name: "UserError", message: rule });
  await refused(results, { eventTimes: ["exhausted"] }, /^eventTimes is exhausted; exhaustion has exhaustedUs$/);
  await refused(results, { days: [60] }, /^days has 60; a day before the horizon of 60 days, when a reading is due$/);
  await refused(results, { days: [7.5] }, /^days has 7\.5; a day before the horizon/);
  await refused(results, { days: [3] }, /^day 3 is after 3 readings, one every 1440 minutes; a forecast takes 5 to/);
  await refused(
    results,
    { horizonDays: 20 },
    /^no server ran out of a resource within 20 days; horizonDays simulates them/,
  );
  await refused(
    printers,
    {},
    /^the first server ran out of a resource after 0\.\d+ days, before there were enough readings/,
  );
  const mm1 = await resultsOf(queues, "queues");
  await refused(mm1, {}, /^mm1 has no limits, so there is no exhaustion to forecast$/);
  await remove(mm1);
});
