/** The assumptions: parameters whose source says that they are assumed, with their settings in the design points. */
import { basename } from "node:path";
import type { Parameter, Setting } from "../../models/contract/parameters.ts";
import type { Plan } from "../experiment/plan.ts";

export interface Assumption {
  readonly name: string;
  readonly meaning: string;
  /** "1" for pure numbers, "" for words. */
  readonly unit: string;
  /** The settings of the design points, without repetitions. */
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
      settings: [...new Set(points.flatMap(({ scenario }) => textOf(scenario.parameters[name])))],
      source: parameter.source,
    }));
  return { assumptions, parameters: all.size };
}

/** Only the last part of a module's path is shown, because the rest belongs to the machine. */
function textOf(setting: Setting | undefined): string[] {
  if (setting === undefined) return [];
  return [typeof setting === "string" && /[/\\]/.test(setting) ? basename(setting) : String(setting)];
}
