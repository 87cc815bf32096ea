/**
 * The hypotheses that are compared: the rival explanations that a model lists, or the model as it is with the unknown
 * parameters that the user names.
 */
import type { PlannedPoint } from "../experiment/design-point.ts";
import { oneOf } from "../experiment/settings.ts";
import { argument, UserError } from "../user-error.ts";
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
  const { model } = point.resolved;
  if (unknown.length > 0) {
    const unknowns = unknown.map((arg) => unknownOf(arg, point));
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
  return listed
    .filter(({ name }) => rivals.length === 0 || rivals.includes(name))
    .map(({ unknown: own, ...rival }) => {
      return { ...rival, unknowns: own.filter((name) => !known.includes(name)).map((name) => unknownOf(name, point)) };
    });
}
