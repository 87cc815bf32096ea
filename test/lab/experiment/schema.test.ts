/** lab/experiment/schema.ts: what editors check agrees with what the program accepts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { experimentJsonSchema, readShape } from "../../../lab/experiment/schema.ts";
import { shippedExperiments } from "../../../lab/experiment/load.ts";

const experiments = new URL("../../../../experiments/", import.meta.url);
const schema = z.fromJSONSchema(experimentJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);

function accepts(scenario: unknown): boolean {
  return schema.safeParse({ question: "?", seed: 1, scenario }).success;
}

test("experiments/experiment.schema.json is up to date", () => {
  const made = `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`;
  const written = readFileSync(new URL("experiment.schema.json", experiments), "utf8");
  const remake =
    `node -e 'import("./dist/lab/experiment/schema.js").then((it) => require("fs").writeFileSync(` +
    `"experiments/experiment.schema.json", JSON.stringify(it.experimentJsonSchema(), null, 2) + "\\n"))'`;
  assert.ok(made === written, `experiments/experiment.schema.json is out of date; make it with\n${remake}`);
});

test("the JSON Schema accepts the built-in experiments", async () => {
  for (const name of await shippedExperiments()) {
    const raw: unknown = parse(readFileSync(new URL(`${name}.yaml`, experiments), "utf8"));
    assert.deepEqual(schema.safeParse(raw).error?.issues, undefined, name);
  }
});

test("the JSON Schema knows the parameters of each model and their ranges", () => {
  assert.ok(accepts({ model: "print-servers", parameters: { site: "mainframe", deleteShare: 1, emfHoldsDc: false } }));
  assert.ok(!accepts({ model: "print-servers", parameters: { site: "mainfram" } }));
  assert.ok(!accepts({ model: "print-servers", parameters: { deleteShare: 1.01 } }));
  assert.ok(!accepts({ model: "print-servers", parameters: { serviceLaw: "constant" } }));
  assert.ok(accepts({ model: "mm1", parameters: { serviceLaw: "constant" } }));
  assert.ok(!accepts({ model: "mm1", servers: 1.5 }));
});

test("the JSON Schema accepts a module's path for a model and for a spooler", () => {
  assert.ok(accepts({ model: "./mine.mjs", parameters: { anything: 1 } }));
  assert.ok(!accepts({ model: "mine", parameters: { anything: 1 } }));
  assert.ok(accepts({ model: "print-servers", parameters: { spooler: "fixed" } }));
  assert.ok(accepts({ model: "print-servers", parameters: { spooler: "../mine.mjs" } }));
  assert.ok(!accepts({ model: "print-servers", parameters: { spooler: "fixd" } }));
});

test("a parameter is described by its meaning, unit, default, range and source", () => {
  const { properties } = experimentJsonSchema() as { properties: { scenario: { anyOf: [{ properties: never }] } } };
  const { parameters } = properties.scenario.anyOf[0].properties as { parameters: { properties: object } };
  assert.deepEqual((parameters.properties as Record<string, unknown>).dcsMax, {
    description:
      "printer DCs that can exist at one time [1] (assumption; Q180864 gives no number for NT: its 30, 200 and 250 are " +
      "for SNA Server's print service)",
    default: 250,
    type: "integer",
    minimum: 1,
    maximum: 1e6,
  });
});

test("keys missing from a file have their defaults", () => {
  assert.deepEqual(readShape({ question: "?", seed: 7, scenario: { model: "mm1" } }), {
    question: "?",
    seed: "7",
    replications: 10,
    scenario: { model: "mm1", servers: 1, horizonDays: 7, sampleEveryHours: 24, parameters: {} },
    factors: {},
    exclude: [],
    quick: {},
  });
});

test("a misspelt key is reported before the key that is missing because of it", () => {
  const raw = { question: "?", seed: 7, scenaro: { model: "mm1" } };
  assert.throws(() => readShape(raw), { message: "scenaro is not known here; did you mean scenario?" });
});
