/** `spoolsim explain`: the story of one leak, in the words of the article, and where to see it. */
import { days } from "../lab/reports/format.ts";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { sampleTimes } from "../lab/execution/run.ts";
import { leaksOf, narrativeOf, storyOf, type Story } from "../lab/traces/story.ts";
import { mainPart, type ServerSelector } from "../lab/traces/trace.ts";
import { UserError } from "../lab/user-error.ts";
import {
  changes,
  changeWords,
  choice,
  experimentOf,
  once,
  selectorOf,
  wholeNumber,
  withExperiment,
} from "./options.ts";
import { US_PER_HOUR } from "../sim/time-units.ts";
import { shortTime } from "../lab/simulated-time.ts";
import { shellLine } from "./shell-line.ts";
import { terminalOf, wrapped } from "./terminal.ts";
import { print } from "./output.ts";

const options = {
  ...choice,
  server: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the first that leaks",
    describe: "server number, counted from 0",
  },
  leak: { type: "string", default: "1", requiresArg: true, describe: "which leak of the server, counted from 1" },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const explainCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    const selector = await selectorOf(experiment, args);
    const { scenario, model } = selector.resolved;
    const until = sampleTimes(scenario).at(-1)!;
    const leak = wholeNumber("--leak", args.leak, 1);
    narrativeOf(model);
    const server =
      args.server === undefined
        ? firstThatLeaks(selector, until)
        : wholeNumber("--server", args.server, 0, scenario.servers - 1);
    const story = storyOf({ ...selector, server }, leak, until);
    print(storyText(story));
    print(
      `\nThis command writes a timeline of the server around this leak; open it in ui.perfetto.dev:\n${timelineCommand(args, story, until)}\n`,
    );
  },
};

function firstThatLeaks(selector: ServerSelector, until: number): number {
  const { servers, horizonDays } = selector.resolved.scenario;
  for (let server = 0; server < servers; server++) {
    if (leaksOf({ ...selector, server }, until) > 0) return server;
  }
  throw new UserError(`no server leaks within ${days(horizonDays)}; choose another design point with --at`);
}

/** The command that writes the server's timeline in the hours of the story, or to the end of the run. */
function timelineCommand(args: Arguments, { selector: { server }, lines }: Story, end: number): string {
  const { experiment, at, replication } = args;
  const times = lines.map(({ time }) => time / US_PER_HOUR);
  const [from, until] = [Math.floor(Math.min(...times)), Math.floor(Math.max(...times)) + 1];
  return shellLine([
    ...["spoolsim", "trace", experiment, "--server", String(server)],
    ...(at === "" ? [] : ["--at", at]),
    ...(replication === "0" ? [] : ["--replication", replication]),
    ...changeWords(args),
    ...["--from", `${from}h`],
    ...(until * US_PER_HOUR > end ? [] : ["--until", `${until}h`]),
    ...["--format", "perfetto", "--out", `server-${server}.json`],
  ]);
}

function storyText({ selector, leak, leaks, subject, lines }: Story): string {
  const { server, replication, resolved, seed } = selector;
  const part = mainPart(resolved);
  const variant = part === undefined ? "" : `, ${part.name} ${part.setting}`;
  const head =
    `Leak ${leak} of ${leaks} on server ${server} ` +
    `(seed ${seed}, replication ${replication}${variant}):\n${subject}.\n`;
  const texts = lines.map(({ time, sentence, changes: changed }) => {
    const effect = changed.length === 0 ? "" : `\n${" ".repeat(INDENT)}${besideClock(changed.join(", "))}`;
    return `${shortTime(time)}  ${besideClock(sentence)}${effect}\n`;
  });
  return `${head}\n${texts.join("")}`;
}

const INDENT = 28;

/**
 * Breaks the sentence into lines of at most 110 columns, or of the terminal's width, beside the column of the clock.
 */
function besideClock(sentence: string): string {
  const columns = Math.max(INDENT, Math.min(110, terminalOf().columns) - INDENT);
  return wrapped(sentence, columns).replaceAll("\n", `\n${" ".repeat(INDENT)}`);
}
