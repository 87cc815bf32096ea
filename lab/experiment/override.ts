/** Applies other settings, levels, seed or size to an experiment, for design points and for options of commands. */
import { castDraft, produce, type Draft } from "immer";
import { parse } from "yaml";
import { absolutePath } from "#platform";
import type { Setting } from "../../models/contract/parameters.ts";
import { replications } from "./schema.ts";
import { refusalOf } from "./settings.ts";
import { settingPath } from "./scenario.ts";
import { modulePath } from "./modules.ts";
import { suggest } from "../suggest.ts";
import { UserError, argument, badArgument, type Wording } from "../user-error.ts";
import {
  againstOf,
  type Experiment,
  type QuickSize,
  positionOf,
  type SourcePosition,
  variedBy,
  type Factor,
} from "./experiment.ts";
import { itemAt } from "../lists.ts";

/** A setting to change, and where that was said. */
export interface Change {
  readonly path: string;
  readonly setting: Setting;
  readonly position: SourcePosition;
}

/** A change whose setting is a word: "3" of pagesMean=3. */
interface ArgumentChange extends Change {
  readonly word?: string;
}

/** What a caller changes in an experiment. */
export interface Overrides {
  readonly seed?: string | undefined;
  readonly replications?: number | undefined;
  readonly servers?: number | undefined;
  /** The size at which the tests run it; the others go before it. */
  readonly quick?: boolean | undefined;
  /** Settings as path=value; the value is a scalar of YAML, the path of a module relative to the working directory. */
  readonly set?: readonly string[] | undefined;
  /** Levels to add to a factor, as factor=level,level; a level that is a path is relative to the working directory. */
  readonly add?: readonly string[] | undefined;
  /** Levels to keep of a factor, as factor=level,level; the design points left are those that the whole design has. */
  readonly only?: readonly string[] | undefined;
}

type Head = Pick<Experiment, "seed" | "replications" | "sample">;

/** The experiment with other settings in its scenario, and perhaps another seed, number of replications or sample. */
export function derive(experiment: Experiment, changes: readonly Change[], head: Partial<Head> = {}): Experiment {
  return produce(experiment, (draft: Draft<Experiment>) => {
    Object.assign(draft, head);
    // A number that is said anew is no longer a condition.
    if (head.replications !== undefined) delete draft.until;
    for (const { path, setting, position } of changes) {
      draft.places[`scenario.${path}`] = castDraft(position);
      if (path.startsWith("parameters.")) {
        draft.scenario.parameters[path.slice("parameters.".length)] = setting;
        // Settings that make no sense together do so since the last of them was changed.
        draft.places["scenario.parameters"] = castDraft(position);
      } else {
        Object.assign(draft.scenario, { [path]: setting });
      }
    }
  });
}

/**
 * The experiment with these overrides.
 *
 * @throws UserError for one that is not understood, and for a setting that a factor varies
 */
export function withOverrides(experiment: Experiment, overrides: Overrides): Experiment {
  const { seed = experiment.seed, servers, set = [], add = [], only = [] } = overrides;
  const quick: QuickSize = overrides.quick ? experiment.quick : { settings: {} };
  const fixed = overrides.replications ?? quick.replications;
  const refusal = refusalOf(replications, fixed ?? experiment.replications);
  if (refusal !== undefined) throw new UserError(argument("replications"), ` ${refusal}`);
  const changes: ArgumentChange[] = Object.entries(quick.settings).map(([path, setting]) => {
    return { path, setting, position: positionOf(`quick.${path}`, experiment.places) };
  });
  if (servers !== undefined) {
    changes.push({ path: "servers", setting: servers, position: argumentPosition("servers", String(servers)) });
  }
  for (const arg of set) changes.push(changeOf(arg));
  for (const { path, position, word } of changes) {
    const varying = variedBy(experiment, path);
    if (varying === undefined) continue;
    const factor = experiment.factors.find((one) => isOfSettings(one, path));
    const way = factor && word ? ["; ", argument("add"), ` ${factor.name}=${word} adds a level to it`] : [];
    throw new UserError(...[position].flat(), ` ${path} is varied by ${varying}`, ...way);
  }
  const { sample } = experiment;
  const head = fixed === undefined ? { seed } : { seed, replications: fixed };
  const points = sample === undefined ? undefined : quick.points;
  const sized = points === undefined ? head : { ...head, sample: { ...sample!, points } };
  return only.reduce(withOnly, add.reduce(withAdded, derive(experiment, changes, sized)));
}

/** "set servers=0:" */
function argumentPosition(name: string, value: string): Wording {
  return [argument(name), ` ${value}:`];
}

/** Whether a factor is named after the setting at the path, and its levels are settings of that: a list or a range. */
function isOfSettings({ name, levels }: Factor, path: string): boolean {
  return settingPath(name) === path && levels.every(({ settings }) => Object.keys(settings).join() === path);
}

/** The factor and the words of an argument that says factor=level,level. @throws UserError */
function levelsOf(experiment: Experiment, name: "add" | "only", arg: string) {
  const equals = arg.indexOf("=");
  if (equals < 1) throw badArgument(name, arg, "levels are written as factor=level,level");
  const wanted = arg.slice(0, equals);
  const factor = experiment.factors.find((one) => one.name === wanted);
  if (factor === undefined) {
    const names = experiment.factors.map((one) => one.name);
    const known = `its factors: ${names.join(", ") || "none"}${suggest(wanted, names)}`;
    throw badArgument(name, arg, `${wanted} is not a factor of ${experiment.name}; ${known}`);
  }
  return { factor, words: arg.slice(equals + 1).split(",") };
}

/**
 * The experiment with more levels of a factor. Where that factor is compared, every level is then compared with the
 * baseline.
 */
function withAdded(experiment: Experiment, arg: string): Experiment {
  const position = argumentPosition("add", arg);
  const { factor, words } = levelsOf(experiment, "add", arg);
  const { name } = factor;
  const path = settingPath(name);
  if (!isOfSettings(factor, path)) {
    throw badArgument("add", arg, `the levels of ${name} have names and settings of their own; add one in the file`);
  }
  return produce(experiment, (draft: Draft<Experiment>) => {
    const { levels } = draft.factors.find((one) => one.name === name)!;
    for (const word of words) {
      const setting = settingOf(word, position);
      const level = modulePath.test(word) ? word : String(setting);
      if (levels.some((one) => one.name === level)) {
        throw badArgument("add", arg, `${level} is a level of ${name} already`);
      }
      levels.push({ name: level, settings: { [path]: setting } });
      draft.places[`factors.${name}.${level}`] = castDraft(position);
    }
    if (draft.compare?.factor === name) delete draft.compare.against;
  });
}

/**
 * The experiment with some levels of a factor. What compares levels, or adds up parts of a fleet, goes when one level
 * is left; an exclusion goes when none of its levels are.
 */
function withOnly(experiment: Experiment, arg: string): Experiment {
  const { factor, words: wanted } = levelsOf(experiment, "only", arg);
  const { name } = factor;
  const names = factor.levels.map((level) => level.name);
  for (const level of wanted) {
    if (names.includes(level)) continue;
    throw badArgument("only", arg, `${level || "nothing"} is not a level of ${name}; its levels: ${names.join(", ")}`);
  }
  const { compare } = experiment;
  if (compare?.factor === name && wanted.length > 1) {
    for (const level of [compare.baseline, ...againstOf(compare)]) {
      if (!names.includes(level) || wanted.includes(level)) continue;
      const side = level === compare.baseline ? "baseline" : "against";
      throw badArgument("only", arg, `${level} is compared (compare.${side}); it stays, or one level alone does`);
    }
  }
  return produce(experiment, (draft: Draft<Experiment>) => {
    const kept = draft.factors.find((one) => one.name === name)!;
    kept.levels = kept.levels.filter((level) => wanted.includes(level.name));
    const exclude = (draft.exclude ?? []).map((one) => {
      return Object.hasOwn(one, name)
        ? { ...one, [name]: itemAt(one, name).filter((level) => wanted.includes(level)) }
        : one;
    });
    const left = exclude.filter((one) => one[name]?.length !== 0);
    if (left.length > 0) draft.exclude = left;
    else delete draft.exclude;
    if (kept.levels.length > 1) return;
    if (draft.compare?.factor === name) delete draft.compare;
    if (draft.fleet === name) delete draft.fleet;
  });
}

/** The change that path=value asks for. @throws UserError */
export function changeOf(arg: string): ArgumentChange {
  const position = argumentPosition("set", arg);
  const equals = arg.indexOf("=");
  if (equals < 1) throw badArgument("set", arg, "a setting is written as path=value");
  const word = arg.slice(equals + 1);
  return { path: settingPath(arg.slice(0, equals)), setting: settingOf(word, position), position, word };
}

/** The setting that a word is; a path is relative to the working directory. */
function settingOf(word: string, position: Wording): Setting {
  const value = scalarOf(word);
  if (typeof value === "string" && modulePath.test(value)) return absolutePath("", value);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  throw new UserError(...position, " a setting is a number, a text, true or false");
}

/** What the YAML says, undefined when it is none. */
function scalarOf(yaml: string): unknown {
  try {
    return parse(yaml, { logLevel: "error" });
  } catch {
    return undefined;
  }
}
