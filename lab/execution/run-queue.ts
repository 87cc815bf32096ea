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
/** Runs are given to another worker this often, the first time after a second. */
const RETRIES = 8;
/** Until its worker says how long it may be silent. */
const LEASE_SECONDS = 60;
/** How often the runs of silent workers are looked for. */
const SUPERVISE_SECONDS = 2;
/** How long a server may be away. */
const AWAY_MS = 10 * 60_000;
const AGAIN_MS = 500;
/**
 * What PostgreSQL says when several processes create the same tables at once: a deadlock, a serialization failure, or
 * something that exists already (PostgreSQL, appendix A). The next attempt finds them there.
 */
const CREATED_AT_ONCE: ReadonlySet<string> = new Set(["40P01", "40001", "23505", "42P07", "42710", "42P06"]);
const ATTEMPTS_MAX = 6;
/** What is shown of a message that was in the queue. */
const LENGTH_MAX = 2000;

const whole = z.int().min(0);

const queuedRun = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  // The words of a command as cli/shell-line.ts writes them: it may be copied into a shell.
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

/** A run as a queue holds it: all that its result depends on, and how to see it again. */
export interface QueuedRun {
  /** The key of the entry of its result. */
  readonly key: string;
  /** What the entry says it is of. */
  readonly about: Readonly<Record<string, string | number>>;
  /** The command that replays its replication. */
  readonly replay: string;
  readonly run: Omit<Run, "entry" | "sliceSize">;
}

/**
 * What became of a run: its entry in base64, or why there can be none. A job that failed has a message, in the words of
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
  /** As it was in the queue: whoever takes it looks at it first. */
  readonly data: unknown;
}

/** What there is of a build. */
export interface QueueCount {
  readonly build: string;
  readonly states: Readonly<Partial<Record<JobState, number>>>;
}

type Execute = <Row extends QueryResultRow>(text: string, values: unknown[]) => Promise<{ rows: Row[] }>;

/** Nobody stops whoever gives no signal. */
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
   * @param signal when it is aborted, nothing waits for a server that is away
   * @throws UserError when the server cannot be reached, as do all methods when it refuses a statement
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
    // A connection that is lost while nobody uses it: the next statement opens another.
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
    // What the supervision meets, the next statement meets too, and tells.
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

  /** Puts runs into the queue that are not there yet, and those back that had failed or were cancelled. */
  async ask(runs: readonly QueuedRun[], priority: number): Promise<void> {
    if (runs.length === 0) return;
    const ids = runs.map(({ key }) => idOf(key));
    await this.boss.insert(runs.map((data) => ({ id: idOf(data.key), name: this.name, data, priority })));
    await this.boss.resume(this.name, ids);
    await this.boss.retry(this.name, ids);
  }

  /** What there is of the runs of these keys. */
  async look(keys: readonly string[]): Promise<Map<string, Found>> {
    const from = (table: string) =>
      `SELECT id, state, output FROM ${SCHEMA}.${table} WHERE name = $1 AND id = ANY($2::uuid[])`;
    const text = `${from("archive")} UNION ALL ${from("job")}`;
    const { rows } = await this.execute<Found & { id: string }>(text, [this.name, keys.map(idOf)]);
    const byId = new Map<string, Found>();
    // A run may have been asked for again after it went to the archive.
    for (const { id, state, output } of rows) {
      // What a queue holds is not trusted: an output of another shape is none.
      if (byId.get(id)?.state !== "completed") byId.set(id, { state, output: outputOf(output) });
    }
    return new Map(keys.flatMap((key) => (byId.has(idOf(key)) ? [[key, byId.get(idOf(key))!]] : [])));
  }

  /** Takes runs out of the queue that nobody has begun. */
  async cancel(keys: readonly string[]): Promise<void> {
    const found = await this.look(keys);
    const idle = keys.filter((key) => ["created", "retry"].includes(found.get(key)?.state ?? ""));
    if (idle.length > 0) await this.boss.cancel(this.name, idle.map(idOf));
  }

  /** Forgets a run whose result is no good, so that it can be asked for again. */
  async forget(key: string): Promise<void> {
    await this.execute(`DELETE FROM ${SCHEMA}.archive WHERE name = $1 AND id = $2`, [this.name, idOf(key)]);
    await this.boss.deleteJob(this.name, idOf(key));
  }

  /** The next run, the most urgent first; undefined when there is none. */
  async take(): Promise<Taken | undefined> {
    // What the database refuses, pg-boss takes for an empty queue.
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

  /** Says that the worker of a run is alive. */
  async touch({ id }: Taken, leaseSeconds: number): Promise<void> {
    const text = `UPDATE ${SCHEMA}.job SET started_on = now(), expire_in = $3 * interval '1 second'
      WHERE name = $1 AND id = $2 AND state = 'active'`;
    await this.execute(text, [this.name, id, leaseSeconds]);
  }

  /** Keeps what became of a run, which is thereby done. */
  async complete({ id }: Taken, output: QueueOutput): Promise<void> {
    await this.boss.complete(this.name, id, output);
  }

  /** Gives a run back, to be tried again after a pause, or as a dead letter. */
  async fail({ id }: Taken, message: string): Promise<void> {
    await this.boss.fail(this.name, id, { message });
  }

  /** Keeps a run that nobody should try again as a dead letter. */
  async addDeadLetter(data: object, message: string): Promise<void> {
    await this.boss.send(DEAD, { ...data, message });
  }

  /** What there is, by build. */
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

  /** The dead letters, the oldest first: each names its run, says what was wrong, and how to replay it. */
  async deadLetters(): Promise<string[]> {
    const text = `SELECT data, output FROM ${SCHEMA}.job WHERE name = $1 ORDER BY created_on, id`;
    const { rows } = await this.execute<{ data: object | null; output: QueueOutput | null }>(text, [DEAD]);
    return rows.map(({ data, output }) => {
      const { message, ...rest } = { message: undefined, ...data } as { message: unknown };
      const parsed = queuedRun.safeParse(rest).data;
      return parsed === undefined
        ? "a job that is none of ours"
        : failureText(parsed, typeof message === "string" ? message : messageOf(outputOf(output)));
    });
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
    await this.end();
  }
}

/** The run that a worker has taken. @throws UserError when it is none */
export function queuedRunOf({ data }: Taken): QueuedRun {
  const { data: parsed, error } = queuedRun.safeParse(data);
  if (parsed !== undefined) return parsed;
  const { path, message } = itemAt(error.issues, 0);
  throw new UserError(`this is no run: ${path.join(".")}: ${message}`);
}

/** A run that failed, in words, with the line that replays it. */
export function failureText({ about, run, replay }: QueuedRun, message: string): string {
  const { point, replication, first, count } = run;
  const servers = `servers ${first} to ${first + count - 1}`;
  const where = `${about.experiment}: design point ${point}, replication ${replication}, ${servers}`;
  return `${messageLine(`${where}: ${message}`)}\nreplay: ${inLine(replay)}`;
}

/** A message that was in a queue, as a line. */
export function messageLine(message: string): string {
  return shortened(inLine(message), LENGTH_MAX);
}

function outputOf(output: unknown): QueueOutput | null {
  return queueOutput.safeParse(output).data ?? null;
}

export function messageOf(output: QueueOutput | null): string {
  return output?.message ?? output?.value?.message ?? "no reason is known";
}

/** Builds are distinguished by sixteen digits. */
function nameOf(build: string): string {
  return `runs-${build.slice(0, 16)}`;
}

/** A key as a UUID: its first 32 digits. */
function idOf(key: string): string {
  return key.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What the server, or the way to it, refuses, as a mistake of the user's. */
function refused(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  const why = /timeout/.test(message) ? "the server does not answer" : message || code || String(error);
  return new UserError(`the queue cannot be used: ${why}`);
}

/** Whether the server is stopping, starting, or not there. */
function isAway(error: unknown): boolean {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  return /^(57P0[123]|08...|ECONN.*|EPIPE|ENOENT)$/.test(code) || /Connection terminated|timeout/.test(message);
}
