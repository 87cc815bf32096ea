/**
 * Writes the results of a benchmark run: the figures to BASELINE.json, the tables to BASELINE.md, and a picture. The
 * text of BASELINE.md around its first block of figures is kept.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chartDrawer } from "../lab/reports/chart-files.ts";
import type { IntervalChart } from "../page/chart.ts";
import type { Ratio, Report } from "./harness.ts";

/** Beside the sources, because it is committed. */
const file = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The series of the picture, by colour. */
const SERIES = ["spoolsim", "C, the same work: the limit", "free C", "peers"];
const SERIES_OF: Readonly<Record<Ratio["kind"], number>> = { "same work": 1, free: 2, peer: 3 };

/** @param text everything that the benches printed */
export async function writeBaseline(report: Report, text: string): Promise<void> {
  await writeFile(file("bench/BASELINE.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  await writeFile(file("bench/BASELINE.md"), withFigures(await readFile(file("bench/BASELINE.md"), "utf8"), text));
  const draw = await chartDrawer();
  const made = `${report.cpu}, Node ${report.node}, commit ${report.commit}`;
  await writeFile(file("docs/speed.svg"), draw(speedChart(report), "Median speeds of one run of npm run bench.", made));
}

/** The document with new figures in its first block. */
export function withFigures(document: string, text: string): string {
  const [before, , ...after] = document.split("```");
  return [before, `\n${text.trim()}\n`, ...after].join("```");
}

/** Speeds, with one panel per workload that has a yardstick or peer. */
export function speedChart({ workloads, yardsticks }: Report): IntervalChart {
  const compared = workloads.filter(({ name }) => yardsticks.some(({ workload }) => workload === name));
  const panels = compared.map(({ name, eventsPerSecond }) => {
    const others = yardsticks
      .filter(({ workload }) => workload === name)
      .map(({ kind, yardstick, eventsPerSecond }) => mark(SERIES_OF[kind], named(kind, yardstick), eventsPerSecond));
    return { name, estimates: [mark(0, "spoolsim", eventsPerSecond), ...others] };
  });
  const texts = compared.map(({ name, nsPerEvent }) => `${name}: ${nsPerEvent.toFixed(1)} ns an event`);
  return {
    kind: "intervals",
    id: "speed",
    title: "Events a second: spoolsim, C and peers",
    x: "",
    y: "decimal logarithm of events a second",
    summary: `${texts.join("; ")}.`,
    series: SERIES,
    panels,
  };
}

function named(kind: Ratio["kind"], yardstick: string): string {
  return { "same work": "C limit", free: "free C", peer: yardstick.replace(/,.*/, "") }[kind];
}

function mark(series: number, x: string, eventsPerSecond: number) {
  return { series, x, value: Math.log10(eventsPerSecond), lower: null, upper: null, closedForm: null };
}
