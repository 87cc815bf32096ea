/** Which program this is: its version, its commit where it runs from a clone, and where its files lie. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The folder of package.json: two above the compiled file. */
export const programFolder = fileURLToPath(new URL("../../", import.meta.url));

export const programVersion = (
  JSON.parse(readFileSync(`${programFolder}package.json`, "utf8")) as { version: string }
).version;

/** The commit of the clone the program runs from, with "+" when files were changed since; undefined outside a clone. */
export async function programCommit(): Promise<string | undefined> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", programFolder, ...args])).stdout.trim();
  try {
    const commit = await git("rev-parse", "--short=12", "HEAD");
    return (await git("status", "--porcelain", "--untracked-files=no")) === "" ? commit : `${commit}+`;
  } catch {
    return undefined;
  }
}
