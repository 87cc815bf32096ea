/**
 * What is measured of a model made of parts: a response with the column that holds it, and means of two responses.
 *
 * What a role means, and what else a response may say: Response in model.ts.
 */
import type { Column } from "../contract/instance.ts";
import type { Response } from "../contract/responses.ts";
import type { MeanOf, Measured } from "./assemble-model.ts";

type More = Partial<Omit<Response, "name" | "unit" | "role" | "meaning">>;

/** How often something has happened. */
export function count(meaning: string, column: Column, more: More = {}): Measured {
  return { unit: "1", role: "count", meaning, column, ...more };
}

/** A running sum. */
export function total(unit: string, meaning: string, column: Column, more: More = {}): Measured {
  return { unit, role: "total", meaning, column, ...more };
}

/** A level that an administrator could read now. */
export function gauge(unit: string, meaning: string, column: Column, more: More = {}): Measured {
  return { unit, role: "gauge", meaning, column, ...more };
}

/** A running total of a resource that was never given back. */
export function leak(unit: string, meaning: string, column: Column, more: More = {}): Measured {
  return { unit, role: "leak", meaning, column, ...more };
}

/** When something first happened [us]: NaN until then, so its column begins as kit.column(NaN). */
export function eventTime(meaning: string, column: Column, more: More = {}): Measured {
  return { unit: "us", role: "eventTime", meaning, column, ...more };
}

/** total(of) / total(per). @param unit that of the result */
export function mean(unit: string, of: string, per: string, meaning: string): MeanOf {
  return { unit, of, per, meaning };
}
