/**
 * Servers whose best restart interval is known. Jobs are TEXT on one printer, all hours are alike, and of 500 jobs a
 * day one in fifty is paused and deleted, which leaks a DC. Forty of them are a server's life, an Erlang variate.
 */
import type { Upkeep } from "../../models/contract/operations.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import { printServers } from "../../models/print-servers/model.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { derive } from "../../lab/experiment/override.ts";
import { changed } from "../../lab/experiment/design-point.ts";
import type { Experiment } from "../../lab/experiment/experiment.ts";
import { buildExperiment, loadExperiment } from "../../lab/experiment/load.ts";
import { programFolder } from "../../lab/program.ts";
import { HorizonValues } from "../../lab/analysis/horizon-values.ts";
import type { Runner } from "../../lab/execution/run.ts";
import { freshSeed, planPolicies, policyResponses, yearsOf } from "../../lab/studies/policy-runs.ts";
import { policyYear, type PolicyYear } from "../../lab/studies/policy-costs.ts";
import { pricesOf } from "../../lab/studies/prices.ts";
import { restartAdvice, type RestartAdvice } from "../../lab/studies/restart-advice.ts";
import { restartHoursOf } from "../../lab/studies/restart-calendar.ts";

const DAYS = 28;
const settings: Settings = {
  site: "mainframe",
  profile: "flat",
  jobsPerDay: 500,
  printers: 1,
  textShare: 1,
  emfShare: 0,
  pagesLaw: "fixed",
  pagesMean: 1,
  deleteShare: 0,
  restartShare: 0,
  pauseResumeShare: 0,
  pauseDeleteShare: 0.02,
  thinkSecondsMean: 20,
  controlSigma: 0,
  unwindSigma: 0,
  dcsBase: 0,
  dcsMax: 40,
};

/** The experiment that asks whether to wait or to restart weekly; both are far from the best interval. */
export function waitOrWeekly(seed: string, replications: number): Experiment {
  const description = {
    question: "Known optimum?",
    seed,
    replications,
    scenario: { model: "print-servers", servers: 3, horizonDays: DAYS, sampleEveryHours: 672, parameters: settings },
    factors: { policy: { wait: { restartEveryHours: 0 }, weekly: { restartEveryHours: 168 } } },
    compare: { factor: "policy", baseline: "wait" },
  };
  return buildExperiment("opt", description, programFolder);
}

/** By seed and calendar: what the servers came to, whatever it is priced at. */
const simulations = new Map<string, ReturnType<typeof simulate>>();

const upkeep = printServers.upkeep as unknown as Upkeep;
const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };

async function simulate(seed: string, calendar: Settings) {
  const loaded = await loadExperiment("restart-or-patch");
  const experiment = { ...derive(loaded, [], { seed, replications: 8 }), factors: [] };
  const [first] = await designPoints({ ...experiment, compare: undefined });
  const scenario = { ...first.scenario, parameters: { ...settings, ...calendar } };
  const point = changed({ ...first, scenario }, {}, { servers: 3, horizonDays: DAYS });
  const step = upkeep.restart.stepHours({ restartOn: "every-day", restartAtHour: 24, ...calendar } as never);
  const hours = restartHoursOf(DAYS, step).hours.filter((every) => every <= 96);
  const requested = [point, ...hours.map((every) => changed(point, { [upkeep.restart.parameter]: every }))];
  const plan = await planPolicies(experiment, requested, DAYS);
  const names = policyResponses(plan, { prices: pricesOf(printServers.prices!, []), upkeep });
  const values = await HorizonValues.of(plan, names, machine);
  return { experiment, plan, values, names, hours };
}

/**
 * What is advised of 3 servers in 8 replications with this seed, and of others by which the choice is judged.
 *
 * @param runner simulates those others
 * @param amounts prices
 * @param like makes another year of that of an interval
 */
export async function recommended(
  seed: string,
  calendar: Settings = {},
  runner?: Runner,
  amounts: readonly string[] = [],
  like = (year: PolicyYear, _every: number, _isFresh: boolean): PolicyYear => year,
): Promise<RestartAdvice> {
  const key = JSON.stringify([seed, calendar]);
  if (!simulations.has(key)) simulations.set(key, simulate(seed, calendar));
  const { experiment, plan, values, names, hours } = await simulations.get(key)!;
  const costing = { prices: pricesOf(printServers.prices!, amounts), upkeep, scale: 1 };
  const judging = derive(experiment, [], { seed: freshSeed(experiment) });
  return restartAdvice({ plan, values, unattended: 0, hours, longerHours: [] }, costing, {
    seen: async (every) => like(policyYear(plan, values, 1 + hours.indexOf(every), costing), every, false),
    async fresh(every) {
      const point = changed(plan.points[0], { [upkeep.restart.parameter]: every });
      const [year] = await yearsOf(judging, { names }, [point], { ...machine, runner }, costing);
      return like(year!, every, true);
    },
  });
}
