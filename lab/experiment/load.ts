/**
 * Reads an experiment from its YAML file, or from an object that a program gives, and notes where each thing stands.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { Setting, Settings } from "../../models/model.ts";
import { type ExperimentShape, readShape } from "./schema.ts";
import { checkRange, stepsOf, type Range } from "./range.ts";
import { Fault, wrong } from "./settings.ts";
import { settingPath } from "./scenario.ts";
import { suggest } from "../suggest.ts";
import { UserError } from "../user-error.ts";
import { type Experiment, placed, type Factor, type Excluded, type Sample, type QuickSize } from "./experiment.ts";
import { itemAt } from "../lists.ts";

/** The experiments that ship with the program. */
const shipped = fileURLToPath(new URL("../../../experiments/", import.meta.url));

/** The names of the experiments that ship with the program, sorted. */
export async function shippedExperiments(): Promise<string[]> {
  const files = await readdir(shipped);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * Loads an experiment by its name, if it ships with the program, or from a file: that has a slash, or ends in .yaml or
 * .yml.
 *
 * Whether a model takes its settings is not looked at yet; designPoints does.
 *
 * @throws UserError
 */
export async function loadExperiment(nameOrFile: string): Promise<Experiment> {
  const file = await fileOf(nameOrFile);
  const fromHere = relative("", file);
  const shown = fromHere.length < file.length ? fromHere : file;
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${shown} ${unreadable[error.code ?? ""] ?? `cannot be read: ${error.code}`}`);
  });
  return read(text, { name: basename(file).replace(/\.ya?ml$/, ""), file, folder: dirname(file) }, (line, column) => {
    return `${shown}:${line}:${column}`;
  });
}

/**
 * An experiment that a program describes: what a YAML file would say, as an object.
 *
 * @param folder module paths are relative to it; the working directory unless given
 * @throws UserError
 * @example
 * const experiment = buildExperiment("load", {
 *   question: "How long do customers wait?",
 *   seed: 1,
 *   replications: 10,
 *   scenario: { model: "mm1", horizonDays: 1 },
 *   factors: { arrivalsPerSecond: [0.5, 0.8] },
 * });
 */
export function buildExperiment(name: string, description: object, folder = "."): Experiment {
  const file = resolve(folder, `${name}.yaml`);
  // JSON is YAML, and a map of it keeps its order.
  return read(JSON.stringify(description, null, 2), { name, file, folder: dirname(file) }, () => `${name}:`);
}

/** @param place what messages begin with, for a line and a column of the text */
function read(
  text: string,
  named: Pick<Experiment, "name" | "file" | "folder">,
  place: (line: number, column: number) => string,
): Experiment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => place(lines.linePos(offset).line, lines.linePos(offset).col);
  for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
    const said = printable(itemAt(text.slice(pos[0]).split(/[:\s]/, 1), 0));
    throw new UserError(`${at(pos[0])} ${yamlMistakes(said)[code] ?? printable(message)}`);
  }
  const places: MutablePlaces = { "": at(0) };
  try {
    collectPlaces(document.contents, "", at, places);
    const said = readShape(withSeedAsWritten(document));
    return {
      ...named,
      question: said.question.trim(),
      seed: said.seed,
      ...replicationsOf(said),
      scenario: said.scenario,
      factors: factorsOf(document.toJS({ mapAsMap: true }) as Map<string, unknown>, said, places),
      ...(said.exclude.length === 0 ? {} : { exclude: said.exclude.map(excludedOf) }),
      ...(said.sample === undefined ? {} : { sample: sampleOf(said.sample) }),
      compare: said.compare,
      ...(said.fleet === undefined ? {} : { fleet: said.fleet }),
      quick: quickOf(said, places),
      places,
    };
  } catch (error) {
    throw placed(error, places);
  }
}

/** What the document says, but for a number as the seed: it is the letters that stand there, as those of --seed are. */
function withSeedAsWritten(document: Document.Parsed): unknown {
  const seed: unknown = isMap(document.contents) ? document.get("seed", true) : undefined;
  const isNumber = isScalar(seed) && typeof seed.value === "number" && seed.source !== undefined;
  return isNumber ? { ...(document.toJS() as object), seed: seed.source } : document.toJS();
}

/** What some of YAML's errors mean here. */
const yamlMistakes = (said: string): Readonly<Record<string, string>> => ({
  BLOCK_AS_IMPLICIT_KEY: `${said} has a value, so nothing can be below it; a line after it is indented too far`,
  DUPLICATE_KEY: `${said} is given twice; a key is given once`,
  MULTIPLE_DOCS: "is the beginning of a second document; an experiment is one document",
});

/** The text without what would upset a terminal. */
function printable(text: string): string {
  return text.replace(/[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffc]/g, "?");
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a directory; an experiment is a YAML file",
};

async function fileOf(nameOrFile: string): Promise<string> {
  if (/[/\\]|\.ya?ml$/.test(nameOrFile)) return resolve(nameOrFile);
  const names = await shippedExperiments();
  if (names.includes(nameOrFile)) return resolve(shipped, `${nameOrFile}.yaml`);
  const rule = `one of ${names.join(", ")}, a file that ends in .yaml, or a folder of results said with a slash`;
  throw new UserError(`experiment is "${nameOrFile}"; ${rule}${suggest(nameOrFile, names)}`);
}

type MutablePlaces = Record<string, string>;

/** Notes where each key of a map and each item of a list stands. */
function collectPlaces(node: unknown, path: string, at: (offset: number) => string, places: MutablePlaces): void {
  if (isAlias(node)) throw new Fault(path, "is an alias; an experiment says things where they count");
  const collect = (start: unknown, key: unknown, value: unknown) => {
    const inner = path === "" ? String(key) : `${path}.${String(key)}`;
    places[inner] = at((start as Node).range?.[0] ?? 0);
    collectPlaces(value, inner, at, places);
  };
  if (isMap(node)) for (const { key, value } of node.items) collect(key, isScalar(key) ? key.value : key, value);
  if (isSeq(node)) node.items.forEach((item, i) => collect(item, i, item));
}

/** Settings by their full paths, whose places are noted. */
function settingsOf(said: Iterable<[unknown, Setting]>, at: string, places: MutablePlaces): Settings {
  const settings: Record<string, Setting> = {};
  for (const [key, setting] of said) {
    const path = settingPath(String(key));
    const here = `${at}.${String(key)}`;
    if (Object.hasOwn(settings, path)) throw new Fault(here, "is given twice, in full and in short");
    settings[path] = setting;
    places[`${at}.${path}`] = itemAt(places, here);
  }
  return settings;
}

/** Factors as YAML's own maps, which keep the order of the file: those of JavaScript put whole numbers first. */
type SaidFactors = Map<unknown, readonly Setting[] | Map<unknown, Map<unknown, Setting> | Setting>>;

function factorsOf(said: Map<string, unknown>, shape: ExperimentShape, places: MutablePlaces): Factor[] {
  return [...((said.get("factors") ?? new Map()) as SaidFactors)].map(([key, levels]) => {
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
          settings: settingsOf(settings, at(level), places),
        })),
      };
    }
    // A level of a list stands where its item does, and is called by its setting.
    const itemPlaces = levels.map((_, i) => itemAt(places, at(i)));
    levels.forEach((setting, i) => (places[at(setting)] = itemAt(itemPlaces, i)));
    return { name, levels: levels.map(levelOf) };
  });
}

type RangeOfLevels = Range & { readonly steps: number };

/** Whether the levels are a range, and no map of levels of which one is called from. */
function isRange(levels: ExperimentShape["factors"][string]): levels is RangeOfLevels {
  return !Array.isArray(levels) && typeof (levels as Partial<RangeOfLevels>).from === "number";
}

function replicationsOf({ replications: said }: ExperimentShape): Pick<Experiment, "replications" | "until"> {
  if (typeof said === "number") return { replications: said };
  const {
    min,
    max,
    until: { anytime, ...until },
  } = said;
  if (min > max) throw wrong("replications.max", max, `at least min, ${min}`);
  return { replications: max, until: { ...until, ...(anytime ? { anytime } : {}), min, max } };
}

function excludedOf(said: ExperimentShape["exclude"][number]): Excluded {
  return Object.fromEntries(Object.entries(said).map(([factor, levels]) => [factor, [levels].flat()]));
}

function sampleOf(sample: NonNullable<ExperimentShape["sample"]>): Sample {
  const ranges = Object.entries(sample.ranges).map(([name, range]) => {
    checkRange(`sample.ranges.${name}`, range);
    return { name, path: settingPath(name), ...range };
  });
  return { ...sample, ranges };
}

function quickOf({ quick }: ExperimentShape, places: MutablePlaces): QuickSize {
  const { replications, points, ...settings } = quick;
  const size = points === undefined ? { replications } : { replications, points };
  return { ...size, settings: settingsOf(Object.entries(settings), "quick", places) };
}
