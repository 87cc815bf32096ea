/**
 * Amounts in logs: each text is read in exactly one way, or refused.
 *
 * A comma is a decimal mark in half of the world and separates thousands in the other half; a point does the opposite.
 * Most numbers can be read in one way only: 7027,74 and 0,125 have a decimal comma, and 1,204,500 and 1,204.5 have
 * thousands. 1,204 and 1.204 can be read in both, so all numbers of their file decide together (DecimalMarks). If they
 * do not, or contradict each other, such a number is refused unless the user names the decimal mark. Only if commas
 * separate the cells of the file, and no comma is in doubt, does 1.204 have a decimal point: where the decimal mark is
 * a comma, files are separated by semicolons or tabs.
 *
 * No counter is negative or has more than 64 bits.
 */
import type { CsvRecord } from "./csv-records.ts";
import type { LogFile } from "./formats.ts";

/** The decimal mark of a file: that of its unambiguous numbers. */
export type DecimalMark = "," | "." | "none seen" | "both seen";

export const POINT_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const COMMA_NUMBER = /^[+-]?\d+,\d+(?:[eE][+-]?\d{1,3})?$/;
/** Thousands, with one separator or more, and a decimal part or none. */
const COMMA_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/;
const POINT_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/;

/** The greatest value of an unsigned 64-bit counter is one less, which is the same floating-point number. */
const AMOUNT_MAX = 18_446_744_073_709_551_616;

/** Gathers what the numbers of a file say about its decimal mark. */
export class DecimalMarks {
  private readonly delimiter: string;
  private hasComma: boolean;
  private hasPoint: boolean;
  private hasDoubtfulComma: boolean;

  /** @param delimiter what separates the cells of the file */
  constructor(delimiter: string) {
    this.delimiter = delimiter;
    this.hasComma = false;
    this.hasPoint = false;
    this.hasDoubtfulComma = false;
  }

  /** Looks at a cell; texts that are not numbers say nothing. */
  see(text: string): void {
    const trimmed = text.trim();
    if (isAmbiguous(trimmed)) this.hasDoubtfulComma ||= trimmed.includes(",");
    else if (COMMA_NUMBER.test(trimmed) || POINT_THOUSANDS.test(trimmed)) this.hasComma = true;
    else if (COMMA_THOUSANDS.test(trimmed) || (trimmed.includes(".") && POINT_NUMBER.test(trimmed)))
      this.hasPoint = true;
  }

  get mark(): DecimalMark {
    if (this.hasComma) return this.hasPoint ? "both seen" : ",";
    return this.hasPoint || (this.delimiter === "," && !this.hasDoubtfulComma) ? "." : "none seen";
  }
}

/**
 * The decimal mark of a file: that which the user names, or else that of its numbers. It is looked for, once, when a
 * number is met that needs it.
 */
export class FileMark {
  /** Valid for the records that were last passed to `meet`. */
  mark: DecimalMark;
  private readonly find: () => Promise<DecimalMark>;
  private isFound: boolean;

  /** @param find reads the whole file for its decimal mark */
  constructor({ decimal }: Pick<LogFile, "decimal">, find: () => Promise<DecimalMark>) {
    this.mark = decimal ?? "none seen";
    this.find = find;
    this.isFound = decimal !== undefined;
  }

  async meet(records: readonly CsvRecord[]): Promise<void> {
    if (this.isFound || !records.some(({ cells }) => typeof cells !== "string" && cells.some(isAmbiguous))) return;
    this.isFound = true;
    this.mark = await this.find();
  }
}

/** Whether a number such as 1,204 or 1.204 needs the decimal mark of its file to be read. */
function isAmbiguous(text: string): boolean {
  return /^\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*$/.test(text);
}

/**
 * Parses a number that is not negative; returns the rule that it breaks otherwise.
 *
 * @param mark the decimal mark of the file; undefined in a format whose numbers never have a comma or thousands
 */
export function amountOf(text: string, mark?: DecimalMark): number | string {
  const value = numberOf(text.trim(), mark);
  if (typeof value === "string") return value;
  if (value < 0) return "it is below 0";
  return value <= AMOUNT_MAX ? value : "it is more than a 64-bit counter can hold";
}

function numberOf(text: string, mark: DecimalMark | undefined): number | string {
  if (mark !== undefined && isAmbiguous(text)) return ambiguous(text, mark);
  if (POINT_NUMBER.test(text)) return Number(text);
  if (mark === undefined) return "it is not a number";
  if (COMMA_NUMBER.test(text)) return withPoint(text, ",");
  if (COMMA_THOUSANDS.test(text)) return withPoint(text, ".");
  return POINT_THOUSANDS.test(text) ? withPoint(text, ",") : "it is not a number";
}

function ambiguous(text: string, mark: DecimalMark): number | string {
  if (mark === "," || mark === ".") return withPoint(text, mark);
  const name = text.includes(",") ? "comma" : "point";
  const but = mark === "none seen" ? "do not say which" : "have both decimal marks";
  return `the ${name} can be a decimal mark or separate thousands, and the other numbers of the file ${but}; choose decimal comma or point`;
}

function withPoint(text: string, mark: "," | "."): number {
  return Number(text.replaceAll(mark === "," ? "." : ",", "").replace(",", "."));
}
