/** What axe-core finds on every kind of page that a command writes, as the command writes it. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { leaking, queues, single } from "../support/small-results.ts";
import { spoolsim } from "../support/spoolsim.ts";
import { faultsOfPages } from "./axe.ts";
import { inBrowser, launch, needsChromium } from "./browser.ts";

let browser: Browser;
let cwd: string;

before(async () => {
  if (needsChromium !== "") return;
  browser = await launch();
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-accessibility-"));
  for (const [name, yaml] of Object.entries({ leaking, queues, single })) {
    await writeFile(join(cwd, `${name}.yaml`), yaml);
    await succeeds(`run ${name}.yaml --workers 1 --out ${name}`);
  }
});

after(async () => {
  if (needsChromium !== "") return;
  await browser.close();
  await rm(cwd, { recursive: true });
});

async function succeeds(words: string): Promise<void> {
  const { status, stderr } = await spoolsim(cwd, ...words.split(" "));
  assert.equal(status, 0, stderr);
}

/** The pages, and the commands that write them; a report is written by its run. */
const kinds: Readonly<Record<string, readonly [pages: readonly string[], commands: readonly string[]]>> = {
  "reports of a comparison, of queues and of a single fleet": [
    ["leaking", "queues", "single"].map((name) => `${name}/report.html`),
    [],
  ],
  "advice on a fleet of several parts": [["mixed.html"], ["advise q223863 --quick --workers 1 --page mixed.html"]],
  "a warm-up": [["warm-up.html"], ["warm-up queues --page warm-up.html"]],
  "a validation": [["validation.html"], ["validate mm1 --page validation.html"]],
  "a comparison of detectors": [["detection.html"], ["detect leaking --page detection.html"]],
  "a sensitivity study": [
    ["sensitivity.html"],
    [
      "sensitivity q223863 --at site=mainframe --days 0.1 --trajectories 2 --rows 2 --top 2 --workers 1 " +
        "--page sensitivity.html",
    ],
  ],
  "an imported log: its report, forecast and alarms, its calibration, and the advice from that": [
    ["mine/report.html", "forecast.html", "alarms.html", "mine-posterior/posterior.html", "advice.html"],
    [
      "export q223863 --only site=office --at spooler=buggy --set jobsPerDay=300 --set printers=10 " +
        "--set horizonDays=10 --format pdh-csv --every 3600 --instance spoolsv --start 2026-03-02 --out log.csv",
      "import log.csv --out mine --set handlesMax=16000 --set jobsPerDay=300",
      "report mine",
      "forecast mine --page forecast.html",
      "detect mine --page alarms.html",
      "calibrate mine --set printers=10 --rivals Q223863,no-leak --worlds 100 --no-realistic",
      "advise restart-or-patch --worlds mine-posterior/posterior.csv --servers 1 --replications 2 " +
        "--only policy=wait,weekly --set horizonDays=8 --page advice.html",
    ],
  ],
};

for (const [kind, [pages, commands]] of Object.entries(kinds)) {
  inBrowser(`nothing is cut or inaccessible in ${kind}, light or dark, wide or narrow`, async () => {
    for (const words of commands) await succeeds(words);
    const files = pages.map((page) => join(cwd, page));
    assert.deepEqual(await faultsOfPages(browser, files), []);
  });
}
