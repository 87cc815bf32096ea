/** Targets that are met, and targets that are not: a validation that cannot fail proves nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formula, simulated, vector, type Topic } from "../../../lab/validation/target.ts";
import { targetsOf, validate, validationTable, type ValidationResult } from "../../../lab/validation/validate.ts";
import { studentTQuantile } from "../../../statistics/special-functions.ts";
import { textOf } from "../../support/fake-results.ts";

function estimated(value: number, standardError: number) {
  const estimate = { value, standardError, halfWidth: NaN, lower: NaN, upper: NaN };
  return async () => ({ estimate, replications: 20 });
}

const topics: readonly Topic[] = [
  {
    name: "queues",
    targets: [
      formula(3, "a wait", "Erlang", "0.500", () => 0.50049),
      formula(31, "another wait", "Erlang", "0.500", () => 0.50051),
      vector(undefined, "a count", "Mann", "45", () => 45),
      vector(undefined, "a miscount", "Mann", "45", () => 46),
    ],
  },
  {
    name: "leaks",
    targets: [
      simulated(3, "near", "theory", "2.0", estimated(2.4, 0.1)),
      simulated(undefined, "far", "theory", "2.0", estimated(2.5, 0.1)),
      simulated(undefined, "without a spread", "theory", "2.0", estimated(2, 0)),
    ],
  },
];

async function results(word?: string, signal = new AbortController().signal): Promise<ValidationResult[]> {
  const all: ValidationResult[] = [];
  for await (const result of validate(topics, targetsOf(topics, word), signal)) all.push(result);
  return all;
}

test("a target passes within half a unit of its last digit, or within its number of standard errors, and no further", async () => {
  const verdicts = (await results()).map(({ target, passes }) => [target.name, passes]);
  assert.deepEqual(Object.fromEntries(verdicts), {
    "a wait": true,
    "another wait": false,
    "a count": true,
    "a miscount": false,
    near: true,
    far: false,
    "without a spread": false,
  });
});

test("simulations share the catalogue's error rate of one in a thousand, whichever of them run", async () => {
  const bound = studentTQuantile(1 - 0.001 / 3 / 2, 19);
  assert.ok(bound > 4 && bound < 5);
  for (const word of [undefined, "leaks", "near"]) {
    const simulations = (await results(word)).filter(({ target }) => target.kind === "simulation");
    assert.ok(simulations.every((result) => result.bound === bound));
  }
});

test("a word finds topics, kinds, names and sources, and a number only itself", () => {
  const names = (word: string) => targetsOf(topics, word).map(({ target }) => target.name);
  assert.deepEqual(names("LEAKS"), ["near", "far", "without a spread"]);
  assert.deepEqual(names("vector"), ["a count", "a miscount"]);
  assert.deepEqual(names("wait"), ["a wait", "another wait"]);
  assert.deepEqual(names("mann"), ["a count", "a miscount"]);
  assert.deepEqual(names("3"), ["a wait", "near"]);
  assert.deepEqual(names("nothing"), []);
  assert.equal(targetsOf(topics).length, 7);
});

test("validation stops on request", async () => {
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(results(undefined, controller.signal), { name: "AbortError" });
});

test("results are rows of CSV, with a standard error only for simulations", async () => {
  const [head, first, second] = (await textOf(validationTable, await results("3"))).split("\n");
  assert.equal(head, "number,topic,target,kind,source,expected,got,standardError,distance,bound,verdict");
  assert.match(first, /^3,queues,a wait,formula,Erlang,0\.500,0\.50049,,0\.00048\d*,0\.0005,pass$/);
  assert.match(second, /^3,leaks,near,simulation,theory,2\.0,2\.4,0\.1,3\.9\d*,4\.\d+,pass$/);
});
