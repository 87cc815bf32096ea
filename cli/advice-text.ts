/** Advice for a terminal: the verdict, then the tables and sentences that it rests on. */
import type { Advice } from "../lab/studies/advice.ts";
import { adviceWords } from "../lab/reports/advice-words.ts";
import type { SummaryTable } from "../lab/reports/summary-table.ts";
import { summaryTableText } from "./result-tables.ts";
import { terminalOf, wrapped } from "./terminal.ts";

/** @param currency the currency of amounts, such as EUR */
export function adviceText(advice: Advice, currency: string): string {
  const { verdict, reasons, parts, costs, quantities, changes, basis, byPart } = adviceWords(advice, currency);
  return [
    wrapped(verdict, terminalOf().columns),
    listed(reasons),
    tableText(parts),
    summaryTableText(costs),
    tableText(quantities),
    listed(basis),
    listed(changes),
    // The parts have the same tables: their legends are printed once.
    ...byPart.flatMap(({ intervals, restart, canaries, worlds, observation }, i) => [
      tableText(intervals && legendOnce(intervals, byPart[i - 1]?.intervals)),
      listed([restart, ...canaries]),
      summaryTableText(legendOnce(worlds, byPart[i - 1]?.worlds)),
      listed([observation]),
    ]),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** The table without the sentences below the one before. */
function legendOnce(table: SummaryTable, before: SummaryTable | undefined): SummaryTable {
  return { ...table, legend: table.legend.filter((sentence) => before?.legend.includes(sentence) !== true) };
}

function tableText(table: SummaryTable | undefined): string {
  return table === undefined ? "" : summaryTableText(table);
}

/** A list; continuation lines are indented. */
function listed(texts: readonly string[]): string {
  return texts
    .map((text) => wrapped(text, terminalOf().columns - 2).replaceAll("\n", "\n  "))
    .map((text) => `- ${text}`)
    .join("\n");
}
