/** lab/reports/summary-tables.ts: what results say, in tables. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { summaryTables, type AnalyzedPlan } from "../../../lab/reports/summary-tables.ts";
import { arriving, memory, plan, results } from "../../support/fake-results.ts";

/** Buggy leaks 50 bytes a server and day in one replication and 100 in the other: 75 +- 12.7 * 25. */
async function told(changed: Partial<AnalyzedPlan["plan"]["experiment"]> = {}): Promise<AnalyzedPlan> {
  const changedPlan = { ...plan, experiment: { ...plan.experiment, ...changed } };
  return { plan: changedPlan, findings: await aggregateResults(changedPlan, arriving(results), memory().openTable) };
}

test("a told table has as many cells in each row as heads", async () => {
  const { leaks, comparison, means } = summaryTables(await told());
  assert.equal(leaks, undefined);
  for (const table of [comparison!, means!]) {
    assert.ok(table.rows.length > 0);
    for (const row of table.rows) assert.equal(row.length, table.head.length);
  }
  assert.deepEqual(comparison!.rows[0].slice(0, 6), ["office", "bytes [B]", "75.0", "0", "75.0", "20.0 .. 142 \u2020"]);
  assert.match(
    comparison!.legend.at(-1)!,
    /^\u2020 a resource was exhausted before the horizon, so this rate is a lower bound: /,
  );
  assert.ok(summaryTables(await told({ compare: undefined })).leaks!.rows.length > 0);
});
