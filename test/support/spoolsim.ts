/** The command as a user gives it: a process of its own, in a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** Lines of progress, which a slow machine tells and a quick one does not. */
const PROGRESS = /^\d+ of \d+ servers simulated.*\n/gm;

export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

/** Starts `spoolsim ...words` in the folder, on this Node or another; `ended` settles when it is over. */
export function start(
  cwd: string,
  words: readonly string[],
  node: string = process.execPath,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(node, [main, ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const status = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const ended = Promise.all([status, text(child.stdout), text(child.stderr)]);
  const outcome = ended.then(([code, stdout, stderr]) => {
    return { status: code, stdout, stderr: stderr.replace(PROGRESS, "") };
  });
  return { child, ended: outcome };
}

/** Runs `spoolsim ...words` in the folder to its end. */
export function spoolsim(cwd: string, ...words: string[]): Promise<Ended> {
  return start(cwd, words).ended;
}
