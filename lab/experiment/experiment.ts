/**
 * An experiment: a question, a scenario, the factors that vary in it, and how often to simulate. A YAML file says it:
 *
 *     question: How much does the fix save?
 *     seed: Q223863                          # a text; a number is the text that is written, 007 say
 *     replications: 10                       # or as many as suffice:
 *       # {min: 10, max: 200, until: {response: processorsLeaked, relativeHalfWidth: 0.05, anytime: true}}
 *     scenario: {model: print-servers, servers: 5, horizonDays: 28, parameters: {site: office}}
 *     factors:
 *       spooler: [buggy, fixed]              # a list: settings of what the factor is named after
 *       preMs: {from: 1, to: 16, steps: 5, scale: logarithmic}       # a range: the same, evenly spread
 *       load:                                # a map: levels with names, each of which sets several things
 *         low: {jobsPerDay: 500}
 *         high: {jobsPerDay: 5000, servers: 10}
 *     exclude: [{spooler: fixed, load: high}]                        # combinations that are no design points
 *     sample:                                # points of a space: every combination of levels at each of them
 *       {method: sobol, points: 16, ranges: {deleteShare: {from: 0, to: 0.1}, pagesMean: {from: 1, to: 8}}}
 *     compare:                               # against: levels, or left out for every other; responses: the question
 *       {factor: spooler, baseline: buggy, against: fixed, responses: [jobsStarved, downtimeUs]}
 *     fleet: site                            # its levels are parts of one fleet, whose leak rates are given, too
 *     quick: {replications: 2, points: 2, servers: 2, horizonDays: 2}
 *
 * There is one way to name a setting, in the name of a factor or range, a level, `quick` and --set alike: servers,
 * horizonDays, sampleEveryHours, or parameters.NAME, for which NAME is short. A setting is a number, a text, true or
 * false. Settings that vary together are those of one level of a map.
 *
 * Whatever is wrong is reported in one line that begins with where it was said: experiments/x.yaml:7:12, or an option
 * of the command.
 */
import type { Settings } from "../../models/contract/parameters.ts";
import type { Range } from "./range.ts";
import { Fault } from "./settings.ts";
import type { Scenario } from "./scenario.ts";
import { UserError, type Wording } from "../user-error.ts";

/** Plain JSON. */
export interface Experiment {
  /** The file's name without its extension, which also names the results. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** The folder of the file, to which module paths are relative. */
  readonly folder: string;
  readonly question: string;
  readonly seed: string;
  /** Replications of each design point [whole, >= 1]; with `until`, the maximum. */
  readonly replications: number;
  /** The stopping rule; without it, every replication is simulated. */
  readonly until?: Until | undefined;
  /** What all design points share; settings that are not given are not filled in yet. */
  readonly scenario: Scenario;
  /** In file order: the first factor varies slowest. */
  readonly factors: readonly Factor[];
  /** Combinations of levels that are left out of the design. */
  readonly exclude?: readonly Excluded[] | undefined;
  readonly sample?: Sample | undefined;
  readonly compare?: Compare | undefined;
  /** The factor whose levels are the parts of one fleet. */
  readonly fleet?: string | undefined;
  readonly quick: QuickSize;
  /**
   * The source position of each setting, by its dotted path: "experiments/x.yaml:7:12", or an argument and its value.
   */
  readonly positions: SourcePositions;
}

export interface Factor {
  readonly name: string;
  readonly levels: readonly Level[];
}

export interface Level {
  readonly name: string;
  /** The settings of the level, by path: servers, horizonDays, sampleEveryHours or parameters.NAME. */
  readonly settings: Settings;
}

/**
 * Levels that are not combined, by factor: every combination of these with any levels of the other factors is left out.
 */
export type Excluded = Readonly<Record<string, readonly string[]>>;

/** Points drawn from a space of settings. */
export interface Sample {
  readonly method: "latin-hypercube" | "sobol";
  /** The number of points: whole, >= 1. */
  readonly points: number;
  readonly ranges: readonly SampledRange[];
}

/** A dimension of the space. */
export interface SampledRange extends Range {
  /** The name in the file and in the tables. */
  readonly name: string;
  /** The path of the setting that it varies. */
  readonly path: string;
}

/**
 * A stopping rule: enough replications have been simulated when the mean of a response is precise enough at every
 * design point.
 */
export interface Until {
  readonly response: string;
  /** The half-width of the 95 % interval divided by the mean: in (0, 1). */
  readonly relativeHalfWidth: number;
  /**
   * Whether the interval is valid at all numbers of replications at once, instead of only at one
   * (statistics/anytime.ts).
   */
  readonly anytime?: true;
  /** The fewest and the most replications [whole, >= 2]. */
  readonly min: number;
  readonly max: number;
}

/** Levels of a factor; a reported difference is baseline - against. */
export interface Compare {
  readonly factor: string;
  readonly baseline: string;
  /** The levels to compare with it, or "all" for every pair; if omitted, every other level. */
  readonly against?: string | readonly string[] | undefined;
  /** The responses that the question is about, the most important first; if omitted, those that leak. */
  readonly responses?: readonly string[] | undefined;
  readonly best?: Best | undefined;
}

/** Selects the best of the compared levels. */
export interface Best {
  /** The response that decides, by its mean per server. */
  readonly response: string;
  readonly wanted: "least" | "most";
  /** The smallest difference that matters, in the unit of the response, per server; > 0. */
  readonly indifference: number;
  /** Replications before the first level is eliminated [whole, >= 2]. */
  readonly firstStage: number;
}

/** A smaller version of the experiment, for a first look and for tests. */
export interface QuickSize {
  readonly replications?: number | undefined;
  /** The number of points of the sample. */
  readonly points?: number | undefined;
  /** Settings by path, like those of a level. */
  readonly settings: Settings;
}

/** A file with line and column, or an argument with its value. */
export type SourcePosition = string | Wording;
export type SourcePositions = Readonly<Record<string, SourcePosition>>;

/** The levels that `against` names; empty if it is omitted. */
export function againstOf({ against = [] }: Pick<Compare, "against">): readonly string[] {
  return typeof against === "string" ? [against] : against;
}

/** The source position of the path, or of the nearest enclosing path; "" when unknown. */
export function positionOf(path: string, positions: SourcePositions): SourcePosition {
  let at = path;
  while (at !== "" && !Object.hasOwn(positions, at)) at = at.slice(0, Math.max(0, at.lastIndexOf(".")));
  return positions[at] ?? "";
}

/** Puts the source position before the message of a Fault; returns other errors unchanged. */
export function withPosition(error: unknown, positions: SourcePositions): unknown {
  if (!(error instanceof Fault)) return error;
  const position = positionOf(error.path, positions);
  return position === "" ? new UserError(error.message) : new UserError(...[position].flat(), ` ${error.message}`);
}

/** The names of everything that varies: the factors, then the sampled ranges. */
export function factorNames({ factors, sample }: Pick<Experiment, "factors" | "sample">): string[] {
  return [...factors, ...(sample?.ranges ?? [])].map(({ name }) => name);
}

/** Describes what varies the setting at the path; undefined when nothing does. */
export function variedBy({ factors, sample }: Experiment, path: string): string | undefined {
  const factor = factors.find(({ levels }) => levels.some(({ settings }) => Object.hasOwn(settings, path)));
  if (factor !== undefined) return `the factor ${factor.name}`;
  return sample?.ranges.some((range) => range.path === path) ? "the sample" : undefined;
}
