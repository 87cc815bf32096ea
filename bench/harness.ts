/**
 * Times workloads: the only file that uses benchmark.js.
 *
 * Goals: one number that can be compared with an earlier one on the same machine, and benchmarks that keep working
 * (each runs at a small size in the tests). Not a goal: comparing machines.
 *
 * A workload does the same work every time and returns what it did: the number of events, and a digest of what was
 * computed, so that the engine cannot optimize the work away and no change goes unnoticed. A difference between two
 * runs throws.
 *
 * The setup of a workload is repeated before each run and is not timed. benchmark.js decides how often it runs; the
 * first run, for warm-up, is not counted. The measure is processor time, including V8's other threads; the wall-clock
 * time shows how busy the machine was. benchmark.js does not interleave workloads, and code that V8 has optimized for
 * one workload differs from what another would get alone. So main.ts measures every workload in its own processes,
 * round after round, and `summarize` combines the rounds.
 */
import Benchmark from "benchmark";
import { collectGarbage } from "#platform";
import type { YardstickKind, YardstickRun } from "./yardsticks.ts";

// With a setup, benchmark.js would recompile the functions from their source text, outside their scope.
Benchmark.support.decompilation = false;

/** The outcome of a run. */
export interface WorkDone {
  /** The number of events, draws, or whatever the workload counts [whole]. */
  readonly events: number;
  /** A digest of the results, 16 hexadecimal digits. */
  readonly digest: string;
}

/** A workload that is ready to run. */
export interface Task {
  /** Does the work; call it once. */
  run(): WorkDone;
  /** The number of entities (servers, pending events, streams) in memory when the work is done [whole, >= 1]. */
  readonly entities: number;
}

export interface Workload {
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  /** The amount of work, in `unit`: small in the tests, large in the benchmark. */
  readonly sizes: { readonly small: number; readonly large: number };
  readonly unit: string;
  /** The name of an entity, in the singular. */
  readonly entity: string;
  /** Prepares the work; equal sizes give equal outcomes. */
  begin(size: number): Task;
  /** Releases what is kept from one task to the next. */
  release?(): void;
}

export interface Measurement extends WorkDone {
  readonly name: string;
  readonly size: number;
  readonly unit: string;
  /** The processor time of each run, over all threads of the process [s]. */
  readonly seconds: readonly number[];
  readonly entity: string;
  /** The memory per entity, including its share of common structures [bytes]. */
  readonly bytesPerEntity: number;
}

export interface Summary extends Measurement {
  readonly eventsPerSecond: number;
  /** In the median run [ns]. */
  readonly nsPerEvent: number;
  /** The interquartile range of the runs divided by their median [1]. */
  readonly spread: number;
}

/**
 * Times `samples` runs in this process.
 *
 * @param samples whole, >= 1
 * @throws when a run throws, or its outcome differs from that of the previous run
 */
export function measure(workload: Workload, size: number, samples: number): Measurement {
  let work: WorkDone | undefined;
  let task: Task;
  const seconds: number[] = [];
  const bench = new Benchmark(
    workload.name,
    () => {
      const before = process.cpuUsage();
      const next = task.run();
      const { user, system } = process.cpuUsage(before);
      seconds.push((user + system) / 1e6);
      work ??= next;
      if (next.events !== work.events || next.digest !== work.digest) {
        const both = `${tell(work)}, and then to ${tell(next)}`;
        throw new Error(`${workload.name} came to ${both}; a workload repeats itself`);
      }
    },
    // A single run is long enough to be a sample.
    {
      initCount: 1,
      minTime: 1e-6,
      minSamples: samples,
      maxTime: 0,
      setup: () => {
        task = workload.begin(size);
      },
    },
  );
  bench.run({ async: false });
  // benchmark.js catches what a benchmark throws; its types wrongly say that the error is a string.
  if (bench.error !== undefined) throw bench.error as unknown;
  const { name, unit, entity } = workload;
  const bytesPerEntity = bytesOfEntity(workload, size);
  return { name, size, unit, ...work!, seconds: seconds.slice(1), entity, bytesPerEntity };
}

/** The memory that is freed when a finished task is released, per entity. */
function bytesOfEntity(workload: Workload, size: number): number {
  const tasks = [done(workload, size)];
  const { entities } = tasks[0];
  const held = bytesHeld();
  tasks.pop();
  workload.release?.();
  return (held - bytesHeld()) / entities;
}

function done(workload: Workload, size: number): Task {
  const task = workload.begin(size);
  task.run();
  return task;
}

function bytesHeld(): number {
  // Repeated, because memory is counted as free one collection later, and old code is discarded only after several.
  for (let i = 0; i < 8; i++) collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function tell({ events, digest }: WorkDone): string {
  return `${events} events of digest ${digest}`;
}

/** Combines the measurements of one workload. @throws when their outcomes differ */
export function summarize(measurements: readonly Measurement[]): Summary {
  const [one, ...others] = measurements;
  for (const other of others) {
    if (other.events !== one.events || other.digest !== one.digest) {
      throw new Error(`${one.name} came to ${tell(one)} in one process and to ${tell(other)} in another`);
    }
  }
  const seconds = measurements.flatMap((measurement) => measurement.seconds).sort((a, b) => a - b);
  const median = quantile(seconds, 0.5);
  return {
    ...one,
    seconds,
    eventsPerSecond: one.events / median,
    nsPerEvent: (median * 1e9) / one.events,
    spread: (quantile(seconds, 0.75) - quantile(seconds, 0.25)) / median,
  };
}

/** Interpolates linearly between the sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** The time of a yardstick or peer, beside ours from the same minutes. */
export interface Ratio {
  readonly workload: string;
  readonly kind: YardstickKind;
  readonly yardstick: string;
  readonly eventsPerSecond: number;
  /** Our events per second divided by theirs, medians. */
  readonly ratio: number;
}

/** All results of a run of the benches, as --json writes them. */
export interface Report {
  readonly cpu: string;
  readonly node: string;
  readonly v8: string;
  readonly version: string;
  readonly commit: string;
  readonly workloads: readonly Summary[];
  readonly yardsticks: readonly Ratio[];
}

interface Compared {
  readonly yardstick: { readonly workload: string; readonly kind: YardstickKind; readonly name: string };
  readonly runs: readonly YardstickRun[];
}

/** Each yardstick beside its workload. @throws when a yardstick of the same work has another outcome */
export function ratios(summaries: readonly Summary[], compared: readonly Compared[]): Ratio[] {
  return compared.map(({ yardstick: { workload, kind, name }, runs }) => {
    const ours = summaries.find((summary) => summary.name === workload)!;
    const other = runs.find(({ events, check }) => events !== ours.events || check !== ours.digest);
    if (kind === "same work" && other !== undefined) {
      throw new Error(`${workload} came to ${tell(ours)}; ${name} to ${other.events} events of ${other.check}`);
    }
    const eventsPerSecond = quantile(
      runs.map(({ events, seconds }) => events / seconds).sort((a, b) => a - b),
      0.5,
    );
    return { workload, kind, yardstick: name, eventsPerSecond, ratio: ours.eventsPerSecond / eventsPerSecond };
  });
}

/** One row per workload with a C yardstick: ours, C of the same work (the limit), and free C. */
export function limitsText(summaries: readonly Summary[], rows: readonly Ratio[]): string {
  const cells = summaries.flatMap(({ name, eventsPerSecond }) => {
    const [same, free] = (["same work", "free"] as const).map((kind) =>
      rows.find((row) => row.workload === name && row.kind === kind),
    );
    if (same === undefined || free === undefined) return [];
    const speeds = [eventsPerSecond, same.eventsPerSecond, free.eventsPerSecond].map((x) => (x / 1e6).toFixed(1));
    return [[name, ...speeds, same.ratio.toFixed(2), free.ratio.toFixed(2)]];
  });
  return textTable([["M events/s", "ours", "C, same work", "free C", "ours / same work", "ours / free"], ...cells]);
}

/** One row per peer. */
export function peersText(rows: readonly Ratio[]): string {
  const cells = rows.map(({ workload, yardstick, eventsPerSecond, ratio }) => [
    workload,
    yardstick,
    (eventsPerSecond / 1e6).toFixed(3),
    ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0),
  ]);
  return textTable([["workload", "peer", "M events/s", "ours / theirs"], ...cells], 2);
}

/** One row per workload in both reports; differing outcomes are marked. */
export function comparisonText(report: Report, former: Report): string {
  const rows = report.workloads.flatMap((now) => {
    const then = former.workloads.find(({ name }) => name === now.name);
    if (then === undefined) return [];
    const same = then.digest === now.digest ? "" : "computes something else";
    return [
      [
        now.name,
        then.nsPerEvent.toFixed(1),
        now.nsPerEvent.toFixed(1),
        (now.eventsPerSecond / then.eventsPerSecond).toFixed(2),
        same,
      ],
    ];
  });
  const title = `beside commit ${former.commit} on ${former.cpu}, Node ${former.node}`;
  return `${title}\n${textTable([["workload", "ns then", "ns now", "speed now / then", ""], ...rows])}`;
}

/** One row per workload. */
export function tableText(summaries: readonly Summary[]): string {
  const rows = summaries.map((row) => {
    const [speed, spread] = [(row.eventsPerSecond / 1e6).toFixed(2), `${(row.spread * 100).toFixed(1)} %`];
    const memory = `${row.bytesPerEntity.toFixed(0)} B/${row.entity}`;
    return [row.name, String(row.events), speed, row.nsPerEvent.toFixed(1), spread, memory, row.digest];
  });
  return textTable([["workload", "events", "M events/s", "ns/event", "spread", "memory", "digest"], ...rows]);
}

/** The first columns are text, the others numbers. */
export function textTable(cells: readonly (readonly string[])[], wordColumns = 1): string {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const aligned = (cell: string, i: number) => (i < wordColumns ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
  return cells.map((row) => row.map(aligned).join("  ").trimEnd()).join("\n");
}
