/**
 * The responses of a model made of parts, each with its column, and means of two responses.
 *
 * For the roles and the other fields, see Response in contract/responses.ts.
 */
import type { Column } from "../contract/instance.ts";
import type { Response } from "../contract/responses.ts";
import type { MeanOf, Measured } from "./assemble-model.ts";

type More = Partial<Omit<Response, "name" | "unit" | "role" | "meaning">>;

/** The number of times that something has happened. */
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

/** A running total of a resource that was never released. */
export function leak(unit: string, meaning: string, column: Column, more: More = {}): Measured {
  return { unit, role: "leak", meaning, column, ...more };
}

/** When something first happened [us]: NaN before that, so its column is created as kit.column(NaN). */
export function eventTime(meaning: string, column: Column, more: More = {}): Measured {
  return { unit: "us", role: "eventTime", meaning, column, ...more };
}

/**
 * total(of) / total(per).
 * @param unit the unit of the result
 */
export function mean(unit: string, of: string, per: string, meaning: string): MeanOf {
  return { unit, of, per, meaning };
}
