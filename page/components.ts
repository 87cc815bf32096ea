/**
 * The components of all pages: the answer, key figures, figures with their numbers, tables, notes. Each is HTML;
 * page/page.css has the style, and page/behaviour.ts the behaviour.
 */
import type { ChartGroup } from "./chart.ts";
import { Html, html, type Content } from "./html.ts";

/** A section of a page, listed in the contents. */
export interface Section {
  /** Unique on the page; the fragment of the section's address. */
  readonly id: string;
  readonly heading: string;
  readonly body: Content;
}

/** A large figure with a short description. */
export interface KeyFigure {
  /** With its unit: "21 months". */
  readonly value: string;
  readonly meaning: string;
  /** Its interval, or the value it is compared with. */
  readonly detail?: string;
}

/** Cells are text; empty cells at the start of a row repeat those of the row above. */
export interface Table {
  readonly head: readonly string[];
  /** The number of text columns, from the left; the others are numbers. */
  readonly texts: number;
  readonly rows: readonly (readonly string[])[];
  /** The meanings of columns: "column: meaning". */
  readonly legend: readonly string[];
}

/** A column with at most this many numbers, in at least this many rows, is written below the table instead. */
const RARE_MAX = 2;
const RARE_ROWS_MIN = 8;
/** A longer cell is broken into lines; a table of more rows scrolls, with its head in sight. */
const CELL_LONG = 24;
const LINE_LONG = 30;
const ROWS_MANY = 30;
/** The most rows that are shown. */
const ROWS_MAX = 300;

/**
 * The answer: its main sentence, and more sentences for whom it holds.
 *
 * @param then a less prominent sentence about what follows
 */
export function verdict(answer: Content, more: readonly Content[] = [], then?: Content): Html {
  const next = then === undefined ? undefined : html`<p class="then">${then}</p>`;
  const text = typeof answer === "string" ? withDates(answer) : answer;
  return html`<div class="verdict"><p>${text}</p>${next}</div>${details(more)}`;
}

/** A text whose dates are not broken at their hyphens. */
function withDates(text: string): Content {
  const parts = text.split(/(\d{4}-\d\d-\d\d)/);
  return new Html(
    parts.map((part, i) => html`${i % 2 === 0 ? part : html`<span class="date">${part}</span>`}`.text).join(""),
  );
}

/** An introduction for readers new to the subject, with links. */
export function background(text: string, links: readonly { readonly title: string; readonly href: string }[]): Html {
  const parts = links.map(({ title, href }) => html`<a href="${href}" rel="noreferrer">${title}</a>`);
  return html`<p class="background">${text} ${parts}</p>`;
}

/** Further sentences beside the answer. */
export function details(sentences: readonly Content[]): Html | undefined {
  return sentences.length === 0 ? undefined : html`<div class="details">${list(sentences)}</div>`;
}

/** Two or three figures; more would belong in a table. */
export function keyFigures(figures: readonly KeyFigure[]): Html {
  const parts = figures.map(({ value, meaning, detail }) => {
    return html`<div><dd>${value}</dd><dt>${meaning}${detail === undefined ? undefined : html` <small>${detail}</small>`}</dt></div>`;
  });
  return html`<dl class="key-figures">${parts}</dl>`;
}

/** Charts, shown one at a time, with a description and a table of their numbers. */
export function figure(group: ChartGroup): Html {
  const { id, note, charts } = group;
  const data = new Html(JSON.stringify(group).replaceAll("<", "\\u003c"));
  const summaries = charts.map(({ summary }) => html`<p class="summary">${summary}</p>`);
  return html`<div class="figure" id="figure-${id}">
<div class="drawn"><noscript>The charts need scripts. What they show:</noscript>
${summaries}</div>
<p class="note">${note}</p>
<script type="application/json">${data}</script>
</div>`;
}

/**
 * A sortable table. Columns without information (empty, or equal in all of several rows) are left out and summarized
 * below.
 *
 * @param caption names the table for screen readers
 */
export function table(all: Table, caption: string): Html {
  const { head, texts, rows, legend } = withoutConstants(filled(all));
  const shown = rows.slice(0, ROWS_MAX);
  const left = rows.length - shown.length;
  const kind = (column: number, text = "") =>
    `${column < texts ? "text" : "number"}${text.length > CELL_LONG ? " long" : ""}`;
  const body = shown.map((row, r) => {
    const isNew = firstDifference(row, shown[r - 1] ?? []);
    const cells = row.map((cell, c) => {
      const lines = c < texts ? cell : inLines(cell);
      const text = c < texts - 1 && c < isNew ? html`<span class="same">${cell}</span>` : lines;
      return c === 0
        ? html`<th scope="row" class="${kind(c, cell)}">${text}</th>`
        : html`<td class="${kind(c, cell)}">${text}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="scrolls${shown.length > ROWS_MANY ? " many" : ""}" tabindex="0" role="region" aria-label="${caption}"><table class="sortable">
<thead><tr>${head.map((cell, c) => html`<th scope="col" class="${kind(c, cell)}">${cell}</th>`)}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>
${notes(left > 0 ? [...legend, `More rows are in the tables of the folder: ${left}.`] : legend)}`;
}

/** Small print, one line each. */
export function notes(lines: readonly Content[]): Html {
  const parts = lines.map((line) => html`<p class="note">${line}</p>`);
  return html`${parts}`;
}

/** A list of points. */
export function list(points: readonly Content[]): Html {
  return html`<ul>${points.map((point) => html`<li>${point}</li>`)}</ul>`;
}

/** Names with their descriptions. */
export function facts(pairs: readonly (readonly [name: string, is: Content])[]): Html {
  return html`<dl class="facts">
${pairs.map(([name, is]) => html`<dt>${name}</dt><dd>${is}</dd>`)}
</dl>`;
}

/** Details that can be opened; on paper they are open if `onPaper`. */
export function fold(summary: string, body: Content, onPaper = false): Html {
  return html`<details${onPaper ? html` class="on-paper"` : undefined}><summary>${summary}</summary>
${body}
</details>`;
}

/** The sections in order. */
export function sections(all: readonly Section[]): Html {
  const parts = all.map(
    ({ id, heading, body }) => html`<section id="${id}">
<h2>${heading}</h2>
${body}
</section>`,
  );
  return html`${parts}`;
}

/** Subsections that can be opened; on paper they are open. */
export function folds(all: readonly Section[]): Html {
  const parts = all.map(
    ({ id, heading, body }) => html`<details id="${id}" class="part on-paper"><summary><h3>${heading}</h3></summary>
${body}
</details>`,
  );
  return html`<div class="parts">${parts}</div>`;
}

/** The list of contents. */
export function contents(all: readonly Section[]): Html {
  const links = all.map(({ id, heading }) => html`<a href="#${id}">${heading}</a>`);
  return html`<nav class="contents" aria-label="Contents">${links}</nav>`;
}

// Tables.

/** Breaks a long cell of numbers where its interval begins, and a long interval in the middle. */
function inLines(cell: string): string {
  if (cell.length <= CELL_LONG) return cell;
  const lines = cell.replace(" (", "\n(").split("\n");
  return lines.map((line) => (line.length <= LINE_LONG ? line : line.replace(" to ", "\nto "))).join("\n");
}

/** Fills in repeated cells, so that rows can be read in any order. */
function filled(all: Table): Table {
  const rows: string[][] = [];
  for (const row of all.rows) {
    const above = rows[rows.length - 1];
    const blank = row.findIndex((cell, c) => cell !== "" || c >= all.texts);
    rows.push(row.map((cell, c) => (above !== undefined && c < blank ? above[c] : cell)));
  }
  return { ...all, rows };
}

/**
 * Leaves out columns without information; a column with equal cells in all of several rows is written below the table.
 */
function withoutConstants({ head, texts, rows, legend }: Table): Table {
  const constant = head.map((_, c) => {
    const cells = new Set(rows.map((row) => row[c]));
    if (cells.size !== 1) return undefined;
    const [cell] = cells;
    return cell === "" || rows.length > 2 ? cell : undefined;
  });
  /** For a nearly empty column of numbers: its contents, and their rows. */
  const rare = head.map((_, c) => {
    const cells = rows.filter((row) => row[c] !== "");
    if (c < texts || cells.length > RARE_MAX || rows.length < RARE_ROWS_MIN) return [];
    return cells.map((row) => `${row[c]} (${row.slice(0, texts).join(", ")})`);
  });
  const isKept = (_: unknown, c: number) => constant[c] === undefined && rare[c].length === 0;
  const kept = head.filter(isKept);
  // At least two columns must remain.
  if (kept.length < 2) return { head, texts, rows, legend };
  const constants = head.flatMap((name, c) =>
    constant[c] === undefined || constant[c] === "" ? [] : [[name, constant[c]]],
  );
  const gone = head.filter((_, c) => constant[c] === "");
  return {
    head: kept,
    texts: head.slice(0, texts).filter(isKept).length,
    rows: rows.map((row) => row.filter(isKept)),
    legend: [
      ...(constants.length === 0
        ? []
        : [`The same in every row: ${constants.map(([name, cell]) => `${name} ${cell}`).join("; ")}.`]),
      ...head.flatMap((name, c) => (rare[c].length === 0 ? [] : [`${name}: ${rare[c].join(", ")} only`])),
      ...legend.filter((line) => !gone.some((name) => line.startsWith(`${name}:`))),
    ],
  };
}

function firstDifference(row: readonly string[], above: readonly string[]): number {
  const at = row.findIndex((cell, c) => cell !== above[c]);
  return at === -1 ? row.length : at;
}
