/**
 * What runs live in browsers, in the Chromium and the Firefox of the machine. Each is started once: its start takes as
 * much time as what is tested in it.
 *
 * The live page, served by the command under its policy: sliders, keys, clicks, the digest and the bytes of the
 * command, and one leak step by step. Then exports/browser.ts, as a page gets it: bundled by esbuild, and run on the
 * page's own thread and in two Web Workers. No error, and no request to anywhere else.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "puppeteer-core";
import { browsers, launch, openPage, serve, type BrowserKind } from "./support/browsers.ts";
import { served } from "./support/served.ts";
import { spoolsim } from "./support/spoolsim.ts";

const timeout = 180_000;
const root = fileURLToPath(new URL("../../", import.meta.url));

const launched = new Map<BrowserKind, Promise<Browser>>();

after(async () => {
  for (const browser of launched.values()) await (await browser).close();
});

/**
 * A test in a page of its own, on which nothing may go wrong; it asks for addresses that begin with one of those that
 * the body returns, and for no others. Where there is no such browser it does nothing, and says so in its name.
 */
function inBrowser(kind: BrowserKind, name: string, body: (page: Page) => Promise<readonly string[]>): void {
  const inPage = async () => {
    if (!launched.has(kind)) launched.set(kind, launch(kind));
    const { page, faults, requests } = await openPage(await launched.get(kind)!);
    const allowed = await body(page);
    assert.deepEqual([...faults], []);
    assert.deepEqual(
      requests.filter((one) => !allowed.some((beginning) => one.startsWith(beginning))),
      [],
    );
    await page.close();
  };
  test(`${kind.name} ${name}${kind.missing}`, { timeout }, kind.path === undefined ? () => {} : inPage);
}

const textOf = (page: Page, id: string) => page.$eval(`#${id}`, (found) => found.textContent!.trim());

/** Waits for the whole answer to the question that the command on the page now says. */
async function whole(page: Page, command: RegExp): Promise<string> {
  const isThere = `document.body.dataset.state === "done" && ${String(command)}.test(document.getElementById("command").textContent)`;
  await page.waitForFunction(isThere, { timeout });
  return textOf(page, "command");
}

/** A third of a day with six samples, where everybody prints by day and where they print all night. */
const set = ["horizonDays=0.35", "sampleEveryHours=1.4"];
const only = "site=office,mainframe";

const program = `
  import { csvOf, readExperiment, runInMemory, webRunner, withOverrides } from "spoolsim/browser";
  const text = await (await fetch("q223863.yaml")).text();
  const experiment = withOverrides(readExperiment("q223863", text), { quick: true, ...${JSON.stringify({ set, only: [only] })} });
  const reported = async ({ tables, findings }) => {
    const { length } = tables.samples;
    return { digest: findings.digest, servers: await csvOf(tables.servers), samples: length };
  };
  const workers = [1, 2].map(() => new Worker("worker.js"));
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  window.reported = {
    here: await reported(await runInMemory(experiment)),
    workers: await reported(await runInMemory(experiment, { runner: webRunner(workers) })),
    stopped: await runInMemory(experiment, { signal: controller.signal }).catch((error) => error.message),
    wrong: (() => {
      try {
        readExperiment("mine", "question: why\\nseed: 1\\nscenario: {modle: mm1}\\n");
      } catch (error) {
        return error.name + " " + error.message;
      }
    })(),
    module: await runInMemory(readExperiment("own", text.replace(": print-servers", ": ./mine.mjs"))).catch(
      ({ message }) => message,
    ),
  };
`;
const worker = `import { answerRuns } from "spoolsim/browser";\nanswerRuns(self);\n`;

async function bundled(contents: string): Promise<string> {
  const stdin = { contents, resolveDir: root };
  const result = await build({ stdin, bundle: true, format: "esm", write: false, logLevel: "silent" });
  assert.deepEqual(result.warnings, []);
  return result.outputFiles[0].text;
}

let files: Record<string, string>;
let expected: { digest: string; servers: Buffer };

before(async () => {
  files = {
    "": `<!doctype html><link rel="icon" href="data:,"><title>spoolsim</title><script type="module" src="page.js"></script>`,
    "page.js": await bundled(program),
    "worker.js": await bundled(worker),
    "q223863.yaml": await readFile(join(root, "experiments", "q223863.yaml"), "utf8"),
  };
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-browser-"));
  const words = [
    "run",
    "q223863",
    "--quick",
    ...set.flatMap((one) => ["--set", one]),
    "--only",
    only,
    "--no-cache",
    "--out",
    "out",
  ];
  assert.equal((await spoolsim(folder, ...words, "--no-report")).status, 0);
  const { digest } = JSON.parse(await readFile(join(folder, "out", "manifest.json"), "utf8"));
  expected = { digest, servers: await readFile(join(folder, "out", "servers.csv")) };
  await rm(folder, { recursive: true });
});

interface Reported {
  readonly digest: string;
  readonly servers: string;
  readonly samples: number;
}

for (const kind of browsers) {
  inBrowser(kind, "simulates live what the command simulates, and steps through a leak", async (page) => {
    let origin = "";
    await served([], async (url, cwd) => {
      ({ origin } = new URL(url));

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
    return [origin, `blob:${origin}`];
  });

  inBrowser(kind, "gets the digest and the bytes of the command, in the page and in workers", async (page) => {
    const { server, url } = await serve(files);
    try {
      await page.goto(url);
      await page.waitForFunction("window.reported", { timeout });
      const reported = (await page.evaluate("window.reported")) as Record<"here" | "workers", Reported> &
        Record<string, string>;
      for (const { digest, servers, samples } of [reported.here, reported.workers]) {
        assert.equal(digest, expected.digest);
        assert.equal(sha256(servers), sha256(expected.servers));
        assert.equal(samples, 4 * 2 * 6, "six of each replication of each design point");
      }
      assert.equal(reported.stopped, "enough");
      assert.match(reported.wrong, /^UserError mine:3:12 scenario\.modle is not known here/);
      assert.match(reported.module, /a browser runs only built-in models, not the module \.\/mine\.mjs/);
    } finally {
      server.close();
    }
    return [url];
  });
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
