/** What a setting of a parameter may be, and the rule in words. */
import type { Parameter, Setting } from "../../models/model.ts";

/** What a setting of the parameter is. */
export function ruleOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case "number": {
      const { unit, min, max, whole } = parameter;
      if (unit === "1" && min === 0 && max === 1 && !whole) return "a share lies in [0, 1]";
      return `a ${whole ? "whole number" : "number"} in [${min}, ${max}]${unit === "1" ? "" : ` ${unit}`}`;
    }
    case "choice":
      return `one of ${parameter.choices.join(", ")}`;
    case "switch":
      return "true or false";
    case "part":
      return `the path of a module, or one of ${Object.keys(parameter.catalogue).join(", ")}`;
  }
}

/** Whether the setting is one of the parameter; a part is any text here, and is looked for when it is loaded. */
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
    case "switch":
      return typeof setting === "boolean";
    case "part":
      return typeof setting === "string";
  }
}

/** The choice of a number, for which YAML takes the choice 6, is its text. */
export function plain(parameter: Parameter, setting: Setting): Setting {
  return parameter.kind === "choice" && typeof setting === "number" ? String(setting) : setting;
}
