/**
 * The answer to the question of an experiment, in sentences.
 *
 * There is one for each compared pair or, if nothing is compared, for each design point. Numbers have their 95 %
 * intervals.
 */
import { lengthsDays } from "../../page/units.ts";
import { DAYS_PER_CENTURY } from "../calendar.ts";
import { zScore } from "../../statistics/estimate.ts";
import { wilsonInterval } from "../../statistics/proportion.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Reached } from "../analysis/primary-responses.ts";
import type { OperationalImpact } from "../analysis/operational-impact.ts";
import type { Comparison } from "../analysis/comparison.ts";
import { byOthers } from "../experiment/design.ts";
import { leakRateOf, type LeakRate, type MeanValue } from "../analysis/leak-rates.ts";
import { P_LEAST } from "../analysis/survival.ts";
import { fewestObservations } from "../analysis/observations.ts";
import { projectionOf, type Projection } from "../analysis/projection.ts";
import { levelName, levelWords } from "./chart-layout.ts";
import type { Selected } from "../analysis/selection.ts";
import { isLevel, observed, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { farthestP, usualZ } from "./closed-form.ts";
import { boundedSides, isBoundedTwice, isOnePair, othersOf, shownComparisons } from "./comparison-tables.ts";
import { hasClosedForm } from "./leak-tables.ts";
import type { AnalyzedPlan } from "./summary-table.ts";
import { daysOf, isNoticed, probabilityText } from "./table-legends.ts";
import { interval, isTooFew, LESS_LATER, mayBeChance } from "./interval-text.ts";
import { capital, counted, days, enumerated, labelOf, resourceName } from "./format.ts";
import { scaleOf } from "./units.ts";
import { itemAt } from "../lists.ts";

/**
 * The answer: one sentence for each combination of the levels that are not compared. Without a comparison, one sentence
 * about closed forms, or one per design point about its judge or its leaks. Empty if there is nothing to report.
 */
export function answers(results: AnalyzedPlan): string[] {
  const {
    findings: { operationalImpact, comparisons, meanValues },
    plan,
  } = results;
  if (comparisons.length > 0)
    return [...eventTimeAnswers(results), ...comparisonAnswers(results), ...bestAnswers(results)];
  const withClosedForm = meanValues.filter((row) => hasClosedForm(row) && !Number.isNaN(row.ratio.value));
  if (withClosedForm.length > 0) return [closedFormAnswer(plan, withClosedForm)];
  return operationalImpact.some(isJudged) ? operationalImpact.map(judgeAnswer) : leakAnswers(results);
}

function isJudged({ rollouts: { total, undecided } }: OperationalImpact): boolean {
  return undecided < total;
}

/** The verdicts on the trials of a design point. */
function judgeAnswer({ point, rollouts: { total, passed, halted, undecided } }: OperationalImpact): string {
  const { lower, upper } = wilsonInterval(passed, total);
  const between = `95 % interval ${Math.round(100 * lower)} to ${Math.round(100 * upper)} %`;
  const verb = undecided === 1 ? "is" : "are";
  const rest = undecided > 0 ? `; ${undecided} ${verb} undecided after ${days(point.scenario.horizonDays)}` : "";
  const trial = point.resolved.model.trial!;
  const share = `${passed} of ${counted(total, trial.noun)} (${between})`;
  return `${pointName(point)}: ${trial.passed.words} ${share} and ${trial.halted.words} ${halted}${rest}.`;
}

/** Up to this many levels without the event are named. */
const NEVER_MAX = 2;

/** "on 3 of 20 servers with spooler buggy", "on 1 with sticky-guard" */
function countsOf(rows: readonly Reached[], factor: string): string[] {
  return rows.map(({ point, eventTime, observations, reached }, i) => {
    const isSame = i > 0 && observations === itemAt(rows, 0).observations;
    const of = isSame ? "" : ` of ${observations} ${observed(eventTime)}`;
    return `on ${reached}${of} with ${i === 0 ? `${factor} ` : ""}${point.levels[factor]}`;
  });
}

/** How many servers had the event of the question, at all levels, because counts are given side by side. */
function eventTimeAnswers({ plan, findings: { reached } }: AnalyzedPlan): string[] {
  const { factor } = plan.experiment.compare!;
  const eventTimes = [...new Set(reached.map(({ eventTime }) => eventTime))];
  return eventTimes.flatMap((eventTime) =>
    byOthers(plan.points, factor).map((points) => {
      const rows = points.map(({ index }) => {
        return reached.find(({ eventTime: of, point }) => of === eventTime && point.index === index)!;
      });
      const others = Object.entries(itemAt(points, 0).levels).filter(([name]) => name !== factor);
      const where = others.map(([name, level]) => levelName(name, level)).join(", ");
      const counts = countsOf(
        rows.filter(({ reached: came }) => came > 0),
        factor,
      );
      const never = rows.filter(({ reached: came }) => came === 0).map(({ point }) => point.levels[factor]);
      const none =
        never.length > NEVER_MAX ? ["on none with the others"] : never.map((level) => `on none with ${level}`);
      const words = counts.length === 0 ? [`on none of the ${observed(eventTime)}`] : [...counts, ...none];
      const answer = `"${labelOf(eventTime)}" occurs ${words.join(", ")}.`;
      return where === "" ? answer : `${where}: ${answer}`;
    }),
  );
}

/** With several pairs, only the responses of the question get a sentence; all leaks would be a table. */
function comparisonAnswers(results: AnalyzedPlan): string[] {
  const { plan, findings } = results;
  const { factor, responses } = plan.experiment.compare!;
  if (responses === undefined && !isOnePair(results)) return [];
  const rows =
    responses === undefined
      ? mainComparisons(findings.comparisons)
      : shownComparisons(results).filter(({ response }) => responses.includes(response.name));
  return rows.map((row) => {
    const { point, against, response, difference } = row;
    const others = Object.entries(point.levels).filter(([name]) => name !== factor);
    const where = others.map(([name, level]) => levelName(name, level)).join(", ");
    const alone = onlyLeak(row, findings.leakRates);
    const isUnknown = isBoundedTwice(row, findings);
    const isChance = mayBeChance(difference) && difference.value !== 0 && !isUnknown;
    const chance = isTooFew(alone?.rate ?? difference)
      ? ", on one server only, so no interval is known"
      : isChance
        ? alone === undefined
          ? ", which may be chance"
          : "; the difference may be chance"
        : "";
    const bounded = boundedSides(row, findings);
    const lowerBound = bounded.length === 0 ? "" : `. ${boundText(bounded, alone !== undefined, factor)}`;
    const symptom = symptomText(results, point, response, `with ${levelWords(point, factor)}, `);
    const late = withItText(row, findings.leakRates, levelWords(against, factor));
    const what = isUnseen(row)
      ? unseenText(row, factor)
      : isUnknown
        ? lowerBoundsText(row, factor)
        : alone === undefined
          ? differenceText(row, factor)
          : onlyLeakText(row, factor, alone);
    const ahead = aheadText(results, point, response, `with ${levelWords(point, factor)}, `);
    const sentences = [`${what}${chance}${lowerBound}`, ...(symptom === "" ? [] : [capital(symptom)])];
    const answer = [`${sentences.join(". ")}${late}.`, ...ahead].join(" ");
    return where === "" ? capital(answer) : `${where}: ${answer}`;
  });
}

/** "The leak rate is a lower bound: it is an average ..."; names the level if both leak. */
function boundText(bounded: readonly PlannedPoint[], isOnOneSide: boolean, factor: string): string {
  if (bounded.length > 1) {
    return `Both leak rates are lower bounds, so their difference is unknown: they are averages ${LESS_LATER}`;
  }
  const where = isOnOneSide ? "" : ` with ${bounded.map((side) => levelWords(side, factor)).join()}`;
  return `The leak rate${where} is a lower bound: it is an average ${LESS_LATER}`;
}

/** "with spooler a, a server leaks at least 8.28 handles a day, and with spooler b, at least 5.1" */
function lowerBoundsText(row: Comparison, factor: string): string {
  const { point, against, response, baselineMean, againstMean } = row;
  const rates = [baselineMean / daysOf(row), againstMean / daysOf(row)];
  const scale = scaleOf(response.unit, Math.max(...rates));
  const [first, second] = rates.map((rate) => `at least ${scale.text(rate)}`);
  const what = `${scale.unit === "1" ? "" : `${scale.unit} of `}${labelOf(response)} a day`;
  return `with ${levelWords(point, factor)}, a server leaks ${first} ${what}, and with ${levelWords(against, factor)}, ${second}`;
}

/** For each pair, the comparison of the first leak that occurs at one of its levels. */
export function mainComparisons(rows: readonly Comparison[]): Comparison[] {
  const pairs = [...new Set(rows.map(({ point, against }) => `${point.index} ${against.index}`))];
  return pairs.flatMap((pair) => {
    const own = rows.filter(({ point, against }) => `${point.index} ${against.index}` === pair);
    const main = mainResponses(own.map(({ response }) => response));
    const happened = own.find(
      (row) => main.includes(row.response) && (row.baselineMean !== 0 || row.againstMean !== 0),
    );
    return happened ?? own.find(({ response }) => response === main[0]) ?? [];
  });
}

/** Whether no leak occurred at either level although leaks are possible. */
function isUnseen({ baselineMean, againstMean, difference }: Comparison): boolean {
  return baselineMean === 0 && againstMean === 0 && difference.halfWidth > 0;
}

/** "no print processors leaked with spooler a or spooler b; the rates differ by at most 0.0461 per server-day" */
function unseenText(row: Comparison, factor: string): string {
  const { point, against, response, difference } = row;
  const days = daysOf(row);
  const scale = scaleOf(response.unit, difference.halfWidth / days);
  const most = `${scale.text(difference.halfWidth / days)}${scale.unit === "1" ? "" : ` ${scale.unit}`}`;
  const levels = `with ${levelWords(point, factor)} or ${levelWords(against, factor)}`;
  return `no ${labelOf(response)} leaked ${levels}; the rates differ by at most ${most} per server-day (95 %)`;
}

/** The leak rate of the only side that leaks; undefined if both leak, or neither. */
function onlyLeak(
  { point, against, response, difference, baselineMean, againstMean }: Comparison,
  leakRates: readonly LeakRate[],
): LeakRate | undefined {
  if (difference.value === 0 || (baselineMean !== 0 && againstMean !== 0)) return undefined;
  return leakRateOf(leakRates, baselineMean === 0 ? against : point, response);
}

/** "with spooler a, a server leaks 8.28 handles a day (95 % interval 8.1 to 8.4); with spooler b, none" */
function onlyLeakText({ point, against }: Comparison, factor: string, { point: leaking, ...leak }: LeakRate): string {
  const { response, rate, isLowerBound } = leak;
  const scale = scaleOf(response.unit, rate.value);
  const ends = rate.lower < rate.upper ? ` (95 % interval ${scale.ends(rate.lower, rate.upper).join(" to ")})` : "";
  const amount = `${scale.estimate(rate)} ${scale.unit === "1" ? "" : `${scale.unit} of `}${labelOf(response)}`;
  const [many, few] = [leaking, leaking === point ? against : point].map((side) => levelWords(side, factor));
  return `with ${many}, a server leaks ${isLowerBound ? "at least " : ""}${amount} a day${ends}; with ${few}, none`;
}

/** "with spooler b, a server leaks 8.28 fewer handles a day (95 % interval 8.1 to 8.4) than with spooler a" */
function differenceText(row: Comparison, factor: string): string {
  const { point, against, response, difference } = row;
  const [baseline, other] = [point, against].map((one) => levelWords(one, factor));
  const days = daysOf(row);
  const scale = scaleOf(response.unit, difference.value / days);
  const things = labelOf(response);
  const isLeak = response.role === "leak";
  const isMore = difference.value < 0;
  const [lower, upper] = isMore ? [-difference.upper, -difference.lower] : [difference.lower, difference.upper];
  const ends = scale.ends(lower / days, upper / days).join(" to ");
  const between = Number.isNaN(lower) || difference.halfWidth === 0 ? "" : ` (95 % interval ${ends})`;
  const per = isLevel(response) ? "per server at the end" : "per server-day";
  const amount = scale.estimate({ value: Math.abs(difference.value), lower, upper }, days);
  const asMuch = response.unit === "us" ? "as much" : "as many";
  if (difference.value === 0) {
    return isLeak
      ? `with ${other}, a server leaks ${asMuch} ${things}${between} as with ${baseline}`
      : `${other} means ${asMuch} ${things}${between} as ${baseline}`;
  }
  // "Fewer" for counts, "less" for amounts.
  const what =
    scale.unit === "1"
      ? `${amount} ${isMore ? "more" : "fewer"} ${things}`
      : `${amount} ${scale.unit} ${isMore ? "more" : "less"} ${things}`;
  return isLeak
    ? `with ${other}, a server leaks ${what} a day${between} than with ${baseline}`
    : `${other} means ${what} ${per}${between} than ${baseline}`;
}

/** When the symptom appears at the level without the bug; empty if it never does. */
function withItText({ against, response }: Comparison, leakRates: readonly LeakRate[], other: string): string {
  const leak = leakRateOf(leakRates, against, response);
  if (leak === undefined || !(leak.ceilingReached > 0)) return "";
  if (!Number.isNaN(leak.ceilingDaysMedian)) return `; with ${other}, after ${days(leak.ceilingDaysMedian)}`;
  const some = reachedText(against, leak);
  return isNoticed(against, response)
    ? `; with ${other}, users of ${some} do`
    : `; with ${other}, ${some} ${leak.ceilingReached === 1 ? "does" : "do"}`;
}

/** "3 of 6 servers"; the servers of all replications count. */
function reachedText({ scenario }: PlannedPoint, { ceilingReached, replications }: LeakRate): string {
  const servers = scenario.servers * replications;
  return servers === 1 ? "the only server" : `${ceilingReached} of ${servers} servers`;
}

/** The best level, for each combination of the other factors. */
function bestAnswers({ plan, findings }: AnalyzedPlan): string[] {
  const { factor, best } = plan.experiment.compare!;
  const otherFactors = othersOf(plan);
  const families = new Map<string, Selected[]>();
  for (const row of findings.selections) {
    const where = otherFactors.map((name) => row.point.levels[name]).join(", ");
    families.set(where, [...(families.get(where) ?? []), row]);
  }
  return [...families].map(([others, rows]) => {
    const names = (verdict: string) =>
      rows
        .filter((row) => row.verdict === verdict)
        .map(({ point }) => point.levels[factor])
        .join(", ");
    const winner = rows.find(({ verdict }) => verdict === "best");
    const answer =
      winner === undefined
        ? `${plan.experiment.replications} replications do not decide which level is best; still possible: ${names("undecided")}`
        : `${names("best")} is best (decided after ${winner.afterReplications} replications)`;
    const bounded = rows.filter(
      ({ point, response }) => leakRateOf(findings.leakRates, point, response)?.isLowerBound === true,
    );
    const where = bounded.map(({ point }) => levelWords(point, factor));
    const caution =
      bounded.length === 0
        ? ""
        : ` With ${enumerated(where)}, a resource ran out, after which a server leaks less: fewer leaks need not be better.`;
    const what = `${best!.wanted} ${best!.response}; differences below ${best!.indifference} per server are ignored`;
    return `${others === "" ? "" : `${others}: `}${answer} (${what}; Kim-Nelson procedure).${caution}`;
  });
}

function closedFormAnswer(plan: Plan, means: readonly MeanValue[]): string {
  const distances = means.map(({ ratio, closedForm }) => Math.abs(zScore(ratio, closedForm)));
  const known = distances.filter((distance) => !Number.isNaN(distance));
  const exact = means.filter(({ ratio, closedForm }) => ratio.value === closedForm).length;
  const equal =
    exact === 0
      ? ""
      : `, and ${exact} further ${exact === 1 ? "mean equals its" : "means equal their"} closed form exactly`;
  if (known.length === 0) return exactAnswer(plan, exact, means.length);
  const usual = usualZ(fewestObservations(plan));
  const within = known.filter((distance) => distance <= Number(usual)).length;
  const share = `${within} of ${known.length} simulated means lie within ${usual} standard errors of their closed form`;
  const most = Math.max(...known);
  const p = farthestP(most, fewestObservations(plan), known.length);
  const bound = p < P_LEAST ? probabilityText(p) : `at most ${probabilityText(p)}`;
  const chance = p < 1 ? ` (p ${bound} for the farthest of ${known.length})` : "";
  const farthest = `the farthest is ${most.toFixed(2)} away${chance}`;
  const together =
    plan.points.length > 1 ? "; the levels use the same random numbers, so their errors are correlated" : "";
  return `${share} (19 in 20 are expected); ${farthest}${equal}${together}.`;
}

/** The answer if no mean has a distance from its closed form. */
function exactAnswer(plan: Plan, exact: number, all: number): string {
  if (fewestObservations(plan) > 1) return `${exact} of ${all} simulated means equal their closed form exactly.`;
  const same = exact === 0 ? "" : ` (${exact} of ${all} equal it exactly)`;
  return `How far the simulated means are from their closed form is unknown${same}: one replication gives no interval; take two or more.`;
}

function leakAnswers(results: AnalyzedPlan): string[] {
  const { leakRates } = results.findings;
  return results.plan.points.flatMap((point) => {
    const own = leakRates.filter((row) => row.point.index === point.index);
    const main = own.find(({ leaked }) => leaked > 0) ?? own[0];
    if (main === undefined) return [];
    const { response, rate } = main;
    const scale = scaleOf(response.unit, rate.value || rate.upper);
    const isCertain = rate.lower === rate.upper;
    const between =
      Number.isNaN(rate.lower) || isCertain ? "" : ` (95 % interval ${interval(rate, scale).replace(" .. ", " to ")})`;
    const what = `leaks ${main.isLowerBound ? "at least " : ""}${scale.estimate(rate)}${between} ${resourceName(response, scale.unit)} per server-day`;
    const symptom = symptomText(results, point, response);
    return [
      `${pointName(point)} ${what}${symptom === "" ? "" : `; ${symptom}`}.`,
      ...aheadText(results, point, response),
    ].join(" ");
  });
}

/** The name of a design point in a sentence. */
function pointName({ levels }: PlannedPoint): string {
  const words = Object.entries(levels)
    .map(([factor, level]) => `${factor} ${level}`)
    .join(", ");
  return words === "" ? "The fleet" : words;
}

/** The responses that an answer may be about: the leaks, or the first response of a model without leaks. */
export function mainResponses(responses: readonly Response[]): readonly Response[] {
  const leaks = responses.filter(({ role }) => role === "leak");
  return leaks.length > 0 ? leaks : responses.slice(0, 1);
}

/** When a leak has a symptom, as a clause: users notice it, or a resource runs out. */
function symptomText(results: AnalyzedPlan, point: PlannedPoint, response: Response, proviso = ""): string {
  const { leakRates } = results.findings;
  const leak = leakRateOf(leakRates, point, response);
  if (leak === undefined || response.ceiling === undefined) return "";
  const servers = point.scenario.servers * leak.replications;
  const horizon = days(point.scenario.horizonDays);
  const isFelt = isNoticed(point, response);
  if (leak.ceilingReached === 0)
    return isFelt ? `users notice nothing within ${horizon}` : `no server runs out of it within ${horizon}`;
  const reached = reachedText(point, leak);
  const [some, most] = isFelt
    ? [`users of ${reached} notice`, "users notice"]
    : [`${reached} ${leak.ceilingReached === 1 ? "runs" : "run"} out of it`, "servers run out of it"];
  return Number.isNaN(leak.ceilingDaysMedian)
    ? `${some} within ${horizon}`
    : `${proviso}${most} after ${days(leak.ceilingDaysMedian)} (median of ${counted(servers, "server")})`;
}

/**
 * "With the buggy spooler, a server also leaks 0.375 printer DCs a day; at that rate they are the first resource to run
 * out, after about 21 months (18 to 24).", for servers that are not restarted. @param response the leak that the
 * sentences before are about
 */
function aheadText(results: AnalyzedPlan, point: PlannedPoint, response: Response, proviso = ""): string[] {
  if (response.ceiling === undefined || leakRateOf(results.findings.leakRates, point, response)?.ceilingReached !== 0)
    return [];
  const projection = aheadOf(results, point);
  if (projection === undefined) return [];
  const { resource, leaks, rate, rivals } = projection;
  const { about, between } = longTime(projection);
  const known = between === "" ? "" : ` (${between})`;
  const isTogether = leaks.length > 1;
  const [leak] = leaks;
  const isSame = !isTogether && leak.response === response;
  const filled = labelOf(resource);
  const leaked = isTogether ? filled : labelOf(leak.response);
  const scale = scaleOf(leak.response.unit, rate.value);
  const amount = `${scale.text(rate.value)} ${scale.unit === "1" ? "" : `${scale.unit} of `}${leaked}`;
  const verb = isTogether ? "leaks" : "also leaks";
  const also = isSame ? "" : `a server ${verb} ${amount} a day${isTogether ? " in all" : ""}; `;
  const pace = paceOf(point, isSame ? "at this rate" : "at that rate");
  const what = leaked === filled && !isSame ? "they" : filled;
  return [
    capital(
      `${proviso}${also}${pace} ${what} ${isOrWouldBe(pace)} the first resource to run out, after about ${about}${known}.`,
    ),
    ...(rivals.length === 0
      ? []
      : [`${capital(enumerated(rivals.map(labelOf)))}, of which none leaked, may run out earlier.`]),
  ];
}

/** The verbs after the words of paceOf. */
export function runsOut(pace: string): string {
  return isSupposed(pace) ? "would run out" : "run out";
}

function isOrWouldBe(pace: string): string {
  return isSupposed(pace) ? "would be" : "are";
}

function isSupposed(pace: string): boolean {
  return pace.startsWith("if ");
}

/** `steady` after whole weeks, whose rate is that of the leak in general; other days speak only for days like them. */
export function paceOf(
  { scenario: { horizonDays }, resolved: { model } }: PlannedPoint,
  steady = "at this rate",
): string {
  if (horizonDays % 7 === 0) return steady;
  const isMonday = horizonDays <= 1 && model.startsOnMonday === true;
  return isMonday ? "if every day were like the simulated Monday," : "if every day were like the simulated ones,";
}

/**
 * What runs out first at the observed rate; undefined if a resource has run out, is given back by restarts, or lasts a
 * century.
 */
export function aheadOf({ plan, findings }: AnalyzedPlan, point: PlannedPoint): Projection | undefined {
  if (findings.operationalImpact[0]?.isAttended === true) return undefined;
  const projection = projectionOf(plan, point, findings.leakRates);
  return projection === undefined || projection.days > DAYS_PER_CENTURY ? undefined : projection;
}

/** A time in natural units, "20 months", and its interval in the same unit, "18 to 23", or empty if it has none. */
export function longTime({ days: expected, lower, upper }: Pick<Projection, "days" | "lower" | "upper">) {
  const unit = expected < 90 ? "day" : expected < 1000 ? "month" : "year";
  const text = (time: number) => String(Number((time / lengthsDays[unit]).toPrecision(2)));
  const latest = upper === Infinity ? "or later" : `to ${text(upper)}`;
  return { about: `${text(expected)} ${unit}s`, between: Number.isNaN(lower) ? "" : `${text(lower)} ${latest}` };
}
