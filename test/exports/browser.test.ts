/**
 * exports/browser.ts, as a page gets it: bundled by esbuild, and run in real browsers on the page's own thread and in
 * two Web Workers. The digest and the bytes of servers.csv are those that the command writes.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { browsers, launch, openPage, serve } from "../support/browsers.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** A third of a day with six samples, where everybody prints by day and where they print all night. */
const set = ["horizonDays=0.35", "sampleEveryHours=1.4"];
const only = "site=office,mainframe";

const page = `
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
    "page.js": await bundled(page),
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

let stop = () => {};
after(() => stop());

interface Reported {
  readonly digest: string;
  readonly servers: string;
  readonly samples: number;
}

for (const kind of browsers) {
  const body = async () => {
    const { server, url } = await serve(files);
    const browser = await launch(kind);
    stop = () => void browser.process()?.kill();
    try {
      const { page, faults, requests } = await openPage(browser);
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
      assert.deepEqual([...faults], []);
      assert.deepEqual(
        requests.filter((one) => !one.startsWith(url) && !one.startsWith("data:")),
        [],
      );
    } finally {
      await browser.close();
      server.close();
    }
  };
  test(
    `${kind.name} gets the digest and the bytes of the command, in the page and in workers${kind.missing}`,
    {
      timeout,
    },
    kind.path === undefined ? () => {} : body,
  );
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
