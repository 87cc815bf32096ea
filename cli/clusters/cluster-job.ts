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
  /** Lower-case letters, digits and hyphens, at most 40. */
  readonly name: string;
  /** The folder of all files, absolute. */
  readonly folder: string;
  /** The folder in which the command was given, absolute; relative names start from there. */
  readonly workingFolder: string;
  /** The command line that runs the experiment. */
  readonly run: readonly string[];
}

export interface ClusterEngine {
  readonly name: string;
  /** The text of each file, by file name. */
  readonly files: (job: ClusterJob) => Readonly<Record<string, string>>;
}

/** The cache folder, inside the job's folder. */
export const JOB_CACHE = "cache";
/** The file that lists the parts. */
export const PARTS_FILE = "parts.txt";

/** The files that every engine needs, except the list of parts. */
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
