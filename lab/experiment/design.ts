/**
 * The design of an experiment: the scenarios that it simulates and which of them it compares.
 *
 * A design point is one level of every factor and, if there is a sample, one point of the sample. Levels are fully
 * crossed, with the first factor varying slowest, except for the excluded combinations; the points of the sample vary
 * fastest. Levels are set in the experiment's scenario before presets and defaults are filled in: a factor of sites
 * changes everything that a site implies, except what the scenario itself sets.
 *
 * A design point is identified by its scenario. Neither its results nor its names depend on its position in the design,
 * so adding or removing a point does not change the others.
 */
import { derive } from "./override.ts";
import {
  againstOf,
  withPosition,
  positionOf,
  type Compare,
  type Excluded,
  type Experiment,
  type Factor,
  type Level,
} from "./experiment.ts";
import { samplePoints } from "./sample.ts";
import { Fault, oneOf, wrong } from "./settings.ts";
import { resolveScenario, type ResolvedScenario } from "./scenario.ts";
import type { DesignPoint, PlannedPoint } from "./design-point.ts";
import { itemAt } from "../lists.ts";

/** Two design points that differ only in the compared factor. */
export type Pair = readonly [baseline: DesignPoint, against: DesignPoint];

/** One level of each factor and one value of each sampled range, with the positions in the source. */
type Row = readonly { readonly factor: string; readonly level: Level; readonly path: string }[];

const POINTS_MAX = 10_000;

/** The most levels for which every pair is compared. */
const PAIRS_MAX = 1000;

/**
 * The design points of the experiment, each checked and resolved.
 *
 * @throws UserError that begins with the position of the mistake
 */
export async function designPoints(experiment: Experiment): Promise<PlannedPoint[]> {
  const { compare, positions } = experiment;
  try {
    checkFactors(experiment);
    const points: PlannedPoint[] = [];
    const known = new Map<string, DesignPoint>();
    for (const row of rowsOf(experiment)) {
      const levels = Object.fromEntries(row.map(({ factor, level }) => [factor, level.name]));
      const resolved = await resolvedOf(row, experiment);
      const point = { index: points.length, levels, scenario: resolved.scenario, resolved };
      const json = JSON.stringify(point.scenario);
      const duplicate = known.get(json);
      if (duplicate !== undefined) throw changesNothing(row, duplicate);
      known.set(json, point);
      points.push(point);
    }
    if (compare !== undefined && pairs(points, compare).length === 0) {
      throw new Fault("compare", "finds no pair; all of them are excluded");
    }
    return points;
  } catch (error) {
    throw withPosition(error, positions);
  }
}

/** Every pair to compare, for each combination of the other factors. */
export function pairs(points: readonly DesignPoint[], compare: Compare): Pair[] {
  return families(points, compare).flat();
}

/**
 * For each combination of the other factors, the pairs to compare: the baseline with some levels, the baseline with
 * each other level, or all pairs, those with the baseline first.
 */
export function families(points: readonly DesignPoint[], compare: Compare): Pair[][] {
  const { factor, baseline } = compare;
  const against = againstOf(compare);
  const isEveryPair = against[0] === EVERY_PAIR && !points.some(({ levels }) => levels[factor] === EVERY_PAIR);
  return byOthers(points, factor)
    .map((own): Pair[] => {
      const first = own.filter(({ levels }) => levels[factor] === baseline);
      const rest = own.filter(({ levels }) => levels[factor] !== baseline);
      if (isEveryPair) {
        const all = [...first, ...rest];
        return all.flatMap((point, i) => all.slice(i + 1).map((other): Pair => [point, other]));
      }
      const others =
        against.length === 0 ? rest : rest.filter(({ levels }) => against.includes(itemAt(levels, factor)));
      return first.flatMap((point) => others.map((other): Pair => [point, other]));
    })
    .filter((family) => family.length > 0);
}

/** The name of all parts of a fleet together. */
export const WHOLE_FLEET = "all";

/** For each combination of the other factors, the design points that are parts of one fleet. */
export function fleetsOf(points: readonly DesignPoint[], fleet: string): DesignPoint[][] {
  return byOthers(points, fleet);
}

/** The points that differ only in this factor, for each combination of the others. */
export function byOthers<Point extends DesignPoint>(points: readonly Point[], factor: string): Point[][] {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const others = JSON.stringify({ ...point.levels, [factor]: "" });
    const own = groups.get(others);
    if (own === undefined) groups.set(others, [point]);
    else own.push(point);
  }
  return [...groups.values()];
}

/** The value of `against` that means all pairs of levels, if no level has this name. */
const EVERY_PAIR = "all";

function rowsOf(experiment: Experiment): Row[] {
  const { factors, exclude = [] } = experiment;
  const crossed = factors.reduce<Row[]>(
    (rows, { name, levels }) =>
      rows.flatMap((row) =>
        levels.map((level) => {
          return [...row, { factor: name, level, path: `factors.${name}.${level.name}` }];
        }),
      ),
    [[]],
  );
  const left = withoutExcluded(crossed, exclude);
  const sampled = sampledRows(experiment);
  return left.flatMap((row) => sampled.map((sample) => [...row, ...sample]));
}

/** One row per point of the sample; a single row that sets nothing if there is no sample. */
function sampledRows({ seed, sample }: Experiment): Row[] {
  if (sample === undefined) return [[]];
  return samplePoints(sample, seed).map((point) =>
    sample.ranges.map(({ name, path }, i) => {
      const level = { name: String(itemAt(point, i)), settings: { [path]: itemAt(point, i) } };
      return { factor: name, level, path: `sample.ranges.${name}` };
    }),
  );
}

function withoutExcluded(rows: readonly Row[], exclude: readonly Excluded[]): Row[] {
  let left = [...rows];
  for (const [i, excluded] of exclude.entries()) {
    const kept = left.filter((row) =>
      row.some(({ factor, level }) => {
        return Object.hasOwn(excluded, factor) && !itemAt(excluded, factor).includes(level.name);
      }),
    );
    if (kept.length === left.length)
      throw new Fault(`exclude.${i}`, "excludes only design points that are excluded already");
    if (kept.length === 0) throw new Fault(`exclude.${i}`, "leaves no design point");
    left = kept;
  }
  return left;
}

/** The scenario of the experiment with these levels, resolved. */
async function resolvedOf(row: Row, experiment: Experiment): Promise<ResolvedScenario> {
  const changes = row.flatMap(({ level, path: levelPath }) =>
    Object.entries(level.settings).map(([path, setting]) => {
      return { path, setting, position: positionOf(`${levelPath}.${path}`, experiment.positions) };
    }),
  );
  const derived = derive(experiment, changes);
  try {
    return await resolveScenario(derived.scenario, derived.folder);
  } catch (error) {
    throw withPosition(error, derived.positions);
  }
}

function changesNothing(row: Row, duplicate: DesignPoint): Fault {
  const other = row.find(({ factor, level }) => duplicate.levels[factor] !== level.name);
  // Points of a sample can coincide when its ranges are short and hold whole numbers.
  if (other === undefined) return new Fault("sample.points", "are more than there are different points in the ranges");
  return new Fault(other.path, `changes nothing; the level ${duplicate.levels[other.factor]} gives the same scenario`);
}

function pathOf(factor: Factor, level: Level): string {
  return `factors.${factor.name}.${level.name}`;
}

function checkFactors(experiment: Experiment): void {
  const { factors, exclude = [], sample, compare, fleet } = experiment;
  /** What sets each setting, by its path. */
  const setBy = new Map<string, string>();
  const set = (path: string, at: string, by: string) => {
    const other = setBy.get(path) ?? by;
    if (other !== by) throw new Fault(at, `sets ${path}; so does ${other}`);
    setBy.set(path, by);
  };
  for (const factor of factors) {
    checkFactor(factor);
    for (const level of factor.levels) {
      for (const path of Object.keys(level.settings)) set(path, pathOf(factor, level), `the factor ${factor.name}`);
    }
  }
  if (sample?.ranges.length === 0) throw new Fault("sample.ranges", "are empty; a sample has at least 1 range");
  for (const { name, path } of sample?.ranges ?? []) {
    const at = `sample.ranges.${name}`;
    checkName(at, name);
    if (namesOf(factors).includes(name)) throw new Fault(at, "has the name of a factor");
    set(path, at, `the range ${name}`);
  }
  const crossed = factors.reduce((product, { levels }) => product * levels.length, sample?.points ?? 1);
  if (crossed > POINTS_MAX) {
    const path = factors.length === 0 ? "sample" : "factors";
    throw new Fault(path, `make ${crossed} design points; there are at most ${POINTS_MAX}`);
  }
  exclude.forEach((excluded, i) => checkExcluded(`exclude.${i}`, excluded, factors));
  if (compare !== undefined) checkCompare(compare, factors);
  if (fleet !== undefined) checkFleet(fleet, factors, compare);
}

function checkFactor(factor: Factor): void {
  const at = `factors.${factor.name}`;
  checkName(at, factor.name);
  if (factor.levels.length === 0) throw new Fault(at, "has no levels; a factor has at least 1");
  const names = new Set<string>();
  for (const level of factor.levels) {
    const path = pathOf(factor, level);
    if (/[,']/.test(level.name)) {
      throw new Fault(path, "is not a name of a level; a name has no comma and no quote");
    }
    if (names.has(level.name)) throw new Fault(path, "is given twice; levels have different names");
    names.add(level.name);
  }
}

function checkName(path: string, name: string): void {
  if (!/^[A-Za-z]/.test(name)) throw new Fault(path, "is not a name of a factor; it begins with a letter");
}

function checkExcluded(path: string, excluded: Excluded, factors: readonly Factor[]): void {
  if (Object.keys(excluded).length === 0)
    throw new Fault(path, "excludes everything; an entry must name at least 1 factor");
  for (const [name, levels] of Object.entries(excluded)) {
    const factor = factors.find((one) => one.name === name);
    const known = namesOf(factors);
    if (factor === undefined) throw new Fault(`${path}.${name}`, `is not a factor; ${oneOf(name, known)}`);
    const unknown = levels.find((level) => !namesOf(factor.levels).includes(level));
    if (unknown !== undefined) throw wrong(`${path}.${name}`, unknown, oneOf(unknown, namesOf(factor.levels)));
  }
}

function checkCompare(compare: Compare, factors: readonly Factor[]): void {
  const factor = factors.find(({ name }) => name === compare.factor);
  if (factor === undefined) throw wrong("compare.factor", compare.factor, oneOf(compare.factor, namesOf(factors)));
  const names = namesOf(factor.levels);
  const { baseline } = compare;
  if (!names.includes(baseline)) throw wrong("compare.baseline", baseline, oneOf(baseline, names));
  const against = againstOf(compare);
  const known = names.includes(EVERY_PAIR) || against.length > 1 ? names : [...names, EVERY_PAIR];
  for (const level of against) if (!known.includes(level)) throw wrong("compare.against", level, oneOf(level, known));
  if (names.length === 1) throw wrong("compare.factor", compare.factor, "what is compared has 2 levels or more");
  const count = (names.length * (names.length - 1)) / 2;
  if (against[0] === EVERY_PAIR && !names.includes(EVERY_PAIR) && count > PAIRS_MAX) {
    throw wrong("compare.against", EVERY_PAIR, `that is ${count} pairs, and there are at most ${PAIRS_MAX}`);
  }
  if (against.includes(baseline)) throw wrong("compare.against", baseline, "a level is not compared with itself");
  const twice = against.find((level, i) => against.indexOf(level) < i);
  if (twice !== undefined) throw wrong("compare.against", twice, "it is given twice");
}

function checkFleet(fleet: string, factors: readonly Factor[], compare: Compare | undefined): void {
  const factor = factors.find(({ name }) => name === fleet);
  if (factor === undefined) throw wrong("fleet", fleet, oneOf(fleet, namesOf(factors)));
  if (fleet === compare?.factor) throw wrong("fleet", fleet, "compared levels are not parts of one fleet");
  if (factor.levels.length === 1) throw wrong("fleet", fleet, "a fleet has 2 parts or more");
  if (namesOf(factor.levels).includes(WHOLE_FLEET)) {
    throw wrong("fleet", fleet, `one of its levels is called ${WHOLE_FLEET}, as all of them together are`);
  }
}

function namesOf(named: readonly { readonly name: string }[]): string[] {
  return named.map(({ name }) => name);
}
