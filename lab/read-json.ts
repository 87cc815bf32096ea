/** Reads JSON from outside as data: through a schema, with errors that give the path, the value and the rule. */
import type { z } from "zod";
import { wrong } from "./experiment/settings.ts";
import { UserError } from "./user-error.ts";
import { readText } from "./read-text.ts";
import { itemAt } from "./lists.ts";

/** @throws UserError, in one line, when the file cannot be read, is not JSON, or does not match the schema */
export async function readJson<Shape>(file: string, schema: z.ZodType<Shape>): Promise<Shape> {
  return parseJson(file, await readText(file), schema);
}

/** @param name the name of the text in messages */
export function parseJson<Shape>(name: string, text: string, schema: z.ZodType<Shape>): Shape {
  const { data, error } = schema.safeParse(jsonOf(name, text), { reportInput: true });
  if (error === undefined) return data;
  const { path, input, message } = itemAt(error.issues, 0);
  throw new UserError(`${name}: ${wrong(path.join(".") || "it", input, message).message}`);
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${name} is not valid JSON`);
  }
}
