/**
 * The page of a study (detectors, forecasts, assumptions, published values, warm-up): the answer, the picture if there
 * is one, and the tables that the terminal prints.
 */
import { figure, list, notes, table, verdict, type Table } from "../../page/components.ts";
import type { IntervalChart, PlacedInterval } from "../../page/chart.ts";
import type { Model } from "../../models/model.ts";
import type { Page } from "./standalone-page.ts";

export interface Study {
  /** What kind of study it is of what: "detectors on results/q223863". */
  readonly kind: string;
  /** What it answers. */
  readonly question: string;
  readonly answer: string;
  readonly more?: readonly string[];
  /** The picture, and what its marks mean. */
  readonly picture?: { readonly chart: IntervalChart; readonly note: string } | undefined;
  readonly tables: readonly { readonly title: string; readonly table: Table }[];
  /** What the columns mean. */
  readonly legend: readonly string[];
  readonly model?: Pick<Model, "terms">;
}

/** Estimates by name, a series each for what is compared. */
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

export function studyPage({ kind, question, answer, more, picture, tables, legend, model }: Study): Page {
  const drawn =
    picture === undefined ? [] : [{ id: "picture", heading: "", note: picture.note, charts: [picture.chart] }];
  const hasTitles = tables.length > 1;
  return {
    kind: `spoolsim, ${kind}`,
    title: question,
    lead: [verdict(answer), ...drawn.map(figure), ...(more === undefined || more.length === 0 ? [] : [list(more)])],
    sections: [
      ...tables.map(({ title, table: of }, i) => ({
        id: `table-${i + 1}`,
        heading: hasTitles || title !== "" ? title : "The numbers",
        body: table(of, title === "" ? "The numbers" : title),
      })),
      { id: "words", heading: "What the words mean", body: notes(legend) },
    ],
    footer: "The command prints the same tables on a terminal, and can write them as CSV for programs.",
    ...(model === undefined ? {} : { model }),
  };
}
