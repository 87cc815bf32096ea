/**
 * How a number is told to people: three significant digits, in the unit that suits its size. What programs read is in
 * the tables, with every digit.
 */

/** A unit in which numbers are told. */
export interface Scale {
  readonly unit: string;
  /** How many of the response's own unit it is. */
  readonly size: number;
  readonly text: (value: number) => string;
}

const steps: Readonly<Record<string, readonly [unit: string, size: number][]>> = {
  B: [
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

/** The unit in which a value of this size is told. */
export function scaleOf(unit: string, value: number): Scale {
  const [name, size] = steps[unit]?.find(([, step]) => Math.abs(value) >= step) ?? steps[unit]?.at(-1) ?? [unit, 1];
  return { unit: name, size, text: (amount) => significant(amount / size) };
}

/** Three significant digits, without an exponent where people do not want one. */
export function significant(value: number): string {
  if (value === 0 || Number.isNaN(value)) return value === 0 ? "0" : "";
  const text = value.toPrecision(3);
  return text.includes("e") ? String(Math.abs(value) < 1e6 && Math.abs(value) > 1e-6 ? Number(text) : text) : text;
}

/** "1 server", "2 servers". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

export function days(value: number): string {
  return `${significant(value).replace(/\.0+$/, "")} ${value === 1 ? "day" : "days"}`;
}

/** "leakedPagedPoolBytes" in kB is told as "paged pool bytes [kB]". */
export function resourceName(response: string, unit: string): string {
  const name = plainName(response.replace(/^leaked|Us$/g, "")).replace("processors leaked", "print processors");
  return unit === "1" ? name : `${name} [${unit}]`;
}

/** The words of a name in camel case: "gdiHandles" is "GDI handles". */
export function plainName(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words
    .replace(/\bdc(s?)\b/, "DC$1")
    .replace(/\bgdi\b/, "GDI")
    .replace("by lpr", "by the LPR monitor")
    .replace("pop ups", "pop-ups");
}
