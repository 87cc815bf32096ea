/**
 * import.json: the sources of a folder of imported logs. A folder with this file is an import; one with a manifest.json
 * holds results.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "../zod.ts";
import { catalogue } from "../../models/catalogue.ts";
import type { Parameters, Values } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { dayOfText, mondayBefore } from "../calendar.ts";
import { modulePath } from "../experiment/modules.ts";
import { resolveScenario } from "../experiment/scenario.ts";
import { readJson } from "../read-json.ts";
import { refuseNoFolder } from "../read-text.ts";
import { argument, UserError } from "../user-error.ts";
import { formatNames } from "./formats.ts";

export const RECORD_FILE = "import.json";

const text = z.string("a text");
const count = z.int("a whole number >= 0").min(0, "a whole number >= 0");
const sha256 = z.string("64 hexadecimal digits").regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
const isMonday = (day: string) => {
  const days = dayOfText(day);
  return days !== undefined && mondayBefore(days) === days;
};
const models = Object.keys(catalogue);

const source = z.object(
  {
    ...{ path: text, format: z.enum(formatNames, "a format"), bytes: count, sha256, unreadable: count },
    /** The number of lines that were not in order of time and were sorted. */
    sorted: count.optional(),
  },
  "a file that was imported",
);

const file = z.object({ path: text, bytes: count, sha256, rows: count.optional() }, "a file");

const setting = z.union([z.number(), z.string().refine((word) => !modulePath.test(word)), z.boolean()], "a setting");

export const recordSchema = z.object(
  {
    program: z.literal("spoolsim", "spoolsim"),
    version: text,
    model: text.refine((name) => models.includes(name), `one of ${models.join(", ")}`),
    /** Known settings of the servers; the model's defaults apply to the rest. */
    parameters: z.record(z.string(), setting, "a map of settings"),
    /** The day from which times count: a Monday, at 0:00 local time. */
    start: text.refine(isMonday, "a Monday, as YYYY-MM-DD"),
    zone: text,
    /** The minutes to add to local time for UTC, the same all year. */
    biasMinutes: z.int("whole minutes"),
    sources: z.array(source, "a list of files"),
    files: z.array(file, "a list of files"),
  },
  "an import",
);

export type ImportRecord = Readonly<z.infer<typeof recordSchema>>;

/** An import with its model. */
export interface Imported {
  readonly folder: string;
  readonly record: ImportRecord;
  readonly model: Model;
  /** The model's parameters; defaults where they are unknown. */
  readonly values: Values<Parameters>;
  /** The day from which times count, as days since 1 January 1970. */
  readonly startDay: number;
}

/** Whether a folder contains an import. @throws UserError when it is no folder */
export async function isImport(folder: string): Promise<boolean> {
  refuseNoFolder(folder, "spoolsim run or spoolsim import");
  const facts = await stat(join(folder, RECORD_FILE)).catch(() => undefined);
  return facts?.isFile() === true;
}

/** @throws UserError when the folder contains no import */
export async function readImport(folder: string): Promise<Imported> {
  const record = await readJson(join(folder, RECORD_FILE), recordSchema);
  return { folder, record, startDay: dayOfText(record.start)!, ...(await modelOf(record.model, record.parameters)) };
}

/** The model of an import, with the known settings. @throws UserError when the model does not allow a setting */
export async function modelOf(
  model: string,
  parameters: ImportRecord["parameters"],
): Promise<Pick<Imported, "model" | "values">> {
  if (!models.includes(model)) throw new UserError(argument("model"), ` is ${model}; one of ${models.join(", ")}`);
  const scenario = { model, servers: 1, horizonDays: 7, sampleEveryHours: 24, parameters };
  const resolved = await resolveScenario(scenario, process.cwd());
  return { model: resolved.model, values: resolved.values };
}
