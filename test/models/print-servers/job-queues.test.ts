/** Jobs: the order of a queue, the marks that make a job be passed over, and slots that are not reused too soon. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  FINISHING,
  GONE,
  Jobs,
  NONE,
  PARKED,
  PRINTING,
  realAt,
  WAITING,
} from "../../../models/print-servers/job-queues.ts";
import {
  ALTER_POSITION,
  BYTES,
  COMPLAIN_US,
  STAY1_US,
  THINK_US,
  UNWINDING,
  type Marks,
} from "../../../models/print-servers/workload.ts";

const clock = { now: 0 };

/** A job of printer 0 of the server unless said otherwise. */
function create(jobs: Jobs, number: number, marks: Partial<Marks> = {}, server = 0): number {
  // The reals: bytes, unwinding, complaint, position, think time, the two stays.
  const plain = {
    dataType: 0,
    printer: 0,
    priority: 1,
    episode: 0,
    whenStuck: 0,
    reals: Float64Array.of(1, 1, NaN, 0, 1, 1, 2),
  };
  return jobs.create(server, number, { ...plain, ...marks });
}

/** Takes all jobs of a queue that are ready, in order, as numbers. */
function drain(jobs: Jobs, printer = 0): number[] {
  const numbers: number[] = [];
  for (let job = jobs.firstReady(printer); job !== NONE; job = jobs.firstReady(printer)) {
    jobs.take(job);
    numbers.push(jobs.number[job]);
  }
  return numbers;
}

test("a queue is served by priority, the highest first, and then by number", () => {
  const jobs = new Jobs(1, 1, 8);
  for (const [number, priority] of [
    [1, 1],
    [2, 50],
    [3, 1],
    [4, 99],
    [5, 50],
  ]) {
    jobs.enqueue(create(jobs, number, { priority }));
  }
  assert.deepEqual(drain(jobs), [4, 2, 5, 1, 3]);
});

test("any order of joining, leaving and changing gives the order of a sort", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.nat(30))), (steps) => {
      const jobs = new Jobs(1, 1, 2);
      const waiting: number[] = [];
      steps.forEach(([what, priority, which], i) => {
        if (what < 3 || waiting.length === 0) {
          const job = create(jobs, 100 - i, { priority });
          jobs.enqueue(job);
          waiting.push(job);
        } else if (what === 3) {
          jobs.setPriority(waiting[which % waiting.length], priority);
        } else {
          jobs.remove(waiting.splice(which % waiting.length, 1)[0], clock);
        }
      });
      const sorted = waiting.sort((a, b) => jobs.priority[b] - jobs.priority[a] || jobs.number[a] - jobs.number[b]);
      assert.equal(jobs.listed[0], waiting.length);
      assert.deepEqual(
        drain(jobs),
        sorted.map((job) => jobs.number[job]),
      );
      assert.equal(jobs.listed[0], 0);
    }),
    { seed: 223863, numRuns: 200 },
  );
});

test("paused jobs are skipped and keep their position", () => {
  const jobs = new Jobs(1, 1, 4);
  const [first, second] = [1, 2].map((number) => create(jobs, number));
  jobs.enqueue(first);
  jobs.enqueue(second);
  jobs.paused[first] = 1;
  assert.equal(jobs.firstReady(0), second);
  jobs.paused[second] = 1;
  assert.equal(jobs.firstReady(0), NONE);
  jobs.paused[first] = 0;
  assert.equal(jobs.firstReady(0), first);
});

test("a parked job is listed but not picked until it returns to its old position in the queue", () => {
  const jobs = new Jobs(1, 1, 4);
  const [first, second] = [1, 2].map((number) => create(jobs, number));
  jobs.enqueue(first);
  jobs.enqueue(second);
  jobs.refer(first);
  jobs.refer(second);
  jobs.park(first);
  assert.deepEqual([jobs.state[first], jobs.parked[0], jobs.listed[0], jobs.firstReady(0)], [PARKED, 1, 2, second]);
  jobs.waitAgain(first);
  jobs.queue(0);
  assert.deepEqual([jobs.state[first], jobs.parked[0], jobs.listed[0], jobs.firstReady(0)], [WAITING, 0, 2, first]);
  jobs.park(second);
  jobs.remove(second, clock);
  assert.deepEqual([jobs.parked[0], jobs.listed[0], jobs.existing[0]], [0, 1, 1]);
});

test("parked jobs take no slots, and wait again with their marks when their process ends", () => {
  const jobs = new Jobs(2, 2, 2);
  const reals = (number: number) => Float64Array.from([100, 1, 7, 0.5, 2, 3, 4, 0], (mark) => mark * number);
  const episodeOf = (number: number) => (number % 3 === 0 ? number % 8 : 0);
  for (let number = 1; number <= 4000; number++) {
    const whole = { dataType: number % 3, printer: number % 2, priority: number % 100, episode: episodeOf(number) };
    const marks = { ...whole, reals: reals(number) };
    const job = create(jobs, number, marks, number % 4 === 0 ? 1 : 0);
    jobs.fate[job] = number % 16;
    jobs.enqueue(job);
    jobs.starve(job, clock);
    jobs.park(job);
  }
  assert.equal(jobs.capacity, 2, "a slot for each would need 4096");
  assert.deepEqual([...jobs.parked, ...jobs.existing, ...jobs.stuck], [3000, 1000, 3000, 1000, 3000, 1000]);
  assert.deepEqual([...jobs.listed], [1000, 2000, 1000, 0]);
  for (const server of [1, 0]) {
    jobs.queue(server);
    assert.deepEqual(
      [jobs.parked[server], jobs.existing[server], jobs.parked[0]],
      [0, server === 1 ? 1000 : 3000, 3000 * server],
    );
    const seen: number[] = [];
    for (const printer of [2 * server, 2 * server + 1]) {
      let last = [Infinity, 0];
      for (let job = jobs.firstReady(printer); job !== NONE; job = jobs.firstReady(printer)) {
        const [number, priority] = [jobs.number[job], jobs.priority[job]];
        assert.ok(priority < last[0] || (priority === last[0] && number > last[1]));
        last = [priority, number];
        assert.deepEqual(
          [jobs.dataType[job], jobs.printer[job] % 2, priority, jobs.fate[job], jobs.episode[job], jobs.starved[job]],
          [number % 3, number % 2, number % 100, number % 16, episodeOf(number), 1],
        );
        assert.deepEqual(
          [BYTES, UNWINDING, COMPLAIN_US].map((mark) => jobs.reals[realAt(job, mark)]),
          [100 * number, number, 7 * number],
        );
        if (episodeOf(number) > 0) {
          assert.deepEqual(
            [ALTER_POSITION, THINK_US, STAY1_US].map((mark) => jobs.reals[realAt(job, mark)]),
            [0.5 * number, 2 * number, 4 * number],
          );
        }
        seen.push(number);
        jobs.take(job);
        jobs.remove(job, clock);
      }
    }
    assert.equal(new Set(seen).size, server === 1 ? 1000 : 3000);
  }
  assert.deepEqual([...jobs.existing, ...jobs.stuck, ...jobs.listed], [0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a parked job keeps its slot if an event refers to it or its commands may have come already", () => {
  const jobs = new Jobs(1, 1, 4);
  const [altered, referred] = [create(jobs, 1, { episode: 1 }), create(jobs, 2)];
  jobs.attempts[altered] = 1;
  jobs.refer(referred);
  for (const job of [altered, referred]) {
    jobs.enqueue(job);
    jobs.park(job);
    assert.equal(jobs.state[job], PARKED);
  }
});

test("everything that waits on a server is queued again by priority and number, and other servers are not", () => {
  const jobs = new Jobs(2, 2, 16);
  const created = [5, 3, 9, 1, 7].map((number) => create(jobs, number, { priority: number === 9 ? 99 : 1 }));
  const elsewhere = create(jobs, 2, {}, 1);
  for (const job of [...created, elsewhere]) jobs.enqueue(job);
  for (const job of created.slice(1)) jobs.refer(job);
  for (const job of created.slice(1)) jobs.park(job);
  for (const job of created.slice(1)) jobs.waitAgain(job);
  jobs.queue(0);
  assert.deepEqual(drain(jobs), [9, 1, 3, 5, 7]);
  assert.equal(jobs.firstReady(2), elsewhere);
  assert.equal(jobs.listed[0], 0);
});

test("the priority of a job that is not waiting changes without touching a queue", () => {
  const jobs = new Jobs(1, 1, 4);
  const job = create(jobs, 1);
  jobs.enqueue(job);
  jobs.take(job);
  jobs.setPriority(job, 99);
  assert.deepEqual([jobs.state[job], jobs.priority[job], jobs.firstReady(0)], [PRINTING, 99, NONE]);
  jobs.state[job] = FINISHING;
  jobs.enqueue(create(jobs, 2, { priority: 50 }));
  jobs.enqueue(job);
  assert.deepEqual(drain(jobs), [1, 2]);
});

test("a slot is reused only when its job is gone and no event refers to it", () => {
  const jobs = new Jobs(1, 1, 1);
  const job = create(jobs, 1);
  jobs.refer(job);
  jobs.refer(job);
  jobs.remove(job, clock);
  assert.deepEqual([jobs.state[job], jobs.existing[0]], [GONE, 0]);
  const second = create(jobs, 2);
  assert.notEqual(second, job);
  jobs.release(job);
  assert.notEqual(create(jobs, 3), job);
  jobs.release(job);
  assert.equal(create(jobs, 4), job);
});

test("an event handled before its job is gone frees nothing", () => {
  const jobs = new Jobs(1, 1, 1);
  const job = create(jobs, 1);
  jobs.refer(job);
  jobs.release(job);
  assert.notEqual(create(jobs, 2), job);
  jobs.remove(job, clock);
  assert.equal(create(jobs, 3), job);
});

test("a reused slot keeps nothing of its last job", () => {
  const jobs = new Jobs(1, 1, 1);
  const job = create(jobs, 1);
  const flags = [jobs.paused, jobs.deleting, jobs.restarting, jobs.restarted, jobs.attempts];
  for (const flag of flags) flag[job] = 1;
  jobs.instance[job] = 7;
  jobs.requested[2 * job + 1] = 1;
  jobs.within[2 * job] = 7;
  jobs.remove(job, clock);
  assert.equal(create(jobs, 2, { reals: Float64Array.of(1, 1, NaN, 0, 1, 5, 6) }), job);
  assert.deepEqual(
    flags.map((flag) => flag[job]),
    [0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    [jobs.instance[job], ...jobs.requested, ...jobs.within, ...jobs.reals.slice(5, 7)],
    [NONE, 0, 0, NONE, NONE, 5, 6],
  );
});

test("a slice that needs more slots doubles them and keeps the order", () => {
  const jobs = new Jobs(2, 2, 2);
  const created = Array.from({ length: 9 }, (_, i) => create(jobs, i + 1, { priority: i, printer: i % 2 }, i % 2));
  created.forEach((job) => jobs.enqueue(job));
  assert.equal(jobs.capacity, 16);
  assert.equal(new Set(created).size, 9);
  created.forEach((job, i) => {
    const { number, priority, server, printer } = jobs;
    assert.deepEqual([number[job], priority[job], server[job], printer[job]], [i + 1, i, i % 2, 3 * (i % 2)]);
    assert.deepEqual([jobs.reals[realAt(job, 5)], jobs.reals[realAt(job, 6)], jobs.instance[job]], [1, 2, NONE]);
  });
  assert.deepEqual([...jobs.existing], [5, 4]);
  assert.deepEqual(
    [0, 1, 2, 3].map((printer) => drain(jobs, printer)),
    [[9, 7, 5, 3, 1], [], [], [8, 6, 4, 2]],
  );
});

test("a job is stuck from its first starvation until it is gone, and counts once however often it starves", () => {
  const jobs = new Jobs(2, 1, 8);
  const [first, second, other] = [create(jobs, 1), create(jobs, 2), create(jobs, 1, {}, 1)];
  for (const job of [first, second, other]) jobs.enqueue(job);
  jobs.starve(first, { now: 100 });
  jobs.starve(second, { now: 150 });
  jobs.starve(first, { now: 170 });
  assert.equal(jobs.stuck[0], 2);
  assert.equal(jobs.stuckUs(0, 200), 100 + 50);
  jobs.remove(first, { now: 300 });
  jobs.remove(other, { now: 350 });
  assert.equal(jobs.stuck[0], 1);
  assert.equal(jobs.stuckUs(0, 1000), 200 + 850);
  assert.equal(jobs.stuckUs(1, 1000), 0, "a job that never starved is not stuck");
});
