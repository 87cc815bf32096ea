/**
 * report.html: what an experiment asked, what came of it, and how far to trust it, as one page for people.
 *
 * It opens from a disk without a network, under a policy that allows nothing but its own scripts and style, by their
 * hashes. Its bytes depend on the folder's tables and manifest and on this program alone: it holds no time, and no path
 * of a machine. It is not in the manifest, which it quotes, and may be made again whenever somebody likes.
 *
 * The charts are drawn when the page is opened, by the same functions that draw files (page/drawing.ts): so to make a
 * report costs little more than to read the tables.
 */
import { replayCommand } from "../experiment/design-point.ts";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChartGroup } from "../../page/chart.ts";
import { answers } from "./answers.ts";
import { assumptionsOf } from "./assumptions.ts";
import { chartsOf } from "./charts.ts";
import { factorNames } from "../experiment/experiment.ts";
import { REPORT_FILE, type Manifest } from "../results/manifest.ts";
import { programFolder } from "../program.ts";
import { readResults, type Results } from "./results-reader.ts";
import { summaryTables, type SummaryTable, type TableChoice } from "./summary-tables.ts";
import { TermMarker, termsOf } from "./terms.ts";
import { unwritable, writeWhole } from "../whole-file.ts";
import { days } from "./format.ts";

/** More than these are no answer, and no table for people. */
const SENTENCES_MAX = 12;
const ROWS_MAX = 300;

/** A report, and what is in it. */
export interface Report {
  readonly html: string;
  readonly manifest: Manifest;
  readonly groups: readonly ChartGroup[];
}

/** Makes the report of a folder, or makes it again. @throws UserError when the folder holds no results */
export async function writeReport(folder: string, signal?: AbortSignal, choice: TableChoice = {}): Promise<Report> {
  const report = await reportOf(folder, signal, choice);
  const file = join(folder, REPORT_FILE);
  await writeWhole(file, report.html).catch(unwritable(file));
  return report;
}

/** The report of a folder's results. @throws UserError */
export async function reportOf(folder: string, signal?: AbortSignal, choice: TableChoice = {}): Promise<Report> {
  const results = await readResults(folder);
  const groups = await chartsOf(results, signal);
  return { html: reportPage(results, groups, await resources(), choice), manifest: results.manifest, groups };
}

/** What a page carries in it. */
export interface Resources {
  readonly style: string;
  /** In the order in which they run; the last is a module. */
  readonly scripts: readonly string[];
}

/** The page. */
export function reportPage(
  results: Results,
  groups: readonly ChartGroup[],
  { style, scripts }: Resources,
  choice: TableChoice = {},
): string {
  const { experiment } = results.plan;
  const question = experiment.question.trim().replace(/\s+/g, " ");
  const hashes = (texts: readonly string[]) => texts.map((text) => `'sha256-${sha256(text)}'`).join(" ");
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes([style])}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const terms = new TermMarker(termsOf(results.plan.points[0].resolved.model));
  const answer = answerHtml(results, terms);
  const sections = sectionsOf(results, groups, terms, choice);
  const data = JSON.stringify({ groups }).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="spoolsim ${escaped(results.manifest.version)}">
<title>${escaped(experiment.name)}: ${escaped(question)}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="kind">spoolsim, experiment ${escaped(experiment.name)}</p>
<h1>${escaped(question)}</h1>
${answer}
</header>
${contentsHtml(sections)}
<main>
${sections.map(({ html }) => html).join("\n")}
</main>
<footer>Every number on this page comes from the tables in the same folder. Single servers are the exception: they were
simulated again for this page.</footer>
<script id="charts" type="application/json">${data}</script>
${scripts.map((text, i) => `<script${i === scripts.length - 1 ? ' type="module"' : ""}>${text}</script>`).join("\n")}
</body>
</html>
`;
}

/** A part of the page that the contents list names. */
interface Section {
  readonly id: string;
  readonly heading: string;
  readonly html: string;
}

/** The first picture, then what is compared and what leaks, then all else. */
function sectionsOf(
  results: Results,
  groups: readonly ChartGroup[],
  terms: TermMarker,
  choice: TableChoice,
): Section[] {
  const { comparison, leaks, fleet, moments, means, costs } = summaryTables(results, choice);
  const table = (id: string, heading: string, of: SummaryTable | undefined) =>
    of === undefined ? [] : [sectionOf(id, heading, tableHtml(of, terms))];
  const [first, ...rest] = groups.map((group) => sectionOf(group.id, group.heading, groupHtml(group, terms)));
  return [
    ...(first === undefined ? [] : [first]),
    ...table("comparison", "Comparison", comparison),
    ...table("leaks", "What leaks", leaks),
    ...table("costs", "Operational impact", costs),
    ...table("moments", "Events", moments),
    ...table("fleet", "The whole fleet", fleet),
    ...rest,
    ...table("theory", "Table of means", means),
    sectionOf("making", "How it was made", makingHtml(results)),
    sectionOf("limits", "How far to trust it", limitsHtml(results)),
  ];
}

function sectionOf(id: string, heading: string, html: string): Section {
  return { id, heading, html: `<section id="${id}">\n<h2>${escaped(heading)}</h2>\n${html}\n</section>` };
}

function contentsHtml(sections: readonly Section[]): string {
  const links = sections.map(({ id, heading }) => `<a href="#${id}">${escaped(heading)}</a>`);
  return `<nav class="contents" aria-label="Contents">${links.join("")}</nav>`;
}

function answerHtml(results: Results, terms: TermMarker): string {
  const sentences = answers(results);
  if (sentences.length === 0) return "";
  const items = shortened(
    sentences,
    SENTENCES_MAX,
    (left) => `${left} more sentences are in the tables of the folder.`,
  );
  return `<ul class="answer">\n${items.map((sentence) => `<li>${terms.mark(escaped(sentence))}</li>`).join("\n")}\n</ul>`;
}

function tableHtml({ head, texts, rows, legend }: SummaryTable, terms: TermMarker): string {
  const cells = (tag: string, row: readonly string[]) =>
    row
      .map((cell, i) => {
        const text = i < texts || tag === "th" ? terms.mark(escaped(cell)) : escaped(cell);
        return `<${tag}${tag === "th" ? ' scope="col"' : ""}${i < texts ? ' class="text"' : ""}>${text}</${tag}>`;
      })
      .join("");
  const lines = shortened(rows, ROWS_MAX, (left) => [`${left} more rows are in the tables of the folder`]);
  const marked = legend.map((line) => terms.mark(escaped(line)));
  const note = legend.length === 0 ? "" : `\n<p class="note">${marked.join("<br>")}</p>`;
  return `<div class="scrolls" tabindex="0" role="region" aria-label="table"><table>
<thead><tr>${cells("th", head)}</tr></thead>
<tbody>
${lines.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}
</tbody>
</table></div>${note}`;
}

/** The list, or its beginning and what is said of the rest. */
function shortened<Item>(items: readonly Item[], max: number, rest: (left: number) => Item): readonly Item[] {
  return items.length <= max ? items : [...items.slice(0, max), rest(items.length - max)];
}

/** What is drawn in it comes with the script; without one, its summaries are there. */
function groupHtml({ note, charts }: ChartGroup, terms: TermMarker): string {
  const summaries = charts.map(({ summary }) => `<p class="summary">${escaped(summary)}</p>`).join("\n");
  return `<p class="note">${terms.mark(escaped(note))}</p>
<div class="drawn"><noscript>The charts need scripts. What they show:</noscript>
${summaries}</div>
<p class="hint">Point at the chart for its numbers. Drag across it to look closer. Press a name in the legend to hide it.</p>`;
}

function makingHtml(results: Results): string {
  const { manifest, plan } = results;
  const { experiment, points } = plan;
  const [first] = points;
  const facts: readonly (readonly [string, string])[] = [
    ["Experiment", escaped(experiment.name)],
    ["Model", `${escaped(first.resolved.model.name)}: ${escaped(first.resolved.model.meaning)}`],
    ["Design", `${points.length} design points${factorsText(results)}, ${experiment.replications} replications`],
    [
      "Fleet",
      `${each(points.map(({ scenario }) => scenario.servers))} servers for ${days(
        Math.max(...points.map(({ scenario }) => scenario.horizonDays)),
      )}`,
    ],
    ["Seed", code(experiment.seed)],
    ["Digest", `${code(manifest.digest)}, of ${manifest.events} events`],
    ["Identity", `${code(manifest.identity.slice(0, 16))}, first digits`],
    [
      "Program",
      `spoolsim ${escaped(manifest.version)}${
        manifest.commit === undefined ? "" : `, commit ${code(manifest.commit)}`
      }, Node ${escaped(manifest.node)}`,
    ],
    ["Repeat one replication", code(replayCommand(first, 0))],
    ["Repeat everything", code("spoolsim verify .")],
  ];
  return `<dl>
${facts.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join("\n")}
</dl>
<p class="note">Run the commands in the folder of the results. The same seed gives the same tables, to the last byte, on
any machine and with any number of threads.</p>`;
}

function factorsText({ plan: { experiment, points } }: Results): string {
  const texts = factorNames(experiment).map((name) => {
    return `${escaped(name)} at ${new Set(points.map(({ levels }) => levels[name])).size} levels`;
  });
  return texts.length === 0 ? "" : ` (${texts.join(", ")})`;
}

function each(numbers: readonly number[]): string {
  return [...new Set(numbers)].join(", ");
}

function limitsHtml(results: Results): string {
  const { assumptions, parameters } = assumptionsOf(results.plan);
  const { replications } = results.plan.experiment;
  const limits = [
    replications < 2
      ? "There is one replication, so differences have no interval."
      : `Intervals describe the chance in the simulation, over ${replications} replications. They do not say whether the model is right.`,
    "A server without an event at the horizon is right-censored: the event may come later.",
    ...(assumptions.length === 0
      ? []
      : [
          `${assumptions.length} of the model's ${parameters} parameters are assumptions: no source gives their values. ` +
            "The answers hold for these settings only.",
        ]),
  ];
  const rows = assumptions.map(({ name, settings, unit, meaning, source }) => {
    const cells = [
      `<td class="text"><code>${escaped(name)}</code></td>`,
      `<td class="text">${escaped(settings.join(", "))}${unit === "" || unit === "1" ? "" : ` ${escaped(unit)}`}</td>`,
      `<td class="text wide">${escaped(meaning)}</td>`,
      `<td class="text">${escaped(source.replace(/^assumption[;:]?\s*/, ""))}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const heads = ["parameter", "here", "meaning", "why"].map((head) => `<th scope="col" class="text">${head}</th>`);
  const table =
    assumptions.length === 0
      ? ""
      : `
<details class="limits"><summary>Assumed parameters</summary>
<div class="scrolls"><table>
<thead><tr>${heads.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div></details>`;
  return `<ul>
${limits.map((limit) => `<li>${escaped(limit)}</li>`).join("\n")}
</ul>${table}`;
}

/** d3 and Plot as their makers bundle them for browsers, then the page's own modules as one. */
export async function resources(): Promise<Resources> {
  const plot = createRequire(import.meta.url).resolve("@observablehq/plot");
  const d3 = createRequire(plot).resolve("d3");
  const text = (path: string) => readFile(path, "utf8");
  const compiled = (name: string) => text(fileURLToPath(new URL(`../../page/${name}`, import.meta.url)));
  const own = [await compiled("drawing.js"), await compiled("page.js")];
  return {
    style: await text(join(programFolder, "page", "report.css")),
    scripts: [
      await text(join(packageFolder(d3, "d3"), "dist", "d3.min.js")),
      await text(join(packageFolder(plot, "plot"), "dist", "plot.umd.min.js")),
      // One script has no modules to import from.
      own
        .join("\n")
        .replaceAll(/^import [^;]*;\n/gm, "")
        .replaceAll(/^export /gm, ""),
    ],
  };
}

/** The folder of a package, above a file of it. */
function packageFolder(file: string, name: string): string {
  return basename(file) === name ? file : packageFolder(dirname(file), name);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
