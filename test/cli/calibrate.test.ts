/** `spoolsim calibrate`, end to end: from a counter log to the command that decides, with nothing to be said twice. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CurveChart } from "../../page/chart.ts";
import { spoolsim } from "../support/spoolsim.ts";

let cwd: string;
let printed: string;
const run = async (words: string) => {
  const { status, stdout, stderr } = await spoolsim(cwd, ...words.split(" "));
  assert.equal(status, 0, stderr);
  return stdout;
};

before(async () => {
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-calibrate-"));
  const office =
    "--set jobsPerDay=300 --set printers=10 --set pauseDeleteShare=0.004 --set deleteShare=0.1 --set controlMsMedian=200";
  await run(
    `export q223863 --only site=office --at spooler=buggy ${office} --set horizonDays=10 --set restartEveryHours=130 ` +
      "--format pdh-csv --every 3600 --instance spoolsv --start 2026-03-02 --out log.csv",
  );
  await run("import log.csv --out mine --set handlesMax=16000 --set jobsPerDay=300");
  printed = await run(
    "calibrate mine --set printers=10 --set restartEveryHours=0 --rivals Q223863,no-leak --worlds 100 --no-realistic " +
      "--workers 1",
  );
});
after(async () => {
  await rm(cwd, { recursive: true });
});

test("the text gives the assumptions of the worlds, how far intervals can be trusted, and the next command", () => {
  assert.match(printed, /^No job log was imported, so the number of jobs was not observed\./);
  assert.match(printed, /│ jobsPerDay +│ as set, or the model's default +│ +300 per day │/);
  assert.match(
    printed,
    /90 % intervals: in \d+ worlds whose true values are known, \d+ % of such intervals contained them/,
  );
  // The second restart was after 260 of the 240 hours; the first after 130, on the sixth day.
  const command =
    "spoolsim advise restart-or-patch --worlds mine-posterior/posterior.csv --servers 1 --start 2026-03-07 " +
    "--page mine-posterior/advice.html";
  assert.ok(printed.includes(`\n${command}\n`), printed);
});

test("if no world looks like the counters, that is said first, and no command to decide with follows", async () => {
  const words = await run(
    "calibrate mine --set printers=10 --rivals no-leak,Q223791 --worlds 100 --no-realistic --workers 1 --out no",
  );
  const [warning, share, end] = ["Do not rely on this yet: even", "│ explanation", "100 worlds were compared."].map(
    (text) => words.indexOf(text),
  );
  assert.ok(0 < warning! && warning! < share! && share! < end!, words);
  assert.doesNotMatch(words, /What to do|match the observations/);
});

test("a server that was not imported is refused", async () => {
  const { status, stderr } = await spoolsim(cwd, "calibrate", "mine", "--servers", "NOBODY", "--out", "other");
  assert.equal(status, 2);
  assert.match(stderr, /^spoolsim: --servers is NOBODY; /);
});

test("a draw sets what is known about the servers, and no decision about them", async () => {
  const [head = "", first = ""] = (await readFile(join(cwd, "mine-posterior/posterior.csv"), "utf8")).split("\n");
  const cells = first.split(",");
  const names = head.split(",");
  const cell = (name: string) => cells[names.indexOf(name)];
  assert.deepEqual(["site", "printers", "jobsPerDay", "profile", "handlesMax"].map(cell), [
    "office",
    "10",
    "300",
    "office",
    "16000",
  ]);
  assert.ok(names.includes("pauseDeleteShare") && !names.includes("restartEveryHours"), head);
});

test("the page has the workload, and worlds that fall where the service was restarted", async () => {
  const page = await readFile(join(cwd, "mine-posterior/posterior.html"), "utf8");
  assert.match(page, /The workload/);
  const figures = [...page.matchAll(/<script type="application\/json">(.*?)<\/script>/g)].map(([, json]) => {
    return JSON.parse(json!) as { id: string; charts: CurveChart[] };
  });
  const charts = figures.find(({ id }) => id === "check-chart")!.charts;
  const [observed, worlds] = charts.find(({ id }) => id === "check-handles")!.panels[0]!.curves;
  // The lowest reading of the fifth day, and of the sixth, on which the service was started anew.
  for (const { y } of [observed!, worlds!]) assert.ok(y[5]! < y[4]! - 5, JSON.stringify(y));
});

test("advise takes the posterior as its only source of known values", async () => {
  const [, words = ""] = /\nspoolsim (advise .*)\n/.exec(printed)!;
  const options = "--replications 2 --only policy=wait,weekly --set horizonDays=8 --workers 1";
  const { stdout: advice, stderr } = await spoolsim(cwd, ...`${words} ${options}`.split(" "));
  assert.match(stderr, /advice simulates \d+ design points, [\d.]+ server-days in all/, "the work is told beforehand");
  assert.match(advice, /or restart-or-patch, choose /);
  assert.match(advice, /the first resource to run out is .* on about 20\d\d-/);
  assert.match(await readFile(join(cwd, "mine-posterior/advice.html"), "utf8"), /<h1>/);
});
