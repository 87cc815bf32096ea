/** An experiment that a program runs gives the rows and the digest that the command writes. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { buildExperiment, loadExperiment } from "../../lab/experiment/load.ts";
import { withOverrides } from "../../lab/experiment/override.ts";
import { runInMemory } from "../../lab/in-memory.ts";
import { UserError } from "../../lab/user-error.ts";
import { spoolsim } from "../support/spoolsim.ts";

test("the tables and the digest in memory are those of the files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-in-memory-"));
  try {
    const words = ["run", "q223863", "--quick", "--set", "horizonDays=0.5", "--no-report", "--no-cache"];
    assert.equal((await spoolsim(folder, ...words, "--workers", "1", "--out", "out")).status, 0);
    const experiment = withOverrides(await loadExperiment("q223863"), { quick: true, set: ["horizonDays=0.5"] });
    const { tables, findings } = await runInMemory(experiment);
    const manifest = JSON.parse(await readFile(join(folder, "out", "manifest.json"), "utf8"));
    assert.equal(findings.digest, manifest.digest);
    const files = (manifest.files as { path: string }[])
      .map(({ path }) => path)
      .filter((path) => path.endsWith(".csv"));
    assert.deepEqual(files.map((file) => file.replace(".csv", "")).sort(), Object.keys(tables).sort());
    for (const file of files) {
      const rows = parse(await readFile(join(folder, "out", file), "utf8"), { columns: true }) as object[];
      const cells = tables[file.replace(".csv", "")].map((row) => {
        return Object.fromEntries(
          Object.entries(row).map(([name, cell]) => [name, Number.isNaN(cell) ? "" : String(cell === 0 ? 0 : cell)]),
        );
      });
      assert.deepEqual(
        cells,
        rows.map((row) => ({ ...row })),
        file,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("an experiment can be described by an object as by a file, and a mistake names its path", async () => {
  const described = { question: "?", seed: 7, replications: 1, scenario: { model: "mm1", horizonDays: 0.01 } };
  const { findings } = await runInMemory(buildExperiment("load", described));
  const threads = await runInMemory(buildExperiment("load", described), { workers: 2 });
  assert.equal(findings.digest, threads.findings.digest);
  assert.ok(findings.events > 500);
  const misspelt = { ...described, scenario: { model: "mm1", server: 1 } };
  assert.throws(() => buildExperiment("load", misspelt), /load: scenario\.server is not known here/);
  const none = buildExperiment("load", { ...described, scenario: { model: "mm1", parameters: { lambda: 1 } } });
  await assert.rejects(runInMemory(none), /load: scenario\.parameters\.lambda is not a parameter of mm1/);
  const open = { min: 2, max: 4, until: { response: "waitUsMean", relativeHalfWidth: 0.5 } };
  await assert.rejects(runInMemory(buildExperiment("load", { ...described, replications: open })), UserError);
});

test("a signal stops the server", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(runInMemory(await loadExperiment("mm1"), { signal }), /enough/);
});
