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
  /** The file's name without its ending: what its results are called. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** The folder of the file, to which module paths are relative. */
  readonly folder: string;
  readonly question: string;
  readonly seed: string;
  /** Replications of each design point [whole, >= 1]; the most there may be while it is not known when they suffice. */
  readonly replications: number;
  /** When there are enough; without it there are as many as that. */
  readonly until?: Until | undefined;
  /** What all design points share; settings that are not said are still missing. */
  readonly scenario: Scenario;
  /** In the order of the file: the first varies slowest. */
  readonly factors: readonly Factor[];
  /** Combinations of levels that are no design points. */
  readonly exclude?: readonly Excluded[] | undefined;
  readonly sample?: Sample | undefined;
  readonly compare?: Compare | undefined;
  /** A factor whose levels are parts of one fleet. */
  readonly fleet?: string | undefined;
  readonly quick: QuickSize;
  /** Where each thing was said, by its dotted path: "experiments/x.yaml:7:12", or an argument and its value. */
  readonly places: SourcePositions;
}

export interface Factor {
  readonly name: string;
  readonly levels: readonly Level[];
}

export interface Level {
  readonly name: string;
  /** What it sets, by path: servers, horizonDays, sampleEveryHours or parameters.NAME. */
  readonly settings: Settings;
}

/** By factor, the levels that do not meet: every combination of these with any level of the other factors. */
export type Excluded = Readonly<Record<string, readonly string[]>>;

/** Points drawn from a space of settings. */
export interface Sample {
  readonly method: "latin-hypercube" | "sobol";
  /** How many: whole, >= 1. */
  readonly points: number;
  readonly ranges: readonly SampledRange[];
}

/** A dimension of the space. */
export interface SampledRange extends Range {
  /** What it is called in the file, and in the tables. */
  readonly name: string;
  /** The path of what it sets. */
  readonly path: string;
}

/** When there are enough replications: the mean of a response is known closely enough at every design point. */
export interface Until {
  readonly response: string;
  /** Half the width of its 95 % interval over the mean: in (0, 1). */
  readonly relativeHalfWidth: number;
  /** Whether the interval holds at all numbers of replications at once, and not only at one (statistics/anytime.ts). */
  readonly anytime?: true;
  /** Never fewer than min and never more than max replications [whole, >= 2]. */
  readonly min: number;
  readonly max: number;
}

/** Levels of a factor; a reported difference is baseline - against. */
export interface Compare {
  readonly factor: string;
  readonly baseline: string;
  /** What is compared with it: levels, or "all" for every pair; left out for every other level. */
  readonly against?: string | readonly string[] | undefined;
  /** What the question is about, the most important first; left out for what leaks. */
  readonly responses?: readonly string[] | undefined;
  readonly best?: Best | undefined;
}

/** Which of the compared levels is to be named the best. */
export interface Best {
  /** The response that decides, as its mean per server. */
  readonly response: string;
  readonly wanted: "least" | "most";
  /** The least difference that matters, in the unit of the response, per server; > 0. */
  readonly indifference: number;
  /** Replications before the first level is out [whole, >= 2]. */
  readonly firstStage: number;
}

/** What makes the experiment quick: for a first look, and for tests. */
export interface QuickSize {
  readonly replications?: number | undefined;
  /** Of the sample. */
  readonly points?: number | undefined;
  /** By path, as those of a level. */
  readonly settings: Settings;
}

/** A file and a line, or an argument and its value. */
export type SourcePosition = string | Wording;
export type SourcePositions = Readonly<Record<string, SourcePosition>>;

/** The levels that `against` names; none where it is left out. */
export function againstOf({ against = [] }: Pick<Compare, "against">): readonly string[] {
  return typeof against === "string" ? [against] : against;
}

/** Where the path was said, or else the nearest thing around it; "" when that is not known. */
export function positionOf(path: string, places: SourcePositions): SourcePosition {
  let at = path;
  while (at !== "" && !Object.hasOwn(places, at)) at = at.slice(0, Math.max(0, at.lastIndexOf(".")));
  return places[at] ?? "";
}

/** The error with its place before it, if it is a fault. */
export function withPosition(error: unknown, places: SourcePositions): unknown {
  if (!(error instanceof Fault)) return error;
  const position = positionOf(error.path, places);
  return position === "" ? new UserError(error.message) : new UserError(...[position].flat(), ` ${error.message}`);
}

/** The names of what varies: the factors, then the ranges of the sample. */
export function factorNames({ factors, sample }: Pick<Experiment, "factors" | "sample">): string[] {
  return [...factors, ...(sample?.ranges ?? [])].map(({ name }) => name);
}

/** What varies the setting at the path, in words; undefined when nothing does. */
export function variedBy({ factors, sample }: Experiment, path: string): string | undefined {
  const factor = factors.find(({ levels }) => levels.some(({ settings }) => Object.hasOwn(settings, path)));
  if (factor !== undefined) return `the factor ${factor.name}`;
  return sample?.ranges.some((range) => range.path === path) ? "the sample" : undefined;
}
