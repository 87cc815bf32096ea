/**
 * SQL over the tables of a results folder, by DuckDB. DuckDB is not installed with the program, because it is large and
 * few people need it; it is searched beside the program and in the current folder.
 *
 * Each table is a view of the same name, with an underscore for a hyphen, so that it needs no quotes: leak_rates.
 * Column types come from datapackage.json; empty cells are NULL. One thread, so that sums of fractions have the same
 * last bits every time.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { resourcesOf, type Resource } from "./data-package-reader.ts";
import { enumerated } from "../reports/format.ts";
import { UserError } from "../user-error.ts";

/** The result of a query. */
export interface Answer {
  /** Different names: of two columns called a, the second is a:1. */
  readonly columns: readonly string[];
  /** In the order that the query specifies, if it specifies one. */
  readonly rows: readonly (readonly unknown[])[];
}

/** The part of @duckdb/node-api that is used here. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<{ connect(): Promise<Connection> }>;
  };
}

interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ deduplicatedColumnNames(): string[]; getRows(): unknown[][] }>;
  extractStatements(sql: string): Promise<{ readonly count: number }>;
  closeSync(): void;
}

const PACKAGE = "@duckdb/node-api";
/** The version that was tested. */
const VERSION = "1.5.6-r.1";

/** Blanks, comments and empty statements. */
const NOTHING = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*.*?\*\/)*$/s;

/**
 * The answer to one statement. A table whose file is missing has no view, so that others can be queried without it.
 *
 * @throws UserError when DuckDB is not installed, the folder has no results, or DuckDB refuses the query
 */
export async function queryResults(folder: string, sql: string): Promise<Answer> {
  if (NOTHING.test(sql)) throw new UserError("the query is empty");
  const resources = await resourcesOf(folder);
  const missing = resources.filter(({ path }) => !existsSync(join(folder, path)));
  const views = viewsOf(
    folder,
    resources.filter((resource) => !missing.includes(resource)),
  );
  const { DuckDBInstance } = await loadDuckDb();
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  try {
    for (const view of views) await connection.run(view);
    const { count } = await connection.extractStatements(sql);
    if (count > 1) throw new Error(`it has ${count} statements, of which only one could be answered`);
    const reader = await connection.runAndReadAll(sql);
    return { columns: reader.deduplicatedColumnNames(), rows: reader.getRows() };
  } catch (error) {
    const reason = (error as Error).message.replace(/^Failed to extract statements: /, "").trim();
    const files = enumerated(missing.map(({ path }) => path));
    throw new UserError(
      `the query is refused: ${reason.replace(/\s*\n\s*/g, "; ")}${files === "" ? "" : `; ${folder} lacks ${files}`}`,
    );
  } finally {
    connection.closeSync();
  }
}

/** The statements that define the tables of the folder as views. */
export function viewsOf(folder: string, resources: readonly Resource[]): string[] {
  const types = { integer: "BIGINT", number: "DOUBLE", string: "VARCHAR" };
  return resources.flatMap(({ path, schema: { fields } }) => {
    const file = resolve(folder, path).replaceAll("'", "''");
    const columns = fields.map(({ name, type }) => `'${name.replaceAll("'", "''")}': '${types[type]}'`).join(", ");
    const dialect = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"'`;
    const table = path.replace(/\.csv$/, "");
    return [...new Set([table, table.replaceAll("-", "_")])].map(
      (name) => `CREATE VIEW "${name}" AS FROM read_csv('${file}', ${dialect}, columns = {${columns}})`,
    );
  });
}

async function loadDuckDb(): Promise<DuckDb> {
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), "query")).href]) {
    const path = resolved(from);
    if (path !== undefined) return (await import(pathToFileURL(path).href)) as DuckDb;
  }
  throw new UserError(`a query needs DuckDB, which is not installed: npm install --no-save ${PACKAGE}@${VERSION}`);
}

function resolved(from: string): string | undefined {
  try {
    return createRequire(from).resolve(PACKAGE);
  } catch {
    return undefined;
  }
}
