/** Detects the format of a log by its first lines. */
import { UserError } from "../user-error.ts";
import type { LogFile } from "./formats.ts";
import { delimiterOf } from "./mapped-csv.ts";
import { isOpenMetrics } from "./open-metrics.ts";
import { isPageLog } from "./page-log.ts";
import { zoneOf } from "./pdh-csv.ts";
import { isPrintEvents } from "./print-events.ts";
import { linesOf, piecesOf } from "./log-lines.ts";

/** The number of lines examined to determine the format. */
const LINES_MAX = 20;

/**
 * Determines the format from the first lines. @throws UserError when the file cannot be read, or its format is unknown
 */
export async function formatOf(path: string): Promise<Omit<LogFile, "server" | "decimal" | "flush">> {
  const [start] = (await firstText(path)).trimStart();
  if (start === "{") return { path, format: "prometheus-json", delimiter: "" };
  const lines = await firstLines(path);
  const [first] = lines;
  if (first === undefined) throw new UserError(`${path} is empty`);
  for (const line of lines) {
    const zone = zoneOf(line);
    if (zone !== undefined) return { path, format: "pdh-csv", ...zone };
  }
  if (lines.some(isOpenMetrics)) return { path, format: "open-metrics", delimiter: "" };
  if (lines.some(isPageLog)) return { path, format: "page-log", delimiter: "" };
  const header = first.startsWith("#TYPE") ? (lines[1] ?? "") : first;
  return { path, format: isPrintEvents(header) ? "print-events" : "csv", delimiter: delimiterOf(header) };
}

async function firstText(path: string): Promise<string> {
  for await (const piece of piecesOf(path)) return piece;
  return "";
}

async function firstLines(path: string): Promise<string[]> {
  for await (const { texts } of linesOf(path)) {
    const lines = texts.slice(0, LINES_MAX).filter((text) => text.trim() !== "");
    if (lines.length > 0) return lines;
  }
  return [];
}
