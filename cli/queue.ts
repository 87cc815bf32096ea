/** `spoolsim queue`: the contents of a queue, and the runs that no worker could compute. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { programBuild } from "../lab/program.ts";
import { RunQueue, type QueueCount } from "../lab/execution/run-queue.ts";
import { once, queueing } from "./options.ts";
import { print } from "./output.ts";

const options = {
  queue: { ...queueing.queue, demandOption: true },
} as const satisfies Record<string, Options>;

export const queueCommand: CommandModule<object, InferredOptionTypes<typeof options>> = {
  builder: (argv) => argv.options(options).check(once(options)),
  async handler(args) {
    const queue = await RunQueue.open(args.queue);
    try {
      const counts = await queue.counts();
      const letters = await queue.deadLetters();
      for (const count of counts) print(`${countText(count)}\n`);
      if (counts.length === 0) print("the queue is empty\n");
      for (const letter of letters) print(`dead letter: ${letter}\n`);
    } finally {
      await queue.close();
    }
  },
};

function countText({ build, states }: QueueCount): string {
  const { created = 0, retry = 0, active = 0, completed = 0, failed = 0 } = states;
  const own = build === programBuild().slice(0, 16) ? " (this one)" : "";
  const waiting = `${created} waiting, ${retry} to be tried again`;
  return `build ${build}${own}: ${waiting}, ${active} under way, ${completed} done, ${failed} failed`;
}
