/** `spoolsim cluster`: writes the files with which a cluster computes an experiment in parts. */
import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { missingParts } from "../lab/execution/part.ts";
import { UserError } from "../lab/user-error.ts";
import { JOB_CACHE, PARTS_FILE, sharedFiles, type ClusterEngine, type ClusterJob } from "./clusters/cluster-job.ts";
import { htcondor } from "./clusters/htcondor.ts";
import { kubernetes } from "./clusters/kubernetes.ts";
import { parallel } from "./clusters/parallel.ts";
import { slurm } from "./clusters/slurm.ts";
import { changes, changeWords, experimentOf, once, wholeNumber, withExperiment } from "./options.ts";
import { makeFolder, unwritable, writeWhole } from "../lab/whole-file.ts";
import { print } from "./output.ts";
import { shellLine } from "./shell-line.ts";
import { itemAt } from "../lab/lists.ts";

const engines: readonly ClusterEngine[] = [slurm, parallel, kubernetes, htcondor];

const options = {
  tasks: { type: "string", demandOption: true, requiresArg: true, describe: "number of parts" },
  out: {
    type: "string",
    demandOption: true,
    requiresArg: true,
    describe: "folder for the files; all machines must be able to read it",
  },
  missing: {
    type: "boolean",
    default: false,
    describe: "list the parts that are still missing, and write them to the folder",
  },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & {
  engine: string;
  experiment: string;
  /** The option of every command. */
  trust?: string | string[];
};

export const clusterCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    withExperiment(
      argv.positional("engine", {
        demandOption: true,
        choices: engines.map(({ name }) => name),
        describe: "the cluster's scheduler",
      }),
    )
      .options(options)
      .check(once(options)),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    const tasks = wholeNumber("--tasks", args.tasks, 1, 1e6);
    const folder = resolve(args.out);
    const submit = join(args.out, "submit.sh");
    if (existsSync(submit) !== args.missing) {
      throw new UserError(
        args.missing
          ? `${submit} does not exist; --missing continues in a folder that the command has written`
          : `${submit} exists; choose another folder, or use --missing to continue in this one`,
      );
    }
    const engine = engines.find(({ name }) => name === args.engine)!;
    const job = { name: nameOf(experiment.name), folder, workingFolder: process.cwd(), run: runWords(args) };
    if (args.missing) {
      refuseOtherEngine(engine, job, args.out);
      await refuseOtherScripts(join(args.out, "part.sh"), args);
    }
    const missing = await missingParts(experiment, tasks, join(folder, JOB_CACHE));
    if (missing.length === 0) {
      print(`no part is missing; ${join(args.out, "merge.sh")} writes the results\n`);
      return;
    }
    if (!args.missing) await writeScripts(engine, job);
    await writeWhole(join(folder, PARTS_FILE), missing.map((number) => `${number}/${tasks}\n`).join(""));
    const parts = `${missing.length} ${missing.length === 1 ? "part" : "parts"}`;
    print(`${parts} to compute; ${submit} submits them, and then the merge\n`);
  },
};

async function writeScripts(engine: ClusterEngine, job: ClusterJob): Promise<void> {
  await makeFolder(job.folder).catch(unwritable(job.folder));
  for (const [name, text] of Object.entries({ ...sharedFiles(job), ...engine.files(job) })) {
    const path = join(job.folder, name);
    await writeWhole(path, text);
    if (name.endsWith(".sh")) await chmod(path, 0o755);
  }
}

/** @throws UserError when the scripts in the folder submit to another engine */
function refuseOtherEngine({ name }: ClusterEngine, job: ClusterJob, folder: string): void {
  const isThere = (file: string) => existsSync(join(job.folder, file));
  // All have submit.sh, and some nothing else, so those with the most files come first.
  const filesOf = (engine: ClusterEngine) => Object.keys(engine.files(job));
  const known = engines.toSorted((a, b) => filesOf(b).length - filesOf(a).length);
  const found = known.find((engine) => filesOf(engine).every(isThere));
  if (found === undefined || found.name === name) return;
  throw new UserError(`${folder} has scripts for ${found.name}, not for ${name}; --missing continues with that engine`);
}

/** @throws UserError when the script's parts compute a different experiment */
async function refuseOtherScripts(script: string, args: Arguments): Promise<void> {
  const words = shellLine(experimentWords(args));
  const text = await readFile(script, "utf8").catch(() => "");
  // After the words of the experiment come options of the part; another option would change the experiment.
  if (text.split("\n").some((line) => [" --cache ", " --trust"].some((next) => line.includes(` ${words}${next}`))))
    return;
  throw new UserError(`${script} does not compute this experiment: it has no line with "${words}"`);
}

/** The command line that runs the experiment with this program. */
function runWords(args: Arguments): string[] {
  return [process.execPath, itemAt(process.argv, 1), ...experimentWords(args), ...trustWords(args.trust)];
}

function experimentWords(args: Arguments): string[] {
  return ["run", args.experiment, ...changeWords(args)];
}

/** The jobs trust the same modules as the command. */
function trustWords(trust: string | string[] | undefined): string[] {
  return [trust ?? []].flat().flatMap((file) => (file === "" ? ["--trust"] : ["--trust", file]));
}

/** A name that every engine accepts. */
function nameOf(experiment: string): string {
  const name = experiment.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return name.slice(0, 40).replaceAll(/^-+|-+$/g, "") || "spoolsim";
}
