/**
 * lab/analysis/primary-responses.ts: what a question is about comes first, and for an event time the servers are
 * counted on which it came.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  primaryFirst,
  primaryResponses,
  checkPrimaryResponses,
  reachedAt,
  reachedOf,
} from "../../../lab/analysis/primary-responses.ts";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { planResults, responsesOf, type Plan } from "../../../lab/experiment/plan.ts";
import { answers } from "../../../lab/reports/answers.ts";
import { arriving, memory, plan, replicationOf, results } from "../../support/fake-results.ts";

function asking(...responses: string[]): Plan {
  return { ...plan, experiment: { ...plan.experiment, compare: { ...plan.experiment.compare!, responses } } };
}

const names = (responses: readonly { readonly name: string }[]) => responses.map(({ name }) => name);

test("primary responses come first, in the order of the question; nothing is lost or added", () => {
  const requested = asking("busyUs", "fullUs", "jobs");
  assert.deepEqual(names(primaryResponses(requested)), ["busyUs", "fullUs", "jobs"]);
  assert.deepEqual(names(primaryFirst(requested, responsesOf(requested))), [
    "busyUs",
    "fullUs",
    "jobs",
    "bytes",
    "handles",
  ]);
  const some = responsesOf(requested).filter(({ name }) => name === "bytes" || name === "jobs");
  assert.deepEqual(names(primaryFirst(requested, some)), ["jobs", "bytes"]);
  assert.deepEqual(primaryFirst(plan, responsesOf(plan)), responsesOf(plan));
});

test("a question about an unknown response is refused with its position", () => {
  checkPrimaryResponses(asking("fullUs"));
  assert.throws(
    () => checkPrimaryResponses(asking("jobs", "fullMs")),
    /^UserError: compare\.responses\.1 is "fullMs"; one of /,
  );
});

test("for an event time, the servers that had it are counted, and the answer begins with it", async () => {
  const requested = asking("jobs", "fullUs");
  const findings = await aggregateResults(requested, arriving(results), memory().openTable);
  // fullUs of the fake results: one server of replication 0, two of replication 1, of the buggy spooler only.
  assert.deepEqual(
    findings.reached.map(({ point, eventTime, observations, reached }) => {
      return [point.levels.spooler, eventTime.name, observations, reached];
    }),
    [
      ["buggy", "fullUs", 6, 3],
      ["fixed", "fullUs", 6, 0],
    ],
  );
  const [first] = answers({ plan: requested, findings });
  assert.equal(first, 'office: "full" occurs on 3 of 6 servers with spooler buggy, on none with fixed.');
  assert.deepEqual(reachedOf(plan, []), []);
});

test("an event of the whole fleet is counted once for its servers", () => {
  const eventTime = { ...responsesOf(plan).find(({ name }) => name === "fullUs")!, ofFleet: true } as const;
  const [point] = plan.points;
  const fleet = planResults(
    { ...plan.experiment },
    plan.points.map((one) => {
      const { model } = one.resolved;
      const responses = model.responses.map((response) => (response.name === "fullUs" ? eventTime : response));
      return { ...one, resolved: { ...one.resolved, model: { ...model, responses } } };
    }),
  );
  // All three servers have it in the first replication, none in the second.
  const replications = [3, 0].map((servers, i) => replicationOf(point, i, Float64Array.of(0, 0, 0, servers, 0)));
  const { observations, reached } = reachedAt(point, responsesOf(fleet)[3], replications, fleet);
  assert.deepEqual([observations, reached], [2, 1]);
});
