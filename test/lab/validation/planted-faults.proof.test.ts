/** Every planted fault, in formulas and in the kernel, turns the validation red. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formulaFaults, kernelFaults, PlantedCopy } from "./planted-faults.ts";

test("every single fault in a formula or in the kernel makes at least one target fail", async () => {
  const copy = await PlantedCopy.make();
  const green: string[] = [];
  try {
    for (const fault of [...formulaFaults, ...kernelFaults]) {
      const failed = await copy.failures(fault);
      if (failed.length === 0) green.push(fault.name);
    }
  } finally {
    await copy.remove();
  }
  assert.deepEqual(green, []);
});
