/**
 * The shape of an experiment's file: checked when it is loaded, and told to editors as a JSON Schema.
 *
 * The shape knows no model, because a model may be the user's own: which settings it takes is for the scenario to
 * check. The JSON Schema does know the models of the roster, so that an editor completes, explains and checks their
 * parameters.
 */
import { z } from "zod";
import type { NumberParameter, Parameter } from "../models/model.ts";
import { roster } from "../models/roster.ts";
import { allows, extent, Fault, modulePath, ruleOf, wrong } from "./scenario.ts";
import { suggest } from "./suggest.ts";

/** Replications of each design point, described as a model describes its parameters. */
export const replications = {
  kind: "number", unit: "1", default: 10, min: 1, max: 1e6, whole: true,
  meaning: "how often each design point is simulated, each time with random numbers of its own", source: "assumption",
} as const satisfies NumberParameter;

const setting = z.union([z.number(), z.string(), z.boolean()], "a number, a text, true or false");
const settings = z.record(z.string(), setting, "a map of settings");
const levelName = setting.transform(String);

function number(parameter: NumberParameter): z.ZodNumber {
  const rule = ruleOf(parameter);
  return z.number(rule).refine((value) => allows(parameter, value), rule).meta(schemaOf(parameter));
}

const seedRule = "a text or a whole number; one beyond 2^53 stands in quotes";
const seed = z.union([z.string(), z.int(seedRule)], seedRule);
const count = number(replications);

const scenario = z.strictObject({
  model: z.string(`the path of a module, or one of ${Object.keys(roster).join(", ")}`),
  servers: number(extent.servers).default(extent.servers.default),
  horizonDays: number(extent.horizonDays).default(extent.horizonDays.default),
  sampleEveryHours: number(extent.sampleEveryHours).default(extent.sampleEveryHours.default),
  parameters: settings.default({}).describe("settings of the model; what is not said has its default"),
}, "a map of model, servers, horizonDays, sampleEveryHours and parameters");

const levels = z.union(
  [
    z.array(setting).describe("levels of the setting that the factor is named after"),
    z.record(z.string(), settings).describe("levels with names of their own, each a map of settings"),
  ],
  "a list of settings, or a map of named levels that are maps of settings",
);

const compare = z.strictObject({
  factor: z.string("the name of a factor"),
  baseline: levelName.describe("the level to compare with: the difference is baseline - against"),
  against: levelName.describe("the level that is compared"),
}, "a map of factor, baseline and against");

const experiment = z.strictObject({
  question: z.string("a text").describe("what the experiment is to find out"),
  seed: seed.transform(String).describe("the same seed gives the same results, to the last byte"),
  replications: count.default(replications.default),
  scenario,
  factors: z.record(z.string(), levels, "a map of factors").default({})
    .describe("what varies: every combination of levels is a design point, the first factor varying slowest"),
  compare: compare.optional().describe("two levels whose paired difference is reported"),
  small: z.object({ replications: count.optional() }, "a map of settings, and replications").catchall(setting)
    .default({}).describe("settings that make the experiment small enough for a test"),
}, "a map of question, seed, replications, scenario, factors, compare and small");

/** What a file says, its defaults filled in. */
export type ExperimentShape = z.output<typeof experiment>;

/** The keys of the maps that have a fixed set of them. */
const keys: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(experiment.shape),
  scenario: Object.keys(scenario.shape),
  compare: Object.keys(compare.shape),
};

/** @throws Fault for the first thing that has not the shape of an experiment */
export function readShape(said: unknown): ExperimentShape {
  const { data, error } = experiment.safeParse(said, { reportInput: true });
  if (error === undefined) return data;
  // A key that is misspelt is also missing; what is wrong is the spelling.
  const issue = error.issues.find(({ code }) => code === "unrecognized_keys") ?? error.issues[0];
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") throw wrong(path || "experiment", issue.input, issue.message);
  const key = issue.keys[0];
  throw new Fault([...issue.path, key].join("."), `is not known here${suggest(key, keys[path])}`);
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (draft 7) of an experiment's file; experiments/experiment.schema.json is this. */
export function experimentJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(experiment, { target: "draft-7", io: "input" });
  const properties = schema.properties as Record<string, JsonSchema>;
  const said = properties.scenario;
  const scenarioOf = (model: JsonSchema, parameters: JsonSchema) => ({
    ...said, properties: { ...(said.properties as JsonSchema), model, parameters },
  });
  const models = Object.entries(roster).map(([model, { meaning, parameters }]) => {
    const table = Object.entries(parameters).map(([name, parameter]) => [name, schemaOf(parameter)]);
    return scenarioOf(
      { const: model, description: meaning },
      { type: "object", properties: Object.fromEntries(table) as JsonSchema, additionalProperties: false },
    );
  });
  const own = scenarioOf({ type: "string", pattern: modulePath.source }, { type: "object" });
  return { ...schema, properties: { ...properties, scenario: { anyOf: [...models, own] } } };
}

/** What an editor is told of a parameter. */
function schemaOf(parameter: Parameter): JsonSchema {
  const { meaning, source, default: usual } = parameter;
  const common = { description: `${meaning} (${source})`, default: usual };
  switch (parameter.kind) {
    case "number": {
      const { unit, min, max, whole } = parameter;
      const description = `${meaning} [${unit}] (${source})`;
      return { ...common, description, type: whole ? "integer" : "number", minimum: min, maximum: max };
    }
    case "choice":
      return { ...common, enum: parameter.choices };
    case "switch":
      return { ...common, type: "boolean" };
    case "part": {
      const module = { type: "string", pattern: modulePath.source };
      return { ...common, anyOf: [{ enum: Object.keys(parameter.roster) }, module] };
    }
  }
}
