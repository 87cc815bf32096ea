/**
 * The lines of other programs' text files, portion by portion, in bounded memory.
 *
 * The encoding is that of the byte order mark (UTF-8, or UTF-16 as PowerShell's `>` writes it). Without one it is UTF-8
 * if the first portion is valid UTF-8, otherwise windows-1252, in which older versions of Windows wrote the names of
 * zones and counters. Lines end with LF or CRLF.
 */
import { open } from "node:fs/promises";
import { TextDecoder } from "node:util";
import { refuseUnreadable } from "../read-text.ts";
import { UserError } from "../user-error.ts";

const PORTION_BYTES = 1 << 18;
/** The longest line [characters]: a log of 10,000 counters has a header of a megabyte. */
const LINE_LENGTH_MAX = 1 << 24;

/** Consecutive lines of a file, without their line ends. */
export interface Lines {
  /** The number of the first line, from 1. */
  readonly first: number;
  readonly texts: readonly string[];
  /** Whether the last line is incomplete: it has no line end. */
  readonly isCut: boolean;
}

/** @throws UserError when the file cannot be read, or is not text */
export async function* linesOf(path: string): AsyncIterable<Lines> {
  let first = 1;
  let open = "";
  for await (const piece of piecesOf(path)) {
    const texts = (open + piece).split("\n");
    open = texts.pop()!;
    if (open.length > LINE_LENGTH_MAX)
      throw new UserError(
        `${path}:${first + texts.length} has more than ${LINE_LENGTH_MAX} characters; a log has shorter lines`,
      );
    if (texts.length > 0) yield { first, texts: texts.map(withoutReturn), isCut: false };
    first += texts.length;
  }
  if (open !== "") yield { first, texts: [withoutReturn(open)], isCut: true };
}

/** Yields the text of a file in pieces. @throws UserError when the file cannot be read, or is not text */
export async function* piecesOf(path: string): AsyncIterable<string> {
  const file = await open(path, "r").catch((error: unknown) => refuseUnreadable(error, path));
  try {
    const bytes = new Uint8Array(PORTION_BYTES);
    let decoder: TextDecoder | undefined;
    for (;;) {
      const { bytesRead } = await file
        .read(bytes, 0, PORTION_BYTES)
        .catch((error: unknown) => refuseUnreadable(error, path));
      if (bytesRead === 0) break;
      const portion = bytes.subarray(0, bytesRead);
      decoder ??= decoderOf(portion);
      const text = decoder.decode(portion, { stream: true });
      if (text.includes("\0")) {
        throw new UserError(`${path} is not text; \`relog LOG.blg -f csv -o LOG.csv\` converts a binary log to text`);
      }
      yield text;
    }
    yield decoder?.decode() ?? "";
  } finally {
    await file.close();
  }
}

function decoderOf(portion: Uint8Array): TextDecoder {
  if (portion[0] === 0xff && portion[1] === 0xfe) return new TextDecoder("utf-16le");
  if (portion[0] === 0xfe && portion[1] === 0xff) return new TextDecoder("utf-16be");
  try {
    // A character may be divided at the end of a piece.
    new TextDecoder("utf-8", { fatal: true }).decode(portion, { stream: true });
    return new TextDecoder("utf-8");
  } catch {
    return new TextDecoder("windows-1252");
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
