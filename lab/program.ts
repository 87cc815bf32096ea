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

/**
 * The commit of the clone that the program runs from, followed by "+" if files have changed since; undefined outside a
 * clone.
 */
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
 * A hash of everything besides the scenario that a result may depend on: the compiled files of these rooms, and
 * package.json, which pins the packages. The same build gives the same results; another build may.
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

/**
 * Eight hexadecimal digits from the machine's name, because processes of different machines may have the same number.
 */
export const hostTag = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Whether another process with this number is running. */
export function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
