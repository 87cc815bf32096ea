/** `spoolsim detect`, end to end: a table to read, one as CSV in a new file, and mistakes in one line. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { remove, resultsOf } from "../support/small-results.ts";
import { spoolsim } from "../support/spoolsim.ts";

const office = `
question: Which detector finds it?
seed: bench
replications: 2
scenario: {model: print-servers, servers: 2, horizonDays: 3, parameters: {jobsPerDay: 60, site: office}}
factors: {spooler: [buggy, fixed]}
compare: {factor: spooler, baseline: buggy, against: fixed}
`;

let results: string;
let cwd: string;
before(async () => {
  results = await resultsOf(office, "office");
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-detect-"));
});
after(async () => {
  await remove(results);
  await rm(cwd, { recursive: true });
});

test("detect prints a table for each interval with a legend, and writes the requested CSV", async () => {
  const words = ["detect", results, "--every", "3h,1d", "--workers", "1", "--out", "detectors.csv"];
  const { status, stdout, stderr } = await spoolsim(cwd, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^privateBytes every 3 h\n/);
  assert.match(stdout, /\nprivateBytes every 1 d\n/);
  assert.match(stdout, /\n│ day-minima +│ +0 \(0\.\.49\) │/);
  assert.match(stdout, /\n {2}day-minima +Mann-Kendall of the lowest reading of each day\n/);
  const csv = await readFile(join(cwd, "detectors.csv"), "utf8");
  await spoolsim(cwd, ...words.slice(0, -1), "realistic.csv", "--realistic");
  assert.notEqual(await readFile(join(cwd, "realistic.csv"), "utf8"), csv, "--realistic adds measurement effects");
  assert.match(csv, /^spooler,gauge,everyHours,detector,level,soundServers,falseAlarmShare,/);
  assert.match(csv, /\nfixed,privateBytes,24,less-twin,0\.05,4,0,0,/);
});

test("a table of detectors overwrites no file, and a failing bench leaves none", async () => {
  await writeFile(join(cwd, "mine.csv"), "mine");
  const taken = await spoolsim(cwd, "detect", results, "--out", "mine.csv");
  assert.equal(taken.status, 2);
  assert.equal(taken.stderr, "spoolsim: --out mine.csv exists already; the table goes to a new file\n");
  assert.equal(await readFile(join(cwd, "mine.csv"), "utf8"), "mine");
  const failed = await spoolsim(cwd, "detect", results, "--gauge", "gdiHandles", "--out", "new.csv");
  assert.equal(failed.status, 2);
  assert.ok(!existsSync(join(cwd, "new.csv")));
});

test("mistakes in the arguments of detect are reported in one line with exit code 2", async () => {
  for (const [words, line] of [
    [["--every", "5h"], '--every is "5h"; it must be a time such as 30m, 6h or 1d that divides a day, or whole days'],
    [["--every", "6h,6h"], "--every 6h,6h: 6h is given twice"],
    [["--level", "0.6"], "--level is 0.6; a one-sided level lies in (0, 0.5)"],
    [["--servers", "0"], "--servers is 0; it must be a whole number >= 1"],
  ] as const) {
    const { status, stderr } = await spoolsim(cwd, "detect", results, ...words);
    assert.deepEqual([status, stderr], [2, `spoolsim: ${line}\n`]);
  }
});
