/** The calendar passes the suite of the contract, few events or many, and stays quick on what calendars find hard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Calendar } from "../../sim/calendar.ts";
import type { EventList } from "../../sim/event-list.ts";
import { QuaternaryHeap } from "../../sim/quaternary-heap.ts";
import { delayLaws, eventListCases, wholeNumbers } from "../cases/event-list.ts";

eventListCases("calendar", () => new Calendar());

/** A calendar beside a heap that gets the same events: every pop must give the same event. */
class Judged {
  private readonly calendar: Calendar;
  private readonly judge = new QuaternaryHeap();
  private pushes = 0;
  private pops = 0;

  constructor(daysOfYearMax: number) {
    this.calendar = new Calendar(daysOfYearMax);
  }

  get time(): number {
    return this.judge.time;
  }

  get size(): number {
    return this.judge.size;
  }

  push(time: number, kind = 0, subject = 0): void {
    this.pushes++;
    this.calendar.push(time, kind, subject, this.pushes);
    this.judge.push(time, kind, subject, this.pushes);
  }

  pop(): void {
    const { calendar, judge } = this;
    assert.equal(calendar.pop(Infinity), judge.pop(Infinity));
    const line = ({ time, kind, subject, object }: EventList) => `${time} ${kind} ${subject} ${object}`;
    const [got, want] = [line(calendar), line(judge)];
    if (got !== want) assert.fail(`pop ${this.pops} gives ${got}, not ${want}`);
    if (++this.pops % 16 === 0) assert.equal(calendar.nextTime, judge.nextTime);
  }

  popAll(): void {
    while (this.judge.size > 0) this.pop();
    assert.equal(this.calendar.size, 0);
    assert.equal(this.calendar.pop(Infinity), false);
  }
}

const growths = Object.entries(delayLaws).flatMap(([law, draw]) =>
  [256, 8192].map((daysOfYearMax) => ({ law, draw, daysOfYearMax })),
);
for (const { law, draw, daysOfYearMax } of growths) {
  const name = `calendar of years of up to ${daysOfYearMax} days, delays ${law}`;
  test(`${name}: grows to 30,000 events and shrinks to none in the order of the heap`, () => {
    const below = wholeNumbers(11);
    const list = new Judged(daysOfYearMax);
    // Two pushes for every pop, then two pops for every push.
    for (let i = 0; i < 90_000; i++) {
      const isPop = i % 3 === 2 ? i < 45_000 : i >= 45_000;
      if (!isPop) list.push(list.time + draw(below), below(3), below(1000));
      else if (list.size > 0) list.pop();
    }
    list.popAll();
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
  const list = new Judged(1024);
  // An event a millisecond makes days of 1.5 ms; one is among the last of the first year, and all others in the fourth.
  for (let i = 0; i < 400; i++) list.push(1000 * i);
  list.push(1_515_000);
  for (let i = 0; i < 1600; i++) list.push(4_610_000 + 700 * i);
  list.popAll();
});

/** Ten events from which a calendar, once it has 65, concludes that a day should have 1,000 us. */
function pushFirst(list: Judged): void {
  for (let time = 0; time < 9; time++) list.push(time);
  list.push(6000);
}

/** `count` events from the middle of a day of 1,000 us on. */
function pushFrom(list: Judged, day: number, count: number, gapUs: number): void {
  for (let i = 0; i < count; i++) list.push(1000 * day + 500 + i * gapUs);
}

test("calendar: a year begins while events wait for full pages", () => {
  const list = new Judged(256);
  pushFirst(list);
  pushFrom(list, 300, 53, 0); // four are on a page, the others in the spill
  pushFrom(list, 600, 2, 100); // on the shelf of a later year, which is emptied before day 300
  pushFrom(list, 310, 240, 250); // on pages, as many as fit without a rebuild
  list.popAll();
});

test("calendar: crowds, gaps and pages that are just full, in 2,000 random scenarios", () => {
  for (let scenario = 1; scenario <= 2000; scenario++) {
    const below = wholeNumbers(scenario);
    const list = new Judged([256, 1024, 8192][scenario % 3]);
    pushFirst(list);
    for (let round = 0; round < 3; round++) {
      const day = Math.floor(list.time / 1000) + 20 + below(480);
      pushFrom(list, day, 30 + below(50), 0);
      pushFrom(list, day + below(600), below(4), 100);
      pushFrom(list, day + 5 + below(300), 100 + below(250), 250);
      for (let pops = [0, 0, 20, 200][below(4)]; pops > 0; pops--) {
        if (list.size > 0) list.pop();
      }
    }
    list.popAll();
  }
});
