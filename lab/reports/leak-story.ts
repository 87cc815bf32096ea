/**
 * The story of one leak, for a page: a typical leak of the first server that has one, as a picture beside the other
 * levels, and event by event in the words of the model's narrative. The servers are simulated again.
 */
import { timeToMinute } from "../simulated-time.ts";
import type { ChartGroup } from "../../page/chart.ts";
import { figure, fold, notes, table, type Section } from "../../page/components.ts";
import { html } from "../../page/html.ts";
import { byOthers } from "../experiment/design.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { sampleTimes } from "../execution/run.ts";
import { eventsOfJob, leaksOf, storyOf, typicalLeak, type Story } from "../traces/story.ts";
import type { ServerSelector } from "../traces/trace.ts";
import { levelName } from "./chart-layout.ts";
import { SERVERS_LOOKED_AT, type Results } from "./results-reader.ts";
import { storyChart, type StoryPanel } from "./story-chart.ts";

export interface LeakStory {
  /** The picture; undefined if the model draws none. */
  readonly group: ChartGroup | undefined;
  readonly section: Section;
}

/** Undefined if the model has no narrative, or none of the first servers leaks. */
export function leakStory(results: Results): LeakStory | undefined {
  const found = firstStory(results);
  if (found === undefined) return undefined;
  const { point, story } = found;
  const { lines, leaks, subject, selector } = story;
  const from = lines[0]?.time ?? 0;
  const where = [...Object.values(point.levels), `server ${selector.server}`].join(", ");
  const group = pictureOf(results, point, story);
  const rows = lines.map(({ time, sentence, changes }) => [
    `+${((time - from) / 1e6).toFixed(3)} s`,
    `${sentence}.`,
    changes.join(", "),
  ]);
  const words = {
    head: ["since the first event", "what happens", "what it changes"],
    texts: 3,
    rows,
    legend: [
      ...(group === undefined
        ? []
        : ["since the first event: unlike in the chart, where time 0 is the attempt to close"]),
      "what it changes: the new values; a name that is also a column of servers.csv describes the whole server, not only this job",
    ],
  };
  return {
    group,
    section: {
      id: "story",
      heading: "One leak, step by step",
      body: [
        html`<p>${leaks === 1 ? "The only leak" : `A typical leak, number ${story.leak} of ${leaks},`} of one server (${where}): ${subject}, on ${timeToMinute(from)}.</p>`,
        group === undefined ? undefined : figure(group),
        fold("Every event in words", table(words, "The story of one leak"), true),
        notes(["spoolsim explain tells the story of any other leak."]),
      ],
    },
  };
}

/** A typical leak of the first server that has one. */
function firstStory({ plan, findings }: Results): { point: PlannedPoint; story: Story } | undefined {
  for (const point of plan.points) {
    const { resolved, index, scenario } = point;
    const { model, values } = resolved;
    if (model.narrative === undefined || model.reference === undefined || model.isCoordinated?.(values) === true)
      continue;
    const { leaks } = model.narrative;
    const leaked = findings.leakRates.find((row) => row.point.index === index && row.response.name === leaks);
    if (!((leaked?.leaked ?? 0) > 0)) continue;
    const until = sampleTimes(scenario).at(-1) ?? 0;
    for (let server = 0; server < Math.min(scenario.servers, SERVERS_LOOKED_AT); server++) {
      const selector = selectorOf(point, plan.experiment.seed, server);
      if (leaksOf(selector, until) > 0) return { point, story: storyOf(selector, typicalLeak(selector, until), until) };
    }
  }
  return undefined;
}

function selectorOf({ resolved }: PlannedPoint, seed: string, server: number): ServerSelector {
  return { resolved, seed, replication: 0, server };
}

/** More levels could not be compared at a glance. */
const PANELS_MAX = 3;

/** The leak, and what happened to the same job at the compared levels. */
function pictureOf({ plan }: Results, point: PlannedPoint, story: Story): ChartGroup | undefined {
  const { experiment, points } = plan;
  const draw = point.resolved.model.narrative?.picture;
  if (draw === undefined) return undefined;
  const factor = experiment.compare?.factor;
  const compared = factor === undefined ? [point] : byOthers(points, factor).find((some) => some.includes(point))!;
  const { job, leaked, events, selector } = story;
  const end = events.at(-1)?.time ?? leaked.time;
  const panels: StoryPanel[] = [];
  const fates = new Set<string>();
  for (const one of [point, ...compared.filter((other) => other !== point)]) {
    if (panels.length === PANELS_MAX) break;
    const own = one === point ? events : eventsOfJob(selectorOf(one, selector.seed, selector.server), job, end + 1);
    const picture = draw(own);
    const fate = JSON.stringify(picture.marks);
    // A level at which the same happens, or the job does not exist, adds nothing.
    if (own.length === 0 || fates.has(fate)) continue;
    fates.add(fate);
    panels.push({ name: factor === undefined ? "" : levelName(factor, one.levels[factor] ?? ""), picture });
  }
  return {
    id: "story",
    heading: "One leak, step by step",
    note:
      panels.length > 1
        ? "Shaded: a command that alters the job, such as delete or pause, is inside its print processor. All panels show the same job and the same alteration."
        : "Shaded: a command that alters the job, such as delete or pause, is inside its print processor.",
    charts: [storyChart(story.subject, panels, leaked.time, end)],
  };
}
