/** `spoolsim work`: computes the runs that others have put into a queue. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { counted } from "../lab/reports/format.ts";
import { programBuild } from "../lab/program.ts";
import { work } from "../lab/execution/queue-worker.ts";
import { RunQueue } from "../lab/execution/run-queue.ts";
import { interruptSignal } from "./exit.ts";
import { machine, machineOf, once, wholeNumber, queueing } from "./options.ts";
import { badArgument } from "../lab/user-error.ts";
import { print, say } from "./output.ts";

const options = {
  queue: { ...queueing.queue, demandOption: true },
  workers: machine.workers,
  allow: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    default: [] as string[],
    defaultDescription: "none",
    describe: "a module that runs may use (all others are refused); can be repeated",
  },
  lease: {
    type: "string",
    default: "30",
    requiresArg: true,
    describe: "seconds without a heartbeat after which other workers take over this worker's runs",
  },
  "time-limit": {
    type: "string",
    default: "60",
    requiresArg: true,
    describe: "maximum minutes for a run; a longer run is ended, and no worker tries it again",
  },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options>;

export const workCommand: CommandModule<object, Arguments> = {
  builder: (argv) => argv.options(options).check(once(options)),
  async handler(args) {
    const { workers } = machineOf({ workers: args.workers, slice: machine.slice.default });
    const leaseSeconds = wholeNumber("--lease", args.lease, 1, 3600);
    const timeLimitMinutes = wholeNumber("--time-limit", args["time-limit"], 1, 10_000);
    const none = args.allow.find((path) => !existsSync(path));
    if (none !== undefined) throw badArgument("allow", none, "the module does not exist");
    const allowed = args.allow.map((path) => resolve(path));
    const signal = interruptSignal();
    const queue = await RunQueue.open(args.queue, signal);
    const log = (line: string) => say(`${line}\n`);
    log(`waiting for runs of build ${programBuild().slice(0, 16)}; Ctrl-C finishes what is under way`);
    try {
      const computed = await work(queue, { workers, leaseSeconds, timeLimitMinutes, allowed, signal, log });
      print(`${counted(computed, "run")} computed\n`);
    } finally {
      await queue.close();
    }
  },
};
