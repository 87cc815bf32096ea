/**
 * Samples of Prometheus as text: OpenMetrics 1.0 with its times in seconds, and the older exposition format 0.0.4 with
 * its times in milliseconds.
 *
 *     windows_process_handles{instance="PRN0001:9182",process="spoolsv"} 512 1709251215
 *
 * Sources: the OpenMetrics specification (openmetrics.io), "Exposition formats" of prometheus.io. `promtool tsdb
 * dump-openmetrics` writes it from a Prometheus. What an exporter answers to a scrape has no times, and is of no use.
 */
import { amountOf } from "./amounts.ts";
import type { Collector } from "./collector.ts";
import { CUT } from "./csv-records.ts";
import type { LogFile } from "./formats.ts";
import { linesOf } from "./log-lines.ts";
import { PrometheusReader } from "./prometheus-series.ts";
import type { SeriesFinder } from "./series-finder.ts";
import { epochOf } from "./stamps.ts";

const SAMPLE = /^([A-Za-z_:][\w:]*)\s*(?:\{(.*)\})?\s+(\S+)(?:\s+(\S+))?(?:\s+#.*)?$/;
const LABEL = /\s*([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;

/** Whether a line may be in this format. */
export function isOpenMetrics(line: string): boolean {
  return /^# (HELP|TYPE|UNIT|EOF)\b/.test(line) || (SAMPLE.test(line) && line.includes("{"));
}

/** @throws UserError when the file cannot be read */
export async function readOpenMetrics(file: LogFile, finder: SeriesFinder, out: Collector): Promise<void> {
  const reader = new PrometheusReader(file, finder, out);
  for await (const { first, texts, isCut } of linesOf(file.path)) {
    for (const [i, text] of texts.entries()) {
      if (text.trim() === "" || text.startsWith("#")) continue;
      if (isCut) out.fault(first + i, text, CUT);
      else readSample(text, first + i, reader, out);
    }
    await file.flush();
  }
}

function readSample(text: string, line: number, reader: PrometheusReader, out: Collector): void {
  const [whole, name, labelText = "", valueText, stampText] = SAMPLE.exec(text.trim()) ?? [];
  if (whole === undefined) return out.fault(line, text, "a sample is a name, labels in braces, a value and a time");
  const labels = labelsOf(labelText);
  if (labels === undefined) return out.fault(line, text, 'labels are name="value", with commas between');
  const add = reader.series(name!, labels, { number: line, text });
  if (add === undefined) return;
  if (stampText === undefined) {
    return out.fault(line, text, "it has no time; promtool tsdb dump-openmetrics, or query_range, writes times");
  }
  const stamp = epochOf(stampText);
  if (typeof stamp === "string") return out.fault(line, stampText, stamp);
  if (valueText === "NaN") return;
  const value = amountOf(valueText!);
  if (typeof value === "string") return out.fault(line, valueText!, value);
  add(stamp, value, line);
}

/** Parses the labels between the braces; undefined if they are malformed. */
export function labelsOf(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (match === null) return undefined;
    labels[match[1]!] = match[2]!.replace(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one));
  }
  return labels;
}
