/** The normal distribution and Student's t against published digits, and against each other. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { normalCdf, studentTCdf, studentTQuantile } from "../../statistics/special-functions.ts";
import { normalQuantile } from "../../sim/math.ts";

/** Relative. */
const BOUND = 1e-13;

function assertNear(value: number, expected: number, what: string): void {
  const error = Math.abs(value / expected - 1);
  assert.ok(error <= BOUND, `${what} is ${value}, not ${expected}: relative error ${error}`);
}

test("studentTQuantile agrees with 40-digit mpmath", () => {
  for (const [df, p, t] of [
    [9, 0.975, 2.26215716279820554],
    [1, 0.999, 318.308838985550446],
    [2.5, 0.9999, 34.8679693211147728],
    [30, 0.995, 2.74999565356722533],
    [1000, 0.975, 1.96233908082640848],
    [4, 0.9, 1.53320627405894391],
  ]) {
    assertNear(studentTQuantile(p, df), t, `studentTQuantile(${p}, ${df})`);
  }
});

test("studentTCdf agrees with 40-digit mpmath", () => {
  for (const [t, df, p] of [
    [-40, 9, 9.49149922466991324e-12],
    [-1, 1, 0.25],
    [-3, 0.5, 0.183654077992971724],
    [-2, 1000, 0.02288517324662582],
    [-2, 100_000, 0.0227514817287532316],
    [-1e10, 2.5, 7.19339719083172241e-26],
    [-Math.sqrt(35 / 3), 5, 0.0189271240719456535 / 2],
  ]) {
    assertNear(studentTCdf(t, df), p, `studentTCdf(${t}, ${df})`);
    assertNear(studentTCdf(-t, df), 1 - p, `studentTCdf(${-t}, ${df})`);
  }
});

test("normalCdf agrees with 40-digit mpmath", () => {
  for (const [x, p] of [
    [-37, 5.72557122252457682e-300],
    [-10, 7.61985302416052607e-24],
    [-5, 2.86651571879193912e-7],
    [-2.5, 0.00620966532577613517],
    [-1, 0.158655253931457051],
    [-0.001, 0.499601057786088937],
    [0, 0.5],
    [0.5, 0.691462461274013104],
    [1, 0.841344746068542949],
    [2, 0.977249868051820793],
    [3, 0.998650101968369905],
  ]) {
    assertNear(normalCdf(x), p, `normalCdf(${x})`);
  }
});

test("normalCdf inverts normalQuantile", () => {
  for (let k = 1; k < 1000; k++) {
    assertNear(normalCdf(normalQuantile(k / 1000)), k / 1000, `normalCdf of quantile ${k / 1000}`);
  }
  for (const p of [1e-5, 1e-10, 1e-20]) {
    assertNear(normalCdf(normalQuantile(p)), p, `normalCdf of quantile ${p}`);
  }
});

test("studentTCdf inverts studentTQuantile, for few and for many degrees of freedom", () => {
  for (const df of [0.3, 1, 1.5, 2, 5.7, 19, 300, 1e6]) {
    for (let k = 1; k < 200; k++) {
      assertNear(studentTCdf(studentTQuantile(k / 200, df), df), k / 200, `df ${df}, p ${k / 200}`);
    }
    assertNear(studentTCdf(studentTQuantile(1e-9, df), df), 1e-9, `df ${df}, p 1e-9`);
  }
});

test("studentTQuantile has its closed form for 1 and 2 degrees of freedom", () => {
  for (let k = 1; k < 100; k++) {
    if (k === 50) continue;
    const p = k / 100;
    const c = p - 0.5;
    assertNear(studentTQuantile(p, 1), Math.tan(Math.PI * c), `df 1, p ${p}`);
    assertNear(studentTQuantile(p, 2), (2 * c) / Math.sqrt(2 * p * (1 - p)), `df 2, p ${p}`);
  }
});

test("studentTQuantile is odd around 1/2, increases, and tends to the normal quantile", () => {
  let before = -Infinity;
  for (let k = 1; k < 256; k++) {
    const t = studentTQuantile(k / 256, 7);
    assert.equal(studentTQuantile(1 - k / 256, 7), 0 - t);
    assert.ok(t > before);
    before = t;
    assert.equal(studentTQuantile(k / 256, Infinity), normalQuantile(k / 256));
    assert.ok(Math.abs(studentTQuantile(k / 256, 1e8) - normalQuantile(k / 256)) < 1e-6);
  }
});

test("the ends of the distributions are exact", () => {
  assert.equal(studentTQuantile(0.5, 3), 0);
  assert.equal(studentTQuantile(0, 3), -Infinity);
  assert.equal(studentTQuantile(1, 3), Infinity);
  assert.equal(studentTCdf(0, 3), 0.5);
  assert.equal(studentTCdf(-Infinity, 3), 0);
  assert.equal(studentTCdf(Infinity, 3), 1);
  assert.equal(normalCdf(-Infinity), 0);
  assert.equal(normalCdf(Infinity), 1);
});

test("a probability outside [0, 1] and non-positive degrees of freedom are refused", () => {
  assert.throws(() => studentTQuantile(1.2, 3), /p is 1.2; a probability lies in \[0, 1\]/);
  assert.throws(() => studentTQuantile(NaN, 3), /p is NaN/);
  assert.throws(() => studentTQuantile(0.9, 0), /df is 0; degrees of freedom are > 0/);
  assert.throws(() => studentTCdf(1, NaN), /df is NaN/);
});

test("every engine gives these bits for the special functions", () => {
  const hash = createHash("sha256");
  const view = new DataView(new ArrayBuffer(8));
  const add = (value: number) => {
    view.setFloat64(0, value, true);
    hash.update(new Uint8Array(view.buffer));
  };
  for (let k = 1; k < 1024; k++) {
    add(normalCdf(k / 64 - 8));
    add(studentTCdf(k / 64 - 8, 1 + (k % 50)));
    add(studentTQuantile(k / 1024, 1 + (k % 50)));
  }
  assert.equal(hash.digest("hex"), "2e405c3f6d9cd331c363eb73dfc985baade34eadb28eadd046983816f62b218e");
});
