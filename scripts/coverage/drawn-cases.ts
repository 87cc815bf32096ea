/** Intervals of the statistics alone, of values drawn from known distributions. */
import { detectors } from "../../lab/studies/detectors.ts";
import { Stream } from "../../sim/streams.ts";
import { aboveBest } from "../../statistics/best-of-several.ts";
import { clusteredInterval, wilsonInterval } from "../../statistics/proportion.ts";
import { indexRows, sobolIndices } from "../../statistics/sobol-indices.ts";
import { kaplanMeier, survivalBands } from "../../statistics/survival.ts";
import { exponentialsOf, within, type Case } from "./case.ts";

export function drawnCases(): Case[] {
  return [
    ...[0.02, 0.5].flatMap((share) =>
      [20, 100].map((trials) => ({
        name: `share of servers, ${100 * share} % (Wilson)`,
        size: `${trials} in all`,
        ...(share < 0.05 ? { mark: "the coverage of a rare share oscillates about 95 %" } : {}),
        holds: async (seed: string) => {
          const stream = new Stream(seed, "values", 0, 0, 1);
          const successes = Array.from({ length: trials }, () => stream.draw(0)).filter((one) => one < share).length;
          return within(wilsonInterval(successes, trials), share);
        },
      })),
    ),
    ...[0.5, 0.9, 0.98].flatMap((share) =>
      [0, 0.5, 1].map((alike) => ({
        name: `share of 12 series of each server, ${100 * share} %, correlated by ${alike * alike} (score, Wilson)`,
        size: "10 in all",
        holds: async (seed: string) => {
          const stream = new Stream(seed, "values", 0, 0, 1);
          const draw = (probability: number) => stream.draw(0) < probability;
          // Each series of a server copies the server's own draw, or draws for itself.
          const successes = Float64Array.from({ length: 10 }, () => {
            const own = draw(share);
            return Array.from({ length: 12 }, () => (draw(alike) ? own : draw(share))).filter(Boolean).length;
          });
          return within(clusteredInterval(successes, new Float64Array(10).fill(12)), share);
        },
      })),
    ),
    ...[8, 16, 64].map((servers) => ({
      name: "survival curve when half of the servers have the event (Greenwood)",
      size: `${servers} in all`,
      holds: async (seed: string) => {
        const values = exponentialsOf(seed, servers).sort();
        const none = { values: new Float64Array(), counts: new Float64Array() };
        const bands = survivalBands(kaplanMeier({ values, counts: values.map(() => 1) }, none));
        const at = bands.findLast(({ time }) => time <= Math.LN2);
        return at === undefined ? undefined : within(at, 0.5);
      },
    })),
    ...[4, 8].map((replications) => ({
      name: "how much three policies cost above the best, all at once (Hsu)",
      size: `${replications} in all`,
      holds: async (seed: string) => {
        const streams = new Stream(seed, "values", 0, 0, 3);
        // Sums of twelve uniform values are nearly normal; the third policy costs more.
        const costs = [0, 0, 1].map((more, policy) =>
          Array.from({ length: replications }, () => {
            let sum = more;
            for (let i = 0; i < 12; i++) sum += streams.draw(policy) - 0.5;
            return sum;
          }),
        );
        return aboveBest(costs).every((one, policy) => within(one, [0, 0, 1][policy]!) === true);
      },
    })),
    ...[32, 128, 512].flatMap((rows) =>
      (["first", "total"] as const).flatMap((order) =>
        ["strongest", "weakest"].map((which) => ({
          name: `share of the variance by the ${which} of three inputs, ${order === "first" ? "alone" : "in all"} (Sobol, bootstrap)`,
          size: `${rows} rows`,
          ...(rows < 100 ? { mark: "few rows: take more with --rows" } : {}),
          every: 10,
          holds: async (seed: string) => {
            const design = indexRows(rows, 3, new Stream(seed, "scramble", 0, 0, 6));
            const outputs = design.map(({ a, b, ab }) => ({ a: gFunction(a), b: gFunction(b), ab: ab.map(gFunction) }));
            const indices = sobolIndices(outputs, new Stream(seed, "resampling", 0, 0, 1));
            const input = which === "strongest" ? 0 : 2;
            return within(indices[input]![order], SHARES_OF_G[order][input]!);
          },
        })),
      ),
    ),
    ...[1, 6].map((readingsPerDay) => ({
      name: `no false alarm of cusum in four weeks, ${readingsPerDay === 1 ? "1 reading" : `${readingsPerDay} readings`} a day`,
      size: "1 in all",
      holds: async (seed: string) => {
        const readings = exponentialsOf(seed, 28 * readingsPerDay);
        return !detectors.find(({ name }) => name === "cusum")!.alarms({ readings, readingsPerDay, level: 0.05 });
      },
    })),
  ];
}

/** Sobol's g-function of three inputs with the constants 0, 1 and 4.5 (Saltelli and others, The Primer, 2008). */
function gFunction(point: ArrayLike<number>): number {
  return [0, 1, 4.5].reduce((product, a, i) => (product * (Math.abs(4 * point[i]! - 2) + a)) / (1 + a), 1);
}

const VARIANCES_OF_G = [0, 1, 4.5].map((a) => 1 / (3 * (1 + a) * (1 + a)));
const product = (factors: readonly number[]) => factors.reduce((all, one) => all * (1 + one), 1);
const ALL_OF_G = product(VARIANCES_OF_G) - 1;

const SHARES_OF_G = {
  first: VARIANCES_OF_G.map((one) => one / ALL_OF_G),
  total: VARIANCES_OF_G.map((one) => (one / (1 + one)) * (product(VARIANCES_OF_G) / ALL_OF_G)),
};
