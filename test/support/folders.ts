/** Folders that tests work in, and what is in them. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "node:test";

/** Gives each test of the file that calls this an empty folder, and removes it after the test. */
export function folderForEachTest(use: (folder: string) => void | Promise<void>): void {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "spoolsim-test-"));
    await use(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
}

/** Every file and folder below a folder, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry) => {
    if (!entry.isDirectory()) return [entry.name];
    return [`${entry.name}/`, ...(await filesBelow(join(folder, entry.name))).map((name) => `${entry.name}/${name}`)];
  });
  return (await Promise.all(found)).flat().sort();
}
