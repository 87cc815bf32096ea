/** `spoolsim detect`: tries leak detectors on the servers of some results, whose leaks are known. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import {
  benchDetectors,
  detectorsTable,
  type Detection,
  type Tally,
  type DetectorResult,
  type Watching,
} from "../lab/studies/detector-study.ts";
import { pairs } from "../lab/experiment/design.ts";
import { detectors } from "../lab/studies/detectors.ts";
import { levelsText } from "../lab/experiment/design-point.ts";
import { realistic } from "../lab/traces/measurement.ts";
import { UserError } from "../lab/user-error.ts";
import { isImport, readImport } from "../lab/imports/import-record.ts";
import { durationText, significant } from "../lab/reports/format.ts";
import { alarmStudy } from "../lab/reports/import-study.ts";
import { alarmsOf, alarmsTable } from "../lab/studies/observed-detection.ts";
import { pictureOf, type Study } from "../lab/reports/study-page.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeStudy, writeTable } from "./new-file.ts";
import { minutesOf } from "./durations.ts";
import {
  IMPORT_OR_RESULTS,
  levels,
  machine,
  machineOf,
  once,
  paging,
  refuseForImport,
  tableOut,
  wholeNumber,
  withResults,
  wordsOf,
} from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { studyText } from "./study-text.ts";
import { tableOf } from "./table.ts";
import type { Tone } from "./terminal.ts";
import { print } from "./output.ts";

const options = {
  at: levels,
  every: {
    type: "string",
    default: "6h,1d",
    requiresArg: true,
    describe: "reading intervals, such as 30m, 6h or 1d, separated by commas",
  },
  gauge: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the model's first",
    describe: "gauges that the detectors read, separated by commas",
  },
  servers: { type: "string", default: "2", requiresArg: true, describe: "maximum number of servers per replication" },
  realistic: {
    type: "boolean",
    default: false,
    describe: "add measurement effects: allocator slack, whole pages, a cache, lost samples",
  },
  level: { type: "string", default: "0.05", requiresArg: true, describe: "significance level of the one-sided tests" },
  out: tableOut,
  ...paging,
  ...machine,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const detectCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withResults(argv, IMPORT_OR_RESULTS).options(options).check(once(options)),
  async handler(args) {
    if (await isImport(args.results)) return detectImported(args);
    const display = progressDisplay();
    const watching: Watching = {
      everyMinutes: wordsOf("--every", args.every).map((word) => minutesOf("--every", word)),
      at: args.at,
      gauges: args.gauge === undefined ? [] : wordsOf("--gauge", args.gauge),
      servers: wholeNumber("--servers", args.servers, 1),
      level: levelOf(args.level),
      measurement: args.realistic ? realistic : undefined,
      ...machineOf(args),
      signal: interruptSignal(),
      progress: (progress) => display.show(progress),
    };
    refuseTaken(args.out, "the table");
    refuseTaken(args.page, "a page", "--page");
    const detection = await benchDetectors(args.results, watching).finally(() => display.end());
    await writeTable(args.out, detectorsTable(detection.plan), detection.verdicts);
    print(`${detectionText(detection)}\n`);
    await writeStudy(args.page, () => detectionStudy(detection, args.results));
  },
};

/** Tables the alarms on servers whose leaks are unknown. @throws UserError */
async function detectImported(args: Arguments): Promise<void> {
  refuseForImport(args, options, {
    at: "an import has no design points",
    servers: "all servers of an import are read",
    realistic: "an import was measured",
  });
  refuseTaken(args.out, "the table");
  refuseTaken(args.page, "a page", "--page");
  const imported = await readImport(args.results);
  const alarms = await alarmsOf(imported, {
    everyMinutes: wordsOf("--every", args.every).map((word) => minutesOf("--every", word)),
    gauges: args.gauge === undefined ? [] : wordsOf("--gauge", args.gauge),
    level: levelOf(args.level),
    signal: interruptSignal(),
  });
  await writeTable(args.out, alarmsTable, alarms);
  const study = alarmStudy(imported, alarms);
  print(`${studyText(study)}\n`);
  await writeStudy(args.page, () => study);
}

/** @throws UserError */
function levelOf(word: string): number {
  const level = Number(word);
  if (word.trim() !== "" && level > 0 && level < 0.5) return level;
  throw new UserError(`--level is ${word}; a one-sided level lies in (0, 0.5)`);
}

/** The results for one combination of the other factors, one gauge and one interval. */
interface Group {
  readonly title: string;
  /** By detector: the verdicts on servers that leak, and on those that do not. */
  readonly rows: readonly { readonly leaky: DetectorResult; readonly sound: DetectorResult }[];
}

function groupsOf({ plan, verdicts }: Detection): Group[] {
  const { compare } = plan.experiment;
  const compared = compare === undefined ? [] : pairs(plan.points, compare);
  const sides = plan.points
    .filter(({ index }) => !compared.some(([, against]) => against.index === index))
    .map((point) => [point.index, compared.find(([baseline]) => baseline.index === point.index)?.[1].index]);
  const verdictOf = new Map(verdicts.map((verdict) => [keyOf(verdict.point.index, verdict), verdict]));
  const groups = new Map<string, Group["rows"]>();
  for (const verdict of verdicts) {
    const side = sides.find(([index]) => index === verdict.point.index);
    if (side === undefined) continue;
    const sound = side[1] === undefined ? verdict : verdictOf.get(keyOf(side[1], verdict))!;
    const title = titleOf(verdict, side[1] === undefined ? undefined : compare!.factor);
    groups.set(title, [...(groups.get(title) ?? []), { leaky: verdict, sound }]);
  }
  return [...groups].map(([title, rows]) => ({ title, rows }));
}

/** A table for each combination of the other factors, gauge and interval, with a legend. */
export function detectionText(detection: Detection): string {
  const { verdicts } = detection;
  const parts = groupsOf(detection).map(({ title, rows }) => {
    const tones = rows.map(({ sound }) => toneOf(sound));
    return `${title}\n${tableOf(head, rows.map(rowOf), { tones })}`;
  });
  const meanings = detectors
    .filter(({ name }) => verdicts.some(({ detector }) => detector.name === name))
    .map(({ name, meaning }) => `  ${name.padEnd(24)} ${meaning}`);
  const level = significant(100 * (verdicts[0]?.level ?? NaN));
  return [
    ...parts,
    meanings.join("\n"),
    `Shares of servers, in % with a 95 % interval; a test that looks once should raise a false alarm on ${level} % of sound servers.\n` +
      "once: one look, at the horizon; daily: an alarm at any look, each day at noon;\n" +
      "after: days from the first leak to the first alarm, median.",
  ].join("\n\n");
}

function keyOf(point: number, { gauge, everyMinutes, detector }: DetectorResult): string {
  return `${point} ${gauge} ${everyMinutes} ${detector.name}`;
}

function titleOf({ point, gauge, everyMinutes }: DetectorResult, comparedFactor: string | undefined): string {
  const { [comparedFactor ?? ""]: _, ...levels } = point.levels;
  const where = levelsText({ ...point, levels });
  return `${where === "" ? "" : `${where}, `}${gauge} every ${durationText(everyMinutes)}`;
}

/**
 * The page. It names the detectors that find most, among those whose false alarms are as rare as their level requires.
 */
function detectionStudy(detection: Detection, results: string): Study {
  const { plan, verdicts } = detection;
  const groups = groupsOf(detection);
  const share = ({ servers, atHorizon }: Tally) => (servers === 0 ? NaN : atHorizon / servers);
  const honest = groups.flatMap(({ title, rows }) =>
    rows
      .filter(({ leaky, sound }) => toneOf(sound) === undefined && leaky.leaking.servers > 0)
      .map((row) => ({ title, ...row })),
  );
  const most = honest.reduce((a, { leaky }) => Math.max(a, share(leaky.leaking)), 0);
  const best = honest.filter(({ leaky }) => share(leaky.leaking) === most);
  const names = [...new Set(best.map(({ leaky }) => leaky.detector.name))];
  const level = significant(100 * (verdicts[0]?.level ?? NaN));
  const [first] = best;
  const answer =
    first === undefined
      ? "No detector was tried on servers that leak, so none can be called good."
      : `${shareWords(first.leaky.leaking)} of the servers that leak are found by ${
          names.length > 3 ? `each of ${names.length} detectors` : names.join(" and by ")
        } at the end; no other with as few false alarms finds more.`;
  const estimate = (tally: Tally, series: number, x: string) => {
    if (tally.servers === 0) return [];
    const { lower, upper } = wilsonInterval(tally.atHorizon, tally.servers);
    return [{ series, x, value: 100 * share(tally), lower: 100 * lower, upper: 100 * upper, closedForm: null }];
  };
  const panels = groups.map(({ title, rows }) => ({
    name: title,
    estimates: rows.flatMap(({ leaky, sound }) => [
      ...estimate(leaky.leaking, 0, leaky.detector.name),
      ...estimate(sound.sound, 1, leaky.detector.name),
    ]),
  }));
  const chart = pictureOf("Alarms at the end, by detector", "servers with an alarm [%]", ["leaking", "sound"], panels);
  return {
    kind: `detectors on ${results}`,
    question: "Which detector finds a leak, and how often does it raise a false alarm?",
    answer,
    ...(chart === undefined
      ? {}
      : {
          picture: {
            chart,
            note: `Bar: 95 % interval (Wilson). At most ${level} % of sound servers should have an alarm.`,
          },
        }),
    tables: groups.map(({ title, rows }) => ({ title, table: { head, texts: 1, rows: rows.map(rowOf), legend: [] } })),
    legend: [
      ...detectors
        .filter(({ name }) => verdicts.some(({ detector }) => detector.name === name))
        .map(({ name, meaning }) => `${name}: ${meaning}`),
      "false, found: shares of sound and of leaking servers with an alarm, in % with a 95 % interval",
      "once: one look, at the horizon; daily: an alarm at any look, each day at noon",
      "after: days from the first leak to the first alarm, median",
    ],
    model: plan.points[0].resolved.model,
  };
}

function rowOf({ leaky, sound }: Group["rows"][number]): string[] {
  return [
    leaky.detector.name,
    shareText(sound.sound, "atHorizon"),
    shareText(sound.sound, "ever"),
    shareText(leaky.leaking, "atHorizon"),
    shareText(leaky.leaking, "ever"),
    significant(leaky.delayDaysMedian),
  ];
}

/** "90 % (95 % interval 81 to 95)" */
function shareWords({ servers, atHorizon }: Tally): string {
  const { lower, upper } = wilsonInterval(atHorizon, servers);
  const [value, from, to] = [atHorizon / servers, lower, upper].map((share) => Math.round(100 * share));
  return `${value} % (95 % interval ${from} to ${to})`;
}

function shareText(tally: Tally, when: "atHorizon" | "ever"): string {
  if (tally.servers === 0) return "";
  const { lower, upper } = wilsonInterval(tally[when], tally.servers);
  const percent = (share: number) => String(Math.round(100 * share));
  return `${percent(tally[when] / tally.servers)} (${percent(lower)}..${percent(upper)})`;
}

const head = ["detector", "false, once", "false, daily", "found, once", "found, daily", "after"];

/** A test with more false alarms than its level allows is invalid. */
function toneOf({ sound, level }: DetectorResult): Tone | undefined {
  return sound.servers > 0 && wilsonInterval(sound.atHorizon, sound.servers).lower > level ? "wrong" : undefined;
}
