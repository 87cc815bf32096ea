/**
 * The tables that a run prints: what leaks at each design point, what the compared levels differ by, and what theory
 * says of the means.
 */
import Table from "cli-table3";
import { answers, toldTables, type Told, type ToldTable } from "../lab/told.ts";

const COLUMNS_MAX = 116;

/** All that is to be read on a terminal, ready to print. */
export function resultText(told: Told): string {
  const { attention, leaks, comparison, fleet, moments, means } = toldTables(told);
  const sentences = answers(told);
  return [
    told.plan.experiment.question.trim(),
    // Where policies are asked of, what each of them leaks would only bury the answer; leak-rates.csv has it.
    ...[attention ?? leaks, comparison, fleet, moments, means].filter((table) => table !== undefined).map(tableText),
    ...(sentences.length === 0 ? [] : [sentences.join("\n")]),
  ].join("\n\n");
}

/** Text columns first, aligned left; the rest are numbers, aligned right. */
function tableText({ head, texts, rows, legend }: ToldTable): string {
  const colAligns = head.map((_, i) => (i < texts ? ("left" as const) : ("right" as const)));
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => [...row]));
  return [table.toString(), ...legend.map(broken)].join("\n");
}

/** Lines no longer than a wide terminal. */
function broken(sentence: string): string {
  let length = 0;
  return sentence.split(" ").reduce((text, word) => {
    const isFull = length + 1 + word.length > COLUMNS_MAX;
    length = isFull ? word.length : length + 1 + word.length;
    return `${text}${isFull ? "\n" : " "}${word}`;
  }, "").trim();
}
