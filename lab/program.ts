/**
 * The identity of this program: its version, its build, its commit if it runs from a clone, the location of its files,
 * and its process.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hostname } from "node:os";
import { promisify } from "node:util";

/** The folder of package.json: two above the compiled file. */
export const programFolder = fileURLToPath(new URL("../../", import.meta.url));

export const programVersion = (JSON.parse(readFileSync(`${programFolder}package.json`, "utf8")) as { version: string })
  .version;

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

/** The rooms whose code determines results. */
const ROOMS = ["sim", "statistics", "models", "lab"];

let build: string | undefined;

/**
 * The hash of all that a result may depend on but for the scenario: the compiled files of the rooms below the command,
 * and package.json, which pins the packages. Another build may give the same results; the same build does.
 */
export function programBuild(): string {
  if (build !== undefined) return build;
  const hash = createHash("sha256").update(readFileSync(`${programFolder}package.json`));
  for (const room of ROOMS) {
    const folder = fileURLToPath(new URL(`../${room}/`, import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
    for (const file of files.filter((name) => /\.c?js$/.test(name)).sort()) {
      hash.update(`\n${room}/${file}\n`).update(readFileSync(folder + file));
    }
  }
  build = hash.digest("hex");
  return build;
}

/** Eight hexadecimal digits of this machine's name: machines that share a folder may have processes of one number. */
export const hostTag = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Whether a process of this number runs that is not this one. */
export function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
