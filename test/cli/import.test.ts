/** `spoolsim import`, end to end: a log, its folder, what the other commands make of it, and mistakes in one line. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { spoolsim } from "../support/spoolsim.ts";

let cwd: string;
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-import-"));
  const words = "--at site=help-desk,spooler=buggy --set horizonDays=14 --format pdh-csv --every 900 --out log.csv";
  const exported = await spoolsim(cwd, "export", "q223863", ...words.split(" "));
  if (exported.status !== 0) throw new Error(exported.stderr);
});
after(async () => {
  await rm(cwd, { recursive: true });
});

test("detect, query and Parquet accept an imported log like results", async () => {
  const { status, stdout, stderr } = await spoolsim(cwd, "import", "log.csv", "--out", "mine", "--set", "ramBytes=2e8");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^1 file, 1 server, 1344 readings and 0 jobs, 1999-03-01 00:15:00 to 1999-03-15 00:00:00; /);
  assert.match(stdout, /\nread: private bytes, handles, paged pool bytes\n/);
  assert.match(stdout, /\nEvery line could be read\.\n\nmine\n$/);
  const detected = await spoolsim(cwd, "detect", "mine", "--every", "6h", "--out", "alarms.csv");
  assert.equal(detected.stderr, "");
  assert.match(
    detected.stdout,
    /^The detector to trust where nights are quiet, day-minima, raises an alarm on 1 of 1 server: PRN0000\.\n/,
  );
  assert.match(detected.stdout, /\n│ PRN0000 │ handles +│ 6 h +│ 14 days +│ \d+ of \d+ +│ alarm /);
  assert.match(await readFile(join(cwd, "alarms.csv"), "utf8"), /\nPRN0000,handles,6,[\d.]+,56,day-minima,0\.05,yes\n/);
  const parquet = await spoolsim(cwd, "export", "mine", "--format", "parquet");
  assert.deepEqual([parquet.status, parquet.stderr], [0, ""]);
  assert.match(parquet.stdout, /series\.parquet/);
});

test("forecast and report accept an import, and refuse options that need results", async () => {
  await spoolsim(cwd, "import", "log.csv", "--out", "shown");
  const forecast = await spoolsim(cwd, "forecast", "shown", "--out", "look.csv");
  assert.deepEqual([forecast.status, forecast.stderr], [0, ""]);
  assert.match(forecast.stdout, /PRN0000 +│ handles +│ +\d+ │/);
  assert.match(
    await readFile(join(cwd, "look.csv"), "utf8"),
    /\nPRN0000,handles,\d+,[\d.]+,[\d.]+,[\d.]+,walk,13,15001,/,
  );
  for (const [words, message] of [
    [["forecast", "shown", "--days", "3"], "--days is for simulated results; what happens after an import is unknown"],
    [["forecast", "shown", "--every", "6h"], "--every is for simulated results; an import is read day by day"],
    [["detect", "shown", "--servers", "1"], "--servers is for simulated results; all servers of an import are read"],
    [["detect", "shown", "--realistic"], "--realistic is for simulated results; an import was measured"],
    [
      ["report", "shown", "--simultaneous"],
      "--simultaneous is for simulated results; the intervals of an import hold one by one",
    ],
  ] as const) {
    const refused = await spoolsim(cwd, ...words);
    assert.deepEqual([refused.status, refused.stderr], [2, `spoolsim: ${message}\n`]);
  }
  for (const command of ["report", "forecast", "detect", "query"]) {
    assert.match((await spoolsim(cwd, command, "--help")).stdout, /results +an import or a results folder/);
  }
  assert.match((await spoolsim(cwd, "export", "--help")).stdout, /experiment +name, .*\(as Parquet\) import/);
  for (const [command, answer] of [
    ["forecast", /1 of 1 server uses more resources every day\. Of the logged resources, /],
    ["detect", /raises an alarm on 1 of 1 server: PRN0000/],
  ] as const) {
    const paged = await spoolsim(cwd, command, "shown", "--page", `${command}.html`);
    assert.deepEqual([paged.status, paged.stderr], [0, ""]);
    assert.match(await readFile(join(cwd, `${command}.html`), "utf8"), answer);
  }
  const report = await spoolsim(cwd, "report", "shown", "--svg");
  assert.equal(report.stderr, "");
  assert.match(report.stdout, /report\.html\n.*series-privateBytes\.svg\n/);
});

test("unreadable lines are counted and named, and the command succeeds", async () => {
  const text = await readFile(join(cwd, "log.csv"), "utf8");
  await writeFile(join(cwd, "damaged.csv"), `${text}typeperf ends here\n`);
  const { status, stdout } = await spoolsim(cwd, "import", "damaged.csv", "--out", "damaged");
  assert.equal(status, 0);
  assert.match(
    stdout,
    /\n1 line or value is left out:\n {2}damaged\.csv:1346 is "typeperf ends here"; a time is written as /,
  );
  const report = await spoolsim(cwd, "report", "damaged");
  assert.match(report.stdout.replace(/\s+/g, " "), / 1 line or value of the logs is left out; faults\.csv says why\./);
});

test("counters that are not read are counted and one is named", async () => {
  const columns = Array.from({ length: 1200 }, (_, i) => `"\\\\A\\PhysicalDisk(${i})\\Disk Bytes/sec"`);
  const header = ['"(PDH-CSV 4.0) (UTC)(0)"', '"\\\\A\\Process(spoolsv)\\Handle Count"', ...columns].join(",");
  await writeFile(join(cwd, "wide.csv"), `${header}\n"03/04/2024 00:00:00.000","7"${',"1"'.repeat(1200)}\n`);
  const many = await spoolsim(cwd, "import", "wide.csv", "--out", "wide");
  assert.match(
    many.stdout,
    /\nnot read: at least 1000 counters, such as \\PhysicalDisk\(0\)\\Disk Bytes\/sec; if one of them is a gauge of the model under another name, say so with --column\.\n/,
  );
  const short = header.split(",").slice(0, 2).concat('"\\\\A\\Process(spoolsv)\\Handel Count"').join(",");
  await writeFile(join(cwd, "short.csv"), `${short}\n"03/04/2024 00:00:00.000","7","1"\n`);
  const one = await spoolsim(cwd, "import", "short.csv", "--out", "short");
  assert.match(
    one.stdout,
    /\nnot read: 1 counter, \\Process\(spoolsv\)\\Handel Count; if it is a gauge of the model under another name, say so with --column\.\n/,
  );
});

test("mistakes in the arguments of import are reported in one line with exit code 2", async () => {
  for (const [words, line] of [
    [["nothing.csv", "--out", "x"], "nothing.csv does not exist"],
    [
      ["log.csv", "--out", "x", "--column", "handles"],
      '--column handles: a column is written as what=header, such as time="Date Time"',
    ],
    [
      ["log.csv", "--out", "x", "--column", "handles=A", "--column", "handles=B"],
      "--column handles=B: handles is named twice",
    ],
    [
      ["log.csv", "--out", "x", "--column", "handles=A", "--column", "privateBytes=A"],
      "--column privateBytes=A: that column is already handles; each is one thing",
    ],
    [
      ["log.csv", "--out", "x", "--set", "handleMax=1"],
      /^--set handleMax is not a parameter of print-servers; did you mean handlesMax/,
    ],
    [["log.csv", "--out", "x", "--set", "servers=2"], "--set servers=2: an import has parameters of the model only"],
    [["log.csv", "--out", "x", "--bias", "9000"], "--bias is 9000; it must be a whole number in [-900, 900]"],
    [["log.csv", "--out", "log.csv"], "--out log.csv is a file; an import is written to a folder"],
  ] as const) {
    const { status, stderr } = await spoolsim(cwd, "import", ...words);
    assert.equal(status, 2, stderr);
    const message = stderr.replace(/^spoolsim: /, "").trimEnd();
    if (typeof line === "string") assert.equal(message, line);
    else assert.match(message, line);
  }
});
