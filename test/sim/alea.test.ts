/** Alea out of a column, beside seedrandom's own objects. */
import assert from "node:assert/strict";
import { test } from "node:test";
import seedrandom from "seedrandom";
import { drawNumbers, NEIGHBOURS, seedNeighbours, STATE } from "../../sim/alea.ts";

function codesOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

const tails = ["", ".", ".0.jobs.1.", ".3.é 🖨\u0000\uffff.", "x".repeat(300)];

test("neighbouring servers have the seeds that the library gives each of them", () => {
  for (const tail of tails) {
    for (const heads of [
      ["0", "1", "2", "3"],
      ["8", "9", "10", "11"],
      ["999998", "999999", "1000000", "1000001"],
    ]) {
      const states = new Float64Array(STATE * (NEIGHBOURS + 1)).fill(-1);
      seedNeighbours(states, STATE, heads, codesOf(tail));
      assert.deepEqual([...states.subarray(0, STATE)], [-1, -1, -1, -1], "what is before is left alone");
      heads.forEach((head, i) => {
        const { s0, s1, s2, c } = seedrandom.alea(head + tail, { state: true }).state();
        const at = STATE * (i + 1);
        assert.deepEqual([...states.subarray(at, at + STATE)], [s0, s1, s2, c], head + tail);
      });
    }
  }
});

test("two million numbers are the library's, including waits for a carry", () => {
  const heads = ["a", "b", "c", "d"];
  const states = new Float64Array(STATE * NEIGHBOURS);
  seedNeighbours(states, 0, heads, codesOf("."));
  const numbers = new Float64Array(1000);
  let late = 0;
  heads.forEach((head, i) => {
    const library = seedrandom.alea(`${head}.`, { state: true });
    for (let block = 0; block < 500; block++) {
      const before = library.state();
      const carry = Math.floor(2091639 * before.s0);
      if (Math.floor(2091639 * before.s0 + before.c / 4294967296) > carry) late++;
      drawNumbers(states, STATE * i, numbers, 0, numbers.length);
      for (const number of numbers) if (number !== library.double()) assert.fail(`block ${block} of ${head}`);
    }
    const { s0, s1, s2, c } = library.state();
    assert.deepEqual([...states.subarray(STATE * i, STATE * (i + 1))], [s0, s1, s2, c]);
  });
  assert.ok(late > 0, "no block began with a late carry");
});

test("a draw that rounding carries past the level exceeds it", () => {
  // s0 is one step of 2^-32 below a whole multiple of 1 / 2091639, so that the fraction of the product is near 1.
  const s0 = Math.floor((12345 / 2091639) * 4294967296) / 4294967296;
  const states = Float64Array.of(s0, 0.25, 0.5, 2091638);
  const product = 2091639 * s0;
  const alone = product - Math.floor(product);
  assert.ok(alone + 2091638 / 4294967296 >= 1, "the carry matters");
  const numbers = new Float64Array(1);
  drawNumbers(states, 0, numbers, 0, 1);
  const whole = product + 2091638 / 4294967296;
  assert.equal(states[1], whole - Math.floor(whole));
});
