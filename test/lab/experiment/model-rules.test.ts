/** lab/experiment/model-rules.ts: each rule finds its fault, and the models that ship have none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelFault, valuesFault } from "../../../lab/experiment/model-rules.ts";
import { catalogue } from "../../../models/catalogue.ts";
import { valuesOf } from "../../models/print-servers/lockstep.ts";

type Draft = Record<string, unknown>;

/** A right model, as plain data. */
function right(): Draft {
  return {
    name: "pool",
    meaning: "a pool that leaks",
    kinds: ["REQUEST", "RETURN"],
    parameters: {
      leakShare: { kind: "number", unit: "1", default: 0.1, min: 0, max: 1, meaning: "leaks", source: "assumption" },
      law: { kind: "choice", default: "a", choices: ["a", "b"], meaning: "law", source: "assumption" },
      isOn: { kind: "switch", default: true, meaning: "on", source: "assumption" },
    },
    responses: [
      { name: "leaked", unit: "1", role: "leak", meaning: "leaked", ceiling: "emptyUs", leakSize: 1 },
      { name: "held", unit: "1", role: "gauge", meaning: "held" },
      { name: "emptyUs", unit: "us", role: "eventTime", meaning: "empty" },
    ],
    means: [{ name: "share", unit: "1", of: "leaked", per: "held", meaning: "share" }],
    create() {},
  };
}

/** Where a model is changed, to what, and what is said of it. */
const faults: readonly (readonly [path: string, value: unknown, fault: string])[] = [
  ["name", undefined, "has no name; a name"],
  ["name", "my pool", 'has name "my pool"; a letter, then letters, digits, - or _'],
  ["meaning", "", 'has meaning ""; a text that is not empty'],
  ["kinds", [], "has kinds []; one or more"],
  ["kinds", ["A", "A"], "has kinds with A twice; names must differ"],
  ["parameters", undefined, "has no parameters; a table of parameters"],
  [
    "parameters.leakShare.kind",
    "share",
    'has parameters.leakShare.kind "share"; one of number, choice, list, switch, text, part',
  ],
  ["parameters.leakShare.meaning", undefined, "has no parameters.leakShare.meaning; a text"],
  ["parameters.leakShare.max", Infinity, "has parameters.leakShare.max Infinity; a finite number"],
  ["parameters.leakShare.default", 2, "has parameters.leakShare.default 2; a share lies in [0, 1]"],
  ["parameters.law.default", "c", 'has parameters.law.default "c"; one of a, b'],
  ["parameters.isOn.default", 1, "has parameters.isOn.default 1; true or false"],
  ["responses", [], "has responses []; one or more"],
  ["responses.1.role", "meter", 'has responses.1.role "meter"; one of count, gauge, leak, eventTime, total'],
  ["responses.1.unit", undefined, "has no responses.1.unit; a text"],
  ["responses.1.meaning", undefined, "has no responses.1.meaning; a text"],
  ["responses.1.name", "leaked", "has responses with leaked twice; names must differ"],
  [
    "responses.0.ceiling",
    "held",
    "has a response leaked with the ceiling held; a ceiling must name a response of role eventTime",
  ],
  [
    "responses.0.leakSize",
    "law",
    "has a response leaked with the leakSize law; leakSize must be a number or name a parameter of kind number",
  ],
  ["responses.0.leakSize", 0, "has responses.0.leakSize 0; a number above 0"],
  [
    "responses.0.thinnedBy",
    ["law"],
    "has a response leaked with thinnedBy law; thinnedBy must name parameters of kind number",
  ],
  [
    "responses.0.heldBy",
    "emptyUs",
    "has a response leaked with the heldBy emptyUs; heldBy must name a gauge or a count",
  ],
  ["responses.0.now", true, "has a response leaked with now, which only a response of role count has"],
  ["responses.1.leakSize", 1, "has a response held with leakSize, which only a response of role leak has"],
  ["responses.1.firstLeak", true, "has a response held with firstLeak, which only a response of role eventTime has"],
  ["means.0.per", "nothing", "has the mean share of nothing, which is not a response of the model"],
  ["create", undefined, "has no create; a function"],
  ["closedForm", 1, "has closedForm 1; a function"],
];

test("a valid model has no fault, and a value that is not an object is not a model", () => {
  assert.equal(modelFault(right()), undefined);
  for (const nothing of [undefined, null, 7, "model"]) assert.equal(modelFault(nothing), "is not an object");
});

for (const [path, value, fault] of faults) {
  test(`a model ${fault}`, () => {
    const model = right();
    const keys = path.split(".");
    const last = keys.pop()!;
    keys.reduce((at, key) => at[key] as Draft, model)[last] = value;
    assert.equal(modelFault(model), fault);
  });
}

for (const [name, model] of Object.entries(catalogue)) {
  test(`the built-in model ${name} meets the rules of a user's model`, () => {
    assert.equal(modelFault(model), undefined);
    assert.equal(valuesFault(model, valuesOf(model, {})), undefined);
  });
}
