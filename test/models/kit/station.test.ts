/** A station against Erlang-A, Cobham and preemptive classes, and customer by customer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assembleModel } from "../../../models/kit/assemble-model.ts";
import { count, mean, total } from "../../../models/kit/measures.ts";
import { Station } from "../../../models/kit/station.ts";
import { Timer } from "../../../models/kit/timer.ts";
import { Simulation, type Schedule } from "../../../sim/simulation.ts";
import { openStreams, type Law } from "../../../sim/streams.ts";
import { exponentials } from "../../../sim/variates.ts";
import { assertAgrees, assertSliceInvariant } from "../print-servers/against-theory.ts";

/** M/M/2 + M: 1.5 customers a second, services of 1 s, patience of 2 s. */
const impatient = assembleModel({
  name: "impatient",
  meaning: "Erlang-A",
  parameters: {},
  parts: (_values, kit) => ({
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, 1e6 / 1.5),
    station: kit.station({
      capacity: 2,
      service: kit.timer("DEPARTURE", "services", exponentials, 1e6),
      patience: kit.timer("RENEGE", "patience", exponentials, 2e6),
    }),
  }),
  start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
  on: {
    DEPARTURE: ({ station }, server, schedule, channel) => station.depart(server, schedule, channel),
    RENEGE: ({ station }, server, schedule, ticket) => station.renege(server, schedule, ticket),
    ARRIVAL({ gaps, station }, server, schedule) {
      gaps.start(server, schedule);
      station.arrive(server, schedule);
    },
  },
  responses: ({ station }) => ({
    arrived: count("customers", station.arrived),
    reneged: count("customers who reneged", station.reneged),
    waitingUs: total("us", "waits of all", station.waitingUs),
  }),
  means: {
    renegedShare: mean("1", "reneged", "arrived", "share that reneges"),
    waitingUsMean: mean("us", "waitingUs", "arrived", "mean wait"),
  },
  /** The birth-death process: deaths at the rate min(n, 2) + (n - 2)+ / 2. */
  closedForm(_values, name) {
    let [weight, sum, line] = [1, 1, 0];
    for (let n = 1; n < 200; n++) {
      weight *= 1.5 / (Math.min(n, 2) + Math.max(0, n - 2) / 2);
      sum += weight;
      line += Math.max(0, n - 2) * weight;
    }
    const waitSeconds = line / sum / 1.5;
    return name === "renegedShare" ? waitSeconds / 2 : name === "waitingUsMean" ? waitSeconds * 1e6 : undefined;
  },
});

test("the share that reneges and the mean wait of all are those of Erlang-A", () => {
  assertAgrees(impatient, {}, 0.3, ["renegedShare", "waitingUsMean"]);
});

test("a station is the same alone and next to others", () => assertSliceInvariant(impatient, {}, 0.02));

/** Two classes of 0.3 and 0.4 customers a second, services of 1 s. */
function classes(preemptive: boolean, closedForms: Readonly<Record<string, number>>) {
  return assembleModel({
    name: "classes",
    meaning: "M/M/1 with two classes",
    parameters: {},
    parts: (_values, kit) => ({
      urgent: kit.timer("URGENT", "urgent", exponentials, 1e6 / 0.3),
      normal: kit.timer("NORMAL", "normal", exponentials, 1e6 / 0.4),
      station: kit.station({
        service: kit.timer("DEPARTURE", "services", exponentials, 1e6),
        classes: 2,
        preemptive,
      }),
    }),
    start({ urgent, normal }, server, schedule) {
      urgent.start(server, schedule);
      normal.start(server, schedule);
    },
    on: {
      DEPARTURE: ({ station }, server, schedule, channel) => station.depart(server, schedule, channel),
      URGENT({ urgent, station }, server, schedule) {
        urgent.start(server, schedule);
        station.arrive(server, schedule, 0);
      },
      NORMAL({ normal, station }, server, schedule) {
        normal.start(server, schedule);
        station.arrive(server, schedule, 1);
      },
    },
    responses: ({ station: { byClass, served, interrupted } }) => ({
      served: count("customers served", served),
      interrupted: count("services interrupted", interrupted),
      urgentStarted: count("urgent services", byClass[0].started),
      urgentWaitUs: total("us", "urgent waits", byClass[0].waitUs),
      normalStarted: count("normal services", byClass[1].started),
      normalWaitUs: total("us", "normal waits", byClass[1].waitUs),
      urgentServed: count("urgent customers served", byClass[0].served),
      urgentSojournUs: total("us", "urgent times", byClass[0].sojournUs),
      normalServed: count("normal customers served", byClass[1].served),
      normalSojournUs: total("us", "normal times", byClass[1].sojournUs),
    }),
    means: {
      urgentWait: mean("us", "urgentWaitUs", "urgentStarted", "urgent wait"),
      normalWait: mean("us", "normalWaitUs", "normalStarted", "normal wait"),
      urgentSojourn: mean("us", "urgentSojournUs", "urgentServed", "urgent time"),
      normalSojourn: mean("us", "normalSojournUs", "normalServed", "normal time"),
    },
    closedForm: (_values, name) => closedForms[name],
  });
}

test("waits of two classes are Cobham's: R / (1 - 0.3) and R / ((1 - 0.3) (1 - 0.7)), R = 0.7 s", () => {
  const waits = { urgentWait: 1e6, normalWait: 0.7e6 / 0.7 / 0.3 };
  assertAgrees(classes(false, waits), {}, 1, ["urgentWait", "normalWait"], 0.05);
});

test("a preemptive class is not delayed by the other, whose time is 1 / 0.7 + 0.7 / (0.7 0.3) s", () => {
  const times = { urgentSojourn: 1e6 / 0.7, normalSojourn: 1e6 / 0.7 + 0.7e6 / (0.7 * 0.3) };
  assertAgrees(classes(true, times), {}, 1, ["urgentSojourn", "normalSojourn"], 0.05);
});

const constant: Law = (numbers, from, to) => void numbers.fill(1, from, to);

/** A station of 2 channels with services of 10 us, and what is done to it at which time; times of departures. */
function course(
  more: object,
  ...steps: readonly [time: number, act: (station: Station, schedule: Schedule) => void][]
) {
  const open = openStreams("station");
  const patience = new Timer(1, open("patience", constant), 5);
  const station = new Station(1, {
    service: new Timer(0, open("services", constant), 10),
    capacity: 2,
    ...more,
    ...("room" in more ? {} : { patience }),
  });
  const departures: number[] = [];
  const simulation = new Simulation({
    start: (schedule) => steps.forEach(([time], i) => schedule.after(time, 2, 0, i)),
    handle(kind, _server, object, schedule) {
      const before = station.served[0];
      if (kind === 0) station.depart(0, schedule, object);
      else if (kind === 1) station.renege(0, schedule, object);
      else steps[object][1](station, schedule);
      if (station.served[0] > before) departures.push(schedule.now);
    },
  });
  simulation.run(1000);
  station.observe(simulation.now);
  station.check();
  return { station, departures };
}

const arrive =
  (ofClass = 0) =>
  (station: Station, schedule: Schedule) =>
    station.arrive(0, schedule, ofClass);

test("a customer reneges only while waiting: patience that ends during service has no effect", () => {
  const { station, departures } = course({}, [0, arrive()], [4, arrive()], [6, arrive()], [7, arrive()], [8, arrive()]);
  // The third waits from 6 to 10, the fourth until 12. At 14 the second leaves, too late for the fifth.
  assert.deepEqual(departures, [10, 14, 20]);
  assert.deepEqual([station.reneged[0], station.waitUs[0], station.waitingUs[0]], [2, 4, 14]);
});

test("a customer who finds the waiting room full is lost", () => {
  const { station, departures } = course({ room: 1 }, [0, arrive()], [0, arrive()], [1, arrive()], [2, arrive()]);
  assert.deepEqual(departures, [10, 10, 20]);
  assert.deepEqual([station.lost[0], station.delayed[0]], [1, 1]);
});

test("a station with fewer channels finishes its services, and one with more calls the next customers", () => {
  const resize = (capacity: number) => (station: Station, schedule: Schedule) => station.resize(0, schedule, capacity);
  const come = [0, 0, 0, 0].map((time): [number, ReturnType<typeof arrive>] => [time, arrive()]);
  const { departures } = course({ room: 9 }, ...come, [5, resize(0)], [50, resize(2)]);
  assert.deepEqual(departures, [10, 10, 60, 60]);
});

test("a higher class preempts the customer that would finish last, which later resumes where it stopped", () => {
  const preemptive = { room: 9, classes: 3, preemptive: true };
  const { station, departures } = course(preemptive, [0, arrive(2)], [4, arrive(2)], [6, arrive(1)], [7, arrive(2)]);
  // At 6 the second has 8 left; it goes on at 10, before the one that came at 7.
  assert.deepEqual(departures, [10, 16, 18, 26]);
  // It is interrupted for 4, which is no wait before a service.
  const { interrupted, started, waitUs, waitingUs } = station;
  assert.deepEqual([interrupted[0], started[0], waitUs[0], waitingUs[0]], [1, 4, 9, 13]);
});

test("an interrupted customer waits although there is no room, and longer until the interruption ends", () => {
  const preemptive = { capacity: 1, room: 0, classes: 2, preemptive: true };
  const observe = (station: Station, { now }: Schedule) => {
    station.observe(now);
    seen.push([station.waiting[0], station.waitingUs[0]]);
  };
  const seen: number[][] = [];
  const { departures } = course(preemptive, [0, arrive(1)], [4, arrive(0)], [9, observe], [15, observe]);
  assert.deepEqual(departures, [14, 20]);
  assert.deepEqual(seen, [
    [1, 5],
    [0, 10],
  ]);
});

test("invalid options are refused", () => {
  const service = new Timer(0, openStreams("station")("services", constant), 10);
  assert.throws(() => new Station(1, { service, capacity: 0 }), /the capacity of a station is 0; it is whole and >= 1/);
  assert.throws(
    () => new Station(1, { service, classes: 1.5 }),
    /a station has 1.5 classes; it has a whole number >= 1/,
  );
  assert.throws(
    () => new Station(1, { service, room: -1 }),
    /the waiting room of a station holds -1 customers; it holds >= 0/,
  );
  const misspelt = { service, capcity: 3 };
  assert.throws(() => new Station(1, misspelt), /a station has no option "capcity"; it has service, capacity/);
  // @ts-expect-error: the compiler says it first
  assert.throws(() => new Station(1, {}), /the service of a station is undefined; it is a timer/);
  // @ts-expect-error: the compiler says it first
  assert.throws(() => new Station(1, { service, patience: 5 }), /the patience of a station is 5; it is a timer/);
});
