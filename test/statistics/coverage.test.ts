/**
 * The intervals, asked whether they keep their word: how often each holds the truth, over a thousand or more samples
 * from a law whose truth is known. A nominal 95 % lies within its Monte-Carlo band, three standard errors, or it is
 * said here by how much it does not.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exponentialQuantile } from "../../sim/math.ts";
import { bootstrapInterval, resampledRows } from "../../statistics/bootstrap.ts";
import { meanEstimate, pairedEstimate, type Estimate } from "../../statistics/estimate.ts";
import { stoppingPoint } from "../../statistics/stopping.ts";
import {
  kaplanMeier,
  medianInterval,
  restrictedMeanTime,
  restrictedMeanVariance,
  survivalBands,
} from "../../statistics/survival.ts";
import { normals, several, uniforms } from "./draws.ts";
import { counted } from "./near.ts";

interface Ends {
  readonly lower: number;
  readonly upper: number;
}

/** How often the interval of a round holds the truth; an end that is NaN is open. */
function coverage(rounds: number, truth: number, interval: () => Ends): number {
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const { lower, upper } = interval();
    if (!(lower > truth) && !(upper < truth)) held++;
  }
  return held / rounds;
}

function assertNominal(share: number, rounds: number, nominal = 0.95): void {
  const band = 3 * Math.sqrt((nominal * (1 - nominal)) / rounds);
  assert.ok(Math.abs(share - nominal) <= band, `holds in ${share}, not within ${band} of ${nominal}`);
}

test("the t interval of 8 replications covers in 95 % of cases", () => {
  const draw = normals("t");
  assertNominal(
    coverage(4000, 3, () => meanEstimate(several(8, () => 3 + draw()))),
    4000,
  );
});

test("the paired t interval covers in 95 % of cases, however much the pairs share", () => {
  for (const shared of [0, 5]) {
    const draw = normals(`paired ${shared}`);
    const interval = () => {
      const common = several(8, () => shared * draw());
      const [x, y] = [1, 0].map((mean) => common.map((value) => value + mean + draw()));
      return pairedEstimate(x, y).difference;
    };
    assertNominal(coverage(2000, 1, interval), 2000);
  }
});

test("ten simultaneous intervals all cover in at least 95 % of cases", () => {
  const draw = normals("simultaneous");
  const worst = () => {
    // Ten differences from one control: the one that is farthest off decides.
    const control = several(10, draw);
    const all = Array.from({ length: 10 }, () =>
      meanEstimate(
        control.map((value) => draw() - value),
        1,
        10,
      ),
    );
    const distance = ({ value, halfWidth }: Estimate) => Math.abs(value) / halfWidth;
    return all.reduce((far, one) => (distance(one) > distance(far) ? one : far));
  };
  const share = coverage(1000, 0, worst);
  assert.ok(share >= 0.95 - 3 * Math.sqrt((0.95 * 0.05) / 1000), `${share}`);
});

test("the bootstrap interval covers in 95 % of cases for 100 values, and in fewer for 8", () => {
  const draw = normals("bootstrap");
  const interval = (n: number) => {
    const places = resampledRows(n, uniforms(`bootstrap places ${n}`));
    return () => bootstrapInterval(several(n, draw), places);
  };
  assertNominal(coverage(1000, 0, interval(100)), 1000);
  const few = coverage(1000, 0, interval(8));
  assert.ok(few > 0.86 && few < 0.92, `holds in ${few}`);
});

/** Exponential times of mean 1, of 60 servers of which some are right-censored: what is known of them. */
function lifetimes(draw: () => number) {
  const pairs = Array.from({ length: 60 }, () => [exponentialQuantile(draw()), 3 * draw()]);
  const events = pairs.filter(([time, end]) => time <= end).map(([time]) => time);
  const censored = pairs.filter(([time, end]) => time > end).map(([, end]) => end);
  return kaplanMeier(counted(events), counted(censored));
}

test("Greenwood's log-log band covers the true survival at one time in 95 % of cases", () => {
  const draw = uniforms("greenwood");
  const interval = () =>
    survivalBands(lifetimes(draw))
      .filter(({ time }) => time <= 0.7)
      .at(-1)!;
  assertNominal(coverage(1000, Math.exp(-0.7), interval), 1000);
});

test("the interval of a median covers in at least 95 % of cases, with an open end where the horizon hides it", () => {
  const draw = uniforms("median");
  for (const n of [6, 12, 40]) {
    const interval = () => {
      const times = Array.from({ length: n }, () => -Math.log(1 - draw()));
      const { lower, upper } = medianInterval(counted(times.filter((time) => time < 1)), n);
      return { lower, upper: Number.isNaN(upper) ? Infinity : upper };
    };
    assert.ok(coverage(1000, Math.LN2, interval) > 0.93, String(n));
  }
});

test("the interval of a restricted mean covers in 95 % of cases", () => {
  const draw = uniforms("restricted");
  const interval = () => {
    const curve = lifetimes(draw);
    const [mean, half] = [restrictedMeanTime(curve, 1.5), 1.96 * Math.sqrt(restrictedMeanVariance(curve, 1.5))];
    return { lower: mean - half, upper: mean + half };
  };
  // The mean of an exponential time of mean 1, up to 1.5, is 1 - exp(-1.5).
  assertNominal(coverage(2000, 1 - Math.exp(-1.5), interval), 2000);
});

test("after stopping at a relative precision the t interval covers less often, the anytime interval more often", () => {
  const rounds = 1000;
  const after = (isAnytime: boolean) => {
    const draw = normals("stopped");
    return coverage(rounds, 10, () => {
      const values = several(200, () => 10 + 2 * draw());
      const { value } = meanEstimate(values.subarray(0, stoppingPoint(values, 0.1, 5, { isAnytime })));
      // What was asked for: an error of a tenth of the truth.
      return { lower: value - 1, upper: value + 1 };
    });
  };
  const [plain, anytime] = [after(false), after(true)];
  assert.ok(plain > 0.88 && plain < 0.97, `${plain}`);
  assert.ok(anytime >= 0.95, `${anytime}`);
});
