/** The output of a run: the answer, the leaks at each design point, the differences between levels, and the means. */
import { answers } from "../lab/reports/answers.ts";
import type { RowMark, AnalyzedPlan, SummaryTable, TableChoice } from "../lab/reports/summary-table.ts";
import { summaryTables } from "../lab/reports/summary-tables.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped, type Tone } from "./terminal.ts";

/** The width of a legend if lines may have any length. */
const COLUMNS_MAX = 115;

const toneOf: Readonly<Record<RowMark, Tone>> = { chance: "faint", differs: "wrong" };

/** The question, its answer, and the tables, ready to print. */
export function resultText(results: AnalyzedPlan, choice: TableChoice = {}): string {
  const { attended, leaks, comparison, fleet, eventTimes, means } = summaryTables(results, choice);
  const { columns } = terminalOf();
  const sentences = answers(results).map((sentence) => wrapped(sentence, Math.min(COLUMNS_MAX, columns)));
  return [
    wrapped(results.plan.experiment.question.trim(), columns),
    ...(sentences.length === 0 ? [] : [sentences.join("\n")]),
    // When policies are compared, their leak rates would hide the answer; leak-rates.csv has them.
    ...[attended, comparison && attended ? undefined : leaks, comparison, fleet, eventTimes, means]
      .filter((table) => table !== undefined)
      .map(summaryTableText),
  ].join("\n\n");
}

/** Text columns come first, aligned left; the others are numbers, aligned right. */
export function summaryTableText({ head, texts, rows, marks = [], legend }: SummaryTable): string {
  const tones = marks.map((mark) => mark && toneOf[mark]);
  const columns = Math.min(COLUMNS_MAX, terminalOf().columns);
  const table = tableOf(head, rows, { isText: (column) => column < texts, tones });
  const meanings = legend.map((sentence) => wrapped(sentence, columns));
  // Without its frame, a table needs a blank line before its legend.
  const isFramed = table.endsWith("┘");
  return [table, ...(isFramed || legend.length === 0 ? [] : [""]), ...meanings].join("\n");
}
