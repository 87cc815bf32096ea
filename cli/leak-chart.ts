/**
 * Leak curves on a terminal: how much a server has leaked on average over time, with a curve for each design point that
 * leaks.
 *
 * They are drawn in braille characters of two by four dots, or in letters if the terminal has no such characters. The
 * name of a curve is at its end.
 */
import { join } from "node:path";
import type { CompletedRun } from "../lab/run-experiment.ts";
import { readTable } from "../lab/results/csv-reader.ts";
import { significant } from "../lab/reports/format.ts";
import { itemAt } from "../lab/lists.ts";

/** Equidistant values, from the left end. */
export interface Curve {
  readonly name: string;
  readonly values: number[];
}

export interface Canvas {
  /** The width of the terminal. */
  readonly columns: number;
  /** Whether braille characters can be shown. */
  readonly braille: boolean;
}

const CURVES_MAX = 12;
const ROWS = 10;
const NARROWEST = 16;

/** The chart of the leaks from the results in the folder, in lines; "" when nothing leaks. */
export async function leakChart({ plan }: CompletedRun, folder: string, canvas: Canvas): Promise<string> {
  const leak = plan.points[0].resolved.model.responses.find(({ role }) => role === "leak");
  if (leak === undefined) return "";
  const days = plan.points[0].scenario.horizonDays;
  const curves: Curve[] = plan.points.map(({ levels }) => ({ name: Object.values(levels).join(", "), values: [] }));
  const replications = new Array<number>(curves.length).fill(0);
  let [point, sample, lastUs] = [-1, 0, Infinity];
  for await (const rows of readTable(join(folder, "samples.csv"), ["replication", "timeUs", `${leak.name}_mean`])) {
    for (const [replication, timeUs, value] of rows) {
      // Rows are ordered by design point, replication and time; design points may differ in the number of replications.
      const begins = Number(timeUs) <= lastUs;
      if (begins && replication === "0") point++;
      if (begins) replications[point] = Number(replication) + 1;
      sample = begins ? 1 : sample + 1;
      lastUs = Number(timeUs);
      const { values } = itemAt(curves, point);
      values[0] = 0;
      values[sample] = (values[sample] ?? 0) + Number(value);
    }
  }
  curves.forEach(({ values }, i) => values.forEach((sum, at) => (values[at] = sum / itemAt(replications, i))));
  // Curves with another horizon would be drawn to another scale.
  const drawable = curves.filter((_, i) => itemAt(plan.points, i).scenario.horizonDays === days);
  const leaking = drawable.filter(({ values }) => values.at(-1)! > 0);
  if (leaking.length === 0) return "";
  const shown = leaking.sort((a, b) => b.values.at(-1)! - a.values.at(-1)!).slice(0, CURVES_MAX);
  const none = drawable.length - leaking.length;
  const less = leaking.length - shown.length;
  const title = `${leak.meaning}, per server, over ${days} ${days === 1 ? "day" : "days"}`;
  const rest = [
    [less, "leak less"],
    [none, "leak nothing"],
  ] as const;
  const legend = rest.filter(([count]) => count > 0).map(([count, what]) => `\nnot drawn: ${count} that ${what}`);
  return `${title}\n\n${draw(shown, `${days} d`, canvas)}${legend.join("")}`;
}

/** The curves, highest end first, above an axis that ends at `end`. */
export function draw(curves: readonly Curve[], end: string, { columns, braille }: Canvas): string {
  const top = Math.max(...curves.flatMap(({ values }) => values));
  const rows = Math.max(ROWS, curves.length);
  const marks = curves.map((_, i) => (braille ? "" : `${String.fromCharCode(97 + i)} `));
  const names = curves.map(({ name, values }, i) => `${marks[i]}${significant(values.at(-1)!)}  ${name}`.trimEnd());
  const scale = [significant(top), "0"];
  const left = Math.max(...scale.map(({ length }) => length));
  const room = columns - left - 4;
  const right = Math.min(Math.max(...names.map(({ length }) => length)), room - NARROWEST);
  const width = Math.max(NARROWEST, room - Math.max(0, right));
  const grid = braille ? brailleGrid(curves, top, width, rows) : letterGrid(curves, top, width, rows);
  const nameOfRow = namesByRow(curves, top, rows);
  const [rise, floor] = braille ? ["│", "└"] : ["|", "+"];
  const lines = grid.map((line, row) => {
    const label = row === 0 ? itemAt(scale, 0) : row === rows - 1 ? itemAt(scale, 1) : "";
    const name = nameOfRow[row] === undefined ? "" : itemAt(names, nameOfRow[row]).slice(0, Math.max(0, right));
    return `${label.padStart(left)} ${rise}${line} ${name}`.trimEnd();
  });
  const axis = `${" ".repeat(left)} ${floor}${(braille ? "─" : "-").repeat(width)}`;
  return [...lines, axis, `${" ".repeat(left + 2)}0${end.padStart(width - 1)}`].join("\n");
}

/** The row of each curve's name: where the curve ends, or as close below as there is room. */
function namesByRow(curves: readonly Curve[], top: number, rows: number): (number | undefined)[] {
  const names: (number | undefined)[] = Array.from({ length: rows });
  let next = 0;
  curves.forEach(({ values }, i) => {
    const end = values.at(-1)!;
    const ends = rows - 1 - Math.round((end / top) * (rows - 1));
    const row = Math.min(Math.max(ends, next), rows - (curves.length - i));
    names[row] = i;
    next = row + 1;
  });
  return names;
}

/** The height of a curve, from 0 to steps - 1, at each of `count` places from left to right. */
function heights({ values }: Curve, top: number, count: number, steps: number): number[] {
  return Array.from({ length: count }, (_, column) => {
    const at = (column / (count - 1)) * (values.length - 1);
    const before = Math.floor(at);
    const after = Math.min(before + 1, values.length - 1);
    const value = itemAt(values, before) + (itemAt(values, after) - itemAt(values, before)) * (at - before);
    return Math.round((value / top) * (steps - 1));
  });
}

/** The bit of each dot of a braille character, from the top, left and right. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const BRAILLE = 0x2800;

function brailleGrid(curves: readonly Curve[], top: number, width: number, rows: number): string[] {
  const cells = new Uint8Array(width * rows);
  for (const curve of curves) {
    const dots = heights(curve, top, 2 * width, 4 * rows);
    dots.forEach((height, x) => {
      // A steep step is filled, so that the curve has no gaps.
      const from = Math.min(height, x === 0 ? height : itemAt(dots, x - 1) + 1);
      for (let dot = from; dot <= height; dot++) {
        const y = 4 * rows - 1 - dot;
        const cell = Math.floor(y / 4) * width + Math.floor(x / 2);
        cells[cell] = itemAt(cells, cell) | itemAt(itemAt(DOTS, y % 4), x % 2);
      }
    });
  }
  const text = (row: number) => [...cells.subarray(row * width, (row + 1) * width)];
  return Array.from({ length: rows }, (_, row) =>
    text(row)
      .map((dots) => (dots === 0 ? " " : String.fromCharCode(BRAILLE + dots)))
      .join(""),
  );
}

function letterGrid(curves: readonly Curve[], top: number, width: number, rows: number): string[] {
  const grid = Array.from({ length: rows }, () => new Array<string>(width).fill(" "));
  // The highest curve is drawn last, so that it is visible where curves meet.
  for (let i = curves.length - 1; i >= 0; i--) {
    heights(itemAt(curves, i), top, width, rows).forEach((height, x) => {
      itemAt(grid, rows - 1 - height)[x] = String.fromCharCode(97 + i);
    });
  }
  return grid.map((line) => line.join(""));
}

/** The terminal on standard output, as described by its environment; 80 columns if unknown. */
export function canvasOf({ LC_ALL, LC_CTYPE, LANG, TERM }: NodeJS.ProcessEnv, columns: number | undefined): Canvas {
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return { columns: columns ?? 80, braille: /utf-?8/i.test(locale) && TERM !== "linux" && TERM !== "dumb" };
}
