/**
 * A queue of runs in PostgreSQL, based on pg-boss: the only file that knows its tables.
 *
 * A run is a job whose id is its key, so it is in the queue only once, whoever asks for it. Its result is the output of
 * the job: the statement that stores the result also completes the run, so neither happens without the other. A worker
 * sends a heartbeat every few seconds. If it is silent for longer than its lease, its run is given to another worker,
 * after a delay that doubles each time. A run that has failed too often becomes a dead letter. Workers of another build
 * have another queue.
 */
import { setTimeout } from "node:timers/promises";
import type { QueryResultRow } from "pg";
import * as z from "../zod.ts";
import { programBuild } from "../program.ts";
import { UserError } from "../user-error.ts";
import { inLine, shortened } from "../visible.ts";
import { connectionOf } from "./postgres-connection.ts";
import type { Run } from "./run.ts";
import { itemAt } from "../lists.ts";

const SCHEMA = "spoolsim";
const DEAD = "dead";
/** How often a run is tried again; the first time after a second. */
const RETRIES = 8;
/** The lease of a run until its worker sets one. */
const LEASE_SECONDS = 60;
/** How often to look for runs of silent workers. */
const SUPERVISE_SECONDS = 2;
/** How long to wait for a server that is away. */
const AWAY_MS = 10 * 60_000;
const AGAIN_MS = 500;
/**
 * PostgreSQL's error codes when several processes create the same tables at once: a deadlock, a serialization failure,
 * or an object that already exists (PostgreSQL, appendix A). The next attempt finds the tables.
 */
const CREATED_AT_ONCE: ReadonlySet<string> = new Set(["40P01", "40001", "23505", "42P07", "42710", "42P06"]);
const ATTEMPTS_MAX = 6;
/** How much of a message from the queue is shown. */
const LENGTH_MAX = 2000;

const whole = z.int().min(0);

const queuedRun = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  // Only words as cli/shell-line.ts writes them, because people copy the command into a shell.
  replay: z.string().regex(/^spoolsim replay( ([\w=.,/:@+-]+|'([^']|'\\'')*'))*$/),
  run: z.strictObject({
    point: whole,
    replication: whole,
    seed: z.string(),
    scenario: z.strictObject({
      model: z.string(),
      servers: z.int().min(1),
      horizonDays: z.number(),
      sampleEveryHours: z.number(),
      parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
    first: whole,
    count: z.int().min(1),
  }),
});

const queueOutput = z.object({
  entry: z.string().optional(),
  brokenInvariant: z.string().optional(),
  mistake: z.string().optional(),
  message: z.string().optional(),
  value: z.object({ message: z.string().optional() }).optional(),
});

/** A run as the queue stores it: everything that its result depends on, and how to replay it. */
export interface QueuedRun {
  /** The key of its cache entry. */
  readonly key: string;
  /** What the result is of, for people to read. */
  readonly about: Readonly<Record<string, string | number>>;
  /** The command that replays its replication. */
  readonly replay: string;
  readonly run: Omit<Run, "entry" | "sliceSize">;
}

/**
 * The output of a run: its entry in base64, or the reason why there can be none. A failed job has the message of
 * whoever failed it.
 */
export type QueueOutput = Readonly<z.infer<typeof queueOutput>>;

export type JobState = "created" | "retry" | "active" | "completed" | "cancelled" | "failed";

export interface Found {
  readonly state: JobState;
  readonly output: QueueOutput | null;
}

/** A run that a worker has taken. */
export interface Taken {
  readonly id: string;
  /** As stored in the queue; whoever takes it must check it. */
  readonly data: unknown;
}

/** The numbers of runs of one build. */
export interface QueueCount {
  readonly build: string;
  readonly states: Readonly<Partial<Record<JobState, number>>>;
}

type Execute = <Row extends QueryResultRow>(text: string, values: unknown[]) => Promise<{ rows: Row[] }>;

/** The default signal, which is never aborted. */
const { signal: never } = new AbortController();

export class RunQueue {
  private readonly name: string;
  private readonly boss: import("pg-boss");
  private readonly execute: Execute;
  private readonly end: () => Promise<void>;

  private constructor(boss: import("pg-boss"), execute: Execute, end: () => Promise<void>) {
    this.name = nameOf(programBuild());
    this.boss = boss;
    this.execute = execute;
    this.end = end;
  }

  /**
   * @param signal when it is aborted, no method waits for a server that is away
   * @throws UserError when the server cannot be reached; all methods also throw it when the server refuses a statement
   */
  static async open(url: string, signal: AbortSignal = never): Promise<RunQueue> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await RunQueue.openOnce(url, signal);
      } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        if (attempt === ATTEMPTS_MAX || !CREATED_AT_ONCE.has(code)) throw refused(error);
        await setTimeout(attempt * AGAIN_MS);
      }
    }
  }

  private static async openOnce(url: string, signal: AbortSignal): Promise<RunQueue> {
    const connection = connectionOf(url, process.env);
    const [{ default: PgBoss }, { default: pg }] = await Promise.all([import("pg-boss"), import("pg")]);
    const pool = new pg.Pool({ ...connection, application_name: "spoolsim", max: 4 });
    // An idle connection was lost; the next statement opens another.
    pool.on("error", () => undefined);
    let isOpen = false;
    const executeSql = async <Row extends QueryResultRow>(text: string, values: unknown[]) => {
      for (let waitedMs = 0; ; waitedMs += AGAIN_MS) {
        try {
          return await pool.query<Row>(text, values);
        } catch (error) {
          if (!isOpen) throw error;
          const isWaitedFor = isAway(error) && waitedMs < AWAY_MS && !signal.aborted;
          if (!isWaitedFor) throw refused(error);
          await setTimeout(AGAIN_MS, undefined, { signal }).catch(() => undefined);
        }
      }
    };
    const supervision = { supervise: true, maintenanceIntervalSeconds: SUPERVISE_SECONDS, schedule: false };
    const boss = new PgBoss({ db: { executeSql }, schema: SCHEMA, ...supervision });
    // pg-boss's supervision only emits its errors; the same fault fails the next statement, which reports it.
    boss.on("error", () => undefined);
    try {
      await boss.start();
      const queue = new RunQueue(boss, executeSql, () => pool.end());
      await boss.createQueue(DEAD, { name: DEAD });
      const retries = { retryLimit: RETRIES, retryDelay: 1, retryBackoff: true, expireInSeconds: LEASE_SECONDS };
      await boss.createQueue(queue.name, { name: queue.name, ...retries, deadLetter: DEAD });
      isOpen = true;
      return queue;
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      await pool.end();
      throw error;
    }
  }

  /** Adds the runs that the queue does not have, and restarts those that had failed or were cancelled. */
  async ask(runs: readonly QueuedRun[], priority: number): Promise<void> {
    if (runs.length === 0) return;
    const ids = runs.map(({ key }) => idOf(key));
    await this.boss.insert(runs.map((data) => ({ id: idOf(data.key), name: this.name, data, priority })));
    await this.boss.resume(this.name, ids);
    await this.boss.retry(this.name, ids);
  }

  /** Looks up the state of the runs with these keys. */
  async look(keys: readonly string[]): Promise<Map<string, Found>> {
    const from = (table: string) =>
      `SELECT id, state, output FROM ${SCHEMA}.${table} WHERE name = $1 AND id = ANY($2::uuid[])`;
    const text = `${from("archive")} UNION ALL ${from("job")}`;
    const { rows } = await this.execute<Found & { id: string }>(text, [this.name, keys.map(idOf)]);
    const byId = new Map<string, Found>();
    // A run may have been requested again after it was archived.
    for (const { id, state, output } of rows) {
      // The contents of a queue are not trusted: an output of another shape counts as none.
      if (byId.get(id)?.state !== "completed") byId.set(id, { state, output: outputOf(output) });
    }
    return new Map(keys.flatMap((key) => (byId.has(idOf(key)) ? [[key, byId.get(idOf(key))!]] : [])));
  }

  /** Withdraws the runs that no worker has started. */
  async cancel(keys: readonly string[]): Promise<void> {
    const found = await this.look(keys);
    const idle = keys.filter((key) => ["created", "retry"].includes(found.get(key)?.state ?? ""));
    if (idle.length > 0) await this.boss.cancel(this.name, idle.map(idOf));
  }

  /** Deletes a run whose result is unusable, so that it can be requested again. */
  async forget(key: string): Promise<void> {
    await this.execute(`DELETE FROM ${SCHEMA}.archive WHERE name = $1 AND id = $2`, [this.name, idOf(key)]);
    await this.boss.deleteJob(this.name, idOf(key));
  }

  /** Takes the next run, the highest priority first; undefined when there is none. */
  async take(): Promise<Taken | undefined> {
    // pg-boss reports a refusal by the database as an empty queue.
    let refusal: unknown;
    const executeSql = (text: string, values: unknown[]) =>
      this.execute(text, values).catch((error: unknown) => {
        refusal = error;
        throw error;
      });
    const [job] = await this.boss.fetch<object>(this.name, { db: { executeSql } });
    if (refusal !== undefined) throw refusal;
    return job;
  }

  /** Renews the lease of a run. */
  async touch({ id }: Taken, leaseSeconds: number): Promise<void> {
    const text = `UPDATE ${SCHEMA}.job SET started_on = now(), expire_in = $3 * interval '1 second'
      WHERE name = $1 AND id = $2 AND state = 'active'`;
    await this.execute(text, [this.name, id, leaseSeconds]);
  }

  /** Stores the output of a run and completes the run. */
  async complete({ id }: Taken, output: QueueOutput): Promise<void> {
    await this.boss.complete(this.name, id, output);
  }

  /** Returns a failed run to the queue, to be tried again later; after the last retry it becomes a dead letter. */
  async fail({ id }: Taken, message: string): Promise<void> {
    await this.boss.fail(this.name, id, { message });
  }

  /** Stores a run that nobody should try again as a dead letter. */
  async addDeadLetter(data: object, message: string): Promise<void> {
    await this.boss.send(DEAD, { ...data, message });
  }

  /** Counts the runs by build. */
  async counts(): Promise<QueueCount[]> {
    const text = `SELECT name, state, count(*)::int AS size FROM ${SCHEMA}.job GROUP BY name, state ORDER BY name, state`;
    const builds = new Map<string, Partial<Record<JobState, number>>>();
    const { rows } = await this.execute<{ name: string; state: JobState; size: number }>(text, []);
    for (const { name, state, size } of rows) {
      const build = /^runs-(\w+)$/.exec(name)?.[1];
      if (build !== undefined) builds.set(build, { ...builds.get(build), [state]: size });
    }
    return [...builds].map(([build, states]) => ({ build, states }));
  }

  /** The dead letters, oldest first: each names its run, the error, and the command that replays it. */
  async deadLetters(): Promise<string[]> {
    const text = `SELECT data, output FROM ${SCHEMA}.job WHERE name = $1 ORDER BY created_on, id`;
    const { rows } = await this.execute<{ data: object | null; output: QueueOutput | null }>(text, [DEAD]);
    return rows.map(({ data, output }) => {
      const { message, ...rest } = { message: undefined, ...data } as { message: unknown };
      const parsed = queuedRun.safeParse(rest).data;
      return parsed === undefined
        ? "a job that is not a run"
        : failureText(parsed, typeof message === "string" ? message : messageOf(outputOf(output)));
    });
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
    await this.end();
  }
}

/** Parses the run that a worker has taken. @throws UserError when it is malformed */
export function queuedRunOf({ data }: Taken): QueuedRun {
  const { data: parsed, error } = queuedRun.safeParse(data);
  if (parsed !== undefined) return parsed;
  const { path, message } = itemAt(error.issues, 0);
  throw new UserError(`the job is not a run: ${path.join(".")}: ${message}`);
}

/** Describes a failed run, with the command that replays it. */
export function failureText({ about, run, replay }: QueuedRun, message: string): string {
  const { point, replication, first, count } = run;
  const servers = `servers ${first} to ${first + count - 1}`;
  const where = `${about.experiment}: design point ${point}, replication ${replication}, ${servers}`;
  return `${messageLine(`${where}: ${message}`)}\nreplay: ${inLine(replay)}`;
}

/** Reduces a message from the queue to one line. */
export function messageLine(message: string): string {
  return shortened(inLine(message), LENGTH_MAX);
}

function outputOf(output: unknown): QueueOutput | null {
  return queueOutput.safeParse(output).data ?? null;
}

export function messageOf(output: QueueOutput | null): string {
  return output?.message ?? output?.value?.message ?? "no reason is known";
}

/** Sixteen digits distinguish the builds. */
function nameOf(build: string): string {
  return `runs-${build.slice(0, 16)}`;
}

/** A key's first 32 digits, as a UUID. */
function idOf(key: string): string {
  return key.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Turns an error of the server, or of the connection to it, into a UserError. */
function refused(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  const why = /timeout/.test(message) ? "the server does not answer" : message || code || String(error);
  return new UserError(`the queue cannot be used: ${why}`);
}

/** Whether the server is stopping, starting, or absent. */
function isAway(error: unknown): boolean {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  return /^(57P0[123]|08...|ECONN.*|EPIPE|ENOENT)$/.test(code) || /Connection terminated|timeout/.test(message);
}
