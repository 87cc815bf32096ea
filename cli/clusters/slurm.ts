/** Slurm: a job array of the parts, and a job that depends on it. */
import type { ClusterEngine } from "./cluster-job.ts";

export const slurm: ClusterEngine = {
  name: "slurm",
  files: ({ name }) => ({
    "submit.sh": `#!/bin/sh
# Submits the parts in parts.txt and, after they have all succeeded, the merge.
# Options of sbatch may be given, such as --partition or --account; a site allows about 1000 parts (MaxArraySize).
set -eu
cd "$(dirname "$0")"
parts=$(sbatch --parsable --array="1-$(wc -l < parts.txt | tr -d ' ')" "$@" parts.sbatch)
sbatch --dependency="afterok:\${parts%%;*}" --kill-on-invalid-dep=yes "$@" merge.sbatch
`,
    "parts.sbatch": `#!/bin/sh
#SBATCH --job-name=${name}
#SBATCH --cpus-per-task=1
#SBATCH --mem=400M
#SBATCH --time=04:00:00
#SBATCH --output=part-%a.log
set -eu
part=$(sed -n "\${SLURM_ARRAY_TASK_ID}p" parts.txt)
exec ./part.sh "$part" "\${SLURM_CPUS_PER_TASK:-1}"
`,
    "merge.sbatch": `#!/bin/sh
#SBATCH --job-name=${name}-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --output=merge.log
exec ./merge.sh
`,
  }),
};
