/**
 * The live page in real browsers, served by the command under its policy: sliders, keys, clicks, the digest and the
 * bytes of the command, and one leak step by step; no error, and no request to anywhere else.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "puppeteer-core";
import { browsers, launch, openPage } from "../support/browsers.ts";
import { spoolsim, start } from "../support/spoolsim.ts";

const timeout = 180_000;

/** Runs the body with the address at which the command serves; the command ends well when it is interrupted. */
async function served(words: readonly string[], body: (url: string, cwd: string) => Promise<void>): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), "spoolsim-live-"));
  await writeFile(join(cwd, "own.yaml"), OWN);
  const { child, ended } = start(cwd, ["live", ...words, "--port", "0"]);
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout!.once("data", (data) => resolve(String(data).trim()));
      void ended.then(({ stderr }) => reject(new Error(stderr)));
    });
    await body(url, cwd);
  } finally {
    child.kill("SIGINT");
    assert.equal((await ended).status, 0);
    await rm(cwd, { recursive: true });
  }
}

const OWN = "question: Mine?\nseed: 5\nreplications: 2\nscenario: {model: mm1, horizonDays: 0.01}\n";

/** The answer to a request of this path, as it stands, by this name of the host. */
function fetched(url: string, path: string, host?: string): Promise<{ status: number; headers: object; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const sent = request({ hostname, port, path, headers }, (response) => {
      let text = "";
      response.on("data", (data) => (text += data));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.once("error", reject);
    sent.end();
  });
}

test("the command serves only its folder, under a content policy, by names of this machine", async () => {
  await served(["own.yaml"], async (url) => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/#experiment=own\.yaml&quick=yes$/);
    const page = await fetched(url, "/");
    assert.equal(page.status, 200);
    assert.match(JSON.stringify(page.headers), /default-src 'none'; script-src 'self'/);
    assert.equal((await fetched(url, "/experiments/own.yaml.yaml")).text, OWN);
    assert.ok(JSON.parse((await fetched(url, "/experiments/names.json")).text).includes("q223863"));
    for (const path of ["/../package.json", "/..%2fpackage.json", "/%2e%2e/package.json", "//etc/passwd", "/nothing"]) {
      assert.equal((await fetched(url, path)).status, 404, path);
    }
    assert.equal((await fetched(url, "/", "example.org")).status, 403);
  });
});

test("a taken port and an invalid one are reported in one line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  for (const [words, line] of [
    [["--port", String(port)], /^spoolsim: --port \d+: is in use[^\n]*\n$/],
    [["--port", "70000"], /^spoolsim: --port is 70000; [^\n]*\n$/],
    [["nothing", "--port", "0"], /^spoolsim: [^\n]*"nothing"[^\n]*\n$/],
  ] as const) {
    const { status, stderr } = await spoolsim(tmpdir(), "live", ...words);
    assert.equal(status, 2);
    assert.match(stderr, line);
  }
  other.close();
});

test("an experiment that the page could not run is refused before it is served", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "spoolsim-live-"));
  await writeFile(join(cwd, "own.mjs"), "throw new Error('a module that only the page cannot run');");
  const experiments = {
    "model.yaml": OWN.replace("mm1", "./own.mjs"),
    "part.yaml": `${OWN.replace("mm1", "print-servers")}factors: {spooler: [buggy, ./own.mjs]}\n`,
    "quick.yaml": `${OWN.replace("mm1", "print-servers")}quick: {spooler: ./own.mjs}\n`,
  };
  for (const [file, text] of Object.entries(experiments)) {
    await writeFile(join(cwd, file), text);
    const { status, stdout, stderr } = await spoolsim(cwd, "live", file, "--port", "0");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(
      stderr,
      /^spoolsim: (\w+\.yaml):\d+:\d+ \.\/own\.mjs is a module, which the live page cannot run; spoolsim run \1 can\n$/,
    );
  }
  await writeFile(join(cwd, "wrong.yaml"), OWN.replace("mm1", "mm2"));
  const { status, stderr } = await spoolsim(cwd, "live", "wrong.yaml", "--port", "0");
  assert.deepEqual([status, stderr.split(" is ")[0]], [2, "spoolsim: wrong.yaml:4:12 scenario.model"]);
  await rm(cwd, { recursive: true });
});

const textOf = (page: Page, id: string) => page.$eval(`#${id}`, (found) => found.textContent!.trim());

/** Waits for the whole answer to the question that the command on the page now says. */
async function whole(page: Page, command: RegExp): Promise<string> {
  const isThere = `document.body.dataset.state === "done" && ${String(command)}.test(document.getElementById("command").textContent)`;
  await page.waitForFunction(isThere, { timeout });
  return textOf(page, "command");
}

for (const kind of browsers) {
  const body = (url: string, cwd: string) =>
    inBrowser(url, async (page) => {
      // The page of an address has the digest and the bytes of the command that it shows.
      await page.goto(`${url}#experiment=q223863&quick=yes&only=site%3Doffice&seed=7`);
      const command = await whole(page, /--seed 7/);
      assert.equal(command, "spoolsim run q223863 --quick --seed 7 --only site=office");
      const run = await spoolsim(cwd, ...command.split(" ").slice(1), "--no-report", "--no-cache", "--out", "out");
      assert.equal(run.status, 0);
      const { digest } = JSON.parse(await readFile(join(cwd, "out", "manifest.json"), "utf8"));
      assert.equal(await textOf(page, "digest"), digest);
      const bytes = await readFile(join(cwd, "out", "servers.csv"));
      assert.equal(await textOf(page, "sha256"), createHash("sha256").update(bytes).digest("hex"));
      assert.match(await textOf(page, "answer"), /leaks \d/);
      assert.ok((await page.$$("#curves svg.chart")).length > 0);

      // Moving a slider with the keyboard changes the question and the address.
      await page.focus("#deleteShare");
      for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
      await whole(page, /deleteShare=0\.03/);
      assert.notEqual(await textOf(page, "digest"), digest);
      assert.match(page.url(), /set=deleteShare%3D0\.03/);
      assert.equal(await page.evaluate("document.activeElement.id"), "deleteShare");
      await page.select("#factor-site", "help-desk");
      await whole(page, /site=help-desk/);

      // One leak, step by step.
      const ran = () =>
        page.$$eval(".server:first-child .line.ran", (lines) => lines.map((line) => line.textContent!.trim()));
      await page.click("#leak");
      for (let i = 0; i < 40 && (await page.$$(".server.leaks")).length === 0; i++)
        await page.keyboard.press("ArrowRight");
      assert.equal((await page.$$(".server.leaks")).length, 1, "the unfixed server leaks, the fixed one does not");
      assert.deepEqual(
        (await ran()).map((line) => line.replace("\u25b6", "").trim()),
        ["close(processors, instance) {", "if (processors.guard[instance] > 0) {", "return;"],
      );
      assert.match(
        await page.$eval(".sentences .sentence:first-child", (one) => one.textContent!),
        /it stays open until the spooler restarts/,
      );
      await page.keyboard.press("ArrowLeft");
      assert.equal((await page.$$(".server.leaks")).length, 0);
      // Paused at the first event, because the story could be over before a slow test looks.
      await page.evaluate(`
        new MutationObserver((_, observer) => {
          observer.disconnect();
          const play = document.getElementById("play");
          play.click();
          play.dataset.paused = "yes";
        }).observe(document.querySelector(".clock"), { childList: true });
      `);
      await page.click("#play");
      await page.waitForSelector("#play[data-paused]", { timeout });
      assert.equal(await textOf(page, "play"), "Play");

      // Settings that make no sense are reported; then another experiment is chosen.
      await page.goto(`${url}#experiment=q223863&set=jobsPerDay%3D-1`);
      await page.waitForFunction("!document.getElementById('fault').hidden", { timeout });
      assert.match(await textOf(page, "fault"), /jobsPerDay is -1; a number in/);
      await page.select("#experiment", "mm1");
      await whole(page, /run mm1 --quick/);
      assert.equal(await page.$eval("#one-server", (section) => section.hidden), true);

      await page.setViewport({ width: 390, height: 844 });
      const wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      assert.equal(await page.evaluate(wide), 0, "nothing sticks out of a phone");
    });
  const inBrowser = async (url: string, look: (page: Page) => Promise<void>) => {
    const browser = await launch(kind);
    try {
      const { page, faults, requests } = await openPage(browser);
      await look(page);
      const { origin } = new URL(url);
      assert.deepEqual([...faults], []);
      assert.deepEqual(
        requests.filter((one) => !one.startsWith(origin) && !one.startsWith(`blob:${origin}`)),
        [],
      );
    } finally {
      await browser.close();
    }
  };
  test(
    `${kind.name} simulates live what the command simulates, and steps through a leak${kind.missing}`,
    {
      timeout,
    },
    kind.path === undefined ? () => {} : () => served([], body),
  );
}
