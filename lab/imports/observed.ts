/** Reads the tables of an import, one server at a time. */
import { join } from "node:path";
import type { Response } from "../../models/contract/responses.ts";
import { numberOf, readTable } from "../results/csv-reader.ts";
import { resourcesOf } from "../results/data-package-reader.ts";
import type { Imported } from "./import-record.ts";
import type { IncidentKind } from "./incidents.ts";

/** All that an import has of a server. Times are in microseconds since the import's Monday, and rise. */
export interface ObservedServer {
  readonly name: string;
  readonly timesUs: Float64Array;
  /** By response, at these times; NaN where it was not read. */
  readonly readings: ReadonlyMap<string, Float64Array>;
  readonly incidents: readonly ObservedIncident[];
  readonly jobs: ObservedJobs;
}

export interface ObservedIncident {
  readonly kind: IncidentKind;
  readonly timeUs: number;
  readonly sinceUs: number;
  readonly response: string;
}

export interface ObservedJobs {
  readonly timesUs: Float64Array;
  readonly bytes: Float64Array;
  readonly pages: Float64Array;
  readonly types: readonly string[];
}

/** The responses that an import has, in the order of the model. @throws UserError when the folder holds no tables */
export async function observedResponses({ folder, model }: Imported): Promise<readonly Response[]> {
  const series = (await resourcesOf(folder)).find(({ path }) => path === "series.csv");
  const names = series?.schema.fields.map(({ name }) => name) ?? [];
  return model.responses.filter(({ name }) => names.includes(name));
}

/** The servers of an import, in its order: first those with readings. One is in memory at a time. */
export async function* observedServers(imported: Imported): AsyncIterable<ObservedServer> {
  const { folder } = imported;
  const names = (await observedResponses(imported)).map(({ name }) => name);
  const hasJobs = (await resourcesOf(folder)).some(({ path }) => path === "jobs.csv");
  const incidents = new Groups(join(folder, "incidents.csv"), ["kind", "timeUs", "sinceUs", "response"]);
  const jobs = hasJobs ? new Groups(join(folder, "jobs.csv"), ["timeUs", "bytes", "pages", "type"]) : undefined;
  const series = new Groups(join(folder, "series.csv"), ["timeUs", ...names]);
  for await (const rows of readTable(join(folder, "servers.csv"), ["server"])) {
    for (const row of rows) {
      const name = row[0]!;
      const read = names.map(() => new Numbers());
      const timesUs = new Numbers();
      await series.each(name, ([timeUs, ...values]) => {
        timesUs.add(numberOf(timeUs!));
        for (const [r, value] of values.entries()) read[r]!.add(numberOf(value));
      });
      const happened: ObservedIncident[] = [];
      await incidents.each(name, ([kind, timeUs, sinceUs, response]) => {
        happened.push({
          kind: kind as IncidentKind,
          timeUs: numberOf(timeUs!),
          sinceUs: numberOf(sinceUs!),
          response: response!,
        });
      });
      const [jobTimesUs, bytes, pages] = [new Numbers(), new Numbers(), new Numbers()];
      const types: string[] = [];
      /** One text a type: a piece of a line would keep the line. */
      const texts = new Map<string, string>();
      await jobs?.each(name, ([timeUs, size, count, type]) => {
        jobTimesUs.add(numberOf(timeUs!));
        bytes.add(numberOf(size!));
        pages.add(numberOf(count!));
        if (!texts.has(type!)) texts.set(type!, type!);
        types.push(texts.get(type!)!);
      });
      yield {
        name,
        timesUs: timesUs.values(),
        readings: new Map(names.map((response, r) => [response, read[r]!.values()])),
        incidents: happened,
        jobs: { timesUs: jobTimesUs.values(), bytes: bytes.values(), pages: pages.values(), types },
      };
    }
  }
}

/** Numbers, one after another, of which nobody knows how many will come. */
class Numbers {
  private room: Float64Array;
  private count: number;

  constructor() {
    this.room = new Float64Array(16);
    this.count = 0;
  }

  add(value: number): void {
    if (this.count === this.room.length) {
      const more = new Float64Array(2 * this.count);
      more.set(this.room);
      this.room = more;
    }
    this.room[this.count++] = value;
  }

  values(): Float64Array {
    return this.room.slice(0, this.count);
  }
}

/** The rows of a table that is ordered by server, server by server, without the name. */
class Groups {
  private readonly portions: AsyncIterator<readonly (readonly string[])[]>;
  private rows: readonly (readonly string[])[];
  private at: number;

  constructor(file: string, columns: readonly string[]) {
    this.portions = readTable(file, ["server", ...columns])[Symbol.asyncIterator]();
    this.rows = [];
    this.at = 0;
  }

  /** Each row of the server that comes next; none if another does. */
  async each(server: string, use: (cells: readonly string[]) => void): Promise<void> {
    for (;;) {
      while (this.at < this.rows.length) {
        const [name, ...cells] = this.rows[this.at]!;
        if (name !== server) return;
        use(cells);
        this.at++;
      }
      const next = await this.portions.next();
      if (next.done === true) return;
      [this.rows, this.at] = [next.value, 0];
    }
  }
}
