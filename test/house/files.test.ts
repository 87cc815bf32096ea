/** Rules of the house: what files hold, how long they are, and their tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  codeLivesInRooms,
  everyTestRuns,
  filesAreMirroredByTests,
  filesAreShort,
  filesSayWhatTheyAre,
  commentsAreNarrow,
  nothingIsLeftForLater,
  testsHaveDistinctNames,
} from "./files.ts";
import type { Fault, Source } from "./source.ts";
import { assertNone, each, paths, rule } from "./rule.ts";

rule(
  "nothing is left for later",
  each(nothingIsLeftForLater),
  {
    "cli/a.ts": `// ${"TO" + "DO"}: later\nconst mastodon = 1;\n/** ${"FIX" + "ME"} */\nconst text = "${"XX" + "X"}";\n`,
  },
  ["cli/a.ts:1", "cli/a.ts:3", "cli/a.ts:4"],
);

rule(
  "every test runs, and none alone",
  each(everyTestRuns),
  {
    "test/a.test.ts":
      `test("a.only", () => {});\ntest.${"skip"}("b", () => {});\ntest("c", { ${"todo"}: true }, () => {});\n` +
      `const [one] = list.only;\ndescribe\n  .${"only"}("d", () => {});\n`,
  },
  ["test/a.test.ts:2", "test/a.test.ts:3", "test/a.test.ts:5"],
);

rule(
  "every test has a name of its own",
  testsHaveDistinctNames,
  {
    "test/a.test.ts": `${"test"}("a", () => {});\n${"test"}("b", () => {});\n`,
    "test/b.test.ts": `\n${"test"}(\n  "a",\n  () => {},\n);\n`,
    "test/c.ts": `${"test"}("a", () => {});\n`,
  },
  ["test/b.test.ts:2"],
);

rule(
  "comments have at most 120 columns",
  each(commentsAreNarrow),
  {
    "sim/a.ts": `// ${"x".repeat(117)}\n// ${"y".repeat(118)}\n// ${"\u{1F5A8}".repeat(117)}\nconst z = "${"z".repeat(120)}"; // z\n`,
  },
  ["sim/a.ts:2"],
);

rule(
  "files have at most 700 lines",
  each(filesAreShort),
  {
    "sim/a.ts": "\n".repeat(700),
    "sim/b.ts": "\n".repeat(701),
  },
  ["sim/b.ts:701"],
);

rule(
  "every file says first what it is",
  each(filesSayWhatTheyAre),
  {
    "sim/a.ts": `/** A thing. */\nconst a = 1;\n`,
    "cli/main.ts": `#!/usr/bin/env node\n/** A command. */\n`,
    "lab/b.ts": `import { a } from "./a.ts";\n\n/** A thing. */\n`,
    "bench/c.ts": `// A thing.\n`,
    "models/d.ts": `/** */\n`,
    "test/e.ts": `const a = 1;\n`,
  },
  ["lab/b.ts:1", "bench/c.ts:1", "models/d.ts:1"],
);

rule(
  "every file of sim, models, page and lab has a test of its name, or a reason",
  ofPaths(filesAreMirroredByTests),
  {
    "sim/a.ts": "",
    "test/sim/a.test.ts": "",
    "sim/b.ts": "",
    "test/lab/b.test.ts": "",
    "models/model.ts": "",
    "cli/c.ts": "",
  },
  ["sim/b.ts:1"],
);

function ofPaths(faultsOf: (paths: readonly string[]) => Fault[]): (files: readonly Source[]) => Fault[] {
  return (files) => faultsOf(files.map(({ path }) => path));
}

test("code is only in the rooms; experiments, docs and results contain none", () => {
  assertNone(codeLivesInRooms(paths));
  const right = ["experiments/a.yaml", "exports/index.ts", "examples/a.mjs", "setup.mjs", "spoolsim.mjs", "cli/b.ts"];
  const wrong = ["experiments/c.ts", "docs/d.mjs", "main.ts", "utils/e.ts"];
  assert.deepEqual(
    codeLivesInRooms([...right, ...wrong]).map(({ path }) => path),
    wrong,
  );
});
