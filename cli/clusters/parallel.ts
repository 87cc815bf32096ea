/** GNU parallel: the parts on the cores of this machine, or of the machines that it reaches by ssh. */
import type { ClusterEngine } from "./cluster-job.ts";

export const parallel: ClusterEngine = {
  name: "parallel",
  files: () => ({
    "submit.sh": `#!/bin/sh
# Computes the parts in parts.txt, one on each core, and writes the results.
# Options of parallel may be given, such as --jobs 4, or --sshloginfile machines.txt for other machines that see this
# folder; to go on after an interruption, list the missing parts again (spoolsim cluster parallel ... --missing).
set -eu
cd "$(dirname "$0")"
parallel --workdir . --joblog parts.log --retries 3 "$@" ./part.sh {} :::: parts.txt
exec ./merge.sh
`,
  }),
};
