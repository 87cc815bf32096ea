/**
 * The gallery, and how it is made again: `npm run gallery` runs every experiment that ships, at a modest size, and
 * writes docs/gallery.md and the pictures of docs/gallery/; gallery.test.ts compares.
 *
 * The size of an experiment depends on how many events it has and on no clock: as many servers and then replications
 * as EVENTS_MAX allows, or its quick size where one server and two replications are too much. Its picture is the one
 * that shows what it asks: the first response that its question names, what a judge said, theory beside what was
 * simulated, the estimates over a factor of numbers, or, where levels are compared, what leaks over time.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { answers } from "../lab/reports/answers.ts";
import { primaryResponses } from "../lab/analysis/primary-responses.ts";
import { verdictsOf } from "../lab/analysis/operational-impact.ts";
import { chartDrawer, provenanceOf } from "../lab/reports/chart-files.ts";
import { runExperiment } from "../lab/run-experiment.ts";
import { designPoints } from "../lab/experiment/design.ts";
import { loadExperiment, shippedExperiments } from "../lab/experiment/load.ts";
import { withOverrides } from "../lab/experiment/override.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import type { Manifest } from "../lab/results/manifest.ts";
import { programFolder } from "../lab/program.ts";
import { reportOf } from "../lab/reports/report.ts";
import { readResults } from "../lab/reports/results-reader.ts";
import type { Chart, ChartGroup } from "../page/chart.ts";

/** The most events of an experiment in the gallery, about ten seconds of work. */
const EVENTS_MAX = 24e6;
/** The fewest replications, before the number of servers is reduced. */
const REPLICATIONS_MIN = 5;
/** The most sentences under a picture. */
const SENTENCES_MAX = 6;

const PAGE = "docs/gallery.md";
const FOLDER = "docs/gallery";

/** The files of the gallery: path from the root, and text. */
export type GalleryFiles = ReadonlyMap<string, string>;

/** The section of an experiment, and its picture. */
export async function exhibit(name: string): Promise<{ section: string; path: string; svg: string }> {
  const { experiment, options } = await modest(await loadExperiment(name));
  const { manifest, groups, sentences, primary } = await reported(experiment);
  const { chart, note } = chosenChart(groups, primary, experiment.compare !== undefined);
  const draw = await chartDrawer();
  const path = `${FOLDER}/${name}.svg`;
  const more = sentences.length - SENTENCES_MAX;
  const args = [...sentences.slice(0, SENTENCES_MAX), ...(more > 0 ? [`And ${more} more.`] : [])];
  const section = `## ${name}

${experiment.question.trim().replace(/\s+/g, " ")}

![${chart.summary.replaceAll("[", "(").replaceAll("]", ")")}](gallery/${name}.svg)

${args.map((sentence) => `- ${sentence}`).join("\n")}

Made by \`spoolsim run ${name}${options}\`.
`;
  return { section, path, svg: draw(chart, note, provenanceOf(manifest)) };
}

/** All files of the gallery. */
export async function galleryFiles(progress: (name: string) => void = () => {}): Promise<GalleryFiles> {
  const files = new Map<string, string>();
  const sections: string[] = [];
  for (const name of await shippedExperiments()) {
    progress(name);
    const { section, path, svg } = await exhibit(name);
    sections.push(section);
    files.set(path, svg);
  }
  files.set(PAGE, `${OPENING}\n${sections.join("\n")}`);
  return files;
}

const OPENING = `# Gallery

One picture for each experiment in [experiments/](../experiments/), with the sentences that its results support.
\`npm run gallery\` makes this page and its pictures again, to the last byte. \`spoolsim report\` makes the same
pictures, and more, of your own results (\`--svg\`, \`--png\`).

The report of the main experiment in a browser, in dark mode, and on a phone:

![The first screen of a report: the answer, the curves of four sites, and three figures](report.png)

![The same in dark mode](report-dark.png)

<img src="report-phone.png" alt="The same on a phone" width="390">
`;

/** The experiment at a size that runs quickly, and the command-line options for it. */
async function modest(experiment: Experiment): Promise<{ experiment: Experiment; options: string }> {
  const quick = withOverrides(experiment, { quick: true });
  const { events } = await withRun(quick, async (_out, manifest) => manifest);
  const perServerDay = events / serverDaysOf(await designPoints(quick)) / quick.replications;
  const perReplication = perServerDay * serverDaysOf(await designPoints(experiment));
  const { servers } = experiment.scenario;
  const wanted = Math.min(experiment.replications, REPLICATIONS_MIN);
  const share = Math.min(1, EVENTS_MAX / (wanted * perReplication));
  const fewer = servers === undefined ? 1 : Math.max(1, Math.floor(servers * share)) / servers;
  const replications = Math.min(experiment.replications, Math.floor(EVENTS_MAX / (perReplication * fewer)));
  if (replications < Math.min(2, experiment.replications)) return { experiment: quick, options: " --quick" };
  const changes = {
    ...(replications < experiment.replications ? { replications } : {}),
    ...(fewer < 1 ? { servers: servers * fewer } : {}),
  };
  const options = Object.entries(changes)
    .map(([option, value]) => ` --${option} ${value}`)
    .join("");
  return { experiment: withOverrides(experiment, changes), options };
}

function serverDaysOf(points: Awaited<ReturnType<typeof designPoints>>): number {
  return points.reduce((sum, { scenario }) => sum + scenario.servers * scenario.horizonDays, 0);
}

async function reported(experiment: Experiment) {
  return withRun(experiment, async (out) => {
    const results = await readResults(out);
    const primary = [...namesOf(primaryResponses(results.plan)), ...verdictsOf(results.plan)];
    return { ...(await reportOf(out)), sentences: answers(results), primary };
  });
}

function namesOf(responses: readonly { readonly name: string }[]): string[] {
  return responses.map(({ name }) => name);
}

/** Runs an experiment and passes its results to `look` before they are removed. */
async function withRun<Seen>(
  experiment: Experiment,
  look: (out: string, manifest: Manifest) => Promise<Seen>,
): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-gallery-"));
  try {
    const { signal } = new AbortController();
    const machine = { workers: Math.min(2, availableParallelism()), sliceSize: 64, signal };
    const out = join(folder, "results");
    const options = { ...machine, out, force: false, command: "npm run gallery", cache: undefined };
    return await look(out, (await runExperiment(experiment, options)).manifest);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The chart that best shows the answer. */
function chosenChart(
  groups: readonly ChartGroup[],
  primary: readonly string[],
  isCompared: boolean,
): { chart: Chart; note: string } {
  const of = (id: string, suits: (chart: Chart) => boolean) => {
    const group = groups.find((one) => one.id === id);
    const chart = group?.charts.find(suits);
    return chart === undefined ? [] : [{ chart, note: group!.note }];
  };
  const estimates = (chart: Chart) => {
    return chart.kind === "intervals" ? chart.panels.flatMap((panel) => panel.estimates) : [];
  };
  const drawn = primary.flatMap((name) => {
    return [`survival-${name.replace(/Us$/, "")}`, `over-time-${name}`, `pairs-${name}`];
  });
  const [found] = [
    ...of("levels", () => true),
    ...drawn.flatMap((id) => groups.flatMap((group) => of(group.id, (chart) => chart.id === id))),
    ...of("means", (chart) => estimates(chart).some(({ closedForm }) => closedForm !== null)),
    ...of("rates", (chart) => estimates(chart).some(({ x }) => typeof x === "number")),
    ...of("courses", () => isCompared),
    ...of("rates", () => true),
    ...of("courses", () => true),
    ...of("means", () => true),
  ];
  if (found === undefined) throw new Error("an experiment has no chart at all");
  return found;
}

/** The present files. */
export async function publishedGallery(): Promise<GalleryFiles> {
  const names = await readdir(join(programFolder, FOLDER)).catch(() => []);
  const paths = [PAGE, ...names.map((name) => `${FOLDER}/${name}`)];
  const files = new Map<string, string>();
  for (const path of paths) files.set(path, await readFile(join(programFolder, path), "utf8"));
  return files;
}

/** Writes the files that differ, and reports them. */
async function publish(): Promise<void> {
  const made = await galleryFiles((name) => void process.stdout.write(`${name} ...\n`));
  const there = await publishedGallery().catch((): GalleryFiles => new Map());
  await mkdir(join(programFolder, FOLDER), { recursive: true });
  for (const path of there.keys()) {
    if (!made.has(path)) await rm(join(programFolder, path));
  }
  for (const [path, text] of made) {
    if (there.get(path) === text) continue;
    await writeFile(join(programFolder, path), text);
    process.stdout.write(`${path} is made again\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await publish();
