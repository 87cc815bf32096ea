/** spoolsim live: what the command serves and to whom, and what it refuses. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OWN, served } from "../support/served.ts";
import { spoolsim } from "../support/spoolsim.ts";

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
