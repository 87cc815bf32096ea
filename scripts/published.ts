/**
 * What the project publishes and must be able to make again: `node dist/scripts/published.js` does so, and
 * published.test.ts compares.
 *
 * Published are the quick results in results/reference, all files but manifest.json, which has times in it; and in
 * README.md, docs/*.md and results/README.md the blocks that begin with one of these lines and end with `<!-- end -->`:
 *
 *     <!-- output of: spoolsim explain q223863 --quick -->        a fenced block with what the command prints
 *     <!-- output of: spoolsim describe mm1 | head -12 -->        its first 12 lines
 *     <!-- columns of servers.csv -->                             the columns of a table of q223863
 *     <!-- columns of the responses -->                           the responses of the print servers
 *     <!-- output of: these commands -->                          a fenced block of commands, each followed by what it
 *                                                                 prints; a command begins with "$ spoolsim"
 *     <!-- output of: these slow commands -->                     the same; `published.js --slow` makes it again
 *
 * A command has no quotes; it runs in an empty temporary folder, as `node dist/cli/main.js`, once however often it is
 * shown. "These commands" run in the order of the page, in one folder, because one may read what another wrote. Output
 * is shown as it is, without empty lines at either end, but for one thing: seconds are the machine's, so "events in
 * 1.2 s" is shown as "events in _ s".
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Column, Table } from "../lab/results/csv.ts";
import { designPoints } from "../lab/experiment/design.ts";
import { comparisonTable } from "../lab/analysis/comparison.ts";
import { leakRatesTable, meansTable } from "../lab/analysis/leak-rates.ts";
import { loadExperiment } from "../lab/experiment/load.ts";
import { withOverrides } from "../lab/experiment/override.ts";
import { programFolder } from "../lab/program.ts";
import { selectionTable } from "../lab/analysis/selection.ts";
import { logRankTable, survivalTable } from "../lab/analysis/survival.ts";
import { planResults, responsesOf, type Plan } from "../lab/experiment/plan.ts";
import { runsTable } from "../lab/results/runs-table.ts";
import { samplesTable } from "../lab/results/samples-table.ts";
import { serversTable } from "../lab/results/servers-table.ts";
import type { Response } from "../models/contract/responses.ts";

/** The folders of results/reference, with the commands that make them. */
const references: Readonly<Record<string, string>> = {
  "q223863-quick": "spoolsim run q223863 --quick --out q223863",
  "mm1-quick": "spoolsim run mm1 --quick --out mm1",
};

/** The output of a command, and the files in its folder, by name. */
interface Output {
  readonly printed: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Runs `spoolsim ...words` in the folder and returns what it prints. */
export type Execute = (cwd: string, words: readonly string[]) => Promise<string>;

const asProcess: Execute = async (cwd, words) => {
  const options = { cwd, env: { ...process.env, FORCE_COLOR: "0" }, maxBuffer: 1 << 26 };
  const main = join(programFolder, "dist", "cli", "main.js");
  return (await promisify(execFile)(process.execPath, [main, ...words], options)).stdout;
};

const outputs = new Map<string, Promise<Output>>();

/** @throws Error when the command is not one of ours, or fails */
async function outputOf(command: string, execute: Execute): Promise<Output> {
  const known = outputs.get(command);
  if (known !== undefined) return known;
  const output = outputIn(command, execute);
  outputs.set(command, output);
  return output;
}

/** What the command prints. @throws Error when it is not one of ours, or fails */
async function printedBy(command: string, cwd: string, execute: Execute): Promise<string> {
  const [program, ...words] = command.split(" ");
  if (program !== "spoolsim" || /["'|]/.test(command)) {
    throw new Error(`"${command}" is shown; what is shown is the output of spoolsim, without quotes or pipes`);
  }
  return execute(cwd, words);
}

/** Uses a temporary folder. */
async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-published-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function outputIn(command: string, execute: Execute): Promise<Output> {
  return inFolder(async (cwd) => {
    const printed = await printedBy(command, cwd, execute);
    const paths = (await readdir(cwd, { recursive: true })).filter((path) => /\.(csv|json)$/.test(path)).sort();
    const files = new Map<string, string>();
    for (const path of paths) files.set(basename(path), await readFile(join(cwd, path), "utf8"));
    return { printed, files };
  });
}

/** The files of a folder of results/reference as the program makes them now, by path from the root. */
export async function referenceFiles(folder: string, execute = asProcess): Promise<ReadonlyMap<string, string>> {
  const { files } = await outputOf(references[folder], execute);
  const kept = [...files].filter(([name]) => name !== "manifest.json");
  return new Map(kept.map(([name, text]) => [`results/reference/${folder}/${name}`, text]));
}

/** The present files of a folder of results/reference, by path; empty if there is no such folder. */
export async function publishedFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const path = `results/reference/${folder}`;
  const names = await readdir(join(programFolder, path)).catch(() => []);
  const files = new Map<string, string>();
  for (const name of names) files.set(`${path}/${name}`, await readFile(join(programFolder, path, name), "utf8"));
  return files;
}

/** The keys of manifest.json, including those of its files. */
export async function manifestKeys(execute = asProcess): Promise<string[]> {
  const { files } = await outputOf(references["q223863-quick"], execute);
  const manifest = JSON.parse(files.get("manifest.json")!) as { files: object[] };
  return [...new Set([...Object.keys(manifest), ...manifest.files.flatMap((file) => Object.keys(file))])];
}

/** The pages that may contain blocks. */
export async function pages(): Promise<string[]> {
  const docs = (await readdir(join(programFolder, "docs"))).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.sort().map((name) => `docs/${name}`), "results/README.md"];
}

/** Makes the blocks of a page again, the slow ones only on request. @throws Error at a malformed block */
export function remade(page: string, { isSlow = false, execute = asProcess } = {}): Promise<string> {
  return inFolder(async (folder) => {
    let rest = page;
    let text = "";
    for (let begin = BLOCK.exec(rest); begin !== null; begin = BLOCK.exec(rest)) {
      const [line, what, of] = begin;
      const from = begin.index + line.length;
      const end = rest.indexOf(END, from);
      if (end === -1) throw new Error(`${line.trim()} has no ${END}`);
      const old = rest.slice(from, end);
      text += rest.slice(0, from);
      if (of === "these slow commands" && !isSlow) text += old;
      else
        text += `${what === "columns" ? await columnsText(of) : fenced(old, await outputText(of, old, folder, execute))}\n`;
      text += END;
      rest = rest.slice(end + END.length);
    }
    return text + rest;
  });
}

const BLOCK = /^<!-- (output|columns) of:? (.*) -->\n/m;
const END = "<!-- end -->";

/** The text in the fence of the old block. */
function fenced(old: string, text: string): string {
  return `${/^```\w*/m.exec(old)?.[0] ?? "```"}\n${text}\n\`\`\``;
}

async function outputText(of: string, old: string, folder: string, execute: Execute): Promise<string> {
  if (/^these (slow )?commands$/.test(of)) return transcript(old, folder, execute);
  const [command, head] = headed(of);
  return shown((await outputOf(command, execute)).printed, head);
}

/** The commands of a block, each with what it prints. */
async function transcript(old: string, folder: string, execute: Execute): Promise<string> {
  const parts: string[] = [];
  for (const [line] of old.matchAll(/^\$ (?:.*\\\n)*.*$/gm)) {
    const [command, head] = headed(line.slice(2).replace(/\s*\\\n\s*/g, " "));
    const printed = shown(await printedBy(command, folder, execute), head);
    parts.push(printed === "" ? line : `${line}\n${printed}`);
  }
  if (parts.length === 0) throw new Error("a block of these commands has no line that begins with $ spoolsim");
  return parts.join("\n\n");
}

/** A command, and how many lines of its output are shown. */
function headed(command: string): readonly [command: string, lines: number | undefined] {
  const [, whole, head] = /^(.*?)(?: \| head -(\d+))?$/.exec(command)!;
  return [whole, head === undefined ? undefined : Number(head)];
}

/** An output as a page shows it. */
function shown(printed: string, head: number | undefined): string {
  const lines = printed
    .replace(/^\n+|\n+$/g, "")
    .replace(/ events in [\d.]+ s,/g, " events in _ s,")
    .split("\n");
  return lines.slice(0, head).join("\n");
}

async function columnsText(of: string): Promise<string> {
  const plan = await planOfReference();
  if (of === "the responses") return responsesText(plan);
  const { compare } = plan.experiment;
  const response = responsesOf(plan).find(({ role }) => role === "leak")!.name;
  const tables: readonly Table<never>[] = [
    serversTable(plan),
    samplesTable(plan),
    runsTable(plan),
    leakRatesTable(plan),
    meansTable(plan),
    comparisonTable(plan, compare!),
    survivalTable(plan),
    logRankTable(plan, compare!),
    selectionTable(plan, compare!, { response, wanted: "least", indifference: 1, firstStage: 10 }),
  ];
  const table = tables.find(({ file }) => file === of);
  const names = tables.map(({ file }) => file).join(", ");
  if (table === undefined) throw new Error(`there is no table ${of}; there are ${names}`);
  return markdown(["column", "type", "unit", "meaning"], rowsOf(table, responsesOf(plan)));
}

async function planOfReference(): Promise<Plan> {
  const experiment = withOverrides(await loadExperiment("q223863"), { quick: true });
  return planResults(experiment, await designPoints(experiment));
}

/** The columns; those that a table has for every response, or for every event time, appear once. */
function rowsOf({ columns }: Table<never>, responses: readonly Response[]): string[][] {
  const rows = new Map<string, string[]>();
  for (const { name, type, unit, description } of columns) {
    const response = responses.find((one) => isOf(name, one));
    if (response === undefined) rows.set(name, [`\`${name}\``, type, unit, description]);
    else {
      const general = name.replace(stemOf(response), `<${response.role === "eventTime" ? "eventTime" : "response"}>`);
      const meaning = description.replace(response.meaning, "its meaning");
      const row = rows.get(general) ?? [`\`${general}\``, type, unit, meaning];
      // Where responses differ, the row refers to them.
      rows.set(general, [row[0], ...[type, unit].map((cell, i) => (cell === row[1 + i] ? cell : "its own")), row[3]]);
    }
  }
  return [...rows.values()];
}

/** Whether a column belongs to the response: name, name_sum and so on or, for an event time, stemServers. */
function isOf(column: string, response: Response): boolean {
  const { name } = response;
  return column === name || column.startsWith(`${name}_`) || column === `${stemOf(response)}Servers`;
}

/** The name of a response; for an event time, without its unit. */
function stemOf({ name, role }: Response): string {
  return role === "eventTime" ? name.replace(/Us$/, "") : name;
}

function responsesText(plan: Plan): string {
  const types = new Map(serversTable(plan).columns.map(({ name, type }: Column<never>) => [name, type]));
  const rows = responsesOf(plan).map(({ name, unit, role, meaning }) => {
    return [`\`${name}\``, types.get(name)!, unit, role, meaning];
  });
  return markdown(["response", "type", "unit", "role", "meaning"], rows);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Writes the files that differ, and reports them. */
async function publish(isSlow: boolean): Promise<void> {
  const wanted = new Map<string, string>();
  for (const folder of Object.keys(references)) {
    const made = await referenceFiles(folder);
    for (const path of (await publishedFiles(folder)).keys()) {
      if (made.has(path)) continue;
      await rm(join(programFolder, path));
      process.stdout.write(`${path} is removed\n`);
    }
    for (const [path, text] of made) wanted.set(path, text);
  }
  for (const path of await pages()) {
    wanted.set(path, await remade(await readFile(join(programFolder, path), "utf8"), { isSlow }));
  }
  for (const [path, text] of wanted) {
    const file = join(programFolder, path);
    if ((await readFile(file, "utf8").catch(() => undefined)) === text) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    process.stdout.write(`${path} is made again\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await publish(process.argv.includes("--slow"));
