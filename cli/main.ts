#!/usr/bin/env node
/** The entry point: passes the arguments to the commands, and reports mistakes in one place. */
import yargs, { type Argv, type CommandModule } from "yargs";
import { hideBin } from "yargs/helpers";
import { trustModules } from "../lab/experiment/trust.ts";
import { programVersion } from "../lab/program.ts";
import { endWith, exitCodes } from "./exit.ts";
import { greeting } from "./greeting.ts";
import { catalogue } from "../models/catalogue.ts";
import { suggest } from "../lab/suggest.ts";
import { UserError } from "../lab/user-error.ts";
import { print, watchOutput } from "./output.ts";
import { itemAt } from "../lab/lists.ts";

watchOutput();

/** In the order of --help. Each command loads only its own modules. */
const loaders: Readonly<Record<string, () => Promise<unknown>>> = {
  run: async () => (await import("./run.ts")).runCommand,
  report: async () => (await import("./report.ts")).reportCommand,
  live: async () => (await import("./live.ts")).liveCommand,
  explain: async () => (await import("./explain.ts")).explainCommand,
  trace: async () => (await import("./trace.ts")).traceCommand,
  diff: async () => (await import("./diff.ts")).diffCommand,
  shrink: async () => (await import("./shrink.ts")).shrinkCommand,
  rare: async () => (await import("./rare.ts")).rareCommand,
  export: async () => (await import("./export.ts")).exportCommand,
  import: async () => (await import("./import.ts")).importCommand,
  query: async () => (await import("./query.ts")).queryCommand,
  detect: async () => (await import("./detect.ts")).detectCommand,
  forecast: async () => (await import("./forecast.ts")).forecastCommand,
  score: async () => (await import("./score.ts")).scoreCommand,
  "warm-up": async () => (await import("./warm-up.ts")).warmUpCommand,
  sensitivity: async () => (await import("./sensitivity.ts")).sensitivityCommand,
  calibrate: async () => (await import("./calibrate.ts")).calibrateCommand,
  advise: async () => (await import("./advise.ts")).adviseCommand,
  validate: async () => (await import("./validate.ts")).validateCommand,
  replay: async () => (await import("./replay.ts")).replayCommand,
  verify: async () => (await import("./verify.ts")).verifyCommand,
  cache: async () => (await import("./cache.ts")).cacheCommand,
  cluster: async () => (await import("./cluster.ts")).clusterCommand,
  work: async () => (await import("./work.ts")).workCommand,
  queue: async () => (await import("./queue.ts")).queueCommand,
  describe: async () => (await import("./describe.ts")).describeCommand,
  init: async () => (await import("./init.ts")).initCommand,
  completion: async () => (await import("./completion.ts")).completionCommand,
};

const names = Object.keys(loaders);
/** A shell that asks how to complete a line says the line behind this option. */
const named = names.filter((name) => name === process.argv[process.argv[2] === "--get-yargs-completions" ? 4 : 2]);
const commands = (await Promise.all(
  (named.length === 0 ? names : named).map((name) => itemAt(loaders, name)()),
)) as CommandModule[];

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
  const given = process.argv.slice(2);
  const command = commands.map((one) => String(one.command)).find((one) => given.includes(itemAt(one.split(" "), 0)));
  return `something is missing: spoolsim ${command ?? "<command>"}; --help tells the options`;
}

/** Suggests a command or option for a misspelt one. */
function suggestionFor(message: string, options: readonly string[]): string {
  const [, what, word] = /^Unknown (argument|command)s?: ([^\s,]+)/.exec(message) ?? [];
  if (word === undefined) return "";
  if (what === "command" || !process.argv.some((one) => one.startsWith(`--${word}`))) return suggest(word, names);
  const key = word.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const prices = Object.values(catalogue).flatMap(({ prices: own = [] }) => own.map(({ name }) => name));
  return prices.includes(key) ? `; a price is --price ${key}=...` : suggest(word, options).replace("mean ", "mean --");
}

try {
  if (process.argv.length === 2) print(greeting);
  else
    await yargs(hideBin(process.argv))
      .scriptName("spoolsim")
      .locale("en")
      .usage("spoolsim simulates fleets of print servers that leak (Microsoft KB Q223863).\n\nUsage: $0 <command>")
      .command(commands.map(withHeadings))
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
        throw isRefusal
          ? new UserError(`${plain(message ?? error.message)}${suggestionFor(message, optionsOf(usage))}`)
          : error;
      })
      .parseAsync();
} catch (error) {
  endWith(error);
}
