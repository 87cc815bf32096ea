/**
 * Models and parts of models, by name or from users' modules.
 *
 * A name is one of a catalogue, or the path of a module whose default export is the model or part. A path contains a
 * slash or a backslash, or ends in .js, .mjs or .ts.
 */
import { absolutePath, importModule } from "#platform";
import type { PartParameter } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { catalogue } from "../../models/catalogue.ts";
import { suggest } from "../suggest.ts";
import { ruleOf, wrong } from "./settings.ts";
import { itemAt } from "../lists.ts";

/** Distinguishes a module path from a name. */
export const modulePath = /[/\\]|\.(?:js|mjs|ts)$/;

/**
 * A model is named and loaded in the same way as a model's parts.
 *
 * @param validate the rules of users' models
 */
export function modelParameter(validate: PartParameter["validate"]): PartParameter<Model> {
  return { kind: "part", default: "print-servers", catalogue, validate, meaning: "the model", source: "Q223863" };
}

/**
 * Returns the part of that name and its name, or the default export of the module at that path and its absolute path.
 */
export async function loadPart<Part>(
  path: string,
  parameter: PartParameter<Part>,
  name: string,
  folder: string,
): Promise<[name: string, part: Part]> {
  if (Object.hasOwn(parameter.catalogue, name)) return [name, itemAt(parameter.catalogue, name)];
  if (!modulePath.test(name)) {
    throw wrong(path, name, ruleOf(parameter) + suggest(name, Object.keys(parameter.catalogue)));
  }
  const file = absolutePath(folder, name);
  const loaded = await importModule(file);
  if ("fault" in loaded) throw wrong(path, name, loaded.fault);
  const part = loaded.exported;
  const refusal = parameter.validate(part);
  if (refusal !== undefined) throw wrong(path, name, `its default export ${refusal}`);
  const calledAs = (part as { name?: unknown }).name;
  if (typeof calledAs === "string" && Object.hasOwn(parameter.catalogue, calledAs)) {
    throw wrong(path, name, `its default export is called ${calledAs}, like one that ships; call it something else`);
  }
  return [file, part as Part];
}
