/** Rules of the house about words: names, the glossary, and what may name a model or an option. */
import ts from "typescript";
import { type Fault, isIn, lineOf, lineOfNode, ROOMS, type Source, textsIn } from "./source.ts";

/**
 * Everything but the model's folder, and the file of its name (its known answers in lab/validation), reads a model's
 * words from the model (models/model.ts), so that a model which somebody else writes gets the same.
 * @param names what one model calls its responses, means and parameters @param model its name
 */
export function modelsSpeakForThemselves(names: ReadonlySet<string>, model: string) {
  return ({ path, tree }: Source): Fault[] => {
    if (!isIn(path, ...ROOMS, "scripts", "exports") || path.startsWith(`models/${model}/`)) return [];
    if (path.endsWith(`/topics/${model}.ts`)) return [];
    return namesIn(tree, names).map(({ line, name }) => {
      return { path, line, what: `names ${name}`, instead: "let the model say of itself what is needed" };
    });
  };
}

/**
 * Where a text that is no comment has one of the names. A name in camel case is looked for among identifiers and the
 * words of strings; one of small letters is a word like any other, unless it is all of a string.
 */
function namesIn(tree: ts.SourceFile, names: ReadonlySet<string>): { line: number; name: string }[] {
  const found: { line: number; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText || ts.isIdentifier(node)) {
      const words = isText && names.has(node.text) ? [node.text] : (node.text.match(/\w+/g) ?? []).filter(isCamelCase);
      for (const name of words) if (names.has(name)) found.push({ line: lineOfNode(tree, node), name });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
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
export function optionsAreOfCommands({ path, tree }: Source): Fault[] {
  if (!isIn(path, "sim", "statistics", "models", "page", "lab", "exports") || path in OPTION_TEXTS) return [];
  return optionsIn(tree).map(({ line, option }) => {
    return { path, line, what: `names the option ${option}`, instead: "argument() of lab/user-error.ts" };
  });
}

export function optionsIn(tree: ts.SourceFile): { line: number; option: string }[] {
  const texts = textsIn(tree).filter(({ text: words }) => !/\bspoolsim [a-z]/.test(words));
  return texts.flatMap(({ line, text: words }) =>
    [...words.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => ({ line, option })),
  );
}

function isCamelCase(word: string): boolean {
  return /[A-Z]/.test(word);
}

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

export function oldWordsIn(path: string, text: string): Fault[] {
  return Object.entries(OLD_WORDS).flatMap(([word, instead]) => {
    const capital = word.charAt(0).toUpperCase() + word.slice(1);
    const pattern = new RegExp(`(?<![a-zA-Z])(${word}|${capital})s?(?![a-z])|(?<=[a-z])${capital}s?(?![a-z])`, "g");
    return [...text.matchAll(pattern)].map((match) => {
      return { path, line: lineOf(text, match.index), what: `says ${match[0]}`, instead };
    });
  });
}
