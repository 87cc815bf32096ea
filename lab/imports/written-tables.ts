/** Writes the tables of an import: the readings of each server, its incidents, jobs and summary. */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { LoggedResponses } from "../../models/contract/logs.ts";
import type { Response } from "../../models/contract/responses.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { mondayBefore } from "../calendar.ts";
import type { Collector, Unreadable } from "./collector.ts";
import {
  faultsTable,
  incidentsTable,
  jobsTable,
  seriesTable,
  serversTable,
  type ServerIncident,
  type ServerSummary,
} from "./import-tables.ts";
import { IncidentFinder, type Incident, type WatchedResponse } from "./incidents.ts";
import { mergedReadings } from "./merged-readings.ts";
import { SeriesFinder } from "./series-finder.ts";
import type { TableFiles } from "./table-files.ts";

/** The number of different intervals between readings that are distinguished. */
const STEPS_MAX = 4096;

interface Written {
  readonly startDay: number;
  readonly responses: readonly Response[];
  readonly servers: readonly ServerSummary[];
  /** Values that differ from another reading for the same server and time. */
  readonly disagreements: readonly Unreadable[];
}

/** The results of the first pass over a server's readings. */
interface Survey {
  readonly server: number;
  readonly firstUs: number;
  lastUs: number;
  readings: number;
  stepUs: number;
  /** By series: whether it was ever read. */
  readonly isRead: boolean[];
}

export async function writeTables(
  out: Collector,
  writer: TableFiles,
  all: readonly Response[],
  logged: LoggedResponses,
): Promise<Written> {
  const finder = new SeriesFinder(logged, new Map());
  const surveys = surveyed(out, finder);
  const faults = writer.of(faultsTable);
  const disagreements = out.takeFaults();
  await faults.write(disagreements);
  let firstUs = Math.min(...[...surveys.values()].map((survey) => survey.firstUs));
  const jobCounts = out.servers.map(() => 0);
  for (const row of out.jobs.rows()) {
    jobCounts[row[0]!]!++;
    firstUs = Math.min(firstUs, row[1]!);
  }
  const startDay = mondayBefore(Math.floor(firstUs / US_PER_DAY));
  const startUs = startDay * US_PER_DAY;
  const isUsed = (response: string) =>
    [...surveys.values()].some(({ isRead }) =>
      logged.responses.some((one, m) => one.response === response && isRead[m]),
    );
  const responses = all.filter(({ name }) => isUsed(name));
  const servers = await writeReadings(out, writer, finder, logged, responses, surveys, startUs, jobCounts);
  if (out.jobs.count > 0) await writeJobs(out, writer, startUs);
  return { startDay, responses, servers, disagreements };
}

function surveyed(out: Collector, finder: SeriesFinder): Map<number, Survey> {
  const surveys = new Map<number, Survey>();
  let survey: Survey | undefined;
  let steps = new Distribution(STEPS_MAX);
  const step = new Float64Array(1);
  const finish = () => {
    if (survey !== undefined) survey.stepUs = medianOf(steps);
    steps = new Distribution(STEPS_MAX);
  };
  for (const { server, timeUs, values: logged } of mergedReadings(out, finder, true)) {
    if (survey?.server !== server) {
      finish();
      survey = { server, firstUs: timeUs, lastUs: NaN, readings: 0, stepUs: NaN, isRead: [] };
      surveys.set(server, survey);
    } else {
      step[0] = timeUs - survey.lastUs;
      steps.add(step);
    }
    survey.lastUs = timeUs;
    survey.readings++;
    for (let series = 0; series < logged.length; series++) survey.isRead[series] ||= !Number.isNaN(logged[series]!);
  }
  finish();
  return surveys;
}

/** NaN if there are none. */
function medianOf(steps: Distribution): number {
  const { values, counts } = steps.cells();
  let before = 0;
  for (const [i, value] of values.entries()) {
    before += counts[i]!;
    if (before >= steps.count / 2) return value;
  }
  return NaN;
}

async function writeReadings(
  out: Collector,
  writer: TableFiles,
  finder: SeriesFinder,
  logged: LoggedResponses,
  responses: readonly Response[],
  surveys: ReadonlyMap<number, Survey>,
  startUs: number,
  jobCounts: readonly number[],
): Promise<ServerSummary[]> {
  const series = await writer.open(seriesTable(responses));
  const incidentRows = await writer.open(incidentsTable);
  const serverRows = await writer.open(serversTable);
  const monitored = responses.map(({ name, role, now }): WatchedResponse => {
    return { name, isGivenBack: logged.givenBack.includes(name), isTotal: role === "count" && now !== true };
  });
  const summaries: ServerSummary[] = [];
  const values = new Float64Array(responses.length);
  let server = -1;
  let indices: number[] = [];
  let incidents: IncidentFinder | undefined;
  let found: Incident[] = [];
  const finish = async () => {
    const survey = surveys.get(server);
    if (survey === undefined) return;
    const clocks = out.clockChanges.filter((one) => one.server === server);
    found.push(...clocks.map(({ atUs, backToUs }) => clockIncident(atUs, backToUs)));
    found.sort((a, b) => a.timeUs - b.timeUs);
    const name = out.servers[server]!;
    const local = (timeUs: number) => timeUs - startUs;
    const rows = found.map((one): ServerIncident => {
      return { ...one, server: name, timeUs: local(one.timeUs), sinceUs: local(one.sinceUs) };
    });
    await incidentRows.write(rows);
    const summary = summaryOf(name, survey, found, local, jobCounts[server]!);
    summaries.push(summary);
    await serverRows.write([summary]);
    found = [];
  };
  for (const { server: next, timeUs, values: read } of mergedReadings(out, finder, false)) {
    if (next !== server) {
      await finish();
      server = next;
      const { isRead, stepUs } = surveys.get(server)!;
      indices = responses.map(({ name }) => {
        return logged.responses.findIndex(({ response }, m) => response === name && isRead[m] === true);
      });
      incidents = new IncidentFinder(monitored, stepUs);
    }
    for (const [r, index] of indices.entries()) values[r] = index === -1 ? NaN : read[index]!;
    found.push(...incidents!.next(timeUs, values, read[finder.count - 1]!));
    await series.write([{ server: out.servers[server]!, timeUs: timeUs - startUs, values }]);
  }
  await finish();
  for (const [index, name] of out.servers.entries()) {
    if (surveys.has(index)) continue;
    const none = { firstUs: NaN, lastUs: NaN, readings: 0, stepUs: NaN };
    const summary = summaryOf(name, none, [], (timeUs) => timeUs, jobCounts[index]!);
    summaries.push(summary);
    await serverRows.write([summary]);
  }
  return summaries;
}

function clockIncident(atUs: number, backToUs: number): Incident {
  return { kind: "clock", timeUs: atUs, sinceUs: backToUs, response: "", before: NaN, after: NaN };
}

function summaryOf(
  server: string,
  { firstUs, lastUs, readings, stepUs }: Pick<Survey, "firstUs" | "lastUs" | "readings" | "stepUs">,
  found: readonly Incident[],
  local: (timeUs: number) => number,
  jobs: number,
): ServerSummary {
  const counts = { restart: 0, gap: 0, wrap: 0, reset: 0, clock: 0 };
  for (const { kind } of found) counts[kind]++;
  return { server, firstUs: local(firstUs), lastUs: local(lastUs), readings, stepUs, incidents: counts, jobs };
}

async function writeJobs(out: Collector, writer: TableFiles, startUs: number): Promise<void> {
  const jobs = await writer.open(jobsTable);
  for (const row of out.jobs.rows()) {
    const [server, timeUs, , bytes, pages, type] = row as unknown as number[];
    const about = { bytes: bytes!, pages: pages!, type: out.types[type!]! };
    await jobs.write([{ server: out.servers[server!]!, timeUs: timeUs! - startUs, ...about }]);
  }
}
