/** The browsers of this machine, driven as a person drives them, and a server on the loopback for what they open. */
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

export interface BrowserKind {
  readonly name: "Chromium" | "Firefox";
  /** Where it is; undefined when it is not here. */
  readonly path: string | undefined;
  /** Said in the names of tests that do nothing here. */
  readonly missing: string;
}

function kind(name: BrowserKind["name"], places: readonly (string | undefined)[]): BrowserKind {
  const path = places.find((place) => place !== undefined && existsSync(place));
  return { name, path, missing: path === undefined ? ` (needs ${name}, which is not here: not tested)` : "" };
}

/** What the environment says, or where Debian and others put them. */
export const browsers: readonly BrowserKind[] = [
  kind("Chromium", [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]),
  kind("Firefox", [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"]),
];

export function launch({ name, path }: BrowserKind): Promise<Browser> {
  // Chromium's sandbox refuses the superuser, and tests in a container often run as superuser.
  const args = name === "Chromium" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = name === "Chromium" ? "chrome" : "firefox";
  // Firefox would spend a fifth of its start on the extensions that come with it.
  const extraPrefsFirefox = { "extensions.enabledScopes": 0 };
  return puppeteer.launch({ browser, executablePath: path!, args, headless: true, extraPrefsFirefox });
}

/** A page, all that went wrong on it, and the addresses that it asked for. */
export interface Watched {
  readonly page: Page;
  readonly faults: readonly string[];
  readonly requests: readonly string[];
}

export async function openPage(browser: Browser, width = 1280, height = 800): Promise<Watched> {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  const faults: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => void faults.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => void faults.push(String(error)));
  page.on("requestfailed", (request) => void faults.push(`failed: ${request.url()}`));
  // data: and blob: addresses are part of the page and request nothing.
  page.on("request", (request) => void (request.url().startsWith("data:") || requests.push(request.url())));
  return { page, faults, requests };
}

/** Serves files by their paths on the loopback, under a policy that lets them load one another and nothing else. */
export async function serve(files: Readonly<Record<string, string>>): Promise<{ server: Server; url: string }> {
  const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", yaml: "text/plain" };
  const server = createServer(({ url = "" }, response) => {
    const text = files[url.slice(1)];
    const own = ["script-src", "worker-src", "connect-src"].map((what) => `${what} 'self'`).join("; ");
    response.writeHead(text === undefined ? 404 : 200, {
      "content-type": types[url.replace(/^.*\./, "")] ?? "text/html",
      "content-security-policy": `default-src 'none'; img-src data:; ${own}`,
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
