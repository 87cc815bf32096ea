/**
 * Calibration: what the readings of a fleet show about parameters that nobody has measured.
 *
 * Worlds are simulated with parameters from the prior, then with parameters near those whose worlds are most like the
 * observation (statistics/approximate-bayes.ts). The result is a table of weighted draws, which serve as worlds for
 * decisions, and for each parameter how much the readings narrowed it down, including those that they did not.
 *
 * The result depends only on the observation, the unknown parameters and the seed. The number of workers changes
 * nothing.
 */
import { setImmediate } from "node:timers/promises";
import type { Setting, Settings } from "../../models/contract/parameters.ts";
import { ApproximateBayes, type Generation } from "../../statistics/approximate-bayes.ts";
import { pow } from "../../sim/math.ts";
import { effectiveSize, weightedQuantile, weightedVariance } from "../../statistics/weighted.ts";
import { itemAt } from "../lists.ts";
import type { CacheSpace } from "../execution/cache.ts";
import type { Machine, Progress } from "../execution/execution.ts";
import type { Wording } from "../user-error.ts";
import type { Observation } from "./observation.ts";
import { summariesOf, summaryNames, type Summary } from "./summaries.ts";
import { settingOf, type Unknown } from "./unknowns.ts";
import { admissible, settingsOf, summarizedWorlds, type Hypothesis } from "./worlds.ts";

export interface CalibrationOptions {
  readonly hypotheses: readonly Hypothesis[];
  readonly seed: string;
  /** The most worlds to simulate: whole, >= WORLDS_MIN. */
  readonly worlds: number;
  readonly machine: Omit<Machine, "progress">;
  /** Where finished worlds are kept, if anywhere. */
  readonly cache?: CacheSpace | undefined;
  /** Called with the reason when they cannot be kept. */
  readonly warn?: (trouble: Wording) => void;
  /** Called after each world. */
  readonly progress?: (done: Progress) => void;
}

/** A draw from the posterior: a world that may be the observed one. */
export interface Draw {
  /** The index of its hypothesis. */
  readonly hypothesis: number;
  /** The weights of all draws sum to 1. */
  readonly weight: number;
  /** The hypothesis's settings, and a value for each of its unknown parameters. */
  readonly settings: Settings;
  /** By unknown parameter: its quantile in the prior, in (0, 1). */
  readonly point: Float64Array;
}

/** What was learned about a parameter, given a hypothesis. */
export interface Learned {
  readonly hypothesis: number;
  readonly unknown: Unknown;
  /** The 5, 25, 50, 75 and 95 % quantiles. */
  readonly quantiles: readonly number[];
  /** 1 - posterior variance / prior variance, on the scale on which the prior is uniform; NaN unless it was learned. */
  readonly contraction: number;
  /**
   * Learned: the draws lie elsewhere in the range than before, or closer together, by more than so many draws do by
   * chance (1 %). Too few: they are worth too few for that, and for quantiles.
   */
  readonly verdict: "learned" | "not learned" | "too few worlds";
}

/** A summary of the observation, compared with the accepted worlds. */
export interface Check {
  readonly summary: Summary;
  readonly observed: number;
  /** The 5, 50 and 95 % quantiles of the worlds. */
  readonly quantiles: readonly number[];
  /** The share of worlds with a smaller value, counting half of those with an equal one. */
  readonly below: number;
}

export interface CalibrationResult {
  readonly observation: Observation;
  readonly hypotheses: readonly Hypothesis[];
  readonly seed: string;
  readonly generations: readonly Generation[];
  readonly draws: readonly Draw[];
  /** The probability of each hypothesis. */
  readonly shares: readonly number[];
  /** How many equally weighted worlds these rest on. */
  readonly comparedSize: number;
  /** By hypothesis: how many equally weighted draws its draws are worth. */
  readonly sizes: readonly number[];
  readonly learned: readonly Learned[];
  readonly checks: readonly Check[];
}

export const WORLDS_MIN = 100;
/** Draws that are worth so many have two beyond each end of a 90 % interval, on average. */
export const SIZE_ENOUGH = 40;
/** Draws that are worth fewer say nothing of a parameter. */
export const SIZE_MIN = 10;
/** Shares of all worlds: the first batch, and each later batch. */
const [FIRST, BATCH] = [0.25, 0.15];
/** More worlds than these are more batches of the same size, so that those that are kept from before count. */
const WORLDS_USUAL = 1500;
/** The sequence ends when less than this share of a batch is accepted. */
const ACCEPTANCE_MIN = 0.05;
/** The coverage that the check in docs/statistics.md measured, to be printed beside an interval. */
export const MEASURED =
  "90 % intervals: in 100 worlds whose true values are known, 91 % of such intervals contained them, and at least 85 % of those of each " +
  "parameter (docs/statistics.md, Calibration).";
/** Explanations with a smaller probability are not described. */
const LIKELY = 0.05;
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export async function calibrate(observation: Observation, options: CalibrationOptions): Promise<CalibrationResult> {
  const { hypotheses, seed, worlds, machine, cache, warn, progress } = options;
  const { horizonDays } = observation.point.scenario;
  const observed = summariesOf(observation.servers, observation.responses, horizonDays);
  const bayes = new ApproximateBayes({
    dimensions: hypotheses.map(({ unknowns }) => unknowns.length),
    priors: hypotheses.map(() => 1 / hypotheses.length),
    observed,
    first: Math.round(FIRST * Math.min(worlds, WORLDS_USUAL)),
    batch: Math.round(BATCH * Math.min(worlds, WORLDS_USUAL)),
    seed,
    isAdmissible: admissible(observation, hypotheses),
  });
  const generations: Generation[] = [];
  const { servers } = observation.point.scenario;
  let [done, recalled, events] = [0, 0, 0];
  while (done < worlds) {
    const proposals = bayes.propose();
    let last: Progress = { serversDone: 0, serversTotal: 0, events: 0 };
    const report = (batch: Progress) => {
      last = batch;
      progress?.({
        serversDone: done * servers + batch.serversDone,
        serversRecalled: recalled + (batch.serversRecalled ?? 0),
        serversTotal: worlds * servers,
        events: events + batch.events,
      });
    };
    const task = { observation, hypotheses, seed, machine, cache, warn, progress: report };
    const shown = await summarizedWorlds(task, proposals, done);
    [done, events] = [done + proposals.length, events + last.events];
    recalled += last.serversRecalled ?? 0;
    await setImmediate();
    generations.push(bayes.learn(shown));
    if (generations.length > 1 && generations.at(-1)!.acceptance < ACCEPTANCE_MIN) break;
  }
  const shares = bayes.probabilities;
  const draws = bayes.adjusted().flatMap((worlds, hypothesis) => {
    const share = itemAt(shares, hypothesis);
    if (share === 0) return [];
    return worlds.map(({ weight, point }): Draw => {
      const settings = settingsOf(itemAt(hypotheses, hypothesis), point);
      return { hypothesis, weight: share * weight, settings, point };
    });
  });
  const sizes = hypotheses.map((_, h) => {
    return effectiveSize(draws.flatMap(({ hypothesis, weight }) => (hypothesis === h ? [weight] : [])));
  });
  const kept = bayes.worlds.flatMap((worlds, hypothesis) => {
    return worlds.map(({ weight, summaries }) => ({ weight: itemAt(shares, hypothesis) * weight, summaries }));
  });
  return {
    observation,
    hypotheses,
    seed,
    generations,
    draws,
    shares,
    comparedSize: bayes.comparedSize,
    sizes,
    learned: hypotheses.flatMap((hypothesis, h) => {
      const own = draws.filter((draw) => draw.hypothesis === h);
      return own.length === 0 ? [] : hypothesis.unknowns.map((unknown, i) => learnedOf(h, unknown, i, own));
    }),
    checks: checksOf(summaryNames(observation.responses), observed, kept),
  };
}

function learnedOf(hypothesis: number, unknown: Unknown, i: number, draws: readonly Draw[]): Learned {
  const coordinates = draws.map(({ point }) => itemAt(point, i));
  const weights = draws.map(({ weight }) => weight);
  const quantiles = QUANTILES.map((p) => settingOf(unknown, weightedQuantile(coordinates, weights, p)));
  return { hypothesis, unknown, quantiles, ...verdictOf(coordinates, weights) };
}

/** What draws say of a coordinate that was uniform in (0, 1) before. */
export function verdictOf(
  coordinates: readonly number[],
  weights: readonly number[],
): Pick<Learned, "contraction" | "verdict"> {
  const size = effectiveSize(weights);
  const contraction = 1 - 12 * weightedVariance(coordinates, weights);
  const isMoved = distanceFromUniform(coordinates, weights) > KOLMOGOROV / Math.sqrt(size);
  const isNarrower = contraction > NORMAL * Math.sqrt(UNIFORM_SPREAD / size);
  const verdict = size < SIZE_MIN ? "too few worlds" : isMoved || isNarrower ? "learned" : "not learned";
  return { contraction: verdict === "learned" ? contraction : NaN, verdict };
}

/** Two tests at 0.5 % are one at 1 %: 99.5 % of Kolmogorov's distribution, and of the standard normal one. */
const [KOLMOGOROV, NORMAL] = [1.731, 2.576];
/** n times the squared coefficient of variation of the mean square about 1/2 of n uniform draws: kurtosis less 1. */
const UNIFORM_SPREAD = 0.8;

function distanceFromUniform(coordinates: readonly number[], weights: readonly number[]): number {
  const order = [...coordinates.keys()].sort((a, b) => itemAt(coordinates, a) - itemAt(coordinates, b) || a - b);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  let distance = 0;
  for (const i of order) {
    const coordinate = itemAt(coordinates, i);
    distance = Math.max(distance, coordinate - below / total);
    below += itemAt(weights, i);
    distance = Math.max(distance, below / total - coordinate);
  }
  return distance;
}

function checksOf(
  names: readonly Summary[],
  observed: Float64Array,
  worlds: readonly { readonly summaries: Float64Array; readonly weight: number }[],
): Check[] {
  const weights = worlds.map(({ weight }) => weight);
  return names.map((summary, s) => {
    const values = worlds.map(({ summaries }) => itemAt(summaries, s));
    const seen = itemAt(observed, s);
    return {
      summary,
      observed: seen,
      quantiles: [0.05, 0.5, 0.95].map((p) => weightedQuantile(values, weights, p)),
      below: worlds.reduce((sum, { weight }, i) => {
        return sum + weight * shareBelow(itemAt(values, i), seen);
      }, 0),
    };
  });
}

/** Fewer than this share of worlds on one side: they do not show what was observed. */
const UNLIKE = 0.01;

/** The names of the summaries in which the worlds do not look like the observation. */
export function unlikeness({ checks }: Pick<CalibrationResult, "checks">): string[] {
  return checks.filter(({ below }) => below < UNLIKE || below > 1 - UNLIKE).map(({ summary }) => summary.name);
}

/** 1 if smaller, a half if equal, otherwise 0. */
function shareBelow(value: number, seen: number): number {
  return value < seen ? 1 : value === seen ? 0.5 : 0;
}

/**
 * How probable an explanation may still be, with 95 % confidence, of which so many equally weighted worlds have none:
 * Clopper and Pearson's limit.
 */
export function unseenMost(size: number): number {
  return 1 - pow(0.05, 1 / Math.max(1, size));
}

/** The hypotheses that remain possible, the most probable first. */
export function possible({ shares }: CalibrationResult): number[] {
  const order = [...shares.keys()].sort((a, b) => itemAt(shares, b) - itemAt(shares, a) || a - b);
  return order.filter((h) => itemAt(shares, h) >= LIKELY);
}

/** The value of a parameter in a draw: its own, or that of the observation's scenario. */
export function valueIn({ settings }: Draw, name: string, { point }: Observation): Setting {
  return settings[name] ?? itemAt(point.scenario.parameters, name);
}
