/** Applies other settings, levels, seed or size to an experiment, for design points and for options of commands. */
import { castDraft, produce, type Draft } from "immer";
import { parse } from "yaml";
import { canonicalJson } from "../canonical-json.ts";
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

/** A setting to change, and its source position. */
export interface Change {
  readonly path: string;
  readonly setting: Setting;
  readonly position: SourcePosition;
}

/** A change given as text: "3" of pagesMean=3. */
interface ArgumentChange extends Change {
  readonly word?: string;
}

/** The changes that a caller makes to an experiment. */
export interface Overrides {
  readonly seed?: string | undefined;
  readonly replications?: number | undefined;
  readonly servers?: number | undefined;
  /** Use the quick version; the other overrides apply after it. */
  readonly quick?: boolean | undefined;
  /** Settings as path=value; the value is a YAML scalar, and module paths are relative to the working directory. */
  readonly set?: readonly string[] | undefined;
  /** Levels to add to a factor, as factor=level,level; paths are relative to the working directory. */
  readonly add?: readonly string[] | undefined;
  /**
   * Levels of a factor to keep, as factor=level,level; the remaining design points are the same as in the whole design.
   */
  readonly only?: readonly string[] | undefined;
}

type Head = Pick<Experiment, "seed" | "replications" | "sample">;

/** Returns the experiment with changed settings, and optionally another seed, number of replications or sample. */
export function derive(experiment: Experiment, changes: readonly Change[], head: Partial<Head> = {}): Experiment {
  return produce(experiment, (draft: Draft<Experiment>) => {
    Object.assign(draft, head);
    // An explicit number of replications replaces the stopping rule.
    if (head.replications !== undefined) delete draft.until;
    for (const { path, setting, position } of changes) {
      draft.positions[`scenario.${path}`] = castDraft(position);
      if (path.startsWith("parameters.")) {
        draft.scenario.parameters[path.slice("parameters.".length)] = setting;
        // If settings contradict each other, the last change is named as the cause.
        draft.positions["scenario.parameters"] = castDraft(position);
      } else {
        Object.assign(draft.scenario, { [path]: setting });
      }
    }
  });
}

/**
 * Applies overrides to the experiment.
 *
 * @throws UserError for a malformed override, and for a setting that a factor varies
 */
export function withOverrides(experiment: Experiment, overrides: Overrides): Experiment {
  const { seed = experiment.seed, servers, set = [], add = [], only = [] } = overrides;
  const quick: QuickSize = overrides.quick ? experiment.quick : { settings: {} };
  const fixed = overrides.replications ?? quick.replications;
  const refusal = refusalOf(replications, fixed ?? experiment.replications);
  if (refusal !== undefined) throw new UserError(argument("replications"), ` ${refusal}`);
  const changes: ArgumentChange[] = Object.entries(quick.settings).map(([path, setting]) => {
    return { path, setting, position: positionOf(`quick.${path}`, experiment.positions) };
  });
  if (servers !== undefined) {
    changes.push({ path: "servers", setting: servers, position: argumentPosition("servers", String(servers)) });
  }
  changes.push(...changesOf(set));
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

/**
 * Whether the factor has the name of the setting at the path, and its levels are values of this setting: a list or a
 * range.
 */
function isOfSettings({ name, levels }: Factor, path: string): boolean {
  return settingPath(name) === path && levels.every(({ settings }) => Object.keys(settings).join() === path);
}

/** Parses factor=level,level. @throws UserError */
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

/** Adds levels to a factor. If that factor is compared, every level is then compared with the baseline. */
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
      draft.positions[`factors.${name}.${level}`] = castDraft(position);
    }
    if (draft.compare?.factor === name) delete draft.compare.against;
  });
}

/**
 * Keeps some levels of a factor. With one level left, a comparison or fleet over the factor is dropped; an exclusion is
 * dropped when none of its levels is left.
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

/** Parses settings, each path once. @throws UserError */
export function changesOf(args: readonly string[]): ArgumentChange[] {
  const changes = args.map((arg) => changeOf(arg));
  changes.forEach(({ path, position }, i) => {
    if (changes.findIndex((other) => other.path === path) < i)
      throw new UserError(...[position].flat(), ` ${path} is set twice; once is all`);
  });
  return changes;
}

/** Parses path=value. @throws UserError */
function changeOf(arg: string): ArgumentChange {
  const position = argumentPosition("set", arg);
  const equals = arg.indexOf("=");
  if (equals < 1) throw badArgument("set", arg, "a setting is written as path=value");
  const word = arg.slice(equals + 1);
  return { path: settingPath(arg.slice(0, equals)), setting: settingOf(word, position), position, word };
}

/** Parses a setting; a path is relative to the working directory. */
function settingOf(word: string, position: Wording): Setting {
  if (/^[-+]?0[xob]/i.test(word)) throw new UserError(...position, " a number is written with decimal digits");
  const value = scalarOf(word);
  if (typeof value === "string" && modulePath.test(value)) return absolutePath("", value);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  throw new UserError(...position, " a setting is a number, a text, true or false");
}

/** Parses a YAML scalar; undefined when it is not one. */
function scalarOf(yaml: string): unknown {
  try {
    return parse(yaml, { logLevel: "error" });
  } catch {
    return undefined;
  }
}

/** The name of a present policy that is none of those compared. */
const PRESENT = "today";

/**
 * Returns the experiment with the present policy, as these changes describe it, as its baseline: one of those compared
 * with the same settings, or another level. @throws UserError
 */
export function withPresent(experiment: Experiment, today: readonly Change[]): Experiment {
  const [first] = today;
  const { compare } = experiment;
  if (first === undefined || compare === undefined) return experiment;
  const settings = Object.fromEntries(today.map(({ path, setting }) => [path, setting]));
  return produce(experiment, (draft: Draft<Experiment>) => {
    const levels = draft.factors.find(({ name }) => name === compare.factor)!.levels;
    const same = levels.find((level) => canonicalJson(level.settings) === canonicalJson(settings));
    if (same === undefined && levels.some(({ name }) => name === PRESENT)) {
      throw new UserError(
        ...[first.position].flat(),
        ` the policy ${PRESENT} of ${experiment.name} has other settings`,
      );
    }
    if (same === undefined) levels.push({ name: PRESENT, settings });
    draft.positions[`factors.${compare.factor}.${PRESENT}`] = castDraft(first.position);
    draft.compare!.baseline = same?.name ?? PRESENT;
  });
}
