/**
 * The limits of a print server: for each resource, the lowest level at which one more is refused.
 *
 * A limit is about a level that an administrator could read. kernel.ts decides what happens and when, by asking whether
 * one more would fit. Jobs that are printing hold some of the resources for a while, so a server may refuse during the
 * day what it would have granted at night.
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
      ...upTo(values.dcsMax, values.dcsPerGdiInstance),
      base: values.dcsBase,
      setBy: ["dcsMax"],
    },
    {
      response: "gdiHandles",
      eventTime: "gdiCeilingUs",
      ...upTo(values.gdiHandlesMax, values.gdiHandlesPerGdiInstance),
      base: values.gdiHandlesBase,
      setBy: ["gdiHandlesMax"],
    },
    {
      response: "pagedPoolBytes",
      eventTime: "poolCeilingUs",
      ...upTo(values.pagedPoolBytesMax, values.poolBytesPerGdiInstance),
      base: values.pagedPoolBytesBase,
      setBy: ["pagedPoolBytesMax"],
    },
    {
      response: "privateBytes",
      eventTime: "exhaustedUs",
      ...upTo(commitBytesMax, heapBytes),
      base: values.privateBytesBase + values.privateBytesPerPrinter * values.printers,
      setBy: ["ramBytes", "pagefileBytes"],
    },
    {
      response: "handles",
      eventTime: "handlesCeilingUs",
      ...upTo(values.handlesMax, 0),
      base: values.handlesBase,
      setBy: ["handlesMax"],
      isOnlyRecorded: true,
    },
    {
      response: "nonpagedPoolBytes",
      eventTime: "nonpagedCeilingUs",
      ...upTo(values.nonpagedPoolBytesMax, 0),
      base: values.nonpagedPoolBytesBase,
      setBy: ["nonpagedPoolBytesMax"],
    },
  ];
}

/** A limit whose level is the lowest at which adding `more` would exceed the maximum. */
function upTo(most: number, more: number): Pick<Limit, "level" | "most"> {
  return { level: most - more + 1, most };
}
