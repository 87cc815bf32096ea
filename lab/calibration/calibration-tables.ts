/** The tables of a calibration: draws, parameters, rivals, the predictive check, and the course of the search. */
import type { Generation } from "../../statistics/approximate-bayes.ts";
import { dateText } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import { FIRST_OUT, SINCE, UNLIKE } from "../studies/posterior-worlds.ts";
import { integer, number, table, text, type Column, type Table } from "../results/csv.ts";
import {
  QUANTILES,
  unlikeness,
  valueIn,
  type CalibrationResult,
  type Check,
  type Draw,
  type Learned,
} from "./calibrate.ts";

/** Worlds for decisions: a weight, and each parameter that a hypothesis sets or varies, or that is known. */
export function posteriorTable(result: CalibrationResult): Table<Draw> {
  const { observation, hypotheses } = result;
  const unlike = unlikeness(result).join("; ");
  const { parameters } = observation.point.resolved.model;
  const varied = new Set(
    hypotheses.flatMap(({ settings, unknowns }) => [...Object.keys(settings), ...unknowns.map((one) => one.name)]),
  );
  for (const name of observation.facts) varied.add(name);
  return table("posterior", "a draw: a world that may be the one observed", [
    number("weight", "1", "probability of the draw; they sum to 1", ({ weight }) => weight),
    text("_explanation", "the explanation that it belongs to", ({ hypothesis }) => itemAt(hypotheses, hypothesis).name),
    ...[...varied].map((name): Column<Draw> => {
      const parameter = itemAt(parameters, name);
      const value = (draw: Draw) => valueIn(draw, name, observation);
      return parameter.kind === "number"
        ? number(name, parameter.unit, parameter.meaning, (draw) => Number(value(draw)))
        : text(name, parameter.meaning, (draw) => String(value(draw)));
    }),
    ...(observation.startDay === undefined
      ? []
      : [
          text(SINCE, "last restart of the server that runs out first", () => dateText(observation.startDay!)),
          text(FIRST_OUT, "what runs out first of what the counters show", () => observation.firstOut ?? ""),
        ]),
    ...(unlike === "" ? [] : [text(UNLIKE, "summaries of the observation that the draws do not show", () => unlike)]),
  ]);
}

export function parametersTable({ hypotheses, shares, sizes }: CalibrationResult): Table<Learned> {
  return table("parameters", "a parameter, if an explanation is right", [
    text("explanation", "its name", (row) => itemAt(hypotheses, row.hypothesis).name),
    number("probability", "1", "of the explanation", (row) => itemAt(shares, row.hypothesis)),
    text("parameter", "name of the parameter", ({ unknown }) => unknown.name),
    text("unit", "its unit", ({ unknown }) => unknown.unit),
    number("from", "see the column unit", "least value before anything was known", ({ unknown }) => unknown.range.from),
    number("to", "see the column unit", "greatest value before anything was known", ({ unknown }) => unknown.range.to),
    text("scale", "on which it was uniform", ({ unknown }) => unknown.range.scale),
    ...QUANTILES.map((p, i) => {
      const percent = Math.round(100 * p);
      return number(`q${percent}`, "see the column unit", `${percent} % quantile`, (row: Learned) =>
        itemAt(row.quantiles, i),
      );
    }),
    number(
      "contraction",
      "1",
      "1 - variance after / variance before, on the scale; empty unless it was learned",
      (row) => {
        return row.contraction;
      },
    ),
    number("effectiveSize", "1", "equally weighted draws that those of the explanation are worth", (row) => {
      return itemAt(sizes, row.hypothesis);
    }),
    text(
      "learned",
      "yes: the draws lie elsewhere in the range than before, or closer together, by more than chance; no; or unknown: too few worlds",
      ({ verdict }) => ({ learned: "yes", "not learned": "no", "too few worlds": "unknown" })[verdict],
    ),
  ]);
}

export function rivalsTable({ hypotheses, shares }: CalibrationResult): Table<number> {
  return table("rivals", "an explanation", [
    text("explanation", "its name", (h) => itemAt(hypotheses, h).name),
    number("prior", "1", "probability before anything was known", () => 1 / hypotheses.length),
    number("probability", "1", "probability after what was observed", (h) => itemAt(shares, h)),
    text("meaning", "what it says", (h) => itemAt(hypotheses, h).meaning),
  ]);
}

export function checksTable(): Table<Check> {
  return table("checks", "a number that sums up what was observed", [
    text("summary", "its name", ({ summary }) => summary.name),
    text("unit", "its unit", ({ summary }) => summary.unit),
    number("observed", "see the column unit", "what was observed", ({ observed }) => observed),
    number("q5", "see the column unit", "5 % quantile of the worlds that are kept", ({ quantiles }) =>
      itemAt(quantiles, 0),
    ),
    number("q50", "see the column unit", "their median", ({ quantiles }) => itemAt(quantiles, 1)),
    number("q95", "see the column unit", "their 95 % quantile", ({ quantiles }) => itemAt(quantiles, 2)),
    number(
      "below",
      "1",
      "share of these worlds that show less, and half of those that show the same",
      ({ below }) => below,
    ),
  ]);
}

export function searchTable(): Table<Generation> {
  return table("search", "a batch of worlds", [
    integer("worlds", "1", "worlds simulated so far", ({ worlds }) => worlds),
    number("tolerance", "1", "distance of the last world that is kept", ({ tolerance }) => tolerance),
    number("acceptance", "1", "share of the batch that is kept", ({ acceptance }) => acceptance),
    number("effectiveSize", "1", "equally weighted worlds that those kept are worth", (row) => row.effectiveSize),
  ]);
}
