/**
 * `spoolsim describe`: describes anything that has a name: a model, a spooler, a site, an experiment, a parameter or a
 * response; or a user's module, which is also simulated twice to see whether it gives the same results. No line is
 * longer than 80 columns.
 */
import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import { runTwice } from "../lab/execution/determinism.ts";
import type { Run } from "../lab/execution/run.ts";
import { loadExperiment, shippedExperiments } from "../lab/experiment/load.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import { extent, resolveScenario, type ResolvedScenario } from "../lab/experiment/scenario.ts";
import { modulePath } from "../lab/experiment/modules.ts";
import { counted } from "../lab/reports/format.ts";
import { suggest } from "../lab/suggest.ts";
import { UserError } from "../lab/user-error.ts";
import type { NumberParameter, Parameter } from "../models/contract/parameters.ts";
import type { Mean, Response } from "../models/contract/responses.ts";
import type { Model } from "../models/model.ts";
import { spoolers } from "../models/print-servers/parameters/parameters.ts";
import type { Spooler } from "../models/print-servers/spoolers/spooler.ts";
import { catalogue } from "../models/catalogue.ts";
import { patchOrders } from "../models/print-servers/patching/patch-orders.ts";
import { sites } from "../models/print-servers/sites.ts";
import { terminalOf, toned, wrapped } from "./terminal.ts";
import { print } from "./output.ts";
import { itemAt } from "../lab/lists.ts";

const COLUMNS_MAX = 80;

export const describeCommand: CommandModule<object, { name?: string | undefined }> = {
  builder: (argv) =>
    argv.positional("name", {
      type: "string",
      describe: "a name, or the path of a module or experiment; without it, the names are listed",
    }),
  async handler({ name }) {
    print(`${name === undefined ? await overview() : await described(name)}\n`);
  },
};

async function overview(): Promise<string> {
  const experiments = await Promise.all((await shippedExperiments()).map((name) => loadExperiment(name)));
  const named = (list: readonly { readonly name: string; readonly meaning: string }[]) =>
    list.map(({ name, meaning }) => entry(name, meaning));
  return [
    section("Models (spoolsim describe <model> tells more)", named(Object.values(catalogue))),
    section("Spoolers of print-servers", named(Object.values(spoolers))),
    section(
      "Sites of print-servers",
      Object.entries(sites).map(([name, site]) => entry(name, settingsText(site))),
    ),
    section(
      "Experiments (spoolsim run <experiment>)",
      experiments.map(({ name, question }) => entry(name, question)),
    ),
  ].join("\n\n");
}

/** Describes everything with that name. @throws UserError when there is nothing */
async function described(name: string): Promise<string> {
  if (modulePath.test(name) && !/\.ya?ml$/.test(name)) return moduleText(name);
  const found = [...namedByModels(name), ...(await othersNamed(name))];
  if (found.length > 0) return found.join("\n\n");
  const hints = Object.values(catalogue).flatMap(({ hints = {} }) => (Object.hasOwn(hints, name) ? [hints[name]] : []));
  if (hints.length > 0) throw new UserError(`nothing is called ${name}: ${hints[0]}`);
  const names = await allNames();
  const word = name.toLowerCase();
  const alike = names.filter((one) => word.length > 2 && one.toLowerCase().includes(word)).slice(0, ALIKE_MAX);
  const more = alike.length > 0 ? `; names with it: ${alike.join(", ")}` : suggest(name, names);
  throw new UserError(
    `nothing is called ${name}${more || "; spoolsim describe lists models, spoolers and experiments"}`,
  );
}

const ALIKE_MAX = 12;

function namedByModels(name: string): string[] {
  if (Object.hasOwn(catalogue, name)) return [modelText(itemAt(catalogue, name))];
  return Object.values(catalogue).flatMap((model) => {
    const parameter = Object.hasOwn(model.parameters, name) ? model.parameters[name] : undefined;
    const responses = model.responses.filter((one) => one.name === name).map(responseEntry);
    const means = (model.means ?? []).filter((one) => one.name === name).map(meanEntry);
    return [
      ...(parameter === undefined ? [] : [section(`Parameter of ${model.name}`, [parameterEntry(name, parameter)])]),
      ...(responses.length === 0 ? [] : [section(`Response of ${model.name}`, responses)]),
      ...(means.length === 0 ? [] : [section(`Mean of ${model.name}`, means)]),
    ];
  });
}

async function othersNamed(name: string): Promise<string[]> {
  const spooler = Object.values(spoolers).find((one) => one.name === name);
  const site = Object.entries(sites).find(([key]) => key === name)?.[1];
  const isExperiment = (await shippedExperiments()).includes(name) || /\.ya?ml$/.test(name);
  return [
    ...(spooler === undefined ? [] : [section("Spooler of print-servers", [entry(name, spooler.meaning)])]),
    ...(site === undefined ? [] : [section("Site of print-servers, which sets", [entry(name, settingsText(site))])]),
    ...(Object.hasOwn(patchOrders, name)
      ? [section("Patch order of print-servers", [entry(name, itemAt(patchOrders, name).meaning)])]
      : []),
    ...(Object.hasOwn(extent, name)
      ? [section("Of every scenario", [parameterEntry(name, extent[name as keyof typeof extent])])]
      : []),
    ...(isExperiment ? [experimentText(await loadExperiment(name))] : []),
  ];
}

async function allNames(): Promise<string[]> {
  const ofModels = Object.values(catalogue).flatMap(({ name, parameters, responses, means = [] }) => [
    name,
    ...Object.keys(parameters),
    ...[...responses, ...means].map((one) => one.name),
  ]);
  const spoolerNames = Object.values(spoolers).map(({ name }) => name);
  const others = [...spoolerNames, ...[sites, patchOrders, extent].flatMap((some) => Object.keys(some))];
  return [...new Set([...ofModels, ...others, ...(await shippedExperiments())])];
}

/** Server by server, the third is the first whose instance has been reset, which shows state that was not. */
const SERVERS = 3;

/** Describes a user's model or spooler, and whether two runs of it agree. */
async function moduleText(path: string): Promise<string> {
  const file = resolve(path);
  const base = { servers: SERVERS, horizonDays: 1, sampleEveryHours: 24 };
  const asSpooler = { ...base, model: "print-servers", parameters: { spooler: file } };
  let resolved: ResolvedScenario;
  let text: string;
  try {
    resolved = await resolveScenario({ ...base, model: file, parameters: {} });
    text = modelText(resolved.model);
  } catch (error) {
    // A module that is not a model may be a spooler; if it is neither, the error is that of a model.
    resolved = await resolveScenario(asSpooler).catch(() => Promise.reject(error));
    const { name, meaning } = resolved.values.spooler as unknown as Spooler;
    text = section("A spooler of print-servers", [entry(name, meaning)]);
  }
  const { scenario } = resolved;
  const run: Run = { point: 0, replication: 0, seed: "1", scenario, first: 0, count: SERVERS, sliceSize: SERVERS };
  const { eventCounts } = await runTwice(run);
  const events = eventCounts.reduce((sum, count) => sum + count, 0);
  return `${text}\n\n${fitted(`Three servers were simulated for a day, twice: ${events} events, the same both times.`)}`;
}

function modelText({ name, meaning, parameters, kinds, responses, means = [] }: Model): string {
  return [
    fitted(`${name}: ${meaning}`),
    section(
      "Parameters",
      Object.entries(parameters).map(([key, parameter]) => parameterEntry(key, parameter)),
    ),
    section("Responses", responses.map(responseEntry)),
    ...(means.length === 0 ? [] : [section("Means", means.map(meanEntry))]),
    fitted(`Events, in the order in which those of equal time happen: ${kinds.join(", ")}`),
  ].join("\n\n");
}

function experimentText({ name, question, scenario, factors, replications }: Experiment): string {
  const { model, servers, horizonDays, parameters } = scenario;
  const set = settingsText(parameters);
  return section(`Experiment (spoolsim run ${name})`, [
    entry(
      name,
      question,
      `${model}, ${counted(servers, "server")}, ${counted(horizonDays, "day")}, ${counted(replications, "replication")}${set === "" ? "" : `; ${set}`}`,
      ...factors.map((factor) => `${factor.name}: ${factor.levels.map((level) => level.name).join(", ")}`),
    ),
  ]);
}

function parameterEntry(name: string, parameter: Parameter): string {
  const unit = parameter.kind === "number" ? ` [${parameter.unit}]` : "";
  return entry(
    `${name}${unit}, default ${parameter.default === "" ? "none" : parameter.default}, ${rangeOf(parameter)}`,
    parameter.meaning,
    `source: ${parameter.source}`,
  );
}

function responseEntry({ name, unit, role, meaning }: Response): string {
  return entry(`${name} [${unit}], ${role}`, meaning);
}

function meanEntry({ name, unit, of, per, meaning }: Mean): string {
  return entry(`${name} [${unit}], ${of} / ${per}`, meaning);
}

function section(title: string, entries: readonly string[]): string {
  return `${toned(title, "heading", terminalOf())}\n${entries.join("\n")}`;
}

/** A name with its description below. */
function entry(head: string, ...lines: string[]): string {
  return [fitted(head, 2), ...lines.map((line) => fitted(line.trim(), 6))].join("\n");
}

/** Breaks the text into lines that fit, each indented. */
function fitted(text: string, indent = 0): string {
  const columns = Math.min(COLUMNS_MAX, terminalOf().columns) - indent;
  const blanks = " ".repeat(indent);
  return blanks + wrapped(text, columns).replaceAll("\n", `\n${blanks}`);
}

function settingsText(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function plausibleText({ plausible, unit }: NumberParameter): string {
  if (plausible === undefined) return "";
  return `, plausibly ${plausible[0]} to ${plausible[1]}${unit === "1" ? "" : ` ${unit}`}`;
}

function rangeOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case "number":
      return `in [${parameter.min}, ${parameter.max}]${parameter.whole ? ", whole" : ""}${plausibleText(parameter)}`;
    case "choice":
      return `one of ${parameter.choices.join(", ")}`;
    case "list":
      return `${parameter.lengths.join(" or ")} numbers in [${parameter.min}, ${parameter.max}]`;
    case "switch":
      return "true or false";
    case "part":
      return `one of ${Object.keys(parameter.catalogue).join(", ")}, or the path of a module`;
    case "text":
      return parameter.rule;
  }
}
