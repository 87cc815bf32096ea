/**
 * A series of Prometheus in either format: the server and response to which its samples belong, and how they are read.
 */
import type { Collector } from "./collector.ts";
import type { LogFile } from "./formats.ts";
import type { SeriesFinder } from "./series-finder.ts";
import type { Stamp } from "./stamps.ts";

/** Turns the samples of a series into readings. */
export type AddSample = (stamp: Stamp, value: number, line: number) => void;

export class PrometheusReader {
  private readonly file: LogFile;
  private readonly finder: SeriesFinder;
  private readonly out: Collector;
  private readonly values: Float64Array;

  constructor(file: LogFile, finder: SeriesFinder, out: Collector) {
    this.file = file;
    this.finder = finder;
    this.out = out;
    this.values = new Float64Array(finder.count);
  }

  /**
   * Returns the function that takes the samples of a series; undefined if the series is not read. A series without a
   * server is a fault.
   *
   * @param line the line of the series, and its text
   */
  series(
    name: string,
    labels: Readonly<Record<string, string>>,
    line: { readonly number: number; readonly text: string },
  ): AddSample | undefined {
    const found = this.finder.ofMetric(name, labels);
    if (found === undefined) return undefined;
    const server = found.server || this.file.server;
    if (server === undefined) {
      this.out.fault(line.number, line.text, "it has no label instance, and no server is given");
      return undefined;
    }
    const key = `${name}${JSON.stringify(labels)}`;
    return (stamp, value, at) => {
      this.values.fill(NaN);
      this.values[found.series] = value;
      this.out.reading(server, key, this.out.local(stamp), at, this.values);
    };
  }
}
