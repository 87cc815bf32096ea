/** `spoolsim describe`: models, spoolers, parameters, responses and experiments, from what they say of themselves. */
import type { CommandModule } from "yargs";
import { loadExperiment, shippedExperiments } from "../lab/experiment/experiment.ts";
import { oneOf } from "../lab/experiment/scenario.ts";
import { UserError } from "../lab/user-error.ts";
import type { Model, Parameter } from "../models/model.ts";
import { spoolers } from "../models/print-servers/parameters/parameters.ts";
import { catalogue } from "../models/catalogue.ts";
import { sites } from "../models/print-servers/sites.ts";
import { tableOf } from "./table.ts";
import { terminalOf, toned, wrapped } from "./terminal.ts";

export const describeCommand: CommandModule<object, { model?: string | undefined }> = {
  command: "describe [model]",
  describe: "Describe the models, spoolers and experiments, or every parameter and response of a model",
  builder: (argv) => argv.positional("model", { type: "string", describe: "a model" }),
  async handler({ model }) {
    if (model !== undefined && !Object.hasOwn(catalogue, model)) {
      throw new UserError(`model is ${model}; ${oneOf(model, Object.keys(catalogue))}`);
    }
    process.stdout.write(`${model === undefined ? await overview() : modelText(catalogue[model])}\n`);
  },
};

async function overview(): Promise<string> {
  const experiments = await Promise.all((await shippedExperiments()).map((name) => loadExperiment(name)));
  return [
    section(
      "Models (spoolsim describe <model> tells more)",
      Object.values(catalogue).map(({ name, meaning }) => [name, meaning]),
    ),
    section(
      "Spoolers of print-servers",
      Object.values(spoolers).map(({ name, meaning }) => [name, meaning]),
    ),
    section(
      "Sites of print-servers",
      Object.entries(sites).map(([name, site]) => [name, settingsText(site)]),
    ),
    section(
      "Experiments (spoolsim run <experiment>)",
      experiments.map(({ name, question }) => [name, question.trim()]),
    ),
  ].join("\n\n");
}

function modelText({ name, meaning, parameters, kinds, responses, means = [] }: Model): string {
  const named = Object.entries(parameters);
  return [
    `${name}: ${meaning}`,
    section(
      "Parameters",
      named.map(([key, p]) => [key, unitOf(p), String(p.default), rangeOf(p), p.meaning, p.source]),
      ["parameter", "unit", "default", "range", "meaning", "source"],
    ),
    section(
      "Responses",
      responses.map((r) => [r.name, r.unit, r.role, r.meaning]),
      ["response", "unit", "role", "meaning"],
    ),
    section(
      "Means",
      means.map((m) => [m.name, m.unit, `${m.of} / ${m.per}`, m.meaning]),
      ["mean", "unit", "total", "meaning"],
    ),
    wrapped(`Events, in the order in which those of equal time happen: ${kinds.join(", ")}`, terminalOf().columns),
  ].join("\n\n");
}

function section(title: string, rows: readonly string[][], head: string[] = []): string {
  const heading = toned(title, "heading", terminalOf());
  return `${heading}\n${tableOf(head, rows, { isText: () => true, isFramed: false })}`;
}

function settingsText(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function unitOf(parameter: Parameter): string {
  return parameter.kind === "number" ? parameter.unit : "";
}

function rangeOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case "number":
      return `[${parameter.min}, ${parameter.max}]${parameter.whole ? " whole" : ""}`;
    case "choice":
      return parameter.choices.join(", ");
    case "switch":
      return "true, false";
    case "part":
      return `${Object.keys(parameter.catalogue).join(", ")}, or a module path`;
  }
}
