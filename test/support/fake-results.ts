/**
 * Results small enough to be computed by hand: a fleet of 3 servers, 2 days sampled daily, 2 replications, and a leak
 * of which the fixed spooler has none.
 *
 *     at the horizon    server 0   1    2
 *     jobs                    20   21   22
 *     bytes  replication 0     0  100  200      buggy only; half of it after the first day
 *            replication 1   100  200  300
 *     handles                  0  0.5    1
 *     fullUs replication 0     -    -  1 d      buggy only
 *            replication 1     - 1.5d 0.5d
 *     busyUs                 10 (replication + 1) jobs
 */
import type { Model } from "../../models/model.ts";
import { CsvWriter, type Table } from "../../lab/results/csv.ts";
import type { Experiment } from "../../lab/experiment/experiment.ts";
import type { OpenTable } from "../../lab/analysis/aggregate.ts";
import type { RunResult } from "../../lab/execution/run.ts";
import { planResults, type Plan } from "../../lab/experiment/plan.ts";
import type { PlannedPoint } from "../../lab/experiment/design-point.ts";
import type { Replication } from "../../lab/analysis/replication.ts";

const DAY_US = 86400e6;

const model = {
  name: "fake",
  parameters: {},
  responses: [
    { name: "jobs", unit: "1", role: "count", meaning: "jobs printed" },
    { name: "bytes", unit: "B", role: "leak", meaning: "bytes leaked", leakSize: 100, ceiling: "fullUs" },
    { name: "handles", unit: "1", role: "gauge", meaning: "handles" },
    { name: "fullUs", unit: "us", role: "eventTime", meaning: "memory is full" },
    { name: "busyUs", unit: "us", role: "total", meaning: "time at work" },
  ],
  means: [{ name: "busyUsMean", unit: "us", of: "busyUs", per: "jobs", meaning: "time at work for a job" }],
  closedForm: (_values, name) => ({ bytes: 100, busyUsMean: 10 })[name],
} as Partial<Model> as Model;

export const experiment: Experiment = {
  name: "Fake, small",
  file: "/nowhere/fake.yaml",
  folder: "/nowhere",
  question: "Does it add up?",
  seed: "1",
  replications: 2,
  scenario: { model: "fake", servers: 3, horizonDays: 2, sampleEveryHours: 24, parameters: {} },
  factors: [
    { name: "site", levels: [{ name: "office", settings: {} }] },
    {
      name: "spooler",
      levels: [
        { name: "buggy", settings: {} },
        { name: "fixed", settings: {} },
      ],
    },
  ],
  compare: { factor: "spooler", baseline: "buggy", against: "fixed" },
  quick: { settings: {} },
  positions: { seed: "fake.yaml:2:1" },
};

export const plan: Plan = planResults(
  experiment,
  ["buggy", "fixed"].map((spooler, index) => {
    const scenario = { ...experiment.scenario, parameters: { spooler } };
    return {
      index,
      levels: { site: "office", spooler },
      scenario,
      resolved: { model, values: {}, scenario, given: scenario.parameters },
    };
  }),
);

/** A replication of these totals, which is a single observation. */
export function replicationOf(point: PlannedPoint, replication: number, totals: Float64Array): Replication {
  const blocks = Array.from(totals, (total) => Float64Array.of(total));
  return { point, replication, events: 1, digestLow: 0, digestHigh: 0, totals, blocks };
}

/** The plan with another seed, and so with other results. */
export const otherPlan: Plan = { ...plan, experiment: { ...experiment, seed: "2" } };

/** The result of a slice of the fleet. */
export function resultOf(point: number, replication: number, first: number, count: number): RunResult {
  const servers = Array.from({ length: count }, (_, place) => first + place);
  const responses = [
    (server: number, day: number) => 10 * day + server,
    (server: number, day: number) => (point === 0 ? 50 * day * (server + replication) : 0),
    (server: number) => server / 2,
    (server: number, day: number) => {
      const fullUs =
        point === 0
          ? [
              [NaN, NaN, DAY_US],
              [NaN, 1.5 * DAY_US, DAY_US / 2],
            ][replication][server]
          : NaN;
      return fullUs < day * DAY_US ? fullUs : NaN;
    },
    (server: number, day: number) => 10 * (replication + 1) * (10 * day + server),
  ];
  return {
    point,
    replication,
    first,
    count,
    eventCounts: Float64Array.from(servers, (server) => 100 + server),
    digestLow: Uint32Array.from(servers, (server) => 0xffffffff - server),
    digestHigh: Uint32Array.from(servers, (server) => 16 * replication + server),
    samples: Float64Array.from(
      [1, 2].flatMap((day) => responses.flatMap((response) => servers.map((server) => response(server, day)))),
    ),
  };
}

/** Whole replications, in canonical order. */
export const results: readonly RunResult[] = [
  resultOf(0, 0, 0, 3),
  resultOf(0, 1, 0, 3),
  resultOf(1, 0, 0, 3),
  resultOf(1, 1, 0, 3),
];

export async function* arriving(inThisOrder: readonly RunResult[]): AsyncIterable<RunResult> {
  yield* inThisOrder;
}

/** Tables as texts by file name; each is whole when it is asked for. */
export function memory(): { openTable: OpenTable; texts: () => Promise<Record<string, string>> } {
  const open: { writer: CsvWriter<never>; pieces: string[] }[] = [];
  return {
    openTable: async <Row>(table: Table<Row>) => {
      const pieces: string[] = [];
      const writer = new CsvWriter(table, async (piece) => void pieces.push(piece));
      open.push({ writer, pieces });
      return writer;
    },
    texts: async () => {
      for (const { writer } of open) await writer.flush();
      return Object.fromEntries(open.map(({ writer, pieces }) => [writer.table.file, pieces.join("")]));
    },
  };
}

/** The text of one table. */
export async function textOf<Row>(table: Table<Row>, rows: Iterable<Row>): Promise<string> {
  const { openTable, texts } = memory();
  await (await openTable(table)).write(rows);
  return (await texts())[table.file];
}
