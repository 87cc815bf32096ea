/** The readings of re-entry: against theory, against each other, and against a count by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardWindow } from "../../../models/guard-window/guard-window.ts";
import { openStreams } from "../../../sim/streams.ts";
import { exponential } from "../../../sim/variates.ts";
import { leakRateExtending, leakRateFixed } from "../../../statistics/reentry.ts";
import { assertAgrees, assertSliceInvariant, estimates, simulated } from "../print-servers/against-theory.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

const dense = { alterationsPerSecond: 2, windowSeconds: 0.25 };

for (const windowLaw of ["constant", "exponential", "erlang2", "hyperexponential"]) {
  test(`a ${windowLaw} window at the close leaks by its Laplace transform, its mean number of times`, () => {
    assertAgrees(guardWindow, { reading: "once-per-close", windowLaw }, 0.3, ["leaksPerJob", "leaks"]);
    assertAgrees(guardWindow, { reading: "each-per-close", windowLaw }, 0.3, ["leaksPerJob", "leaks"]);
  });

  test(`an extending ${windowLaw} window leaks like M/G/infinity is busy, from a clean start`, () => {
    assertAgrees(guardWindow, { ...dense, reading: "extending", windowLaw }, 0.1, ["leaksPerJob", "leaks"]);
  });
}

for (const windowLaw of ["constant", "exponential"]) {
  test(`a fixed ${windowLaw} window leaks like a counter with dead time, from a clean start`, () => {
    assertAgrees(guardWindow, { ...dense, reading: "fixed", windowLaw }, 0.1, ["leaksPerJob", "leaks"]);
  });
}

test("the law of the window does not matter for a job that prints for ever", () => {
  // One job of ten hours: the clean start is a second of it. 99.9 % bounds on the mean of twenty replications.
  const rates = { fixed: leakRateFixed(2, 0.25), extending: leakRateExtending(2, 0.25) };
  for (const [reading, rate] of Object.entries(rates)) {
    for (const windowLaw of ["constant", "erlang2", "hyperexponential"]) {
      const settings = { ...dense, reading, windowLaw, jobSeconds: 1e9 };
      const { value, standardError } = estimates(guardWindow, settings, 0.1, ["leaks"]).get("leaks")!;
      const z = (value / 86400 - rate) / (standardError / 86400);
      assert.ok(Math.abs(z) < 3.883, `${reading}, ${windowLaw}: ${value / 86400}, theory ${rate}, z ${z}`);
    }
  }
});

test("leaks match a hand calculation from a list of alterations", () => {
  const open = openStreams("theory", 0, { first: 0, count: 1 });
  const alterations = open("alterations");
  const times: number[] = [];
  for (let now = 0; now < 3600e6; times.push(now)) {
    now += Math.max(1, Math.ceil(exponential(alterations.draw(0), 0.5e6)));
  }
  const inHour = times.filter((time) => time < 3600e6);
  const settings = { ...dense, windowLaw: "constant", jobSeconds: 1e9 };
  let [fixed, extending, openUntil] = [0, 0, 0];
  inHour.forEach((time, i) => {
    if (time < openUntil) fixed++;
    else openUntil = time + 250_000;
    if (i > 0 && time < inHour[i - 1] + 250_000) extending++;
  });
  for (const [reading, leaks] of Object.entries({ fixed, extending })) {
    const { column } = simulated(guardWindow, { ...settings, reading }, 1 / 24);
    assert.deepEqual([column("alterations")[0], column("leaks")[0]], [inHour.length, leaks]);
  }
  assert.ok(extending > fixed && fixed > 1000);
});

test("a window is half open: an alteration at its end is outside", () => {
  const { instance } = simulated(guardWindow, { reading: "fixed", jobSeconds: 1e9, windowSeconds: 1 }, 1e-9);
  const [ALTERED, leaks] = [2, instance.columns[2]];
  const at = (now: number) => instance.handle(ALTERED, 0, 0, { now, after: () => undefined });
  at(5e6);
  at(6e6);
  assert.equal(leaks[0], 0);
  at(6e6 + 999_999);
  assert.equal(leaks[0], 1);
});

test("a server of the guard window is the same alone and next to others, sampled or not", () => {
  for (const reading of ["once-per-close", "extending"]) {
    assertSliceInvariant(guardWindow, { ...dense, reading, windowLaw: "exponential" }, 0.02);
  }
});

test("fixed windows of other laws in a job that ends have no closed form", () => {
  const theory = (windowLaw: string) =>
    guardWindow.closedForm!(valuesOf(guardWindow, { reading: "fixed", windowLaw }), "leaksPerJob");
  assert.equal(theory("erlang2"), undefined);
  assert.equal(guardWindow.closedForm!(valuesOf(guardWindow, {}), "alterations"), undefined);
});

test("a leak without an alteration is detected", () => {
  const { instance } = simulated(guardWindow, {}, 0.001);
  instance.columns[2][0] = 1e6;
  assert.throws(() => instance.check(), /1000000 leaks of \d+ jobs and \d+ alterations at server 0/);
});
