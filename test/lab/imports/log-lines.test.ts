/** lab/imports/log-lines.ts: encodings, line ends and numbers of lines. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { linesOf } from "../../../lab/imports/log-lines.ts";
import { inFolder } from "../../support/imported-logs.ts";

async function linesOfBytes(bytes: Uint8Array | string): Promise<string[]> {
  return inFolder(async (folder) => {
    const path = join(folder, "x.log");
    await writeFile(path, bytes);
    const lines: string[] = [];
    for await (const { first, texts } of linesOf(path)) {
      assert.equal(first, lines.length + 1);
      lines.push(...texts);
    }
    return lines;
  });
}

const text = "Mitteleuropäische Zeit\r\nzwei\ndrei";
const lines = ["Mitteleuropäische Zeit", "zwei", "drei"];

test("text is read as UTF-8, as UTF-16 with a byte order mark, and otherwise as windows-1252", async () => {
  assert.deepEqual(await linesOfBytes(text), lines);
  assert.deepEqual(await linesOfBytes(`\ufeff${text}`), lines);
  assert.deepEqual(await linesOfBytes(Buffer.from(`\ufeff${text}`, "utf16le")), lines);
  assert.deepEqual(await linesOfBytes(Buffer.from(`\ufeff${text}`, "utf16le").swap16()), lines);
  assert.deepEqual(await linesOfBytes(Buffer.from(text, "latin1")), lines);
});

test("lines longer than a portion and characters at its edge stay whole", async () => {
  const long = "ä".repeat(300_000);
  assert.deepEqual(await linesOfBytes(`x${long}\n${long}\n`), [`x${long}`, long]);
});

test("a binary file and a missing file are each refused in one line", async () => {
  await assert.rejects(linesOfBytes(Uint8Array.of(80, 0, 68, 0, 200)), /x\.log is not text; `relog LOG\.blg -f csv/);
  await assert.rejects(async () => {
    for await (const _ of linesOf("/nowhere/x.csv")) return;
  }, /^UserError: \/nowhere\/x\.csv does not exist$/);
});
