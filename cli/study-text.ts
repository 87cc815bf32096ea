/** A study on a terminal: the answer and what follows from it, its tables, and an explanation of their terms. */
import type { Study } from "../lab/reports/study-page.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped } from "./terminal.ts";

export function studyText({ answer, more = [], tables, legend }: Study): string {
  const lines = (texts: readonly string[]) => texts.map((text) => wrapped(text, terminalOf().columns)).join("\n");
  const parts = tables.map(({ title, table: { head, texts, rows, legend: own } }) => {
    const shown = tableOf(head, rows, { isText: (column) => column < texts });
    return [...(title === "" ? [] : [title]), shown, ...(own.length === 0 ? [] : [lines(own)])].join("\n");
  });
  return [lines([answer, ...more]), ...parts, lines(legend)].join("\n\n");
}
