/**
 * `spoolsim forecast`: forecasts of the days left, made on some days for the servers of some results, compared with
 * what happened.
 */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { forecasters } from "../lab/studies/forecasters.ts";
import {
  benchForecasters,
  calibrationTable,
  type Forecasting,
  type Forecasts,
  type Judged,
} from "../lab/studies/forecast-study.ts";
import { levelsText } from "../lab/experiment/design-point.ts";
import { isImport, readImport } from "../lab/imports/import-record.ts";
import { alarmsOfReport, sentencesOf } from "../lab/reports/import-report.ts";
import { slopeStudy } from "../lab/reports/import-study.ts";
import { overviewOf, overviewTable } from "../lab/studies/import-overview.ts";
import { UserError } from "../lab/user-error.ts";
import { pictureOf, type Study } from "../lab/reports/study-page.ts";
import { daysAheadText, durationText, valueBetweenEnds, significant } from "../lab/reports/format.ts";
import type { Coverage } from "../statistics/calibration.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeStudy, writeTable } from "./new-file.ts";
import { daysOf, minutesOf } from "./durations.ts";
import {
  IMPORT_OR_RESULTS,
  levels,
  machine,
  machineOf,
  once,
  paging,
  refuseForImport,
  tableOut,
  wholeNumber,
  withResults,
  wordsOf,
} from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { studyText } from "./study-text.ts";
import { tableOf } from "./table.ts";
import { print } from "./output.ts";

const options = {
  at: levels,
  every: { type: "string", default: "1d", requiresArg: true, describe: "reading interval, such as 30m, 6h or 1d" },
  days: {
    type: "string",
    requiresArg: true,
    defaultDescription: "1/4, 1/2 and 3/4 of the median time",
    describe: "days on which forecasts are made, separated by commas",
  },
  event: {
    type: "string",
    requiresArg: true,
    defaultDescription: "those that occurred",
    describe: "event times to forecast, separated by commas",
  },
  horizon: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the horizon of the results",
    describe: "number of days to simulate",
  },
  servers: { type: "string", default: "4", requiresArg: true, describe: "maximum number of servers per replication" },
  out: tableOut,
  ...paging,
  ...machine,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const forecastCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withResults(argv, IMPORT_OR_RESULTS).options(options).check(once(options)),
  async handler(args) {
    if (await isImport(args.results)) return forecastImported(args);
    const display = progressDisplay();
    const forecasting: Forecasting = {
      everyMinutes: minutesOf("--every", args.every),
      days: args.days === undefined ? undefined : wordsOf("--days", args.days).map((word) => daysOf("--days", word)),
      eventTimes: args.event === undefined ? [] : wordsOf("--event", args.event),
      horizonDays: args.horizon === undefined ? undefined : daysOf("--horizon", args.horizon),
      at: args.at,
      servers: wholeNumber("--servers", args.servers, 1),
      ...machineOf(args),
      signal: interruptSignal(),
      progress: (progress) => display.show(progress),
    };
    refuseTaken(args.out, "the table");
    refuseTaken(args.page, "a page", "--page");
    const forecasts = await benchForecasters(args.results, forecasting).finally(() => display.end());
    await writeTable(args.out, calibrationTable(forecasts.plan), forecasts.judged);
    print(`${forecastText(forecasts)}\n`);
    await writeStudy(args.page, () => forecastStudy(forecasts, args.results));
  },
};

/** Forecasts how long the resources of an import last. @throws UserError */
async function forecastImported(args: Arguments): Promise<void> {
  const isUnknown = "what happens after an import is unknown";
  refuseForImport(args, options, {
    at: "an import has no design points",
    every: "an import is read day by day",
    days: isUnknown,
    event: isUnknown,
    horizon: isUnknown,
    servers: "all servers of an import are read",
  });
  refuseTaken(args.out, "the table");
  refuseTaken(args.page, "a page", "--page");
  const imported = await readImport(args.results);
  const overviews = await overviewOf(imported);
  const rows = overviews.flatMap(({ gauges }) => gauges);
  if (rows.length === 0) throw new UserError(`${args.results} has no gauges: only jobs were imported`);
  await writeTable(args.out, overviewTable, rows);
  const study = slopeStudy(
    imported,
    overviews,
    sentencesOf(imported, overviews, await alarmsOfReport(imported, interruptSignal())),
  );
  print(`${studyText(study)}\n`);
  await writeStudy(args.page, () => study);
}

/** A table for each design point and limit with a forecast, and a legend. */
export function forecastText(forecasts: Forecasts): string {
  const parts = groupsOf(forecasts).map(({ title, rows }) => `${title}\n${tableText(rows)}`);
  const meanings = forecasters.map(({ name, meaning }) => `  ${name.padEnd(17)} ${meaning}`);
  return [...parts, meanings.join("\n"), `${legend.join(";\n")}.`].join("\n\n");
}

const legend = [
  "of n: servers that had not run out by that day and whose gauge rose; in brackets, those of them that then ran out",
  "left: median of the days that were left; forecast: median of the days that the forecast gave",
  "bias: mean of forecast minus actual, ± half the width of its 95 % interval",
  "error: mean of the absolute difference; bias and error are cut off at the horizon",
  "50 % to 95 %: share of the intervals of that level that contained the actual value, in %; a range or ? if the run ended first, – for a forecaster without intervals",
];

/** By design point and limit. */
function groupsOf({ judged }: Forecasts): { readonly title: string; readonly rows: readonly Judged[] }[] {
  const groups = new Map<string, Judged[]>();
  for (const row of judged) {
    const title = titleOf(row);
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return [...groups].map(([title, rows]) => ({ title, rows }));
}

/** The page: which forecaster has the smallest error on the last day of each group. */
function forecastStudy(forecasts: Forecasts, results: string): Study {
  const groups = groupsOf(forecasts);
  const best = groups.flatMap(({ title, rows }) => {
    const scored = rows.filter(({ day, forecasts: n, absoluteError }) => {
      return day === rows.at(-1)?.day && n > 0 && !Number.isNaN(absoluteError);
    });
    const [first] = [...scored].sort((a, b) => a.absoluteError - b.absoluteError);
    if (first === undefined) return [];
    const { day, forecaster, absoluteError, actualDaysMedian } = first;
    const left = Number.isNaN(actualDaysMedian) ? "" : `, when ${significant(actualDaysMedian)} days were left`;
    return [
      `${title}: on day ${day}${left}, ${forecaster.name} errs least, by ${significant(absoluteError)} days on average.`,
    ];
  });
  const days = [...new Set(forecasts.judged.map(({ day }) => day))];
  const panels = groups.map(({ title, rows }) => ({
    name: title,
    estimates: rows
      .filter(({ forecasts: n, absoluteError }) => n > 0 && Number.isFinite(absoluteError))
      .map(({ day, forecaster, absoluteError }) => {
        return {
          series: days.indexOf(day),
          x: forecaster.name,
          value: absoluteError,
          lower: null,
          upper: null,
          closedForm: null,
        };
      }),
  }));
  const series = days.map((day) => `on day ${day}`);
  const chart = pictureOf("Mean error of the days left, by forecaster", "error [days]", series, panels);
  return {
    kind: `forecasts on ${results}`,
    question: "How accurate are forecasts of when a server runs out?",
    answer: best[0] ?? "Nothing was forecast: no server ran out.",
    more: best.slice(1),
    ...(chart === undefined
      ? {}
      : { picture: { chart, note: "Point: error without its sign, mean of the servers; cut off at the horizon." } }),
    tables: groups.map(({ title, rows }) => ({
      title,
      table: {
        head: ["forecaster", "day", ...head.slice(2)],
        texts: 1,
        rows: rows.map((row) => [row.forecaster.name, String(row.day), ...cellsOf(row).slice(1)]),
        legend: [],
      },
    })),
    legend: [...forecasters.map(({ name, meaning }) => `${name}: ${meaning}`), ...legend],
    model: forecasts.plan.points[0].resolved.model,
  };
}

function titleOf({ point, limit, everyMinutes }: Judged): string {
  const where = levelsText(point);
  const { response, eventTime, level } = limit;
  return `${where === "" ? "" : `${where}, `}${eventTime}: ${response} at ${level}, every ${durationText(everyMinutes)}`;
}

const head = ["day", "forecaster", "of n", "left", "forecast", "bias", "error", "50 %", "80 %", "90 %", "95 %"];

function tableText(rows: readonly Judged[]): string {
  const cells = rows.map((row, i) => [row.day === rows[i - 1]?.day ? "" : String(row.day), ...cellsOf(row)]);
  return tableOf(head, cells, { isText: (column) => column === 1 });
}

function cellsOf(row: Judged): string[] {
  const { forecaster, forecasts, happened, actualDaysMedian, predictedDaysMedian, bias, absoluteError } = row;
  const counts = `${forecasts} (${happened})`;
  if (forecasts === 0) return [forecaster.name, counts, ...new Array<string>(8).fill("")];
  const half = Number.isNaN(bias.halfWidth) ? "" : ` ± ${significant(bias.halfWidth)}`;
  return [
    forecaster.name,
    counts,
    significant(actualDaysMedian),
    predictedDaysMedian === Infinity ? "never" : daysAheadText(predictedDaysMedian),
    `${valueBetweenEnds(bias)}${half}`,
    significant(absoluteError),
    ...(forecaster.isPoint ? new Array<string>(4).fill("–") : coverageTexts(row.coverages)),
  ];
}

/** The shares; that of the last level has its interval. */
function coverageTexts(coverages: readonly Coverage[]): string[] {
  const last = coverages.at(-1)!;
  return [...coverages.slice(0, -1).map(shareText), `${shareText(last)} ${intervalText(last)}`];
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}

/** The share, or its bounds if some servers were not observed to the end. */
function shareText({ share, held, failed, unknown }: Coverage): string {
  if (!Number.isNaN(share)) return percent(share);
  const all = held + failed + unknown;
  return unknown === all ? "?" : `${percent(held / all)}-${percent((held + unknown) / all)}`;
}

function intervalText({ lower, upper }: Coverage): string {
  return `(${percent(lower)}..${percent(upper)})`;
}
