/** The live page as the command serves it. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "./spoolsim.ts";

/** The experiment `own.yaml` of the folder in which the command serves. */
export const OWN = "question: Mine?\nseed: 5\nreplications: 2\nscenario: {model: mm1, horizonDays: 0.01}\n";

/** Runs the body with the address at which the command serves; the command ends well when it is interrupted. */
export async function served(
  words: readonly string[],
  body: (url: string, cwd: string) => Promise<void>,
): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), "spoolsim-live-"));
  await writeFile(join(cwd, "own.yaml"), OWN);
  const { child, ended } = start(cwd, ["live", ...words, "--port", "0"]);
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout!.once("data", (data) => resolve(String(data).trim()));
      void ended.then(({ stderr }) => reject(new Error(stderr)));
    });
    await body(url, cwd);
  } finally {
    child.kill("SIGINT");
    assert.equal((await ended).status, 0);
    await rm(cwd, { recursive: true });
  }
}
