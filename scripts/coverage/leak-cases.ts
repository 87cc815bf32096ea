/** Leak rates, their comparisons, and the time until a resource runs out, of leaks whose truth is known. */
import type { Findings } from "../../lab/analysis/findings.ts";
import { gammaCdf } from "../../statistics/gamma.ts";
import { countedLeaks, DAYS, findingsOf, sizesOf, within, type Case } from "./case.ts";

/** Whether each interval of an experiment covers; undefined if none was printed. */
type Look = (findings: Findings) => boolean | undefined;

interface Shape {
  readonly replications: number;
  readonly servers: number;
  readonly parameters: object;
  readonly extra?: object;
}

function leaking({ replications, servers, parameters, extra = {} }: Shape, look: Look) {
  return async (seed: string) => {
    const scenario = { model: countedLeaks, servers, horizonDays: DAYS, sampleEveryHours: 24 * DAYS, parameters };
    return look(await findingsOf({ question: "Does it hold?", seed, replications, scenario, ...extra }));
  };
}

/** The mean of a truncated Poisson number: the sum of P(N >= k) for k up to the maximum. */
function cutOffMean(mean: number, most: number): number {
  let total = 0;
  for (let k = 1; k <= most; k++) total += gammaCdf(k, mean);
  return total;
}

/** A factor whose levels keep these shares of the leaks. */
const sharesOf = (kept: readonly number[]): object => ({
  kept: Object.fromEntries(kept.map((keptShare, i) => [`level${i}`, { keptShare }])),
});

const SIX_SHARES = [1, 0.8, 0.6, 0.4, 0.2, 0.1];

export function rateCases(): Case[] {
  return [
    ...[0.02, 0.3, 10].flatMap((leaksPerDay) =>
      [2, 4, 8].map((replications) => ({
        name: `leak rate, ${leaksPerDay} per server-day`,
        size: sizesOf(replications, 2),
        holds: leaking({ replications, servers: 2, parameters: { leaksPerDay } }, ({ leakRates: [{ rate }] }) =>
          within(rate, leaksPerDay),
        ),
      })),
    ),
    {
      name: "leak rate, 0.3 per server-day and less: all six at once (simultaneous)",
      size: sizesOf(4, 2),
      holds: leaking(
        { replications: 4, servers: 2, parameters: { leaksPerDay: 0.3 }, extra: { factors: sharesOf(SIX_SHARES) } },
        ({ leakRates }) =>
          leakRates.every(({ rateWithin }, i) => within(rateWithin(leakRates.length), 0.3 * SIX_SHARES[i]) === true),
      ),
    },
    ...[2, 4, 8].map((replications) => ({
      name: "leak rate of a resource near its ceiling",
      size: sizesOf(replications, 2),
      holds: leaking(
        { replications, servers: 2, parameters: { leaksPerDay: 10, leaksMax: 50 } },
        ({ leakRates: [{ rate }] }) => within(rate, cutOffMean(10 * DAYS, 50) / DAYS),
      ),
    })),
    ...[0.02, 10].map((leaksPerDay) => ({
      name: `leak rate, ${leaksPerDay} per server-day`,
      size: sizesOf(1, 8),
      holds: leaking({ replications: 1, servers: 8, parameters: { leaksPerDay } }, ({ leakRates: [{ rate }] }) =>
        within(rate, leaksPerDay),
      ),
    })),
    ...[2, 4, 8].map((replications) => ({
      name: "leak rate, 10 per server-day, 5 at a time",
      size: sizesOf(replications, 2),
      holds: leaking(
        { replications, servers: 2, parameters: { leaksPerDay: 2, bunch: 5 } },
        ({ leakRates: [{ rate }] }) => within(rate, 10),
      ),
    })),
    {
      name: "leak rate, 0.3 per server-day, 5 at a time",
      size: sizesOf(4, 2),
      mark: "rare bunches: where no leak was seen, the table says what its interval assumes",
      holds: leaking(
        { replications: 4, servers: 2, parameters: { leaksPerDay: 0.06, bunch: 5 } },
        ({ leakRates: [{ rate }] }) => within(rate, 0.3),
      ),
    },
    ...[4, 8].map((replications) => ({
      name: "leak rate of a fleet of two parts that share random numbers",
      size: sizesOf(replications, 4),
      holds: leaking(
        {
          replications,
          servers: 2,
          parameters: { leaksPerDay: 2 },
          extra: { factors: { part: { more: { keptShare: 1 }, less: { keptShare: 0.5 } } }, fleet: "part" },
        },
        ({ fleetRates: [{ rate }] }) => within(rate, 1.5),
      ),
    })),
  ];
}

const compared = (kept: readonly number[]): object => ({
  factors: sharesOf(kept),
  compare: { factor: "kept", baseline: "level0" },
});

export function comparisonCases(): Case[] {
  return [0.02, 0.3, 10].flatMap((leaksPerDay) => [
    ...[0, 0.5].flatMap((less) =>
      [2, 4, 8].map((replications) => ({
        name: `difference of ${leaksPerDay} and ${leaksPerDay * less} leaks per server-day`,
        size: sizesOf(replications, 2),
        holds: leaking(
          { replications, servers: 2, parameters: { leaksPerDay }, extra: compared([1, less]) },
          ({ comparisons: [{ difference }] }) => within(difference, leaksPerDay * (1 - less) * DAYS),
        ),
      })),
    ),
    {
      name: `all three differences at once, of ${leaksPerDay} leaks per server-day and less`,
      size: sizesOf(4, 2),
      holds: leaking(
        {
          replications: 4,
          servers: 2,
          parameters: { leaksPerDay },
          extra: { ...compared([1, 0.5, 0.2, 0]), compare: { factor: "kept", baseline: "level0" } },
        },
        ({ comparisons }) =>
          comparisons.every(({ simultaneous }, i) => {
            return within(simultaneous, leaksPerDay * [0.5, 0.8, 1][i] * DAYS) === true;
          }),
      ),
    },
    {
      name: `all six differences of two parts at once, of ${leaksPerDay} leaks per server-day and less (--simultaneous)`,
      size: sizesOf(4, 2),
      every: 4,
      holds: leaking(
        {
          replications: 4,
          servers: 2,
          parameters: {},
          extra: {
            factors: { leaksPerDay: [leaksPerDay, leaksPerDay / 2], ...sharesOf([1, 0.5, 0.2, 0]) },
            compare: { factor: "kept", baseline: "level0" },
          },
        },
        ({ comparisons }) =>
          comparisons.every(({ differenceWithin }, i) => {
            const rate = i < 3 ? leaksPerDay : leaksPerDay / 2;
            return within(differenceWithin(comparisons.length), rate * [0.5, 0.8, 1][i % 3]! * DAYS) === true;
          }),
      ),
    },
    ...(leaksPerDay < 0.1 ? [] : [leaksPerDay < 1 ? 80 : 40]).map((replications) => ({
      name: `bootstrap interval of a difference of ${leaksPerDay} leaks per server-day`,
      size: sizesOf(replications, 1),
      holds: leaking(
        { replications, servers: 1, parameters: { leaksPerDay }, extra: compared([1, 0.5]) },
        ({ comparisons: [{ bootstrap }] }) => within(bootstrap, leaksPerDay * 0.5 * DAYS),
      ),
    })),
  ]);
}

/** The median time to the 20th leak at 5 leaks a day. */
const MEDIAN_DAYS = 19.668 / 5;

export function timeCases(): Case[] {
  return [
    [2, 3],
    [4, 4],
    [8, 5],
  ].flatMap(([replications, servers]) => {
    const shape = { replications, servers, parameters: { leaksPerDay: 5, leaksMax: 20 } };
    return [
      {
        name: "median time until a resource runs out",
        size: sizesOf(replications, servers),
        holds: leaking(shape, ({ leakRates: [{ ceilingDaysMedian, ceilingDaysInterval }] }) =>
          Number.isNaN(ceilingDaysMedian) ? undefined : within(ceilingDaysInterval, MEDIAN_DAYS),
        ),
      },
    ];
  });
}
