/**
 * Charts as files: printable pictures on white, with a caption.
 *
 * Plot draws into a document of linkedom and fonts are never measured, so the same chart has the same bytes. Text stays
 * text, in the reader's sans-serif font. The last line says what the picture was made from. A PNG uses the fonts of the
 * machine, so its bytes may differ; it needs the optional package @resvg/resvg-js.
 */
import { join } from "node:path";
import { columnsOf, seriesOf, type Chart, type ChartGroup } from "../../page/chart.ts";
import { drawKey, drawPanel, isOfPoints, panelHeight } from "../../page/drawing.ts";
import { drawRamp } from "../../page/heat-panel.ts";
import { paperTheme, type Drawing, type PlotLibrary } from "../../page/plotting.ts";
import type { Manifest } from "../results/manifest.ts";
import { UserError, argument } from "../user-error.ts";
import { counted } from "./format.ts";
import { makeFolder, unwritable, writeWhole } from "../whole-file.ts";
import { itemAt } from "../lists.ts";

const PANEL_WIDTH = 430;
const SINGLE_WIDTH = 720;
const MARGIN = 24;
const GAP = 20;
const BOLD = 'font-weight="bold"';
const SOFT = 'fill="#59636e"';
/** The average width of a character divided by its size; good enough to break lines. */
const CHARACTER = 0.56;
const FONTS = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";
/** Pixels of the PNG per pixel of the picture. */
const PNG_SCALE = 2;

/** Writes every chart into the folder as SVG or PNG, and returns the file names. */
export async function writeCharts(
  folder: string,
  groups: readonly ChartGroup[],
  provenance: string,
  format: "svg" | "png",
): Promise<string[]> {
  const rasterise = format === "png" ? await rasteriser() : undefined;
  const draw = await chartDrawer();
  await makeFolder(folder).catch(unwritable(folder));
  const names: string[] = [];
  for (const group of groups) {
    for (const chart of group.charts) {
      const svg = draw(chart, group.note, provenance);
      const name = `${chart.id}.${format}`;
      const file = join(folder, name);
      await writeWhole(file, rasterise === undefined ? svg : rasterise(svg)).catch(unwritable(file));
      names.push(name);
    }
  }
  return names;
}

/** The origin of a picture, in one line. */
export function provenanceOf({ experiment, points, digest, version }: Manifest): string {
  const servers = [...new Set(points.map(({ scenario }) => scenario.servers))].join("/");
  const size = `${counted(experiment.replications, "replication")} of ${servers} ${servers === "1" ? "server" : "servers"}`;
  return `${experiment.name}, seed ${experiment.seed}, ${size}, digest ${digest}; spoolsim ${version}`;
}

/** A chart as the text of an SVG file. */
export type DrawChart = (chart: Chart, note: string, provenance: string) => string;

/** Loads the drawing modules, which are large, only when a picture is wanted. */
export async function chartDrawer(): Promise<DrawChart> {
  const library: PlotLibrary = await import("@observablehq/plot");
  const { parseHTML } = await import("linkedom");
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return (chart, note, provenance) => composed(library, document, chart, note, provenance);
}

function composed(library: PlotLibrary, document: object, chart: Chart, note: string, provenance: string): string {
  const columns = columnsOf(chart, 2 * PANEL_WIDTH);
  const panelWidth = columns === 1 ? SINGLE_WIDTH : PANEL_WIDTH;
  const width = 2 * MARGIN + columns * panelWidth + (columns - 1) * GAP;
  const parts: string[] = [];
  let y = MARGIN + 14;
  const title = chart.title.slice(0, 1).toUpperCase() + chart.title.slice(1);
  parts.push(text(MARGIN, y, title, 16, BOLD));
  y += 12;
  if (seriesOf(chart).length > 1) y = legend(library, document, chart, width, y, parts);
  y += 10;
  for (let first = 0; first < chart.panels.length; first += columns) {
    const row = chart.panels.slice(first, first + columns);
    const heights = row.map((_, column) => panelHeight(chart, first + column, panelWidth));
    const captioned = row.some(({ name }) => name !== "") || chart.kind === "heat" ? 26 : 0;
    row.forEach((panel, column) => {
      const x = MARGIN + column * (panelWidth + GAP);
      if (captioned > 0) parts.push(text(x, y + 16, panel.name, 13, BOLD));
      if (chart.kind === "heat") {
        const ramp = drawRamp(library, document, chart, paperTheme, 170);
        parts.push(placed(ramp, x + panelWidth - 170, y - 6));
      }
      const view = { width: panelWidth, height: itemAt(heights, column), theme: paperTheme, ...opening(chart) };
      parts.push(placed(drawPanel(library, document, chart, first + column, view), x, y + captioned));
    });
    y += captioned + Math.max(...heights) + 14;
  }
  for (const [line, size] of [
    ...wrapped(chart.summary, width - 2 * MARGIN, 11).map((words) => [words, 11] as const),
    ...wrapped(note, width - 2 * MARGIN, 10).map((words) => [words, 10] as const),
    [provenance, 10] as const,
  ]) {
    y += size + 4;
    parts.push(text(MARGIN, y, line, size, size === 10 ? SOFT : ""));
  }
  const height = y + MARGIN;
  return renumbered(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${
    height
  }" role="img" aria-labelledby="title summary" font-family="${FONTS}" color="${
    paperTheme.ink
  }" fill="${paperTheme.ink}">
<title id="title">${escaped(chart.title)}</title>
<desc id="summary">${escaped(chart.summary)}</desc>
<rect width="${width}" height="${height}" fill="${paperTheme.paper}"/>
${parts.join("\n")}
</svg>
`);
}

/** The part of a timeline that contains the story. */
function opening(chart: Chart) {
  return chart.kind === "timeline" ? { domain: chart.opensAt } : {};
}

/** Draws the series from left to right in as many lines as needed; returns where the next element can be placed. */
function legend(
  library: PlotLibrary,
  document: object,
  chart: Chart,
  width: number,
  top: number,
  parts: string[],
): number {
  let [x, y] = [MARGIN, top];
  seriesOf(chart).forEach((name, series) => {
    const room = 36 + name.length * 12 * CHARACTER + 18;
    if (x > MARGIN && x + room > width - MARGIN) [x, y] = [MARGIN, y + 18];
    parts.push(placed(drawKey(library, document, series, isOfPoints(chart), paperTheme), x, y + 3));
    parts.push(text(x + 35, y + 13, name, 12));
    x += room;
  });
  return y + 18;
}

function placed(drawing: Drawing, x: number, y: number): string {
  drawing.setAttribute("x", String(x));
  drawing.setAttribute("y", String(y));
  return drawing.outerHTML;
}

function text(x: number, y: number, words: string, size: number, attributes = ""): string {
  const more = attributes === "" ? "" : ` ${attributes}`;
  return `<text x="${x}" y="${y}" font-size="${size}"${more}>${escaped(words)}</text>`;
}

/** Plot numbers its clip paths over all drawings; a file begins with 1, and has one list of fonts. */
function renumbered(svg: string): string {
  const names: string[] = [];
  return svg.replaceAll(' font-family="system-ui, sans-serif"', "").replaceAll(/\bplot-clip-\d+/g, (name) => {
    if (!names.includes(name)) names.push(name);
    return `clip-${names.indexOf(name) + 1}`;
  });
}

function wrapped(words: string, width: number, size: number): string[] {
  const room = Math.floor(width / (size * CHARACTER));
  const lines: string[] = [""];
  for (const word of words.split(" ")) {
    const line = itemAt(lines, lines.length - 1);
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** What is used of @resvg/resvg-js. */
interface Resvg {
  readonly Resvg: new (svg: string, options: object) => { render(): { asPng(): Uint8Array } };
}

/** An optional package is imported by a name that the compiler does not resolve. */
async function rasteriser(): Promise<(svg: string) => Uint8Array> {
  const name: string = "@resvg/resvg-js";
  const { Resvg } = (await import(name).catch(() => {
    const missing = ` takes the optional package ${name}, which is not installed; `;
    throw new UserError(argument("png"), missing, argument("svg"), " needs nothing");
  })) as Resvg;
  const options = { fitTo: { mode: "zoom", value: PNG_SCALE }, font: { loadSystemFonts: true } };
  return (svg) => new Resvg(svg, options).render().asPng();
}
