/**
 * The records of other programs' CSV files, each with its line number.
 *
 * csv-parse parses large portions, which is fast. If it rejects a portion, the portion is parsed record by record, so
 * that a bad line costs one record. A record ends at the end of its line unless a quote is open; then it may span up to
 * `LINES_MAX` lines. A quote that is still open by then is taken to be part of its own line, and nothing after it is
 * lost.
 */
import { parse, type Options } from "csv-parse/sync";
import { linesOf } from "./log-lines.ts";

const LINES_MAX = 50;

const QUOTE = "it has a quote that is not closed";
/** The fault of a last line without a line end, because its rest may be missing. */
export const CUT = "the file ends in the middle of it";

export interface CsvRecord {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** The cells, or the rule that the record breaks: its quotes are malformed, or the file ends inside it. */
  readonly cells: readonly string[] | string;
  /** The text in the file. */
  readonly text: string;
}

/** @throws UserError when the file cannot be read */
export async function* csvRecords(path: string, delimiter: string): AsyncIterable<readonly CsvRecord[]> {
  let open: { line: number; texts: string[] } | undefined;
  for await (const { first, texts, isCut } of linesOf(path)) {
    const whole: { line: number; text: string }[] = [];
    const close = ({ line, texts: parts }: { line: number; texts: string[] }, isClosed: boolean) => {
      if (isClosed) whole.push({ line, text: parts.join("\n") });
      else parts.forEach((text, i) => whole.push({ line: line + i, text }));
    };
    for (const [i, text] of texts.entries()) {
      const isOdd = hasOpenQuote(text);
      if (open === undefined && !isOdd) whole.push({ line: first + i, text });
      else if (open === undefined) open = { line: first + i, texts: [text] };
      else {
        open.texts.push(text);
        if (!isOdd && open.texts.length < LINES_MAX) continue;
        close(open, isOdd);
        open = undefined;
      }
    }
    if (isCut && open !== undefined) {
      close(open, false);
      open = undefined;
    }
    yield recordsOf(whole, delimiter, isCut);
  }
  if (open !== undefined) {
    const { line, texts } = open;
    yield recordsOf(
      texts.map((text, i) => ({ line: line + i, text })),
      delimiter,
      false,
    );
  }
}

function hasOpenQuote(text: string): boolean {
  let isOpen = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOpen = !isOpen;
  return isOpen;
}

function recordsOf(
  whole: readonly { readonly line: number; readonly text: string }[],
  delimiter: string,
  isCut: boolean,
): CsvRecord[] {
  const last = whole.at(-1);
  if (isCut && last !== undefined && !last.text.endsWith('"')) {
    return [...recordsOf(whole.slice(0, -1), delimiter, false), { ...last, cells: CUT }];
  }
  const cells = cellsOf(whole.map(({ text }) => text).join("\n"), delimiter);
  if (cells?.length === whole.length) return whole.map((one, i) => ({ ...one, cells: cells[i]! }));
  return whole.map((one, i) => {
    const own = isCut && i === whole.length - 1 && hasOpenQuote(one.text) ? undefined : cellsOf(one.text, delimiter);
    return { ...one, cells: own?.length === 1 ? own[0]! : QUOTE };
  });
}

function cellsOf(text: string, delimiter: string): string[][] | undefined {
  const options: Options = { delimiter, record_delimiter: "\n", relax_column_count: true, skip_empty_lines: false };
  try {
    return text === "" ? [[""]] : (parse(text, options) as unknown as string[][]);
  } catch {
    return undefined;
  }
}
