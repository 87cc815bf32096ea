/** `spoolsim shrink`: a minimal script with which a server still leaks, as steps, an experiment and a test. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import type { Model } from "../models/model.ts";
import { sampleTimes } from "../lab/execution/run.ts";
import { counted, days } from "../lab/reports/format.ts";
import { conditionOf, type Condition } from "../lab/traces/condition.ts";
import {
  experimentOfScript,
  experimentYaml,
  firstTimeOf,
  scriptedOf,
  shortestScript,
  type ShrunkScript,
} from "../lab/traces/shrink.ts";
import type { ServerSelector } from "../lab/traces/trace.ts";
import { UserError } from "../lab/user-error.ts";
import { shortTime } from "../lab/simulated-time.ts";
import { refuseTaken, writeTo } from "./new-file.ts";
import { changes, choice, experimentOf, once, selectorOf, wholeNumber, withExperiment } from "./options.ts";
import { print } from "./output.ts";
import { shellLine } from "./shell-line.ts";

/** A script of more jobs is not printed: its file is what people use. */
const JOBS_SHOWN_MAX = 20;
/** How many steps of such a script are printed, at its beginning and at its end. */
const STEPS_AT_END = 10;

const options = {
  ...choice,
  server: {
    type: "string",
    requiresArg: true,
    describe: "server number, counted from 0  [default: the first that satisfies --where]",
  },
  where: {
    type: "string",
    requiresArg: true,
    describe: 'condition to keep, as "RESPONSE > NUMBER"  [default: the server leaks]',
  },
  out: {
    type: "string",
    requiresArg: true,
    describe: `also write the experiment to this new YAML file; needed for more than ${JOBS_SHOWN_MAX} jobs`,
  },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const shrinkCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    withExperiment(argv)
      .options(options)
      .check(once(options))
      .example("$0 shrink q223863", "the leak of the article in a few steps")
      .example("$0 shrink q223863 --server 2 --out leak.yaml", "the script for server 2, also as a file"),
  async handler(args) {
    refuseTaken(args.out, "an experiment");
    const experiment = await experimentOf(args.experiment, args);
    const selector = await selectorOf(experiment, args);
    scriptedOf(selector.resolved.model);
    const condition = conditionOf(selector.resolved.model, args.where ?? leaks(selector.resolved.model));
    const { server, time } = firstThatDoes(selector, condition, args.server);
    const found = await shortestScript({ ...selector, server }, condition, time);
    const yaml = experimentYaml(found, condition);
    const jobs = found.lines.length;
    const isLong = jobs > JOBS_SHOWN_MAX;
    print(stepsText(found, condition, server));
    if (!isLong) print(`\nThe experiment:\n\n${indented(yaml)}`);
    else if (args.out === undefined) {
      print(
        `\nWith --out FILE, the experiment of all ${jobs} jobs goes to this file, and a test that runs it is printed.\n`,
      );
      return;
    }
    if (args.out !== undefined) await writeTo(args.out, "an experiment", (sink) => sink(yaml));
    const file = args.out === undefined || /[/\\]|\.ya?ml$/.test(args.out) ? args.out : `./${args.out}`;
    print(`\nThe same as a test:\n\n${indented(testText(found, condition, isLong ? file : undefined))}`);
    if (file === undefined) return;
    const all = isLong ? ", which has all jobs" : "";
    print(`\nWrote ${args.out}${all}. To see each event: ${shellLine(["spoolsim", "trace", file])}\n`);
  },
};

function leaks({ name, narrative }: Model): string {
  if (narrative === undefined)
    throw new UserError(`${name} does not declare which response leaks; give a condition with --where`);
  return `${narrative.leaks} > 0`;
}

function firstThatDoes(selector: ServerSelector, condition: Condition, given: string | undefined) {
  const { scenario } = selector.resolved;
  const until = sampleTimes(scenario).at(-1)!;
  const [from, to] =
    given === undefined
      ? [0, scenario.servers - 1]
      : Array<number>(2).fill(wholeNumber("--server", given, 0, scenario.servers - 1));
  for (let server = from!; server <= to!; server++) {
    const time = firstTimeOf({ ...selector, server }, condition, until);
    if (time !== undefined) return { server, time };
  }
  const which = given === undefined ? `any of the ${counted(scenario.servers, "server")}` : `server ${given}`;
  throw new UserError(`${condition.text} does not hold at ${which} within ${days(scenario.horizonDays)}`);
}

function stepsText(
  { steps, lines, linesBefore, isShortest }: ShrunkScript,
  { text }: Condition,
  server: number,
): string {
  const from = `${lines.length} of the ${counted(linesBefore, "job")} that server ${server} had until then`;
  const rest = isShortest ? "" : "\nThe search was stopped; there may be a shorter script.\n";
  const texts = steps.map(({ time, sentence }) => `  ${shortTime(time)}  ${sentence}\n`);
  const more = lines.length > JOBS_SHOWN_MAX ? texts.length - 2 * STEPS_AT_END : 0;
  const shown =
    more > 0
      ? [...texts.slice(0, STEPS_AT_END), `  ... ${counted(more, "more step")}\n`, ...texts.slice(-STEPS_AT_END)]
      : texts;
  return `${text} needs only ${from}, in ${counted(steps.length, "step")}:\n\n${shown.join("")}${rest}`;
}

/** @param file has the experiment; without it the test does */
function testText(found: ShrunkScript, condition: Condition, file: string | undefined): string {
  const { name, sign, number } = condition;
  const description = JSON.stringify(experimentOfScript(found, condition), null, 2).replaceAll("\n", "\n  ");
  const [maker, call] =
    file === undefined
      ? ["buildExperiment", `buildExperiment("shrunk", ${description})`]
      : ["loadExperiment", `await loadExperiment(${JSON.stringify(file)})`];
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { ${maker}, runInMemory } from "spoolsim/lab";

test("${condition.text} after ${counted(found.steps.length, "step")}", async () => {
  const experiment = ${call};
  const { tables } = await runInMemory(experiment);
  assert.ok(tables.servers[0].${name} ${sign === "=" ? "===" : sign} ${number});
});
`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
