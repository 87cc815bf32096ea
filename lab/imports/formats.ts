/**
 * The formats of logs, and a log file: what is known of it before it is read.
 *
 * A new format has its name here; format-detection.ts recognizes it, and import-files.ts calls its reader.
 */

export const formatNames = ["pdh-csv", "prometheus-json", "open-metrics", "page-log", "print-events", "csv"] as const;
export type FormatName = (typeof formatNames)[number];

/** A file, and what its first lines reveal. */
export interface LogFile {
  /** As the user gave it. */
  readonly path: string;
  readonly format: FormatName;
  readonly delimiter: string;
  /** The server for data without a server name. */
  readonly server: string | undefined;
  /** The decimal mark that the user names. */
  readonly decimal: "," | "." | undefined;
  /** The time zone in its header. */
  readonly zone?: string;
  readonly biasMinutes?: number;
  /** Passes on what has been read; called after each batch. */
  readonly flush: () => Promise<void>;
}
