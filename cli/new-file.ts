/** Output that goes to a new file, or to the standard output. */
import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import type { Sink } from "../lab/results/csv.ts";
import { UserError } from "../lab/user-error.ts";

/**
 * Hands a sink to the writer: a new file that is removed again if the writing fails, or standard output.
 *
 * @param what what is written, for the refusal of a file that exists: "a trace"
 */
export async function writeTo(
  out: string | undefined,
  what: string,
  write: (sink: Sink) => Promise<void>,
): Promise<void> {
  if (out === undefined) {
    await write(async (text) => {
      if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    });
    return;
  }
  const file = await open(out, "wx").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? taken(out, what) : new UserError(`--out ${out} cannot be written: ${error.code}`);
  });
  try {
    await write(async (text) => void (await file.write(text)));
    await file.close();
  } catch (error) {
    await file.close();
    await rm(out);
    throw error;
  }
}

/** Refuses a file that is there before work begins whose result could not be written. */
export function refuseTaken(out: string | undefined, what: string): void {
  if (out !== undefined && existsSync(out)) throw taken(out, what);
}

function taken(out: string, what: string): UserError {
  return new UserError(`--out ${out} exists already; ${what} goes to a new file`);
}
