/** `spoolsim detect`: tries detectors of leaks on the servers of some results, whose leaks are known. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { CsvWriter } from "../lab/results/csv.ts";
import {
  benchDetectors,
  detectorsTable,
  type Detection,
  type Tally,
  type Verdict,
} from "../lab/studies/detector-study.ts";
import { pairs } from "../lab/experiment/design.ts";
import { detectors } from "../lab/studies/detectors.ts";
import { levelsText } from "../lab/experiment/design-point.ts";
import { realistic } from "../lab/traces/measurement.ts";
import { UserError } from "../lab/user-error.ts";
import { isImport, readImport } from "../lab/imports/import-record.ts";
import { days, labelOf, significant } from "../lab/reports/format.ts";
import { alarmsOf, alarmsTable, type Alarm } from "../lab/studies/observed-detection.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeTo } from "./new-file.ts";
import { durationText, machine, machineOf, minutesOf, once, wholeNumber, withResults, wordsOf } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { tableOf } from "./table.ts";
import type { Tone } from "./terminal.ts";
import { print } from "./output.ts";

const options = {
  at: {
    type: "string",
    default: "",
    requiresArg: true,
    describe: "design points with these levels, as factor=level,factor=level",
  },
  every: {
    type: "string",
    default: "6h,1d",
    requiresArg: true,
    describe: "reading intervals, such as 30m, 6h or 1d, separated by commas",
  },
  meter: {
    type: "string",
    requiresArg: true,
    describe: "gauges to read, separated by commas  [default: the model's first]",
  },
  servers: { type: "string", default: "2", requiresArg: true, describe: "servers per replication, at most" },
  realistic: { type: "boolean", default: false, describe: "counters as they measure: slack, pages, a cache, losses" },
  level: { type: "string", default: "0.05", requiresArg: true, describe: "one-sided level of the tests" },
  out: { type: "string", requiresArg: true, describe: "write the table as CSV to this new file" },
  ...machine,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const detectCommand: CommandModule<object, Arguments> = {
  command: "detect <results>",
  describe: "Try leak detectors: on simulated servers, where the truth is known, or on an import",
  builder: (argv) => withResults(argv).options(options).check(once(options)),
  async handler(said) {
    if (await isImport(said.results)) return detectImported(said);
    const display = progressDisplay();
    const watching = {
      everyMinutes: wordsOf("--every", said.every).map((word) => minutesOf("--every", word)),
      at: said.at,
      meters: said.meter === undefined ? [] : wordsOf("--meter", said.meter),
      servers: wholeNumber("--servers", said.servers, 1),
      level: levelOf(said.level),
      how: said.realistic ? realistic : undefined,
      ...machineOf(said),
      signal: interruptSignal(),
      progress: (progress: Parameters<typeof display.show>[0]) => display.show(progress),
    };
    refuseTaken(said.out, "the table");
    const detection = await benchDetectors(said.results, watching).finally(() => display.end());
    if (said.out !== undefined) {
      await writeTo(said.out, "the table", async (sink) => {
        const writer = new CsvWriter(detectorsTable(detection.plan), sink);
        await writer.write(detection.verdicts);
        await writer.flush();
      });
    }
    print(`${detectionText(detection)}\n`);
  },
};

/** What detectors say of servers whose leaks nobody knows. @throws UserError */
async function detectImported(said: Arguments): Promise<void> {
  if (said.at !== "") throw new UserError("--at is for results; an import has no design points");
  if (said.realistic) throw new UserError("--realistic is for results; an import was measured");
  refuseTaken(said.out, "the table");
  const alarms = await alarmsOf(await readImport(said.results), {
    everyMinutes: wordsOf("--every", said.every).map((word) => minutesOf("--every", word)),
    gauges: said.meter === undefined ? [] : wordsOf("--meter", said.meter),
    level: levelOf(said.level),
    signal: interruptSignal(),
  });
  if (said.out !== undefined) {
    await writeTo(said.out, "the table", async (sink) => {
      const writer = new CsvWriter(alarmsTable, sink);
      await writer.write(alarms);
      await writer.flush();
    });
  }
  print(`${alarmsText(alarms)}\n`);
}

/** A table for each server and interval: detectors by gauges. */
function alarmsText(alarms: readonly Alarm[]): string {
  const titleOfAlarm = ({ server, days: span, everyMinutes }: Alarm) =>
    `${server}: the last ${days(span)}, every ${durationText(everyMinutes)}`;
  const titles = [...new Set(alarms.map(titleOfAlarm))];
  const parts = titles.map((title) => {
    const own = alarms.filter((one) => titleOfAlarm(one) === title);
    const gauges = [...new Set(own.map(({ gauge }) => gauge))];
    const names = [...new Set(own.map(({ detector }) => detector.name))];
    const rows = names.map((name) => [
      name,
      ...gauges.map((gauge) => {
        const said = own.find((one) => one.gauge === gauge && one.detector.name === name)?.alarms;
        return said === undefined ? "" : said ? "alarm" : "no";
      }),
    ]);
    return `${title}\n${tableOf(["detector", ...gauges.map(labelOf)], rows, { isText: () => true })}`;
  });
  const meanings = detectors
    .filter(({ name }) => alarms.some(({ detector }) => detector.name === name))
    .map(({ name, meaning }) => `  ${name.padEnd(24)} ${meaning}`);
  return [
    ...parts,
    meanings.join("\n"),
    `Each looks once, at the last reading, at what was read since the last restart, at a level of ${significant(
      100 * (alarms[0]?.level ?? NaN),
    )} %.\nEmpty: readings are missing that the detector needs. day-minima is the one to trust where nights are quiet:\n` +
      "docs/statistics.md says how often each is wrong.",
  ].join("\n\n");
}

/** @throws UserError */
function levelOf(word: string): number {
  const level = Number(word);
  if (word.trim() !== "" && level > 0 && level < 0.5) return level;
  throw new UserError(`--level is ${word}; a one-sided level lies in (0, 0.5)`);
}

/** A table for each combination of the other factors, meter and interval, and what the columns mean. */
export function detectionText({ plan, verdicts }: Detection): string {
  const { compare } = plan.experiment;
  const compared = compare === undefined ? [] : pairs(plan.points, compare);
  const sides = plan.points
    .filter(({ index }) => !compared.some(([, against]) => against.index === index))
    .map((point) => [point.index, compared.find(([baseline]) => baseline.index === point.index)?.[1].index]);
  const told = new Map(verdicts.map((verdict) => [keyOf(verdict.point.index, verdict), verdict]));
  const groups = new Map<string, { rows: string[][]; tones: (Tone | undefined)[] }>();
  for (const verdict of verdicts) {
    const side = sides.find(([index]) => index === verdict.point.index);
    if (side === undefined) continue;
    const sound = side[1] === undefined ? verdict : told.get(keyOf(side[1], verdict))!;
    const title = titleOf(verdict, side[1] === undefined ? undefined : compare!.factor);
    const { rows, tones } = groups.get(title) ?? { rows: [], tones: [] };
    groups.set(title, { rows: [...rows, rowOf(verdict, sound)], tones: [...tones, toneOf(sound)] });
  }
  const parts = [...groups].map(([title, { rows, tones }]) => `${title}\n${tableOf(head, rows, { tones })}`);
  const meanings = detectors
    .filter(({ name }) => verdicts.some(({ detector }) => detector.name === name))
    .map(({ name, meaning }) => `  ${name.padEnd(24)} ${meaning}`);
  const level = significant(100 * (verdicts[0]?.level ?? NaN));
  return [
    ...parts,
    meanings.join("\n"),
    `Shares of servers, in % with a 95 % interval; a test that looks once should be false on ${level} %.\n` +
      "once: looking at the horizon; daily: at any of the looks, each day at noon;\n" +
      "after: days from the first leak to the first alarm, median.",
  ].join("\n\n");
}

function keyOf(point: number, { meter, everyMinutes, detector }: Verdict): string {
  return `${point} ${meter} ${everyMinutes} ${detector.name}`;
}

function titleOf({ point, meter, everyMinutes }: Verdict, comparedFactor: string | undefined): string {
  const { [comparedFactor ?? ""]: _, ...levels } = point.levels;
  const where = levelsText({ ...point, levels });
  return `${where === "" ? "" : `${where}, `}${meter} every ${durationText(everyMinutes)}`;
}

function rowOf(leaky: Verdict, sound: Verdict): string[] {
  return [
    leaky.detector.name,
    shareText(sound.sound, "atHorizon"),
    shareText(sound.sound, "ever"),
    shareText(leaky.leaking, "atHorizon"),
    shareText(leaky.leaking, "ever"),
    significant(leaky.delayDaysMedian),
  ];
}

function shareText(tally: Tally, when: "atHorizon" | "ever"): string {
  if (tally.servers === 0) return "";
  const { lower, upper } = wilsonInterval(tally[when], tally.servers);
  const percent = (share: number) => String(Math.round(100 * share));
  return `${percent(tally[when] / tally.servers)} (${percent(lower)}..${percent(upper)})`;
}

const head = ["detector", "false, once", "false, daily", "found, once", "found, daily", "after"];

/** A test that is false more often than its level allows is wrong. */
function toneOf({ sound, level }: Verdict): Tone | undefined {
  return sound.servers > 0 && wilsonInterval(sound.atHorizon, sound.servers).lower > level ? "wrong" : undefined;
}
