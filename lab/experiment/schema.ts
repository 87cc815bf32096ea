/**
 * The schema of an experiment's file: used when it is loaded, and given to editors as a JSON Schema.
 *
 * The loader's schema does not depend on models, because a model may be the user's own; the scenario checks its
 * settings. The JSON Schema also has the models of the catalogue, so that an editor can complete, explain and check
 * their parameters.
 */
import * as z from "../zod.ts";
import type { NumberParameter, Parameter } from "../../models/contract/parameters.ts";
import { catalogue } from "../../models/catalogue.ts";
import { allows, ruleOf, Fault, wrong } from "./settings.ts";
import { extent } from "./scenario.ts";
import { modulePath } from "./modules.ts";
import { suggest } from "../suggest.ts";
import { itemAt } from "../lists.ts";

/** Replications of each design point, described like a model's parameters. */
export const replications = {
  kind: "number",
  unit: "1",
  default: 10,
  min: 1,
  max: 1e6,
  whole: true,
  meaning: "how often each design point is simulated, each time with random numbers of its own",
  source: "assumption",
} as const satisfies NumberParameter;

/** The required precision of a mean, described likewise. */
const relativeHalfWidth = {
  kind: "number",
  unit: "1",
  default: 0.05,
  min: 0.0001,
  max: 0.9999,
  meaning: "half the width of its 95 % interval over the mean",
  source: "assumption",
} as const satisfies NumberParameter;

const setting = z.union([z.number(), z.string(), z.boolean()], "a number, a text, true or false");
const settings = z.record(z.string(), setting, "a map of settings");
const levelName = setting.transform(String);

function number(parameter: NumberParameter): z.ZodNumber {
  const rule = ruleOf(parameter);
  return z
    .number(rule)
    .refine((value) => allows(parameter, value), rule)
    .meta(schemaOf(parameter));
}

const seed = z.union([z.string(), z.number()], "a text or a number");
const count = number(replications);

const precision = number(relativeHalfWidth);
const until = z.strictObject(
  {
    response: z.string("the name of a response"),
    relativeHalfWidth: precision,
    anytime: z
      .boolean("true or false")
      .default(false)
      .describe("whether the interval holds however often one looks, which takes some 2.5 times as many replications"),
  },
  "a map of response, relativeHalfWidth and anytime",
);
const sequential = z.strictObject(
  {
    min: number({ ...replications, min: 2 }).describe("never fewer"),
    max: count.describe("never more"),
    until: until.describe("what is to be known how closely at every design point"),
  },
  "a map of min, max and until",
);

const scenario = z.strictObject(
  {
    model: z.string(`the path of a module, or one of ${Object.keys(catalogue).join(", ")}`),
    servers: number(extent.servers).default(extent.servers.default),
    horizonDays: number(extent.horizonDays).default(extent.horizonDays.default),
    sampleEveryHours: number(extent.sampleEveryHours).default(extent.sampleEveryHours.default),
    parameters: settings.default({}).describe("settings of the model; what is not said has its default"),
  },
  "a map of model, servers, horizonDays, sampleEveryHours and parameters",
);

const range = {
  from: z.number("a number").describe("the first value"),
  to: z.number("a number").describe("the last value"),
  scale: z
    .enum(["linear", "logarithmic"], "linear or logarithmic")
    .default("linear")
    .describe("logarithmic: equal steps are equal ratios"),
  whole: z.boolean("true or false").default(false).describe("whether values are rounded to whole numbers"),
};
const steps = z
  .int("a whole number in [2, 1000]")
  .min(2, "a whole number in [2, 1000]")
  .max(1000, "a whole number in [2, 1000]")
  .describe("how many levels");
const rangeOfLevels = z.strictObject({ ...range, steps }, "a map of from, to, steps, scale and whole");
const rangeOfSample = z.strictObject(range, "a map of from, to, scale and whole");

const levels = z.union(
  [
    z.array(setting).describe("levels of the setting that the factor is named after"),
    rangeOfLevels.describe("the same, evenly spread over a range"),
    z.record(z.string(), settings).describe("levels with names of their own, each a map of settings"),
  ],
  "a list of settings, a range {from, to, steps}, or a map of named levels that are maps of settings",
);

const excluded = z.record(
  z.string(),
  z.union([levelName, z.array(levelName)], "a level, or a list of levels"),
  "a map of factors and levels",
);

const points = z
  .int("a whole number in [1, 10000]")
  .min(1, "a whole number in [1, 10000]")
  .max(10_000, "a whole number in [1, 10000]");

const sample = z.strictObject(
  {
    method: z
      .enum(["latin-hypercube", "sobol"], "latin-hypercube or sobol")
      .describe("sobol: more points are the same and some new ones, and a power of two is best"),
    points: points.describe("how many points are drawn"),
    ranges: z.record(z.string(), rangeOfSample, "a map of ranges").describe("what varies, by the path of its setting"),
  },
  "a map of method, points and ranges",
);

const best = z.strictObject(
  {
    response: z.string("the name of a response").describe("the response that decides, as its mean per server"),
    wanted: z.enum(["least", "most"], "least or most").default("least"),
    indifference: z
      .number("a number > 0")
      .positive("a number > 0")
      .describe("the least difference that matters, in the unit of the response, per server"),
    firstStage: z
      .int("a whole number >= 2")
      .min(2, "a whole number >= 2")
      .default(10)
      .describe("replications before the first level is out"),
  },
  "a map of response, wanted, indifference and firstStage",
);

const compare = z.strictObject(
  {
    factor: z.string("the name of a factor"),
    baseline: levelName.describe("the level to compare with: the difference is baseline - against"),
    against: z
      .union([levelName, z.array(levelName).min(1)], "a level, or a list of levels")
      .optional()
      .describe(
        "the level or levels that are compared; all for every pair; left out for every other level with the baseline",
      ),
    responses: z
      .array(z.string("the name of a response"), "a list of responses")
      .min(1, "a list of responses")
      .optional()
      .describe("what the question is about: the answer is in these, and the table of differences leads with them"),
    best: best.optional().describe("which level is to be named the best, by Kim and Nelson's procedure"),
  },
  "a map of factor, baseline, against, responses and best",
);

const experiment = z.strictObject(
  {
    question: z.string("a text").describe("what the experiment is to find out"),
    seed: seed.transform(String).describe("the same seed gives the same results, to the last byte"),
    replications: z
      .union([count, sequential], `${ruleOf(replications)}, or a map of min, max and until`)
      .default(replications.default),
    scenario,
    factors: z
      .record(z.string(), levels, "a map of factors")
      .default({})
      .describe("what varies: every combination of levels is a design point, the first factor varying slowest"),
    exclude: z
      .array(excluded, "a list of maps of factors and levels")
      .default([])
      .describe("combinations of levels that are no design points"),
    sample: sample
      .optional()
      .describe("points drawn from ranges of settings; every combination of levels is simulated at each of them"),
    compare: compare.optional().describe("levels whose paired differences are reported"),
    fleet: z
      .string("the name of a factor")
      .optional()
      .describe("a factor whose levels are parts of one fleet: leak rates are also given for all of them together"),
    quick: z
      .object(
        { replications: count.optional(), points: points.optional() },
        "a map of settings, replications and points",
      )
      .catchall(setting)
      .default({})
      .describe("settings for a quick look"),
  },
  "a map of question, seed, replications, scenario, factors, exclude, sample, compare, fleet and quick",
);

/** The contents of a file, with defaults filled in. */
export type ExperimentShape = z.output<typeof experiment>;

/** The maps with a fixed set of keys, by path. */
const maps: readonly (readonly [path: RegExp, keys: readonly string[]])[] = [
  [/^$/, Object.keys(experiment.shape)],
  [/^replications$/, Object.keys(sequential.shape)],
  [/^replications\.until$/, Object.keys(until.shape)],
  [/^scenario$/, Object.keys(scenario.shape)],
  [/^factors\.[^.]+$/, Object.keys(rangeOfLevels.shape)],
  [/^sample$/, Object.keys(sample.shape)],
  [/^sample\.ranges\./, Object.keys(rangeOfSample.shape)],
  [/^compare$/, Object.keys(compare.shape)],
  [/^compare\.best$/, Object.keys(best.shape)],
];

function keysAt(path: string): readonly string[] {
  return maps.find(([pattern]) => pattern.test(path))?.[1] ?? [];
}

type Issue = z.core.$ZodIssue;

/** Old names of keys. */
const RENAMED: ReadonlyMap<string, string> = new Map([["small", "quick"]]);

/** @throws Fault for the first deviation from the shape of an experiment */
export function readShape(raw: unknown): ExperimentShape {
  const { data, error } = experiment.safeParse(raw, { reportInput: true });
  if (error === undefined) return data;
  const issue = firstOf(error.issues);
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") throw wrong(path || "experiment", issue.input, issue.message);
  const key = itemAt(issue.keys, 0);
  const now = path === "" ? RENAMED.get(key) : undefined;
  const rule = now === undefined ? `is not known here${suggest(key, keysAt(path))}` : `is called ${now} now`;
  throw new Fault([...issue.path, key].join("."), rule);
}

function firstOf(issues: readonly Issue[], above: readonly PropertyKey[] = []): Issue {
  // A misspelt key is also reported as missing; the misspelling is the actual mistake.
  const first = issues.find(({ code }) => code === "unrecognized_keys") ?? itemAt(issues, 0);
  const issue = { ...first, path: [...above, ...first.path] };
  const meant = first.code === "invalid_union" ? meantIssues(first, keysAt(issue.path.join("."))) : undefined;
  return meant === undefined ? issue : firstOf(meant, issue.path);
}

/** The issues of the alternative with a fixed set of keys, if the map has one of its keys and so was meant to be it. */
function meantIssues({ input, errors }: Issue & { code: "invalid_union" }, keys: readonly string[]) {
  const isMeant =
    typeof input === "object" &&
    input !== null &&
    !Array.isArray(input) &&
    Object.entries(input).some(([key, value]) => keys.includes(key) && typeof value !== "object");
  if (!isMeant) return undefined;
  return errors.find((issues) =>
    issues.some(({ code, path }) => {
      return code === "unrecognized_keys" || keys.includes(String(path[0]));
    }),
  );
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (draft 7) of an experiment file, as in experiments/experiment.schema.json. */
export function experimentJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(experiment, { target: "draft-7", io: "input" });
  const properties = schema.properties as Record<string, JsonSchema>;
  const wrapper = itemAt(properties, "scenario");
  const scenarioOf = (model: JsonSchema, parameters: JsonSchema) => ({
    ...wrapper,
    properties: { ...(wrapper.properties as JsonSchema), model, parameters },
  });
  const models = Object.entries(catalogue).map(([model, { meaning, parameters }]) => {
    const table = Object.entries(parameters).map(([name, parameter]) => [name, schemaOf(parameter)]);
    return scenarioOf(
      { const: model, description: meaning },
      { type: "object", properties: Object.fromEntries(table) as JsonSchema, additionalProperties: false },
    );
  });
  const own = scenarioOf({ type: "string", pattern: modulePath.source }, { type: "object" });
  return { ...schema, properties: { ...properties, scenario: { anyOf: [...models, own] } } };
}

/** The description that an editor shows for a parameter. */
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
    case "list":
      return { ...common, type: "string" };
    case "switch":
      return { ...common, type: "boolean" };
    case "text":
      return { ...common, type: "string" };
    case "part": {
      const module = { type: "string", pattern: modulePath.source };
      return { ...common, anyOf: [{ enum: Object.keys(parameter.catalogue) }, module] };
    }
  }
}
