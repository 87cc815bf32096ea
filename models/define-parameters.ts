/** Helpers that describe parameters: numbers, shares, lists, choices; and the sum of shares. */

export function number(unit: string, value: number, [min, max]: [number, number], meaning: string, source: string) {
  return { kind: "number", unit, default: value, min, max, meaning, source } as const;
}

export function whole(unit: string, value: number, range: [number, number], meaning: string, source: string) {
  return { ...number(unit, value, range, meaning, source), whole: true } as const;
}

export function share(value: number, meaning: string, source: string) {
  return number("1", value, [0, 1], meaning, source);
}

export function choice<const Choice extends string>(
  value: Choice,
  choices: readonly Choice[],
  meaning: string,
  source: string,
) {
  return { kind: "choice", default: value, choices, meaning, source } as const;
}

export function list(
  unit: string,
  lengths: readonly number[],
  [min, max]: [number, number],
  meaning: string,
  source: string,
) {
  return { kind: "list", unit, default: "", min, max, lengths, meaning, source } as const;
}

export function onOff(value: boolean, meaning: string, source: string) {
  return { kind: "switch", default: value, meaning, source } as const;
}

/**
 * A text.
 * @param rule the syntax, in a few words
 */
export function text(rule: string, meaning: string, source: string) {
  return { kind: "text", default: "", rule, meaning, source } as const;
}

/** The sum of shares, without rounding errors in the last digits: 0.7 + 0.2 + 0.1 is 1. */
export function sumOfShares(...shares: readonly number[]): number {
  return Number(shares.reduce((sum, each) => sum + each, 0).toPrecision(15));
}
