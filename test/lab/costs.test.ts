/** lab/costs.ts: what it costs is told where it costs something. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { costsTable } from "../../lab/costs.ts";
import { readResults, type Results } from "../../lab/results-reader.ts";
import { responsesOf } from "../../lab/tables.ts";
import { leaking, queues, remove, resultsOf } from "./small-results.ts";

const folders: string[] = [];
let leak: Results;
let queue: Results;

before(async () => {
  folders.push(await resultsOf(leaking), await resultsOf(queues));
  [leak, queue] = [await readResults(folders[0]), await readResults(folders[1])];
});
after(() => Promise.all(folders.map(remove)));

test("jobs that starve are a cost, per server-day and with an interval, to those who have it", () => {
  const { head, rows } = costsTable(leak)!;
  assert.deepEqual(head.slice(0, 2), ["dcs", "spooler"]);
  const starved = head.indexOf("jobs starved");
  assert.notEqual(starved, -1);
  const r = responsesOf(leak.plan).findIndex(({ name }) => name === "jobsStarved");
  const total = leak.replications.slice(6, 9).reduce((sum, { totals }) => sum + totals[r], 0);
  assert.equal(rows[2][starved].split(" ± ")[0], (total / 27).toPrecision(3).replace(/\.0+$/, (zeros) => zeros));
  assert.equal(rows[0][starved], "0");
});

test("a cost that nobody has is not told, and a model without costs has no table", () => {
  assert.ok(!costsTable(leak)!.head.includes("failed starts"));
  assert.equal(costsTable(queue), undefined);
});
