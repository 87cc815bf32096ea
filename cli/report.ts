/** `spoolsim report`: the page of a results folder, and on demand its charts as files. */
import { join } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { REPORT_FILE } from "../lab/manifest.ts";
import { writeReport } from "../lab/report.ts";
import { interruptSignal } from "./exit.ts";
import { once } from "./options.ts";

const options = {} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const reportCommand: CommandModule<object, Arguments> = {
  command: "report <results>",
  describe: "Make the page that people look at from the results of a folder",
  builder: (argv) =>
    argv
      .positional("results", { type: "string", demandOption: true, describe: "the folder of the results" })
      .options(options)
      .check(once(options)),
  async handler(said) {
    await writeReport(said.results, interruptSignal());
    process.stdout.write(`${join(said.results, REPORT_FILE)}\n`);
  },
};
