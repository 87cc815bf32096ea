/**
 * A scenario: a model, its settings, a fleet and a horizon, as plain JSON.
 *
 * `resolveScenario` turns it into the values with which a model is created, and refuses invalid ones in one line:
 * scenario.parameters.pauseShare is 1.2; a share lies in [0, 1].
 */
import type { Parameters, Setting, Settings, Values, NumberParameter } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { suggest } from "../suggest.ts";
import { guardedModel } from "./guarded-model.ts";
import { plain, Fault, checkSetting, numbersOf, wrong } from "./settings.ts";
import { loadPart, modelParameter, modulePath } from "./modules.ts";
import { itemAt } from "../lists.ts";

export interface Scenario {
  /** A name from the catalogue, or the path of a module whose default export is a Model. */
  readonly model: string;
  /** The number of servers in the fleet [whole, >= 1]. */
  readonly servers: number;
  /** Length of the simulation [days, > 0]; day 0 is a Monday. */
  readonly horizonDays: number;
  /** How often the responses are sampled [hours, > 0]; also at the horizon. */
  readonly sampleEveryHours: number;
  /** Settings of the model; those that are not given take their defaults. */
  readonly parameters: Settings;
}

/** A scenario ready to run. */
export interface ResolvedScenario {
  readonly model: Model;
  /** The parameter values that the model is created with. */
  readonly values: Values<Parameters>;
  /**
   * The scenario with every setting given, in the order of the model's table, and every path absolute; it resolves to
   * itself.
   */
  readonly scenario: Scenario;
  /** The parameters that were given; all others follow from them. */
  readonly given: Settings;
}

/** The size of the simulation: the scenario's own numbers, described like a model's parameters. */
export const extent = {
  servers: {
    kind: "number",
    unit: "1",
    default: 1,
    min: 1,
    max: 1e7,
    whole: true,
    meaning: "servers of the fleet",
    source: "assumption",
  },
  horizonDays: {
    kind: "number",
    unit: "d",
    default: 7,
    min: 1e-6,
    max: 36600,
    meaning: "length of the simulation; it begins on a Monday at midnight",
    source: "assumption",
  },
  sampleEveryHours: {
    kind: "number",
    unit: "h",
    default: 24,
    min: 1e-6,
    max: 878400,
    meaning: "the responses are sampled this often, and at the horizon",
    source: "assumption",
  },
} as const satisfies Record<string, NumberParameter>;

/** The most sample times of a scenario. */
export const SAMPLES_MAX = 100_000;

/** The full path of a setting. A leading "scenario.", as in messages, is allowed. */
export function settingPath(written: string): string {
  const path = written.replace(/^scenario\./, "");
  return Object.hasOwn(extent, path) || path.startsWith("parameters.") ? path : `parameters.${path}`;
}

let rulesLoading: Promise<typeof import("./model-rules.ts")> | undefined;

/**
 * Users' models are checked with zod, which takes 20 MB that a run of models that ship does without. The rules are
 * imported once: Node 20 asks another thread about every import, even of what it has, and every run resolves a model.
 */
function rulesOfUsers(): Promise<typeof import("./model-rules.ts")> {
  rulesLoading ??= import("./model-rules.ts");
  return rulesLoading;
}

/**
 * Resolves a scenario: the model and its parameter values.
 *
 * A setting that is not given takes the value that other settings imply (the model's presets), or else its default.
 *
 * @param folder module paths are relative to it: the folder of the experiment's file; a scenario that was resolved
 *   before, as those of design points and runs are, has absolute paths only
 * @throws Fault
 */
export async function resolveScenario(scenario: Scenario, folder = "/"): Promise<ResolvedScenario> {
  const rules = modulePath.test(scenario.model) ? await rulesOfUsers() : undefined;
  const parameter = modelParameter(rules?.modelFault ?? (() => undefined));
  const [modelName, loaded] = await loadPart("scenario.model", parameter, scenario.model, folder);
  const model = rules === undefined ? loaded : guardedModel(loaded, modelName);
  checkExtent(scenario);
  const given = scenario.parameters;
  for (const name of Object.keys(given)) {
    const path = `scenario.parameters.${name}`;
    if (!Object.hasOwn(model.parameters, name)) {
      const names = [...Object.keys(model.parameters), ...Object.keys(extent)];
      const now = Object.entries(model.renamed ?? {}).find(([old]) => old === name)?.[1];
      if (now !== undefined) throw new Fault(path, `is called ${now} now`);
      const { hints = {} } = model;
      const hint = Object.hasOwn(hints, name) ? `; ${hints[name]}` : suggest(name, names);
      throw new Fault(path, `is not a parameter of ${model.name}${hint}`);
    }
    checkSetting(path, itemAt(model.parameters, name), given[name]);
  }
  const settings: Settings = { ...model.presets?.(given), ...given };
  const filled: Record<string, Setting> = {};
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(model.parameters)) {
    const path = `scenario.parameters.${name}`;
    const setting = plain(parameter, settings[name] ?? parameter.default);
    checkSetting(path, parameter, setting);
    [filled[name], values[name]] =
      parameter.kind === "part" ? await loadPart(path, parameter, String(setting), folder) : [setting, setting];
    if (parameter.kind === "list") values[name] = numbersOf(String(setting));
  }
  const refusal = model.validate?.(values as Values<Parameters>, scenario.servers);
  if (refusal !== undefined) throw refused(refusal, model);
  const fault = rules?.valuesFault(model, values as Values<Parameters>);
  if (fault !== undefined) throw wrong("scenario.model", scenario.model, `the model ${fault}`);
  const { servers, horizonDays, sampleEveryHours } = scenario;
  return {
    model,
    // Copied, because V8 treats an object that was filled key by key as a dictionary, with slow lookups.
    values: { ...values } as Values<Parameters>,
    scenario: { model: modelName, servers, horizonDays, sampleEveryHours, parameters: filled },
    given: Object.fromEntries(Object.keys(given).map((name) => [name, itemAt(filled, name)])),
  };
}

/**
 * When the model refuses a combination of settings, its message begins with a parameter, and the error names that one.
 */
function refused(refusal: string, { parameters }: Model): Fault {
  const name = /^\w+/.exec(refusal)?.[0] ?? "";
  if (!Object.hasOwn(parameters, name)) return new Fault("scenario.parameters", `make no sense together: ${refusal}`);
  return new Fault(`scenario.parameters.${name}`, refusal.slice(name.length).trimStart());
}

function checkExtent(scenario: Scenario): void {
  const { servers, horizonDays, sampleEveryHours } = scenario;
  checkSetting("scenario.servers", extent.servers, servers);
  checkSetting("scenario.horizonDays", extent.horizonDays, horizonDays);
  checkSetting("scenario.sampleEveryHours", extent.sampleEveryHours, sampleEveryHours);
  const samples = Math.ceil((horizonDays * 24) / sampleEveryHours);
  if (samples > SAMPLES_MAX) {
    const rule = `${horizonDays} days have at most ${SAMPLES_MAX} sample times, not ${samples}`;
    throw wrong("scenario.sampleEveryHours", sampleEveryHours, rule);
  }
}

/** The module paths that a scenario names. */
export function modulePathsOf({ model, parameters }: Pick<Scenario, "model" | "parameters">): string[] {
  return [model, ...Object.values(parameters)].filter((setting): setting is string => {
    return typeof setting === "string" && modulePath.test(setting);
  });
}
