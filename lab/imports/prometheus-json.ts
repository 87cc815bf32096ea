/**
 * The response of Prometheus to query_range, as JSON: a matrix, series by series.
 *
 *     {"status":"success","data":{"resultType":"matrix","result":[
 *       {"metric":{"__name__":"windows_process_handles","instance":"PRN0001:9182"},
 *        "values":[[1709251215,"512"],...]}]}}
 *
 * Times are seconds, values are strings. Several servers and metrics may share a file. A file is read series by series,
 * with only one series in memory at a time. A fault is reported with its line and the text there.
 *
 * Source: "HTTP API", prometheus.io/docs/prometheus/latest/querying/api.
 */
import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { UserError } from "../user-error.ts";
import { amountOf } from "./amounts.ts";
import type { Collector } from "./collector.ts";
import type { LogFile } from "./formats.ts";
import { piecesOf } from "./log-lines.ts";
import type { SeriesFinder } from "./series-finder.ts";
import { PrometheusReader } from "./prometheus-series.ts";
import { epochOf } from "./stamps.ts";

/** The longest series [characters]; 11,000 samples, the most that Prometheus returns, need less than 400,000. */
const SERIES_LENGTH_MAX = 1 << 26;
/** In a longer text without a series nobody looks for the mistake. */
const HEAD_LENGTH_MAX = 1 << 20;

/** @throws UserError when the file cannot be read, or is not such a response */
export async function readPrometheusJson(file: LogFile, finder: SeriesFinder, out: Collector): Promise<void> {
  const reader = new PrometheusReader(file, finder, out);
  let head = "";
  let isHeadRead = false;
  for await (const { text, line } of elementsOf(file.path, (before) => (head = before))) {
    if (!isHeadRead) checkHead(file.path, head);
    isHeadRead = true;
    readSeries(text, line, reader, out);
    await file.flush();
  }
  if (isHeadRead) return;
  const broken = head.length > HEAD_LENGTH_MAX ? undefined : brokenAt(await readFile(file.path, "utf8"));
  if (broken !== undefined) throw new UserError(`${file.path}:${broken.line}:${broken.col} is broken JSON`);
  checkHead(file.path, head);
}

/** The position of the first mistake in a text that should be JSON, from 1; undefined if it has none. */
function brokenAt(text: string): { readonly line: number; readonly col: number } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    // The message of JSON.parse names a place in some cases only. JSON is YAML, whose parser always does.
    const lineCounter = new LineCounter();
    const [mistake] = parseDocument(text, { lineCounter, prettyErrors: false }).errors;
    return lineCounter.linePos(mistake?.pos[0] ?? text.length);
  }
}

/** @throws UserError when the text before the first series is not that of a query_range response */
function checkHead(path: string, head: string): void {
  const [, error] = /"error"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(head) ?? [];
  if (error !== undefined) throw new UserError(`${path}:1 is an error response of Prometheus: ${error}`);
  const [, type] = /"resultType"\s*:\s*"(\w+)"/.exec(head) ?? [];
  if (type !== undefined && type !== "matrix") {
    throw new UserError(`${path}:1 resultType is ${type}; it must be matrix, as query_range returns it`);
  }
  if (!/"result"\s*:/.test(head)) throw withoutResult(path);
}

function withoutResult(path: string): UserError {
  return new UserError(`${path}:1 is not a response of Prometheus: it has no result`);
}

function readSeries(text: string, line: number, reader: PrometheusReader, out: Collector): void {
  const series = seriesIn(text);
  if (typeof series === "string") return out.fault(line, text, series);
  const { __name__: name = "", ...labels } = series.metric;
  const add = reader.series(name, labels, { number: line, text });
  if (add === undefined) return;
  for (const sample of series.values) {
    const [time, value] = Array.isArray(sample) ? (sample as unknown[]) : [];
    if (typeof time !== "number" || typeof value !== "string" || (sample as unknown[]).length !== 2) {
      out.fault(line, JSON.stringify(sample), "a sample is a time in seconds and a value in quotes");
      continue;
    }
    const stamp = epochOf(String(time));
    const amount = value === "NaN" ? NaN : amountOf(value);
    if (typeof stamp === "string") out.fault(line, JSON.stringify(sample), stamp);
    else if (typeof amount === "string") out.fault(line, JSON.stringify(sample), amount);
    else if (!Number.isNaN(amount)) add(stamp, amount, line);
  }
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
}

/** Parses a series; returns the rule that it breaks if it is malformed. */
function seriesIn(text: string): Series | string {
  let series: Partial<Record<"metric" | "values", unknown>> | null;
  try {
    series = JSON.parse(text) as typeof series;
  } catch {
    const { line, col } = brokenAt(text)!;
    return `it is broken JSON, ${line === 1 ? "" : `${line - 1} lines on, `}at character ${col}`;
  }
  const { metric, values } = series ?? {};
  const isLabels =
    typeof metric === "object" && metric !== null && Object.values(metric).every((label) => typeof label === "string");
  if (!isLabels || !Array.isArray(values))
    return "a series has a metric, which is a map of labels, and a list of values";
  return { metric: metric as Record<string, string>, values: values as unknown[] };
}

/**
 * Yields the elements of the list "result" as text, each with the number of its first line.
 *
 * @param onHead called with the text before the list, or with the whole file if there is no list
 * @throws UserError when the file ends inside the list
 */
async function* elementsOf(
  path: string,
  onHead: (head: string) => void,
): AsyncIterable<{ readonly text: string; readonly line: number }> {
  let text = "";
  let line = 1;
  let isInList = false;
  let isOver = false;
  const skip = (count: number) => {
    for (let at = text.indexOf("\n"); at !== -1 && at < count; at = text.indexOf("\n", at + 1)) line++;
    text = text.slice(count);
  };
  for await (const piece of piecesOf(path)) {
    if (isOver) continue;
    text += piece;
    if (!isInList) {
      const begin = /"result"\s*:\s*\[/.exec(text);
      onHead(text);
      if (begin === null) {
        if (text.length > SERIES_LENGTH_MAX) throw withoutResult(path);
        continue;
      }
      isInList = true;
      skip(begin.index + begin[0].length);
    }
    for (;;) {
      skip(/^[\s,]*/.exec(text)![0].length);
      if (text.startsWith("]")) {
        isOver = true;
        break;
      }
      const end = endOfElement(text);
      if (end === -1) break;
      yield { text: text.slice(0, end), line };
      skip(end);
    }
    if (text.length > SERIES_LENGTH_MAX) throw new UserError(`${path}:${line} has a series without an end`);
  }
  if (isInList && !isOver)
    throw new UserError(
      `${path}:${line} is broken JSON: it ends in the middle of a series: ${JSON.stringify(text.slice(0, 60))}`,
    );
}

/**
 * The index after the brace that closes the element at the start of the text; -1 if the text does not contain it yet.
 */
function endOfElement(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfText(text, at);
      if (at === -1) return -1;
    } else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth <= 0) return at + 1;
    else if (depth === 0 && (character === "," || character === "]")) return at;
  }
  return -1;
}

/** The index of the quote that ends the string whose opening quote is at `from`. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}
