/**
 * The commands that documents and --help show. Each is parsed by the yargs definition of its command, its experiment
 * takes its settings, and the files that it reads are in the repository, made by an earlier command, or the reader's.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import yargs from "yargs";
import { commands, loadCommand } from "../../cli/commands.ts";
import { parametersOf } from "../../cli/import.ts";
import { experimentOf, type Changes } from "../../cli/options.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { shippedExperiments } from "../../lab/experiment/load.ts";
import { findPoint } from "../../lab/experiment/point-selector.ts";
import { readExperiment } from "../../lab/experiment/read.ts";
import { conditionOf } from "../../lab/traces/condition.ts";
import { commandsOf } from "../support/documents.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const filesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
const documents = ["README.md", ...["docs", "examples", "results"].flatMap((folder) => filesIn(folder, ".md"))];

/** What a reader brings, by what it stands for. */
const readersOwn: Readonly<Record<string, readonly string[]>> = {
  "logs of real servers": ["help1.csv", "office2.csv", "log.csv"],
  "answers to score": ["answers.csv"],
  "a list of prices": ["prices.yaml"],
  experiments: ["mine.yaml", "old.yaml", "new.yaml"],
  results: ["results/a", "results/b", "results/mine", "results/office", "manifest.json"],
  "what calibrate wrote": ["results/mine-posterior/posterior.csv", "posterior.csv"],
};
const shipped = await shippedExperiments();

/** The files that a document prints; the first line of each names it. */
function printedFilesOf(document: string): string[] {
  return [...document.matchAll(/^```\w+\n(?:\/\/|#) (\S+)$/gm)].map(([, file]) => file);
}

/** The examples that --help shows. */
function examplesOf(source: string): string[] {
  return [...source.matchAll(/\.example\((["'])\$0 (.*?)\1,/g)].map(([, , words]) => words);
}

/** What the command's own definition makes of the words. @throws Error as the command would */
async function parsed(words: string): Promise<Record<string, unknown>> {
  const [name] = words.split(" ");
  assert.ok(name in commands, `there is no command ${name}`);
  const command = await loadCommand(name);
  let args: Record<string, unknown> | undefined;
  const parser = yargs()
    .scriptName("spoolsim")
    .command(command)
    .strict()
    .middleware((taken) => {
      args = taken;
      throw new Error("parsed; the command itself is not executed");
    })
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
  try {
    await parser.parseAsync(words);
  } catch (error) {
    if (args === undefined) throw error;
  }
  return args!;
}

/** Checks a command, of which `made` says what earlier commands wrote, and adds what it writes. */
async function check(words: string, made: Set<string>): Promise<void> {
  if (words.startsWith("--")) return; // Of the program itself, as --help.
  if (!words.includes(" ")) return void assert.ok(words in commands, words);
  // A sentence about one option names no experiment.
  const args = await parsed(words.replace(/^(run|advise) --/, "$1 q223863 --").replace(/^cache merge$/, "$& FROM"));
  const isKnown = (path: string) =>
    made.has(path) || Object.values(readersOwn).flat().includes(path) || existsSync(join(root, path));
  const written = [args.out, args.page].filter((path) => typeof path === "string");
  const files = words
    .replaceAll('"', "")
    .split(/[ =,]/)
    .filter((word) => /\.(csv|json|m?[jt]s|ya?ml|log)$/.test(word));
  for (const file of files) assert.ok(isKnown(file) || written.includes(file), `nothing makes ${file}`);
  for (const path of written) made.add(path);
  const starter = args.model ?? args.spooler;
  if (words.startsWith("init ")) for (const ending of [".mjs", ".yaml"]) made.add(`./${String(starter)}${ending}`);

  const of = String(args.experiment ?? args.results ?? "").replace(/^results\//, "");
  const isShipped = shipped.includes(of);
  if (!isShipped) {
    const path = String(args.experiment ?? args.results ?? "mine.yaml");
    assert.ok(isKnown(path) || /^(<.*>|[A-Z]+)$/.test(path), `there is no experiment ${path}`);
  }
  const { seed, set, add = [], only } = args as Changes;
  const shippedAdd = add.filter((levels) => !levels.includes("./"));
  // What is set for imported servers is a parameter of the model, whatever an experiment varies.
  const isOfImport = /^(import|calibrate) /.test(words);
  const changes = { seed, set: isOfImport ? [] : set, add: shippedAdd, only } as Changes;
  const experiment = await experimentOf(isShipped ? of : "q223863", changes);
  const at = words.endsWith("...") || typeof args.at !== "string" ? "" : args.at;
  const point = await findPoint(experiment, at);
  for (const name of isOfImport ? Object.keys(parametersOf(set ?? [])) : []) {
    assert.ok(Object.hasOwn(point.resolved.model.parameters, name), `${name} is no parameter`);
  }
  if (typeof args.where === "string" && !args.where.startsWith("RESPONSE "))
    conditionOf(point.resolved.model, args.where);
}

const shown = [
  ...documents.map((path) => [path, commandsOf(read(path))] as const),
  ...filesIn("cli", ".ts").map((path) => [path, examplesOf(read(path))] as const),
].filter(([, commands]) => commands.length > 0);

for (const [path, commands] of shown) {
  test(`the ${commands.length} commands of ${path} are valid`, async () => {
    const made = new Set(printedFilesOf(read(path)));
    for (const words of commands) {
      await check(words, made).catch((error: Error) => assert.fail(`${path}: spoolsim ${words}: ${error.message}`));
    }
  });
}

test("experiments that a document prints accept their settings", async () => {
  const blocks = documents.flatMap((path) => [...read(path).matchAll(/```yaml\n(question:[\s\S]*?)```/g)]);
  assert.ok(blocks.length > 0);
  for (const [, text] of blocks) await designPoints(readExperiment("printed", text));
});

test("the programs of notebooks.md name columns that the tables have", () => {
  const tables = filesIn("results/reference/q223863-quick", ".csv");
  const columns = new Set(tables.flatMap((path) => read(path).split("\n", 1)[0].split(",")));
  const programs = [...read("docs/notebooks.md").matchAll(/```(?:python|r)\n([\s\S]*?)```/g)].map(([, text]) => text);
  const named = programs.flatMap((text) => text.match(/\b[a-z]+[A-Z]\w*/g) ?? []);
  const theirOwn = "firstLeakDays";
  assert.deepEqual(
    [...new Set(named)].filter((name) => !columns.has(name)),
    [theirOwn],
  );
});
