/**
 * Streams: seedrandom's published numbers, our columns bit by bit beside the library's objects, and what neighbours
 * must not share.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import seedrandom from "seedrandom";
import { openStreams, Stream, streamName } from "../../sim/streams.ts";

test("seedrandom gives the numbers published in its README", () => {
  const arc4 = seedrandom("hello.");
  assert.equal(arc4(), 0.9282578795792454);
  assert.equal(arc4(), 0.3752569768646784);
  const alea = seedrandom.alea("hello.");
  assert.equal(alea(), 0.4783254903741181);
  assert.equal(alea.double(), 0.8297006866124559);
  assert.equal(alea.int32(), 1076136327);
});

for (const count of [4, 300]) {
  test(`the numbers of ${count} streams are those of the library's alea seeded by their names, bit for bit`, () => {
    const stream = new Stream("Q223863", "jobs", 3, 10, count);
    const library = Array.from({ length: count }, (_, i) => seedrandom.alea(`${10 + i}.3.jobs.Q223863.`));
    for (let i = 0; i < 20_000; i++) {
      const subject = (i * 7) % count;
      assert.equal(stream.draw(subject), library[subject].double());
    }
  });
}

test("streams are the library's wherever a slice begins, for any number of digits and any letters of a seed", () => {
  for (const seed of ["Q223863", "", "é 🖨", "x".repeat(200)]) {
    for (const first of [0, 1, 7, 98, 996, 999_998]) {
      const stream = new Stream(seed, "jobs", 12, first, 7);
      for (const subject of [6, 2, 0, 3]) {
        const library = seedrandom.alea(`${first + subject}.12.jobs.${seed}.`);
        for (let i = 0; i < 40; i++) assert.equal(stream.draw(subject), library.double());
      }
    }
  }
});

test("a hundred thousand numbers from ten streams sum to one constant", () => {
  const open = openStreams("the one number", 0, { first: 0, count: 10 });
  const stream = open("sum");
  let sum = 0;
  for (let i = 0; i < 100_000; i++) sum += stream.draw(i % 10);
  assert.equal(sum, 50124.71972273092);
});

test("a random number is at least 0 and below 1, and has 53 bits", () => {
  const stream = new Stream("bits", "jobs", 0, 0, 1);
  let odd = 0;
  for (let i = 0; i < 10_000; i++) {
    const u = stream.draw(0);
    assert.ok(u >= 0 && u < 1);
    const scaled = u * 9007199254740992;
    assert.equal(scaled, Math.floor(scaled));
    odd += scaled % 2;
  }
  assert.ok(Math.abs(odd - 5000) < 300, `${odd} of 10,000 have the last of 53 bits set`);
});

test("every part of a name changes the stream: seed, purpose, server, replication", () => {
  const first = (...name: Parameters<typeof streamName>) => seedrandom.alea(streamName(...name)).double();
  const numbers = [
    first("1", "jobs", 0, 0),
    first("11", "jobs", 0, 0),
    first("2", "jobs", 0, 0),
    first("1", "control", 0, 0),
    first("1", "jobs", 1, 0),
    first("1", "jobs", 0, 1),
    first("1", "jobs", 11, 1),
    first("1", "jobs", 1, 11),
  ];
  assert.equal(new Set(numbers).size, numbers.length);
});

test("streams are those of server 0 of the first replication by default", () => {
  const alone = openStreams("42")("jobs").draw(0);
  assert.equal(alone, openStreams("42", 0, { first: 0, count: 1 })("jobs").draw(0));
  assert.notEqual(alone, openStreams("42", 1)("jobs").draw(0));
});

test("a purpose is a word and can be opened once", () => {
  const open = openStreams("1", 0, { first: 0, count: 1 });
  open("jobs");
  assert.throws(() => open("jobs"), /purpose "jobs" is opened twice/);
  assert.throws(() => open("Jobs.1"), /purpose is "Jobs.1"; a purpose is a word of small letters/);
});

/** First numbers of 20,000 streams that differ in one ingredient. */
const neighbours: Record<string, (i: number) => string> = {
  server: (i) => streamName("42", "jobs", i, 0),
  replication: (i) => streamName("42", "jobs", 7, i),
  seed: (i) => streamName(String(i), "jobs", 7, 0),
};

for (const [ingredient, name] of Object.entries(neighbours)) {
  test(`the first numbers of streams with neighbouring ${ingredient} are uniform and uncorrelated`, () => {
    const n = 20_000;
    const numbers = Array.from({ length: n }, (_, i) => {
      const alea = seedrandom.alea(name(i));
      return [alea.double(), alea.double()] as const;
    });
    // Chi-square over 100 cells, 99 degrees of freedom: 99.9 % lie below 148.2 and above 61.1 (tables of the
    // distribution).
    for (const draw of [0, 1] as const) {
      const cells = new Array<number>(100).fill(0);
      for (const pair of numbers) cells[Math.floor(pair[draw] * 100)]++;
      const chiSquare = cells.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
      assert.ok(chiSquare < 148.2 && chiSquare > 61.1, `chi-square of draw ${draw} is ${chiSquare}`);
    }
    // Correlations at lags 1, 2 and 10, and of the first two draws: sqrt(n) r is a standard normal; 4 is beyond 99.99
    // %.
    for (const lag of [1, 2, 10]) {
      const z =
        Math.sqrt(n - lag) *
        correlation(
          numbers.slice(lag).map((p) => p[0]),
          numbers.slice(0, n - lag).map((p) => p[0]),
        );
      assert.ok(Math.abs(z) < 4, `z of lag ${lag} is ${z}`);
    }
    // Steps: of three neighbours the middle lies half way, modulo 1 and within 0.001, by chance in 0.002 of all cases:
    // 40 of 20,000, with a standard deviation of 6.3. Alea of bare numbers gives thousands.
    const steps = numbers.slice(2).filter((pair, i) => {
      const bend = pair[0] - 2 * numbers[i + 1][0] + numbers[i][0];
      return Math.abs(bend - Math.round(bend)) < 0.001;
    }).length;
    assert.ok(steps < 70, `${steps} of ${n} first numbers lie at equal steps`);
    const z =
      Math.sqrt(n) *
      correlation(
        numbers.map((p) => p[0]),
        numbers.map((p) => p[1]),
      );
    assert.ok(Math.abs(z) < 4, `z of the first two draws is ${z}`);
  });
}

function correlation(x: readonly number[], y: readonly number[]): number {
  // Uniform numbers have mean 1/2 and variance 1/12.
  return x.reduce((sum, value, i) => sum + (value - 0.5) * (y[i] - 0.5), 0) / x.length / (1 / 12);
}
