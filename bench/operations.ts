/**
 * Counts exactly what a workload does: calls of functions and iterations of loops, as V8 counts them for coverage.
 *
 *     node dist/bench/operations.js [--write]
 *
 * Times are noisy, counts are not: they are the same on every machine and every Node version. A test compares them with
 * operations.json, so a change that makes the loop do more is noticed at once. The code itself contains no counters. V8
 * counts reliably only in code that it does not optimize, so the counting process runs without the optimizing
 * compilers, at small sizes. Without an argument the counts are printed; --write makes operations.json again.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import inspector from "node:inspector";
import { fileURLToPath } from "node:url";

/** The counts of one workload, by "file function", and by "file function, loop n" in source order. */
export type Operations = Readonly<Record<string, number>>;

const self = fileURLToPath(import.meta.url);
/** Beside the source, because it is committed. */
export const operationsFile = fileURLToPath(new URL("../../bench/operations.json", import.meta.url));

/** The workloads that represent the loop, and the rooms whose code is counted. */
const COUNTED = ["W1 hold, 1024 pending", "W2 mm1", "W3 guard fleet, 1000 servers", "W4 print servers, office"];
const ROOMS = /\/dist\/((?:sim|models)\/[\w/-]+|bench\/guard-fleet)\.js$/;

/** The body of a loop begins after its head. */
const LOOP_HEAD = /(\b(for|while) \(.*\)|\bdo)\s*$/;

/** The operations of every workload, each counted in its own process. */
export function countAll(): Readonly<Record<string, Operations>> {
  const counted = COUNTED.map((name) => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--no-opt", "--no-maglev", self, "--child", name], {
      encoding: "utf8",
      timeout: 240_000,
    });
    if (stderr !== "") throw new Error(stderr);
    return [name, JSON.parse(stdout) as Operations] as const;
  });
  return Object.fromEntries(counted);
}

async function count(name: string): Promise<Operations> {
  const { workloads } = await import("./workloads.ts");
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`there is no workload "${name}"`);
  const session = new inspector.Session();
  session.connect();
  const answerOf = <Answer>(ask: (answer: (error: Error | null, result: Answer) => void) => void): Answer => {
    let result: Answer | undefined;
    ask((error, answer) => {
      if (error !== null) throw new Error(error.message);
      result = answer;
    });
    return result!;
  };
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  workload.begin(workload.sizes.small).run();
  const { result } = answerOf<inspector.Profiler.TakePreciseCoverageReturnType>((answer) =>
    session.post("Profiler.takePreciseCoverage", answer),
  );
  session.disconnect();
  return Object.fromEntries(result.flatMap(operationsOf).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function operationsOf({ url, functions }: inspector.Profiler.ScriptCoverage): [string, number][] {
  const file = ROOMS.exec(url)?.[1];
  if (file === undefined) return [];
  const text = readFileSync(fileURLToPath(url), "utf8");
  return functions.flatMap(({ functionName, ranges: [whole, ...blocks] }): [string, number][] => {
    if (whole.count === 0 || functionName === "" || functionName.startsWith("<")) return [];
    const loops = blocks
      .filter(({ startOffset }) => LOOP_HEAD.test(text.slice(text.lastIndexOf("\n", startOffset) + 1, startOffset)))
      .sort((a, b) => a.startOffset - b.startOffset);
    return [
      [`${file} ${functionName}`, whole.count],
      ...loops.map((loop, i): [string, number] => [`${file} ${functionName}, loop ${i + 1}`, loop.count]),
    ];
  });
}

const [command, name] = process.argv.slice(2);
if (process.argv[1] === self) {
  if (command === "--child") process.stdout.write(JSON.stringify(await count(name)));
  else if (command === "--write") writeFileSync(operationsFile, `${JSON.stringify(countAll(), undefined, 2)}\n`);
  else process.stdout.write(`${JSON.stringify(countAll(), undefined, 2)}\n`);
}
