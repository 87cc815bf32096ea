/** The command as a user gives it, in a folder of its own. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { waitingFor } from "./waiting.ts";

/** Of a test that runs commands [ms]: nothing takes so long, not even on a busy machine. */
export const timeout = 120_000;

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

/** A run of a fraction of a second: 4 design points of mm1. */
export const tiny = [
  "run",
  "mm1",
  "--servers",
  "1",
  "--replications",
  "1",
  "--set",
  "horizonDays=0.01",
  "--workers",
  "1",
];

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

export interface Started {
  readonly child: ChildProcess;
  /** Settles when the command is over. */
  readonly ended: Promise<Ended>;
}

/** Starts `spoolsim ...words` in the folder, on this Node or another. */
export function start(
  cwd: string,
  words: readonly string[],
  { node = process.execPath, env = process.env }: { node?: string | undefined; env?: NodeJS.ProcessEnv } = {},
): Started {
  const child = spawn(node, [main, ...words], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const status = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const ended = Promise.all([status, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => {
    return withoutProgress({ status: code, stdout, stderr });
  });
  return { child, ended: waitingFor(`the end of spoolsim ${words.join(" ")}`, ended) };
}

/** When a process sends itself a signal: when something happens for the count-th time in any of its threads. */
export interface Instant {
  readonly signal: NodeJS.Signals;
  readonly count: number;
  /** A file whose path matches this is complete. */
  readonly file?: string;
  /** A statement with these words goes to a database. */
  readonly statement?: string;
  /** What each reading of the clock adds to the time of each thread [ms]; the clock does not move otherwise. */
  readonly clockStepMs?: number;
}

/** A result in the cache. */
export const CACHED = "\\.cache/../[0-9a-f]{62}$";

/** Starts `spoolsim ...words`, which sends itself a signal. */
export function startSignalled(cwd: string, instant: Instant, words: readonly string[]): Started {
  const preloaded = new URL("./signals-itself.js", import.meta.url).href;
  const env = { ...process.env, NODE_OPTIONS: `--import=${preloaded}`, SPOOLSIM_SIGNALLED: JSON.stringify(instant) };
  return start(cwd, words, { env });
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
  const ended = waitingFor(
    `the end of spoolsim ${words.join(" ")}`,
    last.then(() => ask({ cwd, words })),
  );
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
