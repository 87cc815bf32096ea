/**
 * The rules of the house, executed, in the manner of TigerBeetle's tidy.zig: a rule that is not executed is a wish,
 * and a ban names its replacement.
 *
 * A rule looks at one source, or at all of them, and returns faults; it reads nothing itself, so that the test can
 * show it a small wrong text. Every exception stands in a table with its reason, and an exception that nobody needs
 * any more is a fault too.
 *
 * TypeScript's own parser reads the sources. Comments, the insides of strings and regular expressions are blanked
 * before tokens are looked for; line and column stay.
 */
import { TESTED_ELSEWHERE } from "./tested-elsewhere.ts";
import ts from "typescript";

/** Rooms, lowest first. What may import what is said, and checked, by their tsconfig.json. */
const ROOMS = ["sim", "statistics", "models", "page", "lab", "live", "cli"];

export interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with everything blank that is not code. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly line: number;
  readonly specifier: string;
  /** The file from the root when the specifier is relative; of `#platform`, the one that Node gets. */
  readonly file: string | undefined;
  /** The package's name, or "node:" and a module. */
  readonly package: string | undefined;
  /** Whether nothing is left of it at run time: `import type`. */
  readonly typeOnly: boolean;
  /** Whether it is an `export ... from`. */
  readonly reexport: boolean;
}

export interface Fault {
  readonly path: string;
  readonly line: number;
  /** What is wrong. */
  readonly what: string;
  /** What to use, or to do, instead. */
  readonly instead: string;
}

export function faultText({ path, line, what, instead }: Fault): string {
  return `${path}:${line}: ${what}; instead: ${instead}`;
}

// Reading.

export function source(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, text, code: codeOf(file), imports: importsOf(file) };
}

/**
 * The text, as long as before, with spaces for all that is not code: comments, and what stands between the quotes of
 * strings and templates and the slashes of regular expressions. What a template evaluates is code.
 */
export function codeOf(file: ts.SourceFile): string {
  const { text } = file;
  const out = [...text.replaceAll(/[^\n]/gu, (character) => " ".repeat(character.length))];
  const keep = (from: number, to: number) => {
    for (let i = from; i < to; i++) out[i] = text[i];
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      children.forEach(visit);
      return;
    }
    const [from, to] = [node.getStart(file), node.end];
    const inside = insideOf(node, text.slice(from, to));
    if (inside === undefined) keep(from, to);
    else {
      keep(from, from + inside[0]);
      keep(from + inside[1], to);
    }
  };
  visit(file);
  return out.join("");
}

/** Where, in a literal's text, its contents begin and end; undefined for every other token. */
function insideOf({ kind }: ts.Node, text: string): readonly [from: number, to: number] | undefined {
  switch (kind) {
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.TemplateTail:
      return [1, text.length - 1];
    case ts.SyntaxKind.TemplateHead:
    case ts.SyntaxKind.TemplateMiddle:
      return [1, text.length - 2];
    case ts.SyntaxKind.RegularExpressionLiteral:
      return [1, text.lastIndexOf("/")];
    default:
      return undefined;
  }
}

function importsOf(file: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Expression | undefined, typeOnly: boolean, reexport: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    const isOwn = text.startsWith(".") || text === "#platform";
    imports.push({
      line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
      specifier: text,
      file: text === "#platform" ? "lab/platform/node.ts" : isOwn ? resolved(file.fileName, text) : undefined,
      package: isOwn ? undefined : packageOf(text),
      typeOnly,
      reexport,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword, false);
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return imports;
}

/** A relative path of a file, from the root. */
export function resolved(path: string, relative: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

function roomOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function isIn(path: string, ...rooms: string[]): boolean {
  return rooms.includes(roomOf(path));
}

/** The faults of a pattern's matches in the code. */
function matches(
  { path, code }: Source,
  pattern: RegExp,
  what: (match: RegExpMatchArray) => string,
  instead: string,
): Fault[] {
  return [...code.matchAll(pattern)].map((match) => {
    return { path, line: lineOf(code, match.index), what: what(match), instead };
  });
}

// Imports.

export function importsDoNotCircle(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const done = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string, above: readonly string[]) => {
    for (const { file, line } of byPath.get(path)?.imports ?? []) {
      if (file === undefined || done.has(file)) continue;
      const begin = above.indexOf(file);
      if (begin === -1) visit(file, [...above, file]);
      else {
        const circle = [...above.slice(begin), file].join(" -> ");
        faults.push({ path, line, what: `closes the circle ${circle}`, instead: "a third file for what both need" });
      }
    }
    done.add(path);
  };
  for (const { path } of sources) if (!done.has(path)) visit(path, [path]);
  return faults;
}

/** It sets zod up, and hands it on as a namespace, of which a bundle holds what is used. */
const ZOD = "lab/zod.ts";

export function barrelsAreForOthers({ path, imports }: Source): Fault[] {
  if (isIn(path, "exports") || path === ZOD) return [];
  const instead = "import from where it lives";
  const faults = imports
    .filter(({ reexport }) => reexport)
    .map(({ line, specifier }) => ({ path, line, what: `hands on "${specifier}"`, instead }));
  if (path.endsWith("/index.ts")) faults.push({ path, line: 1, what: "is a barrel", instead });
  return faults;
}

// What must not know what.

/**
 * Everything but the model's folder, and the file of its name (its known answers in lab/validation), reads a model's
 * words from the model (models/model.ts), so that a model which somebody else writes gets the same.
 * @param names what one model calls its responses, means and parameters @param model its name
 */
export function modelsSpeakForThemselves(names: ReadonlySet<string>, model: string) {
  return ({ path, text }: Source): Fault[] => {
    if (!isIn(path, ...ROOMS, "scripts", "exports") || path.startsWith(`models/${model}/`)) return [];
    if (path.endsWith(`/topics/${model}.ts`)) return [];
    return namesIn(path, text, names).map(({ line, name }) => {
      return { path, line, what: `names ${name}`, instead: "let the model say of itself what is needed" };
    });
  };
}

/**
 * Where a text that is no comment has one of the names. A name in camel case is looked for among identifiers and the
 * words of strings; one of small letters is a word like any other, unless it is all of a string.
 */
function namesIn(path: string, text: string, names: ReadonlySet<string>): { line: number; name: string }[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: { line: number; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText || ts.isIdentifier(node)) {
      const words = isText && names.has(node.text) ? [node.text] : (node.text.match(/\w+/g) ?? []).filter(isCamelCase);
      const line = lineOf(text, node.getStart(file));
      for (const name of words) if (names.has(name)) found.push({ line, name });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Files below cli/ whose texts have words that begin as options do, which are no options of ours or are data. */
export const OPTION_TEXTS: Readonly<Record<string, string>> = {
  "lab/program.ts": "options of git",
  "lab/results/query.ts": "an option of npm",
  "lab/platform/node.ts": "flags of V8",
  "lab/experiment/design-point.ts": "the column replay of runs.csv holds a command",
  "page/elements.ts": "properties of CSS",
  "page/figure.ts": "properties of CSS",
};

/** A caller in a program has arguments; the command line says them as its options. */
export function optionsAreOfCommands({ path, text }: Source): Fault[] {
  if (!isIn(path, "sim", "statistics", "models", "page", "lab", "exports") || path in OPTION_TEXTS) return [];
  return optionsIn(path, text).map(({ line, option }) => {
    return { path, line, what: `names the option ${option}`, instead: "argument() of lab/user-error.ts" };
  });
}

function optionsIn(path: string, text: string): { line: number; option: string }[] {
  const texts = textsIn(path, text).filter(({ text: words }) => !/\bspoolsim [a-z]/.test(words));
  return texts.flatMap(({ line, text: words }) =>
    [...words.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => ({ line, option })),
  );
}

/** What stands between the quotes of strings and templates. */
function textsIn(path: string, text: string): { line: number; text: string }[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: { line: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText) found.push({ line: lineOf(text, node.getStart(file)), text: node.text });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isCamelCase(word: string): boolean {
  return /[A-Z]/.test(word);
}

/** What the reference may run: it must not share a bug with the kernel, but for what has a proof of its own. */
const REFERENCE = "models/print-servers/reference/";
const REFERENCE_MAY_RUN = [
  "sim/math.ts",
  "models/print-servers/sites.ts",
  "models/print-servers/script.ts",
  "models/print-servers/patching/patch-state.ts",
];

export function referenceSharesNothing(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const seen = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string) => {
    seen.add(path);
    for (const { file, line, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (file === undefined || typeOnly || seen.has(file)) continue;
      if (file.startsWith(REFERENCE) || REFERENCE_MAY_RUN.includes(file)) visit(file);
      else faults.push({ path, line, what: `runs ${file}`, instead: "say it again, or `import type`" });
    }
  };
  visit(`${REFERENCE}reference.ts`);
  return faults;
}

/** What a browser runs: these, and all that they import. */
const BROWSERS_RUN = ["exports/browser.ts", "live/page.ts", "live/worker.ts"];

const NODE: Ban = {
  pattern: /\b(process\s*\.|Buffer|setImmediate|__dirname|NodeJS)\b/g,
  instead: "#platform, or a file that only Node loads",
};

/** Nothing that a browser runs may import what only Node has; its platform is lab/platform/browser.ts. */
export function browsersGetNoNode(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const seen = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string) => {
    seen.add(path);
    const file = byPath.get(path);
    if (file === undefined) return;
    faults.push(...matches(file, NODE.pattern, ([token]) => `${token} is Node's`, NODE.instead));
    for (const { file: own, specifier, package: name, line, typeOnly } of file.imports) {
      if (typeOnly) continue;
      const what = `imports ${specifier}, which a browser does not have`;
      if (name?.startsWith("node:")) faults.push({ path, line, what, instead: NODE.instead });
      const next = specifier === "#platform" ? "lab/platform/browser.ts" : own;
      if (next !== undefined && !seen.has(next)) visit(next);
    }
  };
  for (const path of BROWSERS_RUN) visit(path);
  return faults;
}

const SPOOLERS = [
  "models/print-servers/spoolers/spooler.ts",
  "models/print-servers/spoolers/buggy.ts",
  "models/print-servers/spoolers/fixed.ts",
  "models/print-servers/spoolers/sticky-guard.ts",
];

export function spoolersCannotDraw({ path, imports }: Source): Fault[] {
  if (!SPOOLERS.includes(path)) return [];
  return imports
    .filter(({ file }) => file === undefined || !SPOOLERS.includes(file))
    .map(({ line, specifier }) => ({ path, line, what: `imports ${specifier}`, instead: "the verbs of spooler.ts" }));
}

// Packages.

/** Where each package may be imported: files, or rooms with a slash. Tests may import any. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  seedrandom: ["sim/streams.ts", "models/print-servers/reference/draws.ts"],
  immer: ["lab/experiment/override.ts", "models/print-servers/reference/"],
  yargs: ["cli/", "bench/main.ts"],
  "cli-progress": ["cli/"],
  "csv-parse": ["lab/imports/csv-records.ts"],
  "cli-table3": ["cli/"],
  "hyparquet-writer": ["lab/results/parquet.ts"],
  piscina: ["lab/execution/thread-runner.ts", "lab/execution/worker.ts"],
  "pg-boss": ["lab/execution/run-queue.ts"],
  pg: ["lab/execution/run-queue.ts", "lab/execution/postgres-connection.ts"],
  yaml: ["lab/", "cli/clusters/kubernetes.ts"],
  zod: ["lab/zod.ts", "lab/read-json.ts"],
  "@observablehq/plot": ["page/plotting.ts", "page/heat-panel.ts", "live/page.ts", "lab/reports/chart-files.ts"],
  linkedom: ["lab/reports/chart-files.ts"],
  benchmark: ["bench/harness.ts"],
  esbuild: ["scripts/site.ts"],
  "puppeteer-core": ["scripts/pictures.ts"],
  spoolsim: ["examples/"],
};

function isThrough(door: string, path: string): boolean {
  return door.endsWith("/") ? path.startsWith(door) : path === door;
}

export function packagesHaveOneDoor({ path, imports }: Source): Fault[] {
  if (isIn(path, "test")) return [];
  return imports.flatMap(({ line, package: name }) => {
    if (name === undefined) return [];
    if (name.startsWith("node:")) {
      return [];
    }
    const doors = DOORS[name] ?? [];
    if (doors.some((door) => isThrough(door, path))) return [];
    const instead = doors.length > 0 ? doors.join(" or ") : "what is there already";
    return [{ path, line, what: `imports ${name}`, instead }];
  });
}

// Tokens.

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Math functions that the standard fixes to the last bit. */
const EXACT = "abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|PI|E|LN2|LN10|SQRT2|SQRT1_2";

const RANDOM: Ban = { pattern: /\bMath\s*\.\s*random\b/g, instead: "Stream.uniform of sim/streams.ts" };
const LOCALE: Ban = {
  pattern: /\b(toLocale\w+|localeCompare|Intl)\b/g,
  instead: "toString, toFixed, or < on the texts: the same everywhere",
};
const CLOCKS: Ban = { pattern: /\b(Date|performance)\b/g, instead: "Schedule.now, or a file of CLOCK_READERS" };
const TRANSCENDENTAL: Ban = {
  pattern: new RegExp(`\\bMath\\b(?!\\s*\\.\\s*(${EXACT}|random)\\b)(\\s*\\.\\s*\\w+)?`, "g"),
  instead: "exp, log, log1p, pow of sim/math.ts: the last bits of Math's differ between engines",
};
const POWER: Ban = { pattern: /\*\*=?/g, instead: "x * x, or pow of sim/math.ts" };

const SIMULATION_BANS: readonly Ban[] = [
  RANDOM,
  LOCALE,
  { ...CLOCKS, instead: "Schedule.now" },
  TRANSCENDENTAL,
  POWER,
  { pattern: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, instead: "Schedule.after" },
  { pattern: /\b(async|await|Promise)\b/g, instead: "plain calls: a run is one uninterrupted computation" },
  { pattern: /\b(process\s*\.|globalThis|crypto\s*\.)/g, instead: "a parameter of the model" },
  { pattern: /\bfor\s*\(\s*(const|let|var)\s+[\w$]+\s+in\b/g, instead: "for ... of over an array" },
];

/** Files outside sim, statistics and models that read a clock, none of which reaches a result. */
export const CLOCK_READERS: Readonly<Record<string, string>> = {
  "lab/run-experiment.ts": "the manifest says when the experiment began",
  "lab/results/results-folder.ts": "the manifest says when it ended",
  "lab/results/folder-lock.ts": "a lock says since when it is held",
  "lab/execution/checkpoint.ts": "a run is saved every so often",
  "lab/execution/cache-entry.ts": "an entry says when it was used last",
  "cli/run.ts": "says how long it took",
  "cli/progress.ts": "says how long it will take",
};

export function nothingIsLeftToTheEngine(file: Source): Fault[] {
  const { path } = file;
  const bans = isIn(path, "sim", "statistics", "models")
    ? SIMULATION_BANS
    : !isIn(path, "page", "lab", "live", "cli")
      ? []
      : [RANDOM, LOCALE, TRANSCENDENTAL, POWER, ...(path in CLOCK_READERS ? [] : [CLOCKS])];
  const what = ([token]: RegExpMatchArray) => `${token.trim()} is banned`;
  return bans.flatMap(({ pattern, instead }) => matches(file, pattern, what, instead));
}

/** In pieces, so that this file does not find itself. */
const LEFTOVER = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X"].join("|")})\\b`, "g");

export function nothingIsLeftForLater({ path, text }: Source): Fault[] {
  return [...text.matchAll(LEFTOVER)].map((match) => ({
    path,
    line: lineOf(text, match.index),
    what: `says ${match[0]}`,
    instead: "do it, or write an issue",
  }));
}

/** A name that fails must say which test it is. */
export function testsHaveDistinctNames(sources: readonly Source[]): Fault[] {
  const paths = new Map<string, string>();
  const tests = sources.filter(({ path }) => path.endsWith(".test.ts"));
  return tests.flatMap(({ path, text }) =>
    [...text.matchAll(/\btest\(\s*"([^"]+)"/g)].flatMap(({ 1: name = "", index }) => {
      const first = paths.get(name);
      paths.set(name, first ?? path);
      if (first === undefined) return [];
      const what = `has a test of the same name as one of ${first}`;
      return [{ path, line: lineOf(text, index), what, instead: "a name that says what is tested here" }];
    }),
  );
}

export function everyTestRuns(file: Source): Fault[] {
  if (!isIn(file.path, "test")) return [];
  const called = /\b(?:test|it|describe|suite)\s*\.\s*(only|skip|todo)\b/g;
  // Only is an option of ours, too, and takes words.
  const options = /[{,]\s*(only(?=\s*:\s*true)|skip|todo)\s*:/g;
  const what = (match: RegExpMatchArray) => `test with ${match[1]}`;
  return [called, options].flatMap((pattern) => matches(file, pattern, what, "a test that runs"));
}

// Words.

/** Words that the glossary does not have, in the middle of an identifier too, and the one to write. */
const OLD_WORDS: Readonly<Record<string, string>> = {
  told: "reports, says, shows, or the noun that is meant",
  meter: "gauge",
  estate: "installed patches",
  outlived: "stale",
  conducted: "run",
  sibling: "related bug",
  attention: "operational impact",
  certainly: "a share or an interval: what rests on a sample is not certain",
};

/** Names that say nothing of what they hold: in a sentence they are words like any other, so comments may have them. */
const EMPTY_NAMES: Readonly<Record<string, string>> = {
  said: "args, or the noun of what was given",
  asked: "requested, or the noun of what is wanted",
  watched: "observed, or the noun of what is seen",
  outcome: "result, or the noun of what came out",
};

const EMPTY_NAME = new RegExp(`\\b(${Object.keys(EMPTY_NAMES).join("|")})s?\\b`, "g");

export function namesSaySomething({ path, code }: Source): Fault[] {
  if (!isIn(path, ...ROOMS, "bench", "scripts", "examples", "exports")) return [];
  return [...code.matchAll(EMPTY_NAME)].map((match) => {
    return { path, line: lineOf(code, match.index), what: `is called ${match[0]}`, instead: EMPTY_NAMES[match[1]] };
  });
}

/** Files in which an old word is the name of something else. */
export const OLD_WORDS_STAY: Readonly<Record<string, string>> = {
  "live/server-view.ts": "meter is an element of HTML",
  "models/print-servers/model.ts": "the old name of a parameter, refused with the new one",
  "models/print-servers/workload.ts":
    "the stream of installed patches is named estate, and its numbers follow the name",
  "models/print-servers/reference/draws.ts": "the stream of installed patches is named estate",
};

export function wordsAreOfTheGlossary({ path, text }: Source): Fault[] {
  return isIn(path, "test") || path in OLD_WORDS_STAY ? [] : oldWordsIn(path, text);
}

function oldWordsIn(path: string, text: string): Fault[] {
  return Object.entries(OLD_WORDS).flatMap(([word, instead]) => {
    const capital = word.charAt(0).toUpperCase() + word.slice(1);
    const pattern = new RegExp(`(?<![a-zA-Z])(${word}|${capital})s?(?![a-z])|(?<=[a-z])${capital}s?(?![a-z])`, "g");
    return [...text.matchAll(pattern)].map((match) => {
      return { path, line: lineOf(text, match.index), what: `says ${match[0]}`, instead };
    });
  });
}

// Shape.

const COLUMNS_MAX = 120;
const LINES_MAX = 700;

/** The formatter breaks code; it leaves comments as long as they are. */
export function commentsAreNarrow({ path, text, code }: Source): Fault[] {
  const codeLines = code.split("\n");
  return text.split("\n").flatMap((line, i) => {
    const columns = [...line].length;
    if (columns <= COLUMNS_MAX || codeLines[i].trim() !== "") return [];
    return [{ path, line: i + 1, what: `a comment of ${columns} columns`, instead: `at most ${COLUMNS_MAX}` }];
  });
}

export function filesAreShort({ path, text }: Source): Fault[] {
  const lines = text.split("\n").length - 1;
  if (lines <= LINES_MAX) return [];
  return [{ path, line: LINES_MAX + 1, what: `${lines} lines`, instead: `at most ${LINES_MAX}, a noun a file` }];
}

export function filesSayWhatTheyAre({ path, text }: Source): Fault[] {
  if (!isIn(path, ...ROOMS, "exports", "bench", "examples")) return [];
  if (/^(#!.*\n)?\/\*\*\s[\s\S]*?\w[\s\S]*?\*\//.test(text)) return [];
  return [{ path, line: 1, what: "has no header", instead: "begin with /** what it is, order, cost, policy */" }];
}

export function filesAreMirroredByTests(paths: readonly string[]): Fault[] {
  const all = new Set(paths);
  return paths.flatMap((path) => {
    if (!isIn(path, "sim", "statistics", "models", "page", "lab", "live") || path in TESTED_ELSEWHERE) return [];
    const mirror = `test/${path.replace(/\.ts$/, ".test.ts")}`;
    return all.has(mirror) ? [] : [{ path, line: 1, what: "has no test of its name", instead: mirror }];
  });
}

/** Code lives in rooms: experiments, docs and results hold none, and the top level only the setup and the command. */
export function codeLivesInRooms(paths: readonly string[]): Fault[] {
  const top = ["setup.mjs", "spoolsim.mjs"];
  const instead = `one of ${[...ROOMS, "exports", "examples", "bench", "scripts", "test"].join(", ")}`;
  return paths
    .filter((path) => /\.([cm]?[jt]s|[jt]sx)$/.test(path))
    .filter((path) => !(isIn(path, ...ROOMS, "exports", "examples", "bench", "scripts", "test") || top.includes(path)))
    .map((path) => ({ path, line: 1, what: "is code outside the rooms", instead }));
}

/** An exception that nothing needs any more. */
export function exceptionsAreNeeded(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const faults: Fault[] = [];
  const forget = (path: string, what: string) =>
    void faults.push({ path, line: 1, what, instead: "take it out of house-rules.ts" });
  for (const [name, doors] of Object.entries(DOORS)) {
    for (const door of doors) {
      const behind = sources.filter(({ path }) => isThrough(door, path));
      const used = behind.some(({ imports }) => imports.some((one) => one.package === name));
      if (!used) forget(door, `is a door for ${name} that nothing goes through`);
    }
  }
  for (const path of Object.keys(CLOCK_READERS)) {
    if (byPath.get(path)?.code.match(CLOCKS.pattern) == null) forget(path, "may read a clock and does not");
  }
  for (const path of Object.keys(OPTION_TEXTS)) {
    if (optionsIn(path, byPath.get(path)?.text ?? "").length === 0) forget(path, "may name options and names none");
  }
  for (const path of Object.keys(OLD_WORDS_STAY)) {
    if (oldWordsIn(path, byPath.get(path)?.text ?? "").length === 0) forget(path, "may say an old word and does not");
  }
  for (const [path, reason] of Object.entries(TESTED_ELSEWHERE)) {
    for (const [file] of reason.matchAll(/\btest\/[\w./-]+\.ts\b/g)) {
      if (!byPath.has(file)) forget(path, `is said to be tested by ${file}, which does not exist`);
    }
    const mirror = `test/${path.replace(/\.ts$/, ".test.ts")}`;
    if (!byPath.has(path)) forget(path, "needs no test of its name and does not exist");
    else if (byPath.has(mirror)) forget(path, `needs no test of its name and has one: ${mirror}`);
  }
  return faults;
}

// Packages on paper.

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Every package asked for by package.json, with its version and line. */
function dependenciesOf(text: string): { name: string; version: string; line: number }[] {
  const { dependencies, devDependencies } = JSON.parse(text) as PackageJson;
  const lines = text.split("\n");
  return Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => ({
    name,
    version,
    line: lines.findIndex((line) => line.trim().startsWith(`"${name}":`) && line.includes(version)) + 1,
  }));
}

export function versionsArePinned(path: string, text: string): Fault[] {
  return dependenciesOf(text)
    .filter(({ version }) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(({ name, version, line }) => ({ path, line, what: `${name} is "${version}"`, instead: "one exact version" }));
}

export function lockNamesNoRegistry(path: string, text: string): Fault[] {
  return text
    .split("\n")
    .flatMap((line, i) =>
      /^\s*"resolved":/.test(line)
        ? [{ path, line: i + 1, what: "names a registry", instead: "omit-lockfile-registry-resolved in .npmrc" }]
        : [],
    );
}

/** @param decisions the text of docs/decisions.md; the types of a package are decided with it */
export function dependenciesAreDecisions(path: string, text: string, decisions: string): Fault[] {
  return dependenciesOf(text)
    .filter(({ name }) => {
      const word = name.replace(/^@types\//, "").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return !new RegExp(`(^|[^\\w-])${word}($|[^\\w-])`, "im").test(decisions);
    })
    .map(({ name, line }) => ({ path, line, what: `${name} is no decision`, instead: "say why in docs/decisions.md" }));
}

/** @param exists whether there is a file or folder at a path from the root */
export function linksLeadSomewhere(path: string, text: string, exists: (path: string) => boolean): Fault[] {
  const blank = (code: string) => code.replaceAll(/[^\n]/g, " ");
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, blank).replaceAll(/`[^`\n]*`/g, blank);
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)[^)]*\)/g)];
  const referenced = [...prose.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  return [...inline, ...referenced].flatMap((match) => {
    const target = decodeURI(match[1].replace(/#.*$/, ""));
    if (target === "" || /^[a-z][a-z+.-]*:/i.test(target)) return [];
    if (exists(resolved(path, target))) return [];
    return [{ path, line: lineOf(prose, match.index), what: `links to ${target}`, instead: "a file that exists" }];
  });
}
