/**
 * Units of amounts and times. The scales of tables are chosen from them (lab/reports/units.ts), and tables are sorted
 * by them (behaviour.ts).
 */

/** A unit, and its size in a base unit. */
export type Unit = readonly [name: string, size: number];

/** Units in which amounts are shown, largest first, by the unit of the response. */
export const displayUnits: Readonly<Record<string, readonly Unit[]>> = {
  B: [
    ["TB", 1e12],
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
    ["B", 1],
  ],
  us: [
    ["h", 3600e6],
    ["s", 1e6],
    ["ms", 1e3],
    ["us", 1],
  ],
};

export const DAYS_PER_YEAR = 365.25;

/** Times in words, longest first [d]. */
export const lengthsDays = {
  year: DAYS_PER_YEAR,
  month: DAYS_PER_YEAR / 12,
  day: 1,
  hour: 1 / 24,
  minute: 1 / 1440,
  second: 1 / 86_400,
  millisecond: 1 / 86_400_000,
} as const;

const US_PER_DAY = 86_400e6;

/** By name, also in the plural: the size in bytes, or in microseconds. */
const sizes: ReadonlyMap<string, number> = new Map([
  ...Object.values(displayUnits).flat(),
  ["d", US_PER_DAY],
  ["min", lengthsDays.minute * US_PER_DAY],
  ...Object.entries(lengthsDays).flatMap(([name, days]): Unit[] => [
    [name, days * US_PER_DAY],
    [`${name}s`, days * US_PER_DAY],
  ]),
]);

/** The number at the start of a cell or NaN; in bytes or microseconds if its unit, or that of its row, is known. */
export function numberIn(cell: string, rowUnit = ""): number {
  const pattern = /^\s*(?:at least |about )?([<>]?) ?([-+]?\d[\d.]*(?:e[-+]?\d+)?)(?: ([a-zA-Z]+))?/;
  const [, beyond, digits, own = ""] = pattern.exec(cell) ?? [];
  if (digits === undefined) return NaN;
  const size = sizes.get(own || rowUnit) ?? 1;
  // "> 7" sorts after 7.
  return Number(digits) * size * (beyond === ">" ? 1 + 1e-9 : 1);
}
