/**
 * A complete folder takes the place of a former one; the two never share a file.
 *
 * The new folder is written beside it, as .NAME.partial. The former folder is renamed to .NAME.former, and the new one
 * takes its name; if it cannot, the former folder gets its name back. If a process is killed between the two renames,
 * `settle` restores the former folder; if it is killed at any other time, either the former or the new folder is in
 * place. Files in the former folder that others put there move to the new one.
 */
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { UserError } from "../user-error.ts";

/** Whether a file of the former folder belongs to it, so that it is removed with it. */
export type IsOwn = (name: string) => boolean;

/** The path of a temporary folder next to a folder. */
export function beside(path: string, what: "partial" | "former"): string {
  return join(dirname(path), `.${basename(path)}.${what}`);
}

/** Moves the completed folder to its final name. @throws system errors; the former folder is then in its place */
export async function takeName(path: string, isOwn: IsOwn): Promise<void> {
  const isReplaced = (await readdir(path).catch(() => [])).length > 0;
  if (isReplaced) {
    await rename(path, beside(path, "former"));
    try {
      await rename(beside(path, "partial"), path);
    } catch (error) {
      await rename(beside(path, "former"), path);
      throw error;
    }
    await emptyFormer(path, isOwn);
  } else {
    await rm(path, { recursive: true, force: true });
    await rename(beside(path, "partial"), path);
  }
}

/** Completes the replacement of a folder if a process was killed during it. @param ownOf for the former folder */
export async function settle(path: string, ownOf: (former: string) => Promise<IsOwn>): Promise<void> {
  const former = beside(path, "former");
  if ((await stat(former).catch(() => undefined)) === undefined) return;
  if ((await stat(path).catch(() => undefined)) === undefined) await rename(former, path);
  else await emptyFormer(path, await ownOf(former));
}

/** Removes the former folder; files of others move to the new folder, unless a file of that name is there. */
async function emptyFormer(path: string, isOwn: IsOwn): Promise<void> {
  const former = beside(path, "former");
  const present = new Set(await readdir(path));
  for (const name of await readdir(former)) {
    if (!isOwn(name) && !present.has(name)) await rename(join(former, name), join(path, name));
  }
  await rm(former, { recursive: true, force: true });
}

/** @throws UserError when the folder cannot be renamed: it is a mount point or contains the working directory */
export async function refuseUnmovable(folder: string, path: string): Promise<void> {
  const own = await stat(path).catch(() => undefined);
  if (own === undefined) return;
  if (!relative(path, process.cwd()).startsWith("..")) {
    throw new UserError(`${folder} holds the working directory, which cannot be replaced; choose a folder in it`);
  }
  if ((await stat(dirname(path))).dev !== own.dev) {
    throw new UserError(`${folder} is a disk of its own, which cannot be replaced; choose a folder in it`);
  }
}
