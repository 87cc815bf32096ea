/**
 * The hypotheses that are compared: the rival explanations that a model lists, or the model as it is with the unknown
 * parameters that the user names.
 */
import type { PlannedPoint } from "../experiment/design-point.ts";
import { oneOf } from "../experiment/settings.ts";
import { argument, badArgument, UserError } from "../user-error.ts";
import { unknownOf } from "./unknowns.ts";
import type { Hypothesis } from "./worlds.ts";

export interface HypothesisArgs {
  /** As NAME or NAME=FROM..TO; if there are any, hypotheses are not compared. */
  readonly unknown: readonly string[];
  /** Names of the explanations to compare; if empty, all of the model's. */
  readonly rivals: readonly string[];
  /** Known parameters, which no hypothesis varies. */
  readonly known: readonly string[];
}

/** @throws UserError */
export function hypothesesOf(point: PlannedPoint, { unknown, rivals, known }: HypothesisArgs): readonly Hypothesis[] {
  const { model, scenario } = point.resolved;
  if (unknown.length > 0) {
    if (rivals.length > 0) {
      throw new UserError(argument("rivals"), " and ", argument("unknown"), " exclude each other");
    }
    const unknowns = unknown.map((arg) => unknownOf(arg, point));
    const both = unknowns.find(({ name }) => known.includes(name))?.name;
    if (both !== undefined) throw badArgument("unknown", both, "it is known, because it is set or in the log of jobs");
    return [{ name: model.name, meaning: "the model as it is", settings: {}, unknowns }];
  }
  const listed = model.calibration?.rivals ?? [];
  if (listed.length === 0) {
    throw new UserError(
      `${model.name} does not declare unknown parameters; name some (NAME=FROM..TO,NAME) with `,
      argument("unknown"),
    );
  }
  const names = listed.map(({ name }) => name);
  for (const name of rivals)
    if (!names.includes(name)) throw new UserError(argument("rivals"), ` is ${name}; ${oneOf(name, names)}`);
  const compared = listed.filter(({ name }) => rivals.length === 0 || rivals.includes(name));
  for (const { name, settings } of compared) {
    const other = known.find((one) => Object.hasOwn(settings, one) && settings[one] !== scenario.parameters[one]);
    if (other === undefined) continue;
    const value = String(scenario.parameters[other]);
    throw new UserError(
      argument("set"),
      ` ${other}=${value}: the explanation ${name} sets ${other} to ${String(settings[other])}; name other explanations with `,
      argument("rivals"),
    );
  }
  return compared.map(({ unknown: own, ...rival }) => {
    return { ...rival, unknowns: own.filter((name) => !known.includes(name)).map((name) => unknownOf(name, point)) };
  });
}
