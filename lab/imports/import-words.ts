/** The wording for imports: dates and incidents. */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { dayOfText, stampText } from "../calendar.ts";
import { counted } from "../reports/format.ts";
import type { ImportRecord } from "./import-record.ts";
import type { IncidentKind } from "./incidents.ts";

/** In the order of the report. */
export const incidentWords: readonly { readonly kind: IncidentKind; readonly noun: string }[] = [
  { kind: "restart", noun: "restart" },
  { kind: "gap", noun: "gap" },
  { kind: "wrap", noun: "wrap" },
  { kind: "reset", noun: "reset" },
  { kind: "clock", noun: "clock change" },
];

/** Formats a time of an import as a local date and time. */
export function dateOfImport({ start }: Pick<ImportRecord, "start">, timeUs: number): string {
  return stampText(dayOfText(start)! * US_PER_DAY + timeUs);
}

/** Which files are not in order of time. */
export function sortedTexts({ sources }: Pick<ImportRecord, "sources">): string[] {
  return sources.flatMap(({ path, sorted = 0 }) =>
    sorted === 0
      ? []
      : [`${path} is not in order of time (${counted(sorted, "line")} out of place), so its lines were sorted.`],
  );
}

/** How much is left out, if anything is. */
export function leftOutTexts({ sources }: Pick<ImportRecord, "sources">): string[] {
  const count = sources.reduce((sum, { unreadable }) => sum + unreadable, 0);
  if (count === 0) return [];
  return [
    count === 1
      ? "1 line or value of the logs is left out; faults.csv says why."
      : `${count} lines or values of the logs are left out; faults.csv says why.`,
  ];
}
