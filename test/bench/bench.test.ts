/**
 * Every benchmark does its work, at its small size, and computes what it always did.
 *
 * A digest that moves here says that the same workload came to other events: a published number moved, or a bug was
 * made.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  comparisonText,
  measure,
  limitsText,
  peersText,
  ratios,
  summarize,
  tableText,
  type Measurement,
  type Report,
  type Workload,
} from "../../bench/harness.ts";
import { workloads } from "../../bench/workloads.ts";
import { runYardstick, yardsticksHere } from "../../bench/yardsticks.ts";

const expected: Readonly<Record<string, string>> = {
  "W1 hold, 1024 pending": "20317 x1729e390296209ee",
  "W1 hold, 10000 pending": "20264 x1e62790d8d65f7a7",
  "W1 hold, 1000000 pending": "20264 x9031a3b71cfd4f50",
  "W2 mm1": "2176772 xd62c85981e265660",
  "W3 guard fleet, 1000 servers": "71549 xcb8fd6b9a3e49d9f",
  "W3 guard fleet, 10000 servers": "13988 xe9af4077949d321c",
  "W3 guard fleet, 10000 servers, a barrier a minute": "13988 xe9af4077949d321c",
  "W4 print servers, office": "51609 x4076b7ac1b61d832",
  "W4 print servers, office, sampled every hour": "51609 x4076b7ac1b61d832",
  "W4 print servers, office, without a digest": "51609 xe2f916b52fef5c8f",
  "W4 print servers, mainframe": "54709 x218d6091610646e7",
  "W5 DEVStone, LI": "82 x096935c3ac12f784",
  "W5 DEVStone, HI": "406 x4b68bacd01a6c691",
  "W5 DEVStone, HO": "406 x4b68bacd01a6c691",
  "W5 DEVStone, HOmod": "18712 x8209c253329fa2bd",
  "lanes, 8 pending": "5000 x7424ec6b300abb60",
  "heap, 8 pending": "5000 x7424ec6b300abb60",
  "heap, 1024 pending": "2000 x5535600b1458bdb2",
  "calendar, 1024 pending": "2000 x5535600b1458bdb2",
  "sorted list, 8 pending": "5000 x7424ec6b300abb60",
  "sorted list, 1024 pending": "2000 x5535600b1458bdb2",
  "uniform draw": "10000 x40b3a615ea9084b5",
  "exponential draw": "10000 x40c3bf3e203ef138",
  "lognormal draw": "10000 x40c640c04b465370",
  "opening a stream": "200 x40590dcf54156356",
};

for (const workload of workloads) {
  test(`${workload.name}: the small size handles the pinned number of events`, () => {
    const { events, digest } = workload.begin(workload.sizes.small).run();
    assert.equal(`${events} ${digest}`, expected[workload.name]);
  });
}

test("exactly the workloads are pinned", () => {
  assert.deepEqual(
    workloads.map(({ name }) => name),
    Object.keys(expected),
  );
});

test("a C program of the same work handles the same number of events, or is reported as missing", async () => {
  const smaller: Readonly<Record<string, readonly string[]>> = {
    "W1 hold, 1024 pending": ["hold", "1024", "20000"],
    "W2 mm1": ["mm1", "1209600"],
    "W3 guard fleet, 1000 servers": ["guard-fleet", "10", "180000"],
    "W3 guard fleet, 10000 servers, a barrier a minute": ["guard-fleet-windows", "20", "18000"],
  };
  // The free programs are only compiled.
  const { found, missing } = await yardsticksHere(Object.keys(smaller), ["same work", "free"]);
  const same = found.filter(({ kind }) => kind === "same work");
  if (same.length === 0) return assert.match(missing.join(), /no compiler named cc/);
  for (const [workload, words] of Object.entries(smaller)) {
    const { events, check } = await runYardstick({ ...same[0], arguments: words });
    assert.equal(`${events} ${check}`, expected[workload], workload);
  }
});

/** Says what it was given, run after run. */
function saying(...digests: string[]): Workload {
  const run = () => ({ events: 1000, digest: digests.length > 1 ? digests.shift()! : digests[0] });
  const begin = () => ({ run, entities: 1 });
  const sizes = { small: 1, large: 1 };
  return { name: "fake", meaning: "does nothing", sizes, unit: "nothings", entity: "it", begin };
}

test("a workload is timed as often as requested and reports its result", () => {
  const { seconds, bytesPerEntity, ...result } = measure(saying("a"), 7, 3);
  assert.deepEqual(result, { name: "fake", size: 7, unit: "nothings", events: 1000, digest: "a", entity: "it" });
  assert.ok(bytesPerEntity >= 0);
  assert.ok(seconds.length >= 3 && seconds.every((second) => second > 0), String(seconds));
});

test("the memory of an entity is what its task still holds after the work", () => {
  const begin = (size: number) => {
    const held: Float64Array[] = [];
    const run = () => {
      for (let i = 0; i < size; i++) held.push(new Float64Array(128));
      return { events: held.length, digest: "a" };
    };
    return { run, entities: size };
  };
  // Enough events that the memory of compiled code, which V8 frees at will, hardly matters.
  const { bytesPerEntity } = measure({ ...saying("a"), begin }, 20_000, 1);
  assert.ok(bytesPerEntity > 1024 && bytesPerEntity < 1424, String(bytesPerEntity));
});

test("a workload that is not reproducible is refused", () => {
  assert.throws(() => measure(saying("a", "a", "b"), 1, 3), /came to 1000 events of digest a, and then to .* b;/);
});

test("a workload that throws is not timed", () => {
  const workload: Workload = { ...saying("a"), begin: () => ({ run: () => assert.fail("broken"), entities: 1 }) };
  assert.throws(() => measure(workload, 1, 3), /broken/);
});

const measurement: Measurement = {
  name: "fake",
  size: 1,
  unit: "nothings",
  events: 1000,
  digest: "a",
  seconds: [3, 1],
  entity: "it",
  bytesPerEntity: 12.34,
};

test("rounds are combined: median, and interquartile range as a share of it", () => {
  const summary = summarize([measurement, { ...measurement, seconds: [2, 5, 4] }]);
  assert.deepEqual(summary.seconds, [1, 2, 3, 4, 5]);
  assert.equal(summary.eventsPerSecond, 1000 / 3);
  assert.equal(summary.nsPerEvent, 3e6);
  assert.equal(summary.spread, 2 / 3);
  assert.equal(summarize([measurement]).nsPerEvent, 2e6);
});

test("rounds that computed different things are not combined", () => {
  assert.throws(() => summarize([measurement, { ...measurement, digest: "b" }]), / a in one process and .* b in an/);
});

test("the table has a row for each workload", () => {
  const text = tableText([summarize([{ ...measurement, seconds: [0.001] }])]);
  assert.equal(
    text,
    [
      "workload  events  M events/s  ns/event  spread   memory  digest",
      "fake        1000        1.00    1000.0   0.0 %  12 B/it       a",
    ].join("\n"),
  );
});

const theirRuns = [
  { events: 1000, seconds: 100, check: "a" },
  { events: 1000, seconds: 50 / 3, check: "a" },
  { events: 1000, seconds: 50, check: "a" },
];
const ours = summarize([measurement]);

test("a yardstick is shown next to its workload, median by median", () => {
  const yardstick = { workload: "fake", kind: "peer", name: "theirs" } as const;
  const rows = ratios([ours], [{ yardstick, runs: theirRuns }]);
  assert.deepEqual(rows, [{ workload: "fake", kind: "peer", yardstick: "theirs", eventsPerSecond: 20, ratio: 25 }]);
  assert.equal(
    peersText(rows),
    ["workload  peer    M events/s  ours / theirs", "fake      theirs       0.000             25"].join("\n"),
  );
});

test("our workload, the same work elsewhere and free C are in one row", () => {
  const of = (kind: "same work" | "free", seconds: number) => ({
    yardstick: { workload: "fake", kind, name: "C" },
    runs: [{ events: 1000, seconds, check: "a" }],
  });
  const rows = ratios([summarize([{ ...measurement, seconds: [4e-4] }])], [of("same work", 2e-4), of("free", 1e-4)]);
  assert.equal(
    limitsText([summarize([{ ...measurement, seconds: [4e-4] }])], rows),
    [
      "M events/s  ours  C, same work  free C  ours / same work  ours / free",
      "fake         2.5           5.0    10.0              0.50         0.25",
    ].join("\n"),
  );
});

test("a yardstick that claims the same work and computes something else is refused", () => {
  const yardstick = { workload: "fake", kind: "same work", name: "C" } as const;
  const runs = [{ events: 1000, seconds: 1, check: "b" }];
  assert.throws(
    () => ratios([ours], [{ yardstick, runs }]),
    /fake came to 1000 events of digest a; C to 1000 events of b/,
  );
});

test("two reports are compared workload by workload, and different computations are reported", () => {
  const report = (seconds: number, digest: string): Report => {
    const workloads = [summarize([{ ...measurement, seconds: [seconds], digest }])];
    return { cpu: "a cpu", node: "v20", v8: "11", version: "0.1.0", commit: "abc", workloads, yardsticks: [] };
  };
  assert.equal(
    comparisonText(report(1e-6, "a"), report(2e-6, "b")),
    [
      "beside commit abc on a cpu, Node v20",
      "workload  ns then  ns now  speed now / then",
      "fake          2.0     1.0              2.00  computes something else",
    ].join("\n"),
  );
});

test("the bench announces which yardsticks are missing, how long it will take and which measurement it makes", async () => {
  const main = fileURLToPath(new URL("../../bench/main.js", import.meta.url));
  const bench = spawn(process.execPath, [main, "DEVStone, LI", "--rounds", "1"], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, XDEVS: "", PYTHONNOUSERSITE: "1" },
  });
  let output = "";
  bench.stdout.on("data", (piece) => (output += String(piece)));
  let text = "";
  for await (const piece of bench.stderr) {
    text += String(piece);
    if (text.includes("1/")) break;
  }
  // With the process that measures.
  process.kill(-bench.pid!);
  await once(bench, "close");
  assert.match(output, /^xDEVS is left out: XDEVS names no copy of its repository /m);
  assert.match(text, /^\d+ measurements, about \d+ min\n\n1\/\d+ W5 DEVStone, LI\n/);
});
