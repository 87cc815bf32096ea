/**
 * Rows of the table of coverage for what decisions rest on: advice, looks ahead, imports, forecasts, screening. The
 * costs are those of print servers that run out of DCs within five days; their truth is that of many more servers.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Upkeep } from "../../models/contract/operations.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import { levelEstimate } from "../../lab/analysis/leak-rates.ts";
import { projectionOf } from "../../lab/analysis/projection.ts";
import { HorizonValues, planAtHorizon } from "../../lab/analysis/horizon-values.ts";
import { changed } from "../../lab/experiment/design-point.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { buildExperiment } from "../../lab/experiment/load.ts";
import { programFolder } from "../../lab/program.ts";
import { dailyLevels, daysLeft, riseOf, slopeOf, type DailyLevel } from "../../lab/studies/daily-levels.ts";
import { fleetSlopes, type ServerOverview } from "../../lab/studies/import-overview.ts";
import { forecasters } from "../../lab/studies/forecasters.ts";
import { outlookOf } from "../../lab/studies/outlook.ts";
import { policyYear } from "../../lab/studies/policy-costs.ts";
import { planPolicies, policyResponses } from "../../lab/studies/policy-runs.ts";
import { pricesOf } from "../../lab/studies/prices.ts";
import { Stream } from "../../sim/streams.ts";
import { US_PER_HOUR } from "../../sim/time-units.ts";
import { exponentials } from "../../sim/variates.ts";
import { aboveBest } from "../../statistics/best-of-several.ts";
import { timeByWhich } from "../../statistics/days-left.ts";
import { mean, meanEstimate, scatterOfValues } from "../../statistics/estimate.ts";
import { elementaryEffects, morrisTrajectories } from "../../statistics/morris.ts";
import { countedLeaks, exponentialsOf, findingsOf, machine, sizesOf, within, type Case } from "./case.ts";

interface Fleets {
  readonly parameters: Settings;
  readonly policies: readonly Settings[];
  readonly starving: Settings;
  readonly factors: object;
  readonly compare: object;
  readonly harm: string;
}
const fleets = JSON.parse(readFileSync(join(programFolder, "scripts/coverage/decisions.json"), "utf8")) as Fleets;

/** A horizon [d], and the share of servers on which jobs starve by then. */
const STARVING = [
  [4, "some of the servers"],
  [7, "all servers"],
] as const;

export function decisionCases(): Case[] {
  return [
    ...policyCases(),
    ...harmCases(),
    ...bandCases(),
    ...outlookCases(),
    ...observedCases(),
    ...restartedCases(),
    ...drawnCases(),
  ];
}

// Costs of policies.

const POLICY_DAYS = 14;

interface Year {
  /** Of a server, by replication. */
  readonly costs: Float64Array;
  /** Whether the cost is printed without an interval. */
  readonly isRare: boolean;
}

/** By policy: the cost of a year. */
async function yearsOf(seed: string, replications: number, servers: number): Promise<Year[]> {
  const scenario = { model: "print-servers", servers, horizonDays: POLICY_DAYS, parameters: fleets.parameters };
  const described = { question: "Does it hold?", seed, replications, scenario };
  const experiment = buildExperiment("coverage", described, programFolder);
  const [point] = await designPoints(experiment);
  const { model } = point.resolved;
  const upkeep = model.upkeep as Upkeep;
  const prices = pricesOf(model.prices!, []);
  const policies = fleets.policies.map((settings) => changed(point, settings));
  const plan = await planPolicies(experiment, policies, POLICY_DAYS);
  const names = policyResponses(plan, { prices, upkeep });
  const values = await HorizonValues.of(plan, names, machine);
  return fleets.policies.map((_, policy) => {
    const { costs, isRare } = policyYear(plan, values, policy, { prices, upkeep, scale: 1 });
    return { costs: costs.map((cost) => cost / servers), isRare };
  });
}

function policyCases(): Case[] {
  let known: Promise<number[]> | undefined;
  const truths = () => (known ??= yearsOf("truth", 8, 40).then((years) => years.map(({ costs }) => mean(costs))));
  return [2, 4, 8].flatMap((replications): Case[] => {
    const simulated = new Map<number, Promise<Year[]>>();
    const mark = "few replications: advise says so";
    const few = replications < 8 ? { mark } : {};
    const yearsAt = (index: number) => {
      const years = simulated.get(index) ?? yearsOf(`policies ${replications} ${index}`, replications, 2);
      simulated.set(index, years);
      return years;
    };
    const of = (name: string, holds: (years: Year[], truth: readonly number[]) => boolean | undefined): Case => ({
      name,
      size: sizesOf(replications, 2),
      every: 3,
      holds: async (_, index) => holds(await yearsAt(index), await truths()),
    });
    return [
      {
        ...of("a year of a policy: restarts before anything runs out", ([year], [truth]) =>
          within(meanEstimate(year!.costs), truth!),
        ),
        ...few,
      },
      // Two replications seldom have enough servers that ran out for an interval.
      ...(replications < 4
        ? []
        : [
            of("a year of a policy: restarts, a few of them after something has run out", ([, year], [, truth]) =>
              year!.isRare ? undefined : within(meanEstimate(year!.costs), truth!),
            ),
          ]),
      {
        ...of("a year of a policy: the fix", ([, , year], [, , truth]) => within(meanEstimate(year!.costs), truth!)),
        ...(replications < 4 ? { mark } : {}),
      },
      {
        ...of("what a policy saves in a year", ([a, , b], [ofA, , ofB]) =>
          within(meanEstimate(a!.costs.map((cost, i) => cost - b!.costs[i]!)), ofA! - ofB!),
        ),
        ...few,
      },
      {
        ...of("how much restarts and the fix cost above the best, both at once (advise)", ([a, , b], [ofA, , ofB]) => {
          const [above, fix] = aboveBest([a!.costs, b!.costs]);
          return within(above!, ofA! - ofB!) === true && within(fix!, ofB! - ofA!) === true;
        }),
        mark,
      },
    ];
  });
}

// Responses other than leaks: jobs that starve on some of the servers.

function harmCases(): Case[] {
  const described = (seed: string, horizonDays: number, replications: number, servers: number) => ({
    question: "Does it hold?",
    seed,
    replications,
    scenario: {
      model: "print-servers",
      servers,
      horizonDays,
      sampleEveryHours: 24 * horizonDays,
      parameters: { ...fleets.parameters, ...fleets.starving },
    },
    factors: fleets.factors,
    compare: fleets.compare,
  });
  const differenceOf = async (description: object) => {
    const { comparisons } = await findingsOf(description);
    return comparisons.find(({ response }) => response.name === fleets.harm)!.difference;
  };
  return STARVING.flatMap(([days, who]) => {
    let known: Promise<number> | undefined;
    const truth = () => (known ??= differenceOf(described("truth", days, 10, 40)).then(({ value }) => value));
    return [4, 8].map((replications) => ({
      name: `difference of jobs that starve, on ${who}`,
      size: sizesOf(replications, 2),
      every: 3,
      holds: async (seed: string) => {
        return within(await differenceOf(described(seed, days, replications, 2)), await truth());
      },
    }));
  });
}

/** The band of a chart at the last sample time, from the rows of samples.csv. */
function bandCases(): Case[] {
  const valuesOf = async (seed: string, horizonDays: number, replications: number, servers: number) => {
    const parameters = { ...fleets.parameters, ...fleets.starving };
    const scenario = { model: "print-servers", servers, horizonDays, parameters };
    const described = { question: "Does it hold?", seed, replications, scenario };
    const experiment = buildExperiment("coverage", described, programFolder);
    const plan = await planAtHorizon(experiment, await designPoints(experiment), () => 24 * horizonDays);
    const values = (await HorizonValues.of(plan, [fleets.harm], machine)).servers(0, fleets.harm);
    const point = plan.points[0];
    const response = point.resolved.model.responses.find(({ name }) => name === fleets.harm)!;
    return { values, band: levelEstimate(point, response, scatterOfValues(values), 1) };
  };
  return STARVING.flatMap(([days, who]) => {
    let known: Promise<number> | undefined;
    const truth = () => (known ??= valuesOf("truth", days, 10, 40).then(({ values }) => mean(values)));
    return [4, 8].map((replications) => ({
      name: `band of a chart: jobs that starve, on ${who}`,
      size: sizesOf(replications, 2),
      every: 3,
      ...(days === 4 ? { mark: "only some servers have any: charts say that the band is too narrow" } : {}),
      holds: async (seed: string) => within((await valuesOf(seed, days, replications, 2)).band, await truth()),
    }));
  });
}

// Times until something runs out.

const AHEAD_DAYS = 5;
const AHEAD_LEAKS = 300;

function outlookCases(): Case[] {
  const described = (seed: string, leaksPerDay: number, bunch: number) => ({
    question: "Does it hold?",
    seed,
    replications: 4,
    scenario: {
      model: countedLeaks,
      servers: 2,
      horizonDays: AHEAD_DAYS,
      sampleEveryHours: 24,
      parameters: { leaksPerDay: leaksPerDay / bunch, bunch, leaksMax: AHEAD_LEAKS },
    },
  });
  return [
    ...[0.3, 10].map(
      (leaksPerDay): Case => ({
        name: `days until something runs out, looked ahead at ${leaksPerDay} leaks per server-day`,
        size: sizesOf(4, 2),
        holds: async (seed) => {
          const { plan, leakRates } = await findingsOf(described(seed, leaksPerDay, 1));
          const projection = projectionOf(plan, plan.points[0], leakRates);
          return projection && within(projection, AHEAD_LEAKS / leaksPerDay);
        },
      }),
    ),
    ...(
      [
        [0.3, 1],
        [10, 1],
        [10, 5],
      ] as const
    ).map(
      ([leaksPerDay, bunch]): Case => ({
        name: `day on which another server runs out, at ${leaksPerDay} leaks per server-day${bunch === 1 ? "" : `, ${bunch} at a time`} (advise)`,
        size: sizesOf(4, 2),
        holds: async (seed) => {
          const experiment = buildExperiment("coverage", described(seed, leaksPerDay, bunch), programFolder);
          const plan = await planAtHorizon(experiment, await designPoints(experiment), () => 24);
          const upkeep = { noticed: "fullUs", fixed: "fullUs", leak: "leaks" } as Upkeep;
          const values = await HorizonValues.of(plan, ["leaks", "fullUs"], machine);
          const { between } = outlookOf(plan, values, 0, upkeep)!;
          const gaps = exponentialsOf(`${seed}, another`, AHEAD_LEAKS / bunch);
          return within(between, (mean(gaps) * AHEAD_LEAKS) / leaksPerDay);
        },
      }),
    ),
  ];
}

// Imported series, from which a daily level is read.

const WORKDAYS = 5;

/** The total leaked at the end of each day, with so many leaks on each working day. */
function levelsOf(seed: string, days: number, perWorkday: number): Float64Array {
  const stream = new Stream(seed, "leaks", 0, 0, 1, exponentials);
  const levels = new Float64Array(days + 1);
  let [level, next] = [0, stream.draw(0) / perWorkday];
  for (let day = 0, worked = 0; day < days; day++) {
    if (day % 7 < WORKDAYS) for (worked++; next <= worked; next += stream.draw(0) / perWorkday) level++;
    levels[day + 1] = level;
  }
  return levels;
}

/**
 * The levels of the same leaks, which happen at noon, in hourly readings of a service that restarts on Sundays at 3.
 * @param startUp what each process takes once, on the Monday after its start
 */
function restartedLevels(seed: string, days: number, perWorkday: number, startUp: number): DailyLevel[] {
  const totals = levelsOf(seed, days, perWorkday);
  const begins = [1, ...Array.from({ length: days / 7 }, (_, week) => 24 * (7 * week + 6) + 3)];
  const leaked = (hour: number) => totals[Math.floor((hour + 11) / 24)]!;
  const values = Float64Array.from({ length: 24 * days }, (_, i) => {
    const begin = begins.findLast((hour) => hour <= i + 1)!;
    return leaked(i + 1) - leaked(begin) + (begin === 1 || i + 1 - begin > 30 ? startUp : 0);
  });
  const parts = begins.map((hour, i) => ({
    fromUs: hour * US_PER_HOUR,
    untilUs: ((begins[i + 1] ?? values.length + 1) - 1) * US_PER_HOUR,
  }));
  const times = values.map((_, i) => (i + 1) * US_PER_HOUR);
  return dailyLevels(times, values, parts);
}

function restartedCases(): Case[] {
  return [28, 56].flatMap((days) =>
    [0, 50].map((startUp): Case => {
      const taken = startUp === 0 ? "" : `, which take ${startUp} more at their start`;
      return {
        name: `rise a day of an import, 12 leaks a working day, processes that end on Sundays${taken}`,
        size: `${days} days`,
        holds: async (seed) => {
          const { slope } = riseOf(restartedLevels(seed, days, 12, startUp));
          return within(slope!.interval, (12 * WORKDAYS) / 7);
        },
      };
    }),
  );
}

function observedCases(): Case[] {
  return [0.3, 12].flatMap((perWorkday) =>
    [14, 28].flatMap((days): Case[] => {
      const of = `of an import, ${perWorkday} leaks a working day`;
      const perDay = (perWorkday * WORKDAYS) / 7;
      return [
        {
          name: `rise a day ${of}`,
          size: `${days} days`,
          holds: async (seed) => within(slopeOf(levelsOf(seed, days, perWorkday))!.interval, perDay),
        },
        ...[2, 4, 8].map(
          (servers): Case => ({
            name: `mean rise a day ${of}`,
            size: `${servers} x ${days} days`,
            holds: async (seed) => {
              const looks = Array.from({ length: servers }, (_, server) => {
                const slope = slopeOf(levelsOf(`${seed}, ${server}`, days, perWorkday));
                return { gauges: [{ gauge: { name: "leaks" }, slope }] } as unknown as ServerOverview;
              });
              return within(fleetSlopes(looks)[0]!.interval, perDay);
            },
          }),
        ),
        {
          name: `days left ${of} (90 %)`,
          size: `${days} days`,
          holds: async (seed) => {
            const all = levelsOf(seed, 100 * days, perWorkday);
            const limit = Math.round(3 * days * perDay);
            const left = daysLeft(all.subarray(0, days + 1), limit);
            return left && within(left, all.findIndex((level) => level >= limit) - days);
          },
        },
      ];
    }),
  );
}

// Drawn without a simulation.

/** A factor of Sobol's g-function; on Morris's grid its mean is (4/3 + a) / (1 + a), and a step 2 / (1 + a). */
const g = (x: number, a: number) => (Math.abs(4 * x - 2) + a) / (1 + a);
const WEIGHTS = [0, 1, 4.5];
const EFFECTS = WEIGHTS.map((a, i) =>
  WEIGHTS.reduce((all, b, j) => (i === j ? all : all * ((4 / 3 + b) / (1 + b))), 2 / (1 + a)),
);

function drawnCases(): Case[] {
  return [
    ...forecasters
      .filter(({ isUnsafe }) => isUnsafe !== true)
      .map(
        ({ name, forecast }): Case => ({
          name: `days left by ${name}, 3 leaks a day`,
          size: "28 days",
          holds: async (seed) => {
            const gaps = exponentialsOf(seed, 1000);
            const readings = Float64Array.from({ length: 29 }, (_, day) => {
              let [leaks, time] = [0, gaps[0]! / 3];
              while (time <= day) time += gaps[++leaks]! / 3;
              return leaks;
            });
            const [limit, last] = [250, 28];
            const curve = forecast({ readings, step: 1, limit });
            const time = gaps.subarray(0, limit).reduce((sum, gap) => sum + gap / 3, 0) - last;
            return curve && within({ lower: timeByWhich(curve, 0.025), upper: timeByWhich(curve, 0.975) }, time);
          },
        }),
      ),
    ...["strongest", "weakest"].map(
      (which): Case => ({
        name: `effect of the ${which} of three inputs (Morris, t)`,
        size: "6 trajectories",
        ...(which === "weakest" ? { mark: "few trajectories: the page says so" } : {}),
        holds: async (seed) => {
          const trajectories = morrisTrajectories(6, 3, new Stream(seed, "trajectories", 0, 0, 6));
          const outputs = trajectories.map((points) =>
            points.map((point) => point.reduce((all, x, i) => all * g(x, WEIGHTS[i]!), 1)),
          );
          const input = which === "strongest" ? 0 : 2;
          const { muStar, muStarHalfWidth } = elementaryEffects(trajectories, outputs)[input]!;
          return within({ lower: muStar - muStarHalfWidth, upper: muStar + muStarHalfWidth }, EFFECTS[input]!);
        },
      }),
    ),
    ...[10, 40].map(
      (count): Case => ({
        name: "mean error of answers and forecasts, errors exponential",
        size: `${count} in all`,
        ...(count < 40 ? { mark: "few answers: score says so" } : {}),
        holds: async (seed) => within(meanEstimate(exponentialsOf(seed, count)), 1),
      }),
    ),
  ];
}
