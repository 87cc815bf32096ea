/** Detectors and forecasts of an import, as tables and as pages of their own. */
import { mostOf } from "../../models/contract/responses.ts";
import type { Interval } from "../../statistics/estimate.ts";
import { dateText } from "../calendar.ts";
import type { Imported } from "../imports/import-record.ts";
import { groupedBy } from "../lists.ts";
import { detectors } from "../studies/detectors.ts";
import { isSteady, type DaysLeft } from "../studies/daily-levels.ts";
import { fleetSlopes, type FleetSlope, type GaugeOverview, type ServerOverview } from "../studies/import-overview.ts";
import type { Alarm } from "../studies/observed-detection.ts";
import {
  DAYS_AHEAD_MAX,
  TOO_FAR_AHEAD,
  capital,
  counted,
  days,
  daysAheadText,
  durationText,
  labelOf,
  significant,
} from "./format.ts";
import type { PlacedInterval } from "../../page/chart.ts";
import { pictureOf, type Study } from "./study-page.ts";
import type { SummaryTable } from "./summary-table.ts";
import { scaleOf } from "./units.ts";

/** The most servers that a sentence names. */
const NAMES_MAX = 6;
/** A forecast over so many times the days of the logs is far. */
const FAR = 10;
/** The detector whose false alarms are as rare as its level, if nights are quiet. */
const TRUSTED = "day-minima";

/** "on about 2024-06-01 (2024-05-20 to 2024-06-14)", or "in more than 10 years (2034-05-20 or later)". */
/** @param interval what to call the interval where no column does */
function whenText({ startDay }: Imported, { day, left }: GaugeOverview, interval = ""): string {
  const date = (after: number) => dateText(startDay + day + 1 + Math.floor(after));
  const { lower, median, upper } = left!;
  const when = median > DAYS_AHEAD_MAX ? `in ${TOO_FAR_AHEAD}` : `on about ${date(median)}`;
  // Days of one and the same change give an interval without width.
  if (lower > DAYS_AHEAD_MAX || lower === upper) return when;
  return `${when} (${interval}${date(lower)} ${upper > DAYS_AHEAD_MAX ? "or later" : `to ${date(upper)}`})`;
}

/** The gauge whose interval says that it rises, and that reaches its limit first. */
export function firstOut(overviews: readonly ServerOverview[]): GaugeOverview | undefined {
  const endOf = ({ day, left }: GaugeOverview) => day + left!.median;
  return overviews
    .flatMap(({ gauges }) => gauges)
    .filter(({ slope, left }) => (slope?.interval.lower ?? NaN) > 0 && left !== undefined && left.median < Infinity)
    .sort((a, b) => endOf(a) - endOf(b))
    .at(0);
}

/**
 * The sentences on it and on the gauges that are at their limits already, the same wherever an import is spoken of;
 * undefined if there are none.
 */
export function runOutText(imported: Imported, overviews: readonly ServerOverview[]): string | undefined {
  const reached = overviews.flatMap(({ gauges }) => gauges).filter(isReached);
  const first = firstOut(overviews);
  const limitOf = (one: GaugeOverview) => `the ${one.isLimitAssumed ? "assumed " : ""}limit of ${limitText(one)}`;
  const sentences = [...groupedBy(reached, ({ gauge }) => gauge.name).values()].map((some) => {
    const [one] = some as [GaugeOverview];
    const { gauge, server, level } = one;
    const have = `have reached ${limitOf(one)} already`;
    return some.length === 1
      ? `${capital(labelOf(gauge))} of ${server} ${have}: they are at ${knownText(gauge.unit, level)}.`
      : `${capital(labelOf(gauge))} ${have} on ${some.length} servers: ${namesOf(some.map((each) => each.server))}.`;
  });
  if (first !== undefined) {
    const others = reached.length === 0 ? "logged resources" : "other logged resources";
    const isRestarted = overviews.some(({ server, restarts }) => server === first.server && restarts > 0);
    sentences.push(
      `Of the ${others}, ${labelOf(first.gauge)} of ${first.server} run out first: ${isRestarted ? "without a restart, " : ""}they reach ${limitOf(first)} ${whenText(imported, first, "90 % interval ")}.`,
    );
    const { changes, isWeekly } = first.slope!;
    const [made, alike] = isWeekly ? [`${changes / 7} week-to-week`, "weeks"] : [`${changes} day-to-day`, "days"];
    const { median } = first.left!;
    if (median > FAR * changes && median <= DAYS_AHEAD_MAX)
      sentences.push(
        `That is ${daysAheadText(median)} days ahead, estimated from ${made} changes, so it holds only if all ${alike} are like these.`,
      );
  }
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

function isReached({ level, limit }: GaugeOverview): boolean {
  return limit !== undefined && level >= limit.level;
}

/** "15000", or "332 MB". */
export function limitText({ gauge, limit }: GaugeOverview): string {
  return limit === undefined ? "" : knownText(gauge.unit, mostOf(limit));
}

/** A number of things that was set or read is known exactly, unlike an estimate. */
export function knownText(unit: string, value: number): string {
  return scaleOf(unit, value).unit === "1" && !Number.isNaN(value)
    ? String(Math.round(value))
    : amountText(unit, value);
}

/** That servers are of more than one kind. */
export function unlikeText([fast, slow]: readonly [GaugeOverview, GaugeOverview]): string {
  const rise = ({ gauge, slope, server }: GaugeOverview) =>
    `${amountText(gauge.unit, slope!.value)} a day on ${server}`;
  return (
    `These servers are not alike: ${labelOf(fast.gauge)} rise by ${rise(fast)} and by ${rise(slow)}. The worlds have ` +
    "servers of one kind, so calibrate one kind at a time."
  );
}

/** How fast gauges rise, and when they reach their limits. */
export function slopesTable(imported: Imported, overviews: readonly ServerOverview[]): SummaryTable {
  const rows = overviews.flatMap(({ gauges }) => gauges);
  const means = fleetSlopes(overviews);
  return {
    head: [
      "server",
      "gauge",
      "level",
      "a day",
      "95 % interval",
      "days",
      "ceiling",
      "days left",
      "90 % interval",
      "date",
    ],
    texts: 2,
    rows: rows.map(rowOf).concat(means.map(meanRow)),
    legend: [
      "level: the lowest reading of the last whole day, or since a restart after it",
      "a day: the rise from day to day within one process, over the last whole weeks if there are two, and otherwise over all days; without the first days after restarts if these rise faster",
      "95 % interval: of the drift of a random walk, because a leak's readings do not scatter around a line, or of a number of " +
        "leaks if most days change nothing; none holds with fewer than five changes, or if nothing changed",
      "days: number of day-to-day changes from which the slope and the days left are estimated",
      "ceiling: from the model's parameters; set your own with spoolsim import --set",
      "days left: from the day of the level until the ceiling is reached, without a restart, a fix or a change of load; median and " +
        "90 % interval; empty unless the interval of the slope is above 0 and the rise is steady",
      "not steady: on half of the days or more, the rise is below a third of its mean, and there are no four weeks or more that rise " +
        "alike; or the slope of the last week differs from that of all weeks by more than chance; or the rise may be only the start-up after restarts",
      ...(means.length === 0
        ? []
        : [
            "mean: its interval is the wider of two: from the spread between servers, and from their own intervals combined",
          ]),
    ],
  };

  function rowOf(one: GaugeOverview): string[] {
    const { server, gauge, level, slope, left } = one;
    const amount = (value: number) => amountText(gauge.unit, value);
    const span = ({ lower, upper }: DaysLeft) =>
      lower > DAYS_AHEAD_MAX ? TOO_FAR_AHEAD : `${daysAheadText(lower)} .. ${daysAheadText(upper)}`;
    return [
      server,
      labelOf(gauge),
      knownText(gauge.unit, level),
      slope === undefined ? "" : amount(slope.value),
      slopeInterval(gauge.unit, slope?.interval),
      String(slope?.changes ?? 0),
      limitText(one),
      isReached(one) ? "0" : left === undefined ? "" : daysAheadText(left.median),
      left === undefined ? "" : span(left),
      isReached(one)
        ? "reached"
        : slope !== undefined && slope.interval.lower > 0 && !isSteady(slope)
          ? "not steady"
          : left === undefined
            ? ""
            : whenText(imported, one).replace(/^on /, ""),
    ];
  }
}

function meanRow({ gauge, servers, value, interval }: FleetSlope): string[] {
  const mean = [`mean of ${servers}`, labelOf(gauge), "", amountText(gauge.unit, value)];
  return [...mean, slopeInterval(gauge.unit, interval), "", "", "", "", ""];
}

function slopeInterval(unit: string, interval: Interval | undefined): string {
  if (interval === undefined || Number.isNaN(interval.lower)) return "none holds";
  return `${amountText(unit, interval.lower)} .. ${amountText(unit, interval.upper)}`;
}

/** "3.1 kB". */
export function amountText(unit: string, value: number): string {
  if (Number.isNaN(value)) return "";
  const scale = scaleOf(unit, value);
  return `${scale.text(value)}${scale.unit === "1" ? "" : ` ${scale.unit}`}`;
}

export interface TitledTable {
  readonly title: string;
  readonly table: SummaryTable;
}

const everyText = ({ everyMinutes }: Alarm) => `every ${durationText(everyMinutes)}`;

/** Which gauges of which servers rise, and on how many servers each detector alarms. */
export function alarmTables(alarms: readonly Alarm[]): TitledTable[] {
  const byGauge = groupedBy(alarms, ({ server, gauge, everyMinutes }) => `${server}\n${gauge.name}\n${everyMinutes}`);
  const rising = [...byGauge.values()].filter((some) => some.some(({ alarms: alarm }) => alarm === true));
  const gaugeRows = rising.map((some) => {
    const [first] = some as [Alarm];
    const trusted = some.find(({ detector }) => detector.name === TRUSTED);
    return [
      first.server,
      labelOf(first.gauge),
      durationText(first.everyMinutes),
      days(first.days),
      shareOf(some),
      verdictText(trusted),
    ];
  });
  const columns = [...groupedBy(alarms, (one) => `${labelOf(one.gauge)}, ${everyText(one)}`).keys()];
  const byDetector = groupedBy(alarms, ({ detector }) => detector.name);
  const detectorRows = [...byDetector]
    .filter(([, some]) => some.some(({ alarms: alarm }) => alarm !== undefined))
    .map(([name, some]) => {
      const by = groupedBy(some, (one) => `${labelOf(one.gauge)}, ${everyText(one)}`);
      return [name, ...columns.map((column) => shareOf(by.get(column) ?? []))];
    });
  const level = Number(significant(100 * (alarms[0]?.level ?? NaN)));
  const legend = [
    `Each detector tests one process of each server once, at a level of ${level} %: the last that ran for nine days or ` +
      "more, or else the one that ran longest. " +
      `docs/statistics.md lists how often each is wrong: ${TRUSTED} is the one to trust where nights are quiet.`,
    "n of m: alarms on n of the m servers that had enough readings, without gaps if the detector allows none",
  ];
  const tables = [
    {
      title: "Gauges on which a detector alarms",
      table: {
        head: ["server", "gauge", "reading interval", "observed for", "detectors that alarm", TRUSTED],
        texts: 6,
        rows: gaugeRows,
        legend: [`${TRUSTED}: it cannot say anything with one reading a day, or with too few days`],
      },
    },
    {
      title: "Servers on which each detector alarms",
      table: { head: ["detector", ...columns], texts: 1 + columns.length, rows: detectorRows, legend },
    },
  ];
  return tables.filter(({ table }) => table.rows.length > 0);
}

/** "3 of 12". */
function shareOf(some: readonly Alarm[]): string {
  const tried = some.filter(({ alarms }) => alarms !== undefined);
  return tried.length === 0 ? "" : `${tried.filter(({ alarms }) => alarms).length} of ${tried.length}`;
}

function verdictText(alarm: Alarm | undefined): string {
  return alarm?.alarms === undefined ? "cannot say" : alarm.alarms ? "alarm" : "no";
}

/** The page of detectors on an import: the servers whose usage keeps rising. */
export function alarmStudy({ folder, model }: Imported, alarms: readonly Alarm[]): Study {
  const trusted = alarms.filter(({ detector }) => detector.name === TRUSTED);
  const namesIn = (some: readonly Alarm[]) => [...new Set(some.map(({ server }) => server))];
  const rising = namesIn(trusted.filter((one) => one.alarms === true));
  const judged = namesIn(trusted.filter((one) => one.alarms !== undefined));
  const others = namesIn(alarms).filter((server) => !judged.includes(server));
  const trust = `The detector to trust where nights are quiet, ${TRUSTED},`;
  const scope = `${counted(judged.length, "server")}${others.length === 0 ? "" : " with enough days"}`;
  const more =
    others.length === 0
      ? []
      : [
          `${counted(others.length, "server")} had too few days without a restart for ${TRUSTED}: ${namesOf(others)}. ` +
            "spoolsim forecast needs fewer days, because it adds up the rises between restarts.",
        ];
  return {
    kind: `detectors on ${folder}`,
    question: "On which servers does a leak detector raise an alarm?",
    answer:
      judged.length === 0
        ? `${trust} cannot decide: no server ran long enough without a restart.`
        : rising.length === 0
          ? `${trust} raises no alarm on ${scope}.`
          : `${trust} raises an alarm on ${rising.length} of ${scope}: ${namesOf(rising)}.`,
    more,
    tables: alarmTables(alarms),
    legend: detectors
      .filter(({ name }) => alarms.some(({ detector }) => detector.name === name))
      .map(({ name, meaning }) => `${name}: ${meaning}`),
    model,
  };
}

/** The page of days left on the servers of an import. @param sentences those at the top of the import's report */
export function slopeStudy(
  imported: Imported,
  overviews: readonly ServerOverview[],
  [answer, ...more]: readonly [string, ...string[]],
): Study {
  const rows = overviews.flatMap(({ gauges }) => gauges);
  const { legend, ...slopes } = slopesTable(imported, overviews);
  const chart = pictureOf("Days left, by server", "days left", ["days left"], panelsOf(rows));
  return {
    kind: `forecast of ${imported.folder}`,
    question: "What rises, how fast, and when does it run out?",
    answer,
    more,
    picture: chart && {
      chart,
      note: `Bar: 90 % interval, counted from the day of the level. A gauge without a bar shows no rise, has reached its ceiling, or may last ${TOO_FAR_AHEAD}.`,
    },
    tables: [{ title: "", table: { ...slopes, legend: [] } }],
    legend,
    model: imported.model,
  };
}

/** The days left of each gauge that rises, in a panel of its own, the first to run out first. */
function panelsOf(rows: readonly GaugeOverview[]): { name: string; estimates: PlacedInterval[] }[] {
  const rising = rows
    .filter(({ left }) => left !== undefined && left.upper <= DAYS_AHEAD_MAX)
    .sort((a, b) => a.left!.median - b.left!.median);
  return [...groupedBy(rising, ({ gauge }) => labelOf(gauge))].map(([name, some]) => ({
    name,
    estimates: some.map(({ server, left }) => {
      return { series: 0, x: server, value: left!.median, lower: left!.lower, upper: left!.upper, closedForm: null };
    }),
  }));
}

function namesOf(servers: readonly string[]): string {
  const more = servers.length - NAMES_MAX;
  return more <= 0 ? servers.join(", ") : `${servers.slice(0, NAMES_MAX).join(", ")} and ${more} more`;
}
