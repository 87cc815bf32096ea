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
 *     compare:                               # without against: every level with the baseline; responses: what is asked
 *       {factor: spooler, baseline: buggy, against: fixed, responses: [jobsStarved, downtimeUs]}
 *     fleet: site                            # its levels are parts of one fleet, whose leak rates are given, too
 *     quick: {replications: 2, points: 2, servers: 2, horizonDays: 2}
 *
 * There is one way to name a setting, in the name of a factor or range, a level, `quick` and --set alike: servers,
 * horizonDays, sampleEveryHours, or parameters.NAME, for which NAME is short. A setting is a number, a text, true or
 * false. Settings that vary together are those of one level of a map.
 *
 * Whatever is wrong is told in one line that begins with where it was said: experiments/x.yaml:7:12, or an option of
 * the command.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { produce, type Draft } from "immer";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parse, parseDocument, type Document, type Node } from "yaml";
import type { Setting, Settings } from "../../models/model.ts";
import { type ExperimentShape, readShape, replications } from "./schema.ts";
import { checkRange, stepsOf, type Range } from "./range.ts";
import { checkSetting, extent, Fault, modulePath, wrong, type Scenario } from "./scenario.ts";
import { suggest } from "../suggest.ts";
import { UserError } from "../user-error.ts";

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
  /** Where each thing was said, by its dotted path: "experiments/x.yaml:7:12" or "--set servers=0:". */
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
  /** The level that is compared; "all" for every pair of levels; left out for every other level with the baseline. */
  readonly against?: string | undefined;
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

export type SourcePositions = Readonly<Record<string, string>>;

/** A setting to change, and where that was said. */
export interface Change {
  readonly path: string;
  readonly setting: Setting;
  readonly place: string;
}

/** Options of the command that change an experiment. */
export interface Overrides {
  readonly seed?: string | undefined;
  readonly replications?: number | undefined;
  readonly servers?: number | undefined;
  /** The size at which the tests run it; other options go before it. */
  readonly quick?: boolean | undefined;
  /** Settings as path=value; the value is a scalar of YAML, the path of a module relative to the working directory. */
  readonly set?: readonly string[] | undefined;
  /** Levels to add to a factor, as factor=level,level; a level that is a path is relative to the working directory. */
  readonly add?: readonly string[] | undefined;
  /** Levels to keep of a factor, as factor=level,level; the design points left are those that the whole design has. */
  readonly only?: readonly string[] | undefined;
}

/** The experiments that ship with the program. */
const shipped = fileURLToPath(new URL("../../../experiments/", import.meta.url));

/** The names of the experiments that ship with the program, sorted. */
export async function shippedExperiments(): Promise<string[]> {
  const files = await readdir(shipped);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * Loads an experiment by its name, if it ships with the program, or from a file: that has a slash, or ends in .yaml or
 * .yml.
 *
 * Whether a model takes its settings is not looked at yet; designPoints does.
 *
 * @throws UserError
 */
export async function loadExperiment(nameOrFile: string): Promise<Experiment> {
  const file = await fileOf(nameOrFile);
  const fromHere = relative("", file);
  const shown = fromHere.length < file.length ? fromHere : file;
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${shown} ${unreadable[error.code ?? ""] ?? `cannot be read: ${error.code}`}`);
  });
  return read(text, { name: basename(file).replace(/\.ya?ml$/, ""), file, folder: dirname(file) }, (line, column) => {
    return `${shown}:${line}:${column}`;
  });
}

/**
 * An experiment that a program describes: what a YAML file would say, as an object.
 *
 * @param folder module paths are relative to it; the working directory unless given
 * @throws UserError
 * @example
 * const experiment = buildExperiment("load", {
 *   question: "How long do customers wait?",
 *   seed: 1,
 *   replications: 10,
 *   scenario: { model: "mm1", horizonDays: 1 },
 *   factors: { arrivalsPerSecond: [0.5, 0.8] },
 * });
 */
export function buildExperiment(name: string, description: object, folder = "."): Experiment {
  const file = resolve(folder, `${name}.yaml`);
  // JSON is YAML, and a map of it keeps its order.
  return read(JSON.stringify(description, null, 2), { name, file, folder: dirname(file) }, () => `${name}:`);
}

/** @param place what messages begin with, for a line and a column of the text */
function read(
  text: string,
  named: Pick<Experiment, "name" | "file" | "folder">,
  place: (line: number, column: number) => string,
): Experiment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => place(lines.linePos(offset).line, lines.linePos(offset).col);
  for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
    const said = printable(text.slice(pos[0]).split(/[:\s]/, 1)[0]);
    throw new UserError(`${at(pos[0])} ${yamlMistakes(said)[code] ?? printable(message)}`);
  }
  const places: MutablePlaces = { "": at(0) };
  try {
    collectPlaces(document.contents, "", at, places);
    const said = readShape(withSeedAsWritten(document));
    return {
      ...named,
      question: said.question.trim(),
      seed: said.seed,
      ...replicationsOf(said),
      scenario: said.scenario,
      factors: factorsOf(document.toJS({ mapAsMap: true }) as Map<string, unknown>, said, places),
      ...(said.exclude.length === 0 ? {} : { exclude: said.exclude.map(excludedOf) }),
      ...(said.sample === undefined ? {} : { sample: sampleOf(said.sample) }),
      compare: said.compare,
      ...(said.fleet === undefined ? {} : { fleet: said.fleet }),
      quick: quickOf(said, places),
      places,
    };
  } catch (error) {
    throw placed(error, places);
  }
}

/** What the document says, but for a number as the seed: it is the letters that stand there, as those of --seed are. */
function withSeedAsWritten(document: Document.Parsed): unknown {
  const seed: unknown = isMap(document.contents) ? document.get("seed", true) : undefined;
  const isNumber = isScalar(seed) && typeof seed.value === "number" && seed.source !== undefined;
  return isNumber ? { ...(document.toJS() as object), seed: seed.source } : document.toJS();
}

/** What some of YAML's errors mean here. */
const yamlMistakes = (said: string): Readonly<Record<string, string>> => ({
  BLOCK_AS_IMPLICIT_KEY: `${said} has a value, so nothing can be below it; a line after it is indented too far`,
  DUPLICATE_KEY: `${said} is said twice; a key is said once`,
  MULTIPLE_DOCS: "is the beginning of a second document; an experiment is one document",
});

/** The text without what would upset a terminal. */
function printable(text: string): string {
  return text.replace(/[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffc]/g, "?");
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a directory; an experiment is a YAML file",
};

async function fileOf(nameOrFile: string): Promise<string> {
  if (/[/\\]|\.ya?ml$/.test(nameOrFile)) return resolve(nameOrFile);
  const names = await shippedExperiments();
  if (names.includes(nameOrFile)) return resolve(shipped, `${nameOrFile}.yaml`);
  const rule = `one of ${names.join(", ")}, a file that ends in .yaml, or a folder of results said with a slash`;
  throw new UserError(`experiment is "${nameOrFile}"; ${rule}${suggest(nameOrFile, names)}`);
}

type MutablePlaces = Record<string, string>;

/** Notes where each key of a map and each item of a list stands. */
function collectPlaces(node: unknown, path: string, at: (offset: number) => string, places: MutablePlaces): void {
  if (isAlias(node)) throw new Fault(path, "is an alias; an experiment says things where they count");
  const collect = (start: unknown, key: unknown, value: unknown) => {
    const inner = path === "" ? String(key) : `${path}.${String(key)}`;
    places[inner] = at((start as Node).range?.[0] ?? 0);
    collectPlaces(value, inner, at, places);
  };
  if (isMap(node)) for (const { key, value } of node.items) collect(key, isScalar(key) ? key.value : key, value);
  if (isSeq(node)) node.items.forEach((item, i) => collect(item, i, item));
}

/** Where the path was said, or else the nearest thing around it. */
export function positionOf(path: string, places: SourcePositions): string {
  let at = path;
  while (at !== "" && !Object.hasOwn(places, at)) at = at.slice(0, Math.max(0, at.lastIndexOf(".")));
  return places[at] ?? "";
}

/** The error with its place before it, if it is a fault. */
export function placed(error: unknown, places: SourcePositions): unknown {
  return error instanceof Fault ? new UserError(`${positionOf(error.path, places)} ${error.message}`.trim()) : error;
}

/** The full path of a setting; the word scenario, with which messages begin, may be before it. */
function settingPath(said: string): string {
  const path = said.replace(/^scenario\./, "");
  return Object.hasOwn(extent, path) || path.startsWith("parameters.") ? path : `parameters.${path}`;
}

/** Settings by their full paths, whose places are noted. */
function settingsOf(said: Iterable<[unknown, Setting]>, at: string, places: MutablePlaces): Settings {
  const settings: Record<string, Setting> = {};
  for (const [key, setting] of said) {
    const path = settingPath(String(key));
    const here = `${at}.${String(key)}`;
    if (Object.hasOwn(settings, path)) throw new Fault(here, "is said twice; once in full and once in short");
    settings[path] = setting;
    places[`${at}.${path}`] = places[here];
  }
  return settings;
}

/** Factors as YAML's own maps, which keep the order of the file: those of JavaScript put whole numbers first. */
type SaidFactors = Map<unknown, readonly Setting[] | Map<unknown, Map<unknown, Setting> | Setting>>;

function factorsOf(said: Map<string, unknown>, shape: ExperimentShape, places: MutablePlaces): Factor[] {
  return [...((said.get("factors") ?? new Map()) as SaidFactors)].map(([key, levels]) => {
    const name = String(key);
    const at = (level: unknown) => `factors.${name}.${String(level)}`;
    const path = settingPath(name);
    const levelOf = (setting: Setting) => ({ name: String(setting), settings: { [path]: setting } });
    const shaped = shape.factors[name];
    if (isRange(shaped)) {
      checkRange(`factors.${name}`, shaped);
      return { name, levels: stepsOf(shaped, shaped.steps).map(levelOf) };
    }
    if (levels instanceof Map) {
      return {
        name,
        levels: [...(levels as Map<unknown, Map<unknown, Setting>>)].map(([level, settings]) => ({
          name: String(level),
          settings: settingsOf(settings, at(level), places),
        })),
      };
    }
    // A level of a list stands where its item does, and is called by its setting.
    const itemPlaces = levels.map((_, i) => places[at(i)]);
    levels.forEach((setting, i) => (places[at(setting)] = itemPlaces[i]));
    return { name, levels: levels.map(levelOf) };
  });
}

type RangeOfLevels = Range & { readonly steps: number };

/** Whether the levels are a range, and no map of levels of which one is called from. */
function isRange(levels: ExperimentShape["factors"][string]): levels is RangeOfLevels {
  return !Array.isArray(levels) && typeof (levels as Partial<RangeOfLevels>).from === "number";
}

function replicationsOf({ replications: said }: ExperimentShape): Pick<Experiment, "replications" | "until"> {
  if (typeof said === "number") return { replications: said };
  const {
    min,
    max,
    until: { anytime, ...until },
  } = said;
  if (min > max) throw wrong("replications.max", max, `at least min, ${min}`);
  return { replications: max, until: { ...until, ...(anytime ? { anytime } : {}), min, max } };
}

function excludedOf(said: ExperimentShape["exclude"][number]): Excluded {
  return Object.fromEntries(Object.entries(said).map(([factor, levels]) => [factor, [levels].flat()]));
}

function sampleOf(sample: NonNullable<ExperimentShape["sample"]>): Sample {
  const ranges = Object.entries(sample.ranges).map(([name, range]) => {
    checkRange(`sample.ranges.${name}`, range);
    return { name, path: settingPath(name), ...range };
  });
  return { ...sample, ranges };
}

function quickOf({ quick }: ExperimentShape, places: MutablePlaces): QuickSize {
  const { replications, points, ...settings } = quick;
  const size = points === undefined ? { replications } : { replications, points };
  return { ...size, settings: settingsOf(Object.entries(settings), "quick", places) };
}

type Head = Pick<Experiment, "seed" | "replications" | "sample">;

/** The experiment with other settings in its scenario, and perhaps another seed, number of replications or sample. */
export function derive(experiment: Experiment, changes: readonly Change[], head: Partial<Head> = {}): Experiment {
  return produce(experiment, (draft: Draft<Experiment>) => {
    Object.assign(draft, head);
    // A number that is said anew is no longer a condition.
    if (head.replications !== undefined) delete draft.until;
    for (const { path, setting, place } of changes) {
      draft.places[`scenario.${path}`] = place;
      if (path.startsWith("parameters.")) {
        draft.scenario.parameters[path.slice("parameters.".length)] = setting;
        // Settings that make no sense together do so since the last of them was changed.
        draft.places["scenario.parameters"] = place;
      } else {
        Object.assign(draft.scenario, { [path]: setting });
      }
    }
  });
}

/**
 * The experiment with the options of a command applied.
 *
 * @throws UserError for an option that is not understood, and for a setting that a factor varies
 */
export function withOverrides(experiment: Experiment, overrides: Overrides): Experiment {
  const { seed = experiment.seed, servers, set = [], add = [], only = [] } = overrides;
  const quick: QuickSize = overrides.quick ? experiment.quick : { settings: {} };
  const fixed = overrides.replications ?? quick.replications;
  checkSetting("--replications", replications, fixed ?? experiment.replications);
  const changes = Object.entries(quick.settings).map(([path, setting]) => {
    return { path, setting, place: positionOf(`quick.${path}`, experiment.places) };
  });
  if (servers !== undefined) changes.push({ path: "servers", setting: servers, place: `--servers ${servers}:` });
  for (const said of set) changes.push(changeOf(said));
  for (const { path, place } of changes) {
    const varying = variedBy(experiment, path);
    if (varying === undefined) continue;
    const value = /^--set [^=]*=(.*):$/.exec(place)?.[1];
    const factor = experiment.factors.find((one) => isOfSettings(one, path));
    const way = factor && value ? `; --add ${factor.name}=${value} adds a level to it` : "";
    throw new UserError(`${place} ${path} is varied by ${varying}${way}`);
  }
  const { sample } = experiment;
  const head = fixed === undefined ? { seed } : { seed, replications: fixed };
  const points = sample === undefined ? undefined : quick.points;
  const sized = points === undefined ? head : { ...head, sample: { ...sample!, points } };
  return only.reduce(withOnly, add.reduce(withAdded, derive(experiment, changes, sized)));
}

/** Whether a factor is named after the setting at the path, and its levels are settings of that: a list or a range. */
function isOfSettings({ name, levels }: Factor, path: string): boolean {
  return settingPath(name) === path && levels.every(({ settings }) => Object.keys(settings).join() === path);
}

/** The name of the factor, the factor and the words of an option that says factor=level,level. @throws UserError */
function levelsSaid(experiment: Experiment, said: string, place: string) {
  const equals = said.indexOf("=");
  if (equals < 1) throw new UserError(`${place} levels are said as factor=level,level`);
  const name = said.slice(0, equals);
  const factor = experiment.factors.find((one) => one.name === name);
  if (factor === undefined) {
    const names = experiment.factors.map((one) => one.name);
    const known = `its factors: ${names.join(", ") || "none"}${suggest(name, names)}`;
    throw new UserError(`${place} ${name} is not a factor of ${experiment.name}; ${known}`);
  }
  return { factor, words: said.slice(equals + 1).split(",") };
}

/**
 * The experiment with more levels of a factor. Where that factor is compared, every level is then compared with the
 * baseline.
 */
function withAdded(experiment: Experiment, said: string): Experiment {
  const place = `--add ${said}:`;
  const { factor, words } = levelsSaid(experiment, said, place);
  const { name } = factor;
  const path = settingPath(name);
  if (!isOfSettings(factor, path)) {
    throw new UserError(`${place} the levels of ${name} have names and settings of their own; add one in the file`);
  }
  return produce(experiment, (draft: Draft<Experiment>) => {
    const { levels } = draft.factors.find((one) => one.name === name)!;
    for (const word of words) {
      const setting = settingOf(word, place);
      const level = modulePath.test(word) ? word : String(setting);
      if (levels.some((one) => one.name === level)) {
        throw new UserError(`${place} ${level} is a level of ${name} already`);
      }
      levels.push({ name: level, settings: { [path]: setting } });
      draft.places[`factors.${name}.${level}`] = place;
    }
    if (draft.compare?.factor === name) delete draft.compare.against;
  });
}

/**
 * The experiment with some levels of a factor. What compares levels, or adds up parts of a fleet, goes when one level
 * is left; an exclusion goes when none of its levels are.
 */
function withOnly(experiment: Experiment, said: string): Experiment {
  const place = `--only ${said}:`;
  const { factor, words: wanted } = levelsSaid(experiment, said, place);
  const { name } = factor;
  const names = factor.levels.map((level) => level.name);
  for (const level of wanted) {
    if (names.includes(level)) continue;
    throw new UserError(`${place} ${level || "nothing"} is not a level of ${name}; its levels: ${names.join(", ")}`);
  }
  const { compare } = experiment;
  for (const side of ["baseline", "against"] as const) {
    const level = compare?.factor === name && wanted.length > 1 ? compare[side] : undefined;
    if (level === undefined || !names.includes(level) || wanted.includes(level)) continue;
    throw new UserError(`${place} ${level} is compared (compare.${side}); it stays, or one level alone does`);
  }
  return produce(experiment, (draft: Draft<Experiment>) => {
    const kept = draft.factors.find((one) => one.name === name)!;
    kept.levels = kept.levels.filter((level) => wanted.includes(level.name));
    const exclude = (draft.exclude ?? []).map((one) => {
      return Object.hasOwn(one, name) ? { ...one, [name]: one[name].filter((level) => wanted.includes(level)) } : one;
    });
    const left = exclude.filter((one) => one[name]?.length !== 0);
    if (left.length > 0) draft.exclude = left;
    else delete draft.exclude;
    if (kept.levels.length > 1) return;
    if (draft.compare?.factor === name) delete draft.compare;
    if (draft.fleet === name) delete draft.fleet;
  });
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

function changeOf(said: string): Change {
  const place = `--set ${said}:`;
  const equals = said.indexOf("=");
  if (equals < 1) throw new UserError(`${place} a setting is said as path=value`);
  return { path: settingPath(said.slice(0, equals)), setting: settingOf(said.slice(equals + 1), place), place };
}

/** The setting that a word of the command line is: a path is relative to where the command is given. */
function settingOf(word: string, place: string): Setting {
  const value = scalarOf(word);
  if (typeof value === "string" && modulePath.test(value)) return resolve(value);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  throw new UserError(`${place} a setting is a number, a text, true or false`);
}

/** What the YAML says, undefined when it is none. */
function scalarOf(yaml: string): unknown {
  try {
    return parse(yaml, { logLevel: "error" });
  } catch {
    return undefined;
  }
}
