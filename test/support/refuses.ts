/** A command that refuses what it is given. */
import assert from "node:assert/strict";
import { filesBelow } from "./folders.ts";
import { spoolsim } from "./spoolsim.ts";

/**
 * Checks that the command exits with 2, prints one line on stderr and writes nothing.
 *
 * @param message what the line matches, or all of it that follows "spoolsim: "
 */
export async function refuses(folder: string, words: readonly string[], message: RegExp | string): Promise<void> {
  const had = await filesBelow(folder);
  const { status, stdout, stderr } = await spoolsim(folder, ...words);
  if (typeof message === "string") assert.equal(stderr, `spoolsim: ${message}\n`);
  else assert.match(stderr, message);
  assert.match(stderr, /^spoolsim: [^\n]+\n$/);
  assert.deepEqual([status, stdout], [2, ""]);
  assert.deepEqual(await filesBelow(folder), had);
}
