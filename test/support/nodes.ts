/**
 * Other versions of Node, on which the same bytes are expected.
 *
 * SPOOLSIM_NODES in the environment lists their executables, separated by colons; .ci/run installs some.
 */
import { execFileSync } from "node:child_process";

export interface NodeVersion {
  readonly path: string;
  /** As `node --version` prints it, without the v. */
  readonly version: string;
}

export const otherNodes: readonly NodeVersion[] = (process.env.SPOOLSIM_NODES ?? "")
  .split(":")
  .filter((path) => path !== "")
  .map((path) => ({ path, version: execFileSync(path, ["--version"], { encoding: "utf8" }).trim().slice(1) }));

/** What to add to the name of a test that tries nothing where there is no other Node. */
export const needsNodes = otherNodes.length > 0 ? "" : " (SPOOLSIM_NODES names no other Node: not tested)";

/** Whether that Node runs TypeScript as it is: from 22.18. */
export function stripsTypes({ version }: NodeVersion): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}
