/**
 * `spoolsim verify`: are these the results that this program computes? Exit code 0 if they are, 1 if something differs.
 */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { verifyResults } from "../lab/verify.ts";
import { EXIT_DIFFERENT, interruptSignal } from "./exit.ts";
import { commandLine, machine, machineOf, once, wholeNumber, withResults } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { terminalOf, toned } from "./terminal.ts";
import { print } from "./output.ts";

const options = {
  sample: {
    type: "string",
    requiresArg: true,
    defaultDescription: "all",
    describe: "repeat only this many runs, evenly spread",
  },
  ...machine,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { results: string };

export const verifyCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withResults(argv).options(options).check(once(options)),
  async handler(args) {
    const display = progressDisplay();
    const sample = args.sample === undefined ? undefined : wholeNumber("--sample", args.sample, 1);
    const { compared, differences, manifest } = await verifyResults(args.results, sample, {
      ...machineOf(args),
      command: commandLine(),
      signal: interruptSignal(),
      progress: (progress) => display.show(progress),
    }).finally(() => display.end());
    for (const difference of differences) {
      print(`${args.results}: ${toned(difference, "wrong", terminalOf())}\n`);
    }
    if (differences.length > 0) process.exitCode = EXIT_DIFFERENT;
    else print(`${args.results}: ${compared} compared, every byte the same; digest ${manifest.digest}\n`);
  },
};
