/** The same of a thousand random instants of random scenarios, all of which another process goes on with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, goneOnElsewhere, result, runToInstant, savedSlices } from "./saved-slices.ts";

test("another process continues a thousand saved slices as if nothing had happened", async () => {
  const slices = savedSlices(1000);
  const saved: ArrayBuffer[] = [];
  const expected = slices.map((one) => {
    const { simulator, slice } = begun(one);
    runToInstant(slice, one);
    saved.push(simulator.save({}));
    return result(slice, one);
  });
  const results = await goneOnElsewhere(slices, saved);
  slices.forEach((one, i) => assert.equal(results[i], expected[i], JSON.stringify(one)));
});
