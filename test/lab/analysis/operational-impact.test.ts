/** The operational impact of a fleet: shown where there was any, in the units of its headings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { operationalImpactOf } from "../../../lab/analysis/operational-impact.ts";
import { operationalImpactTable } from "../../../lab/reports/operational-impact-table.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import { planResults, type Plan } from "../../../lab/experiment/plan.ts";
import type { Replication } from "../../../lab/analysis/replication.ts";
import { replicationOf } from "../../support/fake-results.ts";

async function planOf(name: string): Promise<Plan> {
  const experiment = withOverrides(await loadExperiment(name), { quick: true });
  return planResults(experiment, await designPoints(experiment));
}

/** Two replications of each design point with these totals; everything else is 0. */
function replicationsOf(plan: Plan, totals: (point: number, replication: number) => Record<string, number>) {
  return plan.points.flatMap((point, index) =>
    [0, 1].map((replication): Replication => {
      const given = totals(index, replication);
      const { responses } = point.resolved.model;
      const values = Float64Array.from(responses, ({ name }) => given[name] ?? 0);
      return replicationOf(point, replication, values);
    }),
  );
}

test("there is no table if nothing happened or the model has no staff", async () => {
  const plan = await planOf("restart-interval");
  assert.deepEqual(
    operationalImpactOf(
      plan,
      replicationsOf(plan, () => ({ jobsPrinted: 9 })),
    ),
    [],
  );
  assert.equal(operationalImpactTable(plan, []), undefined);
  const queues = await planOf("mm1");
  assert.deepEqual(
    operationalImpactOf(
      queues,
      replicationsOf(queues, () => ({})),
    ),
    [],
  );
});

test("starving jobs are a cost, even if nobody attends to the fleet", async () => {
  const plan = await planOf("restart-interval");
  const { servers, horizonDays } = plan.points[0].scenario;
  const starved = operationalImpactOf(
    plan,
    replicationsOf(plan, (point) => ({ jobsStarved: point === 1 ? 9 : 0 })),
  );
  assert.equal(starved[0].isAttended, false);
  const { head, rows, legend } = operationalImpactTable(plan, starved)!;
  assert.deepEqual(head, ["restartEveryHours", "jobs starved"]);
  assert.deepEqual([rows[0][1], rows[1][1]], ["0", (9 / servers / horizonDays).toPrecision(3)]);
  assert.deepEqual(legend, ["jobs starved: per server-day, ± half the width of a 95 % interval"]);
  const visited = operationalImpactOf(
    plan,
    replicationsOf(plan, (point) => ({ staffUs: point === 1 ? 9 : 0 })),
  );
  assert.equal(visited[0].isAttended, true);
});

test("a level is per server at the end, whatever the horizon", async () => {
  const plan = await planOf("restart-interval");
  const { servers } = plan.points[0].scenario;
  const rows = operationalImpactOf(
    plan,
    replicationsOf(plan, () => ({ jobsUnprinted: 3 * servers })),
  );
  const { rows: cells, legend } = operationalImpactTable(plan, rows)!;
  assert.equal(cells[0][1], "3.00");
  assert.deepEqual(legend, ["unprinted at the end: per server, with the same interval"]);
});

test("means are per server-day, event times are of all servers, and columns of zeros are left out", async () => {
  const plan = await planOf("restart-interval");
  const { servers, horizonDays } = plan.points[0].scenario;
  const days = servers * horizonDays;
  const rows = operationalImpactOf(
    plan,
    replicationsOf(plan, (point, replication): Record<string, number> => {
      if (point !== 0) return {};
      return { staffUs: 60e6 * days * (2 + replication), serviceStarts: days, printersLostUs: servers };
    }),
  );
  const table = operationalImpactTable(plan, rows)!;
  assert.deepEqual(table.head, ["restartEveryHours", "staff [min]", "starts", "printers lost"]);
  // 2 and 3 minutes: 2.5 ± t(1) * 0.5, but staff time is never negative.
  assert.deepEqual(table.rows[0], ["6", "2.50 (0 .. 8.85)", "1.00", `${2 * servers} of ${2 * servers}`]);
  assert.deepEqual(table.legend, [
    "staff, starts: per server-day, ± half the width of a 95 % interval, or (from .. to) where that would reach below 0",
    "printers lost: servers of all replications that had the event",
  ]);
  assert.deepEqual(table.rows[1], ["12", "0", "0", `0 of ${2 * servers}`]);
  assert.equal(table.rows.length, plan.points.length);
});

test("a replication is one roll-out, which is passed, halted, both or neither", async () => {
  const plan = await planOf("canary-size");
  const { servers } = plan.points[0].scenario;
  const values: Record<string, number>[][] = [
    [{ canaryPassedUs: servers, fixedUs: servers }, { rolloutHaltedUs: servers }],
    [{ canaryPassedUs: servers, rolloutHaltedUs: servers, fixedUs: servers }, {}],
  ];
  const rows = operationalImpactOf(
    plan,
    replicationsOf(plan, (point, replication) => values[point]?.[replication] ?? {}),
  );
  assert.deepEqual(rows[0].rollouts, { total: 2, passed: 1, halted: 1, undecided: 0 });
  assert.deepEqual(rows[1].rollouts, { total: 2, passed: 1, halted: 1, undecided: 1 });
  assert.deepEqual(rows[2].rollouts, { total: 2, passed: 0, halted: 0, undecided: 2 });
});
