/**
 * datapackage.json: every column with its type, unit and meaning, for programs that read the tables.
 *
 * Frictionless Data Package, version 1 (specs.frictionlessdata.io), with one tabular resource per table. `unit` is our
 * own property of a field. It contains no time stamp, so the same experiment gives the same bytes.
 */
import type { Column, Table } from "./csv.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { WrittenFile } from "./manifest.ts";

/** A table and its file. */
export interface WrittenTable {
  readonly table: Table<never>;
  readonly file: WrittenFile;
}

/** Plain JSON. */
export function dataPackage(
  { name, question }: Pick<Experiment, "name" | "question">,
  tables: readonly WrittenTable[],
): object {
  return {
    profile: "tabular-data-package",
    // The specification requires lower case.
    name: name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-"),
    title: name,
    description: question,
    resources: tables.map(resource),
  };
}

function resource({ table, file }: WrittenTable): object {
  return {
    profile: "tabular-data-resource",
    name: table.name,
    path: file.path,
    description: `One row: ${table.description}.`,
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    bytes: file.bytes,
    hash: `sha256:${file.sha256}`,
    dialect: { lineTerminator: "\n" },
    schema: { fields: table.columns.map(field), missingValues: [""] },
  };
}

function field({ name, type, unit, description }: Column<never>): object {
  return { name, type, ...(unit === "" ? {} : { unit }), description };
}
