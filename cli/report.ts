/** `spoolsim report`: makes the page of a results folder, and on request its charts as files. */
import { join } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { writeCharts } from "../lab/reports/chart-files.ts";
import { isImport } from "../lab/imports/import-record.ts";
import { writeImportReport } from "../lab/reports/import-report.ts";
import { REPORT_FILE } from "../lab/results/manifest.ts";
import { choiceFor, writeReport } from "../lab/reports/report.ts";
import { interruptSignal } from "./exit.ts";
import { IMPORT_OR_RESULTS, intervals, once, refuseForImport, withResults } from "./options.ts";
import { print } from "./output.ts";
import { terminalOf, wrapped } from "./terminal.ts";

const options = {
  ...intervals,
  svg: { type: "boolean", describe: "also write every chart as SVG" },
  png: { type: "boolean", describe: "also write every chart as PNG" },
  out: {
    type: "string",
    requiresArg: true,
    defaultDescription: "charts, in the results folder",
    describe: "folder for the charts",
  },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const reportCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withResults(argv, IMPORT_OR_RESULTS).options(options).check(once(options)),
  async handler(args) {
    const isOfImport = await isImport(args.results);
    if (isOfImport) refuseForImport(args, options, { simultaneous: "the intervals of an import hold one by one" });
    const charts = args.out ?? join(args.results, "charts");
    const { provenance, groups, answer } = isOfImport
      ? await writeImportReport(args.results, interruptSignal())
      : {
          ...(await writeReport(args.results, interruptSignal(), await choiceFor(args.results, args.simultaneous))),
          answer: [],
        };
    const sentences = answer.map((sentence) => `${wrapped(sentence, terminalOf().columns)}\n`);
    print(`${sentences.join("")}${join(args.results, REPORT_FILE)}\n`);
    for (const format of ["svg", "png"] as const) {
      if (args[format] !== true) continue;
      for (const name of await writeCharts(charts, groups, provenance, format)) {
        print(`${join(charts, name)}\n`);
      }
    }
  },
};
