/** lab/results/servers-table.ts: the tables that grow while an experiment runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { levelColumn } from "../../../lab/results/factor-columns.ts";
import { resolvePoints } from "../../../lab/experiment/design-point.ts";
import { planResults, type Plan } from "../../../lab/experiment/plan.ts";
import { runsTable } from "../../../lab/results/runs-table.ts";
import { samplesTable } from "../../../lab/results/samples-table.ts";
import { serversTable } from "../../../lab/results/servers-table.ts";
import type { Replication } from "../../../lab/analysis/replication.ts";
import { experiment, plan, resultOf, textOf } from "../../support/fake-results.ts";

const [buggy, fixed] = plan.points;

function namesOf({ columns }: { columns: readonly { name: string }[] }): string[] {
  return columns.map(({ name }) => name);
}

test("a row of servers.csv has the factors, every response at the horizon and the digest of its server", async () => {
  const result = resultOf(0, 0, 1, 2);
  const rows = [0, 1].map((index) => ({ point: buggy, result, index }));
  assert.equal(
    await textOf(serversTable(plan), rows),
    [
      "site,spooler,replication,server,events,jobs,bytes,handles,fullUs,busyUs,digest",
      "office,buggy,0,1,101,21,100,0.5,,210,x00000001fffffffe",
      "office,buggy,0,2,102,22,200,1,86400000000,220,x00000002fffffffd",
      "",
    ].join("\n"),
  );
});

test("a row of samples.csv has seven columns for each response except event times", async () => {
  const ofServers = (sum: number) => ({ sum, mean: sum / 4, sd: 0, p50: 1, p90: 2, p99: 3, max: 4 });
  const row = { point: fixed, replication: 1, timeUs: 5, spreads: [10, 20, 30.5, 40].map(ofServers) };
  assert.equal(
    await textOf(samplesTable(plan), [row]),
    [
      "site,spooler,replication,timeUs," +
        ["jobs", "bytes", "handles", "busyUs"]
          .flatMap((name) => ["sum", "mean", "sd", "p50", "p90", "p99", "max"].map((what) => `${name}_${what}`))
          .join(","),
      "office,fixed,1,5,10,2.5,0,1,2,3,4,20,5,0,1,2,3,4,30.5,7.625,0,1,2,3,4,40,10,0,1,2,3,4",
      "",
    ].join("\n"),
  );
});

test("a row of runs.csv has the totals, the number of servers that had each event, and the replay command", async () => {
  const row: Replication = {
    point: fixed,
    replication: 1,
    events: 303,
    digestLow: 1,
    digestHigh: 0x80000000,
    totals: Float64Array.of(63, 600, 1.5, 2, 1260),
    blocks: [],
  };
  assert.equal(
    await textOf(runsTable(plan), [row]),
    [
      "site,spooler,replication,servers,events,digest,jobs,bytes,handles,fullServers,busyUs,replay",
      'office,fixed,1,3,303,x8000000000000001,63,600,1.5,2,1260,"spoolsim replay manifest.json --at site=office,spooler=fixed --replication 1"',
      "",
    ].join("\n"),
  );
});

test("the levels of a factor are numbers if all of them are, and have their unit", () => {
  const typesOf = (...levels: string[]) => {
    const points = levels.map((level) => ({ ...buggy, levels: { site: level, spooler: "buggy" } }));
    const [{ type, unit }, ...others] = serversTable(planResults(experiment, points)).columns;
    assert.equal(others[0].type, "string");
    return `${type} ${unit}`.trim();
  };
  assert.equal(typesOf("6", "168"), "integer");
  assert.equal(typesOf("6", "0.5", "-1e-7"), "number");
  for (const text of ["007", "1e3", "0x10", "Infinity", "", "NA", "six"]) assert.equal(typesOf("6", text), "string");
  const daily = levelColumn(
    { ...plan, points: [{ ...buggy, levels: { horizonDays: "28" } }] },
    "horizonDays",
    "a",
    "b",
    String,
  );
  assert.deepEqual([daily.type, daily.unit, daily.cell("28")], ["integer", "d", 28]);
  const ofFleet: Plan = {
    ...plan,
    experiment: { ...experiment, fleet: "site" },
    points: [{ ...buggy, levels: { site: "6" } }],
  };
  assert.equal(levelColumn(ofFleet, "site", "site", "b", String).type, "string", "one of its rows is all of them");
});

test("counts, event times, bytes and microseconds are integers, other gauges are numbers", () => {
  const types = Object.fromEntries(serversTable(plan).columns.map(({ name, type }) => [name, type]));
  assert.deepEqual(types, {
    site: "string",
    spooler: "string",
    replication: "integer",
    server: "integer",
    events: "integer",
    jobs: "integer",
    bytes: "integer",
    handles: "number",
    fullUs: "integer",
    busyUs: "integer",
    digest: "string",
  });
});

test("fractional bytes are numbers: those of leaks of exponential sizes", async () => {
  const scenario = { ...experiment.scenario, model: "exhaustion" };
  const exhaustion = planResults(experiment, await resolvePoints([{ index: 0, levels: {}, scenario }]));
  for (const { columns } of [serversTable(exhaustion), samplesTable(exhaustion), runsTable(exhaustion)]) {
    for (const { name, type } of columns) if (name.startsWith("leakedBytes")) assert.equal(type, "number");
  }
});

test("every column of servers.csv has a description, and a unit unless it is text", () => {
  for (const { columns } of [serversTable(plan), samplesTable(plan), runsTable(plan)]) {
    for (const { type, unit, description } of columns) {
      assert.notEqual(description, "");
      assert.equal(unit === "", type === "string");
    }
  }
});

test("an experiment without factors has tables without factor columns", () => {
  const [point] = plan.points;
  const plain: Plan = { ...plan, experiment: { ...experiment, factors: [] }, points: [{ ...point, levels: {} }] };
  assert.deepEqual(namesOf(serversTable(plain)).slice(0, 2), ["replication", "server"]);
});

test("a factor with the name of another column is refused", () => {
  const factors = [{ name: "server", levels: [] }];
  assert.throws(() => serversTable({ ...plan, experiment: { ...experiment, factors } }), { name: "UserError" });
});

test("a plan resolves every design point", async () => {
  const scenario = { ...experiment.scenario, model: "mm1" };
  const { points } = planResults(experiment, await resolvePoints([{ index: 0, levels: {}, scenario }]));
  assert.equal(points[0].resolved.model.name, "mm1");
});

test("models with different responses do not share tables", async () => {
  const points = ["mm1", "print-servers"].map((model, index) => {
    return { index, levels: {}, scenario: { ...experiment.scenario, model } };
  });
  await assert.rejects(
    resolvePoints(points).then((resolved) => planResults(experiment, resolved)),
    {
      name: "UserError",
      message: "mm1 and print-servers have different responses; models that share a table have the same",
    },
  );
});
