/** `spoolsim live`: serves the live page to the browsers of this machine, until interrupted. */
import { once as eventOf } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { designPoints } from "../lab/experiment/design.ts";
import { positionOf, type Experiment } from "../lab/experiment/experiment.ts";
import { modulePath } from "../lab/experiment/modules.ts";
import { loadExperiment, shippedExperiments } from "../lab/experiment/load.ts";
import { programFolder } from "../lab/program.ts";
import type { Setting, Settings } from "../models/contract/parameters.ts";
import { UserError } from "../lab/user-error.ts";
import { interruptSignal } from "./exit.ts";
import { once, wholeNumber } from "./options.ts";
import { print, say } from "./output.ts";
import { shellLine } from "./shell-line.ts";
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

/**
 * An experiment that is not built in and the list of names including it, by the paths that the page requests.
 *
 * @throws UserError when the page could not run it
 */
async function ownExperiment(experiment: string | undefined): Promise<Record<string, string>> {
  const names = await shippedExperiments();
  if (experiment === undefined || names.includes(experiment)) return {};
  const own = await loadExperiment(experiment);
  refuseModules(own);
  await designPoints(own);
  return {
    [`experiments/${encodeURIComponent(experiment)}.yaml`]: await readFile(own.file, "utf8"),
    "experiments/names.json": JSON.stringify([experiment, ...names]),
  };
}

/** @throws UserError that names the first module of the user's, which no browser can load */
function refuseModules({ file, scenario, factors, quick, positions }: Experiment): void {
  const settings: readonly (readonly [path: string, setting: Setting])[] = [
    ["scenario.model", scenario.model],
    ...under("scenario.parameters", scenario.parameters),
    ...factors.flatMap(({ name, levels }) => {
      return levels.flatMap((level) => under(`factors.${name}.${level.name}`, level.settings));
    }),
    ...under("quick", quick.settings),
  ];
  const found = settings.find(([, setting]) => typeof setting === "string" && modulePath.test(setting));
  if (found === undefined) return;
  const [path, module] = found;
  const words = shellLine(["spoolsim", "run", relative("", file)]);
  throw new UserError(
    ...[positionOf(path, positions)].flat(),
    ` ${module} is a module, which the live page cannot run; ${words} can`,
  );
}

function under(path: string, settings: Settings): [path: string, setting: Setting][] {
  return Object.entries(settings).map(([name, setting]) => [`${path}.${name}`, setting]);
}
