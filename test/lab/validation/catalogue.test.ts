/** The catalogue: every formula and vector is met here, every simulation by catalogue.proof.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, open } from "../../../lab/validation/catalogue.ts";
import { toleranceOf } from "../../../lab/validation/target.ts";
import { targetsOf, validate } from "../../../lab/validation/validate.ts";

const all = targetsOf(catalogue);

test("every formula, vector and certainty meets its target", async () => {
  const exact = all.filter(({ target }) => target.kind !== "simulation");
  assert.ok(exact.length >= 160);
  for await (const { target, computed, passes } of validate(catalogue, exact, new AbortController().signal)) {
    assert.ok(passes, `${target.name} is ${computed}, ${target.source} says ${target.expected}`);
  }
});

test("a quick simulation of each model meets its targets", async () => {
  for (const word of [
    "mmc, 5 clerks, offered load 3, exponential",
    "guard-window, once per close, exponential",
    "exhaustion, 10 leaks",
    "rejuvenation, never",
    "periodic-rejuvenation, general timers, period 1050 h: undetected",
  ]) {
    const some = targetsOf(catalogue, word).filter(({ target }) => target.kind === "simulation");
    assert.ok(some.length > 0, word);
    for await (const { target, distance, passes } of validate(catalogue, some, new AbortController().signal)) {
      assert.ok(passes, `${target.name}: |z| is ${distance}`);
    }
  }
});

test("targets have unique names, a source, and a written-out value", () => {
  const names = all.map(({ target }) => target.name);
  assert.deepEqual(
    names.filter((name, i) => names.indexOf(name) < i),
    [],
  );
  for (const { target } of all) {
    assert.ok(target.name.length > 10, target.name);
    assert.match(target.source, /^(printed by|computed (from|by)) ./, target.name);
    assert.doesNotThrow(() => toleranceOf(target.expected));
  }
  const topics = catalogue.map(({ name }) => name);
  assert.equal(new Set(topics).size, topics.length);
});

test("every number of the table has either targets or a reason to have none", () => {
  // 7, 14, 22, 29 and 30 are not in the table.
  const table = [
    1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 31, 32, 33, 34, 35, 36,
    37, 38, 39, 40, 41, 42,
  ];
  const met = new Set(all.flatMap(({ target }) => target.number ?? []));
  const reasoned = open.map(({ number }) => number);
  assert.deepEqual(
    [...met, ...reasoned].sort((a, b) => a - b),
    table,
  );
});

test("at least 25 targets run the print servers", () => {
  const own = all.filter(({ target }) => /^print-servers/.test(target.name));
  assert.ok(own.length >= 25 && own.every(({ target }) => target.kind === "simulation" || target.kind === "certainty"));
  assert.ok(own.filter(({ target }) => target.kind === "simulation").length >= 25, `${own.length}`);
});
