/** `spoolsim init`: writes a commented experiment to start from. It never overwrites a file. */
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { programFolder } from "../lab/program.ts";
import { UserError } from "../lab/user-error.ts";
import { once } from "./options.ts";
import { shellLine } from "./shell-line.ts";
import { starterKinds, writeStarter } from "./starter.ts";
import { unwritable, writeWhole } from "../lab/whole-file.ts";
import { print } from "./output.ts";

const options = {
  model: {
    type: "string",
    requiresArg: true,
    describe: "write a model with this name, with an experiment and a test",
  },
  spooler: {
    type: "string",
    requiresArg: true,
    describe: "write a spooler with this name; a name that ends in .ts gives TypeScript",
  },
} as const satisfies Record<string, Options>;

const EXPERIMENT_FILE = "experiment.yaml";

export const initCommand: CommandModule<object, InferredOptionTypes<typeof options> & { file?: string | undefined }> = {
  builder: (argv) =>
    argv
      .positional("file", {
        type: "string",
        defaultDescription: EXPERIMENT_FILE,
        describe: "the experiment's new file, ending in .yaml or .yml; not with --model or --spooler",
      })
      .options(options)
      .conflicts(...starterKinds)
      .check(once(options)),
  async handler({ file: given, ...args }) {
    for (const kind of starterKinds) {
      const name = args[kind];
      if (name === undefined) continue;
      if (given !== undefined)
        throw new UserError(`file is ${given}; --${kind} ${name} names the files that it writes`);
      return void print(await writeStarter(kind, name));
    }
    const file = given ?? EXPERIMENT_FILE;
    if (!/\.ya?ml$/.test(file)) throw new UserError(`file is ${file}; an experiment's file ends in .yaml or .yml`);
    await writeWhole(file, await experimentText(file), { isNew: true }).catch((error) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return unwritable(file)(error);
      throw new UserError(`${file} exists already; an experiment goes to a new file`);
    });
    print(
      `Wrote ${file}. Edit it, then run it:\n\n` +
        `  ${shellLine(["spoolsim", "run", file, "--quick", "--out", "results/first-look"])}  for a first look\n` +
        `  ${shellLine(["spoolsim", "run", file])}\n`,
    );
  },
};

/** The path of the built-in schema, relative to the file. */
function schemaSeenFrom(file: string): string {
  const schema = join(programFolder, "experiments", "experiment.schema.json");
  const path = relative(dirname(resolve(file)), schema).replaceAll("\\", "/");
  return /^(\.|\/|\w:)/.test(path) ? path : `./${path}`;
}

/** The example, with the path of the schema. */
async function experimentText(file: string): Promise<string> {
  const text = await readFile(join(programFolder, "examples", "experiment.yaml"), "utf8");
  return text.replace("../experiments/experiment.schema.json", schemaSeenFrom(file));
}
