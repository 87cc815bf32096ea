/** The assumptions: parameters whose source says that they are assumed, with their settings in the design points. */
import { basename } from "node:path";
import type { Parameter, Setting } from "../../models/contract/parameters.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";

export interface Assumption {
  readonly name: string;
  readonly meaning: string;
  /** "1" for pure numbers, "" for words. */
  readonly unit: string;
  /** The settings of the design points, without repetitions; several with the levels that have them. */
  readonly settings: readonly string[];
  readonly source: string;
}

/** In the order of the model's table, with the total number of parameters. */
export function assumptionsOf({ points }: Plan): { assumptions: Assumption[]; parameters: number } {
  const all = new Map<string, Parameter>(points.flatMap(({ resolved }) => Object.entries(resolved.model.parameters)));
  const assumptions = [...all]
    .filter(([, { source }]) => source.startsWith("assumption"))
    .map(([name, parameter]) => ({
      name,
      meaning: parameter.meaning,
      unit: parameter.kind === "number" ? parameter.unit : "",
      settings: settingsOf(points, name),
      source: parameter.source,
    }));
  return { assumptions, parameters: all.size };
}

/** More levels of one setting are not listed. */
const LEVELS_MAX = 4;

/** "0.02 (office, help-desk)", "0.8 (mainframe)" if a factor decides; otherwise the settings alone. */
function settingsOf(points: Plan["points"], name: string): string[] {
  const settings = [...new Set(points.flatMap(({ scenario }) => textOf(scenario.parameters[name])))];
  if (settings.length < 2) return settings;
  const withSetting = (setting: string) =>
    points.filter(({ scenario }) => textOf(scenario.parameters[name])[0] === setting);
  for (const factor of Object.keys(points[0].levels)) {
    const levels = settings.map((setting) => [
      ...new Set(withSetting(setting).map((point) => itemAt(point.levels, factor))),
    ]);
    const isDecided = new Set(levels.flat()).size === levels.flat().length;
    if (!isDecided || levels.some((own) => own.length > LEVELS_MAX) || levels.every((own, i) => own[0] === settings[i]))
      continue;
    return settings.map((setting, i) => `${setting} (${itemAt(levels, i).join(", ")})`);
  }
  return settings;
}

/** Only the last part of a module's path is shown, because the rest belongs to the machine. */
function textOf(setting: Setting | undefined): string[] {
  if (setting === undefined) return [];
  return [typeof setting === "string" && /[/\\]/.test(setting) ? basename(setting) : String(setting)];
}
