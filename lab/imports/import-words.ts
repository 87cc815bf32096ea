/** The wording for imports: dates and incidents. */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { dayOfText, stampText } from "../calendar.ts";
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
