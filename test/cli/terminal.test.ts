/** The command at a terminal: its greeting, completion and chart, and the experiment that it gives to start from. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { canvasOf, draw } from "../../cli/leak-chart.ts";
import { progressLine } from "../../cli/progress.ts";
import { programFolder } from "../../lab/program.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-terminal-"));
});

afterEach(() => rm(cwd, { recursive: true }));

test("spoolsim alone greets with three commands that all exist", { timeout }, async () => {
  const { status, stdout, stderr } = await spoolsim(cwd);
  assert.deepEqual([status, stderr], [0, ""]);
  const commands = [...stdout.matchAll(/^ {2}spoolsim (\w+)/gm)].map(([, command]) => command);
  assert.deepEqual(commands, ["run", "explain", "init"]);
  const help = (await spoolsim(cwd, "--help")).stdout;
  for (const command of commands) assert.match(help, new RegExp(`^  spoolsim ${command}\\b`, "m"));
});

test("init writes an experiment that an editor completes and that runs unchanged", { timeout }, async () => {
  const { status, stdout, stderr } = await spoolsim(cwd, "init", "mine.yaml");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^ {2}spoolsim run mine\.yaml --quick --out results\/first-look/m);
  const text = await readFile(join(cwd, "mine.yaml"), "utf8");
  const schema = /^# yaml-language-server: \$schema=(.*)\n/.exec(text)?.[1];
  assert.equal(resolve(cwd, schema!), join(programFolder, "experiments", "experiment.schema.json"));
  const ran = await spoolsim(cwd, "run", "mine.yaml", "--quick", "--workers", "1", "--chart");
  assert.deepEqual([ran.status, ran.stderr.replace(/^\d+ of \d+ servers simulated.*\n/gm, "")], [0, ""]);
  assert.match(ran.stdout, /[Rr]estart nightly means as many jobs starved as restart never/);
  assert.match(
    ran.stdout.replaceAll("\n", " "),
    /[Ww]ith restart nightly, a server leaks \S+ fewer print processors a day \(95 % interval .*\) than with restart never/,
  );
  assert.match(ran.stdout, /^print processor instances leaked so far, per server, over 2 days$/m);
});

test("init never overwrites a file, and does not need a name", { timeout }, async () => {
  assert.equal((await spoolsim(cwd, "init")).status, 0);
  await writeFile(join(cwd, "experiment.yaml"), "mine");
  const { status, stderr } = await spoolsim(cwd, "init");
  assert.equal(status, 2);
  assert.equal(stderr, "spoolsim: experiment.yaml exists already; an experiment goes to a new file\n");
  assert.equal(await readFile(join(cwd, "experiment.yaml"), "utf8"), "mine");
});

/** What the shell's own completion asks, and the answer. */
async function completions(shell: string, ...words: string[]): Promise<string[]> {
  const main = join(programFolder, "dist/cli/main.js");
  const { SHELL: _, ZSH_NAME: __, ...rest } = process.env;
  const env = { ...rest, SHELL: shell };
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--get-yargs-completions", ...words], { env });
  return stdout.trim().split("\n");
}

for (const shell of ["bash", "zsh", "fish"]) {
  test(`completion prints a script for ${shell}, and completes commands and options`, { timeout }, async () => {
    const { status, stdout } = await spoolsim(cwd, "completion", shell);
    assert.equal(status, 0);
    assert.match(stdout, { bash: /complete .*-F/, zsh: /compdef/, fish: /^complete -c spoolsim -a/m }[shell]!);
    assert.ok(stdout.includes("spoolsim --get-yargs-completions"));
    const words = async (...typed: string[]) =>
      (await completions(shell, "spoolsim", ...typed)).map((line) => line.replace(/[\t:].*/, ""));
    assert.ok((await words("")).includes("explain"));
    assert.ok((await words("run", "--s")).includes("--seed"));
    assert.deepEqual(await words("trace", "--format", ""), ["csv", "perfetto"]);
  });
}

const two = [
  { name: "steep", values: [0, 50, 100] },
  { name: "flat", values: [0, 5, 10] },
];

test("a chart draws each curve to its end and puts its name there", () => {
  const lines = draw(two, "28 d", { columns: 60, braille: false }).split("\n");
  assert.equal(lines.length, 12);
  for (const line of lines) assert.ok(line.length <= 60, line);
  assert.match(lines[0], /^100 \| +a+ a 100 {2}steep$/);
  assert.match(lines[8], /^ +\| +[ab ]*b+ b 10\.0 {2}flat$/);
  assert.match(lines[9], /^ {2}0 \|[ab]/);
  assert.match(lines[11], /^ +0 +28 d$/);
  // The steep curve is a line, so it rises by the same amount in each row.
  const first = lines.slice(0, 10).map((line) => line.indexOf("a"));
  assert.deepEqual(
    first,
    first.toSorted((a, b) => b - a),
  );
});

test("a chart in braille has the same shape, and curves that end at one value have names on rows of their own", () => {
  const curves = [two[0], { ...two[0], name: "same" }, { name: "none", values: [0, 0, 0] }];
  const lines = draw(curves, "1 d", { columns: 70, braille: true }).split("\n");
  for (const line of lines) assert.ok([...line].length <= 70, line);
  assert.match(lines[0], /^100 │ +[\u2800-\u28ff]+ 100 {2}steep$/);
  assert.match(lines[1], /100 {2}same$/);
  assert.match(lines[9], /^ {2}0 │[\u2800-\u28ff]+ 0 {2}none$/);
  assert.match(lines[10], /└─+$/);
});

test("a chart is as wide as its terminal, and uses letters where braille is not available", () => {
  assert.deepEqual(canvasOf({ LANG: "en_GB.UTF-8" }, 72), { columns: 72, braille: true });
  assert.deepEqual(canvasOf({ LC_ALL: "C", LANG: "en_GB.UTF-8" }, undefined), { columns: 80, braille: false });
  assert.deepEqual(canvasOf({ LANG: "en_GB.UTF-8", TERM: "linux" }, 80), { columns: 80, braille: false });
});

test("a progress line has the answer so far, and shortens the bar and then the answer to fit", () => {
  const shown = { share: 0.25, seconds: 100, events: 4e8, answer: "" };
  const answer = "8.26 ± 0.06 print processors per server-day, office, buggy - fixed, 6 replications";
  assert.equal(progressLine(shown, 120), `${"█".repeat(8)}${"░".repeat(22)} 25 % | 4.0 M events/s | ETA 5:00`);
  assert.ok(progressLine({ ...shown, answer }, 140).endsWith(` | ETA 5:00 | ${answer}`));
  const narrow = progressLine({ ...shown, answer }, 80);
  assert.match(narrow, /^██░{6} 25 % \| 4\.0 M events\/s \| ETA 5:00 \| 8\.26 ± 0\.06 print processors per s…$/);
  const lengthAt = (columns: number) => progressLine({ ...shown, answer }, columns).length;
  assert.deepEqual([10, 40, 80, 100].map(lengthAt), [9, 39, 79, 99]);
  assert.match(progressLine({ ...shown, share: 0 }, 80), /░ 0 % \| 4\.0 M events\/s$/);
  assert.match(progressLine({ ...shown, seconds: 1.1 }, 80), /ETA 4s$/);
  assert.match(progressLine({ ...shown, events: 4.2e6 }, 80), / 0\.04 M events\/s /);
  assert.match(progressLine({ ...shown, seconds: 3600 }, 80), /ETA 3:00:00$/);
});
