/** docs/notebooks.md: its Python and its R run in a results folder, and find the numbers of its tables. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { folderForEachTest } from "./support/folders.ts";
import { needs, programPath } from "./support/programs.ts";
import { spoolsim } from "./support/spoolsim.ts";
import { rows } from "./support/texts.ts";

/** Nothing takes so long, not even on a busy machine. */
const timeout = 300_000;
const document = new URL("../../docs/notebooks.md", import.meta.url);

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

/** The blocks of a language, as one program in a new results folder, with a last line; returns what it prints. */
async function printed(language: string, program: string, lastLine: string): Promise<string> {
  const small = ["--quick", "--set", "horizonDays=0.3"];
  const run = await spoolsim(cwd, "run", "q223863", ...small, "--no-report", "--no-chart", "--out", "tables");
  assert.deepEqual([run.status, run.stderr], [0, ""]);
  const exported = await spoolsim(cwd, "export", "tables", "--format", "parquet");
  assert.equal(exported.status, 0, exported.stderr);
  const log = ["--format", "pdh-csv", "--every", "300", "--out", "tables/log.csv"];
  const logged = await spoolsim(cwd, "export", "q223863", ...small, ...log);
  assert.equal(logged.status, 0, logged.stderr);
  const blocks = [...(await readFile(document, "utf8")).matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const text = blocks.filter(([, one]) => one === language).map(([, , block]) => block);
  assert.ok(text.length > 0);
  const folder = join(cwd, "tables");
  await writeFile(join(folder, "notebook"), [...text, lastLine].join("\n"));
  return (await promisify(execFile)(program, ["notebook"], { cwd: folder })).stdout;
}

const python = programPath("python3");
const packages = "pandas, pyarrow, polars, duckdb";
const hasPackages = python !== undefined && spawnSync(python, ["-c", `import ${packages}`]).status === 0;
const missing = hasPackages ? "" : ` (needs python3 with ${packages}, which is not here: not tested)`;

test(`the Python of notebooks.md runs, and pandas reads the means of servers.csv${missing}`, { timeout }, async () => {
  if (python === undefined || !hasPackages) return;
  const means = 'print(servers[servers["spooler"] == "buggy"].groupby("site")["leakedHandles"].mean().to_json())';
  const found = JSON.parse((await printed("python", python, means)).trim().split("\n").at(-1)!) as object;
  const buggy = (await rows(join(cwd, "tables/servers.csv"))).filter(({ spooler }) => spooler === "buggy");
  for (const [site, mean] of Object.entries(found)) {
    const own = buggy.filter((row) => row.site === site).map(({ leakedHandles }) => Number(leakedHandles));
    assert.equal(mean, own.reduce((sum, value) => sum + value, 0) / own.length, site);
  }
  assert.equal(Object.keys(found).length, 4);
});

test(`the R of notebooks.md runs, and finds the interval of comparison.csv${needs("R", "Rscript")}`, {
  timeout,
}, async () => {
  const program = programPath("Rscript");
  if (program === undefined) return;
  const interval = 'cat(t.test(pairs$difference[pairs$site == "mainframe"])$conf.int, "\\n")';
  const [lower, upper] = (await printed("r", program, interval)).trim().split("\n").at(-1)!.split(" ").map(Number);
  const comparison = (await rows(join(cwd, "tables/comparison.csv"))).find(
    ({ site, response }) => site === "mainframe" && response === "processorsLeaked",
  )!;
  assert.ok(Math.abs(lower! - Number(comparison.lower)) < 1e-3, `${lower} and ${comparison.lower}`);
  assert.ok(Math.abs(upper! - Number(comparison.upper)) < 1e-3, `${upper} and ${comparison.upper}`);
});
