/** spoolsim sensitivity: assumptions, ranked in a table, a file and words. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

test("sensitivity ranks assumptions in a table, a file and words", { timeout }, async () => {
  const words = [
    "sensitivity",
    "q223863",
    "--at",
    "site=mainframe",
    "--days",
    "0.05",
    "--trajectories",
    "2",
    "--set",
    "dcsMax=16",
    "--workers",
    "1",
    "--no-cache",
  ];
  const few = [...words, "--rows", "2", "--top", "2", "--page", "sensitivity.html"];
  const { status, stdout } = await spoolsim(cwd, ...few);
  assert.equal(status, 0);
  assert.ok(existsSync(join(cwd, "sensitivity.html")));
  assert.match(
    stdout,
    /^What matters for the difference in processorsLeaked between site=mainframe,spooler=buggy and site=mainframe,spooler=fixed\?/m,
  );
  assert.match(
    stdout.replace(/\s+/g, " "),
    /with 95 % intervals; with 2 rows, they hold in some 90 % of cases or fewer/,
  );
  assert.match(stdout, /│ jobsPerDay .* †.*\n/);
  assert.match(stdout, /^† a resource ran out at a value that was tried/m);
  assert.match(stdout, /^- A resource ran out at both values of jobsPerDay \(1 of 2 changes\)/m);
  const sentences = stdout.replace(/\n(?=\S)/g, " ");
  assert.match(sentences, /- The largest shares? of the variance, in all, (is that|are those) of \w+ \(\d+ %\)/);
  assert.doesNotMatch(stdout, /-\d+ %|\b(?!100 )\d{3,} %/, "a share is between 0 and 100 %");
  const inTable = [...stdout.matchAll(/^│ (\w+) /gm)].map(([, name]) => name);
  const named = [...sentences.matchAll(/; (\w+) distinguishes them best/g)].map(([, name]) => name);
  for (const name of named) assert.ok(inTable.includes(name), name);
  assert.match(sentences, /The table has \d+ of the \d+ assumptions that were varied, by size of their effects\./);
  assert.match(stdout, /^- Within these ranges the conclusion does not change|^- In \d+ of \d+ settings /m);
  const found = await rows(join(cwd, "results/q223863-sensitivity/sensitivity.csv"));
  assert.ok(found.length > 40 && found.at(-1)?.assumption === "chance");
  const effects = found.slice(0, -1).map(({ muStar }) => Number(muStar));
  assert.ok(effects[0] > 0 && effects.every((effect, i) => i === 0 || effect <= effects[i - 1]));
  await refuses(cwd, few, /sensitivity\.csv exists already; .*--force/);
  await refuses(
    cwd,
    [...words, "--response", "processors", "--out", "o"],
    /--response is processors; one of jobsSubmitted/,
  );
  await refuses(cwd, [...words, "--factor", "1", "--out", "o"], /--factor/);
});
