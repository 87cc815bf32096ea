/**
 * What an experiment costs through each engine beside its runs: `node dist/test/engine-costs.js` measures and prints
 * a table; `--write` puts it into docs/scaling.md, and a picture beside it.
 *
 * It lies here because it starts the servers of the tests. Every time is that of a whole command with runs that are
 * nearly empty, the least of three: at least as many runs or tasks more tell what one of them costs.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { startPostgres } from "./support/postgres.ts";
import { startSlurm } from "./support/slurm.ts";
import { start } from "./support/spoolsim.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const ROUNDS = 3;

/** Each server is a run, so a replication has 64. */
const RUNS_OF_REPLICATION = 64;
const EXPERIMENT = `question: What does an engine cost?
seed: 1
replications: 1
scenario: {model: mm1, servers: ${RUNS_OF_REPLICATION}, horizonDays: 0.0001}
`;

/** The experiment that the picture is of. */
const RUNS = 1000;
const TASKS = 16;

/** What an engine adds to the runs [s]. */
interface Cost {
  readonly engine: string;
  /** Of the whole experiment, once. */
  readonly start: number;
  /** Of each task; 0 where there are none. */
  readonly task: number;
  /** Of each run. */
  readonly run: number;
}

let folder: string;
let names = 0;
const fresh = () => `c${names++}`;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const at = performance.now();
    await work();
    least = Math.min(least, (performance.now() - at) / 1000);
  }
  return least;
}

async function command(...words: string[]): Promise<void> {
  const { status, stderr } = await start(folder, words).ended;
  if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
}

const experiment =
  (replications: number, ...words: string[]) =>
  () =>
    command("run", "x.yaml", "--replications", String(replications), ...words);
const written = ["--out", "o", "--force", "--no-report", "--no-chart"];

/** What the command costs at its start, and for each run more, with ten replications instead of one. */
async function byRuns(words: (replications: number) => () => Promise<void>): Promise<{ start: number; run: number }> {
  const [few, many] = [await seconds(words(1)), await seconds(words(10))];
  const each = (many - few) / (9 * RUNS_OF_REPLICATION);
  return { start: few - RUNS_OF_REPLICATION * each, run: each };
}

/** What a task more costs a core, with nine tasks instead of one. */
async function byTasks(
  submit: (job: string) => Promise<void>,
  engine: string,
): Promise<{ start: number; task: number }> {
  const took = async (tasks: number) => {
    let least = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const job = fresh();
      await command("cluster", engine, "x.yaml", "--tasks", String(tasks), "--out", job);
      const at = performance.now();
      await submit(join(folder, job));
      least = Math.min(least, (performance.now() - at) / 1000);
    }
    return least;
  };
  const [one, nine] = [await took(1), await took(9)];
  return { start: one - (nine - one) / 8, task: (nine - one) / 8 };
}

async function measured(): Promise<Cost[]> {
  const inline = await byRuns((n) => experiment(n, ...written, "--workers", "1", "--no-cache"));
  const less = ({ start, run: each }: { start: number; run: number }) => ({
    start: Math.max(0, start - inline.start),
    run: Math.max(0, each - inline.run),
  });
  const threads = await byRuns((n) => experiment(n, ...written, "--workers", "2", "--no-cache"));
  const cached = await byRuns((n) => experiment(n, ...written, "--workers", "1", "--cache", fresh()));
  const part = await byRuns((n) => experiment(n, "--part", "1/1", "--workers", "1", "--cache", fresh()));
  const env = { ...process.env, HOME: folder };
  const parallel = await byTasks(
    async (job) => void (await run(join(job, "submit.sh"), ["--jobs", "1"], { env })),
    "parallel",
  );
  const slurm = await startSlurm(join(folder, "slurm"));
  const array = await byTasks(async (job) => {
    // A node for each task, so that no two run side by side.
    await run(join(job, "submit.sh"), ["--exclusive"], { env: slurm.env });
    await slurm.idle();
  }, "slurm").finally(() => slurm.stop());
  const server = await startPostgres();
  process.env.PGPASSWORD = server.password;
  const { child, ended } = start(folder, ["work", "--workers", "1", "--queue", server.url]);
  let seed = 0;
  const queued = await byRuns(
    (n) => () => experiment(n, ...written, "--queue", server.url, "--cache", fresh(), "--seed", String(seed++))(),
  );
  child.kill("SIGTERM");
  await ended;
  await server.stop();
  const perRun = less(cached).run;
  return [
    { engine: "two threads", task: 0, ...less(threads) },
    { engine: "the cache", task: 0, ...less(cached) },
    { engine: "parts, started by hand", start: inline.start, task: part.start, run: perRun },
    { engine: "parts through GNU parallel", start: parallel.start, task: parallel.task, run: perRun },
    { engine: "parts through Slurm", start: array.start, task: array.task, run: perRun },
    { engine: "the queue, one worker", task: 0, ...less(queued) },
  ];
}

/** What the engine adds to the experiment of the picture [s]. */
const total = ({ start, task, run: each }: Cost) => start + TASKS * task + RUNS * each;

const length = (value: number) =>
  value >= 0.095 ? `${value.toPrecision(2)} s` : `${(1000 * value).toPrecision(2)} ms`;

function tableOf(costs: readonly Cost[]): string {
  const rows = costs.map((cost) => {
    const cells = [cost.start, cost.task, cost.run].map((value) => (value < 5e-5 ? "nothing" : length(value)));
    // From the duration at which it adds a tenth to the work.
    return `| ${[cost.engine, ...cells, length((10 * total(cost)) / RUNS)].join(" | ")} |`;
  });
  return `| engine | at the start | for each task | for each run | pays from, a run |
| --- | --- | --- | --- | --- |
${rows.join("\n")}`;
}

async function pictureOf(costs: readonly Cost[]): Promise<string> {
  const Plot = await import("@observablehq/plot");
  const { parseHTML } = await import("linkedom");
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const lengths = Array.from({ length: 201 }, (_, i) => 10 ** (-4 + i / 40));
  const points = costs.flatMap((cost) =>
    lengths.map((x) => ({ engine: cost.engine, x, y: (100 * total(cost)) / RUNS / x })).filter(({ y }) => y <= 100),
  );
  // A line's name is at its right end, each a little lower than the one before.
  const labels = costs.map((cost, i) => {
    const y = 94 - 11 * i;
    return { engine: cost.engine, x: (100 * total(cost)) / RUNS / y, y };
  });
  const halo = { stroke: "white", strokeWidth: 4 };
  const plot = Plot.plot({
    document: document as never,
    width: 760,
    height: 400,
    marginLeft: 60,
    marginRight: 20,
    style: { fontFamily: "system-ui, sans-serif", fontSize: "13px", background: "white" },
    x: { type: "log", label: "work in a run [s]", grid: true, tickFormat: String },
    y: { label: "cost of the engine [% of the work]", grid: true, domain: [0, 100] },
    color: { range: ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#b07400", "#000000"] },
    marks: [
      Plot.ruleY([10], { stroke: "#1f2328", strokeDasharray: "4 3" }),
      Plot.line(points, { x: "x", y: "y", stroke: "engine", strokeWidth: 2 }),
      Plot.text(labels, { x: "x", y: "y", text: "engine", fill: "engine", textAnchor: "start", dx: 6, ...halo }),
    ],
  } as never);
  return plot.outerHTML.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
folder = await mkdtemp(join(tmpdir(), "spoolsim-engines-"));
try {
  await writeFile(join(folder, "x.yaml"), EXPERIMENT);
  const costs = await measured();
  const table = tableOf(costs);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  const model = cpus()[0]?.model.trim() ?? "an unknown processor";
  const where = `${model}, ${cpus().length} cores, Node ${process.versions.node}, commit ${commit}`;
  console.log(`${table}\n\n${where}`);
  if (values.write) {
    const path = join(root, "docs/scaling.md");
    const text = await readFile(path, "utf8");
    const block = `<!-- engine costs -->\n${table}\n\nMeasured on ${where}.\n<!-- end of engine costs -->`;
    await writeFile(
      path,
      text.replace(/<!-- engine costs -->[\s\S]*<!-- end of engine costs -->/, () => block),
    );
    await writeFile(join(root, "docs/engine-costs.svg"), await pictureOf(costs));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
