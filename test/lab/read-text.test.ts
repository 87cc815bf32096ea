/** lab/read-text.ts: a file is read whole, or the message gives its name and the cause. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readText, refuseNoFolder } from "../../lab/read-text.ts";

test("a file is read whole, and a file that cannot be read is reported with the cause", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-text-"));
  const file = join(folder, "a.txt");
  try {
    await writeFile(file, "caf\u00e9\n");
    assert.equal(await readText(file), "caf\u00e9\n");
    assert.equal(await readText(devNull), "");
    const refuses = (path: string, message: string) =>
      assert.rejects(readText(path, ["--x ", path]), { name: "UserError", message: `--x ${path} ${message}` });
    await refuses(join(folder, "b.txt"), "does not exist");
    await refuses(join(file, "c.txt"), "does not exist");
    await refuses(folder, "cannot be read: it is a folder");
    await refuses("/dev/zero", "cannot be read: it has more than 67108864 characters");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a path that is no folder is refused with what is there instead, and with what writes such a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-text-"));
  const file = join(folder, "a.csv");
  try {
    await writeFile(file, "1\n");
    refuseNoFolder(folder, "spoolsim run");
    const refuses = (path: string, message: string) =>
      assert.throws(() => refuseNoFolder(path, "spoolsim run"), { name: "UserError", message });
    const give = "give a folder that spoolsim run has written";
    refuses(file, `${file} holds no results: it is a file; ${give}`);
    refuses(join(folder, "none"), `${join(folder, "none")} holds no results: it does not exist; ${give}`);
    refuses(join(file, "below"), `${join(file, "below")} holds no results: it does not exist; ${give}`);
    refuses("", `"" holds no results: it does not exist; ${give}`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
