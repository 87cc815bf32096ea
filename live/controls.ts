/**
 * The controls of a question: the levels of factors that are not compared, the size, and the model's own controls,
 * within the ranges of its parameters.
 */
import { exp, log } from "../sim/math.ts";
import type { ListParameter, NumberParameter, Parameter } from "../models/contract/parameters.ts";
import type { Control as Registered } from "../models/contract/pictures.ts";
import { replications } from "../lab/experiment/schema.ts";
import { extent } from "../lab/experiment/scenario.ts";
import { variedBy } from "../lab/experiment/experiment.ts";
import type { Plan } from "../lab/experiment/plan.ts";
import type { Question } from "./question.ts";

export type Control = Slider | Choice;

interface Turned {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  /** The meaning, as a sentence without its full stop. */
  readonly meaning: string;
  /** Whether it is visible without unfolding. */
  readonly isMain: boolean;
  /** Returns the question with the control set to this value. */
  readonly turn: (question: Question, value: string) => Question;
}

export interface Slider extends Turned {
  readonly kind: "slider";
  /** "1" for a pure number. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  readonly isLogarithmic: boolean;
  readonly value: number;
}

export interface Choice extends Turned {
  readonly kind: "choice";
  readonly choices: readonly string[];
  readonly value: string;
}

/** The number of steps of a slider. */
export const STEPS = 200;

/** The position of a value on its slider: 0 to STEPS. */
export function positionOf({ min, max, isLogarithmic }: Slider, value: number): number {
  const inside = Math.max(min, Math.min(max, value));
  const share = isLogarithmic ? log(inside / min) / log(max / min) : (inside - min) / (max - min);
  return Math.round(share * STEPS);
}

/** The value at a position of a slider, rounded to two digits. */
export function valueAt({ min, max, isLogarithmic, isWhole }: Slider, position: number): number {
  const share = position / STEPS;
  const value = isLogarithmic ? min * exp(share * log(max / min)) : min + share * (max - min);
  const short = Number(value.toPrecision(position === 0 || position === STEPS ? 6 : 2));
  return isWhole ? Math.round(short) : short;
}

/** The number of sliders for a model that declares none. */
const UNREGISTERED_MAX = 6;
const UNREGISTERED_MAIN = 2;

/** The controls for a question, in the order of the page. */
export function controlsOf(plan: Plan, question: Question, levels: Readonly<Record<string, readonly string[]>>) {
  const { experiment } = plan;
  const { model, scenario } = plan.points[0].resolved;
  const isFree = (path: string) => variedBy(experiment, path) === undefined;
  const controls: Control[] = [];
  for (const [factor, names] of Object.entries(levels)) {
    if (experiment.compare?.factor === factor || names.length < 2) continue;
    controls.push(factorChoice(factor, names, question));
  }
  const registered = model.controls ?? numbersOf(model.parameters);
  for (const one of registered) {
    const parameter = model.parameters[one.parameter];
    if (parameter === undefined || parameter.kind === "list" || !isFree(`parameters.${one.parameter}`)) continue;
    const { label, parameter: name } = one;
    const turned = { id: name, label, meaning: parameter.meaning, isMain: one.isMain === true, turn: setting(name) };
    controls.push(controlOf(parameter, one, turned, scenario.parameters[name]));
  }
  const size = { min: 1, isLogarithmic: true as const };
  if (isFree("servers")) {
    const turn = (current: Question, servers: string) => ({ ...current, servers });
    controls.push(slider(extent.servers, { ...size, max: 100 }, scenario.servers, { ...named("servers"), turn }));
  }
  if (isFree("horizonDays")) {
    const turned = { ...named("horizonDays"), turn: setting("horizonDays") };
    controls.push(slider(extent.horizonDays, { ...size, max: 365 }, scenario.horizonDays, turned));
  }
  const turn = (current: Question, count: string) => ({ ...current, replications: count });
  const meaning = replications.meaning;
  const turned = { id: "replications", label: "replications", meaning, isMain: false, turn };
  controls.push(slider(replications, { ...size, max: 100 }, experiment.replications, turned));
  return controls;
}

function named(name: keyof typeof extent) {
  const labels = { servers: "servers", horizonDays: "days that are simulated", sampleEveryHours: "hours" };
  return { id: name, label: labels[name], meaning: extent[name].meaning, isMain: false };
}

function setting(path: string) {
  return (question: Question, value: string): Question => ({ ...question, set: { ...question.set, [path]: value } });
}

function factorChoice(factor: string, names: readonly string[], { only }: Question): Choice {
  const every = `every ${factor}`;
  return {
    kind: "choice",
    id: `factor-${factor}`,
    label: factor,
    meaning: "which levels of this factor are simulated",
    isMain: true,
    choices: [every, ...names],
    value: only[factor] ?? every,
    turn: (question, level) => {
      const { [factor]: _, ...others } = question.only;
      return { ...question, only: level === every ? others : { ...others, [factor]: level } };
    },
  };
}

/** The first numeric parameters. */
function numbersOf(parameters: Readonly<Record<string, Parameter>>): Registered[] {
  const numbers = Object.entries(parameters).filter(([, { kind }]) => kind === "number");
  return numbers.slice(0, UNREGISTERED_MAX).map(([parameter, { meaning }], i) => {
    return { parameter, label: meaning, ...(i < UNREGISTERED_MAIN ? { isMain: true as const } : {}) };
  });
}

function controlOf(
  parameter: Exclude<Parameter, ListParameter>,
  range: Registered,
  turned: Turned,
  value: unknown,
): Control {
  switch (parameter.kind) {
    case "number":
      return slider(parameter, range, Number(value), turned);
    case "choice":
      return { kind: "choice", ...turned, choices: parameter.choices, value: String(value) };
    case "switch":
      return { kind: "choice", ...turned, choices: ["true", "false"], value: String(value) };
    case "part":
      return { kind: "choice", ...turned, choices: Object.keys(parameter.catalogue), value: String(value) };
    case "text":
      return { kind: "choice", ...turned, choices: [String(value)], value: String(value) };
  }
}

/** The slider includes the present value; without a range of its own it reaches ten times the default. */
function slider(
  parameter: NumberParameter,
  range: Pick<Registered, "min" | "max" | "isLogarithmic">,
  value: number,
  turned: Turned,
): Slider {
  const most = parameter.unit === "1" && parameter.max === 1 ? 1 : Math.max(10 * parameter.default, 10);
  return {
    kind: "slider",
    ...turned,
    unit: parameter.unit,
    min: Math.max(parameter.min, Math.min(range.min ?? parameter.min, value)),
    max: Math.min(parameter.max, Math.max(range.max ?? most, value)),
    isWhole: parameter.whole === true,
    isLogarithmic: range.isLogarithmic === true,
    value,
  };
}
