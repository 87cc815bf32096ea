/**
 * report.html: the question of an experiment, its results, and how far to trust them, as one page for people.
 *
 * Its bytes depend only on the folder's tables and manifest and on this program: it contains no time and no path. The
 * manifest does not list it, because the report quotes the manifest. It can be made again at any time.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChartGroup } from "../../page/chart.ts";
import {
  background,
  details,
  facts,
  figure,
  fold,
  folds,
  keyFigures,
  list,
  notes,
  table,
  verdict,
  type Section,
} from "../../page/components.ts";
import { html, type Content, type Html } from "../../page/html.ts";
import { sum } from "../../statistics/estimate.ts";
import { factorNames } from "../experiment/experiment.ts";
import { replayCommand } from "../experiment/design-point.ts";
import { REPORT_FILE, type Manifest } from "../results/manifest.ts";
import { unwritable, writeWhole } from "../whole-file.ts";
import { provenanceOf } from "./chart-files.ts";
import { assumptionsOf } from "./assumptions.ts";
import { chartsOf } from "./charts.ts";
import { RunCache, type CacheSpace } from "../execution/cache.ts";
import { counted, days, enumerated } from "./format.ts";
import { headlineOf, ratesByLevel } from "./headline.ts";
import { leakStory, type LeakStory } from "./leak-story.ts";
import { readResults, type Results } from "./results-reader.ts";
import { pageText, resources, type Page } from "./standalone-page.ts";
import type { SummaryTable, TableChoice } from "./summary-table.ts";
import { summaryTables } from "./summary-tables.ts";
import { afterNumber } from "./units.ts";

/** Up to this many sentences are shown beside the answer; others are folded. */
const SENTENCES_FEW = 5;
/** With more sentences there is no answer, because tables are clearer. */
const SENTENCES_MAX = 30;

/** A report and its contents. */
export interface Report {
  readonly html: string;
  readonly manifest: Manifest;
  readonly groups: readonly ChartGroup[];
  /** The origin of the pictures, in one line. */
  readonly provenance: string;
}

/**
 * Makes the report of a folder, again if there is one.
 *
 * @param cache may have results of its runs, which are then not simulated again; the report is the same
 * @throws UserError when the folder has no results
 */
export async function writeReport(
  folder: string,
  signal?: AbortSignal,
  choice: TableChoice = {},
  cache?: CacheSpace,
): Promise<Report> {
  const report = await reportOf(folder, signal, choice, cache);
  const file = join(folder, REPORT_FILE);
  await writeWhole(file, report.html).catch(unwritable(file));
  return report;
}

/** A page with simultaneous intervals has this in its head, so that it is made again as it was. */
const choiceMark = html`<meta name="intervals" content="simultaneous">`;

/** The choice of intervals for a folder: the user's, or that of its page, so that terminal and page always agree. */
export async function choiceFor(folder: string, simultaneous: boolean | undefined): Promise<TableChoice> {
  if (simultaneous !== undefined) return { simultaneous };
  const page = await readFile(join(folder, REPORT_FILE), "utf8").catch(() => "");
  return { simultaneous: page.includes(choiceMark.text) };
}

/** The report of a folder's results. @throws UserError */
export async function reportOf(
  folder: string,
  signal?: AbortSignal,
  choice: TableChoice = {},
  cache?: CacheSpace,
): Promise<Report> {
  const results = await readResults(folder);
  const charts = await chartsOf(results, signal, cache && (await RunCache.open(cache, results.plan)));
  const story = leakStory(results);
  const page = reportPage(results, charts, story, choice);
  const { manifest } = results;
  const groups = story?.group === undefined ? charts : [...charts, story.group];
  return { html: pageText(page, await resources()), manifest, groups, provenance: provenanceOf(manifest) };
}

function reportPage(
  results: Results,
  groups: readonly ChartGroup[],
  story: LeakStory | undefined,
  choice: TableChoice,
): Page {
  const { experiment, points } = results.plan;
  const [first, ...rest] = groups;
  return {
    kind: `spoolsim, experiment ${experiment.name}`,
    title: experiment.question.trim().replace(/\s+/g, " "),
    lead: leadOf(results, first),
    sections: [...(story === undefined ? [] : [story.section]), ...sectionsOf(results, rest, choice)],
    footer:
      "The results on this page come from the tables in the same folder. The story of a leak and the histories of individual " +
      "servers are exceptions: they come from the same simulation and are in no table.",
    model: points[0].resolved.model,
    ...(choice.simultaneous === true ? { mark: choiceMark } : {}),
  };
}

/**
 * The charts for every reader: when users notice, how fast it leaks, or else the first. The others are for those who
 * check.
 */
const OPEN_GROUPS = ["courses", "survival", "rates"];

function sectionsOf(results: Results, groups: readonly ChartGroup[], choice: TableChoice): Section[] {
  const { comparison, leaks, fleet, eventTimes, means, operationalImpact } = summaryTables(results, choice);
  const tabled = (id: string, heading: string, of: SummaryTable | undefined): Section[] =>
    of === undefined ? [] : [{ id, heading, body: table(of, heading) }];
  const drawn = groups.map((group): Section => ({ id: group.id, heading: group.heading, body: figure(group) }));
  const isOpen = ({ id }: Section) => OPEN_GROUPS.includes(id);
  const open = drawn.some(isOpen) ? drawn.filter(isOpen) : drawn.slice(0, 1);
  const more = [
    ...tabled("comparison", "Comparison", comparison),
    ...tabled("leaks", "What leaks", leaks),
    ...tabled("costs", "Operational impact", operationalImpact),
    ...tabled("events", "Events", eventTimes),
    ...tabled("fleet", "The whole fleet", fleet),
    ...drawn.filter((section) => !open.includes(section)),
    ...tabled("means", "Table of means", means),
  ];
  return [
    ...open,
    ...(more.length === 0 ? [] : [{ id: "more", heading: "All numbers", body: folds(more) }]),
    { id: "making", heading: "How it was made", body: makingOf(results) },
    { id: "limits", heading: "How far to trust it", body: limitsOf(results) },
  ];
}

/** The answer, the main picture, and the key figures. */
function leadOf(results: Results, picture: ChartGroup | undefined): Content {
  const headline = headlineOf(results);
  const shown = picture === undefined ? undefined : figure(picture);
  const about = results.plan.points[0].resolved.model.background;
  const introduction = about === undefined ? undefined : background(about.text, about.links);
  const size = quickSize(results);
  const first = size === undefined ? undefined : html`<p class="note size">${size}</p>`;
  if (headline === undefined) return [first, introduction, shown];
  const { answer, outlook, more, figures } = headline;
  const byLevel = ratesByLevel(results);
  const left = more.length - SENTENCES_MAX;
  const rest =
    left > 0 ? [`${counted(left, "more sentence")} ${left === 1 ? "is" : "are"} in the tables of the folder.`] : [];
  const isFew = more.length <= SENTENCES_FEW;
  return [
    first,
    verdict(answer, [], outlook),
    introduction,
    shown,
    figures.length === 0 ? undefined : keyFigures(figures),
    byLevel === undefined ? undefined : table(byLevel, "Place by place"),
    isFew && byLevel === undefined
      ? details(more)
      : fold("In sentences", list([...more.slice(0, SENTENCES_MAX), ...rest]), byLevel === undefined),
  ];
}

/**
 * "Quick look: 2 servers in each of 2 replications, 1 day"; undefined if the run is not of the experiment's quick
 * version.
 */
function quickSize({ plan: { experiment, points } }: Results): string | undefined {
  const { quick, scenario, replications } = experiment;
  const changes = Object.entries(quick.settings);
  if (quick.replications === undefined && quick.points === undefined && changes.length === 0) return undefined;
  const settings: Readonly<Record<string, unknown>> = {
    ...scenario,
    ...Object.fromEntries(Object.entries(scenario.parameters).map(([name, value]) => [`parameters.${name}`, value])),
  };
  const isQuick =
    (quick.replications ?? replications) === replications &&
    (quick.points === undefined || quick.points === experiment.sample?.points) &&
    changes.every(([path, setting]) => settings[path] === setting);
  if (!isQuick) return undefined;
  const servers = Math.max(...points.map((point) => point.scenario.servers));
  const horizon = Math.max(...points.map((point) => point.scenario.horizonDays));
  const size = `${counted(servers, "server")} in each of ${counted(replications, "replication")}, ${days(horizon)}`;
  const isOfWeek = horizon % 7 === 0 || points[0].resolved.model.startsOnMonday !== true;
  const which =
    horizon <= 1 ? "a Monday" : horizon < 7 ? "the first days of a week" : "weeks of which the last is cut off";
  return `Quick look: ${size}.${isOfWeek ? "" : ` These are the rates of ${which}; the rates over whole weeks are different.`}`;
}

function makingOf(results: Results): Html {
  const { manifest, plan } = results;
  const { experiment, points } = plan;
  const [first] = points;
  const commit = manifest.commit === undefined ? undefined : html`, commit <code>${manifest.commit}</code>`;
  return html`${facts([
    ["Experiment", experiment.name],
    ["Model", `${first.resolved.model.name}: ${first.resolved.model.meaning}`],
    [
      "Design",
      `${counted(points.length, "design point")}${factorsText(results)}, ${counted(experiment.replications, "replication")} of each`,
    ],
    ["Servers", serversText(results)],
    ["Seed", html`<code>${experiment.seed}</code>`],
    ["Digest", html`<code>${manifest.digest}</code>, of ${manifest.events} events`],
    [
      "Identity",
      html`<code>${manifest.identity.slice(0, 16)}</code>, the first 16 digits of the hash of everything that determines the tables`,
    ],
    ["Program", html`spoolsim ${manifest.version}${commit}, Node ${manifest.node}`],
    ["What each setting means", html`<code>spoolsim describe ${first.resolved.model.name}</code>`],
    ["Repeat one replication", html`<code>${replayCommand(first, 0)}</code>`],
    ["Repeat everything", html`<code>spoolsim verify .</code>`],
  ])}
${notes([
  "Run the commands in the folder of the results. The same seed gives the same tables, to the last byte, on any " +
    "machine and with any number of threads.",
])}`;
}

function factorsText({ plan: { experiment, points } }: Results): string {
  const texts = factorNames(experiment).map((name) => {
    return `${name} at ${counted(new Set(points.map(({ levels }) => levels[name])).size, "level")}`;
  });
  return texts.length === 0 ? "" : ` (${texts.join(", ")})`;
}

/** "8 design points x 8 replications x 4 servers = 256 servers, each for 28 days"; "..., each for 7 or 28 days" */
function serversText({ plan: { experiment, points } }: Results): string {
  const sizes = points.map(({ scenario }) => scenario.servers);
  const all = experiment.replications * sum(sizes);
  const perPoint = new Set(sizes).size === 1 ? counted(sizes[0]!, "server") : "their servers";
  const factors = [counted(points.length, "design point"), counted(experiment.replications, "replication"), perPoint];
  const horizons = [...new Set(points.map(({ scenario }) => scenario.horizonDays))];
  const shorter = horizons.slice(0, -1).map(String);
  const until = enumerated([...shorter, days(horizons.at(-1)!)], "or");
  return `${factors.join(" x ")} = ${counted(all, "server")}, each for ${until}`;
}

function limitsOf(results: Results): Html {
  const { assumptions, parameters } = assumptionsOf(results.plan);
  const { replications } = results.plan.experiment;
  const limits = [
    replications < 2
      ? "There is one replication, so differences have no interval."
      : `Intervals cover the random variation of the simulation, over ${replications} replications. They do not cover errors of the model.`,
    "A server without an event by the end of the simulation is right-censored: the event may come later.",
    ...(assumptions.length === 0
      ? []
      : [
          `${assumptions.length} of the model's ${parameters} parameters are assumptions; the table says what some of them rest on. ` +
            "With other values, the answers can be different.",
        ]),
  ];
  const rows = assumptions.map(({ name, settings, unit, meaning, source }) => [
    name,
    settings.map((setting) => setting.replace(/(?= \(|$)/, afterNumber(unit))).join(", "),
    meaning,
    source.replace(/^assumption[;:]?\s*/, ""),
  ]);
  const assumed = {
    head: ["parameter", "value in this run", "meaning", "basis or remark"],
    texts: 4,
    rows,
    legend: [],
  };
  return html`${list(limits)}
${rows.length === 0 ? undefined : fold("Assumed parameters", table(assumed, "Assumed parameters"))}`;
}
