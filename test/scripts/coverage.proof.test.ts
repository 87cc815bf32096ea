/** scripts/coverage.ts with fewer seeds: no interval that is printed without a mark holds less often than it says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { measuredCoverage } from "../../scripts/coverage.ts";
import { wilsonInterval } from "../../statistics/proportion.ts";

const some = ["leak rate,", "near its ceiling", "difference of", "at once", "median", "after until", "mean uptime"];
for (const words of [
  ...some,
  "Wilson",
  "survival curve",
  "Hsu",
  "Sobol",
  "cusum",
  "year",
  "starve",
  "runs out",
  "import",
  "days left by",
  "Morris",
  "errors",
]) {
  test(`intervals have their stated coverage: ${words}`, async () => {
    const rows = await measuredCoverage(100, [words]);
    assert.ok(rows.length > 0);
    for (const { name, size, seeds, held, mark } of rows) {
      assert.ok(seeds > 0, name);
      if (mark === "") assert.ok(wilsonInterval(held, seeds).upper >= 0.95, `${name}, ${size}: ${held} of ${seeds}`);
    }
  });
}
