/** The first columns of every table: one for each factor of the experiment. */
import type { Parameter } from "../../models/contract/parameters.ts";
import type { DesignPoint } from "../experiment/design-point.ts";
import { factorNames } from "../experiment/experiment.ts";
import type { Plan } from "../experiment/plan.ts";
import { extent } from "../experiment/scenario.ts";
import { integer, number, text, type Column } from "./csv.ts";
import { itemAt } from "../lists.ts";

/** One column per factor, without the one that is left out. */
export function factorColumns<Row extends { readonly point: DesignPoint }>(
  plan: Plan,
  leftOut?: string,
): Column<Row>[] {
  return factorNames(plan.experiment)
    .filter((name) => name !== leftOut)
    .map((name) => levelColumn(plan, name, name, "level of this factor", ({ point }) => itemAt(point.levels, name)));
}

/**
 * The column of the levels of a factor: numbers if all levels are numbers, otherwise text. The levels of a fleet are
 * text because one of them stands for all parts. The type does not change the CSV file.
 */
export function levelColumn<Row>(
  { experiment, points }: Plan,
  factor: string,
  name: string,
  description: string,
  levelOf: (row: Row) => string,
): Column<Row> {
  const levels = points.map((point) => point.levels[factor]);
  const isNumeric = levels.every((level) => level === String(Number(level)) && Number.isFinite(Number(level)));
  if (!isNumeric || factor === experiment.fleet) return text(name, description, levelOf);
  const isWhole = levels.every((level) => Number.isSafeInteger(Number(level)));
  const key = factor.replace(/^parameters\./, "");
  const parameters: Readonly<Record<string, Parameter>> = { ...extent, ...points[0].resolved.model.parameters };
  const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
  const unit = parameter?.kind === "number" ? parameter.unit : "";
  return (isWhole ? integer : number)(name, unit, description, (row) => Number(levelOf(row)));
}
