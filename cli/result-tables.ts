/**
 * The tables that a run prints: what leaks at each design point, what the compared levels differ by, and what theory
 * says of the means.
 */
import Table from "cli-table3";
import type { Conducted } from "../lab/conduct.ts";
import type { Comparison, LeakRate, MeanValue } from "../lab/estimates.ts";
import { factorNames } from "../lab/experiment.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { studentTQuantile } from "../statistics/special-functions.ts";
import type { PlannedPoint } from "../lab/tables.ts";

/** All that is to be read on a terminal, ready to print. */
export function resultText(conducted: Conducted): string {
  const { experiment } = conducted.plan;
  const parts = [experiment.question.trim()];
  const { findings, plan } = conducted;
  const compared = new Set(findings.comparisons.flatMap(({ point, against }) => [point.index, against.index]));
  if (compared.size < plan.points.length && findings.leakRates.length > 0) parts.push(leakRateText(conducted));
  if (compared.size > 0) parts.push(comparisonText(conducted), answerOf(conducted));
  const withTheory = findings.meanValues.filter(({ closedForm }) => !Number.isNaN(closedForm));
  if (withTheory.length > 0) parts.push(meanText(conducted, withTheory));
  return parts.join("\n\n");
}

function comparisonText({ plan, findings }: Conducted): string {
  const { factor, baseline, against } = plan.experiment.compare!;
  const others = factorNames(plan.experiment).filter((name) => name !== factor);
  const table = newTable(
    [...others, "per server-day", baseline, against, "difference", "95 % interval", "variance ratio", "felt after"],
    others.length + 1,
  );
  let previous: PlannedPoint | undefined;
  for (const comparison of findings.comparisons.filter(isTold)) {
    const { point, response, difference, varianceRatio } = comparison;
    const perDay = 1 / point.scenario.horizonDays;
    const scale = scaleOf(response.unit, comparison.baselineMean * perDay);
    const leak = findings.leakRates.find(
      (row) => row.point.index === point.index && row.response.name === response.name,
    );
    table.push([
      ...others.map((name) => (previous === point ? "" : point.levels[name])),
      resourceName(response.name, scale.unit),
      scale.text(comparison.baselineMean * perDay),
      scale.text(comparison.againstMean * perDay),
      scale.text(difference.value * perDay),
      interval(difference, (value) => scale.text(value * perDay)),
      significant(varianceRatio),
      leak === undefined ? "" : felt(leak),
    ]);
    previous = point;
  }
  const legend = [
    `difference: ${baseline} - ${against}, replication by replication on the same random numbers`,
    "variance ratio: how many times as many replications independent random numbers would have cost; near 1 where one",
    "side never varies, empty where the difference never does",
    "felt after: days until half of the servers ran out of the resource, or, for print processors, until users noticed",
  ];
  return `${table.toString()}\n${legend.join("\n")}`;
}

/** What leaks is told, and what users lose by it where they do. */
function isTold({ response, difference }: Comparison): boolean {
  if (response.role === "leak") return true;
  return ["jobsPrinted", "jobsStarved"].includes(response.name) && difference.value !== 0;
}

/** The comparison in a sentence for each combination of the other factors. */
function answerOf({ plan, findings }: Conducted): string {
  const { factor, baseline, against } = plan.experiment.compare!;
  const rows = findings.comparisons.filter(({ response }) => response.name === "processorsLeaked");
  const lines = rows.map((row) => {
    const { point, difference } = row;
    const where = Object.entries(point.levels)
      .filter(([name]) => name !== factor)
      .map(([, level]) => level)
      .join(", ");
    const perDay = 1 / point.scenario.horizonDays;
    const half = Number.isNaN(difference.halfWidth) ? "" : ` ± ${significant(difference.halfWidth * perDay)}`;
    const less = `${significant(difference.value * perDay)}${half} print processors per server-day less`;
    const saved = `${factor} ${against} leaks ${less} than ${factor} ${baseline}`;
    return `${where === "" ? "" : `${where}: `}${saved}; ${symptomText(row, findings.leakRates)}.`;
  });
  return lines.join("\n");
}

function symptomText({ point }: Comparison, leakRates: readonly LeakRate[]): string {
  const leak = leakRates.find((row) => row.point.index === point.index && row.response.name === "processorsLeaked")!;
  const servers = point.scenario.servers * leak.replications;
  const horizon = days(point.scenario.horizonDays);
  if (leak.ceilingReached === 0) return `no user notices within ${horizon}`;
  if (Number.isNaN(leak.ceilingDaysMedian))
    return `users of ${leak.ceilingReached} of ${servers} servers notice within ${horizon}`;
  return `without it users notice after ${days(leak.ceilingDaysMedian)} (median of ${servers} servers)`;
}

function leakRateText({ plan, findings }: Conducted): string {
  const factors = factorNames(plan.experiment);
  const table = newTable(
    [...factors, "leaked per server-day", "rate", "95 % interval", "felt after"],
    factors.length + 1,
  );
  let previous: PlannedPoint | undefined;
  const told = findings.leakRates.filter(
    ({ response, leaked }) => leaked > 0 || response.name === "processorsLeaked",
  );
  for (const leak of told) {
    const { point, response, rate } = leak;
    const scale = scaleOf(response.unit, rate.value);
    table.push([
      ...factors.map((name) => (previous === point ? "" : point.levels[name])),
      resourceName(response.name, scale.unit),
      scale.text(rate.value),
      interval(rate, scale.text),
      felt(leak),
    ]);
    previous = point;
  }
  return table.toString();
}

function meanText({ plan }: Conducted, means: readonly MeanValue[]): string {
  const factors = factorNames(plan.experiment);
  const table = newTable([...factors, "mean", "simulated", "95 % interval", "theory", "z"], factors.length + 1);
  for (const { point, mean, ratio, closedForm } of means) {
    const scale = scaleOf(mean.unit, closedForm);
    const z = (ratio.value - closedForm) / ratio.standardError;
    table.push([
      ...factors.map((name) => point.levels[name]),
      mean.unit === "us" ? `${mean.name.replace("Us", "")} [${scale.unit}]` : mean.name,
      scale.text(ratio.value),
      interval(ratio, scale.text),
      scale.text(closedForm),
      Number.isFinite(z) ? z.toFixed(2) : "",
    ]);
  }
  const { replications } = plan.experiment;
  if (replications < 2) return table.toString();
  const usual = studentTQuantile(0.975, replications - 1).toPrecision(2);
  const legend = "z: distance from theory in standard errors;";
  return `${table.toString()}\n${legend} of ${replications} replications 19 in 20 lie within ±${usual}`;
}

function days(value: number): string {
  return `${significant(value).replace(/\.0+$/, "")} ${value === 1 ? "day" : "days"}`;
}

/** Text columns first, aligned left; the rest are numbers, aligned right. */
function newTable(head: string[], texts: number): Table.Table {
  const colAligns = head.map((_, i) => (i < texts ? ("left" as const) : ("right" as const)));
  const plain = { head: [], border: [], compact: true };
  return new Table({ head, colAligns, style: plain });
}

function interval({ lower, upper }: Estimate, text: (value: number) => string): string {
  return Number.isNaN(lower) ? "" : `${text(lower)} .. ${text(upper)}`;
}

/** When the leak is felt: the median of the servers, or that more than half of them reached the horizon first. */
function felt({ point, ceilingReached, ceilingDaysMedian, response }: LeakRate): string {
  if (response.ceiling === undefined) return "";
  if (!Number.isNaN(ceilingDaysMedian)) return `${significant(ceilingDaysMedian)} d`;
  const few = ceilingReached === 0 ? "" : `, but ${ceilingReached} servers`;
  return `> ${significant(point.scenario.horizonDays).replace(/\.0+$/, "")} d${few}`;
}

/** "leakedPagedPoolBytes" in kB is told as "paged pool bytes [kB]". */
function resourceName(response: string, unit: string): string {
  const words = response
    .replace(/^leaked/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  const name = words
    .replace("processors leaked", "print processors")
    .replace(/\bdcs\b/, "DCs")
    .replace(/\bgdi\b/, "GDI");
  return unit === "1" ? name : `${name} [${unit}]`;
}

interface Scale {
  readonly unit: string;
  readonly text: (value: number) => string;
}

const steps: Readonly<Record<string, readonly [unit: string, size: number][]>> = {
  B: [
    ["MB", 1e6],
    ["kB", 1e3],
    ["B", 1],
  ],
  us: [
    ["s", 1e6],
    ["ms", 1e3],
    ["us", 1],
  ],
};

/** The unit in which a value of this size is told. */
function scaleOf(unit: string, value: number): Scale {
  const [name, size] = steps[unit]?.find(([, step]) => Math.abs(value) >= step) ?? steps[unit]?.at(-1) ?? [unit, 1];
  return { unit: name, text: (amount) => significant(amount / size) };
}

/** Three significant digits, without an exponent where people do not want one. */
export function significant(value: number): string {
  if (value === 0 || Number.isNaN(value)) return value === 0 ? "0" : "";
  const text = value.toPrecision(3);
  return text.includes("e") ? String(Math.abs(value) < 1e6 && Math.abs(value) > 1e-6 ? Number(text) : text) : text;
}
