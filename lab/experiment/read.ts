/** Reads an experiment from the text of its YAML file, and remembers the position of each item for error messages. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { Setting, Settings } from "../../models/contract/parameters.ts";
import { type ExperimentShape, readShape } from "./schema.ts";
import { checkRange, stepsOf, type Range } from "./range.ts";
import { Fault, wrong } from "./settings.ts";
import { settingPath } from "./scenario.ts";
import { UserError } from "../user-error.ts";
import {
  type Experiment,
  withPosition,
  type Factor,
  type Excluded,
  type Sample,
  type QuickSize,
} from "./experiment.ts";
import { itemAt } from "../lists.ts";

/** The longest text of an experiment [characters]. */
const LENGTH_MAX = 1_000_000;

/** The name of an experiment, and where its file is. */
export type ExperimentFile = Pick<Experiment, "name" | "file" | "folder">;

/**
 * Reads an experiment from the text of its file. A mistake is reported with its line and column: name:7:12.
 *
 * @param name the name of the experiment and of its results
 * @throws UserError
 * @example
 * const experiment = readExperiment("load", await (await fetch("load.yaml")).text());
 */
export function readExperiment(name: string, text: string): Experiment {
  const file = { name, file: `/${name}.yaml`, folder: "/" };
  return experimentOf(text, file, (line, column) => `${name}:${line}:${column}`);
}

/** @param positionText formats a line and column of the text, for the start of messages */
export function experimentOf(
  text: string,
  named: ExperimentFile,
  positionText: (line: number, column: number) => string,
): Experiment {
  if (text.length > LENGTH_MAX) {
    throw new UserError(`${positionText(1, 1)} has ${text.length} characters; an experiment has at most ${LENGTH_MAX}`);
  }
  const lines = new LineCounter();
  // The parser would compare every pair of keys of a map; collectPositions finds duplicate keys faster.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const at = (offset: number) => positionText(lines.linePos(offset).line, lines.linePos(offset).col);
  for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
    const key = printable(itemAt(text.slice(pos[0]).split(/[:\s]/, 1), 0));
    throw new UserError(`${at(pos[0])} ${yamlMistakes(key)[code] ?? printable(message)}`);
  }
  const positions: MutablePositions = { "": at(0) };
  try {
    collectPositions(document.contents, "", at, positions);
    const shape = readShape(withSeedAsWritten(document));
    return {
      ...named,
      question: shape.question.trim(),
      seed: shape.seed,
      ...replicationsOf(shape),
      scenario: shape.scenario,
      factors: factorsOf(document.toJS({ mapAsMap: true }) as Map<string, unknown>, shape, positions),
      ...(shape.exclude.length === 0 ? {} : { exclude: shape.exclude.map(excludedOf) }),
      ...(shape.sample === undefined ? {} : { sample: sampleOf(shape.sample) }),
      compare: shape.compare,
      ...(shape.fleet === undefined ? {} : { fleet: shape.fleet }),
      quick: quickOf(shape, positions),
      positions,
    };
  } catch (error) {
    throw withPosition(error, positions);
  }
}

/** The contents of the document. A numeric seed is kept as it is written, like that of --seed. */
function withSeedAsWritten(document: Document.Parsed): unknown {
  const seed: unknown = isMap(document.contents) ? document.get("seed", true) : undefined;
  const isNumber = isScalar(seed) && typeof seed.value === "number" && seed.source !== undefined;
  return isNumber ? { ...(document.toJS() as object), seed: seed.source } : document.toJS();
}

/** Clearer messages for some of YAML's errors. */
const yamlMistakes = (key: string): Readonly<Record<string, string>> => ({
  BLOCK_AS_IMPLICIT_KEY: `${key} has a value, so nothing can be below it; a line after it is indented too far`,
  RESOURCE_EXHAUSTION: "is nested too deeply",
  MULTIPLE_DOCS: "is the beginning of a second document; an experiment is one document",
});

/** Replaces the characters that could disturb a terminal. */
function printable(text: string): string {
  return text.replace(/[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffc]/g, "?");
}

type MutablePositions = Record<string, string>;

/** Records the position of each key of a map and each item of a list. */
function collectPositions(
  node: unknown,
  path: string,
  at: (offset: number) => string,
  positions: MutablePositions,
): void {
  if (isAlias(node)) throw new Fault(path, "is an alias; write the value in its place");
  const collect = (start: unknown, key: unknown, value: unknown) => {
    const inner = innerPath(path, String(key));
    positions[inner] = at((start as Node).range?.[0] ?? 0);
    collectPositions(value, inner, at, positions);
  };
  if (isMap(node)) {
    const keys = new Set<string>();
    for (const { key, value } of node.items) {
      if (!isScalar(key) || key.value === null) throw new Fault(path, "has a key that is not a word");
      collect(key, key.value, value);
      const name = String(key.value);
      if (keys.has(name)) throw new Fault(innerPath(path, name), "is given twice; a key is given once");
      keys.add(name);
    }
  }
  if (isSeq(node)) node.items.forEach((item, i) => collect(item, i, item));
}

function innerPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** Returns the settings by their full paths and records their positions. */
function settingsOf(entries: Iterable<[unknown, Setting]>, at: string, positions: MutablePositions): Settings {
  const settings: Record<string, Setting> = {};
  for (const [key, setting] of entries) {
    const path = settingPath(String(key));
    const here = `${at}.${String(key)}`;
    if (Object.hasOwn(settings, path)) throw new Fault(here, "is given twice, in full and in short");
    settings[path] = setting;
    positions[`${at}.${path}`] = itemAt(positions, here);
  }
  return settings;
}

/** Factors as Maps, which keep the order of the file; JavaScript objects put whole-number keys first. */
type RawFactors = Map<unknown, readonly Setting[] | Map<unknown, Map<unknown, Setting> | Setting>>;

function factorsOf(raw: Map<string, unknown>, shape: ExperimentShape, positions: MutablePositions): Factor[] {
  return [...((raw.get("factors") ?? new Map()) as RawFactors)].map(([key, levels]) => {
    const name = String(key);
    const at = (level: unknown) => `factors.${name}.${String(level)}`;
    const path = settingPath(name);
    const levelOf = (setting: Setting) => ({ name: String(setting), settings: { [path]: setting } });
    const shaped = itemAt(shape.factors, name);
    if (isRange(shaped)) {
      checkRange(`factors.${name}`, shaped);
      return { name, levels: stepsOf(shaped, shaped.steps).map(levelOf) };
    }
    if (levels instanceof Map) {
      return {
        name,
        levels: [...(levels as Map<unknown, Map<unknown, Setting>>)].map(([level, settings]) => ({
          name: String(level),
          settings: settingsOf(settings, at(level), positions),
        })),
      };
    }
    // A level of a list has the position of its item, and its setting as its name.
    const itemPositions = levels.map((_, i) => itemAt(positions, at(i)));
    levels.forEach((setting, i) => (positions[at(setting)] = itemAt(itemPositions, i)));
    return { name, levels: levels.map(levelOf) };
  });
}

type RangeOfLevels = Range & { readonly steps: number };

/** Whether the levels are a range, rather than a map with a level named "from". */
function isRange(levels: ExperimentShape["factors"][string]): levels is RangeOfLevels {
  return !Array.isArray(levels) && typeof (levels as Partial<RangeOfLevels>).from === "number";
}

function replicationsOf({ replications: rule }: ExperimentShape): Pick<Experiment, "replications" | "until"> {
  if (typeof rule === "number") return { replications: rule };
  const {
    min,
    max,
    until: { anytime, ...until },
  } = rule;
  if (min > max) throw wrong("replications.max", max, `at least min, ${min}`);
  return { replications: max, until: { ...until, ...(anytime ? { anytime } : {}), min, max } };
}

function excludedOf(exclusion: ExperimentShape["exclude"][number]): Excluded {
  return Object.fromEntries(Object.entries(exclusion).map(([factor, levels]) => [factor, [levels].flat()]));
}

function sampleOf(sample: NonNullable<ExperimentShape["sample"]>): Sample {
  const ranges = Object.entries(sample.ranges).map(([name, range]) => {
    checkRange(`sample.ranges.${name}`, range);
    return { name, path: settingPath(name), ...range };
  });
  return { ...sample, ranges };
}

function quickOf({ quick }: ExperimentShape, positions: MutablePositions): QuickSize {
  const { replications, points, ...settings } = quick;
  const size = points === undefined ? { replications } : { replications, points };
  return { ...size, settings: settingsOf(Object.entries(settings), "quick", positions) };
}
