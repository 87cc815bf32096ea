/** `spoolsim forecast`, end to end: a table to read, one as CSV in a new file, and mistakes in one line. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { remove, resultsOf } from "../support/small-results.ts";
import { spoolsim } from "../support/spoolsim.ts";

const exhaustion = `
question: When is it exhausted?
seed: forecast
replications: 4
scenario:
  model: exhaustion
  servers: 4
  horizonDays: 40
  sampleEveryHours: 240
  parameters: {ceilingBytes: 400, leakLaw: exponential}
factors: {leaksPerDay: [3, 6]}
`;

let results: string;
let cwd: string;
before(async () => {
  results = await resultsOf(exhaustion, "exhaustion");
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-forecast-"));
});
after(async () => {
  await remove(results);
  await rm(cwd, { recursive: true });
});

test("forecast prints a table for each limit with a legend, and writes the requested CSV", async () => {
  const words = ["forecast", results, "--days", "7,14", "--workers", "1", "--out", "calibration.csv"];
  const { status, stdout, stderr } = await spoolsim(cwd, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^leaksPerDay=3, exhaustedUs: leakedBytes at 400, every 1 d\n/);
  assert.match(stdout, /\nleaksPerDay=6, exhaustedUs: leakedBytes at 400, every 1 d\n/);
  assert.match(stdout, /\n│ +7 │ end-points +│ +16 \(\d+\) │/);
  assert.match(stdout, /\n {2}compound-poisson {2}leaks one by one/);
  const csv = await readFile(join(cwd, "calibration.csv"), "utf8");
  assert.match(csv, /^leaksPerDay,eventTime,resource,limit,everyHours,day,forecaster,servers,forecasts,reached,/);
  assert.equal(csv.split("\n").length, 1 + 2 * 2 * 6 + 1);
});

test("servers that are watched for longer are watched until they run out", async () => {
  const { status, stdout } = await spoolsim(cwd, "forecast", results, "--at", "leaksPerDay=3", "--horizon", "90");
  assert.equal(status, 0);
  assert.match(stdout, /│ end-points +│ 16 \(16\) │/);
});

test("a table of forecasts overwrites no file, and a failing bench leaves none", async () => {
  await writeFile(join(cwd, "mine.csv"), "mine");
  const taken = await spoolsim(cwd, "forecast", results, "--out", "mine.csv");
  assert.equal(taken.status, 2);
  assert.equal(taken.stderr, "spoolsim: --out mine.csv exists already; the table goes to a new file\n");
  assert.equal(await readFile(join(cwd, "mine.csv"), "utf8"), "mine");
  const failed = await spoolsim(cwd, "forecast", results, "--event", "dcCeilingUs", "--out", "new.csv");
  assert.equal(failed.status, 2);
  assert.ok(!existsSync(join(cwd, "new.csv")));
});

test("mistakes in the arguments of forecast are reported in one line with exit code 2", async () => {
  for (const [words, line] of [
    [["--every", "5h"], '--every is "5h"; it must be a time such as 30m, 6h or 1d that divides a day, or whole days'],
    [["--days", "7,7"], "--days 7,7: 7 is given twice"],
    [["--days", "0"], "--days is 0; it must be a number of days above 0"],
    [["--days", "7,x"], "--days is x; it must be a number"],
    [["--horizon", "-3"], "--horizon is -3; it must be a number of days above 0"],
    [["--servers", "0"], "--servers is 0; it must be a whole number >= 1"],
  ] as const) {
    const { status, stderr } = await spoolsim(cwd, "forecast", results, ...words);
    assert.deepEqual([status, stderr], [2, `spoolsim: ${line}\n`]);
  }
});
