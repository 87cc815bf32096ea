/**
 * Counters of a print server: those of Performance Monitor in the log of a simulated server, and where logs of real
 * servers show the same.
 *
 * Sources: the object Process of Windows NT 4.0 and later, and Process V2 of Windows 11; the object Print Queue of
 * Windows 2000 and later, whose instance _Total is the server; windows_exporter's collectors process, memory and
 * printer (docs/collector.*.md of prometheus-community/windows_exporter; the metrics began with wmi_ before 2020).
 */
import type { Counter, LoggedResponses } from "../contract/logs.ts";
import type { ResponseName } from "./responses.ts";
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

export const logged: LoggedResponses<ResponseName> = {
  processes: ["spoolsv", "spoolss"],
  responses: [
    {
      response: "privateBytes",
      counters: ["Process(%s)\\Private Bytes", "Process V2(%s)\\Private Bytes"],
      metrics: [{ name: "windows_process_private_bytes" }, { name: "wmi_process_private_bytes" }],
    },
    {
      response: "handles",
      counters: ["Process(%s)\\Handle Count", "Process V2(%s)\\Handle Count"],
      metrics: [{ name: "windows_process_handles" }, { name: "wmi_process_handle_count" }],
    },
    {
      response: "pagedPoolBytes",
      counters: ["Memory\\Pool Paged Bytes"],
      metrics: [{ name: "windows_memory_pool_paged_bytes" }],
    },
    // The pool charged to the process; the pool of the server is more accurate and comes first.
    {
      response: "pagedPoolBytes",
      counters: ["Process(%s)\\Pool Paged Bytes", "Process V2(%s)\\Pool Paged Bytes"],
      metrics: [
        { name: "windows_process_pool_bytes", labels: { pool: "paged" } },
        { name: "wmi_process_pool_bytes", labels: { pool: "paged" } },
      ],
    },
    {
      response: "nonpagedPoolBytes",
      counters: ["Memory\\Pool Nonpaged Bytes"],
      metrics: [{ name: "windows_memory_pool_nonpaged_bytes" }],
    },
    {
      response: "nonpagedPoolBytes",
      counters: ["Process(%s)\\Pool Nonpaged Bytes", "Process V2(%s)\\Pool Nonpaged Bytes"],
      metrics: [
        { name: "windows_process_pool_bytes", labels: { pool: "nonpaged" } },
        { name: "wmi_process_pool_bytes", labels: { pool: "nonpaged" } },
      ],
    },
    {
      response: "jobsPrinted",
      counters: ["Print Queue(_Total)\\Total Jobs Printed"],
      metrics: [{ name: "windows_printer_job_count" }],
      isSum: true,
    },
    { response: "jobsExisting", counters: ["Print Queue(_Total)\\Jobs"], metrics: [] },
  ],
  process: {
    counters: ["Process(%s)\\ID Process", "Process V2(%s)\\Process ID"],
    metrics: [{ name: "windows_process_start_time" }, { name: "windows_process_start_time_seconds_timestamp" }],
  },
  givenBack: ["privateBytes", "handles"],
};
