/** lab/studies/import-overview.ts: what an import says, against a world whose truth is known. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { importFiles } from "../../../lab/imports/import-files.ts";
import { readImport } from "../../../lab/imports/import-record.ts";
import { fleetSlopes, overviewOf, unlikeServers, type ServerOverview } from "../../../lab/studies/import-overview.ts";
import { inFolder } from "../../support/imported-logs.ts";

/** Monday, 4 March 2024, 0:00. */
const START = 1_709_510_400;

async function looksOf(files: Readonly<Record<string, string>>, parameters = {}): Promise<ServerOverview[]> {
  return inFolder(async (folder) => {
    const paths = Object.keys(files).map((name) => join(folder, name));
    for (const [i, text] of Object.values(files).entries()) await writeFile(paths[i]!, text);
    await importFiles(paths, join(folder, "out"), { model: "print-servers", parameters });
    return overviewOf(await readImport(join(folder, "out")));
  });
}

test("a gauge that rises by 24 a day reaches its ceiling on the right day", async () => {
  const rows = Array.from(
    { length: 28 * 24 },
    (_, hour) => `${START + 3600 * (hour + 1)},A,${500 + hour + (hour % 24) * 3}\n`,
  );
  const [look] = await looksOf({ "a.csv": `time,server,handles\n${rows.join("")}` }, { handlesMax: 2400 });
  const [gauge] = look!.gauges;
  assert.equal(gauge!.level, 500 + 27 * 24);
  assert.equal(gauge!.slope!.value, 24);
  assert.equal(gauge!.limit!.level, 2401);
  // Every day is like the others, so nothing varies, and the days left are known exactly.
  const left = (2401 - 1148) / 24;
  assert.deepEqual(gauge!.left, { lower: left, median: left, upper: left });
  assert.equal(look!.load, undefined);
});

test("the hourly load of a week is jobs per week from a job log, and rises from a total", async () => {
  const week = 7 * 86_400;
  const jobs = [0, 1, 2].flatMap((w) =>
    // Mondays at 9: 3 jobs; Fridays at 15: 1 job; and the last on Sunday night.
    [9.1, 9.2, 9.9, 4 * 24 + 15, 6 * 24 + 23.99].map(
      (hour) => `${START + w * week + Math.round(3600 * hour)},A,100,RAW\n`,
    ),
  );
  const [ofJobs] = await looksOf({ "jobs.csv": `time,server,bytes,type\n${jobs.join("")}` });
  assert.equal(ofJobs!.load!.source, "the job log");
  assert.ok(Math.abs(ofJobs!.load!.jobs[0]![9]! - 9 / 2.9) < 0.01);
  assert.equal(ofJobs!.load!.jobs[4]![15], 1);
  assert.equal(ofJobs!.load!.jobs[5]![12], 0);
  let total = 0;
  const rows = Array.from({ length: 14 * 24 * 4 }, (_, quarter) => {
    const hour = Math.floor(quarter / 4) % 24;
    const line = `${START + 900 * quarter},A,${total}\n`;
    total += Number(hour === 10) * 2;
    return line;
  });
  const [ofTotal] = await looksOf({ "total.csv": `time,server,jobsPrinted\n${rows.join("")}` });
  assert.equal(ofTotal!.load!.source, "jobsPrinted");
  assert.equal(ofTotal!.load!.jobs[2]![10], 8);
  assert.equal(ofTotal!.load!.jobs[2]![11], 0);
});

/** A server whose handles rise so much a day, with an interval; without one if the gauge never moved. */
function rising(server: string, value: number, lower = NaN, upper = NaN): ServerOverview {
  const method = Number.isNaN(lower) ? "none" : "walk";
  const slope = { value, interval: { lower, upper }, method, changes: 14, rises: 14, isOfWholeWeeks: true };
  return { gauges: [{ server, gauge: { name: "handles" }, slope }] } as unknown as ServerOverview;
}

test("the slope of a fleet is the mean, with the wider of the intervals between servers and of the servers", () => {
  const of = (...looks: readonly ServerOverview[]) => fleetSlopes(looks)[0];
  assert.equal(of(rising("A", 10, 8, 12)), undefined);
  // Between servers: 10, 12 and 14, standard error 2 / sqrt(3), and 4.30265 is t(0.975) with 2 degrees of freedom.
  const between = of(rising("A", 10, 9, 11), rising("B", 12, 11, 13), rising("C", 14, 13, 15))!;
  assert.deepEqual([between.value, between.servers], [12, 3]);
  assert.ok(Math.abs(between.interval.upper - 12 - (4.30265 * 2) / Math.sqrt(3)) < 1e-4);
  // Of the servers: 3 and 4 below, 6 and 8 above, of independent errors of a mean of two.
  const own = of(rising("A", 10, 7, 16), rising("B", 10, 6, 18))!;
  assert.deepEqual(own.interval, { lower: 10 - 5 / 2, upper: 10 + 10 / 2 });
  assert.ok(Number.isNaN(of(rising("A", 0), rising("B", 0))!.interval.lower), "nothing moved, so no interval holds");
});

test("servers are not alike if one rises more than twice as fast as another, at the ends of their intervals", () => {
  const [fast, slow] = [rising("A", 75, 69, 82), rising("B", 0)];
  assert.deepEqual(
    unlikeServers([slow, fast])?.map(({ server }) => server),
    ["A", "B"],
  );
  assert.equal(unlikeServers([fast, rising("B", 30, 20, 40)]), undefined);
  assert.equal(unlikeServers([rising("A", 0), slow]), undefined);
});
