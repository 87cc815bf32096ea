/** statistics/chi-square.ts against published digits and against itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chiSquareTail } from "../../statistics/chi-square.ts";

test("chiSquareTail agrees with 40-digit mpmath", () => {
  for (const [x, degrees, p] of [
    [3.841458820694124, 1, 0.0500000000000000574],
    [16.792941, 1, 4.16880908564458701e-5],
    [0.01, 3, 0.99973483494134439],
    [7.5, 7, 0.378736906048212937],
    [50, 10, 2.66908342490449564e-7],
    [180, 200, 0.841779010813569832],
    [700, 3, 2.09913085342040884e-151],
    [1300, 2, 5.11195194865115625e-283],
  ]) {
    const error = Math.abs(chiSquareTail(x, degrees) / p - 1);
    assert.ok(error <= 4e-14, `chiSquareTail(${x}, ${degrees}): relative error ${error}`);
  }
});

test("chiSquareTail agrees with the 5 % points of printed tables", () => {
  // Abramowitz and Stegun, table 26.8.
  for (const [degrees, point] of [
    [1, 3.84146],
    [2, 5.99147],
    [3, 7.81473],
    [10, 18.307],
    [30, 43.7729],
  ]) {
    assert.ok(Math.abs(chiSquareTail(point, degrees) - 0.05) < 2e-6, `${degrees} degrees`);
  }
});

test("the tail decreases from 1 to 0", () => {
  for (const degrees of [1, 2, 5]) {
    assert.equal(chiSquareTail(-1, degrees), 1);
    assert.equal(chiSquareTail(0, degrees), 1);
    assert.equal(chiSquareTail(Infinity, degrees), 0);
    assert.equal(chiSquareTail(NaN, degrees), NaN);
    for (let x = 0; x < 40; x++) assert.ok(chiSquareTail(x + 1, degrees) < chiSquareTail(x, degrees));
  }
});

test("degrees of freedom that are not whole numbers are refused", () => {
  assert.throws(() => chiSquareTail(1, 1.5), /degrees is 1.5; degrees of freedom are a whole number >= 1/);
  assert.throws(() => chiSquareTail(1, 0), /degrees is 0/);
});
