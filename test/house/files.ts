/** Rules of the house about files: their length and headers, their tests, and where code lives. */
import { TESTED_ELSEWHERE } from "../tested-elsewhere.ts";
import { type Fault, isIn, lineOf, matches, ROOMS, type Source } from "./source.ts";

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
  // --only is also an option of spoolsim, and takes words.
  const options = /[{,]\s*(only(?=\s*:\s*true)|skip|todo)\s*:/g;
  const what = (match: RegExpMatchArray) => `test with ${match[1]}`;
  return [called, options].flatMap((pattern) => matches(file, pattern, what, "a test that runs"));
}

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
