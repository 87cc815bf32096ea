/** lab/analysis/observations.ts: which sums of servers are independent observations. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { BlockSums, betweenOf, blocksOf, byReplication } from "../../../lab/analysis/observations.ts";
import type { PlannedPoint } from "../../../lab/experiment/design-point.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { answers } from "../../../lab/reports/answers.ts";
import { plan } from "../../support/fake-results.ts";
import { remove, resultsOf } from "../../support/small-results.ts";

function pointOf(servers: number, isCoordinated = false): PlannedPoint {
  const [point] = plan.points;
  const model = { ...point.resolved.model, isCoordinated: () => isCoordinated };
  return { ...point, scenario: { ...point.scenario, servers }, resolved: { ...point.resolved, model } };
}

test("independent servers are observations, in at most 32 equal blocks, and a coordinated fleet is one", () => {
  const blocks = [1, 2, 31, 32, 33, 64, 100, 101, 1000].map((servers) => blocksOf(pointOf(servers)));
  assert.deepEqual(blocks, [1, 2, 31, 32, 11, 32, 25, 1, 25]);
  assert.equal(blocksOf(pointOf(20, true)), 1);
  assert.deepEqual(
    [pointOf(1), pointOf(20), pointOf(101), pointOf(20, true)].map((point) => betweenOf(point)),
    ["servers", "servers", "replications", "replications"],
  );
});

test("blocks have the same sums in any order and however the servers are sliced", () => {
  const values = Float64Array.from({ length: 12 }, (_, i) => 0.1 * i);
  const whole = new BlockSums(12, 3);
  whole.add(0, values);
  const cut = new BlockSums(12, 3);
  for (const [from, to] of [
    [7, 12],
    [0, 1],
    [1, 7],
  ] as const) {
    cut.add(from, values.subarray(from, to));
  }
  assert.deepEqual(cut.values(), whole.values());
  assert.deepEqual(
    whole.values().map((sum) => Math.round(10 * sum)),
    Float64Array.of(6, 22, 38),
  );
  assert.deepEqual(byReplication(Float64Array.of(1, 2, 3, 4), 2), Float64Array.of(3, 7));
});

/** Leaks that are rare: 0.0186 per server-day, so 1.5 in 80 server-days. */
const rare = (seed: string, share: number) => `
question: A rare leak?
seed: ${seed}
replications: 8
scenario: {model: print-servers, servers: 2, horizonDays: 5, sampleEveryHours: 120, parameters: {site: office, jobsPerDay: 500, deleteShare: ${share}, pauseDeleteShare: 0, restartShare: 0, pauseResumeShare: 0}}
factors: {spooler: [buggy, fixed]}
compare: {factor: spooler, baseline: buggy, against: fixed}
`;

test("an unobserved leak has an upper limit, and a single leak is proof against a spooler that cannot leak", async () => {
  const [none, some] = await Promise.all([
    resultsOf(rare("zerob", 0.0002), "none"),
    resultsOf(rare("rare1", 0.0005), "some"),
  ]);
  try {
    const [of0, of2] = await Promise.all([none, some].map((folder) => readResults(folder)));
    const rates = (of: typeof of0) =>
      of.findings.leakRates.filter(({ response }) => response.name === "processorsLeaked");
    const [buggy, fixed] = rates(of0).map(({ rate }) => [rate.value, rate.lower, rate.upper]);
    assert.deepEqual(buggy.slice(0, 2), [0, 0]);
    assert.ok(Math.abs(buggy[2] - 3.6888794541139363 / 80) < 1e-12, `${buggy[2]}`);
    assert.deepEqual(fixed, [0, 0, 0]);
    assert.match(
      answers(of0)[0],
      /^No print processors leaked with the buggy spooler or the fixed spooler; the rates differ by at most 0\.0461 per/,
    );
    const two = of2.findings.comparisons.find(({ response }) => response.name === "processorsLeaked")!;
    assert.equal(two.baselineMean, 2 / 16);
    // Garwood's limits of 2 are 0.2422 and 7.2247: .003 to .090 a server-day.
    assert.ok(Math.abs(two.difference.lower / 5 - 0.2422 / 80) < 1e-6, `${two.difference.lower}`);
    assert.ok(Math.abs(two.difference.upper / 5 - 7.2247 / 80) < 1e-5, `${two.difference.upper}`);
    assert.match(
      answers(of2)[0],
      /buggy spooler, a server leaks 0\.0250 print processors a day \(95 % interval 0\.0030 to 0\.0903\); with the fixed spooler, none/,
    );
    assert.doesNotMatch(answers(of2)[0], /chance/);
    const [row] = parse(await readFile(join(none, "leak-rates.csv"), "utf8"), { columns: true }) as Record<
      string,
      string
    >[];
    assert.equal(row.between, "servers");
  } finally {
    await Promise.all([none, some].map((folder) => remove(folder)));
  }
});
