/** The command as a user gives it, in a folder of its own. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
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

/** What the host of commands is asked to execute. */
export interface Command {
  readonly cwd: string;
  readonly words: readonly string[];
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
  return { child, ended: ended.then(([code, stdout, stderr]) => withoutProgress({ status: code, stdout, stderr })) };
}

/**
 * Runs `spoolsim ...words` in the folder to its end, in a process of its own. Only this shows what a process may do to
 * the next command: --trust, the environment, and modules of the user's that were changed meanwhile.
 */
export function spoolsimAlone(cwd: string, ...words: string[]): Promise<Ended> {
  return start(cwd, words).ended;
}

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Runs `spoolsim ...words` in the folder to its end, in a process that the commands of a test file share. */
export function spoolsim(cwd: string, ...words: string[]): Promise<Ended> {
  const ended = last.then(() => ask({ cwd, words }));
  last = ended.catch(() => undefined);
  return ended;
}

async function ask(command: Command): Promise<Ended> {
  host ??= startHost();
  // A host that waits for the next command does not keep the test file from ending; one at work does.
  host.channel!.ref();
  host.send(command);
  const over = new AbortController();
  const died = once(host, "exit", over).then(([code, signal]) => {
    throw new Error(`the host of commands ended (${code ?? signal}) at spoolsim ${command.words.join(" ")}`);
  });
  const [ended] = (await Promise.race([once(host, "message", over), died])) as [Ended];
  over.abort();
  host.channel!.unref();
  return withoutProgress(ended);
}

function startHost(): ChildProcess {
  const file = fileURLToPath(new URL("./command-host.js", import.meta.url));
  const child = fork(file, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  // What a command prints comes as a message.
  child.stdout!.destroy();
  child.unref();
  return child;
}

function withoutProgress({ status, stdout, stderr }: Ended): Ended {
  return { status, stdout, stderr: stderr.replace(PROGRESS, "") };
}
