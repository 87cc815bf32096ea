/**
 * How often the intervals that are printed hold: `node dist/scripts/coverage.js` simulates experiments whose truth is
 * known, with one seed after another, and prints a table; `--seeds 100` takes fewer than 1,000, words choose among the
 * rows, and `--write` puts the rows into the table of docs/statistics.md, in place of the old ones.
 *
 * Each experiment takes the whole way that a run takes: kernel, aggregation, estimates. Of the print servers the truth
 * is not known; it is estimated from many more servers, with a standard error far below the width of the intervals.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { programFolder } from "../lab/program.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import type { Case } from "./coverage/case.ts";
import { decisionCases } from "./coverage/decision-cases.ts";
import { drawnCases } from "./coverage/drawn-cases.ts";
import { comparisonCases, rateCases, timeCases } from "./coverage/leak-cases.ts";
import { meanCases, untilCases } from "./coverage/mean-cases.ts";
import { printServerCases } from "./coverage/office-cases.ts";
import { rareCases } from "./coverage/rare-event-cases.ts";

export interface Measured {
  readonly name: string;
  readonly size: string;
  readonly mark: string;
  readonly seeds: number;
  readonly held: number;
}

/** Every row of the table, not yet measured. */
export async function coverageCases(): Promise<Case[]> {
  return [
    ...rateCases(),
    ...comparisonCases(),
    ...timeCases(),
    ...untilCases(),
    ...meanCases(),
    ...(await rareCases()),
    ...drawnCases(),
    ...decisionCases(),
    ...(await printServerCases()),
  ];
}

/** Measures how often the intervals cover, in rows whose name contains the words. */
export async function measuredCoverage(seeds: number, words: readonly string[]): Promise<Measured[]> {
  const rows: Measured[] = [];
  for (const { name, size, mark = "", every = 1, holds } of await coverageCases()) {
    if (!words.every((word) => `${name}, ${size}`.includes(word))) continue;
    let [held, known] = [0, 0];
    for (let seed = 0; seed < Math.ceil(seeds / every); seed++) {
      const one = await holds(`coverage ${name} ${size} ${seed}`, seed);
      if (one === undefined) continue;
      known++;
      if (one) held++;
    }
    if (known > 0) rows.push({ name, size, mark, seeds: known, held });
  }
  return rows;
}

const percent = (share: number): string => (100 * share).toFixed(1);

export function coverageTable(rows: readonly Measured[]): string {
  return [...HEAD, ...linesOf(rows)].join("\n");
}

function linesOf(rows: readonly Measured[]): string[] {
  return rows.map(({ name, size, seeds, held, mark }) => {
    const { lower, upper } = wilsonInterval(held, seeds);
    const share = `${percent(held / seeds)} (${percent(lower)} .. ${percent(upper)})`;
    return `| ${name} | ${size} | ${seeds} | ${share} | ${mark} |`;
  });
}

const HEAD = [
  "| quantity (nominal 95 % unless stated) | replications x servers | seeds | coverage [%], with Wilson's interval | remark |",
  "| --- | --- | --- | --- | --- |",
];

/** The name of a row of the table: its first two cells. */
const rowName = (line: string): string => line.split("|").slice(1, 3).join("|");

/** Replaces rows of the same name in the table; new ones are added at the end. */
function replaced(table: string, lines: readonly string[]): string {
  const old = table.split("\n").slice(HEAD.length);
  const measured = new Map(lines.map((line) => [rowName(line), line]));
  const kept = old.map((line) => measured.get(rowName(line)) ?? line);
  const names = new Set(old.map(rowName));
  return [...HEAD, ...kept, ...lines.filter((line) => !names.has(rowName(line)))].join("\n");
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seeds: { type: "string", default: "1000" }, write: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const rows = await measuredCoverage(Number(values.seeds), positionals);
  if (!values.write) {
    console.log(coverageTable(rows));
    return;
  }
  const file = join(programFolder, "docs/statistics.md");
  const text = await readFile(file, "utf8");
  const [begin, end] = ["<!-- coverage -->\n", "<!-- end of coverage -->"];
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  const table = replaced(text.slice(from, to).trim(), linesOf(rows));
  await writeFile(file, `${text.slice(0, from)}\n${table}\n\n${text.slice(to)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
