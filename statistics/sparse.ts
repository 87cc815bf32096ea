/**
 * Values of which some are 0, because what they measure happened to some servers and not to others.
 *
 * A t interval of all values covers only 80 to 90 % if half of 8 servers are affected, because the few affected servers
 * decide both the mean and its error. The interval here answers two questions: on how many servers it happens (Clopper
 * and Pearson), and how much it is where it happens (t). It multiplies the ends. It covers at least 90 %, because it
 * holds whenever both do, and in practice more than 95 %.
 *
 * Where it fails: few values with a long tail, as t does; and a share below 1 of which no 0 was seen.
 */
import { meanEstimate, pValue, withInterval, type Estimate } from "./estimate.ts";
import { clopperPearsonInterval } from "./proportion.ts";

type Numbers = ArrayLike<number>;

/**
 * The mean of independent values, divided by a constant: like meanEstimate if no value or every value is 0. The
 * interval is NaN if only one value is nonzero, because the variance is then unknown.
 * @param family the number of intervals that hold simultaneously with 95 % confidence (Bonferroni)
 */
export function sparseEstimate(values: Numbers, divisor = 1, family = 1): Estimate {
  const all = meanEstimate(values, divisor, family);
  const some = withoutZeros(values);
  if (some.length === 0 || some.length === values.length) return all;
  const share = clopperPearsonInterval(some.length, values.length, family);
  const { lower, upper } = meanEstimate(some, divisor, family);
  return withInterval(all, {
    lower: lower * (lower > 0 ? share.lower : share.upper),
    upper: upper * (upper > 0 ? share.upper : share.lower),
  });
}

/**
 * The two-sided p-value of the t test that the values which are not 0 have the mean 0. It is below 0.05 where the
 * interval of sparseEstimate does not contain 0. NaN of fewer than two such values, and when they do not vary.
 */
export function sparsePValue(values: Numbers, divisor = 1): number {
  const some = withoutZeros(values);
  return pValue(meanEstimate(some, divisor), some.length);
}

function withoutZeros(values: Numbers): Float64Array {
  return Float64Array.from(values).filter((value) => value !== 0);
}
