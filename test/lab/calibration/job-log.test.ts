/** lab/calibration/job-log: what a log of jobs says is what its world was made with, and a bad fit is seen. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dayOfText } from "../../../lab/calendar.ts";
import { loggedSettings, workloadOf, type Workload } from "../../../lab/calibration/job-log.ts";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { importFiles } from "../../../lab/imports/import-files.ts";
import { readImport, type Imported } from "../../../lab/imports/import-record.ts";
import type { PrintServersValues } from "../../../models/print-servers/parameters/parameters.ts";
import { profiles } from "../../../models/print-servers/sites.ts";
import { mm1 } from "../../../models/queues/mm1.ts";
import { JOB_LOG_HEADER, jobLines } from "../../support/job-log.ts";

/** A world of which nothing is the default. */
const truth = {
  jobsPerDay: 600,
  profile: "shifts",
  textShare: 0.3,
  emfShare: 0.2,
  pagesMean: 7,
  emptyShare: 0.03,
  rawBytesPerPage: 12345,
  textBytesPerPage: 1800,
  emfBytesPerPage: 50000,
};
let folder: string;
let lines: string[];
const scenario = { model: "print-servers", servers: 1, horizonDays: 14, sampleEveryHours: 24 };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-job-log-"));
  const { values } = await resolveScenario({ ...scenario, parameters: truth });
  const startDay = dayOfText("2026-03-02")!;
  lines = ["PRN0", "PRN1"].flatMap((name, server) => {
    return jobLines(values as unknown as PrintServersValues, "job log", { server, name, startDay, days: 14 });
  });
});

after(() => rm(folder, { recursive: true }));

async function imported(name: string, of: readonly string[], header = JOB_LOG_HEADER): Promise<Imported> {
  const file = join(folder, `${name}.csv`);
  await writeFile(file, [header, ...of, ""].join("\n"));
  await importFiles([file], join(folder, name), { model: "print-servers" });
  return readImport(join(folder, name));
}

function of({ parameters }: Workload, name: string) {
  const found = parameters.find(({ parameter }) => parameter === name);
  assert.ok(found, `${name} is among ${parameters.map(({ parameter }) => parameter).join(", ")}`);
  return found;
}

test("rate, hours, pages, sizes and types are recovered from a log, and the laws fit", async () => {
  const workload = await workloadOf(await imported("whole", lines));
  assert.ok(workload);
  assert.equal(workload.jobs, lines.length);
  for (const name of ["jobsPerDay", "textShare", "emfShare", "pagesMean", "emptyShare"] as const) {
    const { lower, upper, value } = of(workload, name);
    // Three standard errors.
    const width = ((upper - lower) / 2) * (3 / 1.96);
    assert.ok(Math.abs(Number(value) - truth[name]) <= width, `${name}: ${lower} .. ${upper}, truth ${truth[name]}`);
    assert.ok(upper - lower < 0.5 * truth[name] && lower <= Number(value) && Number(value) <= upper, name);
  }
  for (const name of ["rawBytesPerPage", "textBytesPerPage", "emfBytesPerPage"] as const) {
    assert.ok(Math.abs(Number(of(workload, name).value) / truth[name] - 1) < 0.001, name);
  }
  const shares = String(of(workload, "hourShares").value).split(" ").map(Number);
  const { hourWeights, dayWeights } = profiles.shifts;
  assert.equal(shares.length, 168);
  for (const [hour, share] of shares.entries()) {
    const expected = dayWeights[Math.floor(hour / 24)] * hourWeights[hour % 24];
    // Four days of counts: five standard errors.
    assert.ok(Math.abs(share - expected) <= 5 * Math.sqrt(expected / (600 * 4)), `hour ${hour}: ${share}, ${expected}`);
  }
  assert.ok(workload.fits.every(({ value, limit, pValue }) => value < limit && !(pValue < 0.001)));
  assert.deepEqual(workload.fits.map(({ what }) => what).slice(0, 3), [
    "jobs of an hour",
    "jobs of a day",
    "pages of a job",
  ]);
  await resolveScenario({ ...scenario, parameters: loggedSettings(workload) });
});

test("jobs that come in fives are not a Poisson stream, and the interval of the rate is wider", async () => {
  const alone = lines.filter((line) => line.includes(",PRN0,"));
  const inFives = alone.flatMap((line) => {
    const [time, ...rest] = line.split(",");
    return ["", ".100", ".200", ".300", ".400"].map((fraction) => [`${time}${fraction}`, ...rest].join(","));
  });
  const [one, fives] = [
    await workloadOf(await imported("one", alone)),
    await workloadOf(await imported("fives", inFives)),
  ];
  const fit = fives!.fits.find(({ what }) => what === "jobs of an hour")!;
  assert.ok(fit.value > fit.limit && fit.pValue < 0.001, `${fit.value}`);
  const width = (workload: Workload) => of(workload, "jobsPerDay").upper - of(workload, "jobsPerDay").lower;
  // Five times as many jobs of Poisson's law would make it 2.2 times as wide.
  assert.ok(width(fives!) > 3.2 * width(one!), `${width(fives!)}, ${width(one!)}`);
});

test("sizes that do not follow from pages are detected", async () => {
  const uneven = lines.map((line, i) =>
    line.replace(/,RAW$/, `,RAW`).replace(/(,PRN\d,)(\d+)/, (_, head, bytes) => {
      return `${head}${Number(bytes) * (i % 2 === 0 ? 1 : 9)}`;
    }),
  );
  const workload = await workloadOf(await imported("uneven", uneven));
  const fit = workload!.fits.find(({ what }) => what.startsWith("bytes of a RAW"))!;
  assert.ok(fit.value > 0.2, `${fit.value}`);
});

test("parameters that a log does not determine keep their values and are named", async () => {
  const times = lines.map((line) => line.split(",").slice(0, 2).concat("5000").join(","));
  const workload = await workloadOf(await imported("bytes", times, "time,server,bytes"));
  const names = workload!.parameters.map(({ parameter }) => parameter);
  assert.deepEqual(
    names,
    ["jobsPerDay", "hourShares", "rawBytesPerPage", "textBytesPerPage", "emfBytesPerPage"].sort(
      (a, b) => names.indexOf(a) - names.indexOf(b),
    ),
  );
  assert.equal(of(workload!, "rawBytesPerPage").value, 5000 / 4);
  assert.deepEqual(workload!.notes, ["the log says no pages", "the log says no types"]);
});

test("hours without a log have the mean of the same hour on other days", async () => {
  const oneDay = lines.filter((line) => line.includes(",PRN0,") && line.startsWith("2026-03-03"));
  const workload = await workloadOf(await imported("day", oneDay));
  assert.match(workload!.notes[0], /^1\d\d of 168 hours of the week are not in the log/);
  const [tuesday, friday] = [24 + 9, 96 + 9].map((hour) => workload!.jobsByHour[hour]);
  assert.ok(tuesday > 0 && tuesday === friday);
});

test("another model reads the same log by its own names", async () => {
  const of = await imported("queue", lines);
  const { values } = await resolveScenario({ ...scenario, model: "mm1", parameters: {} });
  const workload = await workloadOf({ ...of, model: mm1 as unknown as Imported["model"], values });
  const [{ parameter, value, lower, upper }, ...others] = workload!.parameters;
  assert.deepEqual([parameter, others.length], ["arrivalsPerSecond", 0]);
  const exact = (600 * 5.5) / (7 * 86400);
  assert.ok(Math.abs(Number(value) / exact - 1) < 0.05 && lower < exact && exact < upper, `${value}, ${exact}`);
});
