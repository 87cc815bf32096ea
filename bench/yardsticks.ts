/**
 * What other programs need for the same workloads: hand-written C, and peers that a user can install.
 *
 * There are two kinds of C. "Same work" follows our rules (streams, order, digest), so it is our limit, and its digest
 * must equal ours. "Free" may draw and order as it likes. Both are compiled with the machine's cc, if there is one.
 * SimPy runs if Debian's Python has it (apt install python3-simpy3), ns-3 if its headers are installed (apt install
 * libns3-dev), and simjs if the folder named by SIMJS has it (npm install simjs@2.0.3). xDEVS runs if the folder named
 * by XDEVS is a copy of its repository (iscar-ucm/xdevs.py), or Python has it. Missing ones are reported. Each prints a
 * line of JSON per run and times the run itself, in processor time.
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const sources = fileURLToPath(new URL("../../bench/yardsticks/", import.meta.url));
const programs = fileURLToPath(new URL("./yardsticks/", import.meta.url));

export type YardstickKind = "same work" | "free" | "peer";

export interface Yardstick {
  /** The workload that it implements. */
  readonly workload: string;
  readonly kind: YardstickKind;
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

export interface YardstickRun {
  readonly events: number;
  /** Processor time [s]. */
  readonly seconds: number;
  /** The outcome; for the same work, our digest. */
  readonly check: string;
}

/** The yardsticks of this machine, and a sentence on each that is missing. */
export interface Yardsticks {
  readonly found: readonly Yardstick[];
  readonly missing: readonly string[];
}

const GUARD = "guard fleet";
const PYTHON = "/usr/bin/python3";

/** Compiles the yardsticks of these workloads and kinds; returns those that this machine can run. */
export async function yardsticksHere(
  workloads: readonly string[],
  kinds: readonly YardstickKind[] = ["same work", "free", "peer"],
): Promise<Yardsticks> {
  const [simPyScript, simJsScript] = [`${sources}simpy_peer.py`, `${sources}simjs_peer.mjs`];
  const xdevsScript = `${sources}xdevs_peer.py`;
  type IsHere = (wanted: readonly Yardstick[]) => Promise<boolean>;
  const families: readonly (readonly [Yardstick[], isHere: IsHere, otherwise: string])[] = [
    [cYardsticks(), compile, "C is left out: there is no compiler named cc (Debian: apt install gcc)"],
    [ns3Yardsticks(), compileNs3, "ns-3 is left out: c++ finds no headers of it (Debian: apt install g++ libns3-dev)"],
    [
      peerYardsticks("SimPy, processes", PYTHON, simPyScript),
      () => runs(PYTHON, ["-c", "import simpy"]),
      "SimPy is left out: Python has no module simpy (Debian: apt install python3-simpy3)",
    ],
    [
      xdevsYardsticks(xdevsScript),
      () => runs(PYTHON, [xdevsScript, "LI", "2", "1"]),
      "xDEVS is left out: XDEVS names no copy of its repository (pip install xdevs==3.0.0)",
    ],
    [
      peerYardsticks("simjs", process.execPath, simJsScript),
      () => runs(process.execPath, [simJsScript, "hold", "8", "1000", "1"]),
      "simjs is left out: SIMJS names no folder with it (npm install simjs@2.0.3)",
    ],
  ];
  const found: Yardstick[] = [];
  const missing: string[] = [];
  for (const [all, isHere, otherwise] of families) {
    const wanted = all.filter(({ workload, kind }) => workloads.includes(workload) && kinds.includes(kind));
    if (wanted.length === 0) continue;
    if (await isHere(wanted)) found.push(...wanted);
    else missing.push(otherwise);
  }
  return { found, missing };
}

/** One timed run. */
export async function runYardstick(yardstick: Yardstick): Promise<YardstickRun> {
  const { stdout } = await run(yardstick.command, [...yardstick.arguments, "1"], { timeout: 300_000 });
  return JSON.parse(stdout) as YardstickRun;
}

async function compile(wanted: readonly Yardstick[]): Promise<boolean> {
  if (!(await runs("cc", ["--version"]))) return false;
  await mkdir(programs, { recursive: true });
  for (const program of new Set(wanted.map(({ command }) => command))) {
    const flags = ["-O3", "-march=native", "-ffp-contract=off"];
    await run("cc", [...flags, "-o", program, `${sources}${basename(program)}.c`, "-lm"]);
  }
  return true;
}

async function compileNs3(): Promise<boolean> {
  await mkdir(programs, { recursive: true });
  return runs("c++", ["-O3", "-march=native", "-o", `${programs}ns3_peer`, `${sources}ns3_peer.cc`, "-lns3-core"]);
}

function ns3Yardsticks(): Yardstick[] {
  const of = (workload: string, ...words: string[]): Yardstick => ({
    workload,
    kind: "peer",
    name: "ns-3, priority queue",
    command: `${programs}ns3_peer`,
    arguments: words,
  });
  return [
    ...["1024", "10000", "1000000"].map((pending) => of(`W1 hold, ${pending} pending`, "hold", pending, "1000000")),
    of("W2 mm1", "mm1", "300000"),
  ];
}

function cYardsticks(): Yardstick[] {
  const sameWork = (workload: string, ...words: string[]): Yardstick => ({
    workload,
    kind: "same work",
    name: "C, the same work",
    command: `${programs}same-work`,
    arguments: words,
  });
  const free = (workload: string, name: string, program: string, ...words: string[]): Yardstick => ({
    workload,
    kind: "free",
    name,
    command: `${programs}${program}`,
    arguments: words,
  });
  const fleets = { small: `W3 ${GUARD}, 1000 servers`, large: `W3 ${GUARD}, 10000 servers` };
  const barriers = `${fleets.large}, a barrier a minute`;
  return [
    ...["1024", "10000", "1000000"].flatMap((pending) => [
      sameWork(`W1 hold, ${pending} pending`, "hold", pending, "5000000"),
      free(`W1 hold, ${pending} pending`, "calendar", "hold", "calendar", pending, "5000000"),
    ]),
    sameWork("W2 mm1", "mm1", "1209600"),
    free("W2 mm1", "heap with callbacks", "mm1", "generic", "1000000"),
    sameWork(fleets.small, "guard-fleet", "1000", "180000"),
    free(fleets.small, "server by server", "guard-fleet", "by-server", "1000", "180000"),
    sameWork(fleets.large, "guard-fleet", "10000", "18000"),
    free(fleets.large, "server by server", "guard-fleet", "by-server", "10000", "18000"),
    sameWork(barriers, "guard-fleet-windows", "10000", "18000"),
    free(barriers, "calendar of all events", "guard-fleet", "calendar", "10000", "18000"),
  ];
}

/** Peers get less work: they are slower, and their time per event does not depend on the amount. */
function peerYardsticks(name: string, command: string, script: string): Yardstick[] {
  const of = (workload: string, ...words: string[]): Yardstick => ({
    workload,
    kind: "peer",
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

/** As much smaller as it is slower. */
function xdevsYardsticks(script: string): Yardstick[] {
  return Object.entries({ LI: "40", HI: "40", HO: "40", HOmod: "12" }).map(([model, size]) => ({
    workload: `W5 DEVStone, ${model}`,
    kind: "peer",
    name: "xDEVS",
    command: PYTHON,
    arguments: [script, model, size],
  }));
}

async function runs(command: string, words: readonly string[]): Promise<boolean> {
  return run(command, [...words], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}
