/** lab/experiment/experiment.ts: where things are said, and what varies. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { factorNames, withPosition, positionOf, variedBy } from "../../../lab/experiment/experiment.ts";
import { Fault } from "../../../lab/experiment/settings.ts";
import { UserError } from "../../../lab/user-error.ts";
import { head, load } from "../../support/yaml-file.ts";

const positions = { "": "x.yaml:1:1", "factors.load": "x.yaml:5:3" };

test("a path has the position where it was set, or that of the nearest enclosing key", () => {
  assert.equal(positionOf("factors.load", positions), "x.yaml:5:3");
  assert.equal(positionOf("factors.load.high.servers", positions), "x.yaml:5:3");
  assert.equal(positionOf("factors.loads", positions), "x.yaml:1:1");
  assert.equal(positionOf("factors", {}), "");
});

test("only a fault gets a position; other errors stay unchanged", () => {
  const fault = withPosition(new Fault("factors.load", "has no levels"), positions);
  assert.ok(fault instanceof UserError);
  assert.equal(fault.message, "x.yaml:5:3 factors.load has no levels");
  const other = new UserError("something else");
  assert.equal(withPosition(other, positions), other);
});

test("factors and ranges of the sample vary, in this order", async () => {
  const experiment = await load(
    `${head}scenario: {model: mm1}
factors: {load: {low: {servers: 1}, high: {servers: 2}}}
sample: {method: sobol, points: 2, ranges: {arrivalsPerSecond: {from: 0.1, to: 0.5}}}
`,
  );
  assert.deepEqual(factorNames(experiment), ["load", "arrivalsPerSecond"]);
  assert.equal(variedBy(experiment, "servers"), "the factor load");
  assert.equal(variedBy(experiment, "parameters.arrivalsPerSecond"), "the sample");
  assert.equal(variedBy(experiment, "horizonDays"), undefined);
});
