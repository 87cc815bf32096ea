/** The leaks of a hundred seeds, at four sites: each is shrunk to at most five steps, which the reference confirms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shrunk } from "./shrinking.ts";

const sites = ["office", "help-desk", "hold-and-release", "mainframe"];

for (let seed = 0; seed < 100; seed++) {
  test(`seed ${seed}`, async () => {
    const found = await shrunk(String(seed), { site: sites[seed % 4] }, "processorsLeaked > 0");
    const { lines, steps, isShortest, simulations } = found;
    assert.equal(lines.length, 1);
    assert.ok(steps.length <= 5 && isShortest, JSON.stringify({ lines, steps }));
    assert.ok(simulations <= 100, `${simulations}`);
  });
}
