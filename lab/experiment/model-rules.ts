/**
 * The rules that a user's module must meet to be a model, checked when it is loaded. guarded-model.ts checks its
 * instances. A test applies the same rules to the models that ship.
 */
import * as z from "../zod.ts";
import type { Parameters, Values } from "../../models/contract/parameters.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Model } from "../../models/model.ts";
import { allows, ruleOf } from "./settings.ts";
import { itemAt } from "../lists.ts";

const text = z.string("a text").min(1, "a text that is not empty");
const name = z.string("a name").regex(/^[A-Za-z][\w-]*$/, "a letter, then letters, digits, - or _");
const word = z.string("a name").regex(/^[A-Za-z]\w*$/, "a letter, then letters, digits or _");
const finite = z.number("a finite number");
const onlyTrue = z.literal(true, "true, or left out").optional();
const verb = z.custom((value) => typeof value === "function", "a function");
const roles = ["count", "gauge", "leak", "eventTime", "total"] as const;

const described = { meaning: text, source: text };
const parameter = z.discriminatedUnion(
  "kind",
  [
    z.object({
      kind: z.literal("number"),
      unit: text,
      default: finite,
      min: finite,
      max: finite,
      whole: onlyTrue,
      ...described,
    }),
    z.object({ kind: z.literal("choice"), default: text, choices: z.array(text).min(1, "one or more"), ...described }),
    z.object({
      kind: z.literal("list"),
      unit: text,
      default: z.string("a text"),
      min: finite,
      max: finite,
      lengths: z.array(finite).min(1, "one or more"),
      ...described,
    }),
    z.object({ kind: z.literal("switch"), default: z.boolean("true or false"), ...described }),
    z.object({ kind: z.literal("text"), default: z.string("a text"), rule: text, ...described }),
    z.object({
      kind: z.literal("part"),
      default: text,
      catalogue: z.record(text, z.unknown(), "a map of parts by name"),
      validate: verb,
      ...described,
    }),
  ],
  "one of number, choice, list, switch, text, part",
);

const response = z.object(
  {
    name: word,
    unit: text,
    role: z.enum(roles, `one of ${roles.join(", ")}`),
    meaning: text,
    ceiling: text.optional(),
    leakSize: z
      .union([finite.positive("a number above 0"), text], "a number above 0, or the name of a parameter")
      .optional(),
    thinnedBy: z.array(text, "a list of parameters").optional(),
    heldBy: text.optional(),
    unseen: onlyTrue,
    now: onlyTrue,
    firstLeak: onlyTrue,
    symptom: onlyTrue,
    ofFleet: onlyTrue,
    fractional: onlyTrue,
  },
  "an object",
);

/** The number of event kinds that the digest can distinguish. */
const KINDS_MAX = 128;

const model = z.object(
  {
    name,
    meaning: text,
    kinds: z.array(text, "a list of names").min(1, "one or more").max(KINDS_MAX, `at most ${KINDS_MAX}`),
    parameters: z.record(word, parameter, "a table of parameters"),
    responses: z.array(response, "a list of responses").min(1, "one or more"),
    means: z
      .array(z.object({ name: word, unit: text, of: text, per: text, meaning: text }, "an object"), "a list of means")
      .optional(),
    create: verb,
    presets: verb.optional(),
    validate: verb.optional(),
    isCoordinated: verb.optional(),
    limits: verb.optional(),
    reference: verb.optional(),
    closedForm: verb.optional(),
    closedFormFault: verb.optional(),
  },
  "an object",
);

/** Returns the reason why a value is not a model, or undefined. */
export function modelFault(candidate: unknown): string | undefined {
  const { error } = model.safeParse(candidate);
  if (error === undefined) return inconsistency(candidate as Model);
  const { path, message } = itemAt(error.issues, 0);
  if (path.length === 0) return "is not an object";
  const at = path.join(".");
  const input = path.reduce<unknown>((inside, key) => Reflect.get(Object(inside), key), candidate);
  return input === undefined ? `has no ${at}; ${message}` : `has ${at} ${shown(input)}; ${message}`;
}

function shown(value: unknown): string {
  const json = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}

/** The role that a response with a fact has. */
const factsOf = {
  ceiling: "leak",
  leakSize: "leak",
  thinnedBy: "leak",
  heldBy: "leak",
  now: "count",
  firstLeak: "eventTime",
  symptom: "eventTime",
  ofFleet: "eventTime",
} as const satisfies Partial<Record<keyof Response, Response["role"]>>;

/** Returns the first contradiction between parts of a model. */
function inconsistency({ kinds, parameters, responses, means = [], impacts = [], prices = [] }: Model) {
  for (const [key, one] of Object.entries(parameters)) {
    const isUsual = one.kind === "part" ? Object.hasOwn(one.catalogue, one.default) : allows(one, one.default);
    if (!isUsual) return `has parameters.${key}.default ${shown(one.default)}; ${ruleOf(one)}`;
  }
  const lists = { kinds, responses: responses.map((one) => one.name), means: means.map((one) => one.name) };
  for (const [list, names] of Object.entries(lists)) {
    const twice = names.find((one, i) => names.indexOf(one) < i);
    if (twice !== undefined) return `has ${list} with ${twice} twice; names must differ`;
  }
  const byName = new Map(responses.map((one) => [one.name, one]));
  for (const response of responses) {
    const { name: own, role, ceiling, leakSize, thinnedBy = [], heldBy } = response;
    const fact = (Object.keys(factsOf) as (keyof typeof factsOf)[]).find((one) => {
      return response[one] !== undefined && factsOf[one] !== role;
    });
    if (fact !== undefined)
      return `has a response ${own} with ${fact}, which only a response of role ${factsOf[fact]} has`;
    if (heldBy !== undefined && byName.get(heldBy)?.role !== "gauge" && byName.get(heldBy)?.role !== "count") {
      return `has a response ${own} with the heldBy ${heldBy}; heldBy must name a gauge or a count`;
    }
    const share = thinnedBy.find((one) => parameters[one]?.kind !== "number");
    if (share !== undefined)
      return `has a response ${own} with thinnedBy ${share}; thinnedBy must name parameters of kind number`;
    if (ceiling !== undefined && byName.get(ceiling)?.role !== "eventTime") {
      return `has a response ${own} with the ceiling ${ceiling}; a ceiling must name a response of role eventTime`;
    }
    if (typeof leakSize === "string" && parameters[leakSize]?.kind !== "number") {
      return `has a response ${own} with the leakSize ${leakSize}; leakSize must be a number or name a parameter of kind number`;
    }
  }
  const references = [
    ...means.flatMap((one) => [[`the mean ${one.name}`, one.of] as const, [`the mean ${one.name}`, one.per] as const]),
    ...impacts.map((one) => [`the impact ${one.heading}`, one.response] as const),
    ...prices.map((one) => [`the price ${one.name}`, one.response] as const),
  ];
  for (const [what, of] of references) {
    if (!byName.has(of)) return `has ${what} of ${of}, which is not a response of the model`;
  }
  return undefined;
}

/** Returns what is wrong with the model's closed forms and limits for these values, or undefined. */
export function valuesFault({ responses, means = [], closedForm, limits }: Model, values: Values<Parameters>) {
  const leaks = responses.filter(({ role }) => role === "leak");
  for (const { name: of } of [...leaks, ...means]) {
    const exact = closedForm?.(values, of);
    if (exact === undefined || Number.isFinite(exact)) continue;
    return `has a closed form of ${of} that returns ${shown(exact)}; it must return a finite number or undefined`;
  }
  const isOf = (role: Response["role"][], wanted: string) =>
    responses.some((one) => one.name === wanted && role.includes(one.role));
  for (const limit of limits?.(values) ?? []) {
    if (!isOf(["gauge", "leak"], limit.response))
      return `has a limit of ${limit.response}; a limit must be of a gauge or a leak`;
    if (!isOf(["eventTime"], limit.eventTime))
      return `has a limit with the eventTime ${limit.eventTime}; it must name a response of role eventTime`;
    if (!Number.isFinite(limit.level))
      return `has a limit of ${limit.response} at ${shown(limit.level)}; the level must be a finite number`;
  }
  return undefined;
}
