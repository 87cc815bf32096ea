/**
 * What is wrong with a command line that yargs refuses: one line that names the place, the value and the rule.
 *
 * yargs reports the first fault that it meets, and it counts arguments before it looks at options. Here a misspelt
 * option comes first, because what else is wrong often follows from it.
 */
import { catalogue } from "../models/catalogue.ts";
import { suggest } from "../lab/suggest.ts";
import { negatedText } from "./options.ts";

/** A command line, and what yargs says of it. */
export interface RefusedLine {
  /** The message of yargs. */
  readonly message: string;
  /** The command and its arguments, such as "query <results> <sql>"; undefined before any command. */
  readonly usage: string | undefined;
  /** The options of the command. */
  readonly options: readonly string[];
  /** What was typed after spoolsim. */
  readonly words: readonly string[];
  /** The names of all commands. */
  readonly commands: readonly string[];
}

export function refusalText(line: RefusedLine): string {
  const { message, usage, words } = line;
  if (usage === undefined) return commandFault(line);
  const command = usage.replace(/ [<[].*$/, "");
  const option = unknownOption(line);
  if (option !== undefined) {
    const suggestion = suggestionFor(option, line) || `; spoolsim ${command} --help lists them`;
    return `${option} is not an option of ${command}${suggestion}`;
  }
  const rule = `; the command is spoolsim ${usage}`;
  const [, surplus] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  if (surplus !== undefined) {
    const word = words.find((one) => one !== "" && isFirstOf(surplus, one)) ?? surplus;
    return `${word} is one argument too many${rule}; an argument with spaces needs quotes`;
  }
  const [, given] = /^Not enough non-option arguments: got (\d+)/.exec(message) ?? [];
  if (given !== undefined) {
    const missing = (usage.match(/<[^>]+>/g) ?? []).slice(Number(given));
    return `${listed(missing)} missing${rule}${words.includes("--") ? "; arguments come before --" : ""}`;
  }
  const [, missing] = /^Missing required arguments?: (.*)$/.exec(message) ?? [];
  if (missing !== undefined) {
    return `${listed(missing.split(", ").map((name) => `--${name}`))} missing; spoolsim ${command} --help says more`;
  }
  const [, name = "", value = "", choices = ""] = /Argument: (.*), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (words.includes(`--no-${name}`)) return negatedText(name);
  if (name !== "") {
    const known = choices.replaceAll('"', "");
    const word = value.replaceAll('"', "");
    const place = new RegExp(`[<[]${name}[>\\]]`).exec(usage)?.[0] ?? `--${name}`;
    return `${place} is ${word}; it is one of ${known}${suggest(word, known.split(", "))}`;
  }
  return message
    .replace(/^Not enough arguments following: (.*)$/, "--$1 needs a value")
    .replace(/^Arguments (.*) and (.*) are mutually exclusive$/, "--$1 and --$2 exclude each other")
    .replace(/\n+/g, "; ");
}

/** Whether the word is the first of a list of words, which may contain commas themselves. */
function isFirstOf(list: string, word: string): boolean {
  return list === word || list.startsWith(`${word}, `);
}

/** The line has no command, or one that there is not. */
function commandFault({ message, words, commands }: RefusedLine): string {
  const help = "; spoolsim --help lists the commands";
  const [, unknown = ""] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  const word = words.find((one) => !isOption(one) && isFirstOf(unknown, one));
  if (word !== undefined) return `there is no command ${word || '""'}${suggest(word, commands) || help}`;
  const [first = ""] = words;
  const suggestion = suggest(first.replace(/^-+/, ""), ["help", "version"]).replace("mean ", "mean --");
  return `no command stands before ${first}${suggestion || help}`;
}

/** The first word that looks like an option and is none. */
function unknownOption({ options, words }: RefusedLine): string | undefined {
  const known = new Set(options.map(camelCased));
  const end = words.indexOf("--");
  const typed = words.slice(0, end === -1 ? words.length : end).filter(isOption);
  const isKnown = (word: string) => /^(--|-.$)/.test(word) && known.has(nameOf(word));
  return typed
    .map((word) => word.replace(/=.*$/s, ""))
    .find((word) => !isKnown(word) && !isKnown(word.replace(/^--no-/, "--")));
}

/** Word processors make one dash of two. */
function isOption(word: string): boolean {
  return /^[-–—]/.test(word) && !/^-?(\d|\.\d|$)/.test(word);
}

function nameOf(word: string): string {
  return camelCased(word.replace(/^[-–—]+/, ""));
}

/** yargs knows every option under this name too. */
function camelCased(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Suggests the nearest option; a price is often taken for one. */
function suggestionFor(word: string, { options }: RefusedLine): string {
  const prices = Object.values(catalogue).flatMap(({ prices: own = [] }) => own.map(({ name }) => name));
  const name = nameOf(word);
  if (prices.includes(name)) return `; a price is --price ${name}=...`;
  return suggest(word.replace(/^[-–—]+/, ""), options).replace("mean ", "mean --");
}

function listed(names: readonly string[]): string {
  return `${names.join(" and ")} ${names.length === 1 ? "is" : "are"}`;
}
