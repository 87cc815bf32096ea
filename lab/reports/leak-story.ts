/**
 * The story of one leak, for a page: the first leak of the first server that has one, event by event, as the model's
 * narrative tells it. The server is simulated again.
 */
import type { Section } from "../../page/components.ts";
import { notes, table } from "../../page/components.ts";
import { html } from "../../page/html.ts";
import { sampleTimes } from "../execution/run.ts";
import { leaksOf, storyOf } from "../traces/story.ts";
import { SERVERS_LOOKED_AT, type Results } from "./results-reader.ts";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Undefined where the model tells no stories, or none of the first servers leaks. */
export function leakStory({ plan, findings }: Results): Section | undefined {
  const { seed } = plan.experiment;
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
      const place = { resolved, seed, replication: 0, server };
      if (leaksOf(place, until) === 0) continue;
      const { lines, subject, leaks: all } = storyOf(place, 1, until);
      const where = Object.entries(point.levels).map(([factor, level]) => `${factor} ${level}`);
      const [first] = lines;
      const from = first?.time ?? 0;
      const rows = lines.map(({ time, sentence, changes }) => [
        `+${((time - from) / 1e6).toFixed(3)} s`,
        `${sentence}.`,
        changes.join(", "),
      ]);
      const intro = `${[...where, `server ${server}`].join(", ")}: the first of its ${all} leaks, ${subject}, on ${clock(from)}.`;
      const story = { head: ["time", "what happens", "what it changes"], texts: 3, rows, legend: [] };
      return {
        id: "story",
        heading: "The story of one leak",
        body: [
          html`<p>${intro}</p>`,
          table(story, "The story of one leak"),
          notes(["spoolsim explain tells any other leak."]),
        ],
      };
    }
  }
  return undefined;
}

/** "Monday of week 1 at 09:06". */
function clock(timeUs: number): string {
  const minutes = Math.floor(timeUs / 60e6);
  const day = Math.floor(minutes / 1440);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  return `${WEEKDAYS[day % 7] ?? ""} of week ${Math.floor(day / 7) + 1} at ${time}`;
}
