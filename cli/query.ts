/** `spoolsim query`: SQL over the tables of a results folder. */
import type { CommandModule } from "yargs";
import { queryResults, type Answer } from "../lab/results/query.ts";
import { IMPORT_OR_RESULTS, once, withResults } from "./options.ts";
import { tableOf } from "./table.ts";
import { emit, print } from "./output.ts";

const formats = ["table", "csv", "json"] as const;
type Format = (typeof formats)[number];

const options = {
  format: { choices: formats, default: "table" as Format, requiresArg: true, describe: "output format" },
} as const;

export const queryCommand: CommandModule<object, { results: string; sql: string; format: Format }> = {
  builder: (argv) =>
    withResults(argv, IMPORT_OR_RESULTS)
      .positional("sql", {
        type: "string",
        demandOption: true,
        describe:
          "the query, in quotes; each table is a view, such as servers, samples, runs, means, or series of an import",
      })
      .options(options)
      .check(once(options)),
  async handler({ results, sql, format }) {
    const text = printers[format](await queryResults(results, sql));
    if (format === "table") print(text);
    else await emit(text);
  },
};

const printers: Readonly<Record<Format, (answer: Answer) => string>> = {
  table: tableText,
  csv: csvText,
  json: jsonText,
};

function tableText({ columns, rows }: Answer): string {
  const isNumber = columns.map((_, i) => rows.some((row) => ["number", "bigint"].includes(typeof row[i])));
  return `${tableOf(
    columns,
    rows.map((row) => row.map(cellText)),
    { isText: (column) => !isNumber[column] },
  )}\n`;
}

function csvText({ columns, rows }: Answer): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows.map((row) => row.map(cellText))].map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

/** One object per row. A whole number that a double cannot represent becomes a string. */
function jsonText({ columns, rows }: Answer): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, jsonValue(row[i])])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === "object" && value !== null ? String(value) : value;
}

function cellText(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
