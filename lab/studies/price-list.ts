/**
 * A price list in a small YAML file, for advice: the currency, the prices of the model by name, and facts of the
 * organization that are parameters of the model, such as the minutes per patch and the days on which a restart is
 * allowed. One key per line:
 *
 *     currency: EUR
 *     staffHour: 60
 *     unprintedJob: 0.5
 *     staffMinutesPerUpgrade: 45
 *     restartOn: sunday
 *     restartAtHour: 3
 *     restartEveryHours: 336
 *
 * A parameter that the compared policies set, such as restartEveryHours, says what is done today: the present policy.
 * If none of the policies has these settings, it is compared with them as another one.
 */
import { isMap, isScalar, LineCounter, parseDocument, type Node } from "yaml";
import type { Setting } from "../../models/contract/parameters.ts";
import type { Model } from "../../models/model.ts";
import { variedBy, type Experiment } from "../experiment/experiment.ts";
import { derive, withPresent, type Change } from "../experiment/override.ts";
import { checkSetting } from "../experiment/settings.ts";
import { readText } from "../read-text.ts";
import { suggest } from "../suggest.ts";
import { PRICE_MAX } from "./prices.ts";
import { argument, UserError } from "../user-error.ts";
import { visible } from "../visible.ts";

export interface PriceList {
  readonly currency: string | undefined;
  /** The price of one unit, by name. */
  readonly amounts: ReadonlyMap<string, number>;
  /** The experiment with the parameters of the list. */
  readonly experiment: Experiment;
}

/** @throws UserError that begins with file, line and column */
export async function readPriceList(file: string, experiment: Experiment, model: Model): Promise<PriceList> {
  const text = await readText(file, [argument("prices"), ` ${file}`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  const [mistake] = document.errors;
  if (mistake !== undefined)
    throw new UserError(`${at(mistake.pos[0])} is not valid YAML: ${visible(mistake.message)}`);
  const { contents } = document;
  if (!isMap(contents)) throw new UserError(`${at(0)} a price list has lines such as staffHour: 60`);
  const prices = new Set((model.prices ?? []).map(({ name }) => name));
  const amounts = new Map<string, number>();
  const changes: Change[] = [];
  const today: Change[] = [];
  let currency: string | undefined;
  for (const { key, value } of contents.items) {
    const position = at((key as Node).range?.[0] ?? 0);
    const name = String(isScalar(key) ? key.value : "");
    const given: unknown = isScalar(value) ? value.value : undefined;
    if (name === "currency") {
      if (typeof given !== "string" || !/^\S{1,12}$/.test(given)) {
        throw new UserError(`${position} currency is ${String(given)}; it must be a word such as EUR`);
      }
      currency = given;
    } else if (prices.has(name)) {
      if (typeof given !== "number" || !(given >= 0 && given <= PRICE_MAX)) {
        throw new UserError(`${position} ${name} is ${String(given)}; a price is a number in [0, ${PRICE_MAX}]`);
      }
      amounts.set(name, given);
    } else if (Object.hasOwn(model.parameters, name)) {
      const change = changeOf(position, name, given, experiment, model);
      (isOfPolicies(experiment, change.path) ? today : changes).push(change);
    } else {
      const known = ["currency", ...prices, ...Object.keys(model.parameters)];
      throw new UserError(
        `${position} ${name} is neither a price nor a parameter of ${model.name}${suggest(name, known)}`,
      );
    }
  }
  return { currency, amounts, experiment: withPresent(derive(experiment, changes), today) };
}

function changeOf(position: string, name: string, setting: unknown, experiment: Experiment, model: Model): Change {
  const path = `parameters.${name}`;
  checkSetting(`${position} ${name}`, model.parameters[name]!, setting);
  const by = isOfPolicies(experiment, path) ? undefined : variedBy(experiment, path);
  if (by !== undefined) throw new UserError(`${position} ${name} is varied by ${by}`);
  return { path, setting: setting as Setting, position: [argument("prices"), ` ${position}:`] };
}

/** Whether the compared policies differ in the setting at the path. */
function isOfPolicies({ compare, factors }: Experiment, path: string): boolean {
  const policies = factors.find(({ name }) => name === compare?.factor);
  return policies?.levels.some(({ settings }) => Object.hasOwn(settings, path)) === true;
}
