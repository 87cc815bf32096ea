/** `spoolsim score`: scores answers about series whose truth is known, or the built-in detectors. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { detectors } from "../lab/studies/detectors.ts";
import { ends, valueBetweenEnds } from "../lab/reports/format.ts";
import {
  scoresOfAnswers,
  scoresOfDetectors,
  scoresTable,
  trueSeries,
  type Score,
  type TrueSeries,
} from "../lab/studies/series-score.ts";
import { UserError } from "../lab/user-error.ts";
import { refuseTaken, writeTable } from "./new-file.ts";
import { once, wordsOf } from "./options.ts";
import { print } from "./output.ts";
import { tableOf } from "./table.ts";

/** Errors are skewed: with fewer answers, Student's interval is too narrow. */
const ANSWERS_ENOUGH = 40;

const options = {
  columns: {
    type: "string",
    requiresArg: true,
    describe: "score the built-in detectors on these gauges, separated by commas",
  },
  out: { type: "string", requiresArg: true, describe: "write the scores to this new CSV file" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { series: string; answers: string | undefined };

/** Names the detectors without any answer. */
function silentText(scores: readonly Score[], gauges: readonly string[]): string {
  const silent = detectors.filter(({ name, needsOther }) => {
    return needsOther !== true && !scores.some(({ by }) => gauges.some((gauge) => by === `${name} on ${gauge}`));
  });
  if (gauges.length === 0 || silent.length === 0) return "";
  return `no answer, because the first halves of the series have too few readings: ${silent.map(({ name }) => name).join(", ")}\n`;
}

export const scoreCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    argv
      .positional("series", { type: "string", demandOption: true, describe: "CSV file that export --series wrote" })
      .positional("answers", {
        type: "string",
        describe: "CSV file of your answers, a row for each series that you answer",
      })
      .options(options)
      .check(once(options)),
  async handler({ series: file, answers, columns, out }) {
    const gauges = columns === undefined ? [] : wordsOf("--columns", columns);
    if (answers === undefined && gauges.length === 0) {
      throw new UserError("give a file of answers, or --columns to score the built-in detectors");
    }
    refuseTaken(out, "the table");
    const series: TrueSeries[] = [];
    for await (const one of trueSeries(file, gauges)) series.push(one);
    const scores = [
      ...(answers === undefined ? [] : await scoresOfAnswers(series, answers, file)),
      ...scoresOfDetectors(series, gauges),
    ];
    await writeTable(out, scoresTable, scores);
    const rows = scores.map(({ by, task, series: all, answered, value, lower, upper }) => {
      return [
        by,
        task,
        `${answered} of ${all}`,
        valueBetweenEnds({ value, lower, upper }),
        Number.isNaN(lower) ? "" : ends(lower, upper).join(" .. "),
      ];
    });
    const head = ["by", "task", "answered", "score", "95 % interval"];
    const isFew = scores.some(({ task, answered, lower }) => {
      return task.endsWith("[d]") && answered < ANSWERS_ENOUGH && !Number.isNaN(lower);
    });
    const few = isFew
      ? `the interval of a mean error of fewer than ${ANSWERS_ENOUGH} answers holds in some 90 % of cases, not in 95 %\n`
      : "";
    print(`${tableOf(head, rows, { isText: (column) => column < 2 })}\n${few}${silentText(scores, gauges)}`);
  },
};
