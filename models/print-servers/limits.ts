/**
 * What of a print server can run out: the least level of a gauge at which one more is refused.
 *
 * A level that an administrator would read reaches it or not; what then happens, and when, is for kernel.ts,
 * which asks with one more in hand. Jobs that are printing hold some for a while, so a server may be refused by day
 * what it would have had at night.
 */
import type { Limit } from "../contract/responses.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";

export function limits(values: PrintServersValues): Limit[] {
  const commitBytesMax = values.ramBytes + values.pagefileBytes - values.commitBytesBase;
  const heapBytes = Math.max(values.heapBytesPerJob, values.heapBytesPerInstance);
  return [
    {
      response: "printerDcs",
      eventTime: "dcCeilingUs",
      level: refusedFrom(values.dcsMax, values.dcsPerGdiInstance),
      base: values.dcsBase,
    },
    {
      response: "gdiHandles",
      eventTime: "gdiCeilingUs",
      level: refusedFrom(values.gdiHandlesMax, values.gdiHandlesPerGdiInstance),
      base: values.gdiHandlesBase,
    },
    {
      response: "pagedPoolBytes",
      eventTime: "poolCeilingUs",
      level: refusedFrom(values.pagedPoolBytesMax, values.poolBytesPerGdiInstance),
      base: values.pagedPoolBytesBase,
    },
    {
      response: "privateBytes",
      eventTime: "exhaustedUs",
      level: refusedFrom(commitBytesMax, heapBytes),
      base: values.privateBytesBase + values.privateBytesPerPrinter * values.printers,
    },
    {
      response: "handles",
      eventTime: "handlesCeilingUs",
      level: refusedFrom(values.handlesMax, 0),
      base: values.handlesBase,
    },
    {
      response: "nonpagedPoolBytes",
      eventTime: "nonpagedCeilingUs",
      level: refusedFrom(values.nonpagedPoolBytesMax, 0),
      base: values.nonpagedPoolBytesBase,
    },
  ];
}

/** The least level at which so many more would be beyond the most there may be. */
function refusedFrom(most: number, more: number): number {
  return most - more + 1;
}
