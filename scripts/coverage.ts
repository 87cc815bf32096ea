/**
 * How often the intervals that are printed hold: `node dist/scripts/coverage.js` simulates experiments whose truth is
 * known, with one seed after another, and prints a table; `--seeds 100` takes fewer than 1,000, words choose among the
 * rows, and `--write` puts the rows into the table of docs/statistics.md, in place of the old ones.
 *
 * Each experiment takes the whole way that a run takes: kernel, aggregation, estimates. Of the print servers the truth
 * is not known; it is estimated from many more servers, with a standard error far below the width of the intervals.
 */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Findings } from "../lab/analysis/findings.ts";
import { programFolder } from "../lab/program.ts";
import { Stream } from "../sim/streams.ts";
import { exponentials } from "../sim/variates.ts";
import { countEstimate } from "../statistics/counts.ts";
import { gammaCdf } from "../statistics/gamma.ts";
import { planResults } from "../lab/experiment/plan.ts";
import { designPoints } from "../lab/experiment/design.ts";
import { buildExperiment } from "../lab/experiment/load.ts";
import { warmUpsOf } from "../lab/studies/warm-up.ts";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { split, thinned } from "../lab/studies/rare-event.ts";
import { conditionOf } from "../lab/traces/condition.ts";
import { detectors } from "../lab/studies/detectors.ts";
import { aboveBest } from "../statistics/best-of-several.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { indexRows, sobolIndices } from "../statistics/sobol-indices.ts";
import { enough } from "../statistics/stopping.ts";
import { kaplanMeier, survivalBands } from "../statistics/survival.ts";
import { exponentialsOf, findingsOf, machine, sizesOf, within, type Case } from "./coverage-case.ts";
import { decisionCases } from "./decision-cases.ts";

/** Whether each interval of an experiment covers; undefined if none was printed. */
type Look = (findings: Findings) => boolean | undefined;

export interface Measured {
  readonly name: string;
  readonly size: string;
  readonly mark: string;
  readonly seeds: number;
  readonly held: number;
}

const ofModel = join(dirname(fileURLToPath(import.meta.url)), "counted-leaks.js");
const DAYS = 5;

interface Shape {
  readonly replications: number;
  readonly servers: number;
  readonly parameters: object;
  readonly extra?: object;
}

function leaking({ replications, servers, parameters, extra = {} }: Shape, look: Look) {
  return async (seed: string) => {
    const scenario = { model: ofModel, servers, horizonDays: DAYS, sampleEveryHours: 24 * DAYS, parameters };
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

function rateCases(): Case[] {
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
      mark: "rare bunches: most runs see none, or one",
      holds: leaking(
        { replications: 4, servers: 2, parameters: { leaksPerDay: 0.06, bunch: 5 } },
        ({ leakRates: [{ rate }] }) => within(rate, 0.3),
      ),
    },
    ...[0.02, 10].map((leaksPerDay) => ({
      name: `poissonLower, poissonUpper, ${leaksPerDay} per server-day`,
      size: sizesOf(4, 2),
      holds: leaking({ replications: 4, servers: 2, parameters: { leaksPerDay } }, ({ leakRates: [{ poisson }] }) =>
        within(poisson, leaksPerDay),
      ),
    })),
    {
      name: "poissonLower, poissonUpper, 10 per server-day, 5 at a time",
      size: sizesOf(4, 2),
      mark: "dispersion 5: leaks do not come one by one",
      holds: leaking(
        { replications: 4, servers: 2, parameters: { leaksPerDay: 2, bunch: 5 } },
        ({ leakRates: [{ poisson }] }) => within(poisson, 10),
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

function comparisonCases(): Case[] {
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

function timeCases(): Case[] {
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

/** Stops by the rule, and checks the printed interval of counts. */
function untilCases(): Case[] {
  return [0.2, 30].flatMap((mean) =>
    [false, true].map((isAnytime) => ({
      name: `leak rate after until, ${mean} leaks a replication${isAnytime ? ", anytime" : ""}`,
      size: "10 and more",
      holds: async (seed: string) => {
        const stream = new Stream(seed, "until", 0, 0, 1, exponentials);
        const totals: number[] = [];
        do {
          let count = -1;
          for (let time = 0; time <= mean; count++) time += stream.draw(0);
          totals.push(count);
        } while (!enough(totals, 0.2, 10, { isAnytime, eventSize: 1 }) && totals.length < 2000);
        return within(countEstimate(totals), mean);
      },
    })),
  );
}

/** mm1 for hours, and lifetimes of ten leaks, nine of which a server already has: means between servers. */
function meanCases(): Case[] {
  return [
    ...[3, 10, 20].map((replications) => ({
      name: "mean up time, nine cycles a server",
      size: sizesOf(replications, 1),
      holds: async (seed: string) => {
        const parameters = { leakLaw: "constant", leaksPerDay: 1, leakBytesMean: 1, ceilingBytes: 10 };
        const scenario = { model: "exhaustion", servers: 1, horizonDays: 180, sampleEveryHours: 4320, parameters };
        const { meanValues } = await findingsOf({ question: "Does it hold?", seed, replications, scenario });
        const { ratio, closedForm } = meanValues[0]!;
        return within(ratio, closedForm);
      },
    })),
    ...[5, 10].map((replications) => ({
      name: "mean time in the system of mm1, half a day from which the warm-up is left out",
      size: sizesOf(replications, 2),
      every: 3,
      holds: async (seed: string) => {
        const scenario = { model: "mm1", servers: 2, horizonDays: 0.5, sampleEveryHours: 0.12 };
        const described = { question: "Does it hold?", seed, replications, scenario };
        const experiment = buildExperiment("coverage", described, programFolder);
        const plan = planResults(experiment, await designPoints(experiment));
        const { rows } = await warmUpsOf(plan, { ...machine, names: [], observations: 100 });
        const known = rows.find(({ closedForm }) => !Number.isNaN(closedForm))!;
        return within(known.rest, known.closedForm);
      },
    })),
    {
      name: "mean time in the system of mm1, 0.2 days",
      size: sizesOf(10, 2),
      every: 5,
      holds: async (seed) => {
        const scenario = { model: "mm1", servers: 2, horizonDays: 0.2, sampleEveryHours: 4.8 };
        const { meanValues } = await findingsOf({ question: "Does it hold?", seed, replications: 10, scenario });
        const known = meanValues.find(({ closedForm }) => !Number.isNaN(closedForm))!;
        return within(known.ratio, known.closedForm);
      },
    },
  ];
}

/** Leaks are Poisson; all values are those of 20 servers. */
async function rareCases(): Promise<Case[]> {
  const file = join(programFolder, "scripts/coverage-rare-leaks.json");
  const { leak, perDay, parameters } = JSON.parse(await readFile(file, "utf8"));
  const pointOf = async (seed: string, model: string, parameters: object, where: string) => {
    const scenario = { model, servers: 20, horizonDays: 1, sampleEveryHours: 24, parameters };
    const experiment = buildExperiment("rare", { question: "?", seed, replications: 1, scenario }, programFolder);
    const point = await findPoint(experiment, "");
    return [experiment, point, conditionOf(point.resolved.model, where)] as const;
  };
  return [
    {
      name: "probability of 5 leaks in a day of mean 1 (splitting)",
      size: sizesOf(1, 20),
      every: 5,
      holds: async (seed) => {
        const splitting = { trajectories: 100, steps: 20 };
        const found = await split(...(await pointOf(seed, "exhaustion", { leaksPerDay: 1 }, "leaks >= 5")), splitting);
        return within(found.probability, gammaCdf(5, 1));
      },
    },
    ...[1, 2].map((least) => ({
      name: `probability of ${least} or more leaks in a day of mean ${perDay} (thinning)`,
      size: sizesOf(1, 20),
      every: 5,
      holds: async (seed: string) => {
        const found = await thinned(
          ...(await pointOf(seed, "print-servers", parameters, `${leak} >= ${least}`)),
          machine,
        );
        return within(found.probability, gammaCdf(least, perDay));
      },
    })),
  ];
}

function drawnCases(): Case[] {
  return [
    ...[0.02, 0.5].flatMap((share) =>
      [20, 100].map((trials) => ({
        name: `share of servers, ${100 * share} % (Wilson)`,
        size: `${trials} in all`,
        ...(share < 0.05 ? { mark: "the interval of a rare share oscillates about 95 %" } : {}),
        holds: async (seed: string) => {
          const stream = new Stream(seed, "values", 0, 0, 1);
          const successes = Array.from({ length: trials }, () => stream.draw(0)).filter((one) => one < share).length;
          return within(wilsonInterval(successes, trials), share);
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
      name: `no false alarm of cusum in four weeks, ${readingsPerDay} readings a day`,
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

/** The office of the print servers, with rare and frequent leaks: the truth is from 4,000 servers with another seed. */
async function printServerCases(): Promise<Case[]> {
  const offices = JSON.parse(await readFile(join(programFolder, "scripts/coverage-offices.json"), "utf8")) as object;
  return Object.entries(offices).flatMap(([name, parameters]) => {
    const described = (seed: string, replications: number, servers: number) => ({
      question: "Does it hold?",
      seed,
      replications,
      scenario: {
        model: "print-servers",
        servers,
        horizonDays: DAYS,
        sampleEveryHours: 24 * DAYS,
        parameters: parameters as object,
      },
    });
    let truth: Promise<number> | undefined;
    const truthOf = () =>
      (truth ??= findingsOf(described("truth", 40, 100)).then(({ leakRates: [{ rate }] }) => rate.value));
    return [2, 4, 8].map((replications) => ({
      name: `leak rate of the office of the print servers, ${name} leaks`,
      size: sizesOf(replications, 2),
      every: 5,
      holds: async (seed: string) => {
        const { leakRates } = await findingsOf(described(seed, replications, 2));
        return within(leakRates[0].rate, await truthOf());
      },
    }));
  });
}

/** Measures how often the intervals cover, in rows whose name contains the words. */
export async function measuredCoverage(seeds: number, words: readonly string[]): Promise<Measured[]> {
  const all = [
    ...rateCases(),
    ...comparisonCases(),
    ...timeCases(),
    ...untilCases(),
    ...meanCases(),
    ...(await rareCases()),
    ...drawnCases(),
    ...decisionCases(),
    ...(await printServerCases()),
  ];
  const rows: Measured[] = [];
  for (const { name, size, mark = "", every = 1, holds } of all) {
    if (!words.every((word) => `${name}, ${size}`.includes(word))) continue;
    let [held, known] = [0, 0];
    for (let seed = 0; seed < Math.ceil(seeds / every); seed++) {
      const one = await holds(`coverage ${name} ${size} ${seed}`, seed);
      if (one === undefined) continue;
      known++;
      if (one) held++;
    }
    if (known > 0) rows.push({ name, size, mark, seeds: known, held });
  }
  return rows;
}

const percent = (share: number): string => (100 * share).toFixed(1);

export function coverageTable(rows: readonly Measured[]): string {
  return [...HEAD, ...linesOf(rows)].join("\n");
}

function linesOf(rows: readonly Measured[]): string[] {
  return rows.map(({ name, size, seeds, held, mark }) => {
    const { lower, upper } = wilsonInterval(held, seeds);
    const share = `${percent(held / seeds)} (${percent(lower)} .. ${percent(upper)})`;
    return `| ${name} | ${size} | ${seeds} | ${share} | ${mark} |`;
  });
}

const HEAD = [
  "| interval, nominal 95 % | replications x servers | seeds | held [%], with Wilson's interval | where not |",
  "| --- | --- | --- | --- | --- |",
];

/** The name of a row of the table: its first two cells. */
const rowName = (line: string): string => line.split("|").slice(1, 3).join("|");

/** Replaces rows of the same name in the table; new ones are added at the end. */
function replaced(table: string, lines: readonly string[]): string {
  const old = table.split("\n").slice(HEAD.length);
  const measured = new Map(lines.map((line) => [rowName(line), line]));
  const kept = old.map((line) => measured.get(rowName(line)) ?? line);
  const names = new Set(old.map(rowName));
  return [...HEAD, ...kept, ...lines.filter((line) => !names.has(rowName(line)))].join("\n");
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seeds: { type: "string", default: "1000" }, write: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const rows = await measuredCoverage(Number(values.seeds), positionals);
  if (!values.write) {
    console.log(coverageTable(rows));
    return;
  }
  const file = join(programFolder, "docs/statistics.md");
  const text = await readFile(file, "utf8");
  const [begin, end] = ["<!-- coverage -->\n", "<!-- end of coverage -->"];
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  const table = replaced(text.slice(from, to).trim(), linesOf(rows));
  await writeFile(file, `${text.slice(0, from)}\n${table}\n\n${text.slice(to)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
