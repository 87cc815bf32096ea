/** lab/analysis/selection.ts: the best level, by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Best, Compare } from "../../../lab/experiment/experiment.ts";
import { selections, selectionTable, type Selected } from "../../../lab/analysis/selection.ts";
import { planResults, type Plan } from "../../../lab/experiment/plan.ts";
import type { PlannedPoint } from "../../../lab/experiment/design-point.ts";
import type { Replication } from "../../../lab/analysis/replication.ts";
import { experiment, plan, replicationOf, textOf } from "../../support/fake-results.ts";

const best: Best = { response: "bytes", wanted: "least", indifference: 1, firstStage: 3 };
const compare: Compare = { factor: "spooler", baseline: "old", best };

/** The levels' bytes per fleet of 3 servers, replication by replication. */
function planOf(bytes: Readonly<Record<string, readonly number[]>>): [Plan, Replication[]] {
  const points = Object.keys(bytes).map((spooler, index): PlannedPoint => {
    return { ...plan.points[0], index, levels: { site: "office", spooler } };
  });
  const replications = points.flatMap((point) =>
    bytes[point.levels.spooler].map((total, replication): Replication => {
      return replicationOf(point, replication, Float64Array.of(6, total, 3, 1, 9));
    }),
  );
  const { length } = Object.values(bytes)[0];
  return [planResults({ ...experiment, compare, replications: length }, points), replications];
}

const rowTexts = (rows: readonly Selected[]) =>
  rows.map(({ point, verdict, afterReplications }) => `${point.levels.spooler} ${verdict} ${afterReplications}`);

const clear = { old: [90, 96, 93, 90], new: [60, 66, 63, 60], newest: [30, 36, 33, 30] };

test("the level with the least response is the best, and a level that lags by a constant is out after the first stage", () => {
  const [three, replications] = planOf(clear);
  const rows = selections(three, compare, best, replications);
  assert.deepEqual(rowTexts(rows), ["old out 3", "new out 3", "newest best 3"]);
  assert.equal(rows[0].mean, (90 + 96 + 93 + 90) / 4 / 3);
});

test("the largest level is the best where more is better", () => {
  const [three, replications] = planOf(clear);
  const rows = selections(three, compare, { ...best, wanted: "most" }, replications);
  assert.deepEqual(rowTexts(rows), ["old best 3", "new out 3", "newest out 3"]);
});

test("too few replications leave the best level undecided", () => {
  const [two, replications] = planOf({ old: [90, 30, 60, 99], new: [60, 66, 63, 60] });
  assert.deepEqual(rowTexts(selections(two, compare, best, replications)), ["old undecided NaN", "new undecided NaN"]);
  const few = { ...best, firstStage: 10 };
  assert.deepEqual(rowTexts(selections(two, compare, few, replications)), ["old undecided NaN", "new undecided NaN"]);
});

test("equal levels are distinguished by their order", () => {
  const [two, replications] = planOf({ old: [60, 66, 63], new: [60, 66, 63] });
  assert.deepEqual(rowTexts(selections(two, compare, best, replications)), ["old best 3", "new out 3"]);
});

test("the selection table has the mean, the verdict and the replication at which it was decided", async () => {
  const [three, replications] = planOf(clear);
  const table = selectionTable(three, compare, best);
  assert.equal(
    await textOf(table, selections(three, compare, best, replications)),
    [
      "site,spooler,response,unit,mean,verdict,afterReplications",
      "office,old,bytes,B,30.75,out,3",
      "office,new,bytes,B,20.75,out,3",
      "office,newest,bytes,B,10.75,best,3",
      "",
    ].join("\n"),
  );
});

test("an unknown response and an event time cannot decide", () => {
  for (const response of ["byte", "fullUs"]) {
    assert.throws(
      () => selectionTable(plan, compare, { ...best, response }),
      (error: Error & { path?: string }) => {
        assert.equal(error.path, "compare.best.response");
        assert.match(error.message, /^compare.best.response is "\w+"; one of jobs, bytes, handles, busyUs/);
        return true;
      },
    );
  }
});
