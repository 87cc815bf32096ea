/**
 * What others need for the same workloads: hand-written C, and peers that a user can install.
 *
 * The C programs (bench/yardsticks/) are compiled with the machine's cc when there is one; SimPy runs when Debian's
 * Python has it (apt install python3-simpy3), simjs when the folder named by SIMJS has it (npm install simjs@2.0.3).
 * What is missing is left out. Each prints a line of JSON for a run, and times the run itself.
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const sources = fileURLToPath(new URL("../../bench/yardsticks/", import.meta.url));
const programs = fileURLToPath(new URL("./yardsticks/", import.meta.url));

export interface Yardstick {
  /** The workload whose work it does. */
  readonly workload: string;
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

export interface YardstickRun {
  readonly events: number;
  readonly seconds: number;
}

const GUARD = "guard fleet";

/** Compiles what can be compiled; returns the yardsticks that this machine has. */
export async function yardsticksHere(): Promise<Yardstick[]> {
  const c = (await compile()) ? cYardsticks() : [];
  const simPy = await runs("/usr/bin/python3", ["-c", "import simpy"]);
  const simJs = await runs(process.execPath, [`${sources}simjs_peer.mjs`, "hold", "8", "1000", "1"]);
  return [
    ...c,
    ...(simPy ? peerYardsticks("SimPy, processes", "/usr/bin/python3", `${sources}simpy_peer.py`) : []),
    ...(simJs ? peerYardsticks("simjs", process.execPath, `${sources}simjs_peer.mjs`) : []),
  ];
}

/** One timed run. */
export async function runYardstick(yardstick: Yardstick): Promise<YardstickRun> {
  const { stdout } = await run(yardstick.command, [...yardstick.arguments, "1"], { timeout: 300_000 });
  return JSON.parse(stdout) as YardstickRun;
}

async function compile(): Promise<boolean> {
  if (!(await runs("cc", ["--version"]))) return false;
  await mkdir(programs, { recursive: true });
  for (const name of ["hold", "mm1", "guard-fleet"]) {
    const flags = ["-O3", "-march=native", "-ffp-contract=off"];
    await run("cc", [...flags, "-o", `${programs}${name}`, `${sources}${name}.c`, "-lm"]);
  }
  return true;
}

function cYardsticks(): Yardstick[] {
  const of = (workload: string, name: string, program: string, ...words: string[]): Yardstick => ({
    workload,
    name,
    command: `${programs}${program}`,
    arguments: words,
  });
  return [
    of("W1 hold, 1024 pending", "C calendar, ziggurat", "hold", "calendar", "1024", "5000000"),
    of("W1 hold, 10000 pending", "C calendar, ziggurat", "hold", "calendar", "10000", "5000000"),
    of("W1 hold, 1000000 pending", "C calendar, ziggurat", "hold", "calendar", "1000000", "5000000"),
    of("W2 mm1", "C heap with callbacks, ziggurat", "mm1", "generic", "1000000"),
    of(`W3 ${GUARD}, 1000 servers`, "C server by server, ziggurat", "guard-fleet", "by-server", "1000", "180000"),
    of(`W3 ${GUARD}, 10000 servers`, "C server by server, ziggurat", "guard-fleet", "by-server", "10000", "18000"),
    of(
      `W3 ${GUARD}, 10000 servers, a barrier a minute`,
      "C calendar of all events, ziggurat",
      "guard-fleet",
      "calendar",
      "10000",
      "18000",
    ),
  ];
}

/** Peers get less to do: they are slower, and their times do not depend on how long they run. */
function peerYardsticks(name: string, command: string, script: string): Yardstick[] {
  const of = (workload: string, ...words: string[]): Yardstick => ({
    workload,
    name,
    command,
    arguments: [script, ...words],
  });
  return [
    of("W1 hold, 10000 pending", "hold", "10000", "100000"),
    of("W2 mm1", "mm1", "100000"),
    of(`W3 ${GUARD}, 10000 servers`, "guard-fleet", "10000", "600"),
  ];
}

async function runs(command: string, words: readonly string[]): Promise<boolean> {
  return run(command, [...words], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}
