/** docs/questions.md: its commands are executed in the order of the page, at a small size, and print what it says. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { programFolder } from "../lab/program.ts";
import { commandsOf } from "./support/documents.ts";
import { spoolsim } from "./support/spoolsim.ts";

const few = "--quick --set horizonDays=0.5";

/** Of each command of the page: the options that make it small, and what it prints or writes. */
const commands: Readonly<Record<string, readonly [options: string, printed: RegExp, written?: string]>> = {
  "import log.csv --out results/mine": ["", /^1 file, 1 server, 288 readings/],
  "forecast results/mine": ["", / handles +│.* about \d{4}-\d\d-\d\d \(\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\) │/],
  "calibrate results/mine": ["--worlds 100", /│ deleteShare +│.*%/, "results/mine-posterior/posterior.csv"],
  "run q223863 --checkpoint 10m": [few, /digest x/, "results/q223863/servers.csv"],
  "init --spooler mine": ["", /mine\.mjs/, "mine.mjs"],
  "run q223863 --add spooler=./mine.mjs": [`${few} --out added`, /buggy - \.\/mine\.mjs/],
  "warm-up results/mm1": ["", /waitUsMean.*\d %\)/],
  init: ["", /^Wrote experiment\.yaml/, "experiment.yaml"],
  "verify results/q223863": ["", /every byte the same/],
  "export results/q223863 --format parquet": ["", /servers\.parquet/, "results/q223863/servers.parquet"],
};
const mentioned = ["warm-up", "live"];

test("the commands of questions.md print what it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-questions-"));
  try {
    const executed = async (words: string) => {
      const { status, stdout, stderr } = await spoolsim(folder, ...words.split(" ").filter((word) => word !== ""));
      assert.equal(status, 0, `${words}: ${stderr}`);
      return stdout;
    };
    await executed(
      "export q223863 --format pdh-csv --set horizonDays=12 --every 3600 --start 2026-03-02 --out log.csv",
    );
    await executed("run mm1 --quick");
    const shown = commandsOf(await readFile(join(programFolder, "docs/questions.md"), "utf8"));
    assert.deepEqual([...new Set(shown)].sort(), [...Object.keys(commands), ...mentioned].sort());
    for (const [words, [options, printed, written]] of Object.entries(commands)) {
      assert.match(await executed(`${words} ${options}`), printed, words);
      if (written !== undefined) assert.ok(existsSync(join(folder, written)), written);
    }
    assert.match(await readFile(join(folder, "experiment.yaml"), "utf8"), /^compare:$/m);
  } finally {
    await rm(folder, { recursive: true });
  }
});
