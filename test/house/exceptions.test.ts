/** A rule of the house: no exception outlives its reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exceptionsAreNeeded } from "./exceptions.ts";
import { source } from "./source.ts";
import { assertNone, sources } from "./rule.ts";

test("no exception outlives its reason", () => {
  assertNone(exceptionsAreNeeded(sources));
  const gone = ["bench/harness.ts", "cli/progress.ts", "test/models/print-servers/invariants.test.ts"];
  const faults = exceptionsAreNeeded([
    ...sources.filter(({ path }) => !gone.includes(path)),
    source("bench/harness.ts", "/** No package any more. */"),
    source("cli/progress.ts", `/** No clock any more. */\nimport { SingleBar } from "cli-progress";`),
    source("test/models/model.test.ts", ""),
  ]);
  assert.deepEqual(
    faults.map(({ path }) => path),
    ["bench/harness.ts", "cli/progress.ts", "models/model.ts", "models/print-servers/kernel.ts"],
  );
});
