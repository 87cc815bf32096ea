/** lab/validation/mersenne-twister.ts: the numbers that Python prints. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MersenneTwister } from "../../../lab/validation/mersenne-twister.ts";

test("Python's random.seed(42) gives 0.6394267984578837 first, and its values past the first block", () => {
  const random = new MersenneTwister(42);
  assert.deepEqual(
    [random.draw(), random.draw(), random.draw()],
    [0.6394267984578837, 0.025010755222666936, 0.27502931836911926],
  );
  for (let i = 3; i < 999; i++) random.draw();
  assert.equal(random.draw(), 0.8554501933059546);
});
