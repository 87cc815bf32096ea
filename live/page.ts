/**
 * The live page: it reads the question from the address, simulates it in Web Workers, replication by replication, and
 * shows the answer, the curves, the digest, and one server step by step. Changing a control asks another question.
 */
import * as Plot from "@observablehq/plot";
import { Figure } from "../page/figure.ts";
import { webRunner, type WorkerEnd } from "../lab/execution/web-runner.ts";
import { designPoints } from "../lab/experiment/design.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import { planResults, type Plan } from "../lab/experiment/plan.ts";
import { readExperiment } from "../lab/experiment/read.ts";
import { answers } from "../lab/reports/answers.ts";
import { capital, counted } from "../lab/reports/format.ts";
import { controlsOf, type Control } from "./controls.ts";
import { curvesOf, drawnResponses, titleOf } from "./curves.ts";
import { byId, element, keepHeight } from "./dom.ts";
import { showControls } from "./form.ts";
import {
  addressOf,
  commandOf,
  experimentOf,
  firstQuestion,
  questionOf,
  readAddress,
  type Question,
} from "./question.ts";
import { replicationByReplication, type Interim } from "./running.ts";
import { ServerView, stepped } from "./server-view.ts";

/** A slider takes effect when it has rested this long [ms]. */
const REST_MS = 250;
/** The shortest time between two updates of the answer [ms]. */
const SHOWN_EVERY_MS = 400;
const WORKERS_MAX = 8;

const workers = Array.from({ length: Math.max(1, Math.min(WORKERS_MAX, navigator.hardwareConcurrency - 1)) }, () => {
  return new Worker("worker.js", { type: "module" });
});
const runner = webRunner(workers as unknown as WorkerEnd[]);
const texts = new Map<string, string>();

let question: Question;
let controller = new AbortController();
let server: ServerView | undefined;
let latest: Interim | undefined;
let response: string | undefined;
let resting: ReturnType<typeof setTimeout> | undefined;

/** Asks a question: puts it into the address and simulates it. */
async function ask(next: Question): Promise<void> {
  question = next;
  history.replaceState(undefined, "", `#${addressOf(next)}`);
  byId<HTMLSelectElement>("experiment").value = next.experiment;
  byId<HTMLInputElement>("quick").checked = next.quick;
  controller.abort();
  controller = new AbortController();
  const { signal } = controller;
  latest = undefined;
  byId("fault").hidden = true;
  document.body.dataset.state = "running";
  try {
    const text = await textOf(next.experiment);
    const experiment = experimentOf(next, text);
    const plan = planResults(experiment, await designPoints(experiment));
    if (signal.aborted) return;
    showQuestion(plan, levelsOf(readExperiment(next.experiment, text)));
    // Empty axes first, so that the page does not jump when the curves arrive.
    if (byId("curves").childElementCount === 0)
      showCurves({ ...plan, experiment: { ...experiment, replications: 0 } }, []);
    await simulate(plan, signal);
  } catch (error) {
    if (signal.aborted) return;
    document.body.dataset.state = "failed";
    byId("fault").hidden = false;
    byId("fault").textContent = (error as Error).message;
  }
}

async function textOf(experiment: string): Promise<string> {
  const known = texts.get(experiment);
  if (known !== undefined) return known;
  const answer = await fetch(`experiments/${encodeURIComponent(experiment)}.yaml`);
  if (!answer.ok) throw new Error(`there is no experiment ${experiment}`);
  const text = await answer.text();
  texts.set(experiment, text);
  return text;
}

function levelsOf({ factors }: Experiment): Record<string, string[]> {
  return Object.fromEntries(factors.map(({ name, levels }) => [name, levels.map((level) => level.name)]));
}

/** Shows the question, the controls, the command, and a server to step through. */
function showQuestion(plan: Plan, levels: Readonly<Record<string, readonly string[]>>): void {
  const { experiment } = plan;
  byId("question").textContent = experiment.question;
  byId("command").textContent = commandOf(question, experiment);
  byId("digest").textContent = "is not known before the last event";
  byId<HTMLInputElement>("seed").value = experiment.seed;
  const controls = controlsOf(plan, question, levels);
  const isMain = (control: Control) => control.isMain;
  showControls(byId("controls"), controls.filter(isMain), turned);
  showControls(
    byId("more-controls"),
    controls.filter((control) => !isMain(control)),
    turned,
  );
  byId("scope").textContent = scopeOf(plan);
  const responses = drawnResponses(plan);
  response = responses.find(({ name }) => name === response)?.name ?? responses[0]?.name;
  const select = byId<HTMLSelectElement>("response");
  select.replaceChildren(...responses.map((one) => element("option", { value: one.name }, titleOf(one))));
  select.value = response ?? "";
  showServer(plan);
}

/** Describes the part of the experiment that is simulated: fewer sites or days give other numbers. */
function scopeOf({ points }: Plan): string {
  const { only } = question;
  const levels = Object.entries(only).map(([factor, level]) => `${factor} ${level} only`);
  const horizonDays = Math.max(...points.map(({ scenario }) => scenario.horizonDays));
  const servers = Math.max(...points.map(({ scenario }) => scenario.servers));
  const size = `${counted(servers, "server")} for ${counted(horizonDays, "day")}`;
  return `Simulated here: ${[...levels, size].join(", ")}. Other settings or seeds give other numbers.`;
}

function showServer(plan: Plan): void {
  server?.end();
  server = undefined;
  const groups = stepped(plan);
  byId("one-server").hidden = groups.length === 0;
  const select = byId<HTMLSelectElement>("group");
  const names = groups.map((points) => groupName(points[0]!.levels, plan));
  select.replaceChildren(...names.map((name, i) => element("option", { value: String(i) }, name)));
  byId("group-choice").hidden = groups.length < 2;
  const show = () => {
    server?.end();
    const points = groups[Number(select.value)];
    if (points !== undefined) server = new ServerView(byId("server"), points, plan.experiment.seed, Plot);
  };
  select.onchange = show;
  show();
}

function groupName(levels: Readonly<Record<string, string>>, { experiment }: Plan): string {
  const others = Object.entries(levels).filter(([factor]) => factor !== experiment.compare?.factor);
  return others.map(([factor, level]) => `${factor} ${level}`).join(", ");
}

async function simulate(plan: Plan, signal: AbortSignal): Promise<void> {
  let isDue = true;
  const timer = setInterval(() => (isDue = true), SHOWN_EVERY_MS);
  try {
    for await (const interim of replicationByReplication(plan, runner, signal, () => isDue)) {
      if (signal.aborted) return;
      isDue = false;
      latest = interim;
      showInterim(plan.experiment.replications);
    }
  } finally {
    clearInterval(timer);
  }
}

/** Shows the results so far. */
function showInterim(replications: number): void {
  if (latest === undefined) return;
  const { plan, findings } = latest;
  const done = plan.experiment.replications;
  const sentences = answers({ plan, findings });
  byId("answer").replaceChildren(
    ...sentences.slice(0, ANSWERS_MAX).flatMap((text) => {
      const [first = "", ...rest] = capital(text).split(SENTENCE_END);
      const then = rest.length === 0 ? [] : [element("p", { class: "then" }, rest.join(" "))];
      return [element("p", {}, first), ...then];
    }),
  );
  const progress = byId<HTMLProgressElement>("progress");
  progress.max = replications;
  progress.value = done;
  const events = `${findings.events} events`;
  byId("done").textContent =
    done === replications
      ? `${replications} of ${replications} replications, ${events}: complete.`
      : `${done} of ${replications} replications, ${events} so far; the answer may still move.`;
  keepHeight(byId("answer"));
  showLatestCurves();
  if (done === replications) void showProof(latest);
}

const ANSWERS_MAX = 6;
const SENTENCE_END = /(?<=\.) (?=[A-Z])/;

function showLatestCurves(): void {
  if (latest !== undefined) showCurves(latest.plan, latest.results);
}

function showCurves(plan: Plan, results: Interim["results"]): void {
  const drawn = drawnResponses(plan).find(({ name }) => name === response);
  if (drawn === undefined) return;
  const charts = [curvesOf(plan, results, drawn)];
  new Figure(byId("curves"), { id: "curves", heading: "", note: "", charts }, Plot);
}

/** Shows the digest and command with which anyone can check the answer. */
async function showProof({ findings, serversCsv = "" }: Interim): Promise<void> {
  const { signal } = controller;
  byId("digest").textContent = findings.digest;
  const bytes = new TextEncoder().encode(serversCsv);
  const save = byId<HTMLAnchorElement>("save");
  URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(new Blob([bytes], { type: "text/csv" }));
  // Browsers allow hashing only on pages from this machine or over https.
  if (globalThis.crypto?.subtle !== undefined) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    // Another question may have been asked meanwhile.
    if (signal.aborted) return;
    byId("sha256").textContent = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  document.body.dataset.state = "done";
}

function turned(control: Control, value: string): void {
  clearTimeout(resting);
  resting = setTimeout(() => void ask(control.turn(question, value)), REST_MS);
}

async function begin(): Promise<void> {
  const names = (await (await fetch("experiments/names.json")).json()) as string[];
  const select = byId<HTMLSelectElement>("experiment");
  select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  select.addEventListener("change", () => void ask(questionOf(select.value)));
  byId("quick").addEventListener("change", ({ target }) => {
    void ask({ ...question, quick: (target as HTMLInputElement).checked });
  });
  byId("seed").addEventListener("change", ({ target }) => {
    const seed = (target as HTMLInputElement).value;
    void ask({ ...question, seed: seed === "" ? undefined : seed });
  });
  byId("response").addEventListener("change", ({ target }) => {
    response = (target as HTMLSelectElement).value;
    showLatestCurves();
  });
  byId("copy").addEventListener("click", () => {
    void navigator.clipboard?.writeText(location.href);
    byId("copied").textContent = "Copied. The address contains the experiment, the seed and all settings.";
  });
  byId("to-server").addEventListener("click", (event) => {
    // The fragment of the address holds the question, so it cannot be used to jump within the page.
    event.preventDefault();
    byId("one-server").scrollIntoView();
    byId("leak").focus({ preventScroll: true });
  });
  addEventListener("hashchange", () => void ask(readAddress(location.hash) ?? firstQuestion));
  await ask(readAddress(location.hash) ?? firstQuestion);
}

void begin();
