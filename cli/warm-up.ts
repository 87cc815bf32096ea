/** `spoolsim warm-up`: how many initial observations to discard, and the estimate without them. */
import { US_PER_DAY } from "../sim/time-units.ts";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { levelsText } from "../lab/experiment/design-point.ts";
import { warmUps, warmUpTable, type WarmingUp, type WarmUp, type WarmUps } from "../lab/studies/warm-up.ts";
import type { Plan } from "../lab/experiment/plan.ts";
import type { Study } from "../lab/reports/study-page.ts";
import { scaleOf } from "../lab/reports/units.ts";
import { enumerated, significant } from "../lab/reports/format.ts";
import { BATCHES } from "../statistics/batch-means.ts";
import { zScore, type Estimate } from "../statistics/estimate.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeStudy, writeTable } from "./new-file.ts";
import { levels, machine, machineOf, once, paging, tableOut, wholeNumber, withResults, wordsOf } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped } from "./terminal.ts";
import { print } from "./output.ts";
import { groupedBy, itemAt } from "../lab/lists.ts";

const options = {
  at: levels,
  of: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the means",
    describe: "means or gauges to examine, separated by commas",
  },
  observations: {
    type: "string",
    default: "500",
    requiresArg: true,
    describe: "number of equal parts into which the horizon is divided",
  },
  servers: { type: "string", default: "20", requiresArg: true, describe: "maximum number of servers per replication" },
  out: tableOut,
  ...paging,
  ...machine,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const warmUpCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withResults(argv).options(options).check(once(options)),
  async handler(args) {
    const display = progressDisplay();
    const warmingUp: WarmingUp = {
      at: args.at,
      names: args.of === undefined ? [] : wordsOf("--of", args.of),
      observations: wholeNumber("--observations", args.observations, 1, 10_000),
      servers: wholeNumber("--servers", args.servers, 1),
      ...machineOf(args),
      signal: interruptSignal(),
      progress: (progress) => display.show(progress),
    };
    refuseTaken(args.out, "the table");
    refuseTaken(args.page, "a page", "--page");
    const found = await warmUps(args.results, warmingUp).finally(() => display.end());
    await writeTable(args.out, warmUpTable(found.plan), found.rows);
    print(`${warmUpText(found)}\n`);
    await writeStudy(args.page, () => warmUpStudy(found, args.results));
  },
};

const head = ["design point", "mean or gauge", "warm-up", "all", "the rest", "closed form", "z of all", "z"];

export function warmUpText({ plan, rows }: WarmUps): string {
  return [
    tableOf(head, rows.map(cellsOf), { isText: (column) => column < 2 }),
    legendOf(plan).join("\n"),
    ...unsteadyTexts({ plan, rows }),
  ]
    .map((part, i) => (i === 0 ? part : wrapped(part, terminalOf().columns)))
    .join("\n\n");
}

/** Why some have no steady state: each reason once for means that share it at the same design points. */
function unsteadyTexts({ plan, rows }: WarmUps): string[] {
  const refused = rows.filter(({ refusal }) => refusal !== "");
  const atPoint = groupedBy(refused, ({ point, refusal }) => JSON.stringify([refusal, levelsText(point)]));
  const reasons = groupedBy([...atPoint.values()], (some) => {
    return `${enumerated(some.map(({ name }) => name))}\n${itemAt(some, 0).refusal}`;
  });
  const leaks = plan.points[0].resolved.model.responses.filter(({ role }) => role === "leak");
  return [
    ...[...reasons].map(([reason, groups]) => {
      const [names = "", refusal = ""] = reason.split("\n");
      const where = groups.map((some) => levelsText(itemAt(some, 0).point)).join("; ");
      return `${names}${where === "" ? "" : ` (${where})`}: ${refusal}`;
    }),
    ...(leaks.length === 0 ? [] : [`${itemAt(leaks, 0).name}, like every leak, always rises and has no steady state.`]),
  ];
}

function legendOf({ experiment: { replications } }: Plan): string[] {
  return [
    "warm-up: the beginning to delete, so that the estimated standard error of the rest is smallest (MSER-5), and its " +
      "share of the horizon",
    "z: distance of the rest from the closed form in standard errors; z of all: before the warm-up is deleted",
    ...(replications > 1
      ? []
      : [`±: from ${BATCHES} batches of the one replication; the rest has none, because they also choose the rest`]),
  ];
}

/** The page: how much of the beginning to discard. */
export function warmUpStudy({ plan, rows }: WarmUps, results: string): Study {
  const steady = rows.filter(({ refusal }) => refusal === "");
  const longest = Math.max(0, ...steady.map(({ forgottenDays }) => forgottenDays));
  const time = scaleOf("us", longest * US_PER_DAY);
  return {
    kind: `warm-up of ${results}`,
    question: "How much of the beginning should be left out of an average?",
    answer:
      steady.length === 0
        ? "None of these averages becomes steady within the horizon."
        : `Leave out the first ${time.text(longest * US_PER_DAY)} ${time.unit}: after that, ${steady.length} of ${rows.length} averages are steady.`,
    more: unsteadyTexts({ plan, rows }),
    tables: [{ title: "", table: { head, texts: 2, rows: rows.map(cellsOf), legend: [] } }],
    legend: legendOf(plan),
    model: plan.points[0].resolved.model,
  };
}

function cellsOf({ point, name, unit, forgottenDays, refusal, all, rest, closedForm }: WarmUp): string[] {
  const scale = scaleOf(unit, all.value);
  const valueText = ({ value, halfWidth }: Estimate) =>
    Number.isNaN(value)
      ? ""
      : `${scale.estimate({ value, lower: value - halfWidth, upper: value + halfWidth })}${Number.isNaN(halfWidth) ? "" : ` ± ${scale.text(halfWidth)}`}`;
  const share = Math.round((100 * forgottenDays) / point.scenario.horizonDays);
  const time = scaleOf("us", forgottenDays * US_PER_DAY);
  return [
    levelsText(point),
    scale.unit === "1" ? name : `${name} [${scale.unit}]`,
    refusal === "" ? `${time.text(forgottenDays * US_PER_DAY)} ${time.unit} (${share} %)` : "not steady",
    valueText(all),
    valueText(rest),
    Number.isNaN(closedForm) ? "" : scale.text(closedForm),
    significant(zScore(all, closedForm)),
    significant(zScore(rest, closedForm)),
  ];
}
