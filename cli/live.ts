/** `spoolsim live`: serves the live page to the browsers of this machine, until interrupted. */
import { once as eventOf } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { loadExperiment, shippedExperiments } from "../lab/experiment/load.ts";
import { programFolder } from "../lab/program.ts";
import { UserError } from "../lab/user-error.ts";
import { interruptSignal } from "./exit.ts";
import { once, wholeNumber } from "./options.ts";
import { print, say } from "./output.ts";
import { serveFolder } from "./static-server.ts";

const PORT_MAX = 65_535;

const options = {
  port: { type: "string", requiresArg: true, default: "8123", describe: "port on this machine; 0 for any free one" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string | undefined };

export const liveCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    argv
      .positional("experiment", { type: "string", describe: "name or YAML file to begin with" })
      .options(options)
      .check(once(options)) as never,
  async handler({ experiment, port: given }) {
    const wanted = wholeNumber("--port", given, 0, PORT_MAX);
    const folder = join(programFolder, "dist", "web");
    if (!existsSync(folder)) throw new UserError("the files of the live page are missing; make them with npm run site");
    const signal = interruptSignal();
    const { server, port } = await serveFolder(folder, wanted, await ownExperiment(experiment));
    const address = experiment === undefined ? "" : `#${new URLSearchParams({ experiment, quick: "yes" })}`;
    print(`http://127.0.0.1:${port}/${address}\n`);
    say("Open this address in a browser. Ctrl-C ends it.\n");
    if (!signal.aborted) await eventOf(signal, "abort");
    server.close();
    server.closeAllConnections();
  },
};

/** An experiment that is not built in and the list of names including it, by the paths that the page requests. */
async function ownExperiment(experiment: string | undefined): Promise<Record<string, string>> {
  const names = await shippedExperiments();
  if (experiment === undefined || names.includes(experiment)) return {};
  const { file } = await loadExperiment(experiment);
  return {
    [`experiments/${encodeURIComponent(experiment)}.yaml`]: await readFile(file, "utf8"),
    "experiments/names.json": JSON.stringify([experiment, ...names]),
  };
}
