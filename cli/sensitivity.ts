/** `spoolsim sensitivity`: which assumption matters, and what would have to be true to change the conclusion. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { CsvWriter } from "../lab/results/csv.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { levelsText } from "../lab/experiment/design-point.ts";
import { sensitivityOf, sensitivityTable, withoutSample, type Sensitivity } from "../lab/studies/sensitivity.ts";
import { UserError } from "../lab/user-error.ts";
import { makeFolder, unwritable, writeWhole } from "../lab/whole-file.ts";
import { counted, significant } from "../lab/reports/format.ts";
import {
  chanceCells,
  influenceCells,
  influenceHead,
  influenceLegend,
  sensitivitySentences,
  SHOWN,
  shownOf,
  variedText,
} from "./sensitivity-words.ts";
import { interruptSignal } from "./exit.ts";
import {
  cacheOf,
  caching,
  changes,
  choice,
  experimentOf,
  machine,
  machineOf,
  once,
  paging,
  wholeNumber,
  withExperiment,
  wordsOf,
} from "./options.ts";
import { refuseTaken, writeStudy } from "./new-file.ts";
import { progressDisplay } from "./progress.ts";
import { pictureOf, type Study } from "../lab/reports/study-page.ts";
import { mainResponses } from "../lab/reports/answers.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped } from "./terminal.ts";
import { print, say } from "./output.ts";
import { itemAt } from "../lab/lists.ts";

/** The default limit on the horizon, so that the study takes about a minute [d]. */
const DAYS_MAX = 7;

const options = {
  at: choice.at,
  response: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the first leak in the list of describe, or else the first response",
    describe: "the response that the assumptions are ranked by",
  },
  seed: changes.seed,
  set: changes.set,
  servers: { type: "string", default: "1", requiresArg: true, describe: "number of servers in each replication" },
  days: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the experiment's, at most 7",
    describe: "number of days to simulate",
  },
  factor: {
    type: "string",
    default: "2",
    requiresArg: true,
    describe: "for an assumption without a range: divide and multiply its value by this number",
  },
  without: { type: "string", requiresArg: true, describe: "assumptions to leave unchanged, as name,name" },
  trajectories: {
    type: "string",
    requiresArg: true,
    defaultDescription: "6, or more to compare all pairs of values of a parameter that has only a few",
    describe: "number of trajectories of the screening (Morris)",
  },
  rows: {
    type: "string",
    default: "32",
    requiresArg: true,
    describe: "number of sample rows for the Sobol indices, a power of two",
  },
  top: { type: "string", default: "5", requiresArg: true, describe: "number of assumptions that get Sobol indices" },
  out: {
    type: "string",
    requiresArg: true,
    defaultDescription: "results/<experiment>-sensitivity",
    describe: "folder for sensitivity.csv",
  },
  ...paging,
  ...machine,
  ...caching,
  force: { type: "boolean", default: false, describe: "replace an existing sensitivity.csv" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const sensitivityCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    const { seed, set } = args;
    const unset = {
      replications: undefined,
      servers: undefined,
      add: undefined,
      only: undefined,
      quick: undefined,
      small: undefined,
    };
    const experiment = await experimentOf(args.experiment, { seed, set, ...unset });
    const point = await findPoint(withoutSample(experiment), args.at);
    const horizonDays =
      args.days === undefined
        ? Math.min(DAYS_MAX, point.scenario.horizonDays)
        : numberBetween("--days", args.days, 0, 36_600);
    const out = args.out ?? `results/${experiment.name}-sensitivity`;
    const file = join(out, "sensitivity.csv");
    if (existsSync(file) && !args.force) {
      throw new UserError(`${file} exists already; choose another folder with --out, or use --force`);
    }
    refuseTaken(args.page, "a page", "--page");
    const { model } = point.resolved;
    const display = progressDisplay();
    const sensitivity = await sensitivityOf(experiment, {
      ...machineOf(args),
      signal: interruptSignal(cacheOf(args) !== undefined),
      progress: (progress) => display.show(progress),
      cache: cacheOf(args),
      point,
      response: args.response ?? itemAt(mainResponses(model.responses), 0).name,
      servers: wholeNumber("--servers", args.servers, 1, 1e5),
      horizonDays,
      factor: numberBetween("--factor", args.factor, 1, 1000),
      without: args.without === undefined ? [] : wordsOf("--without", args.without),
      trajectories:
        args.trajectories === undefined ? undefined : wholeNumber("--trajectories", args.trajectories, 2, 1000),
      rows: wholeNumber("--rows", args.rows, 2, 65_536),
      top: wholeNumber("--top", args.top, 1, 60),
      begin: ({ assumptions, trajectories, runs }) =>
        say(
          `${counted(assumptions, "assumption")}, ${trajectories} trajectories, ${args.rows} rows: at most ${runs} runs of ` +
            `${counted(Number(args.servers), "server")} for ${counted(horizonDays, "day")}\n`,
        ),
    }).finally(() => display.end());
    await write(out, file, sensitivity);
    print(`\n${sensitivityText(experiment, sensitivity)}\n\n${file}\n`);
    await writeStudy(args.page, () => sensitivityStudy(experiment, sensitivity));
  },
};

/** @param above the number must be above this */
function numberBetween(name: string, word: string, above: number, most: number): number {
  const value = Number(word);
  if (word.trim() !== "" && value > above && value <= most) return value;
  throw new UserError(`${name} is ${word}; a number above ${above}, at most ${most}`);
}

async function write(out: string, file: string, sensitivity: Sensitivity): Promise<void> {
  const pieces: string[] = [];
  const writer = new CsvWriter(sensitivityTable(sensitivity), async (piece) => void pieces.push(piece));
  await writer.write([...sensitivity.influences, ...(sensitivity.chance === undefined ? [] : [sensitivity.chance])]);
  await writer.flush();
  await makeFolder(out).catch(unwritable(out));
  await writeWhole(file, pieces.join("")).catch(unwritable(file));
}

function sensitivityText(experiment: Experiment, sensitivity: Sensitivity): string {
  const { baseline, against, response, output } = sensitivity;
  const { servers, horizonDays } = baseline.scenario;
  const at = levelsText(baseline);
  const what =
    against === undefined ? response : `the difference in ${response} between ${at} and ${levelsText(against)}`;
  const where = at === "" || against !== undefined ? experiment.name : `${experiment.name} at ${at}`;
  const size = `${counted(servers, "server")}, ${counted(horizonDays, "day")}`;
  return [
    `What matters for ${what}? ${where}, ${size}: ${significant(output)} per server-day with the assumed values.`,
    influenceTable(sensitivity),
    influenceLegend(sensitivity).join("\n"),
    sensitivitySentences(sensitivity)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    variedText(sensitivity),
  ]
    .map((part, i) => (i === 1 ? part : wrapped(part, terminalOf().columns)))
    .join("\n\n");
}

/** The page: the most influential assumptions, and what would change the conclusion. */
function sensitivityStudy(experiment: Experiment, sensitivity: Sensitivity): Study {
  const { influences, chance, response, baseline } = sensitivity;
  const [answer = "", ...more] = sensitivitySentences(sensitivity);
  const rows = influences.map(influenceCells);
  if (chance !== undefined) rows.push(chanceCells(chance));
  const moving = influences.filter(({ effects }) => effects.muStar > 0).slice(0, SHOWN);
  const estimates = moving.map(({ assumption, effects: { muStar, muStarHalfWidth } }) => {
    return {
      series: 0,
      x: assumption.name,
      value: muStar,
      lower: Math.max(0, muStar - muStarHalfWidth),
      upper: muStar + muStarHalfWidth,
      closedForm: null,
    };
  });
  const chart = pictureOf(
    `Effect of each assumption on ${response}`,
    `change of ${response} per server-day`,
    ["effect"],
    [{ name: "", estimates }],
  );
  return {
    kind: `sensitivity of ${experiment.name}`,
    question: `Which assumption matters for ${response}, and what would change the conclusion?`,
    answer,
    more,
    ...(chart === undefined
      ? {}
      : {
          picture: {
            chart,
            note:
              "Point: mean change over the range of the assumption (Morris's mu*). Bar: its 95 % interval, which from " +
              "six trajectories holds in some 92 % of cases.",
          },
        }),
    tables: [{ title: "Every assumption", table: { head: influenceHead, texts: 3, rows, legend: [] } }],
    legend: influenceLegend(sensitivity),
    model: baseline.resolved.model,
  };
}

function influenceTable(sensitivity: Sensitivity): string {
  const { chance } = sensitivity;
  const shown = shownOf(sensitivity);
  const rows = [...shown.map(influenceCells), ...(chance === undefined ? [] : [chanceCells(chance)])];
  const tones = shown.map(({ effects }) => (effects.muStar === 0 ? ("faint" as const) : undefined));
  return tableOf(influenceHead, rows, { isText: (column) => column < 3 || column === 5, tones });
}
