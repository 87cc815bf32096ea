/** A log file, and what is known of it before it is read. */

export const formatNames = ["pdh-csv", "prometheus-json", "open-metrics", "page-log", "print-events", "csv"] as const;
export type FormatName = (typeof formatNames)[number];

/** A file and what its first lines say of it. */
export interface LogFile {
  /** As it was given. */
  readonly path: string;
  readonly format: FormatName;
  readonly delimiter: string;
  /** The server of what names none. */
  readonly server: string | undefined;
  /** What its header says of its zone. */
  readonly zone?: string;
  readonly biasMinutes?: number;
  /** Hands on what was read so far; called after each portion. */
  readonly flush: () => Promise<void>;
}
