/**
 * The page of a study (detectors, forecasts, assumptions, published values, warm-up): the answer, the picture if there
 * is one, and the tables that the terminal prints.
 */
import { figure, folds, list, notes, table, verdict, type Table } from "../../page/components.ts";
import type { IntervalChart, PlacedInterval } from "../../page/chart.ts";
import type { Model } from "../../models/model.ts";
import type { Page } from "./standalone-page.ts";

export interface Study {
  /** The kind of study and its subject: "detectors on results/q223863". */
  readonly kind: string;
  /** The question that it answers. */
  readonly question: string;
  readonly answer: string;
  readonly more?: readonly string[];
  /** The picture, and the meaning of its marks. */
  readonly picture?: { readonly chart: IntervalChart; readonly note: string } | undefined;
  readonly tables: readonly { readonly title: string; readonly table: Table }[];
  /** The meanings of the columns. */
  readonly legend: readonly string[];
  readonly model?: Pick<Model, "terms">;
}

/** Estimates by name, with one series for each thing compared. */
export function pictureOf(
  title: string,
  y: string,
  series: readonly string[],
  panels: readonly { readonly name: string; readonly estimates: readonly PlacedInterval[] }[],
): IntervalChart | undefined {
  const shown = panels.filter(({ estimates }) => estimates.length > 0);
  if (shown.length === 0) return undefined;
  const summary = `${title}.`;
  return { kind: "intervals", id: "study", title, summary, x: "name", y, series, panels: shown };
}

/** More panels are shown one at a time, and more tables are folded. */
const PANELS_FEW = 4;
const TABLES_FEW = 3;

function chartsOf(chart: IntervalChart): IntervalChart[] {
  if (chart.panels.length <= PANELS_FEW) return [chart];
  return chart.panels.map((panel, i) => ({ ...chart, id: `${chart.id}-${i + 1}`, title: panel.name, panels: [panel] }));
}

export function studyPage({ kind, question, answer, more, picture, tables, legend, model }: Study): Page {
  const drawn =
    picture === undefined ? [] : [{ id: "picture", heading: "", note: picture.note, charts: chartsOf(picture.chart) }];
  const hasTitles = tables.length > 1;
  const parts = tables.map(({ title, table: of }, i) => ({
    id: `table-${i + 1}`,
    heading: hasTitles || title !== "" ? title : "The numbers",
    body: table(of, title === "" ? "The numbers" : title),
  }));
  return {
    kind: `spoolsim, ${kind}`,
    title: question,
    lead: [verdict(answer), ...drawn.map(figure), ...(more === undefined || more.length === 0 ? [] : [list(more)])],
    sections: [
      ...(tables.length > TABLES_FEW ? [{ id: "numbers", heading: "All numbers", body: folds(parts) }] : parts),
      { id: "words", heading: "What the words mean", body: notes(legend) },
    ],
    footer: "The command prints the same tables on a terminal, and can write them as CSV for programs.",
    ...(model === undefined ? {} : { model }),
  };
}
