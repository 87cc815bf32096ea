/** The models that ship say of themselves what the lab relies on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../models/catalogue.ts";
import { openStreams } from "../../sim/streams.ts";
import { valuesOf } from "./print-servers/lockstep.ts";

for (const [name, model] of Object.entries(catalogue)) {
  test(`${name} is listed under its own name, with sentences and unique names of kinds and responses`, () => {
    assert.equal(model.name, name);
    assert.ok(model.meaning.length > 10);
    const answers = [...model.responses, ...(model.means ?? [])];
    for (const names of [model.kinds, answers.map((answer) => answer.name)]) {
      assert.equal(new Set(names).size, names.length);
    }
    for (const answer of answers) assert.ok(answer.meaning.length > 5 && answer.unit.length > 0, answer.name);
  });

  test(`${name}: every meaning can be read on its own, and all differ`, () => {
    const meanings = [...Object.values(model.parameters), ...model.responses, ...(model.means ?? [])].map(
      ({ meaning }) => meaning,
    );
    const leansOnAnother = /^(and|because|their|its|it|they|these|those|the same|of these|on these|for so)\b/i;
    assert.deepEqual(
      meanings.filter((meaning, i) => leansOnAnother.test(meaning) || meanings.indexOf(meaning) !== i),
      [],
    );
  });

  test(`${name} creates one column for each response and one row for each server`, () => {
    const slice = { first: 5, count: 3 };
    const instance = model.create(valuesOf(model, {}), slice, openStreams("catalogue", 0, slice));
    instance.observe(0);
    instance.check();
    assert.equal(instance.columns.length, model.responses.length);
    assert.ok(instance.columns.every((column) => column.length === 3));
    model.responses.forEach(({ role, name: response }, i) => {
      if (role === "eventTime") assert.ok(Number.isNaN(instance.columns[i][0]), `${response} has not happened`);
      else assert.ok(instance.columns[i][0] >= 0, response);
    });
  });

  test(`${name}: impacts, prices, counters, the trial and the narrative name its responses`, () => {
    const { impacts = [], prices = [], counters, trial, narrative } = model;
    const shown = counters?.(valuesOf(model, {})).flatMap(({ response }) => response ?? []) ?? [];
    const verdicts = trial === undefined ? [] : [trial.passed.eventTime, trial.halted.eventTime];
    const counted = narrative === undefined ? [] : [narrative.leaks];
    const named = [...impacts, ...prices].map(({ response }) => response).concat(shown, verdicts, counted);
    const known = model.responses.map((response) => response.name);
    assert.deepEqual(
      named.filter((response) => !known.includes(response)),
      [],
    );
    assert.equal(new Set(prices.map((price) => price.name)).size, prices.length);
    for (const price of prices) assert.ok(price.default >= 0 && price.default <= 1e9, price.name);
    const isEventTime = impacts.map(({ response }) => model.responses[known.indexOf(response)].role === "eventTime");
    assert.deepEqual(isEventTime, isEventTime.toSorted(), "what is per server-day stands before event times");
  });

  test(`${name}: ceilings are event times, and means are of its responses`, () => {
    const role = (wanted: string) => model.responses.find((response) => response.name === wanted)?.role;
    for (const { name: response, ceiling } of model.responses) {
      if (ceiling !== undefined) assert.equal(role(ceiling), "eventTime", `the ceiling of ${response}`);
    }
    for (const mean of model.means ?? []) {
      assert.ok(["total", "leak", "count"].includes(role(mean.of) ?? "none"), mean.of);
      assert.ok(["total", "count"].includes(role(mean.per) ?? "none"), mean.per);
    }
  });
}

test("print-servers has a reference that handles events", () => {
  const model = catalogue["print-servers"];
  const reference = model.reference!(valuesOf(model, {}), "catalogue", 0, 0);
  const { time, kind } = reference.step();
  assert.equal(kind, "SUBMIT");
  assert.ok(time > 8 * 3600e6, "nobody prints in an office before 8 h");
  assert.ok(reference.nextTime >= time);
});
