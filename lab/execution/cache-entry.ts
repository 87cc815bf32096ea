/**
 * A file with the result of a run, which is read instead of executing the run again.
 *
 *     <SHA-256 of all that follows, 64 hexadecimal digits>
 *     {"key":"<64 hexadecimal digits>", ... what the result is of, for people ...}
 *     <events, samples, low and high lanes of the digests, as the machine holds them>
 *
 * A file is either complete or absent, and it is used only if its hash and its key are right. So a killed run, a full
 * disk or a damaged file costs time but never changes a byte of a result.
 */
import { createHash } from "node:crypto";
import { readFile, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "../zod.ts";
import { Checkpoint } from "./checkpoint.ts";
import { makeFolder, obstacleOf, writeWhole } from "../whole-file.ts";
import { execute, type Entry, type Run, type RunResult } from "./run.ts";

const HASH_LENGTH = 64;
const NEWLINE = 10;

/**
 * Returns the result of the run: from its entry in the cache if there is one; otherwise it simulates the run and keeps
 * the result.
 *
 * @throws what execute throws
 */
export async function recall(run: Run, signal?: AbortSignal): Promise<RunResult> {
  const { entry } = run;
  if (entry === undefined) return execute(run, signal);
  const known = await readEntry(entry, run);
  if (known !== undefined) return { ...known, recalled: true };
  const checkpoint = Checkpoint.of(run);
  const result = await execute(run, signal, checkpoint);
  const notKept = await keepBytes(entry, packed(entry, result));
  if (notKept === undefined) await checkpoint?.remove();
  return notKept === undefined ? result : { ...result, notKept };
}

/** The size of the file of an entry [bytes]. */
export function entryBytes(entry: Entry, count: number, samples: number): number {
  return HASH_LENGTH + 1 + headOf(entry).length + 1 + count * 16 + samples * 8;
}

/** Returns the bytes of the file if it holds a complete entry with this key. */
export async function wholeResult(path: string, key: string): Promise<Buffer | undefined> {
  const bytes = await bytesOf(path);
  return bytes === undefined ? undefined : bodyOf(bytes, key);
}

/** Copies an entry to a path. @throws the error of the system */
export async function copyEntry(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await writeWhole(to, await readFile(from), { isDisposable: true });
}

/** Returns the bytes of a regular file, and undefined for anything else: a pipe or a device may never end. */
async function bytesOf(path: string): Promise<Buffer | undefined> {
  return (await isFile(path)) ? readFile(path).catch(() => undefined) : undefined;
}

/** Whether the path is a regular file. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** Returns the result in the entry; undefined when there is no entry, or it is damaged. */
export async function readEntry({ path, key }: Entry, run: Run): Promise<RunResult | undefined> {
  const bytes = await bytesOf(path);
  if (bytes === undefined) return undefined;
  const result = unpacked(bytes, key, run);
  // Records the time of this use, because the entries that were unused for longest are removed first.
  if (result !== undefined) await touch(path);
  return result;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

/** Writes the bytes that `packed` made of a result. Returns the path and the reason when they cannot be kept. */
export async function keepBytes(entry: Entry, bytes: Buffer): Promise<string | undefined> {
  try {
    await makeFolder(dirname(entry.path));
    await writeWhole(entry.path, bytes, { isDisposable: true });
    return undefined;
  } catch (error) {
    const { path = entry.path } = error as NodeJS.ErrnoException;
    return `${path} cannot be written (${obstacleOf(error)})`;
  }
}

/** The bytes of an entry. */
export function packed(entry: Entry, result: RunResult): Buffer {
  const parts = [
    Buffer.from(`${headOf(entry)}\n`),
    ...columnsOf(result).map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ];
  return Buffer.concat([Buffer.from(`${hashOf(parts)}\n`), ...parts]);
}

/** Returns the result in the bytes of an entry; undefined when its hash or its key is wrong. */
export function unpacked(bytes: Buffer, key: string, { point, replication, first, count }: Run): RunResult | undefined {
  const columns = bodyOf(bytes, key);
  if (columns === undefined) return undefined;
  const samples = (columns.length - 16 * count) / 8;
  if (!Number.isInteger(samples) || samples < 0) return undefined;
  const result: RunResult = {
    point,
    replication,
    first,
    count,
    eventCounts: new Float64Array(count),
    digestLow: new Uint32Array(count),
    digestHigh: new Uint32Array(count),
    samples: new Float64Array(samples),
  };
  let at = 0;
  for (const { buffer, byteLength } of columnsOf(result)) {
    new Uint8Array(buffer).set(columns.subarray(at, at + byteLength));
    at += byteLength;
  }
  return result;
}

/** Returns the columns of an entry, as bytes; undefined when its hash or its key is wrong. */
function bodyOf(bytes: Buffer, key: string): Buffer | undefined {
  const body = bytes.subarray(HASH_LENGTH + 1);
  if (bytes.toString("latin1", 0, HASH_LENGTH) !== hashOf([body])) return undefined;
  const end = body.indexOf(NEWLINE);
  return aboutOf(body.toString("utf8", 0, end))?.key === key ? body.subarray(end + 1) : undefined;
}

/** The columns, in the order of the file. */
function columnsOf({ eventCounts, samples, digestLow, digestHigh }: RunResult) {
  return [eventCounts, samples, digestLow, digestHigh];
}

function headOf({ key, about }: Entry): string {
  return JSON.stringify({ key, ...about });
}

const about = z.looseObject({
  key: z.string(),
  experiment: z.string().optional(),
  model: z.string().optional(),
  seed: z.string().optional(),
});

/** Parses the second line of an entry, which says what the result is of; undefined when it is not such a line. */
export function aboutOf(line: string): z.infer<typeof about> | undefined {
  try {
    return about.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function hashOf(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
