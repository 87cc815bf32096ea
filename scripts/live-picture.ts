/**
 * The pictures of the live page, taken in the Chromium of this machine: docs/live.png at the answer to the first
 * question, docs/live-leak.png at a leak, step by step, and docs/live-phone.png on a dark phone. `npm run gallery`
 * takes them anew. Their bytes depend on the fonts of the machine, so no test compares them.
 */
import { join } from "node:path";
import puppeteer, { type Page } from "puppeteer-core";
import { serveFolder } from "../cli/static-server.ts";
import { programFolder } from "../lab/program.ts";

const WIDE = { width: 1280, height: 1060 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
/** A story has fewer events up to its leak. */
const EVENTS_MAX = 40;

const { server, port } = await serveFolder(join(programFolder, "dist", "web"), 0, {});
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
// Chromium's sandbox refuses the superuser.
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await puppeteer.launch({ browser: "chrome", executablePath, args });
try {
  const page = await browser.newPage();
  await page.setViewport(WIDE);
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
  await browser.close();
  server.close();
}

function picture(name: string): `${string}.png` {
  return `${join(programFolder, "docs", name)}.png`;
}

/** Steps until the unfixed server leaks. */
async function toLeak(page: Page): Promise<void> {
  await page.click("#leak");
  for (let i = 0; i < EVENTS_MAX && (await page.$(".server.leaks")) === null; i++) await page.click("#next");
}
