/**
 * The headline of a page: the answer in a sentence or two, as a person would say it, and the two or three numbers that
 * matter.
 *
 * If one answer is enough, it is that of answers.ts. For several sites it gives the range, and where it hurts first and
 * last; for several levels, which of them has the least of what was asked.
 */
import type { KeyFigure, Table } from "../../page/components.ts";
import { mostOf, type Response } from "../../models/contract/responses.ts";
import type { Comparison } from "../analysis/comparison.ts";
import type { Findings } from "../analysis/findings.ts";
import { leakRateOf, type LeakRate } from "../analysis/leak-rates.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { sum, type Estimate } from "../../statistics/estimate.ts";
import { paceOf, aheadOf, answers, longTime, mainComparisons, runsOut } from "./answers.ts";
import { levelName, levelWords } from "./chart-layout.ts";
import { capital, counted, days, daysBetween, enumerated, labelOf } from "./format.ts";
import { isTooFew, LESS_LATER, mayBeChance } from "./interval-text.ts";
import { undecidedIn } from "../studies/fleet-parts.ts";
import { sparseEstimate } from "../../statistics/sparse.ts";
import { isNonEmpty, itemAt, mapEach, type NonEmpty } from "../lists.ts";
import { boundedSides, isOnePair, shownComparisons } from "./comparison-tables.ts";
import type { AnalyzedPlan } from "./summary-table.ts";
import { daysOf, isNoticed } from "./table-legends.ts";
import { responsesOf } from "../experiment/plan.ts";
import { scaleOf } from "./units.ts";

export interface Headline {
  readonly answer: string;
  /** What follows: when something runs out, or how to interpret the answer. */
  readonly outlook?: string;
  /** Further sentences. */
  readonly more: readonly string[];
  readonly figures: readonly KeyFigure[];
}

/** Undefined if there is nothing to report. */
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

/** A leak that one of two levels stops, at several sites or other levels: its rate, and its first and last symptoms. */
function pairHeadline(results: AnalyzedPlan): Answer | undefined {
  const { factor, responses } = results.plan.experiment.compare!;
  const rows = responses === undefined ? mainComparisons(results.findings.comparisons) : [];
  const leaking = rows.filter(({ difference, againstMean, response }) => {
    return response === rows[0]?.response && response.role === "leak" && againstMean === 0 && difference.value > 0;
  });
  if (!isNonEmpty(leaking)) return undefined;
  const points = leaking.map(({ point }) => point);
  const figures = [rateFigure(leaking, factor, results.findings), ...symptomFigures(results, points)];
  if (rows.length === 1) return { answer: itemAt(answers(results), 0), figures };
  if (leaking.length < rows.length) return undefined;
  const [{ point, against, response }] = leaking;
  const { unit, range, bounds } = rangeOf(placedRates(leaking, factor, results.findings), response.unit);
  const what = unit === "1" ? labelOf(response) : `${unit} of ${labelOf(response)}`;
  const [baseline, other] = mapEach([point, against], (one) => levelWords(one, factor));
  const outlook = symptomSentence(symptomEnds(results, points), factor);
  return {
    answer: `With ${baseline}, a server leaks ${range} ${what} a day${dependence(point, factor)}${bracketed(bounds)}; with ${other}, none.`,
    ...(outlook === undefined ? {} : { outlook }),
    figures,
  };
}

/** ", depending on the site"; nothing if several other factors vary, which the table below names. */
function dependence({ levels }: PlannedPoint, factor: string): string {
  const others = Object.keys(levels).filter((name) => name !== factor);
  const [other] = others;
  if (other === undefined || others.length > 1) return "";
  return `, depending on ${/^[a-z]+$/.test(other) ? "the " : ""}${other}`;
}

/** Which of several levels has the least of each response of the question, if no other factor varies. */
function levelsHeadline(results: AnalyzedPlan): Answer | undefined {
  const { factor, responses } = results.plan.experiment.compare!;
  if (responses === undefined) return undefined;
  const rows = shownComparisons(results);
  const figures: KeyFigure[] = [];
  /** The responses in which each level has the least. */
  const least = new Map<string, string[]>();
  /** The responses in which the levels named may have more by chance only. */
  const byChance = new Map<string, string[]>();
  for (const name of responses) {
    const own = rows.filter(({ response }) => response.name === name);
    if (!isNonEmpty(own)) return undefined;
    const [first] = own;
    if (own.some(({ point }) => point !== first.point)) return undefined;
    const rateAt = (point: PlannedPoint, mean: number) => ({
      level: itemAt(point.levels, factor),
      place: `with ${itemAt(point.levels, factor)}`,
      value: mean / daysOf(first),
      isBounded: leakRateOf(results.findings.leakRates, point, first.response)?.isLowerBound === true,
    });
    const levels: NonEmpty<ReturnType<typeof rateAt>> = [
      rateAt(first.point, first.baselineMean),
      ...own.map(({ against, againstMean }) => rateAt(against, againstMean)),
    ];
    const rates = rangeOf(levels, first.response.unit);
    const { least: bottom, most: top, unit, range } = rates;
    if (bottom.value === top.value) continue;
    const label = labelOf(first.response);
    const lowest = levels.filter(({ value }) => value === bottom.value);
    const best = lowest.map(({ level }) => level);
    // A rate that is a lower bound may be greater than any other.
    const isLeast = !lowest.some(({ isBounded }) => isBounded);
    if (isLeast) {
      const who = best.length > 2 ? `${best.length} of them` : best.join(" and ");
      least.set(who, [...(least.get(who) ?? []), `the ${unit === "1" ? "fewest" : "least"} ${label}`]);
      const rivals = rivalsByChance(own, factor, best);
      const whom = rivals.length > 2 ? `${rivals.length} others` : enumerated(rivals);
      if (whom !== "") byChance.set(whom, [...(byChance.get(whom) ?? []), label]);
    }
    const details = [
      ...(isLeast ? [`least: ${best.length > 2 ? `${best.length} of ${levels.length}` : best.join(", ")}`] : []),
      ...topDetails(rates, `most: ${top.level}`),
    ];
    figures.push({
      value: `${range}${unit === "1" ? "" : ` ${unit}`}`,
      meaning: `${label} per server-day`,
      detail: details.join("; "),
    });
  }
  if (least.size === 0) return undefined;
  const count = new Set(rows.flatMap(({ point, against }) => [point, against])).size;
  const clauses = [...least].map(
    ([who, what]) => `${who} ${/ and | of them/.test(who) ? "have" : "has"} ${enumerated(what)}`,
  );
  const { model } = results.plan.points[0].resolved;
  const [present] = rows.map(({ point }) => point);
  const isAdvised =
    model.prices !== undefined &&
    model.upkeep !== undefined &&
    rows.every(({ against }) => undecidedIn(against, present!) === undefined);
  const outlook = isAdvised
    ? { outlook: "Which is best depends on what each costs: spoolsim advise weighs them." }
    : {};
  const cautions = [...byChance].map(([whom, labels]) => {
    return `In ${enumerated(labels)}, the difference from ${whom} may be chance.`;
  });
  const answer = [`Of the ${count} levels of ${factor}, ${clauses.join("; ")}.`, ...cautions].join(" ");
  return { answer, ...outlook, figures };
}

/** The levels that may have more than the least by chance only. @param best those that have the least */
function rivalsByChance(rows: NonEmpty<Comparison>, factor: string, best: readonly string[]): string[] {
  const [first] = rows;
  const baseline = itemAt(first.point.levels, factor);
  const rowOf = (level: string) => rows.find(({ against }) => against.levels[factor] === level);
  const [least] = best;
  const ofLeast = least === baseline ? undefined : rowOf(least!);
  const all = [baseline, ...rows.map(({ against }) => itemAt(against.levels, factor))];
  return all.filter((level) => {
    if (best.includes(level)) return false;
    const excess = excessOver(ofLeast, level === baseline ? undefined : rowOf(level));
    return excess !== undefined && (mayBeChance(excess) || isTooFew(excess));
  });
}

/**
 * How much more a level has than the least, if both were observed alike.
 *
 * @param least the row of the level with the least, which is compared with the baseline; undefined for the baseline
 * @param other the row of the other level; undefined for the baseline
 */
function excessOver(least: Comparison | undefined, other: Comparison | undefined): Estimate | undefined {
  const known = least === undefined ? other : other === undefined ? least : undefined;
  if (known !== undefined) return known.difference;
  const [a, b] = [least!.differences(), other!.differences()];
  return a.length === b.length ? sparseEstimate(a.map((value, i) => value - itemAt(b, i))) : undefined;
}

/** A rate at one of several levels. */
interface PlacedRate {
  /** "at the office site" */
  readonly place: string;
  readonly value: number;
  /** Whether it is a lower bound, because a resource ran out. */
  readonly isBounded: boolean;
}

interface RateRange<One> {
  readonly least: One;
  readonly most: One;
  readonly unit: string;
  /** "8.3 to 62.8", or "8.3 to at least 62.8" if the greatest is a lower bound. */
  readonly range: string;
  /** "62.8 at the help-desk site"; empty if it is certain that no other rate is greater. */
  readonly rival: string;
  /** "at least 51.0 at the mainframe site", of those that are lower bounds; empty if only the greatest is. */
  readonly bounds: string;
}

/** The range of rates in a fitting unit; a lower bound below the greatest may exceed it and is named. */
function rangeOf<One extends PlacedRate>(rates: NonEmpty<One>, ownUnit: string): RateRange<One> {
  const [least, most] = extremes(rates, ({ value }) => value);
  const scale = scaleOf(ownUnit, most.value);
  const [from, to] = scale.ends(least.value, most.value);
  const bounded = rates.filter(({ isBounded }) => isBounded);
  const isCertain = bounded.every((one) => one === most);
  return {
    least,
    most,
    unit: scale.unit,
    range: least === most ? scale.text(most.value) : `${from} to ${most.isBounded ? "at least " : ""}${to}`,
    rival: isCertain || most.isBounded ? "" : `${to} ${most.place}`,
    bounds: isCertain ? "" : enumerated(bounded.map(({ value, place }) => `at least ${scale.text(value)} ${place}`)),
  };
}

/** Where a rate is greatest, or which rates may be. @param certain what to say if one is */
function topDetails({ rival, bounds, most }: RateRange<PlacedRate>, certain: string): string[] {
  if (bounds === "") return [`${certain}${most.isBounded ? ", where a resource ran out" : ""}`];
  return [...(rival === "" ? [] : [rival]), `${bounds}, where a resource ran out`];
}

function placedRates(rows: NonEmpty<Comparison>, factor: string, findings: Findings): NonEmpty<PlacedRate> {
  return mapEach(rows, (row) => ({
    place: `at ${levelPhrase(row.point, factor)}`,
    value: row.difference.value / daysOf(row),
    isBounded: boundedSides(row, findings).length > 0,
  }));
}

function rateFigure(rows: NonEmpty<Comparison>, factor: string, findings: Findings): KeyFigure {
  const [{ point, response }] = rows;
  const rates = rangeOf(placedRates(rows, factor, findings), response.unit);
  const { least, most, unit, range } = rates;
  const isOne = least === most;
  const { lower, upper } = leakRateOf(findings.leakRates, point, response)!.rate;
  const interval = Number.isNaN(lower)
    ? ""
    : `95 % interval ${scaleOf(response.unit, most.value).ends(lower, upper).join(" to ")}`;
  const bottom = least.isBounded ? [] : [`lowest ${least.place}`];
  const detail = isOne ? interval : [...bottom, ...topDetails(rates, `highest ${most.place}`)].join("; ");
  return {
    value: `${isOne && most.isBounded ? "at least " : ""}${range}${unit === "1" ? "" : ` ${unit}`}`,
    meaning: `${labelOf(response)} leaked a day by a server with ${levelWords(point, factor)}`,
    ...(detail === "" ? {} : { detail }),
  };
}

/** The key figures of the first and the last symptom. */
function symptomFigures(results: AnalyzedPlan, points: readonly PlannedPoint[]): KeyFigure[] {
  const factor = results.plan.experiment.compare?.factor ?? "";
  return symptomEnds(results, points).map(({ point, time, who, verb, detail }) => {
    const level = levelPhrase(point, factor);
    return { value: time, meaning: `until ${who} ${verb}${level === "" ? "" : ` at ${level}`}`, detail };
  });
}

/** The points with the first and the last symptom; one or none if there are no more. */
function symptomEnds(results: AnalyzedPlan, points: readonly PlannedPoint[]): Symptom[] {
  const symptoms = points.flatMap((point) => symptomOf(results, point) ?? []);
  return isNonEmpty(symptoms) ? [...new Set(extremes(symptoms, (one) => one.days))] : [];
}

interface Symptom {
  readonly point: PlannedPoint;
  readonly days: number;
  /** The event in two parts: "printer DCs", "run out". */
  readonly who: string;
  readonly verb: string;
  /** "2.95 days" */
  readonly time: string;
  /** "at the simulated rate" for a projection; undefined for an observed time. */
  readonly pace?: string;
  /** Whether a resource of which none leaked may run out earlier than projected. */
  readonly hasRivals?: boolean;
  /** The 95 % interval of the time; empty if unknown. */
  readonly interval: string;
  readonly detail: string;
}

/** The first symptom at a design point: the median over its servers or, if there was none, the projection. */
function symptomOf(results: AnalyzedPlan, point: PlannedPoint): Symptom | undefined {
  const own = results.findings.leakRates.filter((row) => row.point.index === point.index);
  // A resource that runs out says more than that users notice it at the same time.
  const rank = (row: (typeof own)[number]) => (limitOf(point, row.response) === undefined ? 1 : 0);
  const [reached] = own
    .filter(({ ceilingDaysMedian }) => !Number.isNaN(ceilingDaysMedian))
    .sort((a, b) => a.ceilingDaysMedian - b.ceilingDaysMedian || rank(a) - rank(b));
  if (reached !== undefined) {
    const { response, ceilingDaysMedian, ceilingDaysInterval, replications } = reached;
    const { lower, upper } = ceilingDaysInterval;
    const beyond = `${days(lower)} to beyond ${days(point.scenario.horizonDays)}`;
    const isFelt = isNoticed(point, response);
    return {
      point,
      days: ceilingDaysMedian,
      who: isFelt ? "users" : resourceOf(results, point, response),
      verb: isFelt ? "notice" : "run out",
      time: days(ceilingDaysMedian),
      interval: Number.isNaN(lower) ? "" : Number.isNaN(upper) ? beyond : daysBetween(lower, upper),
      detail: `median of ${counted(point.scenario.servers * replications, "server")}`,
    };
  }
  const ahead = aheadOf(results, point);
  if (ahead === undefined) return undefined;
  const { about, between } = longTime(ahead);
  // Not "this rate": the sentence before may be about the rates of several levels.
  const pace = paceOf(point, "at the simulated rate").replace(/,$/, "");
  return {
    point,
    days: ahead.days,
    who: labelOf(ahead.resource),
    verb: "run out",
    time: about,
    pace,
    hasRivals: ahead.rivals.length > 0,
    interval: between,
    detail: `${between === "" ? "" : `95 % interval ${between}, `}${pace}`,
  };
}

/** The limit of a response, if it has one. */
function limitOf({ resolved: { model, values } }: PlannedPoint, { ceiling }: Response) {
  return model.limits?.(values).find(({ eventTime }) => eventTime === ceiling);
}

/** What runs out when a response reaches its limit. */
function resourceOf({ plan }: AnalyzedPlan, point: PlannedPoint, response: Response): string {
  const limit = limitOf(point, response);
  return labelOf(responsesOf(plan).find(({ name }) => name === limit?.response) ?? response);
}

/**
 * "Printer DCs run out after 3 days at the mainframe site, and at the simulated rate after about 21 months at the
 * office site."
 */
function symptomSentence(ends: readonly Symptom[], factor: string): string | undefined {
  const clauses = ends.map(({ point, who, verb, time, pace }, i) => {
    const before = ends[i - 1];
    const does = pace === undefined ? verb : runsOut(pace);
    const subject = before?.who === who ? "" : `${who} ${does} `;
    const rate = pace === undefined || before?.pace === pace ? "" : `${pace}${subject === "" ? "" : ","} `;
    return `${rate}${subject}after ${pace === undefined ? "" : "about "}${time} at ${levelPhrase(point, factor)}`;
  });
  return clauses.length === 0 ? undefined : `${capital(clauses.join(", and "))}.`;
}

/**
 * A table of leak rates and symptoms by site or other level, of which the headline gives only the extremes. Undefined
 * if there is only one, or the headline is about something else.
 */
export function ratesByLevel(results: AnalyzedPlan): Table | undefined {
  const { compare } = results.plan.experiment;
  if (compare === undefined || !isOnePair(results) || compare.responses !== undefined) return undefined;
  const rows = mainComparisons(results.findings.comparisons);
  if (
    !isNonEmpty(rows) ||
    rows.length < 2 ||
    rows[0].response.role !== "leak" ||
    rows.some(({ response, againstMean }) => response !== rows[0].response || againstMean > 0)
  )
    return undefined;
  const { leakRates } = results.findings;
  const [, most] = extremes(rows, ({ difference }) => difference.value);
  const scale = scaleOf(most.response.unit, most.difference.value / daysOf(most));
  const what = scale.unit === "1" ? labelOf(most.response) : `${labelOf(most.response)} [${scale.unit}]`;
  const levels = rows.map((row) => {
    const { point } = row;
    const own = leakRates.filter((rate) => rate.point.index === point.index);
    const { rate, isLowerBound } = leakRateOf(leakRates, point, row.response)!;
    const symptom = symptomOf(results, point);
    const feeding = own.filter(
      (rate) => symptom !== undefined && resourceOf(results, point, rate.response) === symptom.who,
    );
    return { point, rate, isLowerBound, symptom, feeding };
  });
  const [first] = levels;
  const who = first?.symptom?.who;
  const isSame = who !== undefined && levels.every(({ symptom }) => symptom?.who === who);
  const cells = levels.map(({ point, rate, isLowerBound, symptom, feeding }) => {
    const about = symptom?.pace === undefined ? "" : "about ";
    return [
      levelOf(point, compare.factor),
      `${isLowerBound ? "at least " : ""}${scale.estimate(rate)}`,
      Number.isNaN(rate.lower) ? "" : scale.ends(rate.lower, rate.upper).join(" to "),
      isSame ? "" : (symptom?.who ?? ""),
      leakedText(feeding),
      symptom === undefined ? "" : `${about}${symptom.time}${bracketed(symptom.interval)}`,
    ];
  });
  const isAhead = (ahead: boolean) =>
    levels.some(({ symptom }) => symptom !== undefined && (symptom.pace !== undefined) === ahead);
  const rooms = levels.flatMap(({ feeding: [leak] }) => {
    const limit = leak === undefined ? undefined : limitOf(leak.point, leak.response);
    return limit === undefined ? [] : [String(mostOf(limit) - (limit.base ?? 0))];
  });
  const [{ point }] = rows;
  const others = Object.keys(point.levels).filter((name) => name !== compare.factor);
  return {
    head: [
      others.join(", "),
      `${what} leaked a day`,
      "95 % interval",
      "first to run out",
      isSame ? `${who} leaked a day` : "of it leaked a day",
      isSame ? `${who} ${first?.symptom?.verb} after` : "after",
    ],
    texts: 1,
    rows: cells,
    legend: [
      `Leaked by a server with ${levelWords(point, compare.factor)}.`,
      ...(levels.some(({ isLowerBound, feeding }) => isLowerBound || feeding.some((leak) => leak.isLowerBound))
        ? [`With "at least": the rate is an average ${LESS_LATER}.`]
        : []),
      ...(rooms.length === 0 || !isSame
        ? []
        : [`A freshly started server has ${enumerated([...new Set(rooms)], "or")} ${who} left.`]),
      ...(levels.some(({ symptom }) => (symptom?.interval ?? "") !== "") ? ["In brackets: the 95 % interval."] : []),
      ...(isAhead(true) ? ['With "about": extrapolated beyond the simulated days at the same rate.'] : []),
      ...(levels.some(({ symptom }) => symptom?.hasRivals === true)
        ? ["A resource of which none leaked in the simulated days may run out earlier."]
        : []),
      ...(isAhead(false) ? ['Without "about": the median of the simulated servers.'] : []),
    ],
  };
}

/** What leaks of one resource together: "8.39", or "at least 8.39" if a resource ran out; empty without leaks. */
function leakedText(leaks: readonly LeakRate[]): string {
  const [first] = leaks;
  if (first === undefined) return "";
  const rate = sum(leaks.map((leak) => leak.rate.value));
  return `${leaks.some(({ isLowerBound }) => isLowerBound) ? "at least " : ""}${scaleOf(first.response.unit, rate).text(rate)}`;
}

function bracketed(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

/** A level in a sentence: "the office site"; a number already has its factor's name. */
function levelPhrase({ levels }: PlannedPoint, factor: string): string {
  const others = Object.entries(levels).filter(([name]) => name !== factor);
  return others
    .map(([name, level]) => (levelName(name, level) === level ? `the ${level} ${name}` : levelName(name, level)))
    .join(", ");
}

/** The levels of a point without that of the compared factor. */
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
