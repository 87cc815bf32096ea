/** Fifty one-line faults of the kernel that have an effect: each is found at the first event that shows it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelFaults, outcomeElsewhere } from "./planted-faults.ts";

test("fifty planted faults are located at their events", async (context) => {
  const faults = await kernelFaults();
  // Evenly spread, so that every file has some.
  const order = [0, 1, 2, 3].flatMap((offset) => faults.filter((_, i) => i % 4 === offset));
  let found = 0;
  for (const fault of order) {
    if (found === 50) break;
    const result = await outcomeElsewhere(fault);
    if (result === "none" || result === "fails") continue;
    assert.equal(result, "found", `${fault.file}:${fault.line + 1} ${fault.to}`);
    found++;
    context.diagnostic(`${found}: ${fault.file}:${fault.line + 1}`);
  }
  assert.equal(found, 50);
});
