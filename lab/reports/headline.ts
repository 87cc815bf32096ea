/**
 * The headline of a page: the answer in a sentence or two, as a person would say it, and the two or three numbers that
 * matter.
 *
 * If one answer is enough, it is that of answers.ts. For several sites it gives the range, and where it hurts first and
 * last; for several levels, which of them has the least of what was asked.
 */
import type { KeyFigure } from "../../page/components.ts";
import type { Comparison } from "../analysis/comparison.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { paceOf, aheadOf, answers, levelWords, longTime, mainComparisons } from "./answers.ts";
import { levelName } from "./chart-layout.ts";
import { days, labelOf } from "./format.ts";
import { isNonEmpty, itemAt, mapEach, type NonEmpty } from "../lists.ts";
import { daysOf, isNoticed, isOnePair, shownComparisons, type AnalyzedPlan } from "./summary-tables.ts";
import { scaleOf } from "./units.ts";

export interface Headline {
  readonly answer: string;
  /** What more there is to say, sentence by sentence. */
  readonly more: readonly string[];
  readonly figures: readonly KeyFigure[];
}

/** Undefined where there is nothing to say. */
export function headlineOf(results: AnalyzedPlan): Headline | undefined {
  const sentences = answers(results);
  if (!isNonEmpty(sentences)) return undefined;
  const answer = results.findings.comparisons.length === 0 ? undefined : comparedHeadline(results);
  return answer === undefined
    ? { answer: sentences[0], more: sentences.slice(1), figures: symptomFigures(results, results.plan.points) }
    : { ...answer, more: answer.answer === sentences[0] ? sentences.slice(1) : sentences };
}

type Answer = Omit<Headline, "more">;

function comparedHeadline(results: AnalyzedPlan): Answer | undefined {
  return isOnePair(results) ? pairHeadline(results) : levelsHeadline(results);
}

/** Of a leak that one of two levels stops, in several places: how fast, and where it hurts first and last. */
function pairHeadline(results: AnalyzedPlan): Answer | undefined {
  const { factor, responses } = results.plan.experiment.compare!;
  const rows = responses === undefined ? mainComparisons(results.findings.comparisons) : [];
  const leaking = rows.filter(({ difference, againstMean, response }) => {
    return response === rows[0]?.response && response.role === "leak" && againstMean === 0 && difference.value > 0;
  });
  if (!isNonEmpty(leaking)) return undefined;
  const points = leaking.map(({ point }) => point);
  const figures = [rateFigure(leaking, factor), ...symptomFigures(results, points)];
  if (rows.length === 1) return { answer: itemAt(answers(results), 0), figures };
  if (leaking.length < rows.length) return undefined;
  const [{ point, against, response }] = leaking;
  const [least, most] = extremes(leaking, ({ difference }) => difference.value);
  const rate = (row: Comparison) =>
    scaleOf(response.unit, most.difference.value / daysOf(most)).text(row.difference.value / daysOf(row));
  const unit = scaleOf(response.unit, most.difference.value / daysOf(most)).unit;
  const what = unit === "1" ? labelOf(response) : `${unit} of ${labelOf(response)}`;
  const [slow, fast] = mapEach([least, most], (row) => `${rate(row)} (${levelOf(row.point, factor)})`);
  const hurts = symptomEnds(results, points).map((one) => `at ${levelOf(one.point, factor)}, ${one.text}`);
  const [baseline, other] = mapEach([point, against], (one) => levelWords(one, factor));
  return {
    answer: `With ${baseline}, a server leaks ${slow} to ${fast} ${what} a day; with ${other}, none.${hurts.length === 0 ? "" : ` ${capital(hurts.join("; "))}.`}`,
    figures,
  };
}

/** Which of several levels is least in each of what was asked, where nothing else is varied. */
function levelsHeadline(results: AnalyzedPlan): Answer | undefined {
  const { factor, responses } = results.plan.experiment.compare!;
  if (responses === undefined) return undefined;
  const rows = shownComparisons(results);
  const figures: KeyFigure[] = [];
  /** By who is least: in what. */
  const least = new Map<string, string[]>();
  for (const name of responses) {
    const own = rows.filter(({ response }) => response.name === name);
    if (!isNonEmpty(own)) return undefined;
    const [first] = own;
    if (own.some(({ point }) => point !== first.point)) return undefined;
    const levels: NonEmpty<{ level: string; value: number }> = [
      { level: itemAt(first.point.levels, factor), value: first.baselineMean / daysOf(first) },
      ...own.map(({ against, againstMean }) => {
        return { level: itemAt(against.levels, factor), value: againstMean / daysOf(first) };
      }),
    ];
    const [bottom, top] = extremes(levels, ({ value }) => value);
    if (bottom.value === top.value) continue;
    const scale = scaleOf(first.response.unit, top.value);
    const label = labelOf(first.response);
    const best = levels.filter(({ value }) => value === bottom.value).map(({ level }) => level);
    const who = best.length > 2 ? `${best.length} of them` : best.join(" and ");
    const what = `the ${scale.unit === "1" ? "fewest" : "least"} ${label}`;
    least.set(who, [...(least.get(who) ?? []), what]);
    figures.push({
      value: `${scale.text(bottom.value)} to ${scale.text(top.value)}${scale.unit === "1" ? "" : ` ${scale.unit}`}`,
      meaning: `${label} per server-day`,
      detail: `least: ${best.length > 2 ? `${best.length} of ${levels.length}` : best.join(", ")}; most: ${top.level}`,
    });
  }
  if (figures.length === 0) return undefined;
  const count = new Set(rows.flatMap(({ point, against }) => [point, against])).size;
  const clauses = [...least].map(
    ([who, what]) => `${who} ${/ and | of them/.test(who) ? "have" : "has"} ${listed(what)}`,
  );
  const isPriced = results.plan.points[0]?.resolved.model.prices !== undefined;
  const prices = isPriced ? " Which is best depends on what each costs: spoolsim advise weighs them." : "";
  return { answer: `Of the ${count} levels of ${factor}, ${clauses.join("; ")}.${prices}`, figures };
}

function rateFigure(rows: NonEmpty<Comparison>, factor: string): KeyFigure {
  const [{ point, response }] = rows;
  const [least, most] = extremes(rows, ({ difference }) => difference.value);
  const scale = scaleOf(response.unit, most.difference.value / daysOf(most));
  const text = (row: Comparison) => scale.text(row.difference.value / daysOf(row));
  const unit = scale.unit === "1" ? "" : ` ${scale.unit}`;
  const { lower, upper } = most.difference;
  const interval = Number.isNaN(lower)
    ? ""
    : `95 % interval ${scale.text(lower / daysOf(most))} to ${scale.text(upper / daysOf(most))}`;
  const detail =
    least === most ? interval : `least: ${levelOf(least.point, factor)}; most: ${levelOf(most.point, factor)}`;
  return {
    value: least === most ? `${text(most)}${unit}` : `${text(least)} to ${text(most)}${unit}`,
    meaning: `${labelOf(response)} leaked a day by a server with ${levelWords(point, factor)}`,
    ...(detail === "" ? {} : { detail }),
  };
}

/** When it is felt, at the points where that is first and last. */
function symptomFigures(results: AnalyzedPlan, points: readonly PlannedPoint[]): KeyFigure[] {
  const factor = results.plan.experiment.compare?.factor ?? "";
  return symptomEnds(results, points).map(({ point, time, meaning, detail }) => {
    const level = levelOf(point, factor);
    return { value: time, meaning: level === "" ? meaning : `${meaning}, at ${level}`, detail };
  });
}

/** The first and the last of the points that are hurt: one, or none, where there are no more. */
function symptomEnds(results: AnalyzedPlan, points: readonly PlannedPoint[]): Symptom[] {
  const symptoms = points.flatMap((point) => symptomOf(results, point) ?? []);
  return isNonEmpty(symptoms) ? [...new Set(extremes(symptoms, (one) => one.days))] : [];
}

interface Symptom {
  readonly point: PlannedPoint;
  readonly days: number;
  /** As a clause: "users notice after 2.95 days". */
  readonly text: string;
  readonly time: string;
  readonly meaning: string;
  readonly detail: string;
}

/** When a design point is hurt: the median of its servers, or, where none was, the look ahead. */
function symptomOf(results: AnalyzedPlan, point: PlannedPoint): Symptom | undefined {
  const own = results.findings.leakRates.filter((row) => row.point.index === point.index);
  const [reached] = own
    .filter(({ ceilingDaysMedian }) => !Number.isNaN(ceilingDaysMedian))
    .sort((a, b) => a.ceilingDaysMedian - b.ceilingDaysMedian);
  if (reached !== undefined) {
    const { response, ceilingDaysMedian, replications } = reached;
    const isFelt = isNoticed(point, response);
    const time = days(ceilingDaysMedian);
    return {
      point,
      days: ceilingDaysMedian,
      text: isFelt ? `users notice after ${time}` : `${labelOf(response)} run out after ${time}`,
      time,
      meaning: isFelt ? "until users notice" : `until ${labelOf(response)} run out`,
      detail: `median of ${point.scenario.servers * replications} servers`,
    };
  }
  const ahead = aheadOf(results, point);
  if (ahead === undefined) return undefined;
  const { about, between } = longTime(ahead);
  const things = labelOf(ahead.resource);
  return {
    point,
    days: ahead.days,
    text: `${things} would run out after about ${about}`,
    time: about,
    meaning: `until ${things} run out`,
    detail: `${between}, ${paceOf(point).replace(/,$/, "")}`,
  };
}

/** The levels of a point but for the compared factor's. */
function levelOf({ levels }: PlannedPoint, factor: string): string {
  const others = Object.entries(levels).filter(([name]) => name !== factor);
  return others.map(([name, level]) => levelName(name, level)).join(", ");
}

function extremes<One>(all: NonEmpty<One>, value: (one: One) => number): [least: One, most: One] {
  return all.reduce<[One, One]>(
    ([least, most], one) => [value(one) < value(least) ? one : least, value(one) > value(most) ? one : most],
    [all[0], all[0]],
  );
}

/** "a", "a and b", "a, b and c". */
function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
