/**
 * The pictures of pages, taken in the Chromium of this machine: docs/report.png at the first screen of the main
 * experiment's report, docs/report-dark.png the same in the dark, docs/report-phone.png on a phone; docs/live.png at
 * the answer to the live page's first question, docs/live-leak.png at a leak, step by step, docs/live-phone.png on a
 * dark phone. `npm run gallery` takes them anew. Their bytes depend on the fonts of the machine: no test compares them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { serveFolder } from "../cli/static-server.ts";
import { loadExperiment } from "../lab/experiment/load.ts";
import { programFolder } from "../lab/program.ts";
import { writeReport } from "../lab/reports/report.ts";
import { runExperiment } from "../lab/run-experiment.ts";

const REPORT = { width: 1280, height: 890 };
const LIVE = { width: 1280, height: 1060 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
/** The longest story up to its leak [events]. */
const EVENTS_MAX = 40;

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
// Chromium's sandbox refuses the superuser.
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await puppeteer.launch({ browser: "chrome", executablePath, args });
try {
  await reportPictures(browser);
  await livePictures(browser);
} finally {
  await browser.close();
}

async function reportPictures(chromium: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-pictures-"));
  try {
    const out = join(folder, "results");
    const { signal } = new AbortController();
    const machine = { workers: Math.min(2, availableParallelism()), sliceSize: 64, signal };
    const options = { ...machine, out, force: false, command: "npm run gallery", cache: undefined };
    await runExperiment(await loadExperiment("q223863"), options);
    await writeReport(out);
    for (const [name, viewport, scheme] of [
      ["report", REPORT, "light"],
      ["report-dark", REPORT, "dark"],
      ["report-phone", PHONE, "light"],
    ] as const) {
      const page = await chromium.newPage();
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport(viewport);
      await page.goto(pathToFileURL(join(out, "report.html")).href);
      await page.waitForSelector(".stage svg.chart");
      await page.screenshot({ path: picture(name) });
      await page.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function livePictures(chromium: Browser): Promise<void> {
  const { server, port } = await serveFolder(join(programFolder, "dist", "web"), 0, {});
  try {
    const page = await chromium.newPage();
    await page.setViewport(LIVE);
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction("document.body.dataset.state === 'done'");
    await page.screenshot({ path: picture("live") });
    await toLeak(page);
    await (await page.$("#one-server"))!.screenshot({ path: picture("live-leak") });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await page.setViewport(PHONE);
    await page.$eval("#one-server .figure", (figure) => figure.scrollIntoView());
    await page.screenshot({ path: picture("live-phone") });
  } finally {
    server.close();
  }
}

function picture(name: string): `${string}.png` {
  return `${join(programFolder, "docs", name)}.png`;
}

/** Steps to the unfixed server's leak. */
async function toLeak(page: Page): Promise<void> {
  await page.click("#leak");
  for (let i = 0; i < EVENTS_MAX && (await page.$(".server.leaks")) === null; i++) await page.click("#next");
}
