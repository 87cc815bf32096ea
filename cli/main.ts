#!/usr/bin/env node
/** The entry point: passes the arguments to the commands, and reports mistakes in one place. */
import yargs, { type Argv, type CommandModule } from "yargs";
import { hideBin } from "yargs/helpers";
import { trustModules } from "../lab/experiment/trust.ts";
import { programVersion } from "../lab/program.ts";
import { commands, loadCommand } from "./commands.ts";
import { endWith, exitCodes } from "./exit.ts";
import { greeting } from "./greeting.ts";
import { suggest } from "../lab/suggest.ts";
import { UserError } from "../lab/user-error.ts";
import { print, watchOutput } from "./output.ts";
import { itemAt } from "../lab/lists.ts";

watchOutput();

const names = Object.keys(commands);
const line = hideBin(process.argv);
// A command after -- would be taken for a mere word, and nothing would run.
if (line[0] === "--") line.shift();
/** Only commands that the line names are loaded; the others are there for --help, completion and suggestions. */
const modules = await Promise.all(
  Object.entries(commands).map(async ([name, { usage, describe }]): Promise<CommandModule> => {
    if (process.argv.includes(name)) return withHeadings(await loadCommand(name));
    return { command: usage, describe, handler: () => undefined };
  }),
);

/** Adds the group headings of --help; yargs lists groups in the order in which they are first named. */
function withHeadings(command: CommandModule): CommandModule {
  const { builder } = command;
  if (typeof builder !== "function") return command;
  const withOrder = (argv: Argv) => builder(argv.group([], "Positionals:").group([], "Options:"));
  return { ...command, builder: withOrder as typeof builder };
}

/** The name of the error that yargs throws when an option has too few values. */
const YARGS_ERROR = "YError";

/** Rewrites a yargs message in one plain line. */
function plain(message: string): string {
  return message
    .replace(/^Not enough arguments following: (.*)$/, "--$1 needs a value")
    .replace(/^Not enough non-option arguments: .*$/, missingWords())
    .replace(/^(Unknown arguments?: )(.*)$/, (_, head: string, words: string) => head + withoutTwins(words.split(", ")))
    .replace(/^Invalid values:\s+Argument: (.*), Given: (.*), Choices: (.*)$/, "--$1 is $2; it is one of $3")
    .replace(/\n+/g, "; ");
}

/** Removes the duplicates that yargs adds: staff-hour is also staffHour. */
function withoutTwins(words: readonly string[]): string {
  const typed = words.filter((word) => process.argv.some((one) => one.includes(word)));
  return (typed.length > 0 ? typed : words).join(", ");
}

/** The options of the failed command; yargs passes its usage, although the types disagree. */
function optionsOf(usage: unknown): string[] {
  return Object.keys((usage as { getDescriptions(): object }).getDescriptions());
}

/** Says which arguments the command needs. */
function missingWords(): string {
  // The first of them: a folder or a value may have the name of another command.
  const command = process.argv.slice(2).find((word) => names.includes(word));
  const usage = command === undefined ? "<command>" : itemAt(commands, command).usage;
  return `something is missing: spoolsim ${usage}; --help tells the options`;
}

/** A line that yargs refuses, with the options that its command has. */
class Refusal extends Error {
  readonly options: readonly string[];

  constructor(message: string, options: readonly string[]) {
    super(message);
    this.options = options;
  }
}

/** Suggests a command or option for a misspelt one. */
async function suggestionFor({ message, options }: Refusal): Promise<string> {
  const [, what, word] = /^Unknown (argument|command)s?: ([^\s,]+)/.exec(message) ?? [];
  if (word === undefined) return "";
  if (what === "command" || !process.argv.some((one) => one.startsWith(`--${word}`))) return suggest(word, names);
  const key = word.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const { catalogue } = await import("../models/catalogue.ts");
  const prices = Object.values(catalogue).flatMap(({ prices: own = [] }) => own.map(({ name }) => name));
  return prices.includes(key) ? `; a price is --price ${key}=...` : suggest(word, options).replace("mean ", "mean --");
}

try {
  if (process.argv.length === 2) print(greeting);
  else
    await yargs(line)
      .scriptName("spoolsim")
      .locale("en")
      .usage("spoolsim simulates fleets of print servers that leak (Microsoft KB Q223863).\n\nUsage: $0 <command>")
      .command(modules)
      .example("$0 run q223863", "the main experiment: four sites, with and without the fix")
      .example("$0 explain q223863", "the story of one leak, event by event")
      .example("$0 describe print-servers", "every parameter with its unit, default, range and source")
      .option("trust", {
        type: "string",
        describe: "run modules that a results folder names: all of them, or with --trust FILE only that one",
      })
      .middleware(({ trust }) => {
        if (trust !== undefined) for (const file of [trust].flat()) trustModules(String(file));
      })
      .epilogue(exitCodes)
      .demandCommand(1, "No command given; see spoolsim --help.")
      .strict()
      .version(programVersion)
      .alias("h", "help")
      .group(["trust", "version", "help"], "Always:")
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      // Without a throw here, the command would run despite the error.
      .fail((message, error, usage) => {
        const isRefusal = error === undefined || error.name === YARGS_ERROR;
        throw isRefusal ? new Refusal(message ?? error.message, optionsOf(usage)) : error;
      })
      .parseAsync();
} catch (error) {
  endWith(error instanceof Refusal ? new UserError(`${plain(error.message)}${await suggestionFor(error)}`) : error);
}
