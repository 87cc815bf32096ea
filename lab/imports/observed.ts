/** Reads the tables of an import, one server at a time. */
import { join } from "node:path";
import type { Response } from "../../models/contract/responses.ts";
import { numberOf, readTable } from "../results/csv-reader.ts";
import { resourcesOf } from "../results/data-package-reader.ts";
import type { Imported } from "./import-record.ts";
import type { IncidentKind } from "./incidents.ts";

/**
 * Everything that an import has about a server. Times are in microseconds since the import's first Monday, ascending.
 */
export interface ObservedServer {
  readonly name: string;
  readonly timesUs: Float64Array;
  /** By response, at these times; NaN where there is no reading. */
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

/** The responses of an import, in the order of the model. @throws UserError when the folder has no tables */
export async function observedResponses({ folder, model }: Imported): Promise<readonly Response[]> {
  const series = (await resourcesOf(folder)).find(({ path }) => path === "series.csv");
  const names = series?.schema.fields.map(({ name }) => name) ?? [];
  return model.responses.filter(({ name }) => names.includes(name));
}

/** Yields the servers of an import in its order, those with readings first. Only one is in memory at a time. */
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
      /** One string per type, because a substring would keep its whole line in memory. */
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

/** A growing array of numbers. */
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

/** Reads a table that is ordered by server, one server at a time, without the name column. */
class Groups {
  private readonly portions: AsyncIterator<readonly (readonly string[])[]>;
  private rows: readonly (readonly string[])[];
  private at: number;

  constructor(file: string, columns: readonly string[]) {
    this.portions = readTable(file, ["server", ...columns])[Symbol.asyncIterator]();
    this.rows = [];
    this.at = 0;
  }

  /** Calls `use` for each row of the server if it is the next one in the table. */
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
