/** A condition on a server: a response compared with a number, "jobsStarved > 0". */
import type { Instance } from "../../models/contract/instance.ts";
import type { Model } from "../../models/model.ts";
import { badArgument } from "../user-error.ts";
import { itemAt } from "../lists.ts";
import { oneOf } from "../experiment/settings.ts";

export interface Condition {
  readonly text: string;
  /** The response, the comparison, and the value to compare with. */
  readonly name: string;
  readonly sign: string;
  readonly number: number;
  /**
   * Whether the server `subject` of an instance whose columns are up to date meets the condition; false while the
   * response is NaN.
   */
  readonly holds: (instance: Instance, subject: number) => boolean;
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
};

/** @throws UserError when the text is not a condition on one of the model's responses */
export function conditionOf(model: Model, text: string): Condition {
  const [, name = "", sign = "", number = ""] = /^\s*(\w+)\s*(>=|<=|>|<|=)\s*(\S+)\s*$/.exec(text) ?? [];
  const least = Number(number);
  if (sign === "" || !Number.isFinite(least)) {
    throw badArgument(
      "where",
      text,
      'a condition compares a response with a number by >, >=, <, <= or =, such as "RESPONSE > 0"',
    );
  }
  const at = model.responses.findIndex((response) => response.name === name);
  const names = model.responses.map((response) => response.name);
  if (at === -1) throw badArgument("where", text, `${name} is not a response of ${model.name}; ${oneOf(name, names)}`);
  const compare = itemAt(comparisons, sign);
  return {
    text: `${name} ${sign} ${number}`,
    ...{ name, sign, number: least },
    holds: ({ columns }, subject) => compare(itemAt(itemAt(columns, at), subject), least),
  };
}
