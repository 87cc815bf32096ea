/** Parameters: every default lies in its range, everything has a source, and presets set what exists. */
import { refusalOf } from "../../../../lab/experiment/settings.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Parameter, Settings } from "../../../../models/contract/parameters.ts";
import { catalogue } from "../../../../models/catalogue.ts";
import { valuesOf } from "../lockstep.ts";

for (const [name, model] of Object.entries(catalogue)) {
  const all: [string, Parameter][] = Object.entries(model.parameters);

  test(`${name}: every default lies in its range`, () => {
    for (const [parameter, description] of all) {
      if (description.kind === "number") {
        const { default: value, min, max, whole } = description;
        assert.ok(min <= value && value <= max && min < max, `${parameter}: ${min} <= ${value} <= ${max}`);
        if (whole === true) assert.ok([value, min, max].every(Number.isInteger), `${parameter} is whole`);
      } else if (description.kind === "choice") {
        assert.ok(description.choices.includes(description.default), parameter);
        assert.equal(new Set(description.choices).size, description.choices.length, parameter);
      } else if (description.kind === "part") {
        assert.ok(Object.hasOwn(description.catalogue, description.default), parameter);
        const refusals = Object.values(description.catalogue).map((part) => description.validate(part));
        assert.ok(
          refusals.every((refusal) => refusal === undefined),
          parameter,
        );
      } else if (description.kind === "list") {
        assert.equal(refusalOf(description, description.default), undefined, parameter);
      } else {
        assert.equal(typeof description.default, description.kind === "text" ? "string" : "boolean", parameter);
      }
    }
    assert.equal(model.validate?.(valuesOf(model, {})), undefined);
  });

  test(`${name}: every parameter has a meaning and a source, and every number a unit`, () => {
    for (const [parameter, description] of all) {
      assert.ok(description.meaning.length > 3 && description.source.length > 3, parameter);
      if (description.kind === "number") assert.ok(description.unit.length > 0, `${parameter} has a unit`);
    }
  });

  test(`${name}: presets set only known parameters`, () => {
    const choices = all.flatMap(([parameter, description]) =>
      description.kind === "choice" ? description.choices.map((choice) => ({ [parameter]: choice })) : [],
    );
    for (const settings of [{}, ...choices]) {
      const presets = Object.keys(model.presets?.(settings) ?? {});
      for (const preset of presets) assert.ok(Object.hasOwn(model.parameters, preset), preset);
    }
  });
}

test("the parts of print-servers are listed under their own names", () => {
  const { spooler } = catalogue["print-servers"].parameters;
  assert.ok(spooler.kind === "part");
  for (const [name, part] of Object.entries(spooler.catalogue)) assert.equal((part as { name: string }).name, name);
});

test("shares that sum to more than 1 are refused with the sum", () => {
  const model = catalogue["print-servers"];
  const refuse = (settings: Settings) => model.validate!(valuesOf(model, settings));
  assert.match(refuse({ textShare: 0.75, emfShare: 0.5 })!, /textShare \+ emfShare is 1\.25;/);
  // 0.75 + 0.5, and 0.018 of the office.
  assert.match(refuse({ deleteShare: 0.75, levelShare: 0.5 })!, /the shares of altered jobs sum to 1\.26/);
  assert.equal(refuse({ textShare: 0.5, emfShare: 0.5 }), undefined);
});

test("a value without an article or document is called an assumption, in its description and in the list", () => {
  const { parameters } = catalogue["print-servers"];
  const given = ["assumption", "decision", "fact of the fleet"];
  const numbers = Object.entries(parameters).filter(([, { kind }]) => kind === "number");
  const others = numbers.filter(([, { source }]) => !given.some((word) => source.startsWith(word)));
  assert.deepEqual(
    others.map(([name, { source }]) => `${name}: ${source}`),
    [
      "pagedPoolBytesMax: Q283102: 192 MiB",
      "nonpagedPoolBytesMax: Q126402: 1 MiB, and 400 KiB for each MiB of memory beyond 4; this is the value for 128 MiB",
    ],
  );
});

test("the default of heapBytesPerInstance lies within the 1 to 8 KiB of its source", () => {
  const { heapBytesPerInstance } = catalogue["print-servers"].parameters;
  assert.ok(heapBytesPerInstance.kind === "number");
  const [, from, to] = /(\d+) to (\d+) KiB/.exec(heapBytesPerInstance.source)!;
  const { default: bytes } = heapBytesPerInstance;
  assert.ok(bytes >= 1024 * Number(from) && bytes <= 1024 * Number(to), `${bytes} B`);
});

test("powers of two are shown in KiB and MiB, because kB and MB are powers of ten", () => {
  for (const [name, { source }] of Object.entries(catalogue["print-servers"].parameters)) {
    // A LaserJet's pages of 40 kB are 40,000 bytes.
    if (name !== "portBytesPerSecond") assert.doesNotMatch(source, /\b[kM]B\b/, name);
  }
});
