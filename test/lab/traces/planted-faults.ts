/**
 * One-line faults in the compiled kernel of the print servers: the operators of its lines, changed one at a time. The
 * copy of the program in which one is planted is loaded beside the program itself.
 */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { programOf } from "../../../cli/other-program.ts";
import { firstDifference } from "../../../lab/traces/first-difference.ts";
import { thisProgram, type ComparedRun, type Program } from "../../../lab/traces/compared-run.ts";
import type { Scenario } from "../../../lab/experiment/scenario.ts";
import type { StartedSlice } from "../../../lab/execution/slice-simulator.ts";
import { snapshotOf } from "../../../sim/snapshot.ts";

export interface KernelFault {
  /** Below dist/models/print-servers/. */
  readonly file: string;
  readonly line: number;
  readonly to: string;
}

/** What stands in the place of what, wherever a line has it. */
const operators: readonly (readonly [from: string, to: string])[] = [
  ["++", "+= 2"],
  ["--", "-= 2"],
  [" + ", " - "],
  [" - ", " + "],
  [" += ", " -= "],
  [" === ", " !== "],
  [" < ", " <= "],
  [" > ", " >= "],
  [" && ", " || "],
  [" = 1;", " = 0;"],
  [" = 0;", " = 1;"],
  ["return;", ";"],
];

const FILES = [
  "kernel.js",
  "service.js",
  "lock.js",
  "job-queues.js",
  "port-threads.js",
  "print-processors.js",
  "workload.js",
  "spoolers/buggy.js",
  "upkeep/maintenance.js",
  "related-bugs/related-bugs.js",
];

const dist = fileURLToPath(new URL("../../../", import.meta.url));

/** All such faults, in the order of the files and lines; some of them change nothing. */
export async function kernelFaults(): Promise<KernelFault[]> {
  const faults: KernelFault[] = [];
  for (const file of FILES) {
    const lines = (await readFile(join(dist, "models/print-servers", file), "utf8")).split("\n");
    // A fault in a constructor changes the simulation from the start, and not at an event.
    let isMethod = false;
    lines.forEach((text, i) => {
      if (/^ {4}\w.*\{$/.test(text)) isMethod = !/^ {4}(constructor|observe|check|get|static)\b/.test(text);
      const operator = operators.find(([from]) => text.includes(from));
      if (!isMethod || operator === undefined || /for \(|throw|^\s*(\*|\/)/.test(text)) return;
      faults.push({ file, line: i, to: text.replace(...operator) });
    });
  }
  return faults;
}

/** A scenario in which much happens within minutes. */
export const busy: Scenario = {
  model: "print-servers",
  servers: 1,
  horizonDays: 0.012,
  sampleEveryHours: 1,
  parameters: {
    ...{ jobsPerDay: 12000, profile: "flat", printers: 3, deleteShare: 0.2, pauseDeleteShare: 0.1, levelShare: 0.1 },
    ...{ waitingDeleteShare: 0.05, stuckDeleteShare: 0.3, stuckMinutesMean: 1, dcsMax: 17, restartEveryHours: 0.1 },
    ...{ complaintMinutesMean: 4, Q224345: "present", Q226513: "present", Q283102: "present", Q247408: "present" },
  },
};

/** Loads a copy of the program with the fault for as long as `use` takes. */
export async function withFault<T>(fault: KernelFault, use: (program: Program) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-fault-"));
  try {
    await mkdir(join(folder, "dist"));
    for (const room of ["sim", "statistics", "models", "lab"]) {
      await cp(join(dist, room), join(folder, "dist", room), {
        recursive: true,
        filter: (path) => !path.endsWith(".ts"),
      });
    }
    await cp(join(dist, "../package.json"), join(folder, "package.json"));
    await symlink(join(dist, "../node_modules"), join(folder, "node_modules"));
    const path = join(folder, "dist/models/print-servers", fault.file);
    const lines = (await readFile(path, "utf8")).split("\n");
    lines[fault.line] = fault.to;
    await writeFile(path, lines.join("\n"));
    return await use(await programOf(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const runBy = (program: Program): ComparedRun => ({ program, scenario: busy, seed: "faults", replication: 0 });

/** The simulation of the busy scenario at its beginning. */
async function started(by: Program): Promise<StartedSlice> {
  const { model, values } = await by.resolveScenario(busy);
  return new by.SliceSimulator(model, values, 1).start(values, "faults", 0, 0);
}

/** The times of the events until `until` with which the two states, as bytes, begin to differ. */
async function beginningsOfDifferences(program: Program, until: number): Promise<number[]> {
  const [one, other] = [await started(thisProgram), await started(program)];
  const bytes = ({ simulation, instance }: StartedSlice) => Buffer.from(snapshotOf({ simulation, instance }, {}));
  const beginnings: number[] = [];
  let wasSame = true;
  for (;;) {
    // A fault may cause an event at which the other program has none yet.
    const stepped = [one, other].filter(({ simulation }) => simulation.step(until));
    if (stepped.length === 0) return beginnings;
    const isSame = bytes(one).equals(bytes(other));
    if (wasSame && !isSame) beginnings.push(Math.min(...stepped.map(({ simulation }) => simulation.now)));
    wasSame = isSame;
  }
}

/**
 * What becomes of a fault: "none" when it has no effect here, "fails" when the kernel throws, "found" when the event
 * that is found is one with which the states begin to differ, and otherwise what is wrong.
 */
export function outcomeOf(fault: KernelFault): Promise<"none" | "fails" | "found" | string> {
  return withFault(fault, async (program) => {
    const found = await firstDifference(runBy(thisProgram), runBy(program)).catch(() => "fails" as const);
    if (found === "fails") return found;
    if (found === undefined) {
      const [one, other] = [await started(thisProgram), await started(program)];
      for (const { simulation } of [one, other]) simulation.run(busy.horizonDays * 86400e6);
      return one.simulation.digest.of(0) === other.simulation.digest.of(0) ? "none" : "not found";
    }
    const beginnings = await beginningsOfDifferences(program, found.time + 1);
    return beginnings.includes(found.time) ? "found" : `found at ${found.time}, not at ${beginnings.join(" or ")}`;
  });
}

/** The same in a process of its own, because a fault may make a loop endless: then it "fails". */
export async function outcomeElsewhere(fault: KernelFault): Promise<string> {
  const words = [fileURLToPath(import.meta.url), JSON.stringify(fault)];
  return promisify(execFile)(process.execPath, words, { timeout: 60_000, killSignal: "SIGKILL" }).then(
    ({ stdout }) => stdout,
    () => "fails",
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(await outcomeOf(JSON.parse(process.argv[2]) as KernelFault));
}
