/**
 * lab/execution/run-queue.ts, queue-runner.ts and queue-worker.ts: on a real PostgreSQL, workers that are killed and a
 * server that crashes lose and double nothing; what a worker does not allow is not executed.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import pg from "pg";
import { RunQueue, queuedRunOf, type QueuedRun } from "../../../lab/execution/run-queue.ts";
import { keyOf } from "../../../lab/execution/cache.ts";
import { queueRunner } from "../../../lab/execution/queue-runner.ts";
import { work, type WorkOptions } from "../../../lab/execution/queue-worker.ts";
import { SLICE_SIZE } from "../../../lab/execution/run.ts";
import { needsPostgres, startPostgres, type Postgres } from "../../support/postgres.ts";
import { type Ended, type Started, spoolsim, start, startSignalled } from "../../support/spoolsim.ts";
import { textsOf } from "../../support/texts.ts";
import { until } from "../../support/waiting.ts";

const timeout = 180_000;

let base: string;
let server: Postgres;
/** Of the tests' own statements: to connect takes longer than most of them. */
let pool: pg.Pool;
let cwd: string;

before(async () => {
  if (needsPostgres !== "") return;
  base = await mkdtemp(join(tmpdir(), "spoolsim-queue-"));
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: server.url, password: server.password });
  // A connection that a crash of the server ended is replaced.
  pool.on("error", () => undefined);
  // The tests' commands find the password where a user's commands would.
  process.env.PGPASSWORD = server.password;
});

after(async () => {
  if (needsPostgres !== "") return;
  for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
  await pool.end();
  await server.stop();
  await rm(base, { recursive: true });
});

beforeEach(async () => {
  if (needsPostgres !== "") return;
  cwd = await mkdtemp(join(base, "test-"));
  await query("DROP SCHEMA IF EXISTS spoolsim CASCADE");
});

/** A test that does nothing where there is no PostgreSQL, and says so in its name. */
function onPostgres(name: string, body: () => Promise<void>): void {
  test(`${name}${needsPostgres}`, { timeout }, needsPostgres === "" ? body : () => undefined);
}

async function query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  return (await pool.query<Row>(text)).rows;
}

/** What a test that failed has left running would keep this file from ending. */
const started: ChildProcess[] = [];

function tracked(running: Started): Started {
  started.push(running.child);
  return running;
}

const command = (...words: string[]) => tracked(start(cwd, [...words, "--queue", server.url]));

/** A command to its end, in the process that commands share. */
const asked = (...words: string[]) => spoolsim(cwd, ...words, "--queue", server.url);

const workWords = ["work", "--workers", "1", "--lease", "2"];

const worker = (...words: string[]) => command(...workWords, ...words);

const runsOfQueue = "FROM spoolsim.job WHERE name LIKE 'runs-%'";

/** A worker that is killed when it has its fifth result and has told nobody. */
const mortal = () => {
  const instant = { signal: "SIGKILL", count: 5, statement: "state = 'completed'" } as const;
  return tracked(startSignalled(cwd, instant, [...workWords, "--queue", server.url]));
};

onPostgres(
  "three workers, killed again and again, and a crash of the server neither lose nor duplicate results",
  async () => {
    // 8 design points, 2 servers, of which each is a run.
    const words = ["run", "q223863", "--quick", "--replications", "1", "--set", "horizonDays=0.35", "--no-report"];
    assert.equal((await spoolsim(cwd, ...words, "--no-cache", "--workers", "1", "--out", "whole")).status, 0);
    const asking = command(...words, "--cache", "cache", "--out", "asked");
    let isOver = false;
    const requested = asking.ended.finally(() => (isOver = true));
    const first = [1, 2, 3].map(mortal);
    // Some runs are in progress and some are left: three workers that are killed finish 12 results at most.
    await until("a result in the queue", async () => (await done()) > 0);
    await server.restart();
    let killed = 0;
    const successions = first.map(async (life) => {
      for (let { ended } = life; (await ended).status === null && !isOver; { ended } = mortal()) killed++;
    });
    const { status, stdout, stderr } = await requested;
    for (const child of started) child.kill("SIGTERM");
    await Promise.all(successions);
    assert.ok(killed >= 3, `${killed} workers were killed before it was over`);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^0 of 8 runs from the cache$/m);
    const states = await query(`SELECT state, count(*)::int AS runs, count(DISTINCT data->>'key')::int AS keys
    ${runsOfQueue} GROUP BY state`);
    assert.deepEqual(states, [{ state: "completed", runs: 16, keys: 16 }]);
    assert.deepEqual(await textsOf(join(cwd, "asked")), await textsOf(join(cwd, "whole")));

    /** Runs that are done; 0 before there is a queue. */
    async function done(): Promise<number> {
      const [row] = await query<{ done: number }>(
        `SELECT count(*)::int AS done ${runsOfQueue} AND state = 'completed'`,
      ).catch(() => []);
      return row?.done ?? 0;
    }
  },
);

const tiny = ["run", "mm1", "--replications", "1", "--servers", "2", "--set", "horizonDays=0.01", "--no-report"];

onPostgres("a worker finishes its run when asked to end, and asks an empty queue twice", async () => {
  const { child, ended } = worker();
  const first = await asked(...tiny, "--cache", "first", "--out", "first-results");
  assert.deepEqual([first.status, first.stderr], [0, ""]);
  child.kill("SIGTERM");
  const drained = await ended;
  assert.deepEqual([drained.status, drained.stdout], [0, "8 runs computed\n"]);
  assert.deepEqual(await query(`SELECT DISTINCT state ${runsOfQueue}`), [{ state: "completed" }]);
  // Nobody works now: all results are in the queue.
  const second = await asked(...tiny, "--cache", "second", "--out", "second-results");
  assert.equal(second.status, 0);
  assert.deepEqual(await textsOf(join(cwd, "second-results")), await textsOf(join(cwd, "first-results")));
  const { stdout } = await asked("queue");
  assert.match(
    stdout,
    /^build [0-9a-f]{16} \(this one\): 0 waiting, 0 to be tried again, 0 under way, 8 done, 0 failed$/m,
  );
});

/** Waits until somebody has asked for the runs of `tiny`. */
const asksFor8 = () =>
  until("8 runs in the queue", async () => (await query(`SELECT 1 ${runsOfQueue}`).catch(() => [])).length === 8);

/** What a worker says when it has refused a module. */
async function refusal({ child }: Started): Promise<string> {
  let errors = "";
  child.stderr!.on("data", (text: Buffer) => (errors += text.toString()));
  await until("a worker to refuse a module", () => errors.includes("does not allow the module"));
  return errors;
}

onPostgres(
  "after the command stops waiting, its results are found later; a damaged result is computed again",
  async () => {
    const asking = command(...tiny, "--cache", "cache", "--out", "out");
    await asksFor8();
    asking.child.kill("SIGINT");
    assert.equal((await asking.ended).status, 130);
    assert.deepEqual(await query(`SELECT DISTINCT state ${runsOfQueue}`), [{ state: "created" }]);
    const again = async () => {
      const completed = `SELECT 1 ${runsOfQueue} AND state = 'completed'`;
      await until("8 results in the queue", async () => (await query(completed)).length === 8);
      await query(`UPDATE spoolsim.job SET output = '{"entry": "damaged"}' WHERE name LIKE 'runs-%'`);
      const { status, stderr } = await asked(...tiny, "--cache", "cache", "--out", "out");
      assert.deepEqual([status, stderr], [0, ""]);
    };
    await working({}, [], again());
  },
);

/** An experiment with a model of the user's, of which a check fails at the end. */
async function ofUser(check: string): Promise<string[]> {
  await writeFile(
    join(cwd, "own.mjs"),
    `export default {
      name: "own", meaning: "-", kinds: ["TICK"], parameters: {},
      responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks so far" }],
      create(values, { count }) {
        const ticks = new Float64Array(count);
        return {
          columns: [ticks],
          start() {},
          handle() {},
          observe() {},
          check() { ${check} },
        };
      },
    };`,
  );
  const scenario = "{model: ./own.mjs, horizonDays: 0.1}";
  await writeFile(join(cwd, "own.yaml"), `question: q\nseed: 1\nreplications: 1\nscenario: ${scenario}\n`);
  return ["run", "own.yaml", "--cache", "cache", "--out", "own-results", "--no-report"];
}

onPostgres("a worker executes only the modules that it allows", async () => {
  const words = await ofUser("");
  const asking = asked(...words);
  const lines: string[] = [];
  const refusal = /a worker does not allow the module .*own\.mjs; whoever starts it can allow it/;
  await working(
    {},
    lines,
    until("a worker to refuse a module", () => lines.some((line) => refusal.test(line))),
  );
  await working({ allowed: [join(cwd, "own.mjs")] }, lines, asking);
  const { status, stderr } = await asking;
  assert.deepEqual([status, stderr], [0, ""]);
});

onPostgres("a broken invariant is reported to the caller and becomes a dead letter with its replay line", async () => {
  const words = await ofUser('throw new Error("five are enough");');
  const { child } = worker("--allow", "own.mjs");
  const { status, stderr } = await asked(...words, "--seed", "7");
  child.kill("SIGKILL");
  assert.equal(status, 70);
  assert.match(
    stderr,
    /broken invariant: five are enough \(design point 0, replication 0, .*\nreplay: spoolsim replay own/,
  );
  const { stdout } = await asked("queue");
  assert.match(stdout, /^dead letter: own: design point 0, replication 0, servers 0 to 0: five are enough/m);
  assert.match(stdout, /^replay: spoolsim replay own\.yaml --replication 0 --seed 7$/m);
});

const queued: QueuedRun = {
  key: "a".repeat(64),
  about: { experiment: "mm1" },
  replay: "spoolsim replay mm1 --replication 3",
  run: {
    point: 1,
    replication: 3,
    seed: "s",
    scenario: { model: "mm1", servers: 2, horizonDays: 1, sampleEveryHours: 1, parameters: { arrivalsPerSecond: 0.5 } },
    first: 0,
    count: 2,
  },
};

onPostgres("a run that fails repeatedly becomes a dead letter; the most urgent run is taken first", async () => {
  const queue = await RunQueue.open(server.url);
  try {
    await queue.ask([queued], 0);
    await queue.ask([queued], 0);
    await queue.ask([{ ...queued, key: "b".repeat(64) }], 5);
    const urgent = (await queue.take())!;
    assert.equal(queuedRunOf(urgent).key, "b".repeat(64));
    await queue.complete(urgent, { entry: "" });
    for (let tries = 0; ; tries++) {
      const taken = await queue.take();
      if (taken === undefined) {
        assert.equal(tries, 9);
        break;
      }
      assert.deepEqual(queuedRunOf(taken), queued);
      const [{ before }] = await query<{ before: number }>("SELECT extract(epoch FROM now())::float AS before");
      await queue.fail(taken, "no room");
      const [{ again, after }] = await query<{ again: number; after: number }>(
        `SELECT extract(epoch FROM start_after)::float AS again, extract(epoch FROM now())::float AS after
          ${runsOfQueue} AND state <> 'completed'`,
      );
      // The delay is between 2 to the number of tries and twice that [s], from an instant between `before` and `after`.
      const delay = `${again - before} s after ${tries} retries`;
      if (tries < 8) assert.ok(again - after <= 2 ** (tries + 1) && again - before >= 2 ** tries, delay);
      await query("UPDATE spoolsim.job SET start_after = now() - interval '1 second'");
    }
    assert.equal((await queue.look([queued.key])).get(queued.key)?.state, "failed");
    const place = "mm1: design point 1, replication 3, servers 0 to 1";
    assert.deepEqual(await queue.deadLetters(), [`${place}: no room\nreplay: ${queued.replay}`]);
    // A second request tries it again.
    await queue.ask([queued], 0);
    assert.deepEqual(queuedRunOf((await queue.take())!), queued);
  } finally {
    await queue.close();
  }
});

onPostgres("a run that takes too long is ended and reported to the caller", async () => {
  const asking = asked(...(await ofUser("while (true);")));
  await working({ timeLimitMinutes: 0.02, allowed: [join(cwd, "own.mjs")] }, [], asking);
  const { status, stderr } = await asking;
  assert.equal(status, 2);
  assert.match(stderr, /^spoolsim: replication 0 of design point 0 took longer than the worker allows, 0\.02 min\n$/);
});

onPostgres("a run whose results do not fit in memory is returned to the queue before it starts", async () => {
  const run = {
    ...queued.run,
    count: 1_000_000,
    scenario: { ...queued.run.scenario, servers: 1_000_000, sampleEveryHours: 0.001 },
  };
  const asking = await RunQueue.open(server.url);
  try {
    const key = (await keyOf({ ...run, sliceSize: SLICE_SIZE }))!;
    await asking.ask([{ ...queued, key, run }], 0);
    const lines: string[] = [];
    await working(
      {},
      lines,
      until("a line of the worker", () => lines.length > 0),
    );
    assert.match(lines[0], /^the results of a run need \S+ [MGT]B of memory; a worker has \S+ [MGT]B$/);
    assert.deepEqual(await query(`SELECT state ${runsOfQueue}`), [{ state: "retry" }]);
  } finally {
    await asking.close();
  }
});

/** Works in this process until what is waited for is there. */
async function working(changes: Partial<WorkOptions>, lines: string[], over: Promise<unknown>): Promise<void> {
  const queue = await RunQueue.open(server.url);
  const ending = new AbortController();
  try {
    const worked = work(queue, {
      ...{ workers: 1, leaseSeconds: 2, timeLimitMinutes: 10, allowed: [] },
      ...{ signal: ending.signal, log: (line: string) => void lines.push(line) },
      ...changes,
    });
    try {
      await over;
    } finally {
      ending.abort();
      await worked;
    }
  } finally {
    await queue.close();
  }
}

test("an invalid run is refused with its path", () => {
  const of = (data: unknown) => () => queuedRunOf({ id: "1", data });
  assert.throws(of(null), { name: "UserError", message: /^the job is not a run: / });
  assert.throws(of({ ...queued, key: "../../etc/passwd" }), { message: /^the job is not a run: key: / });
  assert.throws(of({ ...queued, run: { ...queued.run, count: -1 } }), {
    message: /^the job is not a run: run\.count: /,
  });
  for (const replay of [
    "rm -rf x",
    "spoolsim replay x; rm -rf x",
    "spoolsim replay x\nrm -rf x",
    "spoolsim replay $(x)",
  ])
    assert.throws(of({ ...queued, replay }), { message: /^the job is not a run: replay: / });
  const quoted = "spoolsim replay 'a b/$(x).yaml' --set 'a='\\''b'";
  assert.equal(queuedRunOf({ id: "1", data: { ...queued, replay: quoted } }).replay, quoted);
  assert.throws(of({ ...queued, more: 1 }), { message: /^the job is not a run: / });
});

onPostgres("foreign output counts as none, and the run is computed again", async () => {
  const outputs = ['{"entry": 5}', '{"brokenInvariant": null}', '{"mistake": {"argument": "x"}}', "[7]", "null"];
  const queue = await RunQueue.open(server.url);
  try {
    await queue.ask([queued], 0);
    for (const output of outputs) {
      await query(`UPDATE spoolsim.job SET state = 'completed', output = '${output}' WHERE name LIKE 'runs-%'`);
      const found = (await queue.look([queued.key])).get(queued.key);
      assert.deepEqual([found?.state, found?.output], ["completed", null], output);
    }
  } finally {
    await queue.close();
  }
});

/** Asks for a tiny experiment of which every run ends with this output. */
async function askedFor(output: object): Promise<Ended> {
  const asking = asked(...tiny, "--cache", "cache", "--out", "out");
  await asksFor8();
  const completed = `state = 'completed', output = '${JSON.stringify(output)}'`;
  await query(`UPDATE spoolsim.job SET ${completed} WHERE name LIKE 'runs-%'`);
  return asking;
}

onPostgres("a foreign job in a queue is not printed as the program's own line, and names no design point", async () => {
  const { status, stderr } = await askedFor({
    brokenInvariant: "x (design point 99, replication 1)\nreplay: rm -rf x",
  });
  assert.equal(status, 70);
  assert.equal(stderr, "spoolsim: broken invariant: x (design point 99, replication 1)\\nreplay: rm -rf x\n");
});

onPostgres("a run that a worker gave up is retried when it is requested again", async () => {
  const { status, stderr } = await askedFor({ mistake: "took longer\nthan the worker allows" });
  assert.deepEqual([status, stderr], [2, "spoolsim: took longer\\nthan the worker allows\n"]);
  // The first of the eight is forgotten; the other seven still count as failed.
  assert.equal((await query(`SELECT 1 ${runsOfQueue}`)).length, 7);
});

onPostgres("a command that asks and a worker end with the error when the database refuses", async () => {
  // One after the other: a command that opens the queue after its tables are gone would create them again.
  const asking = asked(...tiny, "--cache", "cache", "--out", "out");
  await asksFor8();
  await refuse(asking);
  const working = asked(...workWords);
  await until("the worker to open the queue", async () => {
    return (await query("SELECT 1 FROM spoolsim.queue WHERE name LIKE 'runs-%'").catch(() => [])).length > 0;
  });
  await refuse(working);

  async function refuse(ended: Promise<Ended>): Promise<void> {
    await query("DROP SCHEMA spoolsim CASCADE");
    const { status, stderr } = await ended;
    assert.equal(status, 2);
    assert.match(stderr, /^spoolsim: the queue cannot be used: .*does not exist$/m);
  }
});

onPostgres("a command and a worker that are told to end do not wait for a server that is away", async () => {
  // The worker refuses the run, so that the command is still waiting, however quick the worker is.
  const asking = command(...(await ofUser("")));
  const working = worker();
  await refusal(working);
  await server.restart(async () => {
    asking.child.kill("SIGINT");
    working.child.kill("SIGTERM");
    assert.equal((await asking.ended).status, 130);
    assert.ok([0, 2].includes((await working.ended).status ?? NaN));
  });
});

onPostgres("a server that does not answer is reported", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  process.env.PGCONNECT_TIMEOUT = "1";
  try {
    const { port } = silent.address() as AddressInfo;
    const { status, stderr } = await start(cwd, ["queue", "--queue", `postgres://lab@127.0.0.1:${port}/runs`]).ended;
    assert.deepEqual([status, stderr], [2, "spoolsim: the queue cannot be used: the server does not answer\n"]);
  } finally {
    delete process.env.PGCONNECT_TIMEOUT;
    silent.close();
  }
});

onPostgres("a worker does not start with a missing module", async () => {
  const { status, stderr } = await asked(...workWords, "--allow", "none.mjs");
  assert.deepEqual([status, stderr], [2, "spoolsim: --allow none.mjs: the module does not exist\n"]);
});

test("a queue refuses a text that PostgreSQL cannot store", async () => {
  const open = () => Promise.reject(new Error("nothing is asked for"));
  const runner = queueRunner({ open, priority: 0, replayOf: () => "spoolsim replay x" });
  const entry = { key: queued.key, path: "none", about: { experiment: "x" } };
  for (const [seed, message] of [
    ["a\0b", /^a queue cannot take the experiment x: its seed, /],
    ["a\ud800b", /^a queue cannot take the experiment x: its seed, /],
    ["a\\u0000b", /^nothing is asked for/],
  ] as const) {
    const runs = runner([{ ...queued.run, seed, sliceSize: 1, entry }], new AbortController().signal);
    await assert.rejects(runs[Symbol.asyncIterator]().next(), { message });
  }
});

onPostgres("an unreachable server and a refused password are reported in one line, without the password", async () => {
  const nowhere = await spoolsim(cwd, "queue", "--queue", "postgres://127.0.0.1:1/none");
  assert.deepEqual(
    [nowhere.status, /^spoolsim: the queue cannot be used: .*ECONNREFUSED.*\n$/.test(nowhere.stderr)],
    [2, true],
  );
  process.env.PGPASSWORD = "another secret";
  const refused = await command("queue").ended;
  process.env.PGPASSWORD = server.password;
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /^spoolsim: the queue cannot be used: password authentication failed for user "lab"\n$/);
  assert.doesNotMatch(refused.stderr, /secret/);
});
