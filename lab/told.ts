/**
 * What the results say, in words and small tables, for whoever prints them: a terminal or a page.
 *
 * The answer is a sentence for each thing that was compared, or, where nothing was, for each design point; its numbers
 * stand with their 95 % interval. A told table is text through and through.
 */
import { attentionTable, type Attention } from "./attention.ts";
import { byOthers } from "./design.ts";
import { pairName, type Comparison } from "./comparison.ts";
import type { LeakRate, MeanValue } from "./estimates.ts";
import { factorNames } from "./experiment.ts";
import type { Findings } from "./fold.ts";
import type { Response } from "../models/model.ts";
import { zScore, type Estimate } from "../statistics/estimate.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { levelName } from "./layout.ts";
import type { Selected } from "./selection.ts";
import type { LevelsTest } from "./survival.ts";
import { observed, type Plan, type PlannedPoint } from "./tables.ts";
import { DIFFERS, Theory, theoryHead, usualZ } from "./theory.ts";
import { counted, days, plainName, resourceName, scaleOf, significant } from "./words.ts";

/** What there is to tell of. */
export interface Told {
  readonly plan: Plan;
  readonly findings: Findings;
}

/** What is to be seen of a row at a glance: a difference that may be chance, or one from theory that is none. */
export type RowMark = "chance" | "differs";

export interface ToldTable {
  readonly head: readonly string[];
  /** As many columns from the left are text; the rest are numbers. */
  readonly texts: number;
  readonly rows: readonly (readonly string[])[];
  /** By row, as far as there is anything to mark. */
  readonly marks?: readonly (RowMark | undefined)[];
  /** What the columns mean, one by one. */
  readonly legend: readonly string[];
}

export interface ToldTables {
  /** What it costs, and what came of it. */
  readonly costs?: ToldTable;
  /** The same, where somebody attends to the fleets. */
  readonly attention?: ToldTable;
  readonly leaks?: ToldTable;
  readonly comparison?: ToldTable;
  readonly fleet?: ToldTable;
  readonly moments?: ToldTable;
  readonly means?: ToldTable;
}

/** The tables that there are: attention, what leaks, what levels differ by, whole fleets, when it is felt, theory. */
export function toldTables({ plan, findings }: Told): ToldTables {
  const costs = attentionTable(plan, findings.attention);
  const compared = new Set(findings.comparisons.flatMap(({ point, against }) => [point.index, against.index]));
  const leaks = compared.size < plan.points.length ? leaksTold(findings.leakRates) : [];
  const withTheory = findings.meanValues.filter(hasTheory);
  const theory = new Theory(plan.experiment.replications, leaks.filter(hasTheory).length + withTheory.length);
  const reached = findings.levelsTests.filter(({ p }) => !Number.isNaN(p));
  return {
    ...(costs === undefined ? {} : { costs, ...(findings.attention[0].isAttended ? { attention: costs } : {}) }),
    ...(compared.size < plan.points.length && findings.leakRates.length > 0
      ? { leaks: leakRateTable(plan, leaks, theory, withTheory.length === 0) }
      : {}),
    ...(compared.size > 0 ? { comparison: comparedTable({ plan, findings }) } : {}),
    ...(findings.fleetRates.length > 0 ? { fleet: fleetTable(plan, leaksTold(findings.fleetRates)) } : {}),
    ...(reached.length > 0 ? { moments: momentsTable(plan, reached) } : {}),
    ...(withTheory.length > 0 ? { means: meanTable(plan, withTheory, theory) } : {}),
  };
}

function hasTheory({ closedForm }: { readonly closedForm: number }): boolean {
  return !Number.isNaN(closedForm);
}

/** What leaked; of a design point at which nothing did, that no print processor did. */
function leaksTold(leakRates: readonly LeakRate[]): LeakRate[] {
  const leaking = new Set(leakRates.filter(({ leaked }) => leaked > 0).map(({ point }) => point));
  return leakRates.filter(
    ({ point, response, leaked }) => leaked > 0 || (response.name === "processorsLeaked" && !leaking.has(point)),
  );
}

function comparedTable(told: Told): ToldTable {
  return isOnePair(told) ? comparisonTable(told) : pairsTable(told);
}

/** Whether two levels are compared, and no others. */
function isOnePair({ plan, findings }: Told): boolean {
  const { factor } = plan.experiment.compare!;
  return new Set(findings.comparisons.map((row) => pairName(row, factor))).size === 1;
}

/** The factors that are not compared. */
function othersOf({ experiment }: Plan): string[] {
  return factorNames(experiment).filter((name) => name !== experiment.compare!.factor);
}

const VARIANCE_RATIO = "variance ratio: how many times as many replications independent random numbers would have "
  + "cost; 1 where one side never varies, exact where the levels vary and their difference never does";

function ratioText(varianceRatio: number): string {
  return varianceRatio === Infinity ? "exact" : significant(varianceRatio);
}

function comparisonTable({ plan, findings }: Told): ToldTable {
  const { factor } = plan.experiment.compare!;
  const [baseline, against] = levelsOf(findings.comparisons[0], factor);
  const others = othersOf(plan);
  const rows: string[][] = [];
  const told = toldComparisons({ plan, findings });
  let previous: PlannedPoint | undefined;
  for (const comparison of told) {
    const { point, response, difference, varianceRatio } = comparison;
    const perDay = 1 / point.scenario.horizonDays;
    const scale = scaleOf(response.unit, comparison.baselineMean * perDay);
    const leak = findings.leakRates.find(
      (row) => row.point.index === point.index && row.response.name === response.name,
    );
    const mark = isLimited(comparison, leak, findings.leakRates) ? ` ${RAN_OUT}` : "";
    rows.push([
      ...others.map((name) => (previous === point ? "" : point.levels[name])),
      resourceName(response.name, scale.unit),
      scale.text(comparison.baselineMean * perDay),
      scale.text(comparison.againstMean * perDay),
      scale.text(difference.value * perDay),
      interval(difference, (value) => scale.text(value * perDay)) + mark,
      ratioText(varianceRatio),
      leak === undefined ? "" : felt(leak),
    ]);
    previous = point;
  }
  return {
    head: [
      ...others, "per server-day", baseline, against, "difference", "95 % interval", "variance ratio", "felt after",
    ],
    texts: others.length + 1,
    rows,
    marks: told.map(({ difference }) => chanceMark(difference)),
    legend: [
      `difference: ${baseline} - ${against}, replication by replication on the same random numbers`,
      VARIANCE_RATIO,
      `felt after: days until half of the servers of ${baseline} ran out of the resource, or, for print processors, ` +
        "until their users noticed",
      ...legendOf(rows),
    ],
  };
}

/** Whether 0 lies within the interval of a difference, which is not known to be 0 exactly. */
function mayBeChance({ lower, upper, halfWidth }: Estimate): boolean {
  return lower <= 0 && upper >= 0 && halfWidth !== 0;
}

function chanceMark(difference: Estimate): RowMark | undefined {
  return mayBeChance(difference) ? "chance" : undefined;
}

/** Marks a rate that a ceiling has cut short. */
const RAN_OUT = "\u2020";

/** What the mark means, where there is one. */
function legendOf(rows: readonly (readonly string[])[]): string[] {
  return rows.some((row) => row.some((cell) => cell.endsWith(RAN_OUT)))
    ? [`${RAN_OUT} something ran out on the way: the rate is what there was to lose, over the whole horizon`]
    : [];
}

/** Whether a leak came to a ceiling, its own or (then all replications agree) that of what it comes with. */
function isLimited({ difference }: Comparison, leak: LeakRate | undefined, leakRates: readonly LeakRate[]): boolean {
  if (leak === undefined || leak.leaked === 0) return false;
  const ranOut = leakRates.some(({ point, ceilingReached }) => point === leak.point && ceilingReached > 0);
  return leak.ceilingReached > 0 || (ranOut && difference.halfWidth === 0);
}

function levelsOf({ point, against }: Comparison, factor: string): [baseline: string, against: string] {
  return [point.levels[factor], against.levels[factor]];
}

/** What leaks of all parts of a fleet together. */
function fleetTable({ experiment }: Plan, leaks: readonly LeakRate[]): ToldTable {
  const factors = factorNames(experiment);
  let previous: PlannedPoint | undefined;
  const rows = leaks.map(({ point, response, rate, betweenServers, ceilingReached }) => {
    const scale = scaleOf(response.unit, rate.value);
    const mark = ceilingReached > 0 ? ` ${RAN_OUT}` : "";
    const levels = factors.map((name) => (previous === point ? "" : point.levels[name]));
    previous = point;
    const numbers = [scale.text(rate.value), interval(rate, scale.text) + mark, scale.text(betweenServers)];
    return [...levels, resourceName(response.name, scale.unit), ...numbers];
  });
  return {
    head: [...factors, "leaked per server-day", "rate", "95 % interval", "between servers"],
    texts: factors.length + 1,
    rows,
    legend: [
      `all: every ${experiment.fleet} together, as many servers of each as were simulated`,
      "between servers: standard deviation of the rates of single servers, of all replications",
      ...legendOf(rows),
    ],
  };
}

/** Several pairs: what leaks, pair by pair, with intervals that hold together. */
function pairsTable({ plan, findings }: Told): ToldTable {
  const { factor } = plan.experiment.compare!;
  const others = othersOf(plan);
  const whereOf = ({ point }: Comparison) => others.map((name) => point.levels[name]);
  const families = new Map<string, Comparison[]>();
  for (const row of toldComparisons({ plan, findings })) {
    const family = [...whereOf(row), row.response.name].join("\n");
    families.set(family, [...(families.get(family) ?? []), row]);
  }
  let previous = "";
  const rows = [...families.values()].flatMap((family) => {
    const { point, response } = family[0];
    const perDay = 1 / point.scenario.horizonDays;
    const greatest = Math.max(...family.map(({ difference }) => Math.abs(difference.value)));
    const scale = scaleOf(response.unit, greatest * perDay);
    return family.map((row, i) => {
      const where = whereOf(row);
      const isSame = where.join("\n") === previous;
      previous = where.join("\n");
      return [
        ...where.map((level) => (isSame ? "" : level)),
        i === 0 ? resourceName(response.name, scale.unit) : "",
        pairName(row, factor),
        scale.text(row.difference.value * perDay),
        interval(row.simultaneous, (value) => scale.text(value * perDay)),
        significant(row.pHolm),
        ratioText(row.varianceRatio),
      ];
    });
  });
  return {
    head: [...others, "per server-day", factor, "difference", "95 % together", "p", "variance ratio"],
    texts: others.length + 2,
    rows,
    marks: [...families.values()].flat().map(({ simultaneous }) => chanceMark(simultaneous)),
    legend: [
      "difference: replication by replication on the same random numbers",
      "95 % together: the intervals of all pairs of a resource hold at once (Bonferroni); p is adjusted so, too (Holm)",
      VARIANCE_RATIO,
    ],
  };
}

/** A greater p-value may well be chance. */
const P_CHANCE = 0.05;

/** Whether the compared levels come to a moment at the same rate. */
function momentsTable(plan: Plan, tests: readonly LevelsTest[]): ToldTable {
  const others = othersOf(plan);
  let previous: PlannedPoint | undefined;
  const rows = tests.map(({ point, moment, servers, reached, chiSquare, degrees, p }) => {
    const where = others.map((name) => (previous === point ? "" : point.levels[name]));
    previous = point;
    const counts = [servers, reached].map(String);
    const name = plainName(moment.replace(/Us$/, ""));
    return [...where, name, ...counts, significant(chiSquare), String(degrees), significant(p)];
  });
  return {
    head: [...others, "until", "servers", "came to it", "log-rank chi-square", "df", "p"],
    texts: others.length + 1,
    rows,
    marks: tests.map(({ p }) => (p > P_CHANCE ? "chance" : undefined)),
    legend: ["log-rank: whether the compared levels come to it at the same rate, as if they were independent"],
  };
}

/** Which level is the best, for each combination of the other factors. */
function bestAnswers({ plan, findings }: Told): string[] {
  const { factor, best } = plan.experiment.compare!;
  const others = othersOf(plan);
  const families = new Map<string, Selected[]>();
  for (const row of findings.selections) {
    const where = others.map((name) => row.point.levels[name]).join(", ");
    families.set(where, [...(families.get(where) ?? []), row]);
  }
  return [...families].map(([where, rows]) => {
    const names = (verdict: string) =>
      rows.filter((row) => row.verdict === verdict).map(({ point }) => point.levels[factor]).join(", ");
    const winner = rows.find(({ verdict }) => verdict === "best");
    const answer = winner === undefined
      ? `${plan.experiment.replications} replications do not tell the best; left are ${names("undecided")}`
      : `the best is ${names("best")}, known after ${winner.afterReplications} replications`;
    const what = `${best!.wanted} ${best!.response}, if ${best!.indifference} per server matters`;
    return `${where === "" ? "" : `${where}: `}${answer} (${what}; Kim and Nelson).`;
  });
}

/** The comparisons that are told; of each pair those first that the question is about. */
function toldComparisons({ plan, findings }: Told): Comparison[] {
  const asked = plan.experiment.compare!.responses ?? [];
  const pairs = new Map<string, Comparison[]>();
  for (const row of findings.comparisons) {
    const pair = `${row.point.index} ${row.against.index}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), row]);
  }
  return [...pairs.values()].flatMap((rows) => [
    ...askedOf(rows, asked), ...rows.filter((row) => !asked.includes(row.response.name) && isTold(row)),
  ]);
}

function askedOf(rows: readonly Comparison[], asked: readonly string[]): Comparison[] {
  return asked.flatMap((name) => rows.filter(({ response }) => response.name === name));
}

/** What leaks anywhere is told, how often a race hangs the service, and what users lose by it where they do. */
function isTold({ response: { name, role }, baselineMean, againstMean, difference }: Comparison): boolean {
  if (name === "processorsLeaked") return true;
  if (role === "leak" || name === "raceHangs") return baselineMean !== 0 || againstMean !== 0;
  return ["jobsPrinted", "jobsStarved"].includes(name) && difference.value !== 0;
}

/**
 * The answer: a sentence for each combination of the levels that are not compared; where nothing is compared, one on
 * theory, or one for each design point on what its judge said, or else on what leaks. None when there is nothing of the
 * kind.
 */
export function answers(told: Told): string[] {
  const { findings: { attention, comparisons, meanValues }, plan } = told;
  if (comparisons.length > 0) return [...momentAnswers(told), ...comparisonAnswers(told), ...bestAnswers(told)];
  const withTheory = meanValues.filter(hasTheory);
  if (withTheory.length > 0) return [theoryAnswer(plan, withTheory)];
  return attention.some(isJudged) ? attention.map(judgeAnswer) : leakAnswers(told);
}

function isJudged({ rollouts: { total, unjudged } }: Attention): boolean {
  return unjudged < total;
}

/** What became of the canaries at a design point. */
function judgeAnswer({ point, rollouts: { total, passed, halted, unjudged } }: Attention): string {
  const { lower, upper } = wilsonInterval(passed, total);
  const between = `95 % interval ${Math.round(100 * lower)} .. ${Math.round(100 * upper)} %`;
  const verb = unjudged === 1 ? "is" : "are";
  const rest = unjudged > 0 ? `; ${unjudged} ${verb} undecided after ${days(point.scenario.horizonDays)}` : "";
  const share = `${passed} of ${counted(total, "roll-out")} (${between})`;
  return `${pointName(point)}: the judge passes the canaries in ${share} and halts ${halted}${rest}.`;
}

/** On how many servers an asked moment came: at all levels, whichever are compared, for counts stand side by side. */
function momentAnswers({ plan, findings: { reached } }: Told): string[] {
  const { factor } = plan.experiment.compare!;
  const moments = [...new Set(reached.map(({ moment }) => moment))];
  return moments.flatMap((moment) => byOthers(plan.points, factor).map((points) => {
    const rows = points.map(({ index }) => {
      return reached.find(({ moment: of, point }) => of === moment && point.index === index)!;
    });
    const isOfOneSize = rows.every(({ observations }) => observations === rows[0].observations);
    const others = Object.entries(points[0].levels).filter(([name]) => name !== factor);
    const where = others.map(([name, level]) => levelName(name, level)).join(", ");
    const counts = rows.map(({ point, observations, reached: came }, i) => {
      const of = i === 0 ? ` of ${observations} ${observed(moment)}` : isOfOneSize ? "" : ` of ${observations}`;
      return `on ${came}${of} with ${i === 0 ? `${factor} ` : ""}${point.levels[factor]}`;
    });
    return `${where === "" ? "" : `${where}: `}${plainName(moment.name.replace(/Us$/, ""))} ${counts.join(", ")}.`;
  }));
}

/** Of several pairs only what the question names is told in sentences: a sentence for each leak would be a table. */
function comparisonAnswers(told: Told): string[] {
  const { plan, findings } = told;
  const { factor, responses } = plan.experiment.compare!;
  if (responses === undefined && !isOnePair(told)) return [];
  const main = mainResponse(findings.comparisons.map(({ response }) => response));
  const rows = responses === undefined
    ? findings.comparisons.filter(({ response }) => response === main)
    : toldComparisons(told).filter(({ response }) => responses.includes(response.name));
  return rows.map((row) => {
    const { point, response, difference } = row;
    const [baseline, against] = levelsOf(row, factor);
    const perDay = 1 / point.scenario.horizonDays;
    const scale = scaleOf(response.unit, difference.value * perDay);
    const half = Number.isNaN(difference.halfWidth) ? "" : ` ± ${scale.text(difference.halfWidth * perDay)}`;
    const amount = `${scale.text(Math.abs(difference.value) * perDay)}${half}`;
    const things = resourceName(response.name, "1");
    const isMore = difference.value < 0;
    // A count has fewer, what has a unit has less.
    const what = scale.unit === "1"
      ? `${amount} ${isMore ? "more" : "fewer"} ${things} per server-day`
      : `${amount} ${scale.unit} of ${things} per server-day ${isMore ? "more" : "less"}`;
    const verb = response.role === "leak" ? "leaks" : "has";
    const others = Object.entries(point.levels).filter(([name]) => name !== factor);
    const where = others.map(([name, level]) => levelName(name, level));
    const isSame = difference.value === 0 && difference.halfWidth === 0;
    const saved = `${factor} ${against} ${verb} ${isSame ? `as many ${things}` : what}`;
    const symptom = symptomText(point, response, findings.leakRates, "without it ");
    const chance = mayBeChance(difference) ? ", which may be chance" : "";
    const than = `${isSame ? "as" : "than"} ${factor} ${baseline}${chance}`;
    const late = withItText(row, findings.leakRates);
    return `${where.length === 0 ? "" : `${where.join(", ")}: `}${saved} ${than}${symptom}${late}.`;
  });
}

/** When the same is felt where the bug is not: empty where it never is. */
function withItText({ against, response }: Comparison, leakRates: readonly LeakRate[]): string {
  const leak = leakRates.find((row) => row.point.index === against.index && row.response.name === response.name);
  if (leak === undefined || !(leak.ceilingReached > 0)) return "";
  const servers = against.scenario.servers * leak.replications;
  return Number.isNaN(leak.ceilingDaysMedian)
    ? `, with it on ${leak.ceilingReached} of ${servers} servers`
    : `, with it after ${days(leak.ceilingDaysMedian)}`;
}

function theoryAnswer({ experiment: { replications }, points }: Plan, means: readonly MeanValue[]): string {
  const distances = means.map(({ ratio, closedForm }) => Math.abs(zScore(ratio, closedForm)));
  const known = distances.filter((distance) => !Number.isNaN(distance));
  const exact = means.filter(({ ratio, closedForm }) => ratio.value === closedForm).length;
  const meets = exact === 0 ? "" : `, and ${exact} ${exact === 1 ? "meets" : "meet"} it exactly`;
  if (known.length === 0) return `Of ${means.length} means that theory knows, ${exact} meet it exactly.`;
  const usual = usualZ(replications);
  const within = known.filter((distance) => distance <= Number(usual)).length;
  const share = `${within} of ${known.length} simulated means lie within ${usual} standard errors of theory`;
  const farthest = `the farthest is ${Math.max(...known).toFixed(2)} away`;
  const together = points.length > 1 ? "; levels meet the same random numbers, so they err together" : "";
  return `${share}, where 19 in 20 are to be expected; ${farthest}${meets}${together}.`;
}

function leakAnswers({ findings: { leakRates } }: Told): string[] {
  const main = mainResponse(leakRates.map(({ response }) => response));
  return leakRates.filter(({ response }) => response === main).map(({ point, response, rate }) => {
    const scale = scaleOf(response.unit, rate.value);
    const between = Number.isNaN(rate.lower) ? "" : ` (95 % interval ${interval(rate, scale.text)})`;
    const what = `leaks ${scale.text(rate.value)}${between} ${resourceName(response.name, scale.unit)} per server-day`;
    return `${pointName(point)} ${what}${symptomText(point, response, leakRates)}.`;
  });
}

/** How a design point is called in a sentence. */
function pointName({ levels }: PlannedPoint): string {
  const words = Object.entries(levels).map(([factor, level]) => `${factor} ${level}`).join(", ");
  return words === "" ? "The fleet" : words;
}

/** What an answer is about: the first leak, or the first response of a model that leaks nothing. */
export function mainResponse(responses: readonly Response[]): Response | undefined {
  return responses.find(({ role }) => role === "leak") ?? responses[0];
}

/** When a leak is felt, as the end of a sentence: by users, of all that leaks, or by running out of a resource. */
function symptomText(
  point: PlannedPoint, response: Response, leakRates: readonly LeakRate[], proviso = "",
): string {
  const leak = leakRates.find((row) => row.point.index === point.index && row.response.name === response.name);
  if (leak === undefined || response.ceiling === undefined) return "";
  const servers = point.scenario.servers * leak.replications;
  const horizon = days(point.scenario.horizonDays);
  const isFelt = response.name === "processorsLeaked";
  if (leak.ceilingReached === 0) {
    return isFelt ? `; no user notices within ${horizon}` : `; no server runs out of it within ${horizon}`;
  }
  const [some, most] = isFelt
    ? [`users of ${leak.ceilingReached} of ${servers} servers notice`, "users notice"]
    : [`${leak.ceilingReached} of ${servers} servers run out of it`, "servers run out of it"];
  return Number.isNaN(leak.ceilingDaysMedian)
    ? `; ${some} within ${horizon}`
    : `; ${proviso}${most} after ${days(leak.ceilingDaysMedian)} (median of ${servers} servers)`;
}

/** @param explains whether no other table says what z and verdict are */
function leakRateTable(
  { experiment }: Plan, leaks: readonly LeakRate[], theory: Theory, explains: boolean,
): ToldTable {
  const factors = factorNames(experiment);
  const rows: string[][] = [];
  const isKnown = leaks.some(hasTheory);
  const isFelt = leaks.some(({ response }) => response.ceiling !== undefined);
  let previous: PlannedPoint | undefined;
  for (const leak of leaks) {
    const { point, response, rate } = leak;
    const scale = scaleOf(response.unit, rate.value);
    rows.push([
      ...factors.map((name) => (previous === point ? "" : point.levels[name])),
      resourceName(response.name, scale.unit),
      scale.text(rate.value),
      interval(rate, scale.text),
      ...(isKnown ? theory.cells(rate, leak.closedForm, scale.text) : []),
      ...(isFelt ? [felt(leak)] : []),
    ]);
    previous = point;
  }
  const head = [...factors, "leaked per server-day", "rate", "95 % interval"];
  return {
    head: [...head, ...(isKnown ? theoryHead : []), ...(isFelt ? ["felt after"] : [])],
    texts: factors.length + 1,
    rows,
    marks: differing(rows),
    legend: isKnown && explains ? theory.legend() : [],
  };
}

function meanTable({ experiment }: Plan, means: readonly MeanValue[], theory: Theory): ToldTable {
  const factors = factorNames(experiment);
  const rows = means.map(({ point, mean, ratio, closedForm }) => {
    const scale = scaleOf(mean.unit, closedForm);
    return [
      ...factors.map((name) => point.levels[name]),
      meanName(mean.name, mean.unit, scale.unit),
      scale.text(ratio.value),
      interval(ratio, scale.text),
      ...theory.cells(ratio, closedForm, scale.text),
    ];
  });
  const head = [...factors, "mean", "simulated", "95 % interval", ...theoryHead];
  return { head, texts: factors.length + 1, rows, marks: differing(rows), legend: theory.legend() };
}

/** The rows whose verdict is that theory is not met. */
function differing(rows: readonly (readonly string[])[]): (RowMark | undefined)[] {
  return rows.map((row) => (row.includes(DIFFERS) ? "differs" : undefined));
}

/** The name of a mean in the unit in which it is told: waitUsMean in s is "waitMean [s]". */
export function meanName(name: string, unit: string, told: string): string {
  return unit === "us" ? `${name.replace("Us", "")} [${told}]` : name;
}

export function interval({ lower, upper }: Estimate, text: (value: number) => string): string {
  return Number.isNaN(lower) ? "" : `${text(lower)} .. ${text(upper)}`;
}

/** When the leak is felt: the median of the servers, or that more than half of them reached the horizon first. */
function felt({ point, ceilingReached, ceilingDaysMedian, response }: LeakRate): string {
  if (response.ceiling === undefined) return "";
  if (!Number.isNaN(ceilingDaysMedian)) return `${significant(ceilingDaysMedian)} d`;
  const few = ceilingReached === 0 ? "" : `, but ${ceilingReached} servers`;
  return `> ${significant(point.scenario.horizonDays).replace(/\.0+$/, "")} d${few}`;
}
