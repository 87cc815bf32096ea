/** The schema of manifest.json. A manifest may come from anybody: readers use only what this schema has checked. */
import * as z from "../zod.ts";
import { extent } from "../experiment/scenario.ts";
import { replications } from "../experiment/schema.ts";

const text = z.string("a text");
const name = z.string("a text that is not empty").min(1, "a text that is not empty");
const count = z.int("a whole number >= 0").min(0, "a whole number >= 0");
const sha256 = z.string("64 hexadecimal digits").regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
const setting = z.union([z.number(), z.string(), z.boolean()], "a number, a text, true or false");
const settings = z.record(z.string(), setting, "a map of settings");

function within({ min, max }: { readonly min: number; readonly max: number }, rule = `a number in [${min}, ${max}]`) {
  return z.number(rule).min(min, rule).max(max, rule);
}

const scenario = z.looseObject(
  {
    model: name,
    servers: within(extent.servers).int("a whole number"),
    horizonDays: within(extent.horizonDays),
    sampleEveryHours: within(extent.sampleEveryHours),
    parameters: settings,
  },
  "a scenario",
);

const factor = z.looseObject(
  {
    name,
    levels: z.array(z.looseObject({ name: text, settings }, "a level"), "a list of levels").min(1, "a list of levels"),
  },
  "a factor",
);

const range = z.looseObject({ name, path: name, from: z.number("a number"), to: z.number("a number") }, "a range");

const until = z.looseObject(
  {
    response: name,
    relativeHalfWidth: within({ min: 0, max: 1 }),
    min: count,
    max: within(replications).int("a whole number"),
  },
  "a map of response, relativeHalfWidth, min and max",
);

const best = z.looseObject(
  {
    response: name,
    wanted: z.enum(["least", "most"], "least or most"),
    indifference: z.number("a number > 0").positive("a number > 0"),
    firstStage: z.int("a whole number >= 2").min(2, "a whole number >= 2"),
  },
  "a map of response, wanted, indifference and firstStage",
);

const compare = z.looseObject(
  {
    factor: name,
    baseline: text,
    against: z.union([text, z.array(text)]).optional(),
    responses: z.array(name, "a list of responses").optional(),
    best: best.optional(),
  },
  "a map of factor, baseline and against",
);

const experiment = z
  .looseObject(
    {
      name,
      file: text,
      folder: text,
      question: text,
      seed: text,
      replications: within(replications).int("a whole number"),
      until: until.optional(),
      scenario,
      factors: z.array(factor, "a list of factors"),
      exclude: z.array(z.record(z.string(), z.array(text)), "a list of combinations").optional(),
      sample: z
        .looseObject(
          {
            method: z.enum(["latin-hypercube", "sobol"], "latin-hypercube or sobol"),
            points: z.int("a whole number").min(1, "a whole number >= 1").max(10_000, "a whole number <= 10000"),
            ranges: z.array(range, "a list of ranges"),
          },
          "a sample",
        )
        .optional(),
      compare: compare.optional(),
      fleet: text.optional(),
      quick: z.looseObject({ settings }, "a map of settings"),
      positions: z.record(z.string(), text, "a map of positions").default({}),
    },
    "an experiment",
  )
  .superRefine(({ factors, compare: compared, fleet }, context) => {
    const names = factors.map((one) => one.name);
    for (const [path, named] of [
      [["compare", "factor"], compared?.factor],
      [["fleet"], fleet],
    ] as const) {
      if (named === undefined || names.includes(named)) continue;
      context.addIssue({
        code: "custom",
        path: [...path],
        input: named,
        message: `one of ${names.join(", ") || "none"}`,
      });
    }
  });

const point = z.looseObject(
  { index: count, levels: z.record(z.string(), text, "a map of levels"), scenario },
  "a design point",
);

const file = z.looseObject(
  {
    path: z.string("the name of a file in the folder").regex(/^\w[\w.-]*$/, "the name of a file in the folder"),
    bytes: count,
    sha256,
    rows: count.optional(),
  },
  "a file",
);

export const manifestSchema = z
  .looseObject(
    {
      program: z.literal("spoolsim", "spoolsim"),
      version: name,
      identity: sha256,
      command: text,
      events: count,
      digest: text,
      workers: count,
      startedAt: text,
      commit: text.optional(),
      experiment,
      points: z.array(point, "a list of design points").min(1, "a list of design points"),
      modules: z.array(z.looseObject({ path: name, sha256 }, "a module"), "a list of modules").optional(),
      files: z.array(file, "a list of files"),
      node: text,
      platform: text,
      cpu: text,
      finishedAt: text,
      elapsedSeconds: z.number("a number"),
    },
    "a manifest",
  )
  .superRefine(({ experiment: { factors, sample }, points }, context) => {
    const names = [...factors, ...(sample?.ranges ?? [])].map((one) => one.name);
    points.forEach(({ index, levels }, i) => {
      const missing = names.find((one) => !Object.hasOwn(levels, one));
      if (missing !== undefined) {
        context.addIssue({
          code: "custom",
          path: ["points", i, "levels", missing],
          input: undefined,
          message: "a text",
        });
      }
      if (index !== i)
        context.addIssue({ code: "custom", path: ["points", i, "index"], input: index, message: String(i) });
    });
  });
