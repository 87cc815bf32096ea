/**
 * The input and output of every cluster engine: the engine gets a job and returns the text of a few files that a person
 * can read and change.
 *
 * All engines share three files. `parts.txt` lists the parts, one per line; `part.sh 3/500` computes one of them, and
 * `merge.sh` writes the results. An engine adds `submit.sh`, which submits each line of `parts.txt` once, and the merge
 * after all of them.
 */
import { shellLine } from "../shell-line.ts";

export interface ClusterJob {
  /** Small letters, digits and hyphens, at most 40. */
  readonly name: string;
  /** Where all files are, absolute. */
  readonly folder: string;
  /** Where the command was given, absolute: what it names is found from there. */
  readonly workingFolder: string;
  /** The words that run the experiment, from the program on. */
  readonly run: readonly string[];
}

export interface ClusterEngine {
  readonly name: string;
  /** The text of each file, by its name. */
  readonly files: (job: ClusterJob) => Readonly<Record<string, string>>;
}

/** The folder below that of the job in which the runs are kept. */
export const JOB_CACHE = "cache";
/** The file that lists the parts. */
export const PARTS_FILE = "parts.txt";

/** The files that all engines share, but for the list of the parts. */
export function sharedFiles({ name, folder, workingFolder, run }: ClusterJob): Readonly<Record<string, string>> {
  const command = shellLine([...run, "--cache", `${folder}/${JOB_CACHE}`]);
  const enterFolder = shellLine(["cd", workingFolder]);
  return {
    "part.sh": `#!/bin/sh
# Computes one part of ${name}, such as 3/500: part.sh PART [THREADS]
set -eu
${enterFolder}
exec ${command} --part "$1" --workers "\${2:-1}"
`,
    "merge.sh": `#!/bin/sh
# Writes the results of ${name} from the runs that the parts have computed. It computes what is missing itself.
set -eu
${enterFolder}
exec ${command} ${shellLine(["--out", `${folder}/results`])}
`,
  };
}
