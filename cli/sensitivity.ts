/** `spoolsim sensitivity`: which assumption matters, and what would have to be true to change the conclusion. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { isList } from "../lab/studies/assumption-ranges.ts";
import { CsvWriter } from "../lab/results/csv.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { levelsText } from "../lab/experiment/design-point.ts";
import {
  sensitivityOf,
  sensitivityTable,
  withoutSample,
  type Exception,
  type Influence,
  type Sensitivity,
} from "../lab/studies/sensitivity.ts";
import { UserError } from "../lab/user-error.ts";
import { makeFolder, unwritable, writeWhole } from "../lab/whole-file.ts";
import { counted, enumerated, significant } from "../lab/reports/format.ts";
import { RAN_OUT } from "../lab/reports/interval-text.ts";
import { boundMark } from "../lab/reports/table-legends.ts";
import type { Index } from "../statistics/sobol-indices.ts";
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
    defaultDescription: "the first leak that describe lists, or the first response",
    describe: "the response that the assumptions are ranked by",
  },
  seed: changes.seed,
  set: changes.set,
  servers: { type: "string", default: "1", requiresArg: true, describe: "number of servers" },
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
    describe: "if an assumption has no range, vary it from its value / factor to its value x factor",
  },
  without: { type: "string", requiresArg: true, describe: "assumptions to leave unchanged, as name,name" },
  trajectories: {
    type: "string",
    requiresArg: true,
    defaultDescription: "6, or more if a choice has more pairs of values",
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
      args.days === undefined ? Math.min(DAYS_MAX, point.scenario.horizonDays) : positive("--days", args.days, 36_600);
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
      factor: 1 + positive("--factor less 1", String(Number(args.factor) - 1), 999),
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

function positive(name: string, word: string, max: number): number {
  const value = Number(word);
  if (word.trim() !== "" && value > 0 && value <= max) return value;
  throw new UserError(`${name} is ${word}; a number above 0, at most ${max}`);
}

async function write(out: string, file: string, sensitivity: Sensitivity): Promise<void> {
  const pieces: string[] = [];
  const writer = new CsvWriter(sensitivityTable(sensitivity), async (piece) => void pieces.push(piece));
  await writer.write([...sensitivity.influences, ...(sensitivity.chance === undefined ? [] : [sensitivity.chance])]);
  await writer.flush();
  await makeFolder(out).catch(unwritable(out));
  await writeWhole(file, pieces.join("")).catch(unwritable(file));
}

/** How many assumptions to print at least; the file has all of them. */
const SHOWN = 12;

/** The assumptions with the largest effects, and all that a sentence names. */
function shownOf({ influences, zero, unnoticed }: Sensitivity): Influence[] {
  const named = [zero.split, unnoticed?.split].map((split) => split?.assumption.name);
  return influences.filter(({ assumption, indices }, i) => {
    return i < SHOWN || indices !== undefined || named.includes(assumption.name);
  });
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
    [
      ...leadersText(sensitivity),
      ...contradictionText(sensitivity),
      ...boundedText(sensitivity),
      ...flipText(sensitivity),
    ]
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    variedText(sensitivity),
  ]
    .map((part, i) => (i === 1 ? part : wrapped(part, terminalOf().columns)))
    .join("\n\n");
}

function variedText(sensitivity: Sensitivity): string {
  const [all, shown] = [sensitivity.influences.length, shownOf(sensitivity).length];
  const which = shown < all ? `The table has ${shown} of the ${all}` : `The table has all ${all}`;
  return (
    `${which} assumptions that were varied, by size of their effects. ` +
    "The other assumptions are 0, excluded, known, or set or varied by the experiment."
  );
}

/** The page: the most influential assumptions, and what would change the conclusion. */
function sensitivityStudy(experiment: Experiment, sensitivity: Sensitivity): Study {
  const { influences, chance, response, baseline } = sensitivity;
  const [leaders = "", ...others] = leadersText(sensitivity);
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
    answer: leaders,
    more: [...others, ...contradictionText(sensitivity), ...boundedText(sensitivity), ...flipText(sensitivity)],
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

/** From this many rows on, the intervals of the indices have their nominal coverage. */
const ROWS_ENOUGH = 128;

function influenceLegend({ response, rows, influences }: Sensitivity): string[] {
  const few =
    rows < ROWS_ENOUGH
      ? `; with ${rows} rows, they hold in some 90 % of cases or fewer: use --rows ${ROWS_ENOUGH}`
      : "";
  return [
    `effect: mean change of ${response} per server-day over the range (Morris's mu*), and its standard error`,
    `alone, in all: shares of the variance, by itself and with its interactions (Sobol), with 95 % intervals${few}`,
    ...(influences.some(({ indices }) => indices !== undefined && indices.first.value > indices.total.value)
      ? ["a share alone is at most the share in all; a larger estimate is an error of both"]
      : []),
    ...(influences.some(isMarked)
      ? [`${RAN_OUT} a resource ran out at a value that was tried, so a leak rate behind this effect is a lower bound`]
      : []),
  ];
}

/** Whether its share alone is estimated beyond the interval of its share in all, as happens with few rows. */
function isContradictory({ indices }: Influence): boolean {
  return indices !== undefined && indices.first.value > indices.total.upper;
}

function contradictionText({ influences, rows }: Sensitivity): string[] {
  const names = influences.filter(isContradictory).map(({ assumption }) => assumption.name);
  if (names.length === 0) return [];
  return [
    `With ${rows} rows, the share of ${enumerated(names)} is estimated far larger alone than in all, which is impossible. ` +
      `The shares are too uncertain to rank by; use more rows, such as --rows ${Math.max(4 * rows, ROWS_ENOUGH)}.`,
  ];
}

function isMarked({ effects, bounded }: Influence): boolean {
  return effects.muStar > 0 && bounded.some > 0;
}

const influenceHead = ["assumption", "assumed", "range", "effect", "+-", "direction", "alone", "in all"];

/** The estimate of an index may be above 1 or below 0; a share of a variance may not. */
function shareText(index: Index | undefined): string {
  return index === undefined ? "" : `${shareOf(index.value)} (${shareOf(index.lower)} .. ${shareOf(index.upper)})`;
}

function shareOf(index: number): string {
  return percent(Math.min(1, Math.max(0, index)));
}

function influenceCells(influence: Influence): string[] {
  const { assumption, effects, indices } = influence;
  const { name, unit, assumed } = assumption;
  return [
    name,
    `${assumed}${unit === "" || unit === "1" ? "" : ` ${unit}`}`,
    rangeText(assumption.values),
    significant(effects.muStar) + boundMark(isMarked(influence)),
    significant(effects.muStarError),
    directionOf(effects),
    shareText(indices?.first),
    shareText(indices?.total),
  ];
}

function chanceCells(chance: NonNullable<Sensitivity["chance"]>): string[] {
  return ["chance", "", "", "", "", "", shareText(chance.first), shareText(chance.total)];
}

function influenceTable(sensitivity: Sensitivity): string {
  const { chance } = sensitivity;
  const shown = shownOf(sensitivity);
  const rows = [...shown.map(influenceCells), ...(chance === undefined ? [] : [chanceCells(chance)])];
  const tones = shown.map(({ effects }) => (effects.muStar === 0 ? ("faint" as const) : undefined));
  return tableOf(influenceHead, rows, { isText: (column) => column < 3 || column === 5, tones });
}

function rangeText(values: Influence["assumption"]["values"]): string {
  return isList(values) ? values.join(", ") : `${significant(values.from)} .. ${significant(values.to)}`;
}

function directionOf({ mu, muStar }: Influence["effects"]): string {
  if (muStar === 0) return "none";
  if (Math.abs(mu) < 0.5 * muStar) return "both ways";
  return mu > 0 ? "more" : "less";
}

/** How many assumptions to name by their effects. */
const NAMED = 3;

function leadersText({ influences, chance, response }: Sensitivity): string[] {
  const totalOf = ({ indices }: Influence) => indices?.total.value ?? 0;
  const leaders = influences.filter((one) => totalOf(one) > 0.1).sort((a, b) => totalOf(b) - totalOf(a));
  if (chance === undefined) return [`No assumption changes ${response} at all.`];
  const moving = influences.filter(({ effects }) => effects.muStar > 0).map(({ assumption }) => assumption.name);
  const named = leaders.map(({ assumption, indices }) => `${assumption.name} (${shareOf(indices!.total.value)})`);
  const [shares, are] = named.length === 1 ? ["share", "is that"] : ["shares", "are those"];
  const first = influences.some(isContradictory)
    ? `The largest effects are those of ${enumerated(moving.slice(0, NAMED))}; measure these first.`
    : named.length === 0
      ? `No assumption stands out: none explains more than a tenth of the variance of ${response}.`
      : `The largest ${shares} of the variance, in all, ${are} of ${enumerated(named)}; measure these first.`;
  return [
    first,
    `Chance, with its interactions, explains about ${shareOf(chance.total.value)} of the variance; ` +
      `${counted(influences.length - moving.length, "assumption")} had no effect at all.`,
  ];
}

/** Names the leading assumptions at both of whose values a resource ran out. */
function boundedText({ influences, trajectories, response }: Sensitivity): string[] {
  const both = influences.filter((one) => one.indices !== undefined && one.bounded.both > 0);
  if (both.length === 0) return [];
  const named = both.map(
    ({ assumption, bounded }) => `${assumption.name} (${bounded.both} of ${trajectories} changes)`,
  );
  return [
    `A resource ran out at both values of ${enumerated(named)}: both rates of ${response} are then lower bounds, and their ` +
      "difference is not the effect on the leak. A shorter horizon (--days) may avoid this.",
  ];
}

/** Describes what would have to be true for another conclusion. */
function flipText({ influences, zero, unnoticed, tried, response, against, baseline }: Sensitivity): string[] {
  const days = counted(baseline.scenario.horizonDays, "day");
  const what = against === undefined ? response : `the difference in ${response}`;
  const within =
    zero.count === 0
      ? `Within these ranges the conclusion does not change: ${what} was above 0 in all of ${tried} settings.`
      : `In ${zero.count} of ${tried} settings ${what} was not above 0${splitText(zero)}.`;
  const stopping = influences.filter(({ zeroAt }) => zeroAt !== undefined);
  const alone = stopping.map(({ assumption, effects, zeroAt }) => {
    const { name, unit, assumed } = assumption;
    const word = effects.mu > 0 ? "or less" : "or more";
    return `${name} were ${zeroAt} ${unit === "1" ? "" : `${unit} `}${word} (assumed: ${assumed})`;
  });
  const searched = influences.filter(({ indices }) => indices !== undefined).length;
  const flipped =
    alone.length === 0
      ? `None of ${counted(searched, "assumption")} with indices makes it 0 by itself, not even when changed a hundredfold.`
      : `By itself it would be 0 in ${days} if ${enumerated(alone, "or")}.`;
  if (unnoticed === undefined) return [within, flipped];
  const felt =
    unnoticed.count === 0
      ? `Within ${days} users noticed in every setting.`
      : unnoticed.count === tried
        ? `Within ${days} no user noticed in any setting; with a longer horizon (--days), some may.`
        : `In ${unnoticed.count} of ${tried} settings no user noticed within ${days}${splitText(unnoticed)}.`;
  return [within, flipped, felt];
}

function splitText({ split }: Exception): string {
  if (split === undefined) return "";
  const { assumption, isAbove, threshold, wantedShare, otherShare } = split;
  const { name, values, unit } = assumption;
  const side = isList(values)
    ? `one of ${values.filter((_, i) => i > threshold === isAbove).join(", ")}`
    : `${isAbove ? "above" : "at most"} ${significant(threshold)}${unit === "1" ? "" : ` ${unit}`}`;
  const shares = `in ${percent(wantedShare)} of these and ${percent(otherShare)} of the others`;
  return `; ${name} distinguishes them best: it is ${side} ${shares}`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? "" : `${Math.round(100 * share)} %`;
}
