/** Reads datapackage.json: the tables of a results folder, and the types of their columns. */
import { refuseNoFolder, refuseUnreadable } from "../read-text.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "../zod.ts";
import { parseJson } from "../read-json.ts";

const field = z.looseObject(
  {
    name: z.string("a text"),
    type: z.enum(["integer", "number", "string"], "integer, number or string"),
    unit: z.string("a text").optional(),
    description: z.string("a text"),
  },
  "a column",
);

const resource = z.looseObject(
  {
    // Only a plain file name: a table must be inside the folder.
    path: z.string("the name of a table").regex(/^[\w-]+\.csv$/, "the name of a table"),
    description: z.string("a text"),
    schema: z.looseObject({ fields: z.array(field, "a list of columns").min(1, "a list of columns") }, "a schema"),
  },
  "a table",
);

const dataPackage = z.looseObject({ resources: z.array(resource, "a list of tables") }, "a data package");

/** A column as described in datapackage.json. */
export type Field = Readonly<z.infer<typeof field>>;

/** A table as described in datapackage.json. */
export type Resource = Readonly<z.infer<typeof resource>>;

/** Reads the list of tables of the folder. @throws UserError when there is none */
export async function resourcesOf(folder: string): Promise<readonly Resource[]> {
  const file = join(folder, "datapackage.json");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    refuseNoFolder(folder, "spoolsim run or spoolsim import");
    return refuseUnreadable(error, `${folder} holds no results: its datapackage.json`);
  });
  return parseJson(file, text, dataPackage).resources;
}
