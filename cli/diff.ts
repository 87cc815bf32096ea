/** `spoolsim diff`: the first event at which two runs differ, what it changed, and what led to it. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { withOverrides } from "../lab/experiment/override.ts";
import { designPoints } from "../lab/experiment/design.ts";
import { factorNames, type Experiment } from "../lab/experiment/experiment.ts";
import { firstDifference, type FirstDifference } from "../lab/traces/first-difference.ts";
import { thisProgram, type ComparedRun, type HandledEvent, type Program } from "../lab/traces/compared-run.ts";
import type { Difference } from "../lab/traces/state-difference.ts";
import { itemAt } from "../lab/lists.ts";
import { days } from "../lab/reports/format.ts";
import { modulePathsOf, type Scenario } from "../lab/experiment/scenario.ts";
import type { Parameters } from "../models/contract/parameters.ts";
import { UserError, argument } from "../lab/user-error.ts";
import { thrownText } from "../lab/visible.ts";
import { shortTime } from "../lab/simulated-time.ts";
import { EXIT_DIFFERENT } from "./exit.ts";
import { changes, choice, experimentOf, once, selectorOf, withExperiment } from "./options.ts";
import { giveOwnPackage, programOf } from "./other-program.ts";
import { print } from "./output.ts";

const options = {
  ...choice,
  with: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "change a setting of the second run, as name=value, or its seed, as seed=value; can be repeated",
  },
  program: {
    type: "string",
    requiresArg: true,
    describe: "another built clone of spoolsim, which simulates the second run",
  },
  bisect: {
    type: "boolean",
    default: false,
    describe: "change the settings that differ one at a time, and compare after each",
  },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string; other: string | undefined };

export const diffCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    withExperiment(argv)
      .positional("other", { type: "string", describe: "the second run: name, YAML file or results folder" })
      .options(options)
      .check(once(options))
      .example("$0 diff q223863 --with spooler=fixed", "where the fix first makes a difference")
      .example("$0 diff old.yaml new.yaml --bisect", "which of the changed settings matter, and where")
      .example("$0 diff q223863 --program ../spoolsim-1.2", "whether another version does the same"),
  async handler(args) {
    const [one, other] = await runsOf(args);
    const differs = await (args.bisect ? bisect(one, other) : compare(one, other)).catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      // Exit code 1 would tell scripts and git bisect that the runs differ.
      throw new UserError(`one of the two runs failed: ${thrownText(error)}`);
    });
    if (differs) process.exitCode = EXIT_DIFFERENT;
  },
};

async function runsOf(args: Arguments): Promise<readonly [ComparedRun, ComparedRun]> {
  const experiment = await experimentOf(args.experiment, args);
  const second = args.other === undefined ? experiment : await experimentOf(args.other, args);
  const one = await runOf(experiment, args, thisProgram);
  const program = await programOf(args.program);
  const other = await changedBy(second, args)
    .then(({ experiment: changed, at }) => runOf(changed, { ...args, at }, program))
    .catch((error: unknown) => {
      throw namingWith(error, args.with);
    });
  // By now this program has loaded all modules of users; from here on only the other one does.
  const hasModules = [one, other].some(({ scenario }) => modulePathsOf(scenario).length > 0);
  if (args.program !== undefined && hasModules) giveOwnPackage(args.program);
  const two = { ...other, scenario: await understood(other) };
  if (one.scenario.model !== two.scenario.model) {
    throw new UserError(
      `the models are ${one.scenario.model} and ${two.scenario.model}; diff compares runs of the same model`,
    );
  }
  return [one, two];
}

/** The experiment and the design point with the settings of --with; for a factor, another level. */
async function changedBy(experiment: Experiment, args: Arguments): Promise<{ experiment: Experiment; at: string }> {
  const points = await designPoints(experiment);
  const factors = factorNames(experiment);
  const isLevel = (word: string) => factors.includes(nameOf(word));
  const levels = (args.with ?? []).filter(isLevel);
  const isKnown = (word: string) => points.some((point) => word === `${nameOf(word)}=${point.levels[nameOf(word)]}`);
  const kept = args.at.split(",").filter((one) => !levels.some((level) => nameOf(level) === nameOf(one)));
  const seed = args.with?.findLast((word) => word.startsWith(SEED))?.slice(SEED.length);
  const set = args.with?.filter((word) => !isLevel(word) && !word.startsWith(SEED));
  const add = levels.filter((word) => !isKnown(word));
  return { experiment: withOverrides(experiment, { seed, set, add }), at: [...kept, ...levels].join(",") };
}

/** The seed is no setting of a scenario, but of the run. */
const SEED = "seed=";

/** The error, with --with where it names --set or --add for a word that was given with --with. */
function namingWith(error: unknown, words: readonly string[] = []): unknown {
  if (!(error instanceof UserError)) return error;
  const wording = error.wording.map((piece, i) => {
    const next = String(error.wording[i + 1] ?? "");
    return typeof piece !== "string" && words.some((word) => next.startsWith(` ${word}:`)) ? argument("with") : piece;
  });
  return new UserError(...wording);
}

/** The name in a word such as spooler=fixed. */
function nameOf(word: string): string {
  return word.replace(/=.*$/s, "").replace(/^(?:scenario\.)?(?:parameters\.)?/, "");
}

async function runOf(experiment: Experiment, args: Arguments, program: Program): Promise<ComparedRun> {
  const { resolved, seed, replication } = await selectorOf(experiment, args);
  return { program, scenario: resolved.scenario, seed, replication };
}

/**
 * The scenario without settings that the run's program does not know, if they have their default values: a version from
 * before a parameter was added behaves like its default. The program refuses any other unknown setting.
 */
async function understood({ program, scenario }: ComparedRun): Promise<Scenario> {
  if (program === thisProgram) return scenario;
  const parametersOf = async ({ resolveScenario }: Program): Promise<Parameters> =>
    (await resolveScenario({ ...scenario, parameters: {} })).model.parameters;
  const [ours, theirs] = [await parametersOf(thisProgram), await parametersOf(program)];
  const settings = Object.entries(scenario.parameters).filter(([name, setting]) => {
    return Object.hasOwn(theirs, name) || setting !== itemAt(ours, name).default;
  });
  return { ...scenario, parameters: Object.fromEntries(settings) };
}

/** Whether they differ. */
async function compare(one: ComparedRun, other: ComparedRun): Promise<boolean> {
  const difference = await firstDifference(one, other);
  if (difference === undefined) print(`the two runs are the same${extentText(one.scenario, other.scenario)}\n`);
  else print(differenceText(difference));
  return difference !== undefined;
}

/** States how far the comparison reached, if one run is longer. */
function extentText(one: Scenario, other: Scenario): string {
  const isLonger = one.horizonDays !== other.horizonDays;
  const isLarger = one.servers !== other.servers;
  const servers = Math.min(one.servers, other.servers);
  return [
    isLonger ? ` for ${days(Math.min(one.horizonDays, other.horizonDays))}` : "",
    isLarger ? `, on the first ${servers === 1 ? "server" : `${servers} servers`}` : "",
  ].join("");
}

/** Compares once for each setting that differs, changing it alone. */
async function bisect(one: ComparedRun, other: ComparedRun): Promise<boolean> {
  const [mine, theirs] = [one.scenario.parameters, other.scenario.parameters];
  const { seed, replication } = one;
  const alone = Object.keys(mine)
    .filter((name) => name in theirs && mine[name] !== theirs[name])
    .map((name) => {
      const scenario = { ...one.scenario, parameters: { ...mine, [name]: theirs[name]! } };
      const change = `${name}: ${String(mine[name])} -> ${String(theirs[name])}`;
      return { change, run: { ...other, seed, replication, scenario } };
    });
  if (seed !== other.seed) {
    const run = { ...other, replication, scenario: one.scenario };
    alone.unshift({ change: `seed: ${seed} -> ${other.seed}`, run });
  }
  let differs = false;
  for (const { change, run } of alone) {
    const difference = await firstDifference(one, { ...run, scenario: await understood(run) }).catch(
      (error: unknown) => {
        // Another program has a UserError of its own.
        if (error instanceof Error && error.name === UserError.name) return thrownText(error);
        throw error;
      },
    );
    differs ||= typeof difference === "object";
    if (difference === undefined) print(`${change}: the same\n`);
    else if (typeof difference === "string") print(`${change}: not alone (${difference})\n`);
    else print(`${change}: differs at server ${difference.server}, ${shortTime(difference.time)}\n`);
  }
  if (alone.length === 0) print("no setting differs\n");
  return differs;
}

const PLACES_MAX = 12;

function differenceText({ one, other, server, time, responses, state, chain }: FirstDifference): string {
  const lines = [`The two runs differ first at server ${server}, ${shortTime(time)} (${time} us).`, ""];
  if (JSON.stringify(one) !== JSON.stringify(other)) {
    lines.push(`first run:  ${nextText(one)}`, `second run: ${nextText(other)}`);
  } else {
    lines.push(`Both runs handle ${eventText(chain.at(-1)!)}, with different results.`);
  }
  const table = (title: string, differences: readonly Difference[]) => {
    if (differences.length === 0) return;
    lines.push("", title, ...differences.slice(0, PLACES_MAX).map(textOfDifference));
    if (differences.length > PLACES_MAX) lines.push(`  and ${differences.length - PLACES_MAX} more`);
  };
  table("Responses that differ after it (before it; first run, second run):", responses);
  table("State that differs after it (before it; first run, second run):", state);
  lines.push(
    "",
    "Events that led to it:",
    ...chain.map((event) => `  ${shortTime(event.time)}  ${eventText(event)}`),
    "",
  );
  return lines.join("\n");
}

function textOfDifference({ name, before, one, other }: Difference): string {
  const isTime = /Us(?:\.|$)/.test(name);
  const text = (value: unknown) => (isTime && Number.isNaN(value) ? "never" : String(value) || "nothing");
  const was = before === undefined ? "" : `${text(before)}; `;
  return `  ${name.replace(/^(?:\.instance)+\./, "")}: ${was}${text(one)}, ${text(other)}`;
}

function eventText({ kind, object }: HandledEvent): string {
  return `${kind} of object ${object}`;
}

function nextText(event: HandledEvent | undefined): string {
  return event === undefined ? "nothing more" : `${shortTime(event.time)}  ${eventText(event)}`;
}
