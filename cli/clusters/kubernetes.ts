/** Kubernetes: an Indexed Job of the parts, and a Job for the merge. */
import { stringify } from "yaml";
import type { ClusterEngine, ClusterJob } from "./cluster-job.ts";

export const kubernetes: ClusterEngine = {
  name: "kubernetes",
  files: (job) => ({
    "submit.sh": `#!/bin/sh
# Runs the parts in parts.txt as an Indexed Job and, after they have all succeeded, the merge.
# Change parts.yaml and merge.yaml first: the image, and the volume in which the pods find this folder.
set -eu
cd "$(dirname "$0")"
kubectl delete --ignore-not-found -f parts.yaml -f merge.yaml
sed "s/completions: .*/completions: $(wc -l < parts.txt | tr -d ' ')/" parts.yaml | kubectl apply -f -
kubectl wait --for=condition=complete --timeout=-1s job/${job.name}
kubectl apply -f merge.yaml
kubectl wait --for=condition=complete --timeout=-1s job/${job.name}-merge
`,
    "parts.yaml": manifest(
      job,
      job.name,
      "400Mi",
      `exec ./part.sh "$(sed -n "$((JOB_COMPLETION_INDEX + 1))p" parts.txt)"`,
      {
        completionMode: "Indexed",
        // submit.sh replaces it by the number of lines of parts.txt.
        completions: 1,
        parallelism: 50,
        backoffLimitPerIndex: 3,
      },
    ),
    "merge.yaml": manifest(job, `${job.name}-merge`, "2Gi", "exec ./merge.sh", { backoffLimit: 3 }),
  }),
};

function manifest({ folder }: ClusterJob, name: string, memory: string, command: string, spec: object): string {
  const resources = { requests: { cpu: "1", memory }, limits: { memory } };
  const container = {
    name: "spoolsim",
    image: "spoolsim:latest",
    workingDir: folder,
    command: ["/bin/sh", "-c", command],
    resources,
    volumeMounts: [{ name: "shared", mountPath: folder }],
  };
  const volumes = [{ name: "shared", persistentVolumeClaim: { claimName: "spoolsim" } }];
  const template = { spec: { restartPolicy: "Never", containers: [container], volumes } };
  return stringify({ apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { ...spec, template } });
}
