/** Every experiment that ships runs at its quick size and writes its results. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shippedExperiments } from "../../lab/experiment/load.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";

let cwd: string;
before(async () => void (cwd = await mkdtemp(join(tmpdir(), "spoolsim-shipped-"))));
after(() => rm(cwd, { recursive: true }));

for (const experiment of await shippedExperiments()) {
  test(`${experiment} runs at its quick size`, { timeout }, async () => {
    const { status, stdout, stderr } = await spoolsim(cwd, "run", experiment, "--quick", "--workers", "1");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^\d+ events in [\d.]+ s, digest x[0-9a-f]{16}$/m);
    const names = await readdir(join(cwd, "results", experiment));
    for (const file of ["servers.csv", "samples.csv", "runs.csv", "manifest.json", "datapackage.json", "report.html"]) {
      assert.ok(names.includes(file), file);
    }
  });
}
