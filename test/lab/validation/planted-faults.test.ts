/** Some planted faults turn the validation red; planted-faults.proof.test.ts plants all of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formulaFaults, PlantedCopy } from "./planted-faults.ts";

test("a fault in a printed formula makes a target fail, and the correct formula makes none fail", async () => {
  const copy = await PlantedCopy.make();
  try {
    for (const fault of formulaFaults.filter(({ name }) => ["Greenwood", "level of t", "Hsu's level"].includes(name))) {
      assert.notDeepEqual(await copy.failures(fault), [], fault.name);
      assert.deepEqual(await copy.validate(fault.word), [], fault.name);
    }
  } finally {
    await copy.remove();
  }
});
