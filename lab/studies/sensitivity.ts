/**
 * Which assumption matters? A screening of all of them, the shares of variance of the most important ones, and what
 * would have to be true to change the conclusion.
 *
 * The output is a response per server-day at one design point, or the difference from another point if the experiment
 * compares them. First, Morris's method varies every assumption. Then the most influential ones are varied together for
 * Sobol's indices, with the replication as one more input, so that the share of chance is separate. Finally, each of
 * these is varied alone, up to FAR times the assumed value, in the direction that lowers the output, to find a value at
 * which the output is 0 or less.
 *
 * The result depends only on the experiment's seed.
 */
import { Stream } from "../../sim/streams.ts";
import { bestSplit } from "../../statistics/best-split.ts";
import {
  elementaryEffects,
  morrisTrajectories,
  movedInput,
  type ElementaryEffects,
  type Trajectory,
} from "../../statistics/morris.ts";
import { indexRows, sobolIndices, type SobolIndices } from "../../statistics/sobol-indices.ts";
import {
  assumedRangesOf,
  isList,
  settingsAt,
  settingsOfTrajectory,
  trajectoriesForAllPairs,
  type AssumedRange,
} from "./assumption-ranges.ts";
import { RunCache, type CacheSpace } from "../execution/cache.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { designPoints, pairs } from "../experiment/design.ts";
import { changed, type DesignPoint, resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import { Evaluator, type Evaluation, type Question } from "./evaluations.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { oneOf } from "../experiment/settings.ts";
import { isCumulable, planResults, responsesOf, type Plan } from "../experiment/plan.ts";
import { UserError, argument } from "../user-error.ts";
import type { Setting } from "../../models/contract/parameters.ts";
import { itemAt } from "../lists.ts";

/** The factor by which a single assumption is changed at most. */
const FAR = 100;
/** The number of bisections, on a logarithmic scale, to locate the value at which the output becomes 0. */
const HALVINGS = 6;
const FEW = 16;
const TRAJECTORIES = 6;

export interface SensitivityOptions extends Machine {
  readonly point: DesignPoint;
  readonly response: string;
  /** Override the experiment's fleet size and horizon [days]. */
  readonly servers: number;
  readonly horizonDays: number;
  /** Assumptions without a range of their own are varied by this factor in both directions: > 1. */
  readonly factor: number;
  /** Names of parameters that are not varied. */
  readonly without: readonly string[];
  /** The number of Morris trajectories: whole, >= 2; by default 6, or more if a choice has more pairs of values. */
  readonly trajectories?: number | undefined;
  /** The number of rows of the design for Sobol's indices: a power of two. */
  readonly rows: number;
  /** The number of assumptions that get indices: whole, >= 1. */
  readonly top: number;
  readonly cache?: CacheSpace | undefined;
  /** Called before the first run. */
  readonly begin?: (size: SensitivitySize) => void;
}

/** The size of a sensitivity study. */
export interface SensitivitySize {
  readonly assumptions: number;
  readonly trajectories: number;
  /** The most runs that may be made, each of the whole fleet. */
  readonly runs: number;
}

/** The number of comparisons of two leak rates of which at least one is a lower bound, and of which both are. */
export interface Bounded {
  readonly some: number;
  /** These are no effects. */
  readonly both: number;
}

/** An assumption and its effects. */
export interface Influence {
  readonly assumption: AssumedRange;
  readonly effects: ElementaryEffects;
  /** Its elementary effects that compare lower bounds. */
  readonly bounded: Bounded;
  /** Only for the most influential ones. */
  readonly indices?: SobolIndices | undefined;
  /**
   * The value from which on the assumption alone, changed in the direction that lowers the output, makes the output 0
   * or less.
   */
  readonly zeroAt?: Setting | undefined;
}

/** The settings, among all that were tried, for which a statement does not hold. */
export interface Exception {
  readonly count: number;
  /** The single condition that separates them best. */
  readonly split?:
    | {
        readonly assumption: AssumedRange;
        readonly isAbove: boolean;
        readonly threshold: number;
        readonly wantedShare: number;
        readonly otherShare: number;
      }
    | undefined;
}

export interface Sensitivity {
  readonly baseline: PlannedPoint;
  readonly against?: PlannedPoint | undefined;
  readonly response: string;
  /** The response per server-day, with every assumption at its own value. */
  readonly output: number;
  /** The most influential first. */
  readonly influences: readonly Influence[];
  /** The indices of chance; undefined if nothing had an effect. */
  readonly chance?: SobolIndices | undefined;
  /** The number of rows of the design for the indices. */
  readonly rows: number;
  /** The number of elementary effects of each assumption. */
  readonly trajectories: number;
  /** The number of settings tried, all varied at once or one after the other. */
  readonly tried: number;
  /** The settings at which the output was 0 or less. */
  readonly zero: Exception;
  /** The settings at which nothing was noticed within the horizon; undefined if the response has no ceiling. */
  readonly unnoticed?: Exception | undefined;
}

/** @throws UserError */
export async function sensitivityOf(experiment: Experiment, options: SensitivityOptions): Promise<Sensitivity> {
  const { factor, top, without } = options;
  const plan = await planOf(experiment, options);
  const sides = plan.points;
  const assumptions = assumedRangesOf(experiment, sides[0], factor, without);
  if (assumptions.length === 0) {
    throw new UserError(`${experiment.name} has no assumption left to vary: it sets or varies every parameter`);
  }
  const count = options.trajectories ?? Math.max(TRAJECTORIES, trajectoriesForAllPairs(assumptions));
  const runs = sides.length * mostSettings(assumptions.length, count, options);
  options.begin?.({ assumptions: assumptions.length, trajectories: count, runs });
  const evaluate = evaluateOf(plan, options, runs);
  const { output } = itemAt(await evaluate([{ settings: {}, replication: 0 }]), 0);

  const streams = new Stream(experiment.seed, "sensitivity-trajectories", 0, 0, count);
  const trajectories = morrisTrajectories(count, assumptions.length, streams);
  const screened = await evaluate(
    trajectories.flatMap((points, replication) => {
      return points.map((point) => ({ settings: settingsOfTrajectory(assumptions, point, replication), replication }));
    }),
  );
  const length = assumptions.length + 1;
  const outputs = trajectories.map((_, i) => screened.slice(i * length, (i + 1) * length).map((one) => one.output));
  const effects = elementaryEffects(
    trajectories,
    outputs,
    assumptions.map(({ values }) => isList(values)),
  );
  const bounded = boundedEffects(
    trajectories,
    screened.map((one) => one.isLowerBound),
  );
  const influences: Influence[] = assumptions.map((assumption, i) => {
    return { assumption, effects: itemAt(effects, i), bounded: itemAt(bounded, i) };
  });
  influences.sort((a, b) => b.effects.muStar - a.effects.muStar);

  const leading = influences.filter((one) => one.effects.muStar > 0).slice(0, top);
  const varying = leading.map(({ assumption }) => assumption);
  const { indices, varied } = await indicesOf(varying, experiment, options, evaluate);
  const zeroes = await zeroesOf(plan, leading, evaluate);
  const tried = [...screened, ...varied];
  const hasCeiling = responsesOf({ experiment, points: sides }).some(
    ({ name, ceiling }) => name === options.response && ceiling !== undefined,
  );
  return {
    baseline: sides[0],
    against: sides[1],
    response: options.response,
    output,
    influences: influences.map((one, i) => {
      return i < leading.length ? { ...one, indices: indices[i], zeroAt: zeroes[i] } : one;
    }),
    chance: indices[leading.length],
    rows: options.rows,
    trajectories: count,
    tried: tried.length,
    zero: exceptionOf(
      assumptions.filter((_, i) => itemAt(effects, i).muStar > 0),
      tried,
      (one) => one.output <= 0,
    ),
    unnoticed: hasCeiling ? exceptionOf(assumptions, tried, (one) => one.atCeiling === 0) : undefined,
  };
}

/** The experiment at its assumed values: the ranges of its sample are ranges of assumptions, not design points. */
export function withoutSample({ sample: _, ...experiment }: Experiment): Experiment {
  return experiment;
}

/** By assumption. @param isLowerBound of all points of the trajectories, in their order */
function boundedEffects(trajectories: readonly Trajectory[], isLowerBound: readonly boolean[]): Bounded[] {
  const length = itemAt(trajectories, 0).length;
  const bounded = Array.from({ length: length - 1 }, () => ({ some: 0, both: 0 }));
  trajectories.forEach((points, trajectory) => {
    for (let i = 1; i < length; i++) {
      const at = trajectory * length + i;
      const ends = [isLowerBound[at - 1], isLowerBound[at]];
      const own = bounded[movedInput(points, i)]!;
      if (ends.some(Boolean)) own.some++;
      if (ends.every(Boolean)) own.both++;
    }
  });
  return bounded;
}

type Evaluate = (questions: readonly Question[]) => Promise<Evaluation[]>;

/** The design points to study: one, and the one that the experiment compares with it. */
async function planOf(experiment: Experiment, options: SensitivityOptions): Promise<Plan> {
  const { point, response, servers, horizonDays } = options;
  const { compare } = experiment;
  const points = await designPoints(withoutSample(experiment));
  const pair = compare && pairs(points, compare).find(([baseline]) => baseline.index === point.index);
  const looked = (pair ?? [point]).map((one) => ({ ...one, scenario: { ...one.scenario, servers, horizonDays } }));
  const plan = planResults(experiment, await resolvePoints(looked));
  const names = responsesOf(plan)
    .filter(isCumulable)
    .map(({ name }) => name);
  if (!names.includes(response)) {
    throw new UserError(argument("response"), ` is ${response}; ${oneOf(response, names)}`);
  }
  return plan;
}

/** The most settings to try: as assumed, for Morris, for Sobol, and in the search for an output of 0. */
function mostSettings(assumptions: number, trajectories: number, { rows, top }: SensitivityOptions): number {
  const leading = Math.min(top, assumptions);
  return 1 + trajectories * (assumptions + 1) + rows * (leading + 3) + leading * (1 + HALVINGS);
}

/** Evaluates settings and reports progress towards the maximum. */
function evaluateOf(plan: Plan, options: SensitivityOptions, runs: number): Evaluate {
  const { response, servers, sliceSize, cache, progress } = options;
  let [serversBefore, eventsBefore] = [0, 0];
  let last = { serversDone: 0, events: 0 };
  const execution = async (of: typeof plan) => {
    // Threads take longer to start than a few evaluations.
    const workers = of.points.length < FEW ? 1 : options.workers;
    const recalling = cache && (await RunCache.open(cache, of));
    [serversBefore, eventsBefore] = [serversBefore + last.serversDone, eventsBefore + last.events];
    last = { serversDone: 0, events: 0 };
    const report: Machine["progress"] = (done, result) => {
      last = done;
      const serversDone = serversBefore + done.serversDone;
      progress?.({ serversDone, serversTotal: runs * servers, events: eventsBefore + done.events }, result);
    };
    return new Execution({ ...options, workers, progress: report }, recalling, of.points.length * servers);
  };
  const evaluator = new Evaluator(plan, plan.points, response, sliceSize, execution);
  return (questions) =>
    evaluator.evaluate(questions).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        ...error.wording,
        " (among the assumptions; give them ranges in a sample, a smaller factor, or leave some out: ",
        argument("without"),
        ")",
      );
    });
}

/** The indices of the assumptions and, last, of chance; with all their evaluations. */
async function indicesOf(
  assumptions: readonly AssumedRange[],
  { seed }: Experiment,
  { rows: count }: SensitivityOptions,
  evaluate: Evaluate,
): Promise<{ indices: SobolIndices[]; varied: Evaluation[] }> {
  if (assumptions.length === 0) return { indices: [], varied: [] };
  const inputs = assumptions.length + 1;
  const rows = indexRows(count, inputs, new Stream(seed, "sensitivity-rows", 0, 0, 2 * inputs));
  const questions = rows.flatMap(({ a, b, ab }, row) =>
    [a, b, ...ab].map((point, i): Question => {
      // B has its own random numbers; so has A with the last coordinate, chance, taken from B.
      const replication = i === 1 || i === inputs + 1 ? 2 * row + 1 : 2 * row;
      return { settings: settingsAt(assumptions, point), replication };
    }),
  );
  const varied = await evaluate(questions);
  const outputs = rows.map((_, row) => {
    const own = varied.slice(row * (inputs + 2), (row + 1) * (inputs + 2)).map(({ output }) => output);
    return { a: itemAt(own, 0), b: itemAt(own, 1), ab: own.slice(2) };
  });
  return { indices: sobolIndices(outputs, new Stream(seed, "sensitivity-resampling", 0, 0, 1)), varied };
}

/** In order of influence: the tried value nearest to the assumed one that alone makes the output 0 or less. */
async function zeroesOf(
  plan: Plan,
  influences: readonly Influence[],
  evaluate: Evaluate,
): Promise<(Setting | undefined)[]> {
  const isZero = async (settings: readonly (Setting | undefined)[]) => {
    const known = settings.flatMap((setting, i) => (setting === undefined ? [] : [{ i, setting }]));
    const answers = await evaluate(
      known.map(({ i, setting }) => {
        return { settings: { [itemAt(influences, i).assumption.name]: setting }, replication: 0 };
      }),
    );
    const zero = settings.map(() => false);
    known.forEach(({ i }, at) => (zero[i] = itemAt(answers, at).output <= 0));
    return zero;
  };
  let ends: (Setting | undefined)[] = [];
  for (const one of influences) ends.push(await admittedEnd(plan, one));
  const found = await isZero(ends);
  ends = ends.map((end, i) => (found[i] ? end : undefined));
  const starts = influences.map(({ assumption }) => Number(assumption.assumed));
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middles = ends.map((end, i) => middleOf(itemAt(influences, i).assumption, itemAt(starts, i), end));
    const zero = await isZero(middles);
    middles.forEach((middle, i) => {
      if (zero[i]) ends[i] = middle;
      else if (middle !== undefined) starts[i] = middle;
    });
  }
  return ends;
}

/** Whether the assumption is changed by itself; lists are not. */
export function isSearched({ assumption: { assumed, values }, effects }: Influence): boolean {
  return !isList(values) && effects.mu !== 0 && Number(assumed) > 0;
}

/**
 * The farthest value that the model admits with all others as assumed; shares of a whole, for example, bound each
 * other.
 */
async function admittedEnd(plan: Plan, influence: Influence): Promise<number | undefined> {
  if (!isSearched(influence)) return undefined;
  const { assumption } = influence;
  let end: number | undefined = farEnd(influence);
  for (let halving = 0; end !== undefined && halving < HALVINGS; halving++) {
    const settings = { [assumption.name]: end };
    const refusal = await resolvePoints(plan.points.map((point) => changed(point, settings))).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal === undefined) return end;
    if (!(refusal instanceof UserError)) throw refusal;
    end = middleOf(assumption, Number(assumption.assumed), end);
  }
  return undefined;
}

/** The farthest value of the assumption in the direction that lowers the output. */
function farEnd({ assumption: { assumed, min, max }, effects }: Influence): number {
  return effects.mu > 0 ? Math.max(min, Number(assumed) / FAR) : Math.min(max, Number(assumed) * FAR);
}

/** The geometric mean; undefined if there is no value in between. */
function middleOf({ values }: AssumedRange, start: number, end: Setting | undefined): number | undefined {
  if (typeof end !== "number" || isList(values)) return undefined;
  const middle = Math.sqrt(start * end);
  const rounded = values.whole ? Math.round(middle) : Number(middle.toPrecision(3));
  return rounded > Math.min(start, end) && rounded < Math.max(start, end) ? rounded : undefined;
}

function exceptionOf(
  assumptions: readonly AssumedRange[],
  tried: readonly Evaluation[],
  isOne: (one: Evaluation) => boolean,
): Exception {
  const kinds = tried.map(isOne);
  const count = kinds.filter(Boolean).length;
  const points = tried.map(({ settings }) => assumptions.map((assumption) => coordinate(assumption, settings)));
  const split = bestSplit(points, kinds);
  if (split === undefined) return { count };
  const { dimension, ...rest } = split;
  return { count, split: { ...rest, assumption: itemAt(assumptions, dimension) } };
}

/** A number, or the index in a list. */
function coordinate({ name, assumed, values }: AssumedRange, settings: Evaluation["settings"]): number {
  const setting = settings[name] ?? assumed;
  return isList(values) ? values.indexOf(setting) : Number(setting);
}

/** One row per assumption, the most influential first; the last row is chance, if it has indices. */
export function sensitivityTable({ response }: Sensitivity): Table<Influence | SobolIndices> {
  type Row = Influence | SobolIndices;
  const influence = (row: Row) => ("assumption" in row ? row : undefined);
  const indices = (row: Row) => ("assumption" in row ? row.indices : row);
  const ends = (row: Row): readonly Setting[] => {
    const values = influence(row)?.assumption.values;
    if (values === undefined) return [];
    return isList(values) ? values : [values.from, values.to];
  };
  const effect = (key: keyof ElementaryEffects) => (row: Row) => influence(row)?.effects[key] ?? NaN;
  const unit = `of ${response}, per server-day`;
  return table("sensitivity", "an assumption, or chance", [
    text("assumption", "name of the parameter, or chance", (row) => influence(row)?.assumption.name ?? "chance"),
    text("unit", "its unit", (row) => influence(row)?.assumption.unit ?? ""),
    text("assumed", "what the model assumes", (row) => String(influence(row)?.assumption.assumed ?? "")),
    text("from", "where it was varied from", (row) => String(ends(row)[0] ?? "")),
    text("to", "where it was varied to", (row) => String(ends(row).at(-1) ?? "")),
    number("muStar", unit, "mean size of its elementary effects, over its whole range (Morris)", effect("muStar")),
    number("muStarError", unit, "standard error of muStar", effect("muStarError")),
    number("mu", unit, "their mean: above 0 where more of it is more of the response", effect("mu")),
    number("sigma", unit, "their standard deviation: interaction or curvature", effect("sigma")),
    integer(
      "boundedEffects",
      "1",
      "elementary effects that compare two leak rates of which both are lower bounds, because a resource ran out",
      (row) => influence(row)?.bounded.both ?? NaN,
    ),
    number("first", "1", "share of the variance that it explains by itself", (row) => indices(row)?.first.value ?? NaN),
    number("firstLower", "1", "lower end of its 95 % interval (bootstrap)", (row) => indices(row)?.first.lower ?? NaN),
    number("firstUpper", "1", "upper end of the interval", (row) => indices(row)?.first.upper ?? NaN),
    number("total", "1", "share that is left when all else is known", (row) => indices(row)?.total.value ?? NaN),
    number("totalLower", "1", "lower end of its 95 % interval (bootstrap)", (row) => indices(row)?.total.lower ?? NaN),
    number("totalUpper", "1", "upper end of the interval", (row) => indices(row)?.total.upper ?? NaN),
    text("zeroAt", "the value at which it makes the response 0 by itself; empty when none was found", (row) => {
      return String(influence(row)?.zeroAt ?? "");
    }),
  ]);
}
