/** Reads datapackage.json back: which tables a results folder has, and what their columns hold. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../user-error.ts";

/** A column as datapackage.json has it. */
export interface Field {
  readonly name: string;
  readonly type: "integer" | "number" | "string";
  readonly unit?: string;
  readonly description: string;
}

/** A table as datapackage.json has it. */
export interface Resource {
  /** The name of its file. */
  readonly path: string;
  readonly description: string;
  readonly schema: { readonly fields: readonly Field[] };
}

/** The tables of the folder. @throws UserError when it has none */
export async function resourcesOf(folder: string): Promise<readonly Resource[]> {
  const file = join(folder, "datapackage.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${folder} holds no results: its datapackage.json cannot be read (${error.code})`);
  });
  try {
    const { resources } = JSON.parse(text) as { resources: readonly Resource[] };
    // A table of a folder lies in the folder, whatever a file may say.
    if (resources.every(({ path, schema }) => /^[\w-]+\.csv$/.test(path) && schema.fields.every(isField))) {
      return resources;
    }
  } catch {
    // What is no JSON, or has no tables, is no data package of ours either.
  }
  throw new UserError(`${folder} holds no results of spoolsim: its datapackage.json is not ours`);
}

function isField({ name, type }: Field): boolean {
  return typeof name === "string" && ["integer", "number", "string"].includes(type);
}
