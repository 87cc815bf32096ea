/** Finds the series of a model, and the server, to which a counter or a metric belongs. */
import type { LoggedResponses } from "../../models/contract/logs.ts";

/** A column of a log that is to be read. */
export interface Found {
  /** Empty if the path names none. */
  readonly server: string;
  /** The index of the series among the model's responses; the index after the last means the process number. */
  readonly series: number;
  /** Whether the user assigned it; it then replaces the model's own counters of the series. */
  readonly isAssigned: boolean;
}

/** The user's assignment of columns to responses. */
export type ColumnMap = ReadonlyMap<string, string>;

export class SeriesFinder {
  /** The number of series, including the process number, which is the last. */
  readonly count: number;
  /** The names in the user's assignment whose columns were found. */
  readonly assigned: Set<string>;
  private readonly logged: LoggedResponses;
  private readonly paths: readonly RegExp[];
  /** A counter of an instance of the model's process, in any language. */
  private readonly ofProcess: RegExp;
  private readonly columns: ColumnMap;

  /** @param columns by response: the name of its counter or metric in the log */
  constructor(logged: LoggedResponses, columns: ColumnMap) {
    this.logged = logged;
    this.columns = columns;
    this.assigned = new Set();
    const { processes, responses, process } = logged;
    this.count = responses.length + 1;
    // Process V2 appends the process number to the name. So does Process, with "_", if the registry says so
    // (ProcessNameFormat = 2).
    const names = processes.map(literally).join("|");
    const name = `(?:${names})(?:[:_]\\d+)?`;
    this.ofProcess = new RegExp(`\\((?:${names})(?:[:_#]\\d+)?\\)`, "i");
    this.paths = [...responses, process].map(({ counters }) => {
      const paths = counters.map((path) => path.split("%s").map(literally).join(name));
      return new RegExp(`^(?:${paths.join("|") || "(?!)"})$`, "i");
    });
  }

  /** The series of a Performance Monitor path, such as \\PRN0001\Process(spoolsv)\Handle Count. */
  ofCounter(path: string): Found | undefined {
    const [, server = "", rest = ""] = /^(?:\\\\([^\\]+))?\\?(.*)$/s.exec(path) ?? [];
    // Windows ignores the case of counters.
    const names = [path, rest, `\\${rest}`].map((name) => name.toLowerCase());
    const column = this.ofColumn((name) => names.includes(name.toLowerCase()));
    const series = column ?? this.paths.findIndex((one) => one.test(rest));
    return series === -1 ? undefined : { server, series, isAssigned: column !== undefined };
  }

  /** Whether a path names an instance of the model's process: spoolsv, spoolsv#1 of a second one, spoolsv:1234. */
  isOfProcess(path: string): boolean {
    return this.ofProcess.test(path);
  }

  /** The series of a Prometheus sample. */
  ofMetric(name: string, labels: Readonly<Record<string, string>>): Found | undefined {
    const { responses, process, processes } = this.logged;
    if (labels.process !== undefined && !processes.includes(labels.process.toLowerCase())) return undefined;
    const isSeries = ({ metrics }: Pick<LoggedResponses["process"], "metrics">) =>
      metrics.some((one) => one.name === name && hasLabels(labels, one.labels ?? {}));
    const column = this.ofColumn((one) => one === name);
    const series = column ?? [...responses, process].findIndex(isSeries);
    if (series === -1) return undefined;
    const response = responses[series]?.response;
    if (column === undefined && response !== undefined && this.columns.has(response)) return undefined;
    // The scraped address, such as PRN0001:9182.
    const server = (labels.instance ?? "").replace(/:\d+$/, "");
    return { server, series, isAssigned: column !== undefined };
  }

  isSum(series: number): boolean {
    return this.logged.responses[series]?.isSum === true;
  }

  /** The first series of a response; -1 if it has none. */
  ofResponse(response: string): number {
    return this.logged.responses.findIndex((one) => one.response === response);
  }

  private ofColumn(isNamed: (column: string) => boolean): number | undefined {
    for (const [response, column] of this.columns) {
      if (!isNamed(column)) continue;
      this.assigned.add(response);
      return this.ofResponse(response);
    }
    return undefined;
  }
}

function hasLabels(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
