/** `spoolsim init`: writes a commented experiment to start from; never over a file that is there. */
import { dirname, join, relative, resolve } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { programFolder } from "../lab/program.ts";
import { UserError } from "../lab/user-error.ts";
import { once } from "./options.ts";
import { shellLine } from "./shell-line.ts";
import { writeStarter } from "./starter.ts";
import { unwritable, writeWhole } from "../lab/whole-file.ts";
import { print } from "./output.ts";

const options = {
  model: {
    type: "string",
    requiresArg: true,
    describe: "write a model of your own by this name, with experiment and test",
  },
  spooler: {
    type: "string",
    requiresArg: true,
    describe: "the same of a spooler; a name that ends in .ts is TypeScript",
  },
} as const satisfies Record<string, Options>;

export const initCommand: CommandModule<object, InferredOptionTypes<typeof options> & { file: string }> = {
  command: "init [file]",
  describe: "Write a commented experiment to start from, or a model or spooler of your own",
  builder: (argv) =>
    argv
      .positional("file", {
        type: "string",
        default: "experiment.yaml",
        describe: "a new file, ending in .yaml or .yml",
      })
      .options(options)
      .conflicts("model", "spooler")
      .check(once(options)),
  async handler({ file, model, spooler }) {
    if (model !== undefined) return void print(await writeStarter("model", model));
    if (spooler !== undefined) return void print(await writeStarter("spooler", spooler));
    if (!/\.ya?ml$/.test(file)) throw new UserError(`file is ${file}; an experiment's file ends in .yaml or .yml`);
    await writeWhole(file, experimentText(schemaSeenFrom(file)), { isNew: true }).catch((error) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return unwritable(file)(error);
      throw new UserError(`${file} exists already; an experiment goes to a new file`);
    });
    print(
      `${file} is written. Ask it a question of your own, and run it:\n\n` +
        `  ${shellLine(["spoolsim", "run", file, "--quick", "--out", "results/first-look"])}  for a first look\n` +
        `  ${shellLine(["spoolsim", "run", file])}\n`,
    );
  },
};

/** The schema that ships with the program, as an editor finds it from the file. */
function schemaSeenFrom(file: string): string {
  const schema = join(programFolder, "experiments", "experiment.schema.json");
  const path = relative(dirname(resolve(file)), schema).replaceAll("\\", "/");
  return /^(\.|\/|\w:)/.test(path) ? path : `./${path}`;
}

function experimentText(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# With this first line, an editor that knows YAML completes what can be said here, and marks what cannot.

# What the experiment is to find out; the results begin with it.
question: Does it pay to restart the spooler every night?

# The same seed gives the same results, to the last byte, on any machine and any number of threads.
seed: 1

# Each design point is simulated this often, each time with random numbers of its own: from this come the confidence
# intervals. More of them make the intervals narrower.
replications: 8

# What all design points share. Whatever is not said has its default; "spoolsim describe print-servers" lists every
# parameter with its unit, its range and where the default comes from.
scenario:
  model: print-servers
  servers: 4                 # of the fleet
  horizonDays: 14            # from a Monday at midnight
  sampleEveryHours: 24       # rows of samples.csv
  parameters:
    site: mainframe          # or office, help-desk, hold-and-release: who prints, what and when
    spooler: buggy           # or fixed, sticky-guard, or the path of a module of your own

# What varies. Every combination of levels is a design point. A list holds settings of what the factor is named after:
#
#   controlMsMedian: [10, 30, 100]
#
# A map holds levels with names, each of which may set several things:
factors:
  restart:
    never: {restartEveryHours: 0}
    nightly: {restartEveryHours: 24}

# Two levels of a factor, whose difference is estimated on the same jobs and the same alterations.
compare:
  factor: restart
  baseline: never
  against: nightly
  responses: [jobsStarved, processorsLeaked]   # what the question asks for

# The size at which "spoolsim run FILE --quick" runs it: a few seconds.
quick: {replications: 2, servers: 2, horizonDays: 2}
`;
}
