/** What the data type of a job means for the port thread that prints it: chunks, speed, printer DCs, unwinding. */
import type { Duration } from "../../sim/event-list.ts";
import { wholeMicroseconds } from "../../sim/variates.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import { EMF, RAW, TEXT } from "./workload.ts";

export interface Medium {
  readonly chunkBytes: number;
  readonly bytesPerSecond: number;
  readonly chunkUs: Duration;
  readonly testsAtEnd: 0 | 1;
  readonly holdsDc: 0 | 1;
  readonly unwindEndUs: number;
  readonly unwindAbortUs: number;
}

/** The media by data type: RAW, TEXT, EMF. */
export function mediaOf(values: PrintServersValues): Medium[] {
  const lprUs = values.unwindLprMs * 1000;
  const medium = (type: number, chunkBytes: number, bytesPerPage: number): Medium => {
    const bytesPerSecond = (values.portBytesPerSecond * bytesPerPage) / values.rawBytesPerPage;
    const endUs = (type === RAW ? values.unwindRawMs : values.unwindEndMs) * 1000;
    return {
      chunkBytes,
      bytesPerSecond,
      chunkUs: wholeMicroseconds((chunkBytes / bytesPerSecond) * 1e6),
      testsAtEnd: type === TEXT ? 1 : 0,
      holdsDc: type === TEXT || (type === EMF && values.emfHoldsDc) ? 1 : 0,
      unwindEndUs: values.portMonitor === "lpr" ? lprUs : endUs,
      unwindAbortUs: (type === RAW ? values.unwindRawMs : values.unwindAbortMs) * 1000,
    };
  };
  return [
    medium(RAW, values.rawChunkBytes, values.rawBytesPerPage),
    medium(TEXT, values.textChunkBytes, values.textBytesPerPage),
    medium(EMF, values.emfChunkBytes, values.emfBytesPerPage),
  ];
}
