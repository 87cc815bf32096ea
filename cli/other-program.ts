/** Another built clone of spoolsim in this process, as `spoolsim diff --program` needs it. */
import { existsSync, realpathSync } from "node:fs";
import module from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { thisProgram, type Program } from "../lab/traces/compared-run.ts";
import { UserError } from "../lab/user-error.ts";
import { thrownText } from "../lab/visible.ts";
import { initialize, resolve as resolveOther } from "./resolve-other-program.ts";

/** The simulating parts of a built clone. @throws UserError */
export async function programOf(folder: string | undefined): Promise<Program> {
  if (folder === undefined) return thisProgram;
  const built = join(folder, "dist/lab/experiment/scenario.js");
  if (!existsSync(built)) {
    throw new UserError(`--program ${folder} is not a built clone of spoolsim: ${built} does not exist`);
  }
  const load = async (file: string) =>
    (await import(pathToFileURL(resolve(folder, "dist/lab", file)).href).catch((error: unknown) => {
      throw new UserError(`--program ${folder} is not a built clone of spoolsim: ${thrownText(error)}`);
    })) as Partial<Program>;
  const { resolveScenario } = await load("experiment/scenario.js");
  const { SliceSimulator } = await load("execution/slice-simulator.js");
  const needed = ["start", "started", "mark"];
  if (resolveScenario === undefined || !needed.every((name) => name in (SliceSimulator?.prototype ?? {}))) {
    throw new UserError(`--program ${folder} has a version of spoolsim that is too old to compare`);
  }
  return { resolveScenario, SliceSimulator: SliceSimulator! };
}

/** Gives the modules of users that the clone imports the clone's "spoolsim". Call once in a process. */
export function giveOwnPackage(folder: string): void {
  const url = pathToFileURL(`${realpathSync(folder)}/`).href;
  // As in lab/experiment/own-package.ts.
  const { registerHooks } = module as { registerHooks?: (hooks: { readonly resolve: typeof resolveOther }) => void };
  if (registerHooks === undefined) module.register("./resolve-other-program.js", import.meta.url, { data: url });
  else {
    initialize(url);
    registerHooks({ resolve: resolveOther });
  }
}
