/**
 * The picture of the live page, docs/live.png: taken in the Chromium of this machine, at the answer to the
 * first question. `npm run gallery` takes it anew. Its bytes depend on the fonts of the machine, so no test compares
 * them.
 */
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { serveFolder } from "../cli/static-server.ts";
import { programFolder } from "../lab/program.ts";

const WIDTH = 1280;
const HEIGHT = 1060;

const { server, port } = await serveFolder(join(programFolder, "dist", "web"), 0, {});
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
// Chromium's sandbox refuses the superuser.
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await puppeteer.launch({ browser: "chrome", executablePath, args });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: WIDTH, height: HEIGHT });
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction("document.body.dataset.state === 'done'");
  await page.screenshot({ path: join(programFolder, "docs", "live.png") });
} finally {
  await browser.close();
  server.close();
}
