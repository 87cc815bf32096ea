/**
 * The unknown parameters and their priors: uniform over a range, on a logarithmic scale if the range spans a factor of
 * ten.
 *
 * The range is the plausible one that the model states (`spoolsim describe`). If it states none, the range is from a
 * tenth to ten times the value, within the limits of the parameter, or all that it allows if the value is 0.
 */
import type { NumberParameter, Setting } from "../../models/contract/parameters.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { valueAt, type Range } from "../experiment/range.ts";
import { oneOf } from "../experiment/settings.ts";
import { itemAt } from "../lists.ts";
import { argument, UserError } from "../user-error.ts";

export interface Unknown {
  readonly name: string;
  readonly unit: string;
  readonly range: Range;
}

const TENFOLD = 10;

/** @param arg as NAME or NAME=FROM..TO @throws UserError */
export function unknownOf(arg: string, { resolved, scenario }: PlannedPoint): Unknown {
  const [, name = arg, from, to] = /^([^=]+)(?:=(.+?)\.\.(.+))?$/.exec(arg) ?? [];
  const { parameters } = resolved.model;
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter === undefined)
    throw new UserError(argument("unknown"), ` is ${name}; ${oneOf(name, Object.keys(parameters))}`);
  if (parameter.kind !== "number") {
    throw new UserError(argument("unknown"), ` is ${name}; it is not a number, and only numbers have a range`);
  }
  const ends =
    from === undefined ? usualEnds(parameter, itemAt(scenario.parameters, name)) : [Number(from), Number(to)];
  const [lowest, highest] = ends;
  if (!(lowest >= parameter.min && highest <= parameter.max && lowest < highest)) {
    const rule =
      lowest >= highest
        ? "a range is written as NAME=FROM..TO, and FROM is below TO"
        : `a range such as ${name}=${parameter.min}..${parameter.max} lies within what the parameter allows`;
    throw new UserError(argument("unknown"), ` is ${arg}; ${rule}`);
  }
  const scale = lowest > 0 && highest / lowest >= TENFOLD ? "logarithmic" : "linear";
  return { name, unit: parameter.unit, range: { from: lowest, to: highest, scale, whole: parameter.whole === true } };
}

function usualEnds({ plausible, min, max, whole }: NumberParameter, value: Setting): readonly [number, number] {
  if (plausible !== undefined) return plausible;
  const assumed = Number(value);
  if (!(assumed > 0)) return [min, max];
  const lowest = assumed / TENFOLD;
  return [Math.max(min, whole === true ? Math.round(lowest) : lowest), Math.min(max, assumed * TENFOLD)];
}

/**
 * The setting at a coordinate. For whole numbers, each value of the range has an equal part of the scale, which extends
 * half a step beyond both ends.
 */
export function settingOf({ range }: Unknown, coordinate: number): number {
  const { from, to, whole } = range;
  if (!whole) return valueAt(range, coordinate);
  const wider = { ...range, whole: false, from: Math.max(from - 0.5, from / 2), to: to + 0.5 };
  return Math.min(to, Math.max(from, Math.round(valueAt(wider, coordinate))));
}
