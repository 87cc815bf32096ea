/**
 * Runs an experiment with a given runner. Its tables are arrays of rows; nothing is written.
 *
 * The cells are those of the files: a number, NaN for an empty cell, or a text.
 */
import { aggregateResults } from "./analysis/aggregate.ts";
import type { Findings } from "./analysis/findings.ts";
import { runsOf } from "./execution/partition.ts";
import { inlineRunner } from "./execution/inline-runner.ts";
import { execute, SLICE_SIZE, type Runner } from "./execution/run.ts";
import { designPoints } from "./experiment/design.ts";
import { withPosition, type Experiment } from "./experiment/experiment.ts";
import { planResults } from "./experiment/plan.ts";
import { CsvWriter, type Cell, type Table } from "./results/csv.ts";
import { itemAt } from "./lists.ts";
import { UserError } from "./user-error.ts";

/** A row of a table, by column name. */
export type Cells = Readonly<Record<string, Cell>>;

export interface InMemory {
  /** The rows of each table, by name: servers, samples, runs and others, as results/README.md describes. */
  readonly tables: Readonly<Record<string, readonly Cells[]>>;
  /** Estimates with their intervals, the number of events and the digest. */
  readonly findings: Findings;
}

export interface TabulateOptions {
  /** What executes the runs; by default the calling thread. It changes no result. */
  readonly runner?: Runner;
  /** Stops the experiment when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the experiment in memory and returns its tables.
 *
 * @throws UserError for an invalid experiment, BrokenInvariant when a model violates its own rules, and the signal's
 *   reason when it is aborted
 */
export async function tabulate(experiment: Experiment, options: TabulateOptions = {}): Promise<InMemory> {
  const { runner = inlineRunner(execute), signal = new AbortController().signal } = options;
  if (experiment.until !== undefined) {
    throw new UserError("a stopping rule needs the command; in memory, the number of replications is fixed");
  }
  try {
    const plan = planResults(experiment, await designPoints(experiment));
    const tables: Record<string, Cells[]> = {};
    const open = async <Row>(table: Table<Row>) => {
      const rows: Cells[] = [];
      tables[table.name] = rows;
      return { write: async (added: Iterable<Row>) => void rows.push(...cellsOf(table, added)) };
    };
    const findings = await aggregateResults(plan, untilAborted(runner(runsOf(plan, SLICE_SIZE), signal), signal), open);
    return { tables, findings };
  } catch (error) {
    throw withPosition(error, experiment.positions);
  }
}

/** @throws the signal's reason when it has ended the results early */
async function* untilAborted<Result>(results: AsyncIterable<Result>, signal: AbortSignal): AsyncIterable<Result> {
  yield* results;
  signal.throwIfAborted();
}

function* cellsOf<Row>({ columns }: Table<Row>, rows: Iterable<Row>): Iterable<Cells> {
  for (const row of rows) yield Object.fromEntries(columns.map(({ name, cell }) => [name, cell(row)]));
}

/**
 * The exact text of the table's file.
 *
 * @param rows one or more, all with the same columns
 */
export async function csvOf(rows: readonly Cells[]): Promise<string> {
  const pieces: string[] = [];
  const columns = Object.entries(itemAt(rows, 0)).map(([name, cell]) => ({
    ...{ name, unit: "", description: "" },
    type: typeof cell === "string" ? ("string" as const) : ("number" as const),
    cell: (row: Cells) => itemAt(row, name),
  }));
  const table = { name: "rows", file: "rows", description: "", columns };
  const writer = new CsvWriter<Cells>(table, async (piece) => void pieces.push(piece));
  await writer.write(rows);
  await writer.flush();
  return pieces.join("");
}
