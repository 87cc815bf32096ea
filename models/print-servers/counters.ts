/** The counters of Performance Monitor that the print servers have. */
import type { Counter } from "../model.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";

/** The counters of NT 4.0; it had none for GDI handles or DCs, and the object Print Queue came with Windows 2000. */
export function counters({ commitBytesBase, ramBytes, pagefileBytes }: PrintServersValues): Counter[] {
  return [
    { path: "Process(%s)\\Private Bytes", response: "privateBytes" },
    { path: "Process(%s)\\Handle Count", response: "handles" },
    { path: "Memory\\Pool Paged Bytes", response: "pagedPoolBytes" },
    { path: "Memory\\Committed Bytes", response: "privateBytes", plus: commitBytesBase },
    { path: "Memory\\Commit Limit", plus: ramBytes + pagefileBytes },
  ];
}
