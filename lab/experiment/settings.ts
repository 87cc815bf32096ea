/** Settings: which ones a parameter accepts, the rule in words, and the message about one that breaks it. */
import type { Parameter, Setting } from "../../models/contract/parameters.ts";
import { suggest } from "../suggest.ts";
import { UserError } from "../user-error.ts";

/** A mistake in a scenario or an experiment; the message begins with the dotted path of the setting. */
export class Fault extends UserError {
  readonly path: string;

  constructor(path: string, what: string) {
    super(`${path} ${what}`);
    this.path = path;
  }
}

/** A fault for a value that breaks a rule. */
export function wrong(path: string, value: unknown, rule: string): Fault {
  return new Fault(path, valueAndRule(value, rule));
}

function valueAndRule(value: unknown, rule: string): string {
  const json = typeof value === "number" ? String(value) : JSON.stringify(value);
  const text = value === undefined ? "missing" : value === null ? "empty" : json;
  return `is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}; ${rule}`;
}

/** The rule for a word that must be one of the names, with a suggestion for a misspelt one. */
export function oneOf(word: unknown, names: readonly string[]): string {
  return `one of ${names.join(", ") || "none"}${suggest(String(word), names)}`;
}

/** @throws Fault when the parameter does not allow the setting */
export function checkSetting(path: string, parameter: Parameter, setting: unknown): void {
  const refusal = refusalOf(parameter, setting);
  if (refusal !== undefined) throw new Fault(path, refusal);
}

/** Returns a refusal such as "is 0; a number in [1, 2]" if the parameter does not allow the setting. */
export function refusalOf(parameter: Parameter, setting: unknown): string | undefined {
  if (allows(parameter, setting)) return undefined;
  const rule = parameter.kind === "choice" ? oneOf(setting, parameter.choices) : ruleOf(parameter);
  return valueAndRule(setting, rule);
}

/** Describes the settings that the parameter allows. */
export function ruleOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case "number": {
      const { unit, min, max, whole } = parameter;
      if (unit === "1" && min === 0 && max === 1 && !whole) return "a share lies in [0, 1]";
      return `a ${whole ? "whole number" : "number"} in [${min}, ${max}]${unit === "1" ? "" : ` ${unit}`}`;
    }
    case "choice":
      return `one of ${parameter.choices.join(", ")}`;
    case "list": {
      const { min, max, lengths } = parameter;
      return `${lengths.join(" or ")} numbers in [${min}, ${max}], with blanks between them`;
    }
    case "switch":
      return "true or false";
    case "part":
      return `the path of a module, or one of ${Object.keys(parameter.catalogue).join(", ")}`;
    case "text":
      return parameter.rule;
  }
}

/** Whether the parameter allows the setting. A part may be any text here; it is looked up when it is loaded. */
export function allows(parameter: Parameter, setting: unknown): boolean {
  switch (parameter.kind) {
    case "number":
      return (
        typeof setting === "number" &&
        setting >= parameter.min &&
        setting <= parameter.max &&
        (!parameter.whole || Number.isInteger(setting))
      );
    case "choice":
      return parameter.choices.some((choice) => choice === plain(parameter, setting as Setting));
    case "list": {
      const { min, max, lengths } = parameter;
      if (typeof setting !== "string") return false;
      const numbers = numbersOf(setting);
      return lengths.includes(numbers.length) && numbers.every((number) => number >= min && number <= max);
    }
    case "switch":
      return typeof setting === "boolean";
    case "part":
    case "text":
      return typeof setting === "string";
  }
}

/** The numbers in a list; NaN for a word that is not a number. */
export function numbersOf(list: string): readonly number[] {
  return list
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(Number);
}

/** YAML reads the choice 6 as a number; its text is the choice. */
export function plain(parameter: Parameter, setting: Setting): Setting {
  return parameter.kind === "choice" && typeof setting === "number" ? String(setting) : setting;
}
