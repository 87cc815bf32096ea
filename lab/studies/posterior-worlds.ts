/**
 * Worlds for a decision, from a posterior that calibration wrote: a few equally weighted draws from its table of
 * weighted ones.
 *
 * The draws are taken at equal steps along the cumulative weights (systematic resampling), so each rival explanation
 * has its share of the worlds. Others, half a step further, are reserved for judging the choice.
 */
import type { Parameter, Setting, Settings } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { sum } from "../../statistics/estimate.ts";
import { variedBy, type Experiment } from "../experiment/experiment.ts";
import { modulePath } from "../experiment/modules.ts";
import { changed, resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import { Fault, refusalOf } from "../experiment/settings.ts";
import { dayOfText } from "../calendar.ts";
import { inLine, shortened, visible } from "../visible.ts";
import { itemAt } from "../lists.ts";
import { POINT_NUMBER } from "../imports/amounts.ts";
import { readText } from "../read-text.ts";
import { headerOf, readTable } from "../results/csv-reader.ts";
import { suggest } from "../suggest.ts";
import { argument, UserError, type Wording } from "../user-error.ts";

const WORLDS = 16;
/** The most of a header that an error shows [characters]. */
const HEADER_LENGTH_MAX = 100;

export interface PosteriorWorlds {
  /** The file name, as given. */
  readonly file: string;
  readonly worlds: readonly Settings[];
  /** Worlds that are not used to choose a policy. */
  readonly fresh: readonly Settings[];
  /** The most central world: plans are made for it. */
  readonly middle: Settings;
  /** The day on which the server that runs out first was started last, counted from 1 January 1970, if it is known. */
  readonly startDay?: number | undefined;
  /** The sentence of the counters' report on what runs out first, if there are counters. */
  readonly firstOut?: string | undefined;
  /** The summaries of the counters that the worlds do not show, if there are any. */
  readonly unlike?: string | undefined;
}

/**
 * @param points the design points of the policies, whose model has the parameters of the table
 * @throws UserError that names the file, and the row that is wrong
 */
export async function readPosterior(
  file: string,
  experiment: Experiment,
  points: readonly PlannedPoint[],
): Promise<PosteriorWorlds> {
  const { model } = itemAt(points, 0).resolved;
  const columns = await columnsOf(file);
  const names = parametersOf(file, columns, experiment, model);
  const draws: { readonly weight: number; readonly settings: Settings }[] = [];
  // With the last column, rows of too many cells are refused, such as those with decimal commas.
  for await (const rows of readTable(file, ["weight", ...names, itemAt(columns, columns.length - 1)])) {
    for (const [word = "", ...cells] of rows) {
      const row = `${file} row ${draws.length + 1}`;
      const weight = POINT_NUMBER.test(word.trim()) ? Number(word) : NaN;
      if (!(weight >= 0 && weight < Infinity)) {
        throw new UserError(`${row}: weight is ${word.trim() || "empty"}; it must be a number of at least 0`);
      }
      const settings: Settings = Object.fromEntries(
        names.map((name, i) => [name, settingOf(row, name, model.parameters[name]!, itemAt(cells, i))]),
      );
      refuseOverridden(row, experiment, settings);
      draws.push({ weight, settings });
    }
  }
  const most = draws.reduce((largest, { weight }) => Math.max(largest, weight), 0);
  if (most === 0) throw new UserError(`${file} has no row with a weight above 0`);
  // Shares of the largest, because the sum of weights may be too large for a number.
  const shares = draws.map(({ weight }) => weight / most);
  const total = sum(shares);
  const takenAt = (offset: number): Settings[] => {
    let [at, below] = [0, 0];
    return Array.from({ length: WORLDS }, (_, i) => {
      const wanted = ((i + offset) / WORLDS) * total;
      while (at < draws.length - 1 && below + itemAt(shares, at) <= wanted) below += itemAt(shares, at++);
      return itemAt(draws, at).settings;
    });
  };
  const [worlds, fresh] = [takenAt(0.25), takenAt(0.75)];
  const taken = new Set([...worlds, ...fresh]);
  for (const [i, { settings }] of draws.entries()) {
    if (taken.has(settings)) await refuseContradictory([`${file} row ${i + 1}`], points, settings);
  }
  return { file, worlds, fresh, middle: middleOf(worlds, names), ...(await notesOf(file, columns)) };
}

/** @throws UserError if the settings of a world do not go together, or not with those of the policies */
export async function refuseContradictory(
  place: Wording,
  points: readonly PlannedPoint[],
  settings: Settings,
): Promise<void> {
  try {
    await resolvePoints(points.map((point) => changed(point, settings)));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new UserError(
      ...place,
      `: ${error.message.replace(/^scenario\.parameters /, "the settings ").replace(/^scenario\.parameters\./, "")}`,
    );
  }
}

/** @throws UserError if the user gives a parameter another value than a row: it would go unnoticed */
function refuseOverridden(row: string, { scenario, positions }: Experiment, settings: Settings): void {
  for (const [name, setting] of Object.entries(settings)) {
    const position = positions[`scenario.parameters.${name}`];
    if (position === undefined || typeof position === "string" || scenario.parameters[name] === setting) continue;
    throw new UserError(...position, ` ${row} sets ${name} to ${String(setting)}; leave out one of the two`);
  }
}

/** What calibrate noted of the counters, in the first row. */
async function notesOf(
  file: string,
  columns: readonly string[],
): Promise<Pick<PosteriorWorlds, "startDay" | "firstOut" | "unlike">> {
  const names = [SINCE, FIRST_OUT, UNLIKE].filter((name) => columns.includes(name));
  if (names.length === 0) return {};
  for await (const [row] of readTable(file, names)) {
    const noteOf = (name: string) => inLine(visible(row?.[names.indexOf(name)] ?? "")) || undefined;
    return { startDay: dayOfText(noteOf(SINCE) ?? ""), firstOut: noteOf(FIRST_OUT), unlike: noteOf(UNLIKE) };
  }
  return {};
}

/** Columns of notes, which are not parameters. */
export const [SINCE, FIRST_OUT, UNLIKE] = ["_since", "_firstOut", "_unlike"];

/** @throws UserError */
async function columnsOf(file: string): Promise<string[]> {
  const text = await readText(file, [argument("worlds"), ` ${file}`]);
  const columns = headerOf(text);
  if (!columns.includes("weight")) {
    const names = shortened(inLine(visible(columns.join(", "))), HEADER_LENGTH_MAX);
    const own = names === "" ? "" : `; its columns are ${names}`;
    throw new UserError(
      argument("worlds"),
      ` ${file} has no column weight${own}; it must be a posterior.csv of calibrate, with commas between columns`,
    );
  }
  const twice = columns.find((name, i) => columns.indexOf(name) < i);
  if (twice !== undefined)
    throw new UserError(argument("worlds"), ` ${file} has two columns ${inLine(visible(twice))}`);
  return columns;
}

/** The columns that are parameters. */
function parametersOf(file: string, columns: readonly string[], experiment: Experiment, model: Model): string[] {
  const names = columns.filter((name) => name !== "weight" && !name.startsWith("_"));
  for (const name of names) {
    if (!Object.hasOwn(model.parameters, name)) {
      throw new UserError(
        `${file}: ${name} is not a parameter of ${model.name}${suggest(name, Object.keys(model.parameters))}`,
      );
    }
    const by = variedBy(experiment, `parameters.${name}`);
    if (by !== undefined) throw new UserError(`${file}: ${name} is varied by ${by}; a world cannot set it`);
  }
  return names;
}

function settingOf(row: string, name: string, parameter: Parameter, cell: string): Setting {
  const isNumber = parameter.kind === "number" && POINT_NUMBER.test(cell);
  const isSwitch = parameter.kind === "switch" && /^(true|false)$/.test(cell);
  const setting = isNumber ? Number(cell) : isSwitch ? cell === "true" : cell;
  const isModule = parameter.kind === "part" && modulePath.test(cell);
  const refusal = isModule ? `is ${cell}; a table cannot name a module` : refusalOf(parameter, setting);
  if (refusal !== undefined) throw new UserError(`${row}: ${name} ${refusal}`);
  return setting;
}

/** The world with the smallest sum of distances from the middle ranks. */
function middleOf(worlds: readonly Settings[], names: readonly string[]): Settings {
  const far = worlds.map((world) => {
    return names.reduce((sum, name) => {
      const own = Number(world[name]);
      const below = worlds.filter((other) => Number(other[name]) < own).length;
      const above = worlds.filter((other) => Number(other[name]) > own).length;
      return sum + Math.abs(below - above);
    }, 0);
  });
  return itemAt(worlds, far.indexOf(Math.min(...far)));
}
