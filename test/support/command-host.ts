/**
 * A process that executes one command after another and says how each ended, for test/support/spoolsim.ts. Each is
 * executed by cli/main.ts, as in a process of its own; only what that process would load first is here already.
 */
import { fileURLToPath } from "node:url";
import type { Command, Ended } from "./spoolsim.ts";

const main = new URL("../../cli/main.js", import.meta.url).href;
const exit = process.exit;

let output = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"] as const) {
  process[name].write = (text: unknown) => {
    output[name] += String(text);
    return true;
  };
}

let commands = 0;

/** Settles when the command has ended, or would have ended its process. */
async function execute({ cwd, words }: Command): Promise<Ended> {
  output = { stdout: "", stderr: "" };
  process.chdir(cwd);
  process.argv = [process.execPath, fileURLToPath(main), ...words];
  process.exitCode = 0;
  let exited: Ended | undefined;
  process.exit = (code = process.exitCode) => {
    exited ??= { status: Number(code), ...output };
    throw new Error("the command has ended");
  };
  // A new address makes Node execute main.ts again, but not the modules that it imports.
  await import(`${main}?${commands++}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  return exited ?? { status: Number(process.exitCode), ...output };
}

process.on("message", (command: Command) => {
  void execute(command).then((ended) => process.send!(ended));
});
process.on("disconnect", () => exit());
