/** A browser to look at pages with, where there is one. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is: what the environment says, or where Debian and others put it. */
export const chromiumPath = [process.env.CHROMIUM ?? "", ...places].find((path) => path !== "" && existsSync(path));

/** Said in the names of tests that do nothing here. */
export const needsChromium = chromiumPath === undefined ? " (needs Chromium, which is not here: not tested)" : "";

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** A page of a file, with all that went wrong on it and all that it asked for besides itself. */
export interface Opened {
  readonly page: Page;
  readonly faults: readonly string[];
  readonly requests: readonly string[];
}

export async function launch(): Promise<Browser> {
  // Chromium's sandbox refuses the superuser, and tests in a container often run as superuser.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: chromiumPath!, args });
}

/** The page of a browser: a new one for each file would take longer than most files. */
const pages = new WeakMap<Browser, Page>();

/** Opens the file, and closes it after the body. */
export async function withFile(
  browser: Browser,
  file: string,
  { width = 1200, height = 900, scheme = "light" }: Look,
  body: (opened: Opened) => Promise<void>,
): Promise<void> {
  const page = pages.get(browser) ?? (await (await browser.newContext({ offline: true })).newPage());
  // A page on which a body failed may be in any state, and is not used again.
  pages.delete(browser);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ media: null, colorScheme: scheme });
  const faults: string[] = [];
  const requests: string[] = [];
  const url = pathToFileURL(file).href;
  page.on("console", (message) => void faults.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  await body({ page, faults, requests });
  page.removeAllListeners();
  await page.mouse.move(0, 0);
  await page.goto("about:blank");
  pages.set(browser, page);
}

/** A test that needs the browser; it says so in its name where there is none. */
export function inBrowser(name: string, body: () => Promise<void>): void {
  test(`${name}${needsChromium}`, needsChromium === "" ? body : () => {});
}

/** Opens the file, and afterwards asks that nothing went wrong and nothing else was asked for. */
export async function withPage(
  browser: Browser,
  file: string,
  look: Look,
  body: (page: Page) => Promise<void>,
): Promise<void> {
  await withFile(browser, file, look, async ({ page, faults, requests }) => {
    await body(page);
    assert.deepEqual([...faults], []);
    assert.deepEqual([...requests], []);
  });
}
