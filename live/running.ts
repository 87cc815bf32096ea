/**
 * Runs an experiment replication by replication and reports the estimates so far after each: those of an experiment
 * with that number of replications. After the last one, they are the results that the command writes.
 */
import { aggregateResults } from "../lab/analysis/aggregate.ts";
import type { Findings } from "../lab/analysis/findings.ts";
import { runsOfRound } from "../lab/execution/partition.ts";
import { SLICE_SIZE, type Run, type Runner, type RunResult } from "../lab/execution/run.ts";
import type { Plan } from "../lab/experiment/plan.ts";
import { CsvWriter, type Table } from "../lab/results/csv.ts";

/** The results after so many replications. */
export interface Interim {
  /** The plan, limited to the finished replications. */
  readonly plan: Plan;
  readonly findings: Findings;
  /** All results so far, in canonical order. */
  readonly results: readonly RunResult[];
  /** The text of servers.csv, once all replications are finished. */
  readonly serversCsv: string | undefined;
}

/** @param isDue called after each replication except the last: whether the caller wants the results so far */
export async function* replicationByReplication(
  plan: Plan,
  runner: Runner,
  signal: AbortSignal,
  isDue: () => boolean = () => true,
): AsyncIterable<Interim> {
  const { replications } = plan.experiment;
  const servers = plan.points.reduce((sum, { scenario }) => sum + scenario.servers, 0);
  const missing = Array.from({ length: replications }, () => servers);
  const results: RunResult[] = [];
  let whole = 0;
  for await (const result of runner(runsOf(plan), signal)) {
    results.push(result);
    missing[result.replication] -= result.count;
    const before = whole;
    while (missing[whole] === 0) whole++;
    if (whole > before && (whole === replications || isDue())) yield await interim(plan, whole, results);
  }
  signal.throwIfAborted();
}

function* runsOf(plan: Plan): Iterable<Run> {
  for (let replication = 0; replication < plan.experiment.replications; replication++) {
    yield* runsOfRound(plan, replication, SLICE_SIZE);
  }
}

async function interim(whole: Plan, replications: number, all: readonly RunResult[]): Promise<Interim> {
  const plan = { ...whole, experiment: { ...whole.experiment, replications } };
  const results = all
    .filter(({ replication }) => replication < replications)
    .sort((a, b) => a.point - b.point || a.replication - b.replication || a.first - b.first);
  const isLast = replications === whole.experiment.replications;
  const pieces: string[] = [];
  let servers: CsvWriter<unknown> | undefined;
  const open = async <Row>(table: Table<Row>) => {
    const isWanted = isLast && table.name === "servers";
    if (!isWanted) return { write: async () => {} };
    const writer = new CsvWriter(table, async (piece) => void pieces.push(piece));
    servers = writer as unknown as CsvWriter<unknown>;
    return writer;
  };
  const findings = await aggregateResults(plan, inTurn(results), open);
  await servers?.flush();
  return { plan, findings, results, serversCsv: isLast ? pieces.join("") : undefined };
}

async function* inTurn(results: readonly RunResult[]): AsyncIterable<RunResult> {
  yield* results;
}
