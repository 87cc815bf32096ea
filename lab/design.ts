/**
 * The design of an experiment: the scenarios it simulates, and which of them it compares.
 *
 * A design point is one level of every factor; together they are the full factorial, the first factor varying slowest.
 * The levels are set in the experiment's scenario, and only then are presets and defaults filled in: a factor of sites
 * changes all that a site implies, but nothing that the scenario says itself.
 */
import { derive, placed, placeOf, type Compare, type Experiment, type Factor, type Level } from "./experiment.ts";
import { Fault, oneOf, resolveScenario, wrong, type Scenario } from "./scenario.ts";

export interface DesignPoint {
  /** Position in the design, from 0. */
  readonly index: number;
  /** The name of its level of each factor, in the order of the factors. */
  readonly levels: Readonly<Record<string, string>>;
  /** Every setting said, every path absolute. */
  readonly scenario: Scenario;
}

/** Two design points that differ in the compared factor only. */
export type Pair = readonly [baseline: DesignPoint, against: DesignPoint];

/** A level of each factor. */
type Row = readonly { readonly factor: Factor; readonly level: Level }[];

const POINTS_MAX = 10_000;

/**
 * The design points of the experiment, each of them checked.
 *
 * @throws UserError that begins with where the mistake was said
 */
export async function designPoints(experiment: Experiment): Promise<DesignPoint[]> {
  const { factors, compare, places } = experiment;
  try {
    checkFactors(factors);
    if (compare !== undefined) checkCompare(compare, factors);
    const points: DesignPoint[] = [];
    const known = new Map<string, DesignPoint>();
    for (const row of fullFactorial(factors)) {
      const levels = Object.fromEntries(row.map(({ factor, level }) => [factor.name, level.name]));
      const point = { index: points.length, levels, scenario: await scenarioOf(row, experiment) };
      const json = JSON.stringify(point.scenario);
      const twin = known.get(json);
      if (twin !== undefined) throw changesNothing(row, twin);
      known.set(json, point);
      points.push(point);
    }
    return points;
  } catch (error) {
    throw placed(error, places);
  }
}

/** For each combination of the other factors, the design points of the two compared levels. */
export function pairs(points: readonly DesignPoint[], { factor, baseline, against }: Compare): Pair[] {
  const byLevels = new Map(points.map((point) => [JSON.stringify(point.levels), point]));
  return points
    .filter(({ levels }) => levels[factor] === baseline)
    .map((point) => [point, byLevels.get(JSON.stringify({ ...point.levels, [factor]: against }))!]);
}

function fullFactorial(factors: readonly Factor[]): Row[] {
  return factors.reduce<Row[]>(
    (rows, factor) => rows.flatMap((row) => factor.levels.map((level) => [...row, { factor, level }])),
    [[]],
  );
}

/** The scenario of the experiment with the levels set, resolved. */
async function scenarioOf(row: Row, experiment: Experiment): Promise<Scenario> {
  const changes = row.flatMap(({ factor, level }) =>
    Object.entries(level.settings).map(([path, setting]) => {
      return { path, setting, place: placeOf(`${pathOf(factor, level)}.${path}`, experiment.places) };
    }),
  );
  const derived = derive(experiment, changes);
  try {
    return (await resolveScenario(derived.scenario, derived.folder)).scenario;
  } catch (error) {
    throw placed(error, derived.places);
  }
}

function changesNothing(row: Row, twin: DesignPoint): Fault {
  const { factor, level } = row.find(({ factor, level }) => twin.levels[factor.name] !== level.name)!;
  const other = twin.levels[factor.name];
  return new Fault(pathOf(factor, level), `changes nothing; the level ${other} gives the same scenario`);
}

function pathOf(factor: Factor, level: Level): string {
  return `factors.${factor.name}.${level.name}`;
}

function checkFactors(factors: readonly Factor[]): void {
  const setBy = new Map<string, Factor>();
  for (const factor of factors) {
    const at = `factors.${factor.name}`;
    if (!/^[A-Za-z]/.test(factor.name)) throw new Fault(at, "is no name; that of a factor begins with a letter");
    if (factor.levels.length === 0) throw new Fault(at, "has no levels; a factor has at least 1");
    const names = new Set<string>();
    for (const level of factor.levels) {
      if (/[,']/.test(level.name)) {
        throw new Fault(
          pathOf(factor, level),
          "is no name; that of a level has no comma and no quote, to be said in --at",
        );
      }
      if (names.has(level.name)) throw new Fault(pathOf(factor, level), "is said twice; levels have different names");
      names.add(level.name);
      for (const setting of Object.keys(level.settings)) {
        const other = setBy.get(setting) ?? factor;
        const path = pathOf(factor, level);
        if (other !== factor) throw new Fault(path, `sets ${setting}; so does the factor ${other.name}`);
        setBy.set(setting, factor);
      }
    }
  }
  const points = factors.reduce((product, { levels }) => product * levels.length, 1);
  if (points > POINTS_MAX)
    throw new Fault("factors", `make ${points} design points; there are at most ${POINTS_MAX}`);
}

function checkCompare(compare: Compare, factors: readonly Factor[]): void {
  const factor = factors.find(({ name }) => name === compare.factor);
  if (factor === undefined) throw wrong("compare.factor", compare.factor, oneOf(compare.factor, namesOf(factors)));
  for (const side of ["baseline", "against"] as const) {
    const names = namesOf(factor.levels);
    if (!names.includes(compare[side])) throw wrong(`compare.${side}`, compare[side], oneOf(compare[side], names));
  }
  if (compare.baseline === compare.against) {
    throw wrong("compare.against", compare.against, "a level is not compared with itself");
  }
}

function namesOf(named: readonly { readonly name: string }[]): string[] {
  return named.map(({ name }) => name);
}
