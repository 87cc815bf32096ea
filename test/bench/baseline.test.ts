/** bench/baseline.ts: figures go where the old ones were, and every speed is drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { speedChart, withFigures } from "../../bench/baseline.ts";
import { summarize, type Report } from "../../bench/harness.ts";

test("new figures replace those of the first block, and the text around it stays", () => {
  const document = "# Baseline\n\n```\nold\n```\n\nRead it.\n\n```sh\nnpm run bench\n```\n";
  assert.equal(withFigures(document, "new\n\n"), document.replace("old", "new"));
});

test("a workload that others also run is drawn with their speeds on a logarithmic axis, and any other is left out", () => {
  const measurement = { size: 1, unit: "it", events: 1000, digest: "a", entity: "it", bytesPerEntity: 1 };
  const workloads = ["W2 mm1", "alone"].map((name) => summarize([{ ...measurement, name, seconds: [1e-4] }]));
  const yardsticks = [
    { workload: "W2 mm1", kind: "peer", yardstick: "ns-3, priority queue", eventsPerSecond: 1e6, ratio: 10 },
  ] as const;
  const report: Report = { cpu: "a cpu", node: "v20", v8: "11", version: "0", commit: "abc", workloads, yardsticks };
  const { panels, series } = speedChart(report);
  assert.deepEqual(
    panels.map(({ name, estimates }) => [name, ...estimates.map(({ x, value, series: at }) => [x, value, series[at]])]),
    [["W2 mm1", ["spoolsim", 7, "spoolsim"], ["ns-3", 6, "peers"]]],
  );
});
