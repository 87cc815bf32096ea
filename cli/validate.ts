/**
 * `spoolsim validate`: does the program give the numbers that others have published or proved? Simulation textbooks
 * call this verification, because nothing is compared with real spoolers. One line per target; exit code 0 if all are
 * met, 1 if one is not.
 */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { CsvWriter } from "../lab/results/csv.ts";
import { groupedBy } from "../lab/lists.ts";
import { enumerated } from "../lab/reports/format.ts";
import { visible } from "../lab/visible.ts";
import type { Study } from "../lab/reports/study-page.ts";
import { UserError } from "../lab/user-error.ts";
import { catalogue, open, type Open } from "../lab/validation/catalogue.ts";
import {
  CATALOGUE_ALPHA,
  targetsOf,
  validate,
  validationTable,
  type ValidationResult,
  type NumberedTarget,
} from "../lab/validation/validate.ts";
import { EXIT_DIFFERENT, interruptSignal } from "./exit.ts";
import { refuseTaken, writeStudy, writeTo } from "./new-file.ts";
import { once, paging } from "./options.ts";
import { terminalOf, toned, wrapped } from "./terminal.ts";
import { print } from "./output.ts";

const options = {
  out: { type: "string", requiresArg: true, describe: "also write the targets to this new CSV file" },
  ...paging,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { word?: string | undefined };

export const validateCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    argv
      .positional("word", {
        type: "string",
        describe: "only targets with this word in their topic, kind, name or source, or with this number",
      })
      .options(options)
      .check(once(options)),
  async handler({ word, out, page }) {
    refuseTaken(page, "a page", "--page");
    const targets = targetsOf(catalogue, word);
    const without = open.filter((one) => isMeant(one, word));
    if (targets.length + without.length === 0) throw new UserError(nothingFound(word!));
    const results = out === undefined ? await runTargets(targets) : await tellAndWrite(targets, out);
    for (const { number, name, source, reason } of without) {
      print(`${fitting(`skip  ${numberText(number)}  ${name}:`, `${reason} (${source})`, " ")}\n`);
    }
    if (results.length > 0) print(`${summary(results)}\n`);
    await writeStudy(page, () => validationStudy(results, without));
    if (results.some(({ passes }) => !passes)) process.exitCode = EXIT_DIFFERENT;
  },
};

async function tellAndWrite(targets: readonly NumberedTarget[], out: string): Promise<ValidationResult[]> {
  let results: ValidationResult[] = [];
  await writeTo(out, "a validation", async (sink) => {
    const writer = new CsvWriter(validationTable, sink);
    results = await runTargets(targets, (result) => writer.write([result]));
    await writer.flush();
  });
  return results;
}

/** Runs the targets and reports each as soon as it is finished. */
async function runTargets(
  targets: readonly NumberedTarget[],
  also?: (result: ValidationResult) => Promise<void>,
): Promise<ValidationResult[]> {
  const widest = (text: (one: NumberedTarget) => string) => Math.max(...targets.map((one) => text(one).length));
  const widths = { name: widest(({ target }) => target.name), expected: widest(({ target }) => target.expected) };
  const results: ValidationResult[] = [];
  const show = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${visible(text)}`);
  };
  const showNext = () => {
    const next = targets[results.length];
    show(next === undefined ? "" : `${results.length} of ${targets.length} ... ${next.target.name}`);
  };
  showNext();
  try {
    for await (const result of validate(catalogue, targets, interruptSignal())) {
      results.push(result);
      show("");
      print(`${lineOf(result, widths)}\n`);
      await also?.(result);
      showNext();
    }
  } finally {
    show("");
  }
  return results;
}

/** The page: how many values agree, and each of them. */
export function validationStudy(results: readonly ValidationResult[], without: readonly Open[]): Study {
  const topics = [...new Set(results.map(({ topic }) => topic))];
  const missed = results.filter(({ passes }) => !passes);
  return {
    kind: "validation",
    question: "Does the program give the numbers that others have published or proved?",
    answer:
      missed.length === 0 ? `Yes: it meets ${countOf(results)}.` : `It misses ${missed.length} of ${countOf(results)}.`,
    more: [
      ...missed.map(({ topic, target }) => `Missed, ${topic}: ${target.name} (${target.source}).`),
      ...kindsOf(results),
      ...[...groupedBy(without, ({ reason }) => reason)].map(([reason, some]) => {
        return `Not compared: ${enumerated(some.map(({ name, source }) => `${name} (${source})`))}: ${reason}.`;
      }),
    ],
    tables: topics.map((topic) => {
      const ofTopic = results.filter((one) => one.topic === topic);
      return {
        title: `${topic}: ${verdictOn(ofTopic)}`,
        table: {
          head: ["target", "verdict", "expected", "got", "off", "allowed", "source"],
          texts: 2,
          rows: ofTopic.map(cellsOf),
          legend: [],
        },
      };
    }),
    legend: ["off: distance from the expected value; of a simulation (|z|), in standard errors"],
  };
}

function cellsOf({ target, computed, standardError, distance, bound, passes }: ValidationResult): string[] {
  const isSimulated = target.kind === "simulation";
  return [
    target.name,
    passes ? "met" : "not met",
    target.expected,
    isSimulated
      ? `${rounded(computed, 5)} ± ${rounded(standardError, 2)}`
      : rounded(computed, Math.min(17, digitsOf(target.expected) + 2)),
    isSimulated ? `|z| ${distance.toFixed(2)}` : distance.toPrecision(2),
    isSimulated ? bound.toFixed(2) : bound.toPrecision(2),
    target.source,
  ];
}

interface Widths {
  readonly name: number;
  readonly expected: number;
}

function lineOf(
  { target, computed, standardError, distance, bound, passes }: ValidationResult,
  widths: Widths,
): string {
  const isSimulated = target.kind === "simulation";
  const value = isSimulated
    ? `${rounded(computed, 5)} +- ${rounded(standardError, 2)}`
    : rounded(computed, Math.min(17, digitsOf(target.expected) + 2));
  const off = isSimulated ? `|z| ${distance.toFixed(2)}` : `off ${distance.toPrecision(2)}`;
  const verdict = passes ? "pass" : toned("FAIL", "wrong", terminalOf());
  const numbers = [
    target.expected.padEnd(widths.expected),
    value.padEnd(22),
    `${off} <= ${isSimulated ? bound.toFixed(2) : bound.toPrecision(2)}`.padEnd(22),
    target.source,
  ].join("  ");
  return fitting(`${verdict}  ${numberText(target.number)}  ${target.name.padEnd(widths.name)}`, numbers, "  ");
}

/** The indentation of continuation lines. */
const INDENT = 10;

/** One line; on a terminal that is too narrow, the name and the rest on separate lines. */
function fitting(name: string, rest: string, between: string): string {
  const { columns } = terminalOf();
  const line = `${name}${between}${rest}`;
  if (line.length <= columns) return line;
  const below = wrapped(rest.replace(/ {2,}/g, "  "), Math.max(INDENT, columns - INDENT));
  return `${name.trimEnd()}\n${below.replace(/^ */gm, " ".repeat(INDENT))}`;
}

/** Formats the number with so many significant digits. */
function rounded(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** The number of significant digits of a printed number. */
function digitsOf(expected: string): number {
  return expected.replace(/e.*$/, "").replace(".", "").replace(/^-?0*/, "").length;
}

/** The number of a target in two columns; blank if it has none. */
function numberText(number: number | undefined): string {
  return String(number ?? "").padStart(2);
}

function isMeant({ number, name, source }: Open, word = ""): boolean {
  if (/^\d+$/.test(word)) return String(number) === word;
  return [name, source].some((text) => text.toLowerCase().includes(word.toLowerCase()));
}

function nothingFound(word: string): string {
  const topics = catalogue.map(({ name }) => name).join(", ");
  return `word is "${word}"; no target has it in its topic, kind, name or source, or as its number; topics: ${topics}`;
}

function summary(results: readonly ValidationResult[]): string {
  return [verdictOn(results), ...kindsOf(results)].join("\n");
}

/** Says whether the targets are met: "all 12 targets met". */
function verdictOn(results: readonly ValidationResult[]): string {
  const missed = results.filter(({ passes }) => !passes).length;
  if (missed > 0) return `${missed} of ${countOf(results)} missed`;
  return results.length > 1 ? `all ${countOf(results)} met` : `${countOf(results)} met`;
}

function countOf({ length }: readonly ValidationResult[]): string {
  return length === 1 ? "1 target" : `${length} targets`;
}

/** How the targets are compared: those that are simulated, and those that are not. */
function kindsOf(results: readonly ValidationResult[]): string[] {
  const simulated = results.filter(({ target }) => target.kind === "simulation").length;
  const computed = results.length - simulated;
  const all = targetsOf(catalogue).filter(({ target }) => target.kind === "simulation").length;
  const seeds = Math.round(1 / CATALOGUE_ALPHA);
  const rule = `a correct program misses one or more of the catalogue's ${all} simulated targets for at most 1 seed in ${seeds}`;
  return [
    ...(computed > 0 ? [`${computed} computed: each must agree with the expected value in all of its digits.`] : []),
    ...(simulated > 0 ? [`${simulated} simulated with a fixed seed: ${rule}.`] : []),
  ];
}
