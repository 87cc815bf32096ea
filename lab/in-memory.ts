/**
 * An experiment run for a program: its tables are arrays of rows, and nothing is written to the disk.
 *
 * The cells are those of the files: a number, NaN where a file has an empty cell, or a text.
 */
import { aggregateResults } from "./analysis/aggregate.ts";
import type { Findings } from "./analysis/findings.ts";
import { planResults } from "./experiment/plan.ts";
import { designPoints } from "./experiment/design.ts";
import { placed, type Experiment } from "./experiment/experiment.ts";
import { Execution } from "./execution/execution.ts";
import { runsOf, serverRunsOf } from "./execution/partition.ts";
import { SLICE_SIZE } from "./execution/run.ts";
import type { Cell, Table } from "./results/csv.ts";
import { UserError } from "./user-error.ts";

/** A row of a table, by the names of its columns. */
export type Cells = Readonly<Record<string, Cell>>;

export interface InMemory {
  /** The rows of each table, by its name: servers, samples, runs and others, as results/README.md tells. */
  readonly tables: Readonly<Record<string, readonly Cells[]>>;
  /** Estimates with their intervals, the number of events and the digest. */
  readonly findings: Findings;
}

export interface InMemoryOptions {
  /** Threads: whole, >= 1; they change no result. With 1 all is simulated on the thread that asks. */
  readonly workers?: number;
  /** Stops the experiment when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the experiment.
 *
 * @throws UserError for an experiment that makes no sense, BrokenInvariant when a model breaks its own rules, and the
 * reason of the signal
 * @example
 * const experiment = await loadExperiment("mm1");
 * const { tables, findings } = await runInMemory(experiment);
 * console.log(tables.means, findings.digest);
 */
export async function runInMemory(experiment: Experiment, options: InMemoryOptions = {}): Promise<InMemory> {
  const { workers = 1, signal = new AbortController().signal } = options;
  if (experiment.until !== undefined) {
    throw new UserError("replications until something is known are for the command; in memory their number is fixed");
  }
  try {
    const plan = planResults(experiment, await designPoints(experiment));
    const execution = new Execution({ workers, sliceSize: SLICE_SIZE, signal }, undefined, serverRunsOf(plan));
    const tables: Record<string, Cells[]> = {};
    const open = async <Row>(table: Table<Row>) => {
      const rows: Cells[] = [];
      tables[table.name] = rows;
      return { write: async (added: Iterable<Row>) => void rows.push(...cellsOf(table, added)) };
    };
    const findings = await aggregateResults(plan, execution.results(runsOf(plan, SLICE_SIZE)), open);
    return { tables, findings };
  } catch (error) {
    throw placed(error, experiment.places);
  }
}

function* cellsOf<Row>({ columns }: Table<Row>, rows: Iterable<Row>): Iterable<Cells> {
  for (const row of rows) yield Object.fromEntries(columns.map(({ name, cell }) => [name, cell(row)]));
}
