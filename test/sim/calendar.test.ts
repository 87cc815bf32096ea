/** The calendar passes the suite of the contract, few events or many, and stays quick on what calendars find hard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Calendar } from "../../sim/calendar.ts";
import type { EventList } from "../../sim/event-list.ts";
import { QuaternaryHeap } from "../../sim/quaternary-heap.ts";
import { delayLaws, eventListCases, wholeNumbers } from "../cases/event-list.ts";

eventListCases("calendar", () => new Calendar());

const growths = Object.entries(delayLaws).flatMap(([law, draw]) =>
  [256, 8192].map((daysOfYearMax) => ({ law, draw, daysOfYearMax })),
);
for (const { law, draw, daysOfYearMax } of growths) {
  const name = `calendar of years of up to ${daysOfYearMax} days, delays ${law}`;
  test(`${name}: grows to 30,000 events and shrinks to none in the order of the heap`, () => {
    const below = wholeNumbers(11);
    const list = new Calendar(daysOfYearMax);
    const judge = new QuaternaryHeap();
    let pops = 0;
    const pop = () => {
      assert.equal(list.pop(Infinity), judge.pop(Infinity));
      const tell = ({ time, kind, subject, object }: EventList) => `${time} ${kind} ${subject} ${object}`;
      const [got, want] = [tell(list), tell(judge)];
      if (got !== want) assert.fail(`pop ${pops} gives ${got}, not ${want}`);
      if (++pops % 16 === 0) assert.equal(list.nextTime, judge.nextTime);
    };
    // Two pushes for every pop, then two pops for every push.
    for (let i = 0; i < 90_000; i++) {
      const isPop = i % 3 === 2 ? i < 45_000 : i >= 45_000;
      if (isPop) {
        if (judge.size > 0) pop();
        continue;
      }
      const time = judge.time + draw(below);
      const [kind, subject] = [below(3), below(1000)];
      list.push(time, kind, subject, i);
      judge.push(time, kind, subject, i);
    }
    while (judge.size > 0) pop();
    assert.equal(list.size, 0);
    assert.equal(list.pop(Infinity), false);
  });
}

test("calendar: a window ends at its limit, even between two days far apart", () => {
  const list = new Calendar();
  for (let i = 0; i < 1000; i++) list.push(i * 1e9, 0, i, 0);
  for (let i = 0; i < 1000; i++) {
    assert.equal(list.pop(i * 1e9), false);
    assert.equal(list.pop(i * 1e9 + 1), true);
    assert.equal(list.subject, i);
    // What is pushed behind the frontier of the window is popped first.
    list.push(i * 1e9 + 1, 0, -1, 0);
    assert.equal(list.pop(i * 1e9 + 2), true);
    assert.equal(list.subject, -1);
  }
});

test("calendar: a subject beyond 2^24 does not fit in a tag and is refused", () => {
  const list = new Calendar();
  assert.throws(() => list.push(1, 0, 16777216, 0), /an event of subject 16777216; .* 0 to 16777215/);
});

test("calendar: a year that begins between pages with events is not skipped", { timeout: 20_000 }, () => {
  const list = new Calendar();
  // An event a millisecond makes days of 1.5 ms; one is among the last of the first year, and all others in the fourth.
  const times = Array.from({ length: 400 }, (_, i) => 1000 * i);
  times.push(1_515_000);
  for (let i = 0; i < 1600; i++) times.push(4_610_000 + 700 * i);
  for (const time of times) list.push(time, 0, 0, 0);
  for (const time of times) {
    assert.equal(list.pop(Infinity), true);
    assert.equal(list.time, time);
  }
});
