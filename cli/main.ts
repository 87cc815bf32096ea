#!/usr/bin/env node
/** The entry point: passes the arguments to the commands, and reports mistakes in one place. */
import yargs, { type Argv, type CommandModule } from "yargs";
import { hideBin } from "yargs/helpers";
import { trustModules } from "../lab/experiment/trust.ts";
import { programVersion } from "../lab/program.ts";
import { commands, loadCommand } from "./commands.ts";
import { endWith, exitCodes } from "./exit.ts";
import { greeting } from "./greeting.ts";
import { UserError } from "../lab/user-error.ts";
import { print, watchOutput } from "./output.ts";

watchOutput();

const names = Object.keys(commands);
const line = hideBin(process.argv);
// yargs would read a command after -- as an argument, and run nothing.
if (line[0] === "--") line.shift();
/** What yargs answers before it looks at the command, even if there is no such command. */
const asking = ["--help", "-h", "--version"];
const [first] = line.filter((word) => !asking.includes(word));
const isUnknown = first !== undefined && !first.startsWith("-") && !names.includes(first);
const words = isUnknown ? line.filter((word) => !asking.includes(word)) : line;
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

/** What yargs knows of the failed command; it passes this, although the types disagree. */
interface Usage {
  readonly getUsage: () => readonly (readonly [usage: string, ...unknown[]])[];
  readonly getDescriptions: () => object;
}

/** What yargs has and its types leave out. */
interface Inside {
  readonly getInternalMethods: () => { readonly getUsageInstance: () => { cacheHelpMessage: () => void } };
}

/**
 * While a command runs, yargs makes the text of its --help, for errors that would show it. None does here, and the text
 * takes up to 40 ms.
 */
function makesNoUnseenHelp(parser: Argv): void {
  (parser as unknown as Inside).getInternalMethods().getUsageInstance().cacheHelpMessage = () => undefined;
}

/** A command line that yargs refuses. */
class Refusal extends Error {
  readonly usage: string | undefined;
  readonly options: readonly string[];

  constructor(message: string, { getUsage, getDescriptions }: Usage) {
    super(message);
    const [[usage = ""] = []] = getUsage();
    this.usage = usage.startsWith("$0 ") ? usage.slice("$0 ".length) : undefined;
    this.options = Object.keys(getDescriptions());
  }
}

try {
  if (process.argv.length === 2) print(greeting);
  else {
    const parser = yargs(words)
      .scriptName("spoolsim")
      .parserConfiguration({ "dot-notation": false })
      .locale("en")
      .usage("spoolsim simulates fleets of print servers that leak (Microsoft KB Q223863).\n\nUsage: $0 <command>")
      .command(modules)
      .example("$0 run q223863", "the main experiment: four sites, with and without the fix")
      .example("$0 explain q223863", "the story of one leak, event by event")
      .example("$0 describe print-servers", "every parameter with its unit, default, range and source")
      .option("trust", {
        type: "string",
        describe: "allow code modules of results folders to run: --trust allows all, --trust FILE only that one",
      })
      .middleware(({ trust }) => {
        if (trust !== undefined) for (const file of [trust].flat()) trustModules(String(file));
      })
      .epilogue(exitCodes)
      .demandCommand(1)
      .strict()
      .version(programVersion)
      .alias("h", "help")
      .group(["trust", "version", "help"], "Every command:")
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      // Without a throw here, the command would run despite the error.
      .fail((message, error, usage) => {
        const isRefusal = error === undefined || error.name === YARGS_ERROR;
        throw isRefusal ? new Refusal(message ?? error.message, usage as unknown as Usage) : error;
      });
    makesNoUnseenHelp(parser);
    await parser.parseAsync();
  }
} catch (error) {
  if (!(error instanceof Refusal)) endWith(error);
  else {
    const { refusalText } = await import("./refusal.ts");
    endWith(new UserError(refusalText({ ...error, message: error.message, words, commands: names })));
  }
}
