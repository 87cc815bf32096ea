/** A script is read as it is meant, and whatever is wrong with it is said with its line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, linesOf, marksOf, scriptedJobs, scriptFault } from "../../../models/print-servers/script.ts";

const values = (script: string) => ({ jobScript: script, printers: 4, controlMsMedian: 30, thinkSecondsMean: 20 });

test("a text without lines has no scripted jobs", () => {
  assert.equal(scriptedJobs(values("")), undefined);
  assert.equal(scriptedJobs(values(" \n ;")), undefined);
});

test("words missing from a line have their defaults", () => {
  assert.deepEqual(scriptedJobs(values("seconds=0.25")), [
    {
      submittedAt: 250_000,
      dataType: "RAW",
      printer: 0,
      pages: 1,
      priority: 1,
      episode: null,
      alterPosition: 0.5,
      thinkUs: 20e6,
      staysUs: [30_000, 30_000],
      unwinding: 1,
      complainUs: null,
      whenStuck: null,
    },
  ]);
});

test("every key is read, and jobs come in order of time", () => {
  const script =
    "seconds=2 type=TEXT printer=3 pages=0 priority=50 alter=pauseResume fraction=0 thinkSeconds=1.5 " +
    "stayMs=0,1e3 unwinding=0.5 complaintSeconds=60 stuck=resubmit stuckSeconds=9; seconds=1.000001";
  const [first, second] = scriptedJobs(values(script))!;
  assert.equal(first.submittedAt, 1_000_001);
  assert.deepEqual(second, {
    submittedAt: 2e6,
    dataType: "TEXT",
    printer: 3,
    pages: 0,
    priority: 50,
    episode: "pauseResume",
    alterPosition: 0,
    thinkUs: 1.5e6,
    staysUs: [1, 1e6],
    unwinding: 0.5,
    complainUs: 60e6,
    whenStuck: { does: "resubmit", us: 9e6 },
  });
});

test("a line is encoded as marks and decoded back", () => {
  const line = "seconds=1 type=EMF alter=delete";
  assert.equal(lineOf(marksOf(line)), line);
  assert.equal(
    lineOf([
      ["seconds", 1],
      ["pages", NaN],
      ["type", undefined],
    ]),
    "seconds=1",
  );
  assert.deepEqual(linesOf(" a=1 \n\n b=2;c=3"), ["a=1", "b=2", "c=3"]);
});

for (const [script, fault] of [
  ["seconds=0; type=RAW", /^has in line 2 no seconds/],
  ["seconds=0 colour=red", /^has in line 1 the word "colour=red"; .* the keys are seconds, type/],
  ["seconds=0 RAW", /^has in line 1 the word "RAW"/],
  ["seconds=0 seconds=1", /^has in line 1 seconds twice/],
  ["seconds=-1", /^has in line 1 seconds=-1; it is a number in \[0, 1000000000\]/],
  ["seconds=", /^has in line 1 seconds=;/],
  ["seconds=0 pages=1.5", /pages=1.5; it is a whole number/],
  ["seconds=0 printer=4", /printer=4; it is a printer of the server, from 0/],
  ["seconds=0 fraction=1", /fraction=1; it is a number >= 0 and < 1/],
  ["seconds=0 alter=Delete", /alter=Delete; it is one of delete, pauseDelete/],
  ["seconds=0 stayMs=1,2,3", /stayMs=1,2,3; it is one or two numbers/],
  ["seconds=0 stayMs=1,x", /stayMs=1,x;/],
] as const) {
  test(`${script} is refused`, () => assert.match(scriptFault(values(script)) ?? "accepted", fault));
}
