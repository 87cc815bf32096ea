/** HTCondor: a cluster of the parts, and a DAG that has the merge after it. */
import type { ClusterEngine } from "./cluster-job.ts";

export const htcondor: ClusterEngine = {
  name: "htcondor",
  files: () => ({
    "submit.sh": `#!/bin/sh
# Submits the parts in parts.txt and, after they have all succeeded, the merge.
# Options of condor_submit_dag may be given.
set -eu
cd "$(dirname "$0")"
exec condor_submit_dag -force "$@" job.dag
`,
    "job.dag": `# The results are written after all parts.
JOB parts parts.sub
JOB merge merge.sub
PARENT parts CHILD merge
`,
    "parts.sub": `# One job for each line of parts.txt; all machines see this folder.
executable = part.sh
arguments = $(part)
output = part-$(Process).out
error = part-$(Process).err
log = parts.log
request_cpus = 1
request_memory = 400MB
should_transfer_files = NO
max_retries = 3
queue part from parts.txt
`,
    "merge.sub": `executable = merge.sh
output = merge.out
error = merge.err
log = merge.log
request_cpus = 1
request_memory = 2GB
should_transfer_files = NO
queue
`,
  }),
};
