/** The page of an import: its series, its load, how fast each resource rises, and how long it will last. */
import { weekdays } from "../../page/week-axis.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import { READINGS_MIN } from "../../statistics/days-left.ts";
import { sum } from "../../statistics/estimate.ts";
import { join } from "node:path";
import type { ChartGroup, CurveChart, CurvePanel, HeatChart } from "../../page/chart.ts";
import { facts, figure, notes, table, verdict, type Section } from "../../page/components.ts";
import { html, type Content } from "../../page/html.ts";
import { mostOf, type Response } from "../../models/contract/responses.ts";
import { mondaysFrom } from "../calendar.ts";
import { readImport, type Imported } from "../imports/import-record.ts";
import { dateOfImport, incidentWords, leftOutTexts, sortedTexts } from "../imports/import-words.ts";
import { observedResponses, type ObservedIncident, type ObservedServer } from "../imports/observed.ts";
import { REPORT_FILE } from "../results/manifest.ts";
import { overviewOf, type GaugeOverview, type ServerOverview } from "../studies/import-overview.ts";
import { isSteady, risesOnMostDays } from "../studies/daily-levels.ts";
import { alarmsOf, type Alarm } from "../studies/observed-detection.ts";
import { capital, counted, days, enumerated, labelOf, significant } from "./format.ts";
import { alarmTables, amountText, firstOut, knownText, limitText, runOutText, slopesTable } from "./import-study.ts";
import { writePage, type Page } from "./standalone-page.ts";
import { scaleOf } from "./units.ts";

/** The most points of a series, and the most servers, that are drawn. */
const POINTS_MAX = 400;
const SERVERS_MAX = 6;
const LEVEL = 0.05;
/** The sampling interval for detectors [minutes]. */
const EVERY_MINUTES = 360;
/** With fewer days, weekends cannot be compared: two weeks of changes from day to day. */
const DAYS_OF_TWO_WEEKS = 15;

export interface ImportReport {
  readonly groups: readonly ChartGroup[];
  /** The origin of the pictures, in one line. */
  readonly provenance: string;
  /** The answer at the top of the page, in sentences. */
  readonly answer: readonly string[];
}

/** Makes the page of an import. @throws UserError when the folder has none */
export async function writeImportReport(folder: string, signal?: AbortSignal): Promise<ImportReport> {
  const imported = await readImport(folder);
  const responses = await observedResponses(imported);
  const gauges = responses.filter(({ role }) => role === "gauge");
  const drawn: { server: ObservedServer; overview: ServerOverview }[] = [];
  const overviews = await overviewOf(imported, (server, overview) => {
    if (drawn.length < SERVERS_MAX && overview.gauges.length > 0) drawn.push({ server, overview });
  });
  const alarms = gauges.length === 0 ? [] : await alarmsOfReport(imported, signal);
  const groups = [seriesGroup(imported, gauges, drawn), loadGroup(overviews)].filter(({ charts }) => charts.length > 0);
  const { record } = imported;
  const [first, ...more] = sentencesOf(imported, overviews, alarms);
  const answer = [first, ...more, ...sortedTexts(record), ...leftOutTexts(record)] as const;
  await writePage(join(folder, REPORT_FILE), pageOf(imported, overviews, { answer, alarms, groups }));
  return { groups, provenance: provenanceOf(imported), answer };
}

/** The alarms that decide where a slope has no interval. @throws UserError when the import has no gauge */
export function alarmsOfReport(imported: Imported, signal?: AbortSignal): Promise<Alarm[]> {
  const options = { everyMinutes: [EVERY_MINUTES], gauges: [], level: LEVEL };
  return alarmsOf(imported, { ...options, ...(signal === undefined ? {} : { signal }) });
}

function provenanceOf({ record }: Imported): string {
  return `import of ${counted(record.sources.length, "file")} from ${record.start} on; spoolsim ${record.version}`;
}

interface Shown {
  readonly answer: readonly [string, ...string[]];
  readonly alarms: readonly Alarm[];
  readonly groups: readonly ChartGroup[];
}

function pageOf(
  imported: Imported,
  overviews: readonly ServerOverview[],
  { answer: [first, ...more], alarms, groups }: Shown,
): Page {
  const { record, model } = imported;
  const [series, ...others] = groups;
  const rows = overviews.flatMap(({ gauges }) => gauges);
  const sections: Section[] = [
    ...(rows.length === 0
      ? []
      : [
          {
            id: "slopes",
            heading: "Slopes and forecasts",
            body: table(slopesTable(imported, overviews), "Slopes"),
          },
        ]),
    ...(alarms.length === 0
      ? []
      : [
          {
            id: "detectors",
            heading: "Alarms of leak detectors",
            body: alarmTables(alarms).map(({ title, table: of }) => table(of, title)),
          },
        ]),
    ...others.map((group) => ({ id: group.id, heading: group.heading, body: figure(group) })),
    { id: "silence", heading: "What is not known", body: notes(silences(imported, overviews)) },
    { id: "making", heading: "How it was made", body: makingOf(imported, overviews) },
  ];
  return {
    kind: `spoolsim, import of ${counted(record.sources.length, "file")}`,
    title: `${counted(overviews.length, "server")} from ${record.start} on`,
    lead: html`${verdict(first, more)}
${series === undefined ? undefined : figure(series)}`,
    sections,
    footer: "Every number on this page comes from the tables in the same folder.",
    model,
  };
}

/** The answer: the first resource to run out, and what rises, by server. */
export function sentencesOf(
  imported: Imported,
  overviews: readonly ServerOverview[],
  alarms: readonly Alarm[],
): [string, ...string[]] {
  const rising = (overview: ServerOverview) =>
    overview.gauges.filter(({ server, gauge, slope }) => {
      const minima = alarms.find((one) => {
        return one.server === server && one.gauge === gauge && one.detector.name === "day-minima";
      });
      // A detector only says that a gauge rises; it is used where the slope has no valid interval.
      const lower = slope?.interval.lower ?? NaN;
      return Number.isNaN(lower) ? minima?.alarms === true : lower > 0;
    });
  const judged = overviews.map((overview) => ({ overview, rises: rising(overview) }));
  const leaking = judged.filter(({ rises }) => rises.length > 0);
  const runOut = runOutText(imported, overviews);
  const answer =
    (leaking.length === 0
      ? noLeakText(overviews)
      : risingText(judged.map(({ rises }) => rises)) +
        tooFewText(judged.flatMap(({ overview, rises }) => (rises.length === 0 ? [overview] : [])))) +
    (runOut === undefined ? "" : ` ${runOut}`);
  const more = leaking.slice(0, SERVERS_MAX).map(({ overview, rises }) => {
    return `${overview.server}: ${rises.map((one, i) => `${labelOf(one.gauge)} ${slopeText(one, i === 0)}`).join("; ")}.`;
  });
  const rest = leaking.length - SERVERS_MAX;
  if (rest > 0) more.push(`The table has the other ${counted(rest, "server")}.`);
  const restarts = sum(leaking.map(({ overview, rises }) => (rises.some(risesSteadily) ? overview.restarts : 0)));
  const unseen = firstOut(overviews) === undefined ? [] : unseenLimits(imported, overviews);
  const earlier =
    unseen.length === 0 ? [] : [`${capital(enumerated(unseen))}, which the logs do not contain, may run out earlier.`];
  return [
    answer,
    ...earlier,
    ...more,
    ...(restarts === 0 ? [] : [`${counted(restarts, "restart")} freed what had leaked.`]),
  ];
}

/** Whether a gauge that rises does so steadily, or only a detector says that it rises. */
function risesSteadily({ slope }: GaugeOverview): boolean {
  return slope === undefined || isSteady(slope);
}

/** How many servers rise steadily, and how many otherwise. @param rises the rising gauges of each server */
function risingText(rises: readonly (readonly GaugeOverview[])[]): string {
  const steadily = rises.map((some) => some.filter(risesSteadily));
  const steady = steadily.filter((some) => some.length > 0);
  const other = rises.filter((some) => some.length > 0).length - steady.length;
  const all = counted(rises.length, "server");
  if (steady.length === 0) return `On ${other} of ${all}, resources rose, but not steadily.`;
  const isDaily = steady.every((some) => some.some(({ slope }) => slope?.isWeekly !== true));
  const uses = `${steady.length} of ${all} ${steady.length === 1 ? "uses" : "use"} more resources every ${isDaily ? "day" : "week"}.`;
  return other === 0 ? uses : `${uses} On ${counted(other, "other server")}, resources rose, but not steadily.`;
}

/** Only servers with readings of enough whole days can show a leak, or none. */
function noLeakText(overviews: readonly ServerOverview[]): string {
  if (overviews.every(({ gauges }) => gauges.length === 0)) return "A job log alone shows no leak.";
  const judged = overviews.filter(isJudged).length;
  const unknown = overviews.flatMap(({ gauges }) => gauges.filter(mayRunOut).slice(0, 1));
  if (judged === 0) return `The logs have ${TOO_FEW_DAYS}`;
  const sound = judged - unknown.length;
  const none = judged === 1 ? "The server shows no leak." : `None of ${judged} servers shows a leak.`;
  const [first] = unknown;
  const answer =
    first === undefined
      ? none
      : `Whether ${unknown.length === 1 ? first.server : counted(unknown.length, "server")} leaks is not known: ` +
        `the days differ too much. ${capital(labelOf(first.gauge))} of ${first.server} may rise by up to ` +
        `${amountText(first.gauge.unit, first.slope!.interval.upper)} a day.` +
        (sound === 0 ? "" : ` ${counted(sound, "other server")} ${sound === 1 ? "shows" : "show"} no leak.`);
  return answer + tooFewText(overviews);
}

const TOO_FEW_DAYS = "readings of too few whole days in a row to show a leak.";

function isJudged({ gauges }: ServerOverview): boolean {
  return gauges.some(({ slope }) => (slope?.changes ?? 0) >= READINGS_MIN);
}

/** How many of some servers cannot be judged. */
function tooFewText(overviews: readonly ServerOverview[]): string {
  const few = overviews.filter((overview) => !isJudged(overview)).length;
  return few === 0 ? "" : ` ${counted(few, "further server")} ${few === 1 ? "has" : "have"} ${TOO_FEW_DAYS}`;
}

/** Whether a gauge whose interval contains 0 would run out within a year at its upper end. */
function mayRunOut({ slope, limit, level }: GaugeOverview): boolean {
  if (slope === undefined || limit === undefined) return false;
  const { lower, upper } = slope.interval;
  return lower <= 0 && upper > 0 && limit.level - level < 365 * upper;
}

/** Labels of the resources with a limit that no log could show. */
function unseenLimits({ model, values }: Imported, overviews: readonly ServerOverview[]): string[] {
  const seen = new Set(overviews.flatMap(({ gauges }) => gauges.map(({ gauge }) => gauge.name)));
  return (model.limits?.(values) ?? [])
    .filter(({ response }) => !seen.has(response))
    .map(({ response }) => labelOf(model.responses.find(({ name }) => name === response) ?? { name: response }));
}

/**
 * "rise by 3.1 kB a day (95 % interval 2.8 kB to 3.4 kB)", or "rose by 40 MB in all, mostly on 1 of 9 days".
 *
 * @param isFirst whether to say which interval it is
 */
function slopeText({ gauge, slope }: GaugeOverview, isFirst: boolean): string {
  if (slope === undefined) return "rise";
  const { lower, upper } = slope.interval;
  const amount = (value: number) => amountText(gauge.unit, value);
  const { value, changes, rises } = slope;
  if (slope.startUp === "may be all") {
    return `rose by ${amount(value * changes)} in all, which may be the start-up after restarts`;
  }
  if (!risesOnMostDays(slope) && !slope.isWeekly) {
    return `rose by ${amount(value * changes)} in all, mostly on ${rises} of ${counted(changes, "day")}`;
  }
  const interval = Number.isNaN(lower)
    ? ""
    : ` (${isFirst ? "95 % interval " : ""}${amount(lower)} to ${amount(upper)})`;
  const steady =
    slope.ofLastWeek === undefined ? "" : `, but not steadily: by ${amount(slope.ofLastWeek)} a day in the last week`;
  const when = slope.isWeekly ? ", though not on most days" : "";
  const later = slope.startUp === "left out" ? ", not counting the first days after each restart" : "";
  return `rise by ${amount(value)} a day${when}${later}${interval}${steady}`;
}

/** What cannot be concluded from so little data, or from these data. */
function silences(imported: Imported, overviews: readonly ServerOverview[]): string[] {
  const unseen = unseenLimits(imported, overviews);
  const limited = overviews.flatMap(({ gauges }) => gauges).filter(({ limit }) => limit !== undefined);
  const assumed = new Set(limited.flatMap(({ gauge, isLimitAssumed }) => (isLimitAssumed ? [labelOf(gauge)] : [])));
  const short = overviews.filter((overview) => overview.gauges.some(({ slope }) => slope?.isOfWholeWeeks !== true));
  const few = overviews.filter((overview) => overview.gauges.some(({ slope }) => (slope?.method ?? "none") === "none"));
  const leftOut = overviews.filter(({ gauges }) => gauges.some(({ slope }) => slope?.startUp === "left out"));
  const empty = overviews.filter(({ gauges, load }) => gauges.length === 0 && load === undefined);
  const names = (some: readonly ServerOverview[]) =>
    some.length > SERVERS_MAX ? `${some.length} servers` : some.map(({ server }) => server).join(", ");
  const isLoadKnown = overviews.some(({ load }) => load !== undefined);
  return [
    ...(unseen.length === 0
      ? []
      : [`The logs do not show ${enumerated(unseen, "or")}. Any of these may run out before what is shown.`]),
    ...(empty.length === 0 ? [] : [`${names(empty)}: no reading, so nothing is known.`]),
    ...(few.length === 0
      ? []
      : [
          `${names(few)}: fewer than six days in a row were read within one process, or a gauge never changed, so the slope has no interval.`,
        ]),
    ...(short.length === 0
      ? []
      : [
          `${names(short)}: fewer than ${DAYS_OF_TWO_WEEKS} days in a row. Weekends are not balanced, so the slope is that of these days, not of a usual week.`,
        ]),
    ...(leftOut.length === 0
      ? []
      : [
          `${names(leftOut)}: the first days after each restart are left out of a slope because they rise faster. The other days are not whole weeks, so the slope is theirs, not that of a usual week.`,
        ]),
    ...(isLoadKnown ? [] : ["Without a job log or a counter of jobs, it is not known when and how much people print."]),
    "Whether a rise is a leak or a cache that is still filling: only a leak never stops.",
    "What happens after a change: a fix, a restart, more printers, another load. The intervals hold for days like the observed ones.",
    ...(assumed.size === 0
      ? []
      : [
          `Your limits of ${[...assumed].join(", ")}: the model's are used instead, and they are assumptions. Set your own with \`spoolsim import --set\`.`,
        ]),
  ];
}

function makingOf(imported: Imported, overviews: readonly ServerOverview[]): Content {
  const { record } = imported;
  const settings = Object.entries(record.parameters).map(([name, setting]) => `${name} = ${setting}`);
  return html`${facts([
    ["Servers", overviews.map(({ server, days: span }) => `${server} (${days(span)})`).join(", ")],
    [
      "Files",
      record.sources
        .map(({ path, format, unreadable }) => {
          return `${path} (${format}${unreadable === 0 ? "" : `, ${unreadable === 1 ? "1 line or value" : `${unreadable} lines or values`} left out`})`;
        })
        .join(", "),
    ],
    ["Times", `local, bias ${record.biasMinutes} minutes (${record.zone}); day 0 is Monday, ${record.start}`],
    ["Known about the servers", settings.length === 0 ? "nothing; the model's defaults are used" : settings.join(", ")],
    ["Program", `spoolsim ${record.version}`],
  ])}`;
}

// Charts.

function seriesGroup(
  imported: Imported,
  gauges: readonly Response[],
  drawn: readonly { readonly server: ObservedServer; readonly overview: ServerOverview }[],
): ChartGroup {
  const left = drawn.length === SERVERS_MAX ? ` At most ${SERVERS_MAX} servers are drawn.` : "";
  return {
    id: "series",
    heading: "Readings",
    note: `Line: lowest reading of each interval; band: up to the highest. A break is a gap. Vertical lines: restarts.${left}`,
    charts: gauges.flatMap((gauge) => {
      const own = drawn.filter(({ overview }) => overview.gauges.some((one) => one.gauge.name === gauge.name));
      return own.length === 0 ? [] : [seriesChart(imported, gauge, own)];
    }),
  };
}

function seriesChart(
  imported: Imported,
  gauge: Response,
  drawn: readonly { readonly server: ObservedServer; readonly overview: ServerOverview }[],
): CurveChart {
  const greatest = Math.max(...drawn.map(({ server }) => greatestOf(server.readings.get(gauge.name)!)));
  const scale = scaleOf(gauge.unit, greatest);
  const unit = scale.unit === "1" ? "" : ` [${scale.unit}]`;
  const panels = drawn.map(({ server, overview }): CurvePanel => {
    const own = overview.gauges.find((one) => one.gauge.name === gauge.name)!;
    const incidents = server.incidents.filter(({ kind }) => kind === "restart" || kind === "clock" || kind === "wrap");
    return {
      name: drawn.length === 1 ? "" : server.name,
      curves: [binned(server, gauge.name, scale.size)],
      ceilings:
        own.limit === undefined ? [] : [{ y: mostOf(own.limit) / scale.size, label: `ceiling: ${limitText(own)}` }],
      marks: incidents.map(({ kind, timeUs }) => ({ x: shortened(timeUs / US_PER_DAY), label: kind })),
    };
  });
  const ends = drawn.map(({ server, overview }) => {
    const { level } = overview.gauges.find((one) => one.gauge.name === gauge.name)!;
    const happened = incidentWords
      .map(({ kind, noun }) => ({ noun, count: countOf(server.incidents, kind) }))
      .filter(({ count }) => count > 0)
      .map(({ noun, count }) => counted(count, noun));
    const last = server.timesUs.at(-1)!;
    return `${server.name} until ${dateOfImport(imported.record, last)}: ${Number.isNaN(level) ? "no whole day" : `level ${knownText(gauge.unit, level)}`}${happened.length === 0 ? "" : `, ${happened.join(", ")}`}`;
  });
  return {
    kind: "curves",
    shape: "line",
    id: `series-${gauge.name}`,
    title: labelOf(gauge),
    summary: `${capital(gauge.meaning)}. ${ends.join("; ")}.`,
    startsOnMonday: true,
    mondays: mondaysFrom(
      imported.startDay,
      Math.max(...drawn.map(({ server }) => server.timesUs.at(-1)!)) / US_PER_DAY,
    ),
    x: `days since Monday, ${imported.record.start}`,
    y: `${labelOf(gauge)}${unit}`,
    series: [labelOf(gauge)],
    panels,
  };
}

function countOf(incidents: readonly ObservedIncident[], kind: string): number {
  return incidents.filter((one) => one.kind === kind).length;
}

function greatestOf(values: Float64Array): number {
  return values.reduce((most, value) => (value > most ? value : most), 0);
}

/** The lowest and highest readings of about a hundred intervals; null where there are none. */
function binned({ timesUs, readings }: ObservedServer, name: string, size: number) {
  const values = readings.get(name)!;
  const [from, until] = [timesUs[0]!, timesUs.at(-1)!];
  const bins = Math.max(1, Math.min(POINTS_MAX, timesUs.length));
  const low = new Float64Array(bins).fill(NaN);
  const high = new Float64Array(bins).fill(NaN);
  for (let i = 0; i < timesUs.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.floor(((timesUs[i]! - from) / (until - from || 1)) * bins));
    if (!(value >= low[bin]!)) low[bin] = value;
    if (!(value <= high[bin]!)) high[bin] = value;
  }
  const known = (value: number) => (Number.isNaN(value) ? null : shortened(value / size));
  return {
    series: 0,
    x: Array.from(low, (_, bin) => shortened((from + ((until - from) * (bin + 0.5)) / bins) / US_PER_DAY)),
    y: Array.from(low, known),
    lower: Array.from(low, known),
    upper: Array.from(high, known),
  };
}

/** Rounds to six digits, more than a picture can show. */
function shortened(value: number): number {
  return Number(value.toPrecision(6));
}

function loadGroup(overviews: readonly ServerOverview[]): ChartGroup {
  const loads = overviews.flatMap(({ load }) => (load === undefined ? [] : [load])).slice(0, SERVERS_MAX);
  const chart: HeatChart = {
    kind: "heat",
    id: "load",
    title: "jobs",
    summary: loads
      .map(({ server, jobs }) => {
        const all = jobs.flatMap((row, day) => row.map((value, hour) => ({ day, hour, value })));
        const most = all.reduce((best, one) => (one.value > best.value ? one : best), { day: 0, hour: 0, value: 0 });
        if (most.value === 0) return `${server}: no jobs`;
        return `${server}: busiest on ${weekdays[most.day]} from ${most.hour} to ${most.hour + 1} h, ${significant(most.value)} jobs an hour`;
      })
      .join("; "),
    x: "hour of the day",
    y: "",
    colour: "jobs an hour",
    panels: loads.map(({ server, jobs }) => ({
      name: loads.length === 1 ? "" : server,
      rows: weekdays,
      edges: Array.from({ length: 25 }, (_, hour) => hour),
      values: jobs.map((row) => row.map((value) => (Number.isNaN(value) ? 0 : shortened(value)))),
    })),
  };
  return {
    id: "load",
    heading: "When people print",
    note: "Jobs an hour, by weekday and hour of local time, mean over the observed weeks.",
    charts: loads.length === 0 ? [] : [chart],
  };
}
